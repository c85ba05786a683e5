"""From a folder of footage per label to clips of one size, cut around the person, kept on disk while training.

What decodes footage and finds people is handed in: this room knows no media and no detector. May import:
`engine.core`, `models.action.tubelets`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import FootageError
from engine.core.types import FloatArray, Frame
from models.action.tubelets import box_square, cut
from models.training.videomae_config import VideoTrainConfig

_LOOKS = 4
"""Pictures of a clip in which the person is looked for."""

_SHORTEST_S = 0.5
_TRAIN, _HELD = ("train", "training"), ("validation", "val", "valid")


class Senses(Protocol):
    """What training cannot do by itself."""

    version: str
    """Changes when the same footage may give other pictures or other people."""

    def read(self, path: Path) -> Iterator[Frame]:
        """Pictures of some footage, in order of time, enough of them a second for the clips."""
        ...

    def people(self, frames: Sequence[Frame]) -> list[FloatArray]:
        """Boxes (N, 4) xyxy of the people in each picture, likeliest first."""
        ...


@dataclass(frozen=True, slots=True)
class ClipFiles:
    """Footage by label.

    Attributes:
        labels: in order of their numbers.
        training: files and numbers of their labels.
        held: files that are only measured on.
    """

    labels: tuple[str, ...]
    training: tuple[tuple[Path, int], ...]
    held: tuple[tuple[Path, int], ...]


def find_files(data: Path, config: VideoTrainConfig) -> ClipFiles:
    """The footage of a folder, by label.

    Args:
        data: either `<label>/` folders, of which a share is held out file by file, or `train/<label>/` beside
            `validation/<label>/`.
        config: seed and share.

    Raises:
        FootageError: there are fewer than two labels, or fewer than two files of one.
    """
    train = next((data / name for name in _TRAIN if (data / name).is_dir()), None)
    held = next((data / name for name in _HELD if (data / name).is_dir()), None)
    whole = _by_label(train or data)
    labels = tuple(sorted(whole))
    if len(labels) < 2:
        raise FootageError(
            f"{train or data} must hold a folder of clips for each of at least two labels; it holds {len(labels)}.",
            kind="too-few-labels",
        )
    if train is not None and held is not None:
        kept = _by_label(held)
        if set(kept) != set(labels):
            raise FootageError(f"{held} and {train} must hold folders of the same labels.", kind="labels-differ")
        return ClipFiles(labels, _numbered(labels, whole), _numbered(labels, kept))
    learned, kept = {}, {}
    for number, label in enumerate(labels):
        files = whole[label]
        if len(files) < 2:
            raise FootageError(
                f"The label {label!r} has {len(files)} file; at least two are needed, one to learn and one to check.",
                kind="too-few-clips",
            )
        order = np.random.default_rng((config.seed, number)).permutation(len(files))
        count = min(max(1, round(config.held_out * len(files))), len(files) - 1)
        kept[label] = sorted(files[row] for row in order[:count])
        learned[label] = sorted(files[row] for row in order[count:])
    return ClipFiles(labels, _numbered(labels, learned), _numbered(labels, kept))


def _by_label(folder: Path) -> dict[str, list[Path]]:
    if not folder.is_dir():
        raise FootageError(f"{folder} is no folder. Name one that holds a folder of clips per label.", kind="missing")
    found = {}
    for inner in sorted(folder.iterdir()):
        if inner.is_dir() and not inner.name.startswith("."):
            found[inner.name] = sorted(
                path for path in inner.rglob("*") if path.is_file() and not path.name.startswith(".")
            )
    return {label: files for label, files in found.items() if files}


def _numbered(labels: Sequence[str], files: dict[str, list[Path]]) -> tuple[tuple[Path, int], ...]:
    return tuple((path, number) for number, label in enumerate(labels) for path in files[label])


@dataclass(frozen=True, slots=True)
class Prepared:
    """Clips on disk.

    Attributes:
        files: for each piece of footage its clips, one after another: (W, F, S, S, 3) uint8.
        shape: F and S.
        rows: of each clip, which file and which row of it.
        labels: of each clip, the number of its label.
        skipped: footage of which no clip could be made, with the reason.
    """

    files: tuple[Path, ...]
    shape: tuple[int, int]
    rows: tuple[tuple[int, int], ...]
    labels: tuple[int, ...]
    skipped: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def clip(self, number: int) -> NDArray[np.uint8]:
        """One clip, (F, S, S, 3) uint8; only it is read."""
        file, row = self.rows[number]
        count, side = self.shape
        whole = (count, side, side, 3)
        size = int(np.prod(whole))
        return np.fromfile(self.files[file], np.uint8, size, offset=row * size).reshape(whole)


def prepare(
    files: Sequence[tuple[Path, int]],
    senses: Senses,
    shape: tuple[int, int],
    config: VideoTrainConfig,
    folder: Path,
    known: Prepared | None = None,
) -> Prepared:
    """Cut footage into clips; what was cut before with the same settings is taken as it is.

    Args:
        files: footage and numbers of its labels.
        senses: decode it and find the person.
        shape: pictures of a clip, and their side in pixels.
        config: length and step of the clips.
        folder: where the clips are kept.
        known: footage that is used already: the same again, under whatever name, is left out.

    Raises:
        FootageError: no clip at all could be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: list[Path] = []
    rows: list[tuple[int, int]] = []
    labels: list[int] = []
    skipped: list[str] = []
    for path, label in files:
        array = folder / f"{_key(path, senses.version, shape, config)}.clips"
        try:
            if not array.is_file():
                _save(array, clips_of(senses, path, shape, config))
        except FootageError as error:
            skipped.append(f"{path.name}: {error.user_message}")
            continue
        if array in arrays or (known is not None and array in known.files):
            skipped.append(f"{path.name}: the same footage is there twice.")
            continue
        count = array.stat().st_size // (shape[0] * shape[1] * shape[1] * 3)
        if not count:
            skipped.append(f"{path.name}: it is shorter than half a second.")
            continue
        rows += [(len(arrays), row) for row in range(count)]
        labels += [label] * count
        arrays.append(array)
    if not rows:
        raise FootageError("No clip could be made: " + " ".join(skipped), kind="no-clips")
    return Prepared(tuple(arrays), shape, tuple(rows), tuple(labels), tuple(skipped))


def _save(array: Path, clips: Iterator[NDArray[np.uint8]]) -> None:
    part = array.with_name(array.name + ".part")
    with part.open("wb") as file:
        for clip in clips:
            file.write(clip.tobytes())
    part.replace(array)


def _key(path: Path, version: str, shape: tuple[int, int], config: VideoTrainConfig) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    heeded = f"{content} {version} {shape} {config.window_s} {config.step_s}"
    return hashlib.sha256(heeded.encode()).hexdigest()[:32]


def clips_of(
    senses: Senses, path: Path, shape: tuple[int, int], config: VideoTrainConfig
) -> Iterator[NDArray[np.uint8]]:
    """The clips of one piece of footage, (F, S, S, 3) uint8 each, in order of time.

    The square is that of the likeliest person, with context; of the whole picture where nobody is found.

    Raises:
        FootageError: it cannot be read.
    """
    count, side = shape
    for span in spans(senses.read(path), config.window_s, config.step_s):
        times = np.array([frame.t for frame in span])
        wanted = times[0] + (times[-1] - times[0]) * (np.arange(count) + 0.5) / count
        taken = [span[int(row)] for row in np.minimum(np.searchsorted(times, wanted - 1e-6), len(span) - 1)]
        looked = [taken[int(row)] for row in np.linspace(0, count - 1, min(_LOOKS, count)).round()]
        square = box_square(_person(senses.people(looked), looked[0].size))
        yield np.stack([cut(frame.image, square, side) for frame in taken])


def _person(found: Sequence[FloatArray], size: tuple[int, int]) -> FloatArray:
    boxes = [boxes[0] for boxes in found if len(boxes)]
    if not boxes:
        return np.array([0, 0, *size], np.float32)
    return np.asarray([*np.min(boxes, axis=0)[:2], *np.max(boxes, axis=0)[2:]], np.float32)


def spans(frames: Iterator[Frame], window_s: float, step_s: float) -> Iterator[list[Frame]]:
    """Stretches of footage, one every step and one at the end; no more than one and a step is held.

    Args:
        frames: in order of time.
        window_s: length of a stretch, seconds; shorter footage is one stretch.
        step_s: from the start of a stretch to that of the next, seconds.

    Yields:
        Frames of each stretch; nothing of footage under half a second.
    """
    held: list[Frame] = []
    start: float | None = None
    covered = -np.inf
    for frame in frames:
        start = frame.t if start is None else start
        while frame.t >= start + window_s - 1e-6:
            if span := [one for one in held if start - 1e-6 <= one.t < start + window_s - 1e-6]:
                covered = start + window_s
                yield span
            start += step_s
        held = [one for one in held if one.t >= frame.t - window_s - step_s]
        held.append(frame)
    if not held:
        return
    last = held[-1].t
    rest = [one for one in held if one.t >= last - window_s - 1e-6]
    if last - rest[0].t >= _SHORTEST_S and last > covered + 0.1 * step_s:
        yield rest
