"""Which stretches of footage are lost. Owns: `Damage`. May import: `engine.core`."""

from __future__ import annotations

from engine.core.types import Gap

_DOUBTED_FRAMES = 16
_LONGEST_SMEAR_S = 10.0
_TAIL_S = 0.3


class Damage:
    """Collects the stretches in which the picture is lost.

    Args:
        step_s: nominal time between two frames, seconds.
    """

    def __init__(self, step_s: float) -> None:
        self.gaps: list[Gap] = []
        self._step_s = step_s
        self._last: float | None = None
        self._doubt = 0
        self._smeared = False

    def error(self) -> None:
        """Something could not be read or decoded about here."""
        # Decoders with several threads report late or early by as many frames as there are threads.
        self._doubt = _DOUBTED_FRAMES
        self._smeared = True

    def distrusts(self, t: float, *, is_key: bool) -> bool:
        """Whether the picture at `t` may still show what was damaged before it.

        Pictures are coded as differences, so damage stays in view until a keyframe comes.
        """
        since = 0.0 if self._last is None else self._last
        if is_key or t - since > _LONGEST_SMEAR_S:
            self._smeared = False
        return self._smeared

    def saw(self, t: float) -> None:
        """A whole picture came out at `t`."""
        start = 0.0 if self._last is None else self._last + self._step_s
        if self._doubt and t - start > 0.5 * self._step_s:
            self._add(start, t, "corrupt")
            self._doubt = 0
        self._doubt = max(0, self._doubt - 1)
        self._last = t

    def finish(self, promised_s: float | None) -> None:
        """The stream ended; the container had promised so many seconds."""
        end = 0.0 if self._last is None else self._last + self._step_s
        if promised_s is not None and promised_s - end > max(_TAIL_S, 2 * self._step_s):
            self._add(end, promised_s, "truncated")

    def _add(self, start: float, end: float, reason: str) -> None:
        if self.gaps and start - self.gaps[-1].end_s <= 2 * self._step_s:
            start = self.gaps.pop().start_s
        self.gaps.append(Gap(start_s=start, end_s=end, reason=reason))
