"""Pairs of one footage that are worth a look."""

from __future__ import annotations

import pytest

from engine.core.config import LinkConfig
from engine.identity.doubtful import doubtful_links
from tests.identity.test_linking import SCALE, looks

SPANS = {1: (0.0, 5.0), 2: (20.0, 25.0), 3: (22.0, 30.0), 4: (40.0, 45.0)}


def found(
    *persons: tuple[int, ...], angles: dict[int, float], config: LinkConfig | None = None
) -> list[tuple[tuple[int, ...], ...]]:
    links = doubtful_links(persons, SPANS, looks(angles), config or LinkConfig(), SCALE)
    return [(link.first, link.second) for link in links]


def test_the_likeliest_first_and_only_who_looks_alike() -> None:
    angles = {1: 0.0, 2: 20.0, 3: 80.0, 4: 10.0}
    assert found((4,), (3,), (2,), (1,), angles=angles) == [((1,), (4,)), ((2,), (4,)), ((1,), (2,))]
    assert found((1,), (3,), angles=angles) == []


def test_those_in_view_together_are_never_asked_about_and_raise_the_bar() -> None:
    assert found((1,), (2,), (3,), angles={1: 0.0, 2: 20.0, 3: 22.0}) == []
    assert found((1,), (2,), angles={1: 0.0, 2: 20.0}) == [((1,), (2,))]


def test_persons_of_several_tracklets_are_one() -> None:
    links = doubtful_links([(1, 4), (2,)], SPANS, looks({1: 0.0, 2: 15.0, 4: 5.0}), LinkConfig(), SCALE)
    assert [(link.first, link.second) for link in links] == [((1, 4), (2,))]
    assert 0.97 < links[0].similarity < 0.99
    assert links[0].score == pytest.approx(SCALE.score(links[0].similarity))


def test_nobody_without_a_good_view() -> None:
    assert doubtful_links([(1,), (2,)], SPANS, looks({1: 0.0}), LinkConfig(), SCALE) == []
    assert doubtful_links([(1,), (2,)], SPANS, looks({1: 0.0, 2: 1.0}, quality=0.1), LinkConfig(), SCALE) == []
    assert doubtful_links([], SPANS, looks({1: 0.0}), LinkConfig(), SCALE) == []


def test_how_much_is_asked_about_is_a_setting() -> None:
    angles = {1: 0.0, 2: 25.0}
    assert found((1,), (2,), angles=angles, config=LinkConfig(doubtful_score=0.99)) == []
    assert found((1,), (2,), angles=angles, config=LinkConfig(doubtful_score=0.0)) == [((1,), (2,))]
