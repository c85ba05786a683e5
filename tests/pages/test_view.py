from __future__ import annotations

import pytest

from engine.core.types import Gap
from engine.core.views import JobState, JobView, PersonView, Presence
from pages import _data, _view
from tests.seeded import Seeds


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00.0"), (6.48, "0:06.5"), (59.96, "1:00.0"), (61.25, "1:01.2"), (3725, "1:02:05.0"), (-1, "0:00.0")],
)
def test_clock(seconds: float, shown: str) -> None:
    assert _view.clock(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (0, "0 s", "0초"),
        (4.25, "4.2 s", "4.2초"),
        (10, "10 s", "10초"),
        (59.4, "59 s", "59초"),
        (59.5, "1 min 0 s", "1분 0초"),
        (139.4, "2 min 19 s", "2분 19초"),
        (3599.7, "1 h 0 min", "1시간 0분"),
        (7325, "2 h 2 min", "2시간 2분"),
    ],
)
def test_length(seconds: float, english: str, korean: str) -> None:
    assert _view.length(seconds, "en") == english
    assert _view.length(seconds, "ko") == korean


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1234567, "1.2 MB"), (123456789, "123 MB"), (17.2e9, "17.2 GB")],
)
def test_size(number: float, shown: str) -> None:
    assert _view.size(number) == shown


def job(**changes: object) -> JobView:
    facts = {
        "id": 1,
        "footage": "f",
        "footage_name": "f.mp4",
        "state": JobState.RUNNING,
        "profile": "auto",
        "stage": "detect",
        "fraction": 0.426,
        "left_s": 81.2,
        "error": "",
        "run": "",
        "attempts": 1,
        "created_utc": "",
        "finished_utc": "",
    }
    return JobView(**{**facts, **changes})


@pytest.mark.parametrize(
    ("view", "english", "korean"),
    [
        pytest.param(None, "Not analysed yet", "분석 전", id="no job"),
        pytest.param(job(state=JobState.QUEUED), "Waiting its turn", "대기 중", id="queued"),
        pytest.param(
            job(), "finding people · 43% · 1 min 21 s left", "인물 찾는 중 · 43% · 1분 21초 남음", id="running"
        ),
        pytest.param(job(left_s=None), "finding people · 43%", "인물 찾는 중 · 43%", id="no estimate yet"),
        pytest.param(job(stage="new stage", left_s=None), "new stage · 43%", "new stage · 43%", id="unnamed stage"),
        pytest.param(job(stage="", left_s=None), "Analysing · 43%", "분석 중 · 43%", id="before the first stage"),
        pytest.param(job(state=JobState.FAILED), "Failed", "실패", id="failed"),
    ],
)
def test_job_word(view: JobView | None, english: str, korean: str) -> None:
    assert _view.job_word(view, "en") == english
    assert _view.job_word(view, "ko") == korean


def test_progress_is_said_to_everyone_and_escaped() -> None:
    html = _view.progress_html(job(stage="<b>"), "en")
    assert 'aria-valuenow="43"' in html
    assert "width:43%" in html
    assert "<b>" not in html


def test_gaps() -> None:
    gaps = tuple(Gap(10.0 * k, 10.0 * k + 1, "corrupt") for k in range(6))
    assert _view.gap_word((), "en") == ""
    assert _view.gap_word(gaps, "ko") == "6곳 손상"
    assert _view.gap_sentence((Gap(5.0, 9.0, "truncated"),), "en") == (
        "Could not be read: 0:05.0 – 0:09.0 (the file ends early)"
    )
    assert _view.gap_sentence(gaps, "en").endswith("0:30.0 – 0:31.0 (damaged), 2 more")


@pytest.mark.parametrize(
    ("utc", "zone", "shown"),
    [
        ("2026-11-20T09:41:07+00:00", "Asia/Seoul", "2026-11-20 18:41"),
        ("2026-11-20T09:41:07+00:00", None, "2026-11-20 09:41 UTC"),
        ("2026-11-20T09:41:07+00:00", "Nowhere/Land", "2026-11-20 09:41 UTC"),
        ("2026-11-20T09:41:07+00:00", "../etc/passwd", "2026-11-20 09:41 UTC"),
        ("?", "Asia/Seoul", "?"),
    ],
)
def test_moment(utc: str, zone: str | None, shown: str) -> None:
    assert _view.moment(utc, zone) == shown


def test_media_addresses_are_quoted() -> None:
    assert _data.media_url("a/b", "crops/1 가?.jpg") == "/sightline/media/a%2Fb/crops/1%20%EA%B0%80%3F.jpg"


def test_spans_keep_exact_times() -> None:
    presence = (Presence(20, 17.5, 23.75), Presence(21, 32.5, 38.7504))
    person = PersonView("P2", 17.5, 38.7504, 0.91, 0.84, presence, ())
    assert _data.spans(person) == [[17.5, 23.75], [32.5, 38.75]]


def test_player_data(seeds: Seeds) -> None:
    footage = seeds.footage("a.mp4", gaps=(Gap(1.0, 2.0, "corrupt"),))
    run = seeds.run(footage, people=2, pictures=False)
    people = seeds.engine.answers.people(run.id)
    data = _data.player_data(footage, run, people, _data.Looking(t=7.5, person="P1"), "en")
    assert data["src"] == f"/sightline/media/{footage.id}/playback.mp4"
    assert data["overlay"] == f"/sightline/overlay/{run.id}"
    assert (data["t"], data["chosen"], data["only"]) == (7.5, "P1", "")
    assert data["gaps"] == [[1.0, 2.0]]
    assert [person["label"] for person in data["people"]] == ["P1", "P2"]
    assert data["people"][0]["spans"] == _data.spans(people[0])


def test_player_data_without_a_run(seeds: Seeds) -> None:
    data = _data.player_data(seeds.footage(), None, (), _data.Looking(person="P1", only=True), "en")
    assert (data["overlay"], data["people"], data["t"], data["seek"]) == ("", [], None, "")
    assert data["only"] == "P1"
