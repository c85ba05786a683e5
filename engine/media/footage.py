"""Footage as a stream of upright pictures with their own times. Runs only inside the decoding child.

Owns: opening a container safely, choosing its video stream, the origin of time, seeking, damage. May import:
`engine.core`, `engine.media.formats`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from engine.core.errors import FootageError
from engine.core.types import Gap
from engine.media import formats

SEEK_MARGIN_S = 0.5
"""Decoding starts at a keyframe at least so long before the first frame asked for, past any reordering."""

_MOST_ERRORS = 200
_LONGEST_SMEAR_S = 10.0
_TAIL_S = 0.3
_MOST_THREADS = 8
_THREAD_PIXELS = 32_000_000
_DURATION = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded frame, not yet turned upright.

    Attributes:
        t: seconds from the start of the stream.
        stamp: the same in units of the stream's time base.
        frame: FFmpeg's picture.
    """

    t: float
    stamp: int
    frame: VideoFrame


@dataclass(frozen=True, slots=True)
class Turn:
    """What the display matrix asks for: an exchange of axes, then mirrorings.

    Attributes:
        transpose: exchange x and y first.
        flip_x: then mirror left and right.
        flip_y: then mirror top and bottom.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def degrees(self) -> int:
        """Clockwise rotation in degrees; of a mirrored picture, the rotation that follows the mirroring."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A turned view of a (H, W, …) array."""
        if self.transpose:
            image = image.swapaxes(0, 1)
        return image[:: -1 if self.flip_y else 1, :: -1 if self.flip_x else 1]

    @classmethod
    def of(cls, frame: VideoFrame) -> Turn:
        """Read it from the frame's side data, rounded to right angles.

        Source: FFmpeg libavutil/display.h: x' = a x + c y, y' = b x + d y with the matrix (a b u; c d v; x y w).
        """
        data: Any = frame.side_data.get("DISPLAYMATRIX")
        if data is None:
            return cls()
        a, b, _, c, d = np.frombuffer(data, np.int32)[:5].tolist()
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(flip_x=a < 0, flip_y=d < 0)
        return cls(transpose=True, flip_x=c < 0, flip_y=b < 0)


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
        self._doubt = 2 * _MOST_THREADS
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


class Footage:
    """An opened file.

    Args:
        path: absolute path.
        beat: called for every packet, says that work goes on.

    Raises:
        FootageError: it is no footage, or too large.
    """

    def __init__(self, path: str, beat: Callable[[], None]) -> None:
        self.path = Path(path)
        self._beat = beat
        self.container = self._open()
        try:
            self._begin()
        except BaseException:
            self.container.close()
            raise

    def _begin(self) -> None:
        self.stream = self._choose()
        codec = self.stream.codec_context
        formats.check_size(self.path.name, codec.width, codec.height)
        codec.thread_type = "AUTO"
        # Each thread holds pictures of its own: large ones get fewer.
        affordable = _THREAD_PIXELS // max(1, codec.width * codec.height)
        codec.thread_count = max(1, min(_MOST_THREADS, os.cpu_count() or 1, affordable))
        self.time_base = self.stream.time_base or Fraction(1, 90000)
        self.base = float(self.time_base)
        demuxers = self.container.format.name.split(",")
        self.seekable = any(name in formats.SEEKABLE for name in demuxers)
        self.keeps_pts = not any(name in formats.WITHOUT_PTS for name in demuxers)
        self._states_length = any(name in formats.STATES_LENGTH for name in demuxers)
        self.fps = self._average_rate()
        self.damage = Damage(1.0 / self.fps)
        self.decoded = 0
        self._origin: int | None = self.stream.start_time if self.seekable else None

    def _open(self) -> InputContainer:
        try:
            # The prefix keeps a name such as "concat:a|b" from being taken for a protocol.
            return av.open(f"file:{self.path}", options=formats.DEMUX_OPTIONS, metadata_errors="replace")
        except MemoryError:
            raise
        except (av.FFmpegError, OSError) as error:
            raise formats.describe_refused(self.path, str(error)) from error

    def _choose(self) -> VideoStream:
        """The video stream with the largest picture; cover pictures are no footage."""
        name = f"“{self.path.name}”"
        moving = [s for s in self.container.streams.video if not s.disposition & s.disposition.attached_pic]
        if not moving:
            sound = bool(self.container.streams.audio)
            raise FootageError(
                f"{name} has sound but no moving picture. Add a video file."
                if sound
                else f"{name} holds no moving picture. Add a video file.",
                kind="no-video-stream",
            )
        known = [s for s in moving if s.codec_context is not None and s.codec_context.width > 0]
        if not known:
            raise FootageError(
                f"The picture of {name} is in a coding this machine cannot decode, or its beginning is damaged. "
                "Export it as MP4 (H.264) and add that.",
                kind="unknown-codec",
            )
        return max(known, key=lambda s: s.codec_context.width * s.codec_context.height)

    def _average_rate(self) -> float:
        duration = self.stream.duration
        if self.stream.frames > 1 and duration:
            return self.stream.frames / (duration * self.base)
        rate = self.stream.average_rate or self.stream.guessed_rate
        return float(rate) if rate and 0.01 <= rate <= 1000 else 30.0

    @property
    def promised_s(self) -> float | None:
        """Length of the video that the container states, seconds; None where it states none of its own."""
        if not self._states_length:
            return None
        if self.stream.duration:
            return self.stream.duration * self.base
        # Matroska counts from its own zero, not from the first picture.
        late = (self.stream.start_time or 0) * self.base
        stated = _DURATION.fullmatch(str(self.stream.metadata.get("DURATION", "")))
        if stated:
            hours, minutes, seconds = (float(part) for part in stated.groups())
            return hours * 3600 + minutes * 60 + seconds - late
        if self.container.duration:
            return float(self.container.duration / av.time_base) - late
        return None

    def close(self) -> None:
        """Close the file."""
        self.container.close()

    def rewind(self, t: float) -> bool:
        """Go to a keyframe before `t`, or to the beginning.

        Returns:
            Whether the position is somewhere after the beginning: then check that the first frame is early enough.
        """
        target = t - SEEK_MARGIN_S
        if self.seekable and target > 0:
            try:
                self.container.seek(int(target / self.base) + (self._origin or 0), stream=self.stream)
            except av.FFmpegError:
                self.reopen()
            else:
                return True
        else:
            self.reopen()
        return False

    def reopen(self) -> None:
        """Start again at the very beginning, with a fresh decoder."""
        self.container.close()
        self.container = self._open()
        self._begin()

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """Packets of the video stream; unreadable places are passed over and noted. The last one is the flush."""
        errors = 0
        while errors < _MOST_ERRORS:
            try:
                for packet in self.container.demux(self.stream):
                    self._beat()
                    if packet.is_corrupt:
                        self.damage.error()
                    yield packet
            except MemoryError:
                raise
            except (av.FFmpegError, OSError):
                errors += 1
                self.damage.error()
            else:
                return

    def frames(self) -> Iterator[VideoFrame]:
        """Whole decoded frames in the order of presentation; damaged ones are left out and noted."""
        for packet in self.packets():
            try:
                decoded = packet.decode()
            except MemoryError:
                raise
            except (av.FFmpegError, OSError):
                self.damage.error()
                continue
            for frame in decoded:
                if frame.is_corrupt:
                    self.damage.error()
                else:
                    yield frame

    def pictures(self) -> Iterator[Picture]:
        """Pictures with strictly increasing times, from the present position to the end.

        Where the container keeps no PTS the DTS takes its place: decoders hand it on in ascending order. A frame
        without either comes the nominal step after the frame before. A frame that is not later than
        the one before is left out: two pictures of one instant cannot be told apart.
        """
        last: int | None = None
        for frame in self.frames():
            self.decoded += 1
            stamp = frame.pts if self.keeps_pts and frame.pts is not None else frame.dts
            if stamp is None:
                stamp = 0 if last is None else self.origin + last + max(1, round(1.0 / (self.fps * self.base)))
            if self._origin is None:
                self._origin = self.first_origin(stamp)
            stamp -= self._origin
            if last is not None and stamp <= last:
                continue
            t = stamp * self.base
            if self.damage.distrusts(t, is_key=frame.key_frame):
                continue
            last = stamp
            self.damage.saw(t)
            yield Picture(t=t, stamp=stamp, frame=frame)

    def first_origin(self, stamp: int) -> int:
        """Where time starts in a container without exact times: at the first frame, unless the beginning is lost.

        Args:
            stamp: of the first frame, units of the time base.
        """
        start = self.stream.start_time
        if start is None or not 0.5 < (stamp - start) * self.base < 3600:
            return stamp
        return start

    @property
    def origin(self) -> int:
        """The stream's zero, in units of its time base; known once a picture was seen."""
        return self._origin or 0
