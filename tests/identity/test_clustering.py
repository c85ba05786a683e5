"""Groups joined nearest first, of which some may never come together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.identity.clustering import constrained_groups

LINKAGES = ("single", "average", "complete")


def table(*places: float) -> np.ndarray:
    line = np.array(places)
    return np.abs(line[:, None] - line[None, :])


def nobody_apart(n: int) -> np.ndarray:
    return np.zeros((n, n), np.bool_)


def pair(n: int, *pairs: tuple[int, int]) -> np.ndarray:
    apart = nobody_apart(n)
    for a, b in pairs:
        apart[a, b] = apart[b, a] = True
    return apart


@pytest.mark.parametrize(
    ("linkage", "expected"),
    [
        pytest.param("single", [[0, 1, 2, 3]], id="single-follows-a-chain"),
        pytest.param("average", [[0, 1], [2, 3]], id="average-looks-at-all"),
        pytest.param("complete", [[0, 1], [2, 3]], id="complete-looks-at-the-farthest"),
    ],
)
def test_linkages(linkage: str, expected: list[list[int]]) -> None:
    assert constrained_groups(table(0, 1, 2.2, 3.1), nobody_apart(4), linkage=linkage, at_most=1.5) == expected


@pytest.mark.parametrize("linkage", LINKAGES)
def test_those_apart_never_come_together_by_a_third_either(linkage: str) -> None:
    groups = constrained_groups(table(0, 0.1, 0.2), pair(3, (0, 2)), linkage=linkage, at_most=5.0)
    assert groups == [[0, 1], [2]]


@pytest.mark.parametrize("linkage", LINKAGES)
def test_what_is_not_known_joins_nobody(linkage: str) -> None:
    distances = table(0, 0.1, 0.2)
    distances[2, :2] = distances[:2, 2] = np.nan
    assert constrained_groups(distances, nobody_apart(3), linkage=linkage, at_most=5.0) == [[0, 1], [2]]


def test_the_mean_is_over_what_is_known() -> None:
    distances = table(0, 0.1, 0.5)
    distances[0, 2] = distances[2, 0] = np.nan
    assert constrained_groups(distances, nobody_apart(3), linkage="average", at_most=0.45) == [[0, 1, 2]]
    assert constrained_groups(distances, nobody_apart(3), linkage="average", at_most=0.35) == [[0, 1], [2]]


def test_nobody_and_one() -> None:
    assert constrained_groups(np.zeros((0, 0)), nobody_apart(0), linkage="average", at_most=1.0) == []
    assert constrained_groups(np.zeros((1, 1)), nobody_apart(1), linkage="average", at_most=1.0) == [[0]]


def test_mistakes() -> None:
    with pytest.raises(ValueError, match="linkage"):
        constrained_groups(table(0, 1), nobody_apart(2), linkage="ward", at_most=1.0)
    with pytest.raises(ValueError, match="N, N"):
        constrained_groups(table(0, 1), nobody_apart(3), linkage="single", at_most=1.0)


POINTS = st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=2, max_size=12, unique=True)


@settings(max_examples=60)
@given(points=POINTS, at_most=st.floats(0.1, 8), linkage=st.sampled_from(LINKAGES))
def test_without_constraints_groups_are_those_of_scipy(
    points: list[tuple[float, float]], at_most: float, linkage: str
) -> None:
    from scipy.cluster.hierarchy import fcluster
    from scipy.cluster.hierarchy import linkage as scipy_linkage
    from scipy.spatial.distance import pdist, squareform

    # Points off a grid: where two distances are equal either may come first.
    rng = np.random.default_rng(len(points))
    flat = pdist(np.array(points) + rng.uniform(0, 1e-3, (len(points), 2)))
    theirs = fcluster(scipy_linkage(flat, linkage), at_most, "distance")
    ours = constrained_groups(squareform(flat), nobody_apart(len(points)), linkage=linkage, at_most=at_most)
    assert {frozenset(np.flatnonzero(theirs == label).tolist()) for label in set(theirs)} == {
        frozenset(group) for group in ours
    }


@settings(max_examples=60)
@given(
    points=POINTS,
    pairs=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=8),
    linkage=st.sampled_from(LINKAGES),
)
def test_constraints_hold_whatever_the_distances(
    points: list[tuple[float, float]], pairs: list[tuple[int, int]], linkage: str
) -> None:
    n = len(points)
    apart = pair(n, *((a, b) for a, b in pairs if a != b and max(a, b) < n))
    places = np.array(points)
    distances = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    groups = constrained_groups(distances, apart, linkage=linkage, at_most=100.0)
    assert sorted(row for group in groups for row in group) == list(range(n))
    for group in groups:
        assert not apart[np.ix_(group, group)].any()
