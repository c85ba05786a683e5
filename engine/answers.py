"""What analyses found, as pages, the command line and exports ask for it.

May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from engine.core.types import Tracklet
from engine.core.views import PersonView
from engine.store.results import ResultTable


class Answers:
    """Reads the results of runs.

    Args:
        results: the results table.
    """

    def __init__(self, results: ResultTable) -> None:
        self._results = results

    def people(self, run: str) -> tuple[PersonView, ...]:
        """Persons of a run in order of first appearance."""
        return self._results.people(run)

    def tracklets(self, run: str) -> list[Tracklet]:
        """All boxes and landmarks of a run, by tracklet number."""
        return self._results.tracklets(self._key(run, "track"))

    def _key(self, run: str, stage: str) -> str:
        return next(one.key for one in self._results.run(run).stages if one.name == stage)
