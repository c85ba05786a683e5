"""Chunk files."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.errors import StoreError
from engine.core.types import Observation
from engine.store.chunks import OBSERVATIONS, ChunkStore
from engine.store.packing import pack_observations
from tests.store import samples


def _fill(folder: Path, count: int) -> ChunkStore[Observation]:
    chunks = ChunkStore(folder / "media" / "stages" / "key", OBSERVATIONS)
    for n in range(count):
        chunks.write(n, samples.observations(4, seed=n))
    return chunks


def test_nothing_there_yet(tmp_path: Path) -> None:
    chunks = _fill(tmp_path, 0)
    assert (chunks.done(), chunks.complete, chunks.read_all()) == (0, False, [])


def test_what_was_written_is_read(tmp_path: Path) -> None:
    chunks = _fill(tmp_path, 3)
    for n in range(3):
        assert pack_observations(chunks.read(n)) == pack_observations(samples.observations(4, seed=n))
    assert len(chunks.read_all()) == 12
    assert chunks.done() == 3
    assert not chunks.complete


def test_an_empty_chunk_counts(tmp_path: Path) -> None:
    chunks = _fill(tmp_path, 0)
    chunks.write(0, [])
    chunks.finish(1)
    assert (chunks.done(), chunks.complete, chunks.read_all()) == (1, True, [])


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(file.read_bytes()[:-9])])
def test_a_damaged_chunk_ends_the_row(tmp_path: Path, damage: object) -> None:
    chunks = _fill(tmp_path, 3)
    chunks.finish(3)
    assert chunks.complete
    damage(chunks.folder / "0001.bin")
    assert chunks.done() == 1
    assert not chunks.complete
    with pytest.raises(StoreError):
        chunks.read(1)
    with pytest.raises(StoreError):
        chunks.read_all()
    with pytest.raises(StoreError):
        chunks.finish(3)
    chunks.write(1, samples.observations(4, seed=1))
    assert chunks.complete


def test_finish_clears_what_interrupted_writes_left(tmp_path: Path) -> None:
    chunks = _fill(tmp_path, 3)
    (chunks.folder / "0001.bin.77.part").write_bytes(b"half")
    chunks.finish(2)
    assert sorted(file.name for file in chunks.folder.iterdir()) == ["0000.bin", "0001.bin", "complete"]
    assert len(chunks.read_all()) == 8


def test_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    chunks = _fill(tmp_path, 1)
    (chunks.folder / "0001.bin").mkdir()
    with pytest.raises(StoreError, match="cannot be opened or written"):
        chunks.write(1, samples.observations(4))
    assert sorted(file.name for file in chunks.folder.iterdir()) == ["0000.bin", "0001.bin"]
    assert chunks.done() == 1


def test_done_reads_a_chunk_only_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = _fill(tmp_path, 3)
    assert chunks.done() == 3
    monkeypatch.setattr(ChunkStore, "read", lambda self, n: pytest.fail(f"chunk {n} was read again"))
    assert chunks.done() == 3
