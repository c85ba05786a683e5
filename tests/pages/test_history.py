from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.identity import EditDraft
from engine.core.views import RunView
from pages import _ui
from tests.pages.conftest import screen
from tests.seeded import Seeds


@pytest.fixture
def run(engine: Engine, seeds: Seeds) -> RunView:
    """Two people; the first was split, the new one named and merged again."""
    run = seeds.run(seeds.footage(), people=2, pictures=False)
    late = engine.answers.people(run.id)[0].presence[1].tracklet
    engine.identity.apply(EditDraft("split", run.id, "P1", tracklets=(late,)), "Kim")
    engine.identity.apply(EditDraft("rename", run.id, "P2", name="Mina <b>"), "")
    engine.identity.apply(EditDraft("merge", run.id, "P3", "P1"), "Lee")
    return run


def lines(page: AppTest) -> list[str]:
    bodies = [str(element.proto.body) for element in page.get("html")]
    return [body for body in bodies if body.startswith('<div class="sl-line ')]


def test_every_line_newest_first(engine: Engine, run: RunView) -> None:
    page = screen("history", footage=run.footage).run()
    assert not page.exception
    shown = lines(page)
    assert len(shown) == 3
    assert "P3 was merged into P1" in shown[0]
    assert "Lee · " in shown[0]
    assert "P2 was named “Mina &lt;b&gt;”" in shown[1]
    assert "nobody named" in shown[1]
    assert "taken from P1" in shown[2]
    assert all("stands" in line and "crops/seed/" in line for line in shown)
    watch = [link.proto for link in page.get("page_link") if link.proto.label.startswith("Watch")]
    assert len(watch) == 3
    assert "person=P1" in watch[0].query_string
    # Only the newest that stands can be taken back.
    assert [button.label for button in page.button] == ["Take this back"]


def test_taking_back_and_doing_again(engine: Engine, run: RunView) -> None:
    page = screen("history", footage=run.footage).run()
    page.button[0].click().run()
    shown = lines(page)
    assert "Taken back: P3 was merged into P1" in shown[0]
    assert "taken back" in shown[1]
    assert "sl-line-undone" in shown[1]
    assert [person.label for person in engine.answers.people(run.id)] == ["P1", "P2", "P3"]
    page.button(key="sl_again").click().run()
    assert "Done again: P3 was merged into P1" in lines(page)[0]
    assert len(engine.answers.people(run.id)) == 2


def test_of_one_person(engine: Engine, run: RunView) -> None:
    page = screen("history", footage=run.footage, person="P2").run()
    assert ["was named “Mina" in line for line in lines(page)] == [True]
    page.selectbox(key=_ui.HISTORY[1]).select("P1").run()
    assert page.query_params["person"] == ["P1"]
    assert len(lines(page)) == 2
    page = screen("history", footage=run.footage, person="P3").run()
    assert "P3 is no longer in this recording" in page.error[0].value
    assert len(lines(page)) == 3


def test_nothing_said_and_not_analysed(seeds: Seeds) -> None:
    fresh = seeds.footage("new.mp4")
    quiet = seeds.run(seeds.footage("quiet.mp4"), people=1, pictures=False)
    for footage, words in ((quiet.footage, "Nothing has been said yet"), (fresh.id, "not been analysed")):
        page = screen("history", footage=footage).run()
        assert not page.exception
        assert any(words in str(one.proto.body) for one in page.get("html"))
