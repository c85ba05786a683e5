"""Recordings that show one place: declaring them, aligning their clocks, finding a moment on the other camera.

May import: `engine.core`, `engine.media`, `engine.steps`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.cameras import BY_HAND, ESTIMATED, Alignment, CameraPair, OtherView
from engine.core.config import Settings
from engine.core.errors import ConfigError
from engine.core.views import FootageView
from engine.store.cameras import CameraTable
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.results import ResultTable

if TYPE_CHECKING:
    from engine.steps import OtherCamera

MOST_OFFSET_S = 7 * 24 * 3600.0
MOST_DRIFT = 0.01
HAND_UNCERTAINTY_S = 0.5
"""How exactly people set an offset by looking at two pictures, where they do not say, seconds."""


class Cameras:
    """Pairs of recordings.

    Args:
        database: the store.
        settings: what decoding may cost.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._pairs, self._footage, self._settings = CameraTable(database), FootageTable(database), settings
        self._results = ResultTable(database)

    def pairs(self, footage: str = "") -> tuple[CameraPair, ...]:
        """All pairs, or those of one footage."""
        return self._pairs.all(footage)

    def other_camera(self, footage: str) -> OtherCamera | None:
        """The first recording of the same place in which hands were watched already."""
        from engine.steps import OtherCamera

        for pair in self.pairs(footage):
            clock = pair.alignment if pair.first == footage else pair.alignment.reversed()
            other = pair.second if pair.first == footage else pair.first
            for run in self._results.runs(other)[:1]:
                keys = [stage.key for stage in run.stages if stage.name == "behaviours"]
                if keys:
                    return OtherCamera(other, keys[0], clock)
        return None

    def estimate(self, first: str, second: str, on_progress: Callable[[float], None] = lambda _: None) -> CameraPair:
        """Declare two recordings views of one place, their clocks aligned by the movement both show.

        Args:
            first: footage id.
            second: footage id.
            on_progress: hears the share done; may raise to give up.

        Raises:
            StoreError: there is no such footage.
            FootageError: one cannot be read; kind "no-alignment" where nothing in common stands out.
            ConfigError: they are the same.
        """
        from engine.media.alignment import align
        from engine.media.motion import read_motion

        views = self._two(first, second)
        total = sum(view.media.duration_s for view in views) or 1.0
        done, motions = 0.0, []
        for view in views:
            begun = done
            motions.append(
                read_motion(Path(view.path), self._settings, lambda t, b=begun: on_progress(min(1.0, (b + t) / total)))  # type: ignore[misc]
            )
            done += view.media.duration_s
        return self._pairs.put(views[0].id, views[1].id, align(*motions), ESTIMATED)

    def adjust(
        self, first: str, second: str, offset_s: float, drift: float = 0.0, uncertainty_s: float = HAND_UNCERTAINTY_S
    ) -> CameraPair:
        """Declare two recordings views of one place, or correct it, by hand.

        Args:
            first: footage id.
            second: footage id.
            offset_s: seconds that the second shows more than the first when the first shows 0.
            drift: seconds gained by the second for each of the first.
            uncertainty_s: how exactly that is known.

        Raises:
            StoreError: there is no such footage.
            ConfigError: they are the same, or a number is out of bounds.
        """
        views = self._two(first, second)
        if not abs(offset_s) <= MOST_OFFSET_S or not abs(drift) <= MOST_DRIFT or not 0 <= uncertainty_s <= 3600:
            raise ConfigError(
                f"An offset lies within {MOST_OFFSET_S:g} s and a drift within {MOST_DRIFT:g} s a second. "
                "Correct the numbers."
            )
        return self._pairs.put(views[0].id, views[1].id, Alignment(offset_s, drift, uncertainty_s, 0.0), BY_HAND)

    def forget(self, pair: int) -> None:
        """Take a declaration back."""
        self._pairs.drop(pair)

    def moment(self, footage: str, t: float) -> tuple[OtherView, ...]:
        """The same moment in all other recordings of the place that were running then.

        Args:
            footage: footage id.
            t: seconds in it.
        """
        found = []
        for pair in self._pairs.all(footage):
            ours_first = pair.first == footage
            other = pair.second if ours_first else pair.first
            there = pair.alignment.to_second(t) if ours_first else pair.alignment.to_first(t)
            if 0 <= there <= self._footage.get(other).media.duration_s:
                found.append(OtherView(other, there, pair.alignment.uncertainty_s, pair.id))
        return tuple(found)

    def _two(self, first: str, second: str) -> tuple[FootageView, FootageView]:
        views = self._footage.find(first), self._footage.find(second)
        if views[0].id == views[1].id:
            raise ConfigError("A recording is no second view of itself. Choose another one.")
        return views
