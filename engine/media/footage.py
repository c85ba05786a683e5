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
from itertools import chain
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from engine.core.errors import FootageError
from engine.media import formats
from engine.media.damage import Cadence, Damage

SEEK_MARGIN_S = 0.5
"""Decoding starts at a keyframe at least so long before the first frame asked for, past any reordering."""

_MOST_ERRORS = 200
_MOST_THREADS = 8
_LEAP_S = 1.0
_SET_BACK_AFTER = 8
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
        self._bad_from: int | None = None
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

    def cadence(self) -> Cadence | None:
        """A fresh watch over missing packets, where the container allows one."""
        return Cadence(1.0 / (self.fps * self.base)) if "mpegts" in self.container.format.name else None

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """Packets of the video stream; unreadable places are passed over and noted. The last one is the flush."""
        cadence = self.cadence()
        errors = 0
        while errors < _MOST_ERRORS:
            try:
                for packet in self.container.demux(self.stream):
                    self._beat()
                    if packet.is_corrupt or (cadence is not None and cadence.jumps(packet.dts)):
                        # The decoder is still busy with whole packets before this one.
                        stamp = packet.pts if packet.pts is not None else packet.dts
                        self._bad_from = stamp if self._bad_from is None else self._bad_from
                    yield packet
            except MemoryError:
                raise
            except IndexError:
                # PyAV stumbles over streams that turn up late when it flushes; `frames` flushes by itself.
                errors += 1
            except (av.FFmpegError, OSError):
                errors += 1
                self.damage.error()
            else:
                return

    def frames(self) -> Iterator[VideoFrame]:
        """Whole decoded frames in the order of presentation; damaged ones are left out and noted."""
        for packet in chain((packet for packet in self.packets() if packet.size), (None,)):
            try:
                decoded = self.stream.decode(packet)
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
        """Pictures with strictly increasing times, from the present position to the end; damaged ones are left out.

        Where the container keeps no PTS the DTS takes its place: decoders hand it on in ascending order. A frame
        without either comes the nominal step after the frame before. A frame that is not later than the one before
        is left out: two pictures of one instant cannot be told apart.
        """
        for picture in self._in_order(self._timed()):
            self.damage.saw(picture.t)
            yield picture

    def _timed(self) -> Iterator[Picture]:
        """Whole pictures with the times they carry."""
        step = max(1, round(1.0 / (self.fps * self.base)))
        last = self.origin - step
        for frame in self.frames():
            self.decoded += 1
            stamp = frame.pts if self.keeps_pts and frame.pts is not None else frame.dts
            last = stamp = last + step if stamp is None else stamp
            if self._bad_from is not None and stamp >= self._bad_from:
                self._bad_from = None
                self.damage.error()
            if self._origin is None:
                self._origin = self.first_origin(stamp)
            stamp -= self._origin
            if not self.damage.distrusts(stamp * self.base, is_key=frame.key_frame):
                yield Picture(t=stamp * self.base, stamp=stamp, frame=frame)

    def _in_order(self, pictures: Iterator[Picture]) -> Iterator[Picture]:
        """Pictures without those whose time runs backwards, and without single ones that leap ahead of all others.

        A broadcast may set its clock back: where pictures keep coming from the past, time goes on from the last one.
        """
        before: int | None = None
        held: Picture | None = None
        behind = 0
        for picture in pictures:
            if held is None:
                held = picture
            elif picture.stamp > held.stamp:
                behind = 0
                before = held.stamp
                yield held
                held = picture
            elif before is not None and picture.stamp > before and (held.stamp - before) * self.base > _LEAP_S:
                held = picture
            else:
                behind += 1
                if behind == _SET_BACK_AFTER and not self.seekable:
                    self._origin = self.origin - (held.stamp - picture.stamp)
                    self._bad_from = None
        if held is not None:
            yield held

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
