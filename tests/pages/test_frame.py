"""The frame: language, place, jobs and the guard, around the first screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.errors import StoreError
from engine.core.views import JobState, JobView
from pages import _jobs, _screens, _ui
from tests.seeded import Seeds


def frame(**query: str) -> AppTest:
    page = AppTest.from_file(str(_ui.HERE / "_frame.py"), default_timeout=30)
    for key, value in query.items():
        page.query_params[key] = value
    return page


def now(minus: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) - minus).isoformat(timespec="seconds")


def side(page: AppTest) -> str:
    return " ".join(str(element.proto.body) for kind in ("html", "caption") for element in page.sidebar.get(kind))


# Screens


def test_every_screen_has_a_file_a_name_and_a_section() -> None:
    for name, screen in _screens.SCREENS.items():
        assert (_ui.HERE / f"{name}.py").is_file()
        assert _ui.say("ko", f"nav.{name}")
        assert _ui.say("ko", f"nav.section.{screen.section}")


# Language


@pytest.mark.parametrize(
    ("asked", "cookie", "title"),
    [
        pytest.param("ko", "en", "영상", id="the-address-wins"),
        pytest.param("", "ko", "영상", id="then-what-is-remembered"),
        pytest.param("fr", "de", "Footage", id="unknown-ones-are-ignored"),
        pytest.param("", "", "Footage", id="then-the-browser's"),
    ],
)
def test_language(engine: Engine, monkeypatch: pytest.MonkeyPatch, asked: str, cookie: str, title: str) -> None:
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: {_ui.COOKIE_LANGUAGE: cookie}))
    page = frame(**({"lang": asked} if asked else {})).run()
    assert not page.exception
    assert page.title[0].value == title


def test_the_switch_changes_texts_and_address_and_back(engine: Engine) -> None:
    page = frame().run()
    page.button(key="sl_language_button").click().run()
    assert page.title[0].value == "영상"
    assert page.query_params["lang"] == ["ko"]
    assert page.button(key="sl_language_button").label == "English"
    page.button(key="sl_language_button").click().run()
    assert page.title[0].value == "Footage"


# Place


PLACED = """
import streamlit as st
from pages import _place, _ui
_place.keep(st.session_state["screen"])
st.text(str(dict(sorted(st.query_params.items()))))
"""


def test_recording_person_and_time_follow_from_screen_to_screen(engine: Engine) -> None:
    hall = Seeds(engine).footage()
    page = AppTest.from_string(PLACED)
    place = {"footage": hall.id, "person": "P2", "t": "3.5"}
    for key, value in place.items():
        page.query_params[key] = value
    page.session_state["screen"] = "people"
    page.run()
    page.query_params.clear()
    page.session_state["screen"] = "compare"
    assert page.run().text[0].value == str(place)
    page.query_params.clear()
    page.session_state["screen"] = "models"
    assert page.run().text[0].value == "{}"
    page.query_params["footage"] = "another"
    page.session_state["screen"] = "people"
    assert page.run().text[0].value == "{'footage': 'another'}"


def test_a_recording_that_was_removed_does_not_follow(engine: Engine) -> None:
    page = AppTest.from_string(PLACED)
    page.session_state["screen"] = "people"
    page.session_state[_ui.PLACE] = {"footage": "gone"}
    assert page.run().text[0].value == "{}"
    assert _ui.PLACE not in page.session_state


# Jobs


def test_nothing_is_shown_where_nothing_goes_on(engine: Engine) -> None:
    seeds = Seeds(engine)
    seeds.job(seeds.footage(), state=JobState.DONE)
    page = frame().run()
    assert not page.exception
    assert "sl-side-title" not in side(page)


def test_a_job_shows_its_stage_share_and_time_left(engine: Engine) -> None:
    seeds = Seeds(engine)
    seeds.job(seeds.footage("hall.mp4"), state=JobState.RUNNING, stage="detect", fraction=0.42, left_s=75.0)
    for number in range(4):
        seeds.job(seeds.footage(f"{number}.mp4"))
    page = frame().run()
    assert "finding people · 42% · 1 min 15 s left" in side(page)
    assert 'aria-label="hall.mp4"' in side(page)
    assert "2 more waiting" in side(page)
    links = [link.proto.query_string for link in page.sidebar.get("page_link")]
    assert links[0] == f"footage={engine.list_footage()[-1].id}"
    assert len(links) == _jobs.SHOWN


def test_a_failure_stays_until_it_was_seen(engine: Engine) -> None:
    seeds = Seeds(engine)
    broken = seeds.footage("broken.avi")
    seeds.job(broken, state=JobState.FAILED, error="It breaks off.", finished_utc=now())
    page = frame().run()
    assert not page.sidebar.error
    assert "It breaks off." in side(page)
    page.button(key="sl_jobs_seen").click().run()
    assert "It breaks off." not in side(page)


@pytest.mark.parametrize(
    ("cookie", "shown"),
    [
        pytest.param(now(timedelta(hours=-1)).replace(":", "%3A"), False, id="seen-since"),
        pytest.param(now(timedelta(hours=2)), True, id="seen-before"),
        pytest.param("zzz", True, id="not-ours"),
    ],
)
def test_what_was_seen_is_remembered(engine: Engine, monkeypatch: pytest.MonkeyPatch, cookie: str, shown: bool) -> None:
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: {_ui.COOKIE_SEEN: cookie}))
    seeds = Seeds(engine)
    seeds.job(seeds.footage(), state=JobState.FAILED, error="It breaks off.", finished_utc=now())
    assert ("It breaks off." in side(frame().run())) is shown


def view(number: int, footage: str, state: JobState, finished: str = "") -> JobView:
    return JobView(number, footage, footage, state, "auto", "", 0.0, None, "", "", 1, "", finished)


def test_only_the_newest_job_of_a_recording_counts_as_its_failure() -> None:
    jobs = [
        view(4, "a", JobState.DONE, "2026-01-04"),
        view(3, "b", JobState.FAILED, "2026-01-03"),
        view(2, "a", JobState.FAILED, "2026-01-02"),
        view(1, "c", JobState.FAILED, "2026-01-01"),
    ]
    assert [job.id for job in _jobs.failed(jobs, "2026-01-01")] == [3]
    assert [job.id for job in _jobs.failed(jobs, "2025-12-31")] == [3, 1]


def test_jobs_at_work_come_before_those_waiting() -> None:
    jobs = [
        view(3, "a", JobState.QUEUED),
        view(2, "b", JobState.QUEUED),
        view(1, "c", JobState.RUNNING),
        view(0, "d", JobState.DONE),
    ]
    assert [job.id for job in _jobs.active(jobs)] == [1, 2, 3]


# The guard


def test_a_store_that_cannot_be_opened_is_said_on_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Engine:
        raise StoreError("The results store is damaged. Put a backup in its place.")

    monkeypatch.setattr(_ui, "engine", refuse)
    page = frame().run()
    assert not page.exception
    assert [error.value for error in page.main.error] == [
        "**That did not work.** The results store is damaged. Put a backup in its place."
    ]
    assert page.main.button[0].label == "Try again"
    assert not page.sidebar.error
    assert page.button(key="sl_language_button").label == "한국어"


GUARDED = """
import streamlit as st
from pages import _ui
with _ui.guard():
    st.session_state["stumble"]()
st.write("still here")
"""


def test_what_nobody_expected_is_logged_under_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    def stumble() -> None:
        raise RuntimeError("secret detail")

    page = AppTest.from_string(GUARDED)
    page.session_state["stumble"] = stumble
    page.run()
    assert not page.exception
    reference = caplog.records[-1].getMessage().rpartition(" ")[2]
    assert reference in page.error[0].value
    assert "secret detail" not in page.error[0].value
    assert "secret detail" in str(caplog.records[-1].exc_info[1])
    assert page.markdown[0].value == "still here"


def test_the_guard_lets_streamlits_own_control_flow_pass() -> None:
    page = AppTest.from_string(GUARDED)
    page.session_state["stumble"] = st.stop
    page.run()
    assert not page.error
    assert not page.markdown
