from __future__ import annotations

import json
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelMissing, StoreError
from engine.core.types import Gap
from engine.core.views import JobState
from pages import _elements, _ui
from tests.pages.conftest import screen
from tests.pages.fake_engine import FakeEngine, footage_view


def shown(page: AppTest) -> str:
    """Everything the page says in HTML of ours."""
    return "\n".join(element.proto.body for element in page.get("html"))


def test_empty_store(engine: FakeEngine) -> None:
    page = screen("footage").run()
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "Footage"
    assert "Start with a recording" in shown(page)
    assert len(page.get("bidi_component")) == 1, "the place to drop videos"


def test_korean(engine: FakeEngine) -> None:
    page = screen("footage", lang="ko").run()
    assert page.title[0].value == "영상"
    data = json.loads(page.get("bidi_component")[0].proto.json)
    assert data["text"]["drop"] == "여기에 동영상을 놓으세요"


def test_language_switch_stays_and_stands_in_the_address(engine: FakeEngine) -> None:
    page = screen("footage").run()
    page.button(key="sl_language_button").click().run()
    assert page.title[0].value == "영상"
    assert page.query_params["lang"] == ["ko"]
    page.button(key="sl_language_button").click().run()
    assert page.title[0].value == "Footage"


def test_an_unknown_language_in_the_address_is_english(engine: FakeEngine) -> None:
    assert screen("footage", lang="xx").run().title[0].value == "Footage"


def test_rows_say_what_is_there(engine: FakeEngine) -> None:
    engine.add(footage_view("new.mp4"))
    engine.add(footage_view("seen.mp4", gaps=(Gap(1.0, 2.0, "corrupt"),)), people=6)
    failed = engine.submit(engine.add(footage_view("bad.mp4")).id, AnalysisConfig())
    engine.set_job(failed.id, state=JobState.FAILED, error="It ends <early>. Copy it again.")
    running = engine.submit(engine.add(footage_view("now.mp4")).id, AnalysisConfig())
    engine.set_job(running.id, state=JobState.RUNNING, stage="detect", fraction=0.43, left_s=81.0)
    text = shown(page := screen("footage").run())
    assert not page.exception
    assert page.caption[0].value == "4 recordings, 9 min 18 s in all"
    for words in (
        "new.mp4",
        "Not analysed yet",
        "6 people",
        "one part unreadable",
        "It ends &lt;early&gt;. Copy it again.",
        "finding people · 43% · 1 min 21 s left",
    ):
        assert words in text


def test_names_are_text_not_markup(engine: FakeEngine) -> None:
    engine.add(footage_view('<img src=x onerror="alert(1)">.mp4'))
    assert "<img" not in shown(screen("footage").run())


def test_sentences_make_no_pictures(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "![a](x).mp4").write_bytes(b"video")
    page = screen("footage").run()
    page.text_input(key=_ui.PATH).input(f"{tmp_path}/open/![a](x).mp4").run()
    page.button(key="sl_register").click().run()
    assert page.success[0].value == r"!\[a](x).mp4 was registered."


def test_analyse_takes_the_chosen_profile(engine: FakeEngine) -> None:
    footage = engine.add(footage_view("new.mp4"))
    page = screen("footage").run()
    page.selectbox(key=_ui.PROFILE).select("embedded").run()
    page.button(key=f"sl_analyse_{footage.id}").click().run()
    assert [(job.footage, job.profile) for job in engine.jobs()] == [(footage.id, "embedded")]
    assert "Waiting its turn" in shown(page)


def test_cancel_and_retry(engine: FakeEngine) -> None:
    footage = engine.add(footage_view("new.mp4"))
    engine.submit(footage.id, AnalysisConfig())
    page = screen("footage").run()
    page.button(key=f"sl_cancel_{footage.id}").click().run()
    assert engine.jobs()[0].state is JobState.CANCELLED
    assert "Cancelled" in shown(page)
    page.button(key=f"sl_retry_{footage.id}").click().run()
    assert engine.jobs()[0].state is JobState.QUEUED


def test_analyse_again_and_remove(engine: FakeEngine) -> None:
    footage = engine.add(footage_view("seen.mp4"), people=2)
    page = screen("footage").run()
    page.button(key=f"sl_again_pretrained_{footage.id}").click().run()
    assert engine.jobs()[0].profile == "pretrained"
    page.button(key=f"sl_cancel_{footage.id}").click().run()
    page.button(key=f"sl_remove_{footage.id}").click().run()
    assert engine.list_footage() == ()
    assert "Start with a recording" in shown(page)


def test_a_missing_model_is_said_where_it_was_asked_for(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    footage = engine.add(footage_view("new.mp4"))

    def refuse(*_: object) -> None:
        raise ModelMissing("The person model is not on this machine. Run `python -m engine models fetch`.")

    monkeypatch.setattr(engine, "submit", refuse)
    page = screen("footage").run()
    page.button(key=f"sl_analyse_{footage.id}").click().run()
    assert "models fetch" in page.error[0].value
    assert not page.run().error, "it is said once"


def test_uploaded_footage_is_analysed_once(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    # AppTest mounts no component: a button stands in for "the list of added footage has grown".
    added: list[str] = []
    monkeypatch.setattr(_elements, "added_footage", lambda: list(added))
    monkeypatch.setattr(
        _elements, "upload", lambda *, limit, on_added: st.button("grown", key="grown", on_click=on_added)
    )
    page = screen("footage").run()
    page.selectbox(key=_ui.PROFILE).select("embedded").run()
    first, second = engine.add(footage_view("1.mp4")), engine.add(footage_view("2.mp4"))
    added.append(first.id)
    page.button(key="grown").click().run()
    added.append(second.id)
    page.button(key="grown").click().run()
    page.button(key="grown").click().run()
    assert [(job.footage, job.profile) for job in engine.jobs()] == [(second.id, "embedded"), (first.id, "embedded")]


def test_register_a_path(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a b.mp4").write_bytes(b"video")
    page = screen("footage").run()
    page.text_input(key=_ui.PATH).input(f'"{tmp_path}/open/a b.mp4"').run()
    page.button(key="sl_register").click().run()
    assert page.success[0].value == "a b.mp4 was registered."
    assert engine.list_footage()[0].in_place
    assert engine.jobs()[0].footage == engine.list_footage()[0].id
    assert page.text_input(key=_ui.PATH).value == ""


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/etc/passwd", "outside the folders"),
        ("{open}/../secret.mp4", "outside the folders"),
        ("", "outside the folders"),
        ("{open}/missing.mp4", "There is no file"),
    ],
)
def test_paths_that_may_not_or_cannot_be_registered(
    engine: FakeEngine, tmp_path: Path, path: str, sentence: str
) -> None:
    (tmp_path / "secret.mp4").write_bytes(b"video")
    page = screen("footage").run()
    page.text_input(key=_ui.PATH).input(path.format(open=tmp_path / "open")).run()
    page.button(key="sl_register").click().run()
    assert sentence in page.error[0].value
    assert engine.list_footage() == ()


def test_without_open_folders_the_page_says_how_to_register(engine: FakeEngine, tmp_path: Path) -> None:
    engine.settings = Settings(home=tmp_path)
    page = screen("footage").run()
    assert not page.text_input
    assert any("python -m engine analyze" in caption.value for caption in page.caption)


def test_long_lists_are_shown_in_parts(engine: FakeEngine) -> None:
    for number in range(25):
        engine.add(footage_view(f"{number}.mp4"))
    page = screen("footage").run()
    assert shown(page).count('class="sl-name"') == 20
    page.button(key="sl_more").click().run()
    assert shown(page).count('class="sl-name"') == 25


def test_a_broken_store_is_a_sentence(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise StoreError("The store cannot be read. Check the disk.")

    monkeypatch.setattr(engine, "list_footage", broken)
    page = screen("footage").run()
    assert "The store cannot be read." in page.error[0].value
    assert not page.exception


def test_the_unexpected_names_a_reference_and_hides_the_trace(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("inner detail")

    monkeypatch.setattr(engine, "list_footage", broken)
    page = screen("footage").run()
    reference = caplog.records[-1].getMessage().split()[-1]
    assert reference in page.error[0].value
    assert "inner detail" not in page.error[0].value
