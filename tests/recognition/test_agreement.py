"""Two cameras: what both say counts, what they contradict each other about passes and is listed."""

from __future__ import annotations

import pytest

from engine.recognition.agreement import as_windows, merge_views
from engine.recognition.shop import acts_of
from tests.recognition.test_shop import REST, windows

CATCH, PUT, WEAK = ("catch", 0.8), ("put", 0.7), ("catch", 0.4)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        pytest.param([CATCH], [[("catch", 0.6)]], [("catch", 0.7)], id="agree"),
        pytest.param([REST], [[REST]], [("normal", 1.0)], id="agree-on-nothing"),
        pytest.param([CATCH], [[PUT]], [("pass", 0.7)], id="contradict"),
        pytest.param([CATCH], [[REST]], [("pass", 0.8)], id="the-other-sees-nothing-done"),
        pytest.param([CATCH], [[WEAK]], [("pass", 0.6)], id="the-other-is-not-sure"),
        pytest.param([CATCH], [[REST], [CATCH]], [("catch", 0.8)], id="one-of-two-people-there"),
        pytest.param([CATCH], [], [("catch", 0.8)], id="nobody-there"),
        pytest.param([CATCH, REST], [[CATCH, PUT]], [("catch", 0.8), ("pass", 0.7)], id="window-by-window"),
    ],
)
def test_what_two_cameras_say(
    here: list[tuple[str, float]], there: list[list[tuple[str, float]]], expected: list[tuple[str, float]]
) -> None:
    merged = merge_views(windows(here), [windows(each) for each in there], 0.5)
    assert [(one.label, pytest.approx(one.score, abs=1e-6)) for one in merged] == expected
    assert [one.disagrees for one in merged] == [label == "pass" for label, _ in expected]


@pytest.mark.parametrize(
    ("shift", "label"),
    [pytest.param(1.9, "catch", id="half-in-common"), pytest.param(2.1, "pass", id="another-time")],
)
def test_only_the_same_time_counts(shift: float, label: str) -> None:
    merged = merge_views(windows([CATCH]), [windows([CATCH], first=shift)], 0.5, alone_counts=False)
    assert merged[0].label == label


def test_what_each_says_is_kept() -> None:
    (one,) = merge_views(windows([CATCH], tracklet=4), [windows([PUT])], 0.5)
    assert (one.tracklet, one.here, one.there) == (4, "catch", "put")
    assert (one.here_score, one.there_score) == (pytest.approx(0.8), pytest.approx(0.7))


def test_what_passes_no_longer_counts() -> None:
    here = windows([CATCH, REST, ("insert", 0.6)])
    both = as_windows(here, merge_views(here, [windows([REST, REST, ("insert", 0.8)])], 0.5))
    assert [(act.what, round(act.score, 3)) for act in acts_of(both, 0.5)] == [("insert", 0.7)]
    assert both.probabilities.sum(axis=1) == pytest.approx(1.0)


def test_other_labels_cannot_be_merged() -> None:
    from tests.recognition.test_anomalies import scores

    with pytest.raises(ValueError, match="same labels"):
        merge_views(windows([CATCH]), [scores([("theft", 0.9)])], 0.5)
