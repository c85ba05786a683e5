"""What limits a search: every filter by itself, and hours on the camera's own clock."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.search import SearchConfig
from engine.search.filters import Crowd, Place, allowed, chosen_places, in_hours

GATE = Place("g", "gate.mp4", "Gate", "2026-03-01T09:00:00+00:00", "Asia/Seoul")
HALL = Place("h", "hall.mp4", "Hall", "", "")


def crowd(*people: tuple[float, float, float]) -> Crowd:
    """People with start and end of their one stretch, seconds, and a score."""
    n = len(people)
    return Crowd(
        footage=np.zeros(n, np.int64),
        labels=tuple(f"P{row + 1}" for row in range(n)),
        seen_s=np.array([end - start for start, end, _ in people], np.float64),
        scores=np.array([score for _, _, score in people], np.float32),
        owner=np.arange(n),
        tracklets=np.arange(n) + 1,
        start_s=np.array([start for start, _, _ in people], np.float64),
        end_s=np.array([end for _, end, _ in people], np.float64),
        told={("action", "running"): np.array([0]), ("emotion", "angry"): np.array([1])} if n > 1 else {},
    )


BOTH = Crowd.concatenate([crowd((0, 10, 0.9), (5, 8, 0.5)), crowd((0, 4000, 0.7), (50, 55, 0.8))])
PLACES = (GATE, HALL)


@pytest.mark.parametrize(
    ("config", "rows"),
    [
        pytest.param(SearchConfig(), [0, 1, 2, 3], id="nothing"),
        pytest.param(SearchConfig(footage=("h",)), [2, 3], id="footage"),
        pytest.param(SearchConfig(footage=("h", "g")), [0, 1, 2, 3], id="both"),
        pytest.param(SearchConfig(footage=("x",)), [], id="no-such-footage"),
        pytest.param(SearchConfig(cameras=("Gate",)), [0, 1], id="camera"),
        pytest.param(SearchConfig(min_seen_s=5.0), [0, 2, 3], id="seen"),
        pytest.param(SearchConfig(min_person_score=0.75), [0, 3], id="person-score"),
        pytest.param(SearchConfig(action="running"), [0, 2], id="action"),
        pytest.param(SearchConfig(emotion="angry"), [1, 3], id="emotion"),
        pytest.param(SearchConfig(action="flying"), [], id="never-told"),
        pytest.param(SearchConfig(action="running", min_seen_s=20), [2], id="two-at-once"),
        pytest.param(SearchConfig(anomaly="theft"), [1], id="anomaly"),
    ],
)
def test_filters(config: SearchConfig, rows: list[int]) -> None:
    passes, undated = allowed(BOTH, PLACES, config, {("g", "P2")})
    assert np.flatnonzero(passes).tolist() == rows
    assert undated == ()


def test_people_of_several_footages_stay_apart() -> None:
    assert BOTH.footage.tolist() == [0, 0, 1, 1]
    assert BOTH.owner.tolist() == [0, 1, 2, 3]
    assert BOTH.told["action", "running"].tolist() == [0, 2]
    assert len(Crowd.concatenate([])) == 0


def test_without_a_start_footage_is_left_out_and_named() -> None:
    config = SearchConfig(from_hour=17, to_hour=19)
    passes, undated = allowed(BOTH, PLACES, config)
    # 09:00 UTC is 18:00 in Seoul.
    assert np.flatnonzero(passes).tolist() == [0, 1]
    assert undated == ("hall.mp4",)
    assert chosen_places(PLACES, SearchConfig(footage=("g",), from_hour=17, to_hour=19))[1] == ()


@pytest.mark.parametrize(
    ("start", "end", "hours", "inside"),
    [
        pytest.param(0, 60, (18, 19), True, id="begins-inside"),
        pytest.param(0, 60, (17, 18), False, id="to-is-exclusive"),
        pytest.param(0, 7200, (19, 20), True, id="reaches-into"),
        pytest.param(0, 3599, (19, 20), False, id="ends-before"),
        pytest.param(0, 60, (22, 6), False, id="over-midnight-before"),
        pytest.param(5 * 3600, 5 * 3600 + 60, (22, 6), True, id="over-midnight-evening"),
        pytest.param(9 * 3600, 9 * 3600 + 60, (22, 6), True, id="over-midnight-morning"),
        pytest.param(13 * 3600, 13 * 3600 + 60, (22, 6), False, id="over-midnight-after"),
        pytest.param(0, 25 * 3600, (3, 4), True, id="longer-than-a-day"),
        pytest.param(0, 60, (8, 8), True, id="all-day"),
    ],
)
def test_hours_on_the_cameras_clock(start: float, end: float, hours: tuple[float, float], inside: bool) -> None:
    config = SearchConfig(from_hour=hours[0], to_hour=hours[1])
    assert in_hours(GATE, np.array([start], float), np.array([end], float), config).tolist() == [inside]


def test_clocks_that_are_put_forward() -> None:
    # At 01:00 UTC on 2026-03-29 the clocks of Berlin go from 02:00 to 03:00.
    berlin = Place("b", "b.mp4", "", "2026-03-29T00:30:00+00:00", "Europe/Berlin")
    config = SearchConfig(from_hour=2, to_hour=3)
    starts = np.array([0.0, 1799.0, 1801.0, 3600.0])
    assert in_hours(berlin, starts, starts + 0.5, config).tolist() == [False] * 4
    config = SearchConfig(from_hour=3, to_hour=3.2)
    assert in_hours(berlin, starts, starts + 0.5, config).tolist() == [False, False, True, False]
