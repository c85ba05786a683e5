"""Index files: read back whole, refused when anything is wrong, harmless to other processes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.search.shelf_files import ABANDONED_S, ShelfFiles, Shelved, synced
from engine.search.vectors import VectorIndex


def part(first: int) -> Callable[[], tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(first)
    return lambda: (np.arange(first, first + 5), rng.normal(0, 1, (5, 6)).astype(np.float32))


@pytest.fixture
def shelved() -> Shelved:
    made = Shelved(VectorIndex(6), {})
    assert synced(made, {1: part(0), 2: part(100)})
    return made


def test_it_comes_back(shelved: Shelved, tmp_path: Path) -> None:
    files = ShelfFiles(tmp_path / "search", "slots", 6)
    assert files.read() is None
    files.write(shelved)
    read = files.read()
    assert read is not None
    assert {key: ids.tolist() for key, ids in read.sets.items()} == {1: [*range(5)], 2: [*range(100, 105)]}
    assert np.array_equal(read.index.vectors(read.index.ids), shelved.index.vectors(shelved.index.ids))


def test_only_what_changed_is_read(shelved: Shelved) -> None:
    def never() -> tuple[np.ndarray, np.ndarray]:
        raise AssertionError("a set that is there is not read again")

    assert not synced(shelved, {1: never, 2: never})
    assert synced(shelved, {2: never, 3: part(200)})
    assert shelved.index.ids.tolist() == [*range(100, 105), *range(200, 205)]


def test_the_next_one_takes_the_place_of_the_last(shelved: Shelved, tmp_path: Path) -> None:
    files = ShelfFiles(tmp_path, "slots", 6)
    files.write(shelved)
    synced(shelved, {2: part(100)})
    files.write(shelved)
    read = files.read()
    assert read is not None
    assert list(read.sets) == [2]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".faiss", ".json", ".npz"]


@pytest.mark.parametrize("suffix", [".faiss", ".npz", ".json"])
@pytest.mark.parametrize("how", ["gone", "empty", "cut", "flipped"])
def test_damage_is_noticed(shelved: Shelved, tmp_path: Path, suffix: str, how: str) -> None:
    files = ShelfFiles(tmp_path, "slots", 6)
    files.write(shelved)
    (file,) = tmp_path.glob(f"*{suffix}")
    data = file.read_bytes()
    if how == "gone":
        file.unlink()
    else:
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        file.write_bytes({"empty": b"", "cut": data[:middle], "flipped": flipped}[how])
    read = files.read()
    assert read is None or suffix == ".json", "a flipped letter of a name or number is found by what it names"
    files.write(shelved)
    assert files.read() is not None


def test_another_kind_of_vectors_is_passed_over(shelved: Shelved, tmp_path: Path) -> None:
    ShelfFiles(tmp_path, "slots", 6).write(shelved)
    assert ShelfFiles(tmp_path, "slots", 7).read() is None
    assert ShelfFiles(tmp_path, "other", 6).read() is None


def test_a_name_in_the_manifest_leads_nowhere_else(shelved: Shelved, tmp_path: Path) -> None:
    files = ShelfFiles(tmp_path / "search", "slots", 6)
    files.write(shelved)
    place = tmp_path / "search" / "slots.json"
    told = json.loads(place.read_text("utf-8"))
    (tmp_path / told["files"][0]["name"]).write_bytes((tmp_path / "search" / told["files"][0]["name"]).read_bytes())
    (tmp_path / "search" / told["files"][0]["name"]).unlink()
    told["files"][0]["name"] = f"../{told['files'][0]['name']}"
    place.write_text(json.dumps(told), "utf-8")
    assert files.read() is None


def test_a_folder_that_cannot_be_written_is_no_harm(shelved: Shelved, tmp_path: Path) -> None:
    (tmp_path / "search").write_text("a file")
    files = ShelfFiles(tmp_path / "search", "slots", 6)
    files.write(shelved)
    assert files.read() is None


def test_files_of_others_at_work_are_left_alone(shelved: Shelved, tmp_path: Path) -> None:
    files = ShelfFiles(tmp_path, "slots", 6)
    new, old = tmp_path / "slots-aaaaaaaaaaaa.faiss", tmp_path / "slots-bbbbbbbbbbbb.faiss"
    for path in (new, old):
        path.write_bytes(b"x")
    long_ago = old.stat().st_mtime - 2 * ABANDONED_S
    os.utime(old, (long_ago, long_ago))
    files.write(shelved)
    assert new.exists()
    assert not old.exists()
