"""Data sets of people seen several times: folders `training`, `gallery`, `query`, names that say who is shown.

`00012_03.jpg` is a picture of person 00012; `00012_02_03.jpg` one by camera 02. Other names are left out and named.
May import: `engine.core`.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from engine.core.errors import FootageError
from engine.core.types import Image

TRAINING, GALLERY, QUERY = PARTS = ("training", "gallery", "query")
SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")

_NAME = re.compile(r"(\d{5})_([0-9A-Za-z]+)(?:_([0-9A-Za-z]+))?")
_NAMED = 5
"""Files of one kind that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of somebody.

    Attributes:
        path: of the file.
        person: five digits.
        camera: that took it, "" where the name does not say.
    """

    path: Path
    person: str
    camera: str = ""


@dataclass(frozen=True, slots=True)
class Shots:
    """The pictures of a folder.

    Attributes:
        kept: that can be used, in order of their names.
        skipped: sentences about those that were left out.
    """

    kept: tuple[Shot, ...]
    skipped: tuple[str, ...]


def parse(path: Path) -> Shot | None:
    """Who a picture shows, by its name; None where the name does not say."""
    match = _NAME.fullmatch(path.stem)
    if match is None or path.suffix.lower() not in SUFFIXES:
        return None
    person, second, third = match.groups()
    return Shot(path, person, second if third else "")


def read_part(root: Path, part: str) -> Shots:
    """The pictures of one of the three folders; every file is opened once.

    Args:
        root: the data set.
        part: of `PARTS`.

    Raises:
        FootageError: there is no such folder, or no picture of a known person in it.
    """
    folder = root / part
    if not folder.is_dir():
        raise FootageError(
            f"{root} has no folder called {part}. It needs {', '.join(PARTS[:-1])} and {PARTS[-1]}, with names such as "
            "00012_03.jpg (person 00012) or 00012_02_03.jpg (person 00012, camera 02).",
            kind="missing",
        )
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    named = [(path, parse(path)) for path in files]
    shots = [shot for _, shot in named if shot is not None]
    broken = set(_broken(shots))
    kept = tuple(shot for shot in shots if shot.path not in broken)
    skipped = [
        _left_out([path.name for path, shot in named if shot is None], part, "have names that do not say who is shown"),
        _left_out(sorted(path.name for path in broken), part, "cannot be opened as pictures"),
    ]
    told = tuple(line for line in skipped if line)
    if not kept:
        raise FootageError(
            f"{folder} holds no usable picture with a name such as 00012_03.jpg. {' '.join(told)}".strip(), kind="empty"
        )
    return Shots(kept, told)


def _left_out(names: Sequence[str], part: str, why: str) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{len(names)} files in {part} {why}: {', '.join(names[:_NAMED])}{more}."


def _broken(shots: Sequence[Shot]) -> Iterator[Path]:
    def is_broken(shot: Shot) -> bool:
        try:
            open_picture(shot.path)
        except FootageError:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        for shot, bad in zip(shots, pool.map(is_broken, shots), strict=True):
            if bad:
                yield shot.path


def open_picture(path: Path) -> Image:
    """A picture (H, W, 3) uint8 RGB, upright.

    Raises:
        FootageError: it is no picture, or damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(path) as picture:
                return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"), np.uint8)
    except (
        OSError, UnidentifiedImageError, ValueError, SyntaxError, Pillow.DecompressionBombError,
        Pillow.DecompressionBombWarning,
    ) as error:  # fmt: skip
        raise FootageError(
            f"{path} cannot be opened as a picture. Take it out of the data set.", kind="picture", detail=repr(error)
        ) from error


def with_company(shots: Iterable[Shot]) -> tuple[list[Shot], list[str]]:
    """Pictures of people who are seen at least twice, and the numbers of the others: they teach nothing."""
    shots = list(shots)
    views = Counter(shot.person for shot in shots)
    return [shot for shot in shots if views[shot.person] > 1], sorted(who for who, count in views.items() if count == 1)


def split(shots: Sequence[Shot], share: float, seed: int) -> tuple[list[Shot], list[Shot]]:
    """Pictures to learn from, and those held out; nobody is in both.

    Args:
        shots: of people who are seen at least twice.
        share: of the people that is held out, two at least.
        seed: decides who.

    Raises:
        FootageError: fewer than five people: three to learn from, two to measure on.
    """
    people = sorted({shot.person for shot in shots}, key=lambda who: hashlib.sha256(f"{seed} {who}".encode()).digest())
    if len(people) < 5:
        raise FootageError(
            f"Only {len(people)} people in the folder training are seen twice or more; at least 5 are needed, better "
            "hundreds. Add pictures.",
            kind="too-few",
        )
    held = set(people[: min(max(2, round(len(people) * share)), len(people) - 3)])
    return [shot for shot in shots if shot.person not in held], [shot for shot in shots if shot.person in held]


def balanced_batches(people: Sequence[str], count: int, views: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Rows of the pictures of each step of one epoch: so many people, so many pictures of each.

    Args:
        people: N, who each picture shows.
        count: people a step; all of them where there are fewer.
        views: pictures of each; where somebody has fewer some come twice.
        rng: chance.

    Yields:
        `count * views` rows, N / that times, rounded up.

    Source: Hermans et al. 2017 (PK batches). Differs: everybody's pictures are gone through before one comes again.
    """
    rows: dict[str, list[int]] = {}
    for row, who in enumerate(people):
        rows.setdefault(who, []).append(row)
    count = min(count, len(rows))
    names = sorted(rows)
    queue: list[str] = []
    decks: dict[str, list[int]] = {who: [] for who in names}
    for _ in range(-(-len(people) // (count * views))):
        if len(queue) < count:
            # Those who are left come first, then the others in a new order: nobody twice in one step.
            again = [names[place] for place in rng.permutation(len(names))]
            queue += [who for who in again if who not in queue]
        chosen, queue = queue[:count], queue[count:]
        batch: list[int] = []
        for who in chosen:
            deck = decks[who]
            while len(deck) < views:
                deck += [rows[who][place] for place in rng.permutation(len(rows[who]))]
            batch += deck[:views]
            decks[who] = deck[views:]
        yield batch


def numbers_of(people: Sequence[str]) -> NDArray[np.int64]:
    """People as whole numbers, (N,) int64."""
    return np.array([int(who) for who in people], np.int64)
