"""The models screen on a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.models import TransferState, TransferView
from pages import _model_words
from tests.pages.conftest import screen


@pytest.fixture
def outside(open_folder: Path) -> Path:
    """Where somebody keeps models."""
    (open_folder / "mine.onnx").write_bytes(b"an exported network")
    (open_folder / "mine.pt").write_bytes(b"a pickle")
    return open_folder


def shown(page: AppTest) -> str:
    return " ".join(
        str(getattr(element.proto, "body", ""))
        for kind in ("html", "caption", "markdown")
        for element in page.get(kind)
    )


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_every_task_says_what_it_uses(engine: Engine) -> None:
    page = screen("models").run()
    assert not page.exception
    assert not page.error
    titles = [element.value for element in page.subheader]
    assert titles[:3] == ["Finding people", "Body points", "Following people"]
    assert "fake" not in shown(page).lower().split()
    for words in ("BlazePose", "ByteTrack", "no downloaded one is here", "none is on this machine", "Apache-2.0"):
        assert words in shown(page)
    for task in engine.models.tasks():
        assert _model_words.word("models.task", task.task) in titles


def test_the_size_is_named_before_anything_is_fetched(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(engine.models, "fetch", asked.append)
    page = screen("models").run()
    assert "5.6 MB from github.com, under AGPL-3.0-only" in shown(page)
    page.button(key="sl_get_person_yolo11n").click().run()
    assert asked == ["yolo11n"]


def test_a_download_shows_its_progress_and_can_be_cancelled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    way = [TransferView("yolo11n", TransferState.RUNNING, 2_000_000, 5_613_764)]
    monkeypatch.setattr(engine.models, "transfers", lambda: tuple(way))
    monkeypatch.setattr(engine.models, "cancel", stopped.append)
    monkeypatch.setattr(engine.models, "dismiss", lambda name: way.clear())
    page = screen("models").run()
    assert "2.0 MB of 5.6 MB" in shown(page)
    page.button(key="sl_stop_person_yolo11n").click().run()
    assert stopped == ["yolo11n"]
    way[0] = TransferView("yolo11n", TransferState.FAILED, 0, 5_613_764, "The network did not answer.")
    page.run()
    assert [error.value for error in page.error] == ["The network did not answer."]
    page.run()
    assert not page.error


def test_a_choice_is_kept_for_everybody(engine: Engine) -> None:
    page = screen("models").run()
    page.selectbox(key="sl_model_choice_person").set_value("blazepose-detector").run()
    assert engine.models.choices() == {"person": "blazepose"}
    assert "chosen here" in shown(page)
    other = screen("models").run()
    assert other.selectbox(key="sl_model_choice_person").value == "blazepose-detector"
    other.selectbox(key="sl_model_choice_person").set_value("").run()
    assert engine.models.choices() == {}


def test_a_choice_that_is_gone_is_shown_as_missing(engine: Engine, outside: Path) -> None:
    engine.models.bring("person", outside / "mine.onnx")
    engine.models.choose("person", "mine.onnx")
    (engine.settings.models / "person" / "mine.onnx").unlink()
    page = screen("models").run()
    assert not page.exception
    assert page.selectbox(key="sl_model_choice_person").value == "mine.onnx"
    assert "mine.onnx (missing)" in page.selectbox(key="sl_model_choice_person").options


def test_a_path_is_imported_verified_and_removed(engine: Engine, outside: Path) -> None:
    page = screen("models").run()
    page.text_input(key="sl_model_path_person").set_value(str(outside / "mine.onnx")).run()
    page.button(key="sl_bring_person").click().run()
    assert [done.value for done in page.success] == ["mine.onnx was imported."]
    page.button(key="sl_verify_person_mine_onnx").click().run()
    assert "is whole" in page.success[0].value
    (engine.settings.models / "person" / "mine.onnx").write_bytes(b"an exported netw0rk")
    page.button(key="sl_verify_person_mine_onnx").click().run()
    assert "SHA-256 differs" in page.error[0].value
    page.button(key="sl_drop_person_mine_onnx").click().run()
    assert not (engine.settings.models / "person" / "mine.onnx").exists()


def test_a_pickle_needs_a_word_of_trust(engine: Engine, outside: Path) -> None:
    page = screen("models").run()
    page.text_input(key="sl_model_path_person").set_value(str(outside / "mine.pt")).run()
    page.button(key="sl_bring_person").click().run()
    assert "can run code" in page.error[0].value
    page.checkbox(key="sl_model_trust_person").check().run()
    page.button(key="sl_bring_person").click().run()
    assert not page.error
    assert (engine.settings.models / "person" / "mine.pt").is_file()


def test_built_in_models_cannot_be_removed_here(engine: Engine) -> None:
    page = screen("models").run()
    keys = {button.key for button in page.button}
    assert "sl_verify_person_blazepose_detector" in keys
    assert "sl_drop_person_blazepose_detector" not in keys


def test_the_card_of_a_model(engine: Engine) -> None:
    page = screen("models").run()
    page.button(key="sl_card_person_yolo11n").click().run()
    assert not page.exception
    assert any(element.value.startswith("# YOLO") for element in page.markdown)
    entry = next(model for task in engine.models.tasks() for model in task.models if model.name == "yolo11n")
    assert entry.sha256 in shown(page)


def test_the_machine_is_looked_over(engine: Engine) -> None:
    page = screen("models", lang="ko").run()
    assert "이 컴퓨터" in [element.value for element in page.subheader]
    text = shown(page)
    assert str(engine.settings.home) in text
    assert "mediapipe" in text


def test_problems_are_shown_with_their_commands_as_code() -> None:
    from pages._doctor import report_html

    report = {
        "machine": {"python": "3.11", "system": "Linux", "cores": 2},
        "home": "/data",
        "packages": {"av": ""},
        "tiers": {},
        "problems": ("av is not installed. Run `make run`. <b>",),
    }
    html = report_html(report)
    assert "Run <code>make run</code>. &lt;b&gt;" in html
    assert "missing" in html
