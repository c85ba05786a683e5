from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from pages import _ui
from tests.pages.conftest import screen
from tests.seeded import Seeds


def drawn(**query: str) -> AppTest:
    page = screen("compare", **query).run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    html = "\n".join(element.proto.body for element in page.get("html"))
    words = "\n".join(element.value for element in [*page.markdown, *page.caption, *page.subheader])
    return f"{html}\n{words}"


def links(page: AppTest) -> list[str]:
    return [one.proto.label for one in page.get("page_link")]


def test_empty_store(engine: Engine) -> None:
    page = drawn()
    assert "No footage yet" in shown(page)
    assert links(page) == ["Go to footage"]


def test_not_analysed_yet(seeds: Seeds) -> None:
    seeds.footage()
    assert "has not been analysed yet" in shown(drawn())


def test_the_first_two_people_side_by_side(seeds: Seeds) -> None:
    footage = seeds.footage()
    run = seeds.run(footage, people=3)
    seeds.engine.answers.rename(run.id, "P2", "<b>Kim</b>")
    page = drawn()
    sides = [page.selectbox(key=key).value for key in _ui.COMPARE_SIDES]
    assert sides == ["P1", "P2"]
    words = shown(page)
    assert "<b>Kim</b>" not in words
    assert "&lt;b&gt;Kim&lt;/b&gt;" in words
    assert words.count("/sightline/media/") == 10
    first, second = seeds.engine.answers.people(run.id)[:2]
    assert f"+{second.first_s - first.first_s:.1f} s" in words
    assert "together, in 2 stretches" in words
    assert "walking" in words
    assert "not visible" in words
    together = [label for label in links(page) if "–" in label]
    assert len(together) == 2
    assert together[0].startswith("0:08.4")


def test_the_address_names_the_two(seeds: Seeds) -> None:
    footage = seeds.footage()
    seeds.run(footage, people=4)
    page = drawn(footage=footage.id, person="P4", other="P2")
    assert [page.selectbox(key=key).value for key in _ui.COMPARE_SIDES] == ["P4", "P2"]
    assert not page.warning
    page.selectbox(key=_ui.COMPARE_SIDES[1]).select("P3").run()
    assert page.query_params["person"] == ["P4"]
    assert page.query_params["other"] == ["P3"]


@pytest.mark.parametrize(
    ("query", "sides", "warned"),
    [
        pytest.param({"person": "P9", "other": "P1"}, ["P2", "P1"], True, id="unknown first"),
        pytest.param({"person": "P1", "other": "<script>"}, ["P1", "P2"], True, id="unknown second"),
        pytest.param({"person": "P2", "other": "P2"}, ["P2", "P1"], False, id="one and the same"),
        pytest.param({"other": "P1"}, ["P2", "P1"], False, id="only the second"),
    ],
)
def test_what_the_address_may_say(seeds: Seeds, query: dict[str, str], sides: list[str], warned: bool) -> None:
    seeds.run(seeds.footage(), people=3)
    page = drawn(**query)
    assert [page.selectbox(key=key).value for key in _ui.COMPARE_SIDES] == sides
    assert bool(page.warning) == warned


def test_one_person_cannot_be_compared(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=1)
    assert "not two people" in shown(drawn())


def test_one_stretch_together_and_nothing_recognised(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=2, appearances=1)
    words = shown(drawn())
    assert "together, in one stretch" in words
    footage = seeds.footage("long.mp4", added_utc="2026-11-21T00:00:00+00:00")
    seeds.run(footage, people=8, appearances=1, segments=0)
    apart = shown(drawn(footage=footage.id, person="P1", other="P8"))
    assert "together, in one stretch" in apart
    assert "Time per action" not in apart


def test_one_analysis_alone(seeds: Seeds) -> None:
    seeds.run(seeds.footage())
    page = drawn(view="runs")
    assert "Analysed only once" in shown(page)
    assert links(page) == ["Go to footage"]


def test_two_analyses_side_by_side(seeds: Seeds) -> None:
    footage = seeds.footage()
    old = seeds.run(footage, people=3)
    new = seeds.run(footage, people=3, model="yolov8n", shift_s=0.4)
    page = drawn(view="runs")
    assert [page.selectbox(key=key).value for key in _ui.COMPARE_SIDES] == [old.id, new.id]
    words = shown(page)
    assert "Found by both: 3. Only by the first: 0. Only by the second: 0." in words
    assert "person_model" in words
    assert "yolov8n 000000000000" in words
    assert "Agreement" in words


def test_people_of_one_analysis_alone_are_listed(seeds: Seeds) -> None:
    footage = seeds.footage()
    first = seeds.run(footage, people=2)
    second = seeds.run(footage, people=2, model="yolov8n", shift_s=30.0)
    page = drawn(view="runs", base=second.id, run=first.id)
    assert [page.selectbox(key=key).value for key in _ui.COMPARE_SIDES] == [second.id, first.id]
    words = shown(page)
    assert "Only in the first" in words
    assert "Only in the second" in words
    assert "the other analysis sees nobody there" in words


def test_the_switch_and_another_recording_stand_in_the_address(seeds: Seeds) -> None:
    old = seeds.footage("old.mp4", added_utc="2026-11-19T09:41:00+00:00")
    seeds.run(old, people=2)
    newest = seeds.footage("newest.mp4")
    seeds.run(newest, people=3)
    page = drawn(footage=newest.id, person="P3", other="P2")
    page.segmented_control(key=_ui.COMPARE_VIEW).select("runs").run()
    assert page.query_params["view"] == ["runs"]
    assert "Analysed only once" in shown(page)
    page.selectbox(key=_ui.COMPARED).select(old.id).run()
    assert page.query_params == {"footage": [old.id], "view": ["runs"]}


def test_korean(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=2)
    words = shown(drawn(lang="ko"))
    assert "함께 등장" in words
    assert "걷기" in words
