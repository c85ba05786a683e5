"""The index: exact while small, near enough when large, and the same after vectors came and went."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.search.vectors import VectorIndex, recall

COLUMNS = 24


def crowd(count: int, seed: int = 0, columns: int = COLUMNS) -> np.ndarray:
    """Unit vectors in bunches, as pictures of people dressed alike are."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(0, 1, (max(count // 40, 1), columns))
    vectors = middles[rng.integers(0, len(middles), count)] + rng.normal(0, 0.6, (count, columns))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def truth(vectors: np.ndarray, ids: np.ndarray, query: np.ndarray, most: int) -> list[int]:
    return ids[np.argsort(-(vectors @ query), kind="stable")[:most]].tolist()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=1, max_size=12), st.integers(0, 2**31))
def test_it_answers_as_a_scan_does_whatever_came_and_went(steps: list[tuple[bool, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    index, held = VectorIndex(COLUMNS), {}
    fresh = 0
    for add, count in steps:
        if add:
            ids, vectors = np.arange(fresh, fresh + count) * 7, crowd(max(count, 1), fresh)[:count]
            index.add(ids, vectors)
            held.update(zip(ids.tolist(), vectors, strict=True))
            fresh += count
        else:
            gone = rng.permutation(np.array([*held, -5, 10**9]))[:count]
            assert index.remove(gone) == len(set(gone.tolist()) & set(held))
            for each in gone.tolist():
                held.pop(each, None)
    assert index.ids.tolist() == sorted(held)
    assert index.exact
    query = crowd(1, seed % 1000)[0]
    found, products = index.nearest(query, 10)
    best = sorted((float(vector @ query) for vector in held.values()), reverse=True)[:10]
    assert products.tolist() == pytest.approx(best, abs=1e-5)
    assert [float(held[each] @ query) for each in found.tolist()] == pytest.approx(best, abs=1e-5)


@pytest.fixture(scope="module")
def large() -> tuple[VectorIndex, np.ndarray, np.ndarray]:
    """An index that has outgrown comparing everything, filled in two goes."""
    vectors = crowd(6000)
    ids = np.arange(len(vectors), dtype=np.int64) * 3 + 1
    index = VectorIndex(COLUMNS, exact_up_to=2000)
    index.add(ids[:1500], vectors[:1500])
    assert index.exact
    index.add(ids[1500:], vectors[1500:])
    assert not index.exact
    return index, vectors, ids


def test_a_large_index_finds_nearly_all_of_the_true_ten(large: tuple[VectorIndex, np.ndarray, np.ndarray]) -> None:
    index, vectors, ids = large
    rng = np.random.default_rng(5)
    beside = vectors[rng.integers(0, len(vectors), 100)] + rng.normal(0, 0.05, (100, COLUMNS))
    between = vectors[rng.integers(0, len(vectors), (100, 5))].mean(axis=1)
    for asked in (beside, between):
        found = np.stack([index.nearest(query.astype(np.float32), 10)[0] for query in asked])
        true = np.stack([truth(vectors, ids, query, 10) for query in asked])
        assert recall(found, true) >= 0.95


def test_only_allowed_ones_are_found(large: tuple[VectorIndex, np.ndarray, np.ndarray]) -> None:
    index, vectors, ids = large
    query = vectors[17]
    few, many = ids[::5], ids[::2]
    assert index.nearest(query, 10, few)[0].tolist() == truth(vectors[::5], few, query, 10), "of few, all are compared"
    found, _ = index.nearest(query, 10, many)
    assert set(found.tolist()) <= set(many.tolist())
    assert recall(found[None], np.array([truth(vectors[::2], many, query, 10)])) >= 0.9
    assert len(index.nearest(query, 10, np.zeros(0, np.int64))[0]) == 0


def test_what_is_removed_from_a_large_index_is_not_found_and_a_small_rest_is_exact() -> None:
    vectors = crowd(3000, 3)
    ids = np.arange(3000, dtype=np.int64)
    index = VectorIndex(COLUMNS, exact_up_to=1000)
    index.add(ids, vectors)
    assert not index.exact
    assert index.remove(ids[:1500]) == 1500
    assert not index.exact
    assert index.nearest(vectors[7], 50)[0].min() >= 1500
    index.remove(ids[1500:2200])
    assert index.exact
    found, _ = index.nearest(vectors[2500], 10)
    halves = vectors[2200:].astype(np.float16).astype(np.float32)
    assert found.tolist() == truth(halves, ids[2200:], vectors[2500], 10)


def test_it_comes_back_from_a_file(large: tuple[VectorIndex, np.ndarray, np.ndarray], tmp_path: Path) -> None:
    index, vectors, ids = large
    index.write(str(tmp_path / "large"))
    again = VectorIndex.read(str(tmp_path / "large"), COLUMNS, exact_up_to=2000)
    assert again.ids.tolist() == index.ids.tolist()
    assert again.nearest(vectors[5], 10)[0].tolist() == index.nearest(vectors[5], 10)[0].tolist()
    assert again.remove(ids[5:6]) == 1
    assert ids[5] not in again.nearest(vectors[5], 10)[0]
    small = VectorIndex(COLUMNS)
    small.add(ids[:50], vectors[:50])
    small.write(str(tmp_path / "small"))
    assert VectorIndex.read(str(tmp_path / "small"), COLUMNS).nearest(vectors[9], 1)[0].tolist() == [ids[9]]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="no index"):
        VectorIndex.read(str(tmp_path / "x"), COLUMNS)
    VectorIndex(8).write(str(tmp_path / "y"))
    with pytest.raises(ValueError, match="columns"):
        VectorIndex.read(str(tmp_path / "y"), COLUMNS)


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        pytest.param([1, 1], np.zeros((2, COLUMNS), np.float32), id="twice"),
        pytest.param([0], np.zeros((1, COLUMNS), np.float32), id="there-already"),
        pytest.param([1], np.zeros((1, 3), np.float32), id="shape"),
        pytest.param([1, 2], np.zeros((1, COLUMNS), np.float32), id="count"),
        pytest.param([1], np.full((1, COLUMNS), np.nan, np.float32), id="not-finite"),
    ],
)
def test_mistakes_are_told(ids: list[int], vectors: np.ndarray) -> None:
    index = VectorIndex(COLUMNS)
    index.add(np.array([0], np.int64), crowd(1))
    with pytest.raises(ValueError, match=r"vectors must be|every id"):
        index.add(np.array(ids, np.int64), vectors)
    assert len(index) == 1


def test_an_empty_index_finds_nothing() -> None:
    ids, products = VectorIndex(4).nearest(np.ones(4, np.float32), 5)
    assert (len(ids), len(products)) == (0, 0)
    with pytest.raises(ValueError, match="query"):
        VectorIndex(4).nearest(np.ones(3, np.float32), 5)
