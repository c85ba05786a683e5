"""Faces sorted into folders by expression, as FER-2013 is handed around: where they lie and how they are read.

Owns: the folder names and what they mean here. May import: `engine.core`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.core.errors import FootageError

CLASSES = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
"""Folder names of FER-2013, in the order of the network's outputs."""

EMOTION_OF = {
    "angry": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "happy": "happy",
    "neutral": "calm",
    "sad": "sad",
    "surprise": "surprised",
}
"""What each class is called here; nobody in FER-2013 is labelled as confused."""

SIDE = 48
"""Width and height of a face, pixels."""

TRAINING = ("train", "")
"""Folders looked for to train on, best first; "" is the top, with the labels' folders directly in it."""

MEASURING = ("validation", "test", "")
"""Folders looked for to measure on, best first."""

_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_LARGEST = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFaces:
    """Faces and what they are said to show.

    Attributes:
        faces: (N, 48, 48) uint8, grey.
        labels: (N,) int64, index into `CLASSES`.
        part: the folder they came from, "" for the top.
    """

    faces: NDArray[np.uint8]
    labels: NDArray[np.int64]
    part: str

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: slice | NDArray[np.generic]) -> LabelledFaces:
        return LabelledFaces(self.faces[rows], self.labels[rows], self.part)


def read_faces(source: Path, parts: tuple[str, ...]) -> LabelledFaces:
    """Read the first part that is there.

    Args:
        source: a zip file or a folder; the parts may lie deeper in it, below one folder of any name.
        parts: folder names, best first, as in `TRAINING`.

    Returns:
        Faces sorted by path; pictures of another size are scaled to 48x48, colour becomes grey.

    Raises:
        FootageError: nothing is there, no part holds labelled faces, or a picture cannot be read.
    """
    with _opened(source) as (paths, read):
        for part in parts:
            chosen = _members(paths, part)
            if not chosen:
                continue
            faces = np.stack([_face(name, read) for name, _ in chosen])
            labels = np.array([CLASSES.index(label) for _, label in chosen], np.int64)
            return LabelledFaces(faces, labels, part)
    wanted = " or ".join(f"{part}/{CLASSES[0]}/" if part else f"{CLASSES[0]}/" for part in parts)
    raise FootageError(
        f"{source.name} holds no labelled faces: pictures in folders such as {wanted} were looked for. "
        f"The labels are {', '.join(CLASSES)}.",
        kind="no-faces",
    )


def _members(paths: list[str], part: str) -> list[tuple[str, str]]:
    """Paths of a part's pictures and their labels, sorted by path."""
    members = []
    for path in sorted(paths):
        folders = PurePosixPath(path).parts[:-1]
        if not path.lower().endswith(_PICTURES) or not folders or folders[-1] not in CLASSES:
            continue
        above = folders[:-1]
        inside = above[-1] if above else ""
        # At the top, what lies in another part's folder is that part's, not the top's.
        belongs = inside == part if part else inside not in ("train", "validation", "test")
        if belongs:
            members.append((path, folders[-1]))
    return members


@contextmanager
def _opened(source: Path) -> Iterator[tuple[list[str], Callable[[str], bytes]]]:
    with ExitStack() as stack:
        try:
            if source.is_dir():
                paths = [path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()]
                yield paths, lambda name: (source / name).read_bytes()
                return
            archive = stack.enter_context(zipfile.ZipFile(source))
        except FileNotFoundError as error:
            raise FootageError(
                f"{source} is not there. Name a zip file or a folder of faces.", kind="missing"
            ) from error
        except (zipfile.BadZipFile, OSError) as error:
            raise FootageError(
                f"{source.name} is neither a folder nor a zip file that can be opened. Fetch it again.",
                kind="not-zip",
                detail=str(error),
            ) from error
        sizes = {entry.filename: entry.file_size for entry in archive.infolist() if not entry.is_dir()}
        yield [name for name, size in sizes.items() if size <= _LARGEST], archive.read


def _face(name: str, read: Callable[[str], bytes]) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(read(name))) as picture:
            grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError, zipfile.BadZipFile, Image.DecompressionBombError) as error:
        raise FootageError(
            f"The picture {name} cannot be read. Mend it or take it out.", kind="not-picture", detail=str(error)
        ) from error
    if grey.size != (SIDE, SIDE):
        grey = grey.resize((SIDE, SIDE), Image.Resampling.BOX if min(grey.size) > SIDE else Image.Resampling.BICUBIC)
    return np.asarray(grey, np.uint8)


def hold_out(faces: LabelledFaces, share: float, seed: int) -> tuple[LabelledFaces, LabelledFaces]:
    """Keep a share of each class apart.

    Pictures that occur more than once (FER-2013 has about a thousand, some under two labels) are never kept apart:
    their twins would be among the rest.

    Args:
        faces: all.
        share: to keep apart, in (0, 1); at least one face of each class that has a picture occurring once.
        seed: where chance starts.

    Returns:
        The rest, and those kept apart.
    """
    flat = np.ascontiguousarray(faces.faces.reshape(len(faces), -1))
    _, twin, count = np.unique(flat.view(f"V{flat.shape[1]}")[:, 0], return_inverse=True, return_counts=True)
    single = count[twin] == 1
    chance = np.random.default_rng(seed)
    apart = np.zeros(len(faces), bool)
    for label in range(len(CLASSES)):
        rows = np.flatnonzero(single & (faces.labels == label))
        wanted = max(round(share * np.count_nonzero(faces.labels == label)), 1)
        apart[chance.permutation(rows)[:wanted]] = True
    return faces[~apart], faces[apart]
