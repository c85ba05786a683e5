"""The child's side of making a playback copy. Runs only inside the decoding child.

May import: `engine.core`, `engine.media`.
"""

from __future__ import annotations

import contextlib
import errno
import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from engine.core.errors import FootageError
from engine.media.colour import matrix_for, to_yuv
from engine.media.footage import Footage
from engine.media.sandboxed import Link
from engine.media.upright import Turn

_PLAYED = {"h264": ("yuv420p", "yuvj420p"), "vp9": ("yuv420p",), "av1": ("yuv420p", "yuv420p10le")}
_HEARD = ("aac", "mp3", "opus")
_WITH_PTS = ("mov", "matroska", "mpegts", "flv")
_LONGEST_SIDE = 1920
_KEY_S = 1.0
_MUX_OPTIONS = {"movflags": "+faststart"}
_LIMITED = 1


class Uncopyable(Exception):
    """The packets cannot be copied as they are; they have to be decoded."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the parent how far the work is.

    Attributes:
        link: line to the parent.
        duration_s: length of the footage.
    """

    link: Link
    duration_s: float

    def at(self, t: float) -> None:
        """The work has come to `t` seconds."""
        self.link.progress(t / self.duration_s if self.duration_s > 0 else 0.0)


def write_playback(link: Link, *, path: str, target: str, duration_s: float) -> None:
    """Task: write the playback copy; see `engine.media.playback.make_playback`."""
    clock = Clock(link, duration_s)
    try:
        with closing(Footage(path, link.beat)) as footage:
            _write(footage, target, clock)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise FootageError(
            f"The disk is full: there is no room for the playback copy in {Path(target).parent}. Free some space and "
            "try again.",
            kind="disk-full",
        ) from error
    link.send("done")


def _write(footage: Footage, target: str, clock: Clock) -> None:
    if _is_copyable(footage):
        with contextlib.suppress(Uncopyable):
            _copy(footage, target, clock)
            return
        footage.reopen()
    _encode(footage, target, clock)


def _is_copyable(footage: Footage) -> bool:
    codec = footage.stream.codec_context
    formats = footage.container.format.name.split(",")
    played = (codec.pix_fmt or "") in _PLAYED.get(codec.name, ())
    # Where a container keeps no PTS they have to come from the decoder.
    return played and any(name in _WITH_PTS for name in formats)


def _copy(footage: Footage, target: str, clock: Clock) -> None:
    """Copy packets, shifted so that the stream starts at 0.

    Raises:
        Uncopyable: a packet is damaged, has no time, or the muxer refuses it.
    """
    source = footage.container
    sound = next((s for s in source.streams.audio if s.codec_context and s.codec_context.name in _HEARD), None)
    streams: list[VideoStream | AudioStream] = [footage.stream, *([sound] if sound else [])]
    start: Fraction | None = None
    held: list[Packet[Stream]] = []
    with av.open(target, "w", format="mp4", options=_MUX_OPTIONS) as output:
        outs = {stream.index: output.add_stream_from_template(stream) for stream in streams}
        try:
            for packet in _whole_packets(footage, streams, clock):
                held.append(packet)
                if start is None and packet.stream is footage.stream:
                    start = _start(footage, packet)
                if start is None:
                    continue
                for ready in held:
                    _mux(output, outs[ready.stream.index], ready, start)
                held.clear()
        except MemoryError:
            raise
        except (av.FFmpegError, ValueError) as error:
            if getattr(error, "errno", None) == errno.ENOSPC:
                raise
            raise Uncopyable(str(error)) from error


def _whole_packets(
    footage: Footage, streams: Sequence[VideoStream | AudioStream], clock: Clock
) -> Iterator[Packet[Stream]]:
    """The packets of some streams, the video's checked.

    Raises:
        Uncopyable: one is damaged.
    """
    inspector = _Inspector(footage)
    for packet in footage.container.demux(*streams):
        clock.link.beat()
        # The packet that flushes the decoder is empty; one without DTS may well be the first keyframe.
        if packet.size == 0:
            continue
        if packet.stream is footage.stream:
            inspector.check(packet)
            if packet.pts is not None:
                clock.at((packet.pts - (footage.stream.start_time or 0)) * footage.base)
        yield packet


def _start(footage: Footage, first: Packet[Stream]) -> Fraction:
    """The stream's zero in seconds, the same as `Footage.pictures` finds."""
    if not first.is_keyframe:
        raise Uncopyable("the first picture is no keyframe")
    if footage.seekable and footage.stream.start_time is not None:
        return footage.stream.start_time * footage.time_base
    if first.pts is None:
        raise Uncopyable("no time stamps")
    return footage.first_origin(first.pts) * footage.time_base


def _mux(output: OutputContainer, out: VideoStream | AudioStream, packet: Packet[Stream], start: Fraction) -> None:
    if packet.pts is None:
        raise Uncopyable("a packet has no time stamp")
    shift = round(start / packet.time_base)
    packet.pts -= shift
    if packet.dts is not None:
        packet.dts -= shift
    if packet.stream.type == "audio" and packet.pts < 0:
        return
    packet.stream = out
    output.mux_one(packet)


class _Inspector:
    """Looks at video packets on their way for damage that a browser would stop at.

    Args:
        footage: where they come from.
    """

    def __init__(self, footage: Footage) -> None:
        self._lengths = _nal_length_size(footage.stream)
        self._cadence = footage.cadence()

    def check(self, packet: Packet[Stream]) -> None:
        """Pass a packet.

        Raises:
            Uncopyable: it is cut off, incomplete, not shown, or does not follow the last one.
        """
        if packet.is_corrupt or packet.is_discard:
            raise Uncopyable("a packet is damaged, or cut off by an edit list")
        if self._cadence is not None and self._cadence.jumps(packet.dts):
            raise Uncopyable("packets are missing")
        if self._lengths:
            self._check_units(memoryview(packet))

    def _check_units(self, data: memoryview) -> None:
        place = 0
        while place < len(data):
            size = int.from_bytes(data[place : place + self._lengths], "big")
            place += self._lengths
            # The first bit of every unit is 0 (ISO/IEC 14496-10, 7.4.1).
            if size == 0 or place >= len(data) or data[place] & 0x80:
                raise Uncopyable("a packet is damaged")
            place += size
        if place != len(data):
            raise Uncopyable("a packet is damaged")


def _nal_length_size(stream: VideoStream) -> int:
    """Bytes of the length before each unit of H.264 in MP4 and Matroska; 0 for anything else.

    Source: ISO/IEC 14496-15, 5.2.4.1 (AVCDecoderConfigurationRecord).
    """
    extra = stream.codec_context.extradata
    if stream.codec_context.name != "h264" or not extra or len(extra) < 7 or extra[0] != 1:
        return 0
    return (extra[4] & 3) + 1


def _encode(footage: Footage, target: str, clock: Clock) -> None:
    """Decode and encode as H.264, each picture at its own time."""
    with av.open(target, "w", format="mp4", options=_MUX_OPTIONS) as output:
        out: VideoStream | None = None
        last_key = -math.inf
        for picture in footage.pictures():
            turn = Turn.of(picture.frame)
            if out is None:
                size = _even_size(picture.frame)
                out = _add_encoder(output, footage, size, turn)
            frame = to_yuv(picture.frame, turn, size)
            frame.pts = picture.stamp
            frame.time_base = footage.time_base
            due = picture.t - last_key >= _KEY_S - 1e-6
            frame.pict_type = PictureType.I if due else PictureType.NONE
            last_key = picture.t if due else last_key
            for packet in out.encode(frame):
                output.mux_one(packet)
            clock.at(picture.t)
        if out is None:
            raise FootageError(
                f"Nothing in “{footage.path.name}” can be decoded. Export it as MP4 (H.264) and add that.",
                kind="undecodable",
            )
        for packet in out.encode():
            output.mux_one(packet)


def _add_encoder(output: OutputContainer, footage: Footage, size: tuple[int, int], turn: Turn) -> VideoStream:
    options = {"preset": "veryfast", "crf": "21", "bf": "0", "forced-idr": "1"}
    rate = Fraction(footage.fps).limit_denominator(1001)
    out = output.add_stream("libx264", rate=rate, options=options)
    out.width, out.height = size[::-1] if turn.transpose else size
    out.pix_fmt = "yuv420p"
    out.time_base = footage.time_base
    out.codec_context.time_base = footage.time_base
    out.codec_context.gop_size = max(1, math.ceil(2 * footage.fps))
    out.codec_context.color_range = _LIMITED
    matrix = matrix_for(*size)
    out.codec_context.colorspace = matrix
    out.codec_context.color_primaries = matrix
    out.codec_context.color_trc = matrix
    ratio = footage.stream.sample_aspect_ratio
    if ratio and ratio != 1:
        out.codec_context.sample_aspect_ratio = 1 / ratio if turn.transpose else ratio
    return out


def _even_size(frame: VideoFrame) -> tuple[int, int]:
    """Width and height that H.264 and browsers take, before the turn."""
    scale = min(1.0, _LONGEST_SIDE / max(frame.width, frame.height))
    return max(2, 2 * round(frame.width * scale / 2)), max(2, 2 * round(frame.height * scale / 2))
