from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.core.config import PROFILES
from engine.core.errors import ModelMissing, StoreError
from engine.core.library import FolderFile, FootageDetails, Outcome, parse_start
from engine.core.types import Gap
from engine.core.views import JobState
from pages import _adding, _cards, _elements, _library, _text_bad, _text_footage, _ui
from pages._sentences import sentence
from pages._text import group
from tests.drawn import draw_clip
from tests.pages.conftest import handed, pages_on, screen
from tests.seeded import Seeds, open_engine


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was pressed in the library: AppTest mounts no component, so a button stands in for "there is more"."""
    pressed: list[dict[str, Any]] = []
    drawn = _cards.library

    def library(*arguments: Any, **named: Any) -> None:
        drawn(*arguments, **named)
        st.button("pressed", key="pressed", on_click=_cards.take_events)

    monkeypatch.setattr(_cards, "events", lambda: list(pressed))
    monkeypatch.setattr(_cards, "library", library)
    return pressed


def push(page: AppTest, press: list[dict[str, Any]], kind: str, footage: str) -> AppTest:
    press.append({"n": len(press) + 1, "kind": kind, "footage": footage})
    return page.button(key="pressed").click().run()


def shown(page: AppTest) -> str:
    """Everything the page says in HTML of ours."""
    return "\n".join(element.proto.body for element in page.get("html"))


def item(page: AppTest, name: str) -> dict[str, Any]:
    return next(one for one in handed(page, "library")["items"] if one["name"] == name)


# What is shown


def test_empty_store(seeds: Seeds) -> None:
    page = screen("footage").run()
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "Footage"
    assert "Start with a recording" in shown(page)
    assert handed(page, "library")["items"] == []
    assert handed(page, "upload")["limit"] == 16 * 2**30
    assert handed(page, "upload")["text"]["limit"] == "Up to 16 GiB each"


def test_korean(seeds: Seeds) -> None:
    page = screen("footage", lang="ko").run()
    assert page.title[0].value == "영상"
    assert handed(page, "upload")["text"]["drop"] == "여기에 동영상을 놓으세요"
    assert "빈 파일" in handed(page, "upload")["bad"]["empty"]
    assert handed(page, "library")["text"]["people"] == "인물 보기"


def test_the_library_is_handed_what_is_there(seeds: Seeds) -> None:
    seeds.footage("new.mp4", recorded_utc="2024-03-01T09:00:00Z")
    seen = seeds.footage("seen.mp4", gaps=(Gap(1.0, 2.0, "corrupt"),), in_place=True)
    seeds.run(seen, people=6)
    seeds.engine.library.describe(
        seen.id, FootageDetails(("gate", "night"), "Cam 1", "2026-01-01T00:00:00Z", "Asia/Seoul")
    )
    failed = seeds.footage("bad.mp4")
    seeds.job(failed, state=JobState.FAILED, error="It ends <early>. Copy it again.")
    running = seeds.footage("now.mp4")
    seeds.job(running, state=JobState.RUNNING, stage="detect", fraction=0.43, left_s=81.0)
    page = screen("footage").run()
    assert not page.exception
    assert page.main.caption[0].value == "4 recordings, 9 min 18 s in all"
    assert [one["name"] for one in handed(page, "library")["items"]] == ["now.mp4", "bad.mp4", "seen.mp4", "new.mp4"]
    assert (item(page, "seen.mp4")["people"], item(page, "new.mp4")["people"]) == (6, None)
    assert item(page, "seen.mp4")["alert"] == "one part unreadable"
    assert item(page, "seen.mp4")["when"] == "2026-01-01 09:00 KST"
    assert item(page, "seen.mp4")["tags"] == ["gate", "night"]
    assert item(page, "new.mp4")["when"].startswith("2024-03-01")
    assert item(page, "now.mp4")["job"] == {
        "state": "running",
        "stage": "detect",
        "fraction": 0.43,
        "left": 81.0,
        "error": "",
    }
    assert item(page, "bad.mp4")["job"]["error"] == "It ends <early>. Copy it again."


def test_two_hundred_recordings_are_a_small_page(seeds: Seeds) -> None:
    for number in range(200):
        seeds.footage(f"a recording with quite a long name {number}.mp4", gaps=(Gap(1.0, 2.0, "corrupt"),))
    page = screen("footage").run()
    assert not page.exception
    data = handed(page, "library")
    assert len(data["items"]) == 200
    assert len(json.dumps(data, ensure_ascii=False).encode()) < 200_000
    assert len(page.main.button) < 12, "no widgets per recording"


def test_language_switch_stays_and_stands_in_the_address(seeds: Seeds) -> None:
    page = screen("footage").run()
    page.button(key="sl_language_button").click().run()
    assert page.title[0].value == "영상"
    assert page.query_params["lang"] == ["ko"]


# What is pressed in the library


def test_analyse_takes_the_chosen_profile(seeds: Seeds, press: list[dict[str, Any]]) -> None:
    footage = seeds.footage()
    page = screen("footage").run()
    page.selectbox(key=_ui.PROFILE).select("embedded").run()
    push(page, press, "analyse", footage.id)
    assert [(job.footage, job.profile) for job in seeds.engine.jobs()] == [(footage.id, "embedded")]
    assert item(page, "hall.mp4")["job"]["state"] == "queued"


def test_every_press_counts_once(seeds: Seeds, press: list[dict[str, Any]]) -> None:
    footage = seeds.footage()
    page = screen("footage").run()
    push(page, press, "analyse", footage.id)
    push(page, press, "cancel", footage.id)
    page.run()
    push(page, press, "refresh", "")
    assert [job.state for job in seeds.engine.jobs()] == [JobState.CANCELLED]
    push(page, press, "retry", footage.id)
    assert [job.state for job in seeds.engine.jobs()] == [JobState.QUEUED]


def test_presses_that_come_together_are_all_done(seeds: Seeds, press: list[dict[str, Any]]) -> None:
    one, two = seeds.footage("one.mp4"), seeds.footage("two.mp4")
    page = screen("footage").run()
    press.append({"n": 1, "kind": "analyse", "footage": one.id})
    push(page, press, "analyse", two.id)
    assert {job.footage for job in seeds.engine.jobs()} == {one.id, two.id}


def test_people_are_opened(seeds: Seeds, press: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(st, "switch_page", lambda page, query_params: opened.append((Path(page).name, query_params)))
    footage = seeds.footage()
    page = push(screen("footage").run(), press, "people", footage.id)
    assert opened == [("people.py", {"footage": footage.id})]
    page.run()
    assert len(opened) == 1


def test_a_missing_model_is_said_where_it_was_asked_for(
    seeds: Seeds, press: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ModelMissing("The person model is not on this machine. Run `python -m engine models fetch`.")

    footage = seeds.footage()
    monkeypatch.setattr(seeds.engine, "submit", refuse)
    page = push(screen("footage").run(), press, "analyse", footage.id)
    assert "models fetch" in page.error[0].value
    assert not page.run().error, "it is said once"


# Details


def test_details_open_by_address_and_close(seeds: Seeds, press: list[dict[str, Any]]) -> None:
    footage = seeds.footage("![a](x) <b>.mp4", gaps=(Gap(5.0, 9.0, "truncated"),), in_place=True)
    page = screen("footage", footage=footage.id).run()
    assert not page.exception
    assert page.main.subheader[0].value == r"!\[a](x) \<b>.mp4"
    assert "<b>" not in shown(page)
    assert "Could not be read: 0:05.0 – 0:09.0" in shown(page)
    assert handed(page, "library")["chosen"] == footage.id
    page.button(key="sl_details_close").click().run()
    assert "footage" not in page.query_params
    push(page, press, "choose", footage.id)
    assert page.query_params["footage"] == [footage.id]


def test_an_address_of_removed_footage_says_so(seeds: Seeds) -> None:
    seeds.footage()
    page = screen("footage", footage="nobody").run()
    assert not page.exception
    assert "not here any more" in shown(page)


def test_stages_of_a_job_at_work(seeds: Seeds) -> None:
    footage = seeds.footage()
    seeds.job(footage, state=JobState.RUNNING, stage="track", fraction=0.8, left_s=20.0)
    text = shown(screen("footage", footage=footage.id).run())
    states = dict.fromkeys(seeds.engine.library.stages)
    assert {"playback", "detect", "track", "link", "crops"} <= set(states)
    assert text.index("sl-stage-done") < text.index("sl-stage-now") < text.index("sl-stage-next")
    assert 'aria-current="step"><span aria-hidden="true">●</span> following people' in text
    assert "following people · 80% · 20 s left" in text


def test_a_stage_without_words_goes_by_its_name(seeds: Seeds) -> None:
    job = seeds.job(seeds.footage(), state=JobState.RUNNING, stage="<new>")
    html = _library.stages_html(job, ("detect", "<new>"), "ko")
    assert "&lt;new&gt;" in html
    assert "인물 찾는 중" in html


def describe(page: AppTest, footage: str, **values: object) -> AppTest:
    for name, value in values.items():
        key = f"sl_{name}_{footage}"
        if name in ("start",):
            page.text_input(key=key).input(value)
        elif name == "note":
            page.text_area(key=key).input(value)
        elif name == "tags":
            page.multiselect(key=key).set_value(value)
        else:
            page.selectbox(key=key).set_value(value)
    return page.button(key=f"sl_save_{footage}").click().run()


def test_details_are_edited(seeds: Seeds) -> None:
    other, footage = seeds.footage("other.mp4"), seeds.footage(recorded_utc="2024-03-01T09:00:00Z")
    seeds.engine.library.describe(other.id, FootageDetails(("gate",), "Cam 1"))
    page = screen("footage", footage=footage.id).run()
    assert "as the file says" in shown(page)
    page = describe(
        page, footage.id, tags=["gate"], camera="Cam 1", start="2026-11-20 18:41", zone="Asia/Seoul", note="a note"
    )
    assert page.success[0].value == "Saved."
    said = seeds.engine.library.details(footage.id)
    assert said == FootageDetails(("gate",), "Cam 1", "2026-11-20T09:41:00+00:00", "Asia/Seoul", "a note")
    assert "2026-11-20 18:41 KST" in shown(page)
    assert "as the file says" not in shown(page)


@pytest.mark.parametrize(
    ("start", "zone", "english", "korean"),
    [
        ("yesterday", "Asia/Seoul", "no date and time", "날짜와 시각이 아닙니다"),
        ("2026-03-29 02:30", "Europe/Berlin", "never happened", "없는 시각"),
    ],
)
def test_bad_starts_are_said_in_both_languages(seeds: Seeds, start: str, zone: str, english: str, korean: str) -> None:
    footage = seeds.footage()
    for language, words in (("en", english), ("ko", korean)):
        page = screen("footage", footage=footage.id, lang=language).run()
        page = describe(page, footage.id, start=start, zone=zone)
        assert words in page.error[0].value
        assert start in page.error[0].value
    assert seeds.engine.library.details(footage.id) == FootageDetails()


def test_analyse_again_with_another_profile(seeds: Seeds) -> None:
    footage = seeds.footage()
    seeds.run(footage, people=2)
    page = screen("footage", footage=footage.id).run()
    assert "2 people" in shown(page)
    page.button(key=f"sl_again_auto_{footage.id}").click().run()
    assert [job.profile for job in seeds.engine.jobs()] == ["auto"]
    assert {f"sl_again_{profile}_{footage.id}" for profile in PROFILES}.isdisjoint(
        {button.key for button in page.button}
    ), "not while it is under way"
    page.button(key=f"sl_cancel_{footage.id}").click().run()
    page.button(key=f"sl_retry_{footage.id}").click().run()
    assert [job.state for job in seeds.engine.jobs()] == [JobState.QUEUED]


# Removing


def test_removing_is_asked_first_with_what_goes(seeds: Seeds) -> None:
    footage = seeds.footage("seen.mp4", in_place=True)
    seeds.run(footage, people=2)
    folder = seeds.engine.settings.media / footage.sha256
    (folder / "playback.mp4").write_bytes(b"x" * 1_200_000)
    page = screen("footage", footage=footage.id).run()
    page.button(key=f"sl_remove_{footage.id}").click().run()
    said = page.get("dialog")[0].markdown[1].value
    assert "Its copy for playback, 1.2 MB" in said
    assert "The results of 1 analysis; it found: 2 people" in said
    assert "pictures of it and of its people" in said
    assert "uploaded file" not in said
    assert footage.path in page.get("dialog")[0].caption[0].value
    page.run()
    assert page.get("dialog"), "it stays until it is answered"
    page.button(key="sl_remove_keep").click().run()
    assert not page.get("dialog")
    assert len(seeds.engine.list_footage()) == 1
    page.button(key=f"sl_remove_{footage.id}").click().run()
    page.button(key="sl_remove_confirm").click().run()
    assert seeds.engine.list_footage() == ()
    assert page.success[0].value == "seen.mp4 was removed."
    assert "Start with a recording" in shown(page)
    assert not folder.exists()
    assert Path(footage.path).exists()


def test_an_uploaded_original_goes_too_and_that_is_said(seeds: Seeds) -> None:
    footage = seeds.footage("up.mp4")
    original = seeds.engine.settings.media / footage.sha256 / "original" / "up.mp4"
    original.parent.mkdir(parents=True)
    original.write_bytes(b"x" * 2000)
    page = screen("footage", footage=footage.id).run()
    page.button(key=f"sl_remove_{footage.id}").click().run()
    assert "The uploaded file, 2.0 kB" in page.get("dialog")[0].markdown[1].value
    assert page.get("dialog")[0].caption[0].value == "It cannot be brought back."


# Adding


def test_uploaded_footage_is_analysed_once(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[str] = []
    monkeypatch.setattr(_elements, "added_footage", lambda: list(added))
    monkeypatch.setattr(
        _elements, "upload", lambda *, limit, on_added: st.button("grown", key="grown", on_click=on_added)
    )
    page = screen("footage").run()
    page.selectbox(key=_ui.PROFILE).select("embedded").run()
    first, second = seeds.footage("1.mp4"), seeds.footage("2.mp4")
    added.append(first.id)
    page.button(key="grown").click().run()
    added.append(second.id)
    page.button(key="grown").click().run()
    page.button(key="grown").click().run()
    jobs = [(job.footage, job.profile) for job in seeds.engine.jobs()]
    assert jobs == [(second.id, "embedded"), (first.id, "embedded")]


def type_path(page: AppTest, path: object, button: str = "sl_register") -> AppTest:
    page.text_input(key=_ui.PATH).input(str(path)).run()
    return page.button(key=button).click().run()


def test_a_file_on_the_server_is_added(seeds: Seeds, open_folder: Path) -> None:
    draw_clip(open_folder / "![a](x).mp4", seconds=1.0)
    page = type_path(screen("footage").run(), f'"{open_folder}/![a](x).mp4"')
    assert page.success[0].value == r"!\[a](x).mp4 was added."
    footage = seeds.engine.list_footage()[0]
    assert footage.in_place
    assert seeds.engine.jobs()[0].footage == footage.id
    assert page.text_input(key=_ui.PATH).value == ""


def test_a_large_file_is_taken_in_behind_the_page(
    seeds: Seeds, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_adding, "AT_ONCE", 10)
    path = draw_clip(open_folder / "large.mp4", seconds=1.0)
    page = type_path(screen("footage").run(), path)
    assert page.success[0].value == "large.mp4 is being taken in."
    assert seeds.engine.list_footage() == ()
    assert [folder.path for folder in seeds.engine.library.taken_in()] == [str(path)]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/etc/passwd", "outside the folders"),
        ("{open}/../secret.mp4", "outside the folders"),
        ("{open}/link.mp4", "outside the folders"),
        ("", "Type the full path"),
        ("/", "outside the folders"),
        ("~nobody-here/x.mp4", "outside the folders"),
        ("{open}/missing.mp4", "There is no file"),
        ("{open}/notes.mp4", "text file"),
    ],
)
def test_paths_that_may_not_or_cannot_be_added(seeds: Seeds, open_folder: Path, path: str, sentence: str) -> None:
    secret = open_folder.parent / "secret.mp4"
    secret.write_bytes(b"video")
    (open_folder / "link.mp4").symlink_to(secret)
    (open_folder / "notes.mp4").write_text("a shopping list\n" * 20)
    page = type_path(screen("footage").run(), path.replace("{open}", str(open_folder)))
    assert sentence in page.error[0].value
    assert seeds.engine.list_footage() == ()


def test_korean_pages_refuse_in_korean(seeds: Seeds, open_folder: Path) -> None:
    page = type_path(screen("footage", lang="ko").run(), "/etc/passwd")
    assert page.error[0].value.startswith("/etc/passwd은(는) 허용된 폴더 밖에")
    assert str(open_folder) in page.error[0].value


def test_a_folder_is_watched_and_its_bad_files_are_named(seeds: Seeds, open_folder: Path) -> None:
    folder = open_folder / "camera"
    folder.mkdir()
    draw_clip(folder / "good.mp4", seconds=1.0)
    (folder / "notes.mp4").write_text("a shopping list\n" * 20)
    for path in folder.iterdir():
        os.utime(path, (time.time() - 1000, time.time() - 1000))
    page = screen("footage", lang="ko").run()
    page.selectbox(key=_ui.PROFILE).select("embedded").run()
    page = type_path(page, folder, "sl_watch")
    assert page.success[0].value == "camera 폴더를 감시합니다."
    watcher = seeds.engine.watcher()
    watcher.look()
    watcher._clock = lambda: time.time() + 1000
    watcher.look()
    page.run()
    assert "발견 2개 · 추가 1개 · 기존 0개" in shown(page)
    assert any("‘notes.mp4’은(는) 텍스트 파일입니다" in caption.value for caption in page.caption)
    assert [job.profile for job in seeds.engine.jobs()] == ["embedded"]
    folder.rename(open_folder / "elsewhere")
    watcher.look()
    assert "폴더가 더 이상 없습니다" in shown(page.run())
    number = seeds.engine.library.watched()[0].id
    page.button(key=f"sl_unwatch_{number}").click().run()
    assert seeds.engine.library.watched() == ()
    assert len(seeds.engine.list_footage()) == 1


def test_no_folder_is_open_unless_named(tmp_path: Path) -> None:
    with open_engine(tmp_path / "home") as engine, pages_on(engine):
        page = screen("footage").run()
        assert not [one for one in page.text_input if one.key == _ui.PATH]
        assert any("`roots`" in caption.value for caption in page.caption)


def test_trouble_with_the_store_is_a_sentence(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise StoreError("The results store is damaged. Move it away.")

    monkeypatch.setattr(seeds.engine.library, "entries", broken)
    page = screen("footage").run()
    assert not page.exception
    assert "The results store is damaged" in page.error[0].value


# Words


def test_every_kind_of_refusal_has_its_sentence() -> None:
    engine = _ui.HERE.parent / "engine"
    sources = [*(engine / "media").glob("*.py"), *engine.glob("*.py"), engine / "core" / "library.py"]
    kinds = {kind for path in sources for kind in re.findall(r'kind="([a-z-]+)"', path.read_text("utf-8"))}
    kinds -= {"stable"}  # a way of sorting
    assert {"no-index", "outside", "link-outside", "bad-start"} <= kinds
    # Those of the command line alone, and those that the upload element mends by itself.
    elsewhere = {"download-failed", "unsupported-source", "nothing-found", "folder", "wrong-offset"}
    assert kinds - elsewhere <= {key.removeprefix("bad.") for key in _text_bad.TEXT}


def test_no_text_of_this_screen_stands_in_two_tables() -> None:
    tables = [getattr(_text_footage, name) for name in dir(_text_footage) if name.startswith("_text_")]
    assert len(tables) == 4
    assert sum(len(table.TEXT) for table in tables) + len(_text_footage._SCREEN) == len(_text_footage.TEXT)


@pytest.mark.parametrize("name", ["library"])
def test_every_text_that_the_library_asks_for_exists(name: str) -> None:
    folder = _ui.HERE / "components" / name
    asked = {
        first or second
        for path in folder.glob("*.js")
        for first, second in re.findall(r'\btext(?:\.(\w+)|\["([^"]+)"\])', path.read_text("utf-8"))
    }
    assert {"search", "analyse", "time.min"} <= asked
    assert asked <= set(group("en", name))


def test_zones_without_letters_are_named_by_their_offset() -> None:
    start = _library.instant(parse_start("2026-11-20 18:41", "Asia/Dubai"))
    assert start is not None
    assert _library.zone_word(start, "Asia/Dubai") == "UTC+04"
    assert _library.zone_word(start, "Asia/Seoul") == "KST"


def test_a_refused_file_keeps_the_engines_words_in_english(seeds: Seeds) -> None:
    file = FolderFile("/x/a.mp4", Outcome.REFUSED, "", "text", "“a.mp4” is a text file, whatever its name says.")
    assert sentence(file.kind, file.sentence, "en", name="a.mp4") == file.sentence
    assert sentence("unheard-of", "Own words.", "ko", name="a.mp4") == "Own words."
    assert sentence("outside", "Own words.", "ko", name="a.mp4") == "Own words.", "a blank that is missing"
