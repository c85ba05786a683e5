"""A vector index as files beside the store: whole or not at all, checked when read, good for several processes.

`<name>.json` names the two files that belong together, with their checksums; it is replaced last. Whatever is missing,
damaged or of another kind is passed over: the index is made again from the store.
Owns: the folder `search` of a home. May import: `engine.core`, `engine.search`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.search.vectors import VectorIndex

log = logging.getLogger(__name__)

SCHEMA = 1
ABANDONED_S = 24 * 3600.0
"""Files of an index that nothing names for so long are removed, seconds."""

_BLOCK = 1 << 20


@dataclass(slots=True)
class Shelved:
    """An index and the sets of the store that are in it.

    Attributes:
        index: the vectors.
        sets: ids of the vectors of each set, by the set's id.
    """

    index: VectorIndex
    sets: dict[int, NDArray[np.int64]]


class ShelfFiles:
    """The files of one index.

    Args:
        folder: where they lie; made when something is written.
        name: of the index.
        columns: of its vectors.
    """

    def __init__(self, folder: Path, name: str, columns: int) -> None:
        self._folder, self._name, self._columns = folder, name, columns

    def read(self) -> Shelved | None:
        """What was written last; None where there is nothing that can be used."""
        for _ in range(3):
            told = self._manifest()
            if told is None:
                return None
            try:
                return self._opened(told)
            except FileNotFoundError:
                continue  # another process has just put a newer one in its place
            except (OSError, ValueError, KeyError, zlib.error) as error:
                log.warning("index %s is made again: %s", self._name, error)
                return None
        return None

    def write(self, shelved: Shelved) -> None:
        """Put an index in the place of the last one; nothing happens where the disk is full or not writable."""
        before = self._manifest()
        token = uuid.uuid4().hex[:12]
        files = [self._folder / f"{self._name}-{token}.{end}" for end in ("faiss", "npz")]
        manifest = self._folder / f".{self._name}-{token}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            shelved.index.write(str(files[0]))
            owners = np.repeat(
                np.array(list(shelved.sets), np.int64), [len(each) for each in shelved.sets.values()]
            ).astype(np.int64)
            ids = np.concatenate([np.zeros(0, np.int64), *shelved.sets.values()])
            with files[1].open("wb") as out:
                np.savez(out, ids=ids, owners=owners, sets=np.array(list(shelved.sets), np.int64))
            told = {
                "schema": SCHEMA,
                "columns": self._columns,
                "vectors": len(shelved.index),
                "files": [{"name": file.name, "crc32": _checksum(file)} for file in files],
            }
            manifest.write_text(json.dumps(told), "utf-8")
            manifest.replace(self._place)
        except (OSError, RuntimeError) as error:
            # faiss says with a RuntimeError that it cannot write. An index is only a copy: search goes on without.
            log.warning("index %s cannot be written: %s", self._name, error)
            for file in (*files, manifest):
                with contextlib.suppress(OSError):
                    file.unlink()
            return
        self._clear(before)

    @property
    def _place(self) -> Path:
        return self._folder / f"{self._name}.json"

    def _manifest(self) -> dict[str, object] | None:
        try:
            told = json.loads(self._place.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        fits = isinstance(told, dict) and (told.get("schema"), told.get("columns")) == (SCHEMA, self._columns)
        return told if fits else None

    def _opened(self, told: dict[str, object]) -> Shelved:
        files = told["files"]
        if not isinstance(files, list) or len(files) != 2:
            raise ValueError("two files are needed")
        paths = []
        for each in files:
            path = self._folder / Path(str(each["name"])).name
            if _checksum(path) != each["crc32"]:
                raise ValueError(f"{path.name} is damaged")
            paths.append(path)
        index = VectorIndex.read(str(paths[0]), self._columns)
        with np.load(paths[1], allow_pickle=False) as book:
            ids, owners, sets = book["ids"], book["owners"], book["sets"]
        if len(index) != told["vectors"] or not np.array_equal(np.sort(ids), index.ids):
            raise ValueError("the parts do not belong together")
        return Shelved(index, {int(each): ids[owners == each] for each in sets})

    def _clear(self, before: dict[str, object] | None) -> None:
        """Remove what was named before, and what nothing has named for a day."""
        named = before["files"] if before else []
        old = {str(each["name"]) for each in named} if isinstance(named, list) else set()
        now = self._manifest()
        kept = json.dumps(now) if now else ""
        for path in self._folder.glob(f"*{self._name}-*"):
            with contextlib.suppress(OSError):
                abandoned = time.time() - path.stat().st_mtime > ABANDONED_S
                if path.name not in kept and (path.name in old or abandoned):
                    path.unlink()


def _checksum(path: Path) -> int:
    total = 0
    with path.open("rb") as source:
        while block := source.read(_BLOCK):
            total = zlib.crc32(block, total)
    return total


def synced(
    shelved: Shelved,
    wanted: Mapping[int, Callable[[], tuple[NDArray[np.int64], NDArray[np.float32]]]],
) -> bool:
    """Bring an index to the sets that it should hold: what is gone is removed, what is new is added.

    Args:
        shelved: changed in place.
        wanted: what reads the ids and vectors of each set, by the set's id; only new sets are read.

    Returns:
        Whether anything changed.
    """
    gone = [each for each in shelved.sets if each not in wanted]
    new = [each for each in wanted if each not in shelved.sets]
    if gone:
        shelved.index.remove(np.concatenate([shelved.sets.pop(each) for each in gone]))
    read = [(each, *wanted[each]()) for each in new]
    if read:
        shelved.index.add(np.concatenate([ids for _, ids, _ in read]), np.concatenate([rows for _, _, rows in read]))
        shelved.sets.update({each: ids for each, ids, _ in read})
    return bool(gone or new)
