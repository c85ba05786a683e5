"""What was seen in the frames of unfinished and finished analyses, chunk by chunk, as files.

They are large and can be computed again, so they lie beside the store: `media/<sha256>/stages/<key>/<nnnn>.bin`,
and `complete` once all are there. A file appears under its name only when it is whole and on the disk.
Owns: those folders. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from engine.core.errors import StoreError
from engine.store.database import translated
from engine.store.packing import pack_observations, unpack_observations
from engine.store.readings import pack_expressions, pack_sightings, unpack_expressions, unpack_sightings

_COMPLETE = "complete"
_UNFINISHED = ".part"


Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Codec(Generic[Answer]):
    """How a stage's answers to a stretch of frames become bytes, and back.

    Attributes:
        pack: answers, one a frame, to bytes.
        unpack: the other way; raises `StoreError` where the bytes are damaged.
    """

    pack: Callable[[Sequence[Answer]], bytes]
    unpack: Callable[[bytes], list[Answer]]


OBSERVATIONS = Codec(pack_observations, unpack_observations)
SIGHTINGS = Codec(pack_sightings, unpack_sightings)
EXPRESSIONS = Codec(pack_expressions, unpack_expressions)


class ChunkStore(Generic[Answer]):
    """The chunks of one stage's result.

    Args:
        folder: the folder of the stage's key; made when the first chunk is written.
        codec: of the stage's answers.
    """

    def __init__(self, folder: Path, codec: Codec[Answer]) -> None:
        self.folder = folder
        self._codec = codec
        self._known: dict[int, tuple[int, int, int]] = {}

    def done(self) -> int:
        """How many chunks are there in an unbroken row from 0; a damaged one ends the row."""
        n = 0
        while self._whole(n):
            n += 1
        return n

    def as_read(self, answers: Sequence[Answer]) -> list[Answer]:
        """Answers as `read` will give them back, rounded."""
        return self._codec.unpack(self._codec.pack(answers))

    def write(self, n: int, answers: Sequence[Answer]) -> None:
        """Put chunk `n` in its place, on the disk before this returns.

        Args:
            n: its number, from 0.
            answers: one for each of its frames, in order of time; may be empty.

        Raises:
            StoreError: the disk is full or the folder cannot be written.
        """
        self._place(self._file(n), self._codec.pack(answers))

    def read(self, n: int) -> list[Answer]:
        """Chunk `n`, rounded as its codec says.

        Raises:
            StoreError: it is not there, or damaged.
        """
        try:
            blob = self._file(n).read_bytes()
        except OSError as error:
            raise StoreError(
                "Stored detections are missing. Analyse the footage again.", detail=f"{type(error).__name__}: {error}"
            ) from error
        return self._codec.unpack(blob)

    def read_all(self) -> list[Answer]:
        """All chunks of the unbroken row from 0, one after another.

        Raises:
            StoreError: the stage was finished and a chunk is missing or damaged.
        """
        wanted = self._promised()
        count = self.done() if wanted is None else wanted
        return [answer for n in range(count) for answer in self.read(n)]

    def finish(self, count: int) -> None:
        """Note that chunks 0 to `count` - 1 are all there are, and clear what interrupted writes left.

        Raises:
            StoreError: one of them is missing or damaged, or the folder cannot be written.
        """
        if self.done() < count:
            raise StoreError("Stored detections are missing. Analyse the footage again.", detail=f"chunk {self.done()}")
        self._place(self.folder / _COMPLETE, str(count).encode("ascii"))
        keep = {self._file(n).name for n in range(count)} | {_COMPLETE}
        for file in self.folder.iterdir():
            if file.name not in keep:
                with contextlib.suppress(OSError):
                    file.unlink()

    @property
    def complete(self) -> bool:
        """All chunks are there and undamaged."""
        wanted = self._promised()
        return wanted is not None and self.done() >= wanted

    def _promised(self) -> int | None:
        try:
            return int((self.folder / _COMPLETE).read_text("ascii"))
        except (OSError, ValueError):
            return None

    def _file(self, n: int) -> Path:
        return self.folder / f"{n:04d}.bin"

    def _whole(self, n: int) -> bool:
        """Whether chunk `n` can be read; one that was found whole is read again only if its file has changed."""
        try:
            facts = self._file(n).stat()
            mark = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
            if self._known.get(n) != mark:
                self.read(n)
                self._known[n] = mark
        except (OSError, StoreError):
            return False
        return True

    def _place(self, file: Path, content: bytes) -> None:
        # A name of this process's own: two that compute the same chunk must not write into one file.
        part = file.with_name(f"{file.name}.{os.getpid()}{_UNFINISHED}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            part.replace(file)
            _sync_folder(self.folder)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise translated(error, file) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
