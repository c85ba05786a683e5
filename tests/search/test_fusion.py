"""Fusing the orders of several tiers into one, with a score that promises no more than was found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.fusion import fuse, rerank, shortlist

NAN = float("nan")


def scores(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def order(fused: np.ndarray) -> list[int]:
    known = np.flatnonzero(~np.isnan(fused))
    return [int(row) for row in known[np.argsort(-fused[known], kind="stable")]]


@pytest.mark.parametrize(
    ("likeness", "most", "expected"),
    [
        pytest.param(scores(0.2, 0.9, 0.5), 2, [1, 2], id="the-likeliest-first"),
        pytest.param(scores(0.2, NAN, 0.5), 5, [2, 0], id="the-unknown-are-left-out"),
        pytest.param(scores(0.5, 0.5, 0.5), 2, [0, 1], id="equals-in-their-order"),
        pytest.param(scores(), 3, [], id="nobody"),
    ],
)
def test_shortlist(likeness: np.ndarray, most: int, expected: list[int]) -> None:
    assert shortlist(likeness, most).tolist() == expected


def test_matching_is_added_to_likeness() -> None:
    likeness = scores(0.6, 0.7, 0.8)
    ranked = rerank(likeness, np.array([2, 1]), scores(0.1, 0.9))
    assert ranked[1] == pytest.approx((0.7 + 0.9) / 2)
    assert ranked[2] == pytest.approx((0.8 + 0.1) / 2)
    assert order(ranked) == [1, 2, 0]


def test_whoever_was_not_matched_comes_after_those_who_were() -> None:
    likeness = scores(0.9, 0.95, 0.99, 0.3, NAN)
    ranked = rerank(likeness, np.array([3]), scores(0.0))
    assert order(ranked) == [3, 2, 1, 0]
    assert np.isnan(ranked[4])


def test_without_a_shortlist_likeness_orders() -> None:
    ranked = rerank(scores(0.4, 0.6), np.zeros(0, np.int64), scores())
    assert order(ranked) == [1, 0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(scores(0.9, 0.5, 0.1), scores(0.8, 0.6, 0.2), [0, 1, 2], id="agreed"),
        pytest.param(
            scores(0.9, 0.8, 0.5, 0.1),
            scores(0.1, 0.8, 0.5, 0.9),
            [1, 0, 3, 2],
            id="second-in-both-first",
        ),
        pytest.param(scores(0.9, 0.2, 0.1), scores(NAN, 0.9, 0.1), [0, 1, 2], id="not-known-is-no-blame"),
        pytest.param(scores(0.4, 0.4, 0.4), scores(0.1, 0.9, 0.5), [1, 2, 0], id="equals-are-told-apart-by-the-other"),
    ],
)
def test_fused_order(first: np.ndarray, second: np.ndarray, expected: list[int]) -> None:
    assert order(fuse([first, second])) == expected


def test_scale_of_a_tier_changes_nothing() -> None:
    slots = scores(0.9, 0.1, 0.5, 0.4)
    network = scores(0.61, 0.64, 0.63, 0.60)
    assert order(fuse([slots, network])) == order(fuse([slots, (network - 0.6) * 20]))


def test_a_heavier_tier_wins_a_quarrel() -> None:
    first, second = scores(0.9, 0.1), scores(0.1, 0.9)
    assert order(fuse([first, second], weights=(2.0, 1.0))) == [0, 1]
    assert order(fuse([first, second], weights=(1.0, 2.0))) == [1, 0]


def test_the_best_of_a_bad_lot_is_not_shown_as_sure() -> None:
    fused = fuse([scores(0.2, 0.1), scores(0.15, 0.05)])
    assert fused[0] == pytest.approx(0.175)


@pytest.mark.parametrize(
    ("tiers", "weights"),
    [
        pytest.param([scores(0.1), scores(0.1, 0.2)], (), id="lengths"),
        pytest.param([scores(0.1)], (1.0, 1.0), id="too-many-weights"),
        pytest.param([scores(0.1)], (0.0,), id="no-weight"),
        pytest.param([], (), id="no-tier"),
    ],
)
def test_what_does_not_fit_is_refused(tiers: list[np.ndarray], weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="tiers"):
        fuse(tiers, weights)


unit = st.one_of(st.floats(0.0, 1.0, width=32), st.just(NAN))


@given(st.lists(st.tuples(unit, unit), min_size=1, max_size=30))
def test_fused_scores_are_bounded_and_promise_no_more_than_was_found(rows: list[tuple[float, float]]) -> None:
    first, second = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    fused = fuse([first, second])
    known = ~np.isnan(fused)
    assert (known == ~(np.isnan(first) & np.isnan(second))).all()
    assert ((fused[known] >= 0) & (fused[known] <= 1)).all()
    assert (fused[known] <= np.nanmax(np.stack([first, second])[:, known], axis=0) + 1e-6).all()


@given(st.lists(st.tuples(st.floats(0.0, 1.0, width=32), st.floats(0.0, 1.0, width=32)), min_size=2, max_size=20))
def test_whoever_both_tiers_prefer_is_never_below(rows: list[tuple[float, float]]) -> None:
    first, second = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    fused = fuse([first, second])
    for one in range(len(rows)):
        for other in range(len(rows)):
            if first[one] > first[other] and second[one] > second[other]:
                assert fused[one] >= fused[other]
