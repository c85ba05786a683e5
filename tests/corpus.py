"""Makes the footage the media tests run on: good clips of many containers and codings, and every bad input.

Nothing of it is committed. Each picture carries its own number as a row of black and white blocks along its upright
top, and a red block at its upright bottom left, so that a test can tell which frame it got and whether it is upright.
To look at it: `python -m tests.corpus FOLDER`.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 192, 144
BITS = 8
BLOCK = WIDTH // BITS
FPS = 25
FRAMES = 75


def picture(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """An upright RGB picture that carries `number` in its top row of blocks."""
    columns = np.arange(width) * WIDTH // width
    rows = np.arange(height) * HEIGHT // height
    image = np.empty((height, width, 3), np.uint8)
    image[:] = (70, 110, 90)
    # Something that moves, so that the coding has differences to code.
    spot = (number * 3) % WIDTH
    image[np.ix_((rows > 60) & (rows < 84), (columns >= spot) & (columns < spot + 24))] = (200, 180, 60)
    for bit in range(BITS):
        inside = (columns >= bit * BLOCK) & (columns < (bit + 1) * BLOCK)
        image[np.ix_(rows < 36, inside)] = 235 if number >> bit & 1 else 20
    image[np.ix_(rows >= HEIGHT - 36, columns < 36)] = (220, 20, 20)
    return image


def number_of(image: NDArray[np.uint8]) -> int:
    """The number that `picture` was made with, read back."""
    height, width = image.shape[:2]
    row = image[height // 8].mean(axis=-1)
    centres = ((np.arange(BITS) + 0.5) * width / BITS).astype(int)
    return int(sum(1 << bit for bit, x in enumerate(centres) if row[x] > 128))


def is_upright(image: NDArray[np.uint8]) -> bool:
    """Whether the red block lies at the bottom left."""
    height, width = image.shape[:2]
    red, green, blue = image[int(height * 0.88), int(width * 0.09)].astype(int)
    return bool(red > 150 and green < 100 and blue < 100)


@dataclass(frozen=True)
class Clip:
    """How a good clip is made.

    Attributes:
        name: file name.
        codec: encoder.
        pixels: pixel format.
        options: for the encoder.
        size: of the upright picture.
        stamps: PTS of every frame in 1/`clock` s; empty for an even rate.
        clock: units of the stamps per second.
        turns: quarter turns clockwise that a player has to make.
        start_s: time of the first frame in the container.
        muxer: container options.
        sound: with a sound track.
        full_range: black is 0, not 16.
    """

    name: str
    codec: str
    pixels: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    size: tuple[int, int] = (WIDTH, HEIGHT)
    stamps: tuple[int, ...] = ()
    clock: int = FPS
    turns: int = 0
    start_s: float = 0.0
    muxer: dict[str, str] = field(default_factory=dict)
    sound: bool = False
    full_range: bool = False

    @property
    def times(self) -> list[float]:
        """Seconds of every frame from the start of the stream."""
        stamps = self.stamps or range(FRAMES)
        return [(stamp - stamps[0]) / self.clock for stamp in stamps]


_QUICK = {"preset": "ultrafast", "g": "12", "bf": "0"}
_B_FRAMES = {"preset": "veryfast", "g": "20", "bf": "3"}
_X265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=20:pools=1:frame-threads=1"}
_VP9 = {"deadline": "realtime", "cpu-used": "8", "g": "20", "b": "400k"}
_UNEVEN = tuple(int(x) for x in np.cumsum([40] + [(33, 40, 100, 17, 66)[i % 5] for i in range(FRAMES - 1)]))

GOOD = (
    Clip("h264.mp4", "libx264", options=_QUICK),
    Clip("b-frames.mp4", "libx264", options=_B_FRAMES),
    Clip("sound.mp4", "libx264", options=_QUICK, sound=True),
    Clip("fragmented.mp4", "libx264", options=_QUICK, muxer={"movflags": "frag_keyframe+empty_moov"}),
    Clip("h264.mov", "libx264", options=_B_FRAMES),
    Clip("h264.mkv", "libx264", options=_B_FRAMES),
    Clip("h264.avi", "libx264", options=_B_FRAMES),
    Clip("h264.ts", "libx264", options=_B_FRAMES, start_s=3.0),
    Clip("late.ts", "libx264", options=_QUICK, start_s=60.0),
    Clip("late.mkv", "libx264", options=_QUICK, start_s=5.0),
    Clip("h265.mp4", "libx265", options=_X265),
    Clip("h265-10bit.mkv", "libx265", pixels="yuv420p10le", options=_X265),
    Clip("h264-10bit.mp4", "libx264", pixels="yuv420p10le", options=_QUICK),
    Clip("full-range.mp4", "libx264", options=_QUICK, full_range=True),
    Clip("full-range-10bit.mp4", "libx264", pixels="yuv420p10le", options=_QUICK, full_range=True),
    Clip("h264-444.mp4", "libx264", pixels="yuv444p", options=_QUICK),
    Clip("vp9.webm", "libvpx-vp9", options=_VP9),
    Clip("mjpeg.avi", "mjpeg", pixels="yuvj420p", options={"q": "3"}),
    Clip("mjpeg.mov", "mjpeg", pixels="yuvj420p", options={"q": "3"}),
    Clip("mpeg4.mp4", "mpeg4", options={"b": "600k", "g": "20"}),
    Clip("mpeg4.avi", "mpeg4", options={"b": "600k", "g": "20", "bf": "2"}),
    Clip("mpeg4.ts", "mpeg4", options={"b": "600k", "g": "20"}),
    Clip("palette.gif", "gif", pixels="rgb8"),
    Clip("odd.mp4", "libx264", pixels="yuv444p", options=_QUICK, size=(191, 143)),
    Clip("odd.mkv", "libvpx-vp9", options=_VP9, size=(191, 143)),
    Clip("turned-90.mp4", "libx264", options=_QUICK, turns=1),
    Clip("turned-180.mp4", "libx264", options=_QUICK, turns=2),
    Clip("turned-270.mov", "libx264", options=_B_FRAMES, turns=3),
    Clip("turned-mpeg4.mp4", "mpeg4", options={"b": "600k"}, turns=1),
    Clip("uneven.mp4", "libx264", options=_QUICK, stamps=_UNEVEN, clock=1000),
    Clip("uneven.mkv", "libx264", options=_B_FRAMES, stamps=_UNEVEN, clock=1000),
)


def make(clip: Clip, folder: Path) -> Path:
    """Write one good clip."""
    target = folder / clip.name
    width, height = clip.size[::-1] if clip.turns % 2 else clip.size
    with av.open(str(target), "w", options=clip.muxer) as output:
        stream = output.add_stream(clip.codec, rate=FPS, options=clip.options)
        stream.width, stream.height, stream.pix_fmt = width, height, clip.pixels
        stream.codec_context.time_base = Fraction(1, clip.clock)
        stream.time_base = Fraction(1, clip.clock)
        if clip.full_range:
            stream.codec_context.color_range = 2
        if clip.turns:
            stream.set_display_rotation(-90.0 * clip.turns)
        sound = output.add_stream("aac", rate=48000) if clip.sound else None
        for number, stamp in enumerate(clip.stamps or range(FRAMES)):
            turned = np.ascontiguousarray(np.rot90(picture(number, *clip.size), clip.turns))
            frame = av.VideoFrame.from_ndarray(turned, format="rgb24")
            frame = frame.reformat(format=clip.pixels, dst_color_range="JPEG" if clip.full_range else None)
            frame.pts, frame.time_base = stamp + round(clip.start_s * clip.clock), Fraction(1, clip.clock)
            output.mux(stream.encode(frame))
            if sound is not None:
                output.mux(sound.encode(_hum(number)))
        output.mux(stream.encode())
        if sound is not None:
            output.mux(sound.encode())
    return target


def _hum(number: int, rate: int = 48000) -> av.AudioFrame:
    samples = rate // FPS
    moments = (np.arange(samples) + number * samples) / rate
    wave = (0.1 * np.sin(2 * np.pi * 220 * moments)).astype(np.float32)[None]
    frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, number * samples, Fraction(1, rate)
    return frame


def _bytes(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def _plain(path: Path, numbers: Sequence[int] = range(FRAMES), **muxer: str) -> None:
    """H.264 of pictures rich enough that the file is a few hundred kB."""
    noise = np.random.default_rng(7)
    grain = noise.integers(0, 60, (HEIGHT // 2, WIDTH, 3), dtype=np.uint8)
    with av.open(str(path), "w", options=muxer) as output:
        stream = output.add_stream("libx264", rate=FPS, options={**_QUICK, "crf": "12"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for count, number in enumerate(numbers):
            image = picture(number)
            image[36 : 36 + len(grain)] += np.roll(grain, count * 5, axis=1)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = count, Fraction(1, FPS)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


def sound_only(path: Path) -> None:
    """An MP4 with sound and nothing else."""
    with av.open(str(path), "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=48000)
        for number in range(FPS):
            output.mux(sound.encode(_hum(number)))
        output.mux(sound.encode())


def cover_only(path: Path) -> None:
    """A song with a cover picture, which is a video stream to FFmpeg."""
    with av.open(str(path), "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=48000)
        cover = output.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        frame = av.VideoFrame.from_ndarray(picture(1), format="rgb24").reformat(format="yuvj420p")
        output.mux(cover.encode(frame))
        output.mux(cover.encode())
        for number in range(FPS):
            output.mux(sound.encode(_hum(number)))
        output.mux(sound.encode())


def without_index(path: Path) -> None:
    """An MP4 whose recording stopped before the moov was written."""
    _plain(path)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"moov") - 4])


def one_frame(path: Path) -> None:
    """An MP4 of one picture."""
    _plain(path, [5])


def no_duration(path: Path) -> None:
    """An MP4 whose pictures all carry the same time: every step in its time table (stts) is 0."""
    _plain(path)
    data = bytearray(path.read_bytes())
    place = data.index(b"stts") + 8
    (entries,) = struct.unpack_from(">I", data, place)
    for entry in range(entries):
        struct.pack_into(">I", data, place + 8 + 8 * entry, 0)
    path.write_bytes(data)


def very_wide(path: Path) -> None:
    """16,384 pixels wide."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 16384, 16, "yuvj420p"
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture(number, 16384, 16), format="rgb24").reformat(format="yuvj420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())


def encrypted(path: Path) -> None:
    """An MP4 under Common Encryption."""
    _plain(
        path,
        encryption_scheme="cenc-aes-ctr",
        encryption_key="76a6c65c5ea762046bd749a2e632ccbb",
        encryption_kid="a7e61c373e219033c21091fa607bf3b8",
    )


def still(path: Path) -> None:
    """A JPEG."""
    with av.open(str(path), "w", format="mjpeg") as output:
        stream = output.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(picture(3), format="rgb24").reformat(format="yuvj420p")
        output.mux(stream.encode(frame))
        output.mux(stream.encode())


_HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nh264.ts\n#EXT-X-ENDLIST\n"
_SDP = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n"
_DASH = b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>\n'

BAD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    # file name: (how it is made, kind of the error, a word its message must have)
    "empty.mp4": (_bytes(b""), "empty", "0 bytes"),
    "text.mp4": (_bytes("Notes of 3 May: nobody came.\n안녕하세요\n".encode() * 20), "text", "text file"),
    "noise.mp4": (_bytes(np.random.default_rng(1).bytes(50_000)), "not-video", "not a video"),
    "sound.m4a": (sound_only, "no-video-stream", "sound"),
    "cover.m4a": (cover_only, "no-video-stream", "sound"),
    "no-index.mp4": (without_index, "no-index", "index"),
    "one-frame.mp4": (one_frame, "single-frame", "one single picture"),
    "no-duration.mp4": (no_duration, "zero-duration", "no duration"),
    "wide.avi": (very_wide, "too-large", "16384"),
    "encrypted.mp4": (encrypted, "encrypted", "encrypted"),
    "photo.jpg": (still, "picture", "JPEG"),
    "photo.mp4": (still, "picture", "JPEG"),
    "archive.mp4": (_bytes(b"PK\x03\x04" + bytes(200)), "not-video", "ZIP"),
    "playlist.m3u8": (_bytes(_HLS), "playlist", "HLS"),
    "playlist.mp4": (_bytes(_HLS), "playlist", "elsewhere"),
    "concat.mp4": (_bytes(b"ffconcat version 1.0\nfile h264.mp4\n"), "playlist", "concat"),
    "list.txt": (_bytes(b"file 'h264.mp4'\n"), "playlist", "concat"),
    "stream.sdp": (_bytes(_SDP), "playlist", "SDP"),
    "manifest.mpd": (_bytes(_DASH), "playlist", "DASH"),
    "address.mp4": (_bytes(b"http://127.0.0.1:9/clip.mp4\n"), "playlist", "address"),
}


def truncated(path: Path) -> None:
    """An MP4 with its index at the front, cut off half-way."""
    _plain(path, movflags="+faststart")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 55 // 100])


def holed(path: Path) -> None:
    """A file with a stretch of rubbish in the middle."""
    _plain(path, **({"movflags": "+faststart"} if path.suffix == ".mp4" else {}))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    size = len(data) // 8
    data[middle : middle + size] = np.random.default_rng(2).bytes(size)
    path.write_bytes(data)


DAMAGED: dict[str, Callable[[Path], None]] = {
    "truncated.mp4": truncated,
    "truncated.mkv": truncated,
    "holed.mp4": holed,
    "holed.mkv": holed,
    "holed.ts": holed,
    "holed.avi": holed,
}


def main(folder: Path) -> None:
    """Write everything."""
    folder.mkdir(parents=True, exist_ok=True)
    for clip in GOOD:
        make(clip, folder)
    for name, (maker, _, _) in BAD.items():
        maker(folder / name)
    for name, damage in DAMAGED.items():
        damage(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
