"""Pictures of people with sentences: three layouts read into one list, split by person, opened with Pillow.

- `folder`: pictures anywhere below it, and their sentences in one of: `captions.json` ({"picture": "sentence"}, or a
  list of them), `captions.jsonl` or `metadata.jsonl` (a line each with `file_name` or `image`, and `caption` or
  `text`), `captions.csv` (the same names as columns), or a `.txt` file beside each picture, a sentence a line.
- `deepfashion`: DeepFashion-MultiModal: `captions.json` beside the folder `images`.
- `peta`: PETA: a folder for each subset, `archive/` inside, and in it pictures and `Label.txt`: a line is the number of
  a person or the name of a picture, then attributes; sentences are made from those (`peta_sentence`).

Owns: these layouts. May import: `engine.core`, this room.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from engine.core.errors import FootageError
from engine.core.types import Image
from models.training.blip_peta import peta_sentence

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
"""Files that count as pictures."""

_NAMES, _SENTENCES = ("file_name", "image", "file"), ("caption", "text", "captions")


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture with one sentence.

    Attributes:
        picture: its file.
        sentence: in English, blanks put right.
        subject: who or what is in it; pictures of one subject are never split up.
    """

    picture: Path
    sentence: str
    subject: str


def read_pairs(root: Path, layout: str = "auto") -> list[Pair]:
    """All pictures with sentences below a folder, in a fixed order.

    Args:
        root: the data set.
        layout: "folder", "deepfashion" or "peta", or "auto" to look.

    Raises:
        FootageError: there is no such folder, it holds none, or its file of sentences is broken.
    """
    if not root.is_dir():
        raise FootageError(f"There is no folder {root}. Name the folder of the data set.", kind="no-data")
    kind = layout_of(root) if layout == "auto" else layout
    pairs = sorted(set(_READERS[kind](root)), key=lambda pair: (pair.picture.as_posix(), pair.sentence))
    if not pairs:
        raise FootageError(
            f"{root} holds no pictures with sentences in the layout {kind!r}. Put captions.json beside the pictures, "
            "or name the right layout.",
            kind="no-data",
        )
    return pairs


def layout_of(root: Path) -> str:
    """The layout that a folder looks like."""
    if any(root.glob("Label.txt")) or any(root.glob("*/Label.txt")) or any(root.glob("*/archive/Label.txt")):
        return "peta"
    return "deepfashion" if (root / "captions.json").is_file() and (root / "images").is_dir() else "folder"


def split(pairs: list[Pair], share: float, seed: int) -> tuple[list[Pair], list[Pair]]:
    """Pairs to learn from and pairs held out; a subject is in one of them only.

    Args:
        pairs: all of them.
        share: of the subjects that are held out; at least one of each side where there are two or more.
        seed: of chance.

    Raises:
        FootageError: there are fewer than two subjects.
    """
    subjects = sorted({pair.subject for pair in pairs}, key=lambda name: _draw(name, seed))
    if len(subjects) < 2:
        raise FootageError("A training needs pictures of two people at least, to hold some out.", kind="too-few")
    held = set(subjects[: min(max(1, round(share * len(subjects))), len(subjects) - 1)])
    return [pair for pair in pairs if pair.subject not in held], [pair for pair in pairs if pair.subject in held]


def answers(pairs: Sequence[Pair]) -> tuple[list[int], list[int], NDArray[np.bool_]]:
    """Which pictures each sentence is true of, every sentence and every picture once.

    Args:
        pairs: N of them.

    Returns:
        Rows of the first pair of each of T sentences, of the first pair of each of P pictures, and (T, P) bool.
    """
    sentences: dict[str, int] = {}
    pictures: dict[Path, int] = {}
    for row, pair in enumerate(pairs):
        sentences.setdefault(pair.sentence, row)
        pictures.setdefault(pair.picture, row)
    row_of = {sentence: row for row, sentence in enumerate(sentences)}
    column_of = {picture: column for column, picture in enumerate(pictures)}
    right = np.zeros((len(sentences), len(pictures)), np.bool_)
    for pair in pairs:
        right[row_of[pair.sentence], column_of[pair.picture]] = True
    return list(sentences.values()), list(pictures.values()), right


def open_picture(path: Path) -> Image:
    """A picture (H, W, 3) uint8 RGB.

    Raises:
        FootageError: it is no picture, or damaged.
    """
    try:
        with Pillow.open(path) as picture:
            return np.asarray(picture.convert("RGB"), np.uint8)
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise FootageError(
            f"{path} cannot be opened as a picture. Take it out of the data set.", kind="picture", detail=repr(error)
        ) from error


def _draw(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def _pictures(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.suffix.lower() in SUFFIXES and path.is_file())


def _folder(root: Path) -> Iterator[Pair]:
    """Of every picture, what a file for all says of it, else what the file beside it says."""
    listed: dict[Path, list[str]] = {}
    for name, sentences in _listed(root):
        found = next((path for path in (root / name, root / "images" / name) if path.is_file()), None)
        if found is not None:
            listed.setdefault(found, []).extend(sentences)
    for picture in _pictures(root):
        beside = picture.with_suffix(".txt")
        sentences = listed.get(picture) or (_lines(beside) if beside.is_file() else [])
        yield from _pairs(picture, sentences, picture.relative_to(root).as_posix())


def _listed(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Name and sentences of every picture that a file for all names."""
    if (root / "captions.json").is_file():
        yield from _mapping(root / "captions.json")
    for file in (root / "captions.jsonl", root / "metadata.jsonl"):
        if file.is_file():
            yield from (_row(_json(line, file), file) for line in _lines(file))
    if (root / "captions.csv").is_file():
        with (root / "captions.csv").open(encoding="utf-8-sig", newline="") as table:
            yield from (_row(row, root / "captions.csv") for row in csv.DictReader(table))


def _mapping(file: Path) -> Iterator[tuple[str, list[str]]]:
    told = _json("\n".join(_lines(file)), file)
    if isinstance(told, list):
        yield from (_row(row, file) for row in told)
    elif isinstance(told, dict):
        yield from ((str(name), _several(sentences)) for name, sentences in told.items())
    else:
        raise _broken(file)


def _row(row: Any, file: Path) -> tuple[str, list[str]]:
    if not isinstance(row, dict):
        raise _broken(file)
    name = next((row[key] for key in _NAMES if row.get(key)), None)
    sentences = next((row[key] for key in _SENTENCES if row.get(key)), None)
    if not name or not sentences:
        raise _broken(file)
    return str(name), _several(sentences)


def _several(sentences: Any) -> list[str]:
    return [str(each) for each in sentences] if isinstance(sentences, list) else [str(sentences)]


def _json(text: str, file: Path) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise _broken(file) from error


def _lines(file: Path) -> list[str]:
    try:
        return [line for line in file.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(file) from error


def _broken(file: Path) -> FootageError:
    return FootageError(f"{file} does not hold sentences for pictures. See docs/training-blip.md.", kind="captions")


def _deepfashion(root: Path) -> Iterator[Pair]:
    """Of one piece of clothing (`…id_00000080…`) there are several pictures, named alike up to the view."""
    for file in (root / name for name in ("captions.json", "train_captions.json", "test_captions.json")):
        for name, sentences in _mapping(file) if file.is_file() else ():
            found = next((path for path in (root / "images" / name, root / name) if path.is_file()), None)
            if found is not None:
                number = re.search(r"id_\d+", name)
                yield from _pairs(found, sentences, number.group() if number else name)


def _peta(root: Path) -> Iterator[Pair]:
    for labels in sorted(root.rglob("Label.txt")):
        pictures = [path for path in sorted(labels.parent.iterdir()) if path.suffix.lower() in SUFFIXES]
        named: dict[str, list[Path]] = {}
        for picture in pictures:
            for key in {picture.name, picture.stem, _number(picture.stem)}:
                named.setdefault(key, []).append(picture)
        for line in _lines(labels):
            key, *attributes = line.split()
            found = named.get(key) or named.get(_number(Path(key).stem)) or []
            place = labels.parent.relative_to(root).as_posix()
            for picture in found:
                yield from _pairs(picture, [peta_sentence(attributes)], f"{place}/{_number(Path(key).stem)}")


def _number(stem: str) -> str:
    """The person's number at the start of a name, `0042_3.bmp` and `42` alike; the name where there is none."""
    found = re.match(r"0*(\d+)(?:[_\- .].*)?$", stem)
    return found.group(1) if found else stem


def _pairs(picture: Path, sentences: Iterable[str], subject: str) -> Iterator[Pair]:
    for sentence in sentences:
        told = " ".join(sentence.split())
        if told:
            yield Pair(picture, told, subject)


_READERS = {"folder": _folder, "deepfashion": _deepfashion, "peta": _peta}
