"""Names of people that outlive an analysis: given once, found again in every other analysis of the footage.

A name is kept at a box and an instant, and means whoever's box lies there. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import numpy as np

from engine.core.boxes import box_iou
from engine.core.errors import ConfigError
from engine.core.types import Tracklet
from engine.core.views import RunView
from engine.store.names import Box, NameTable
from engine.store.results import ResultTable

LONGEST = 80
"""Longest name, characters."""

SAME_IOU = 0.4
"""Least overlap of two boxes of one person at one instant, by two analyses."""

SAME_S = 0.5
"""Farthest row of a tracklet from the instant of a name, seconds: analyses look at frames of their own."""


class Naming:
    """Gives names and finds them again.

    Args:
        names: the names of the store.
        results: the results.
    """

    def __init__(self, names: NameTable, results: ResultTable) -> None:
        self._names = names
        self._results = results

    def rename(self, run: str, label: str, name: str) -> None:
        """Name a person, in this analysis and in all others of the same footage.

        Args:
            run: id of the run.
            label: of the person in it.
            name: at most 80 characters, blanks around it dropped; "" takes the name away.

        Raises:
            ConfigError: the name is too long or holds control characters.
            StoreError: there is no such run or person.
        """
        name = name.strip()
        if len(name) > LONGEST or not name.isprintable():
            raise ConfigError(f"A name has at most {LONGEST} letters and no line breaks. Choose a shorter one.")
        view = self._results.run(run)
        link = next((each for each in self._results.links(_key(view, "link")) if each.label == label), None)
        anchor = None
        if link is not None and name:
            tracklets = self._results.tracklets(_key(view, "track"))
            anchor = _anchor([each for each in tracklets if each.number in link.tracklets])
        self._names.put(view.footage, label, _key(view, "link"), anchor, name)
        for other in self._results.runs(view.footage):
            if _key(other, "link") != _key(view, "link"):
                self.carry(other)

    def carry(self, run: RunView) -> None:
        """Find the people of a run whose names are known from other analyses of the footage."""
        anchors = self._names.anchors(run.footage)
        found: dict[str, int] = {}
        if anchors:
            tracklets = self._results.tracklets(_key(run, "track"))
            links = self._results.links(_key(run, "link"))
            owner = {number: link.label for link in links for number in link.tracklets}
            for anchor in anchors:
                number = whose(tracklets, anchor.t, anchor.box)
                if number in owner:
                    found[owner[number]] = anchor.id
        self._names.bind(_key(run, "link"), found)


def _key(run: RunView, stage: str) -> str:
    return next(each.key for each in run.stages if each.name == stage)


def _anchor(tracklets: list[Tracklet]) -> tuple[float, Box]:
    """The instant at which somebody was seen best: highest score, then largest box."""
    rows = [
        (float(each.scores[row]), float(np.prod(each.boxes[row, 2:] - each.boxes[row, :2])), each, int(row))
        for each in tracklets
        for row in np.flatnonzero(~each.interpolated)
    ]
    _, _, best, row = max(rows, key=lambda entry: entry[:2])
    x1, y1, x2, y2 = (float(side) for side in best.boxes[row])
    return float(best.t[row]), (x1, y1, x2, y2)


def whose(tracklets: list[Tracklet], t: float, box: Box) -> int:
    """Number of the tracklet whose box lies on `box` at `t`; 0 where none does."""
    asked = np.array([box], np.float32)
    best, number = SAME_IOU, 0
    for each in tracklets:
        row = int(np.abs(each.t - t).argmin())
        if abs(float(each.t[row]) - t) > SAME_S:
            continue
        overlap = float(box_iou(asked, each.boxes[row : row + 1])[0, 0])
        if overlap >= best:
            best, number = overlap, each.number
    return number
