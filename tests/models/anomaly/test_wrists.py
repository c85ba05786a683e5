"""Hands at a shelf, read off the wrists of drawn bodies."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.anomalies import BEHAVIOURS, ShopScene, WindowScores, Zone
from engine.core.protocols import BackendOptions
from engine.core.types import Tracklet
from models.anomaly.wrists import HANDS, SUREST, WristReader
from tests.models.action.stick_figures import REACHING, SIZE, STANDING, Figure, Scene

HANGING = STANDING
CARRYING = Figure(arms=(5.0, 15.0), elbows=(10.0, 85.0))
POCKETED = Figure(arms=(5.0, -28.0), elbows=(10.0, 62.0))
RAISED_PHONE = Figure(arms=(5.0, 40.0), elbows=(10.0, 120.0))


def play(*parts: tuple[Figure, float], yaw: float = -60.0, fps: float = 5.0) -> Tracklet:
    """A body that takes up postures one after another, each for so many seconds."""
    figures = [figure for figure, seconds in parts for _ in range(round(seconds * fps))]
    return Scene(yaw=yaw, fps=fps).film(np.arange(len(figures)) / fps, figures)


def read(tracklet: Tracklet, *zones: Zone) -> list[WindowScores]:
    scene = ShopScene(SIZE, 4.0, 2.0, zones)
    return WristReader(BackendOptions()).read([tracklet], scene, lambda times: pytest.fail("it needs no frames"))


def told(tracklet: Tracklet, *zones: Zone) -> set[str]:
    """What reaches one half in any window."""
    (windows,) = read(tracklet, *zones)
    rows = windows.probabilities
    return {windows.labels[column] for column in np.argmax(rows, axis=1)[rows.max(axis=1) >= 0.5]} - {"normal"}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(HANGING, 8)], set(), id="stands"),
        pytest.param([(POCKETED, 8)], set(), id="stands-with-a-hand-in-a-pocket"),
        pytest.param([(CARRYING, 8)], set(), id="carries"),
        pytest.param([(HANGING, 3), (RAISED_PHONE, 3), (HANGING, 3)], set(), id="telephones"),
        pytest.param([(HANGING, 3), (REACHING, 1), (CARRYING, 5)], {"catch"}, id="takes"),
        pytest.param([(CARRYING, 3), (REACHING, 1), (HANGING, 5)], {"put"}, id="puts-back"),
        pytest.param([(HANGING, 3), (REACHING, 1), (POCKETED, 5)], {"catch", "insert"}, id="pockets"),
        pytest.param([(HANGING, 3), (REACHING, 1), (HANGING, 5)], set(), id="touches"),
        pytest.param([(HANGING, 3), (REACHING, 0.2), (POCKETED, 5)], set(), id="a-slip-of-the-pose"),
    ],
)
def test_what_hands_do(parts: list[tuple[Figure, float]], expected: set[str]) -> None:
    assert told(play(*parts)) == expected


def test_it_is_never_surer_than_it_may_be() -> None:
    (windows,) = read(play((HANGING, 3), (REACHING, 1), (POCKETED, 5)))
    acts = windows.probabilities[:, : BEHAVIOURS.index("normal")]
    assert 0.5 <= acts.max() <= SUREST + 1e-6


def test_it_says_which_hand_it_was() -> None:
    (windows,) = read(play((HANGING, 3), (REACHING, 1), (POCKETED, 5)))
    row = int(windows.probabilities[:, BEHAVIOURS.index("insert")].argmax())
    assert windows.joints == HANDS and windows.weights[row].argmax() == HANDS.index("right wrist")


def test_where_shelves_are_drawn_only_they_are_reached_into() -> None:
    tracklet = play((HANGING, 3), (REACHING, 1), (POCKETED, 5))
    wrist = tracklet.poses.landmarks[17, 16, :2] / np.array(SIZE)
    x, y = (float(side) for side in wrist)
    here = Zone("shelf", ((x - 0.05, y - 0.1), (x + 0.05, y - 0.1), (x + 0.05, y + 0.1), (x - 0.05, y + 0.1)))
    elsewhere = Zone("shelf", ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1)))
    assert "insert" in told(tracklet, here)
    assert told(tracklet, elsewhere) == set()


def test_hidden_arms_are_not_read() -> None:
    (windows,) = read(Scene(hidden_below=1.3).hold(STANDING, 8.0))
    assert (windows.coverage < 0.1).all() and (windows.probabilities[:, BEHAVIOURS.index("normal")] > 0.9).all()


def test_a_glimpse_has_no_windows() -> None:
    assert read(play((STANDING, 0.4))) == []
