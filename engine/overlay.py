"""What the player draws over the picture: boxes, names, labels and skeletons of a stretch of time.

May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from engine.store.results import ResultTable


class Overlays:
    """Cuts slices of time out of runs.

    Args:
        results: the results table.
    """

    def __init__(self, results: ResultTable) -> None:
        self._results = results
