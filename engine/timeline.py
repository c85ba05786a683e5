"""What the timeline draws: rows of persons with their presence and segments, compact.

May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from engine.answers import Answers


class Timelines:
    """Lays runs out as rows over time.

    Args:
        answers: what analyses found.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
