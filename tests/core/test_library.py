from __future__ import annotations

import pytest

from engine.core.errors import FootageError
from engine.core.library import FootageDetails, check_zone, parse_start


def test_what_is_said_is_tidied() -> None:
    said = FootageDetails(
        ("  gate ", "Gate", "", "night  shift"), " Cam\t1 ", "2026-11-20T18:41:05+09:00", " UTC ", " x "
    )
    assert said == FootageDetails(("gate", "night shift"), "Cam 1", "2026-11-20T09:41:05+00:00", "UTC", "x")


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        pytest.param({"tags": ("a,b",)}, "bad-tag", id="comma"),
        pytest.param({"tags": ("x" * 41,)}, "bad-tag", id="long-tag"),
        pytest.param({"tags": tuple(map(str, range(21)))}, "bad-tag", id="many-tags"),
        pytest.param({"tags": ("a\x07b",)}, "bad-tag", id="bell"),
        pytest.param({"camera": "x" * 81}, "bad-camera", id="long-camera"),
        pytest.param({"note": "x" * 2001}, "bad-note", id="long-note"),
        pytest.param({"zone": "Nowhere/Land"}, "bad-zone", id="zone"),
        pytest.param({"zone": "../../etc/passwd"}, "bad-zone", id="path-as-zone"),
        pytest.param({"start_utc": "soon"}, "bad-start", id="words"),
        pytest.param({"start_utc": "2026-11-20T18:41:05"}, "bad-start", id="no-offset"),
        pytest.param({"start_utc": "0001-01-01T00:00:00+14:00"}, "bad-start", id="before-time"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_kind(facts: dict[str, object], kind: str) -> None:
    with pytest.raises(FootageError) as caught:
        FootageDetails(**facts)  # type: ignore[arg-type]
    assert caught.value.kind == kind
    assert caught.value.user_message.endswith(".")


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("", "", ""),
        ("2026-11-20 18:41", "Asia/Seoul", "2026-11-20T09:41:00+00:00"),
        (" 2026-11-20T18:41:05.25 ", "Asia/Seoul", "2026-11-20T09:41:05.250+00:00"),
        ("2026-07-01 12:00", "Europe/Berlin", "2026-07-01T10:00:00+00:00"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30:00+00:00"),
        ("2026-11-20T18:41:05-05:00", "", "2026-11-20T23:41:05+00:00"),
    ],
)
def test_a_start_is_read_on_its_zones_clock(text: str, zone: str, utc: str) -> None:
    assert parse_start(text, zone) == utc


@pytest.mark.parametrize(
    ("text", "zone", "kind"),
    [
        ("2026-11-20", "Asia/Seoul", "bad-start"),
        ("18:41", "Asia/Seoul", "bad-start"),
        ("2026-02-30 10:00", "Asia/Seoul", "bad-start"),
        ("9999-12-31 23:59", "America/New_York", "bad-start"),
        ("2026-11-20 18:41", "", "bad-zone"),
        ("2026-11-20 18:41", "Seoul", "bad-zone"),
        ("2026-03-29 02:30", "Europe/Berlin", "no-such-hour"),
    ],
)
def test_starts_that_never_were(text: str, zone: str, kind: str) -> None:
    with pytest.raises(FootageError) as caught:
        parse_start(text, zone)
    assert caught.value.kind == kind


def test_zones() -> None:
    assert check_zone(" Asia/Seoul ") == "Asia/Seoul"
