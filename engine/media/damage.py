"""Which stretches of footage are lost. Owns: `Damage`, `Cadence`. May import: `engine.core`."""

from __future__ import annotations

from engine.core.types import Gap

_DOUBTED_FRAMES = 16
_LONGEST_SMEAR_S = 10.0
_TAIL_S = 0.3
_EVEN_PACKETS = 12


class Cadence:
    """Notices packets missing from a stream whose decoding times come at even steps.

    For transport streams only: elsewhere a picture that stands still is simply not stored again.

    Args:
        step: nominal step, units of the time base.
    """

    def __init__(self, step: float) -> None:
        self._step = step
        self._last: int | None = None
        self._even = 0

    def jumps(self, dts: int | None) -> bool:
        """Whether packets are missing before this one."""
        if dts is None:
            return False
        step = 0 if self._last is None else dts - self._last
        self._last = dts
        if abs(step - self._step) < 0.1 * self._step:
            self._even += 1
            return False
        if self._even < _EVEN_PACKETS:
            self._even = 0
            return False
        return step > 1.75 * self._step


class Damage:
    """Collects the stretches in which the picture is lost.

    Args:
        step_s: nominal time between two frames, seconds.
    """

    def __init__(self, step_s: float) -> None:
        self.gaps: list[Gap] = []
        self.noticed = False
        self._step_s = step_s
        self._last: float | None = None
        self._doubt = 0
        self._smeared = False
        self._lost_to = 0.0

    def error(self) -> None:
        """Something could not be read or decoded about here."""
        # Decoders with several threads report late or early by as many frames as there are threads.
        self.noticed = True
        self._doubt = _DOUBTED_FRAMES
        self._smeared = True

    def distrusts(self, t: float, *, is_key: bool) -> bool:
        """Whether the picture at `t` may still show what was damaged before it.

        Pictures are coded as differences, so damage stays in view until a keyframe comes.
        """
        since = 0.0 if self._last is None else self._last
        if is_key or t - since > _LONGEST_SMEAR_S:
            self._smeared = False
        if self._smeared:
            self._lost_to = t + self._step_s
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
        least = max(_TAIL_S, 2 * self._step_s)
        if promised_s is not None and promised_s - end > least:
            self._add(end, promised_s, "truncated")
        elif self._lost_to - end > least:
            self._add(end, self._lost_to, "corrupt")

    def _add(self, start: float, end: float, reason: str) -> None:
        if self.gaps and start - self.gaps[-1].end_s <= 2 * self._step_s:
            start = self.gaps.pop().start_s
        self.gaps.append(Gap(start_s=start, end_s=end, reason=reason))
