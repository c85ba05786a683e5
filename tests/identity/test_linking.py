"""Links by looks: who comes back is known again, and nobody is taken for somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.config import LinkConfig
from engine.core.errors import ConfigError
from engine.core.identity import CosineScale, IdentityVectors
from engine.core.types import Tracklet
from engine.identity.linking import Evidence, link_scores, link_tracklets
from engine.identity.looks import clothes_differ, looks_of, raised
from tests.tracking.scenes import tracklet

SIZE = (1280, 720)
SCALE = CosineScale(0.75, 0.95)


def run(number: int, start: float, end: float, x: float = 100) -> Tracklet:
    """Somebody who stands at a place; far from the others, so that place and time link nobody."""
    t = np.arange(start, end + 1e-6, 0.2)
    return tracklet(list(t), np.tile([x, 200, x + 80, 400], (len(t), 1)), number=number)


def direction(degrees: float) -> np.ndarray:
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees)), 0, 0], np.float32)


def looks(directions: Mapping[int, float], views: int = 3, quality: float = 0.7) -> IdentityVectors:
    """Views of tracklets that look into a direction, so many degrees apart."""
    numbers = np.repeat(np.array([*directions], np.int64), views)
    return IdentityVectors(
        numbers,
        np.tile(np.arange(views), len(directions)),
        np.stack([direction(directions[int(number)]) for number in numbers]),
        np.full(len(numbers), quality, np.float32),
    )


def wearing(colours: Mapping[int, str], long: float = 0.9) -> ClothingReadings:
    """A top of one colour each, in one view."""
    numbers = [*colours]
    shares = np.zeros((len(numbers), len(COLOURS)), np.float32)
    for row, number in enumerate(numbers):
        shares[row, COLOURS.index(colours[number])] = 1.0
    traits = np.full((len(numbers), len(TRAITS)), np.nan, np.float32)
    traits[:, TRAITS.index("long")] = long
    one = np.ones(len(numbers), np.float32)
    return ClothingReadings(
        np.array(numbers, np.int64),
        np.zeros(len(numbers), np.int64),
        ("upper",) * len(numbers),
        one,
        one,
        shares,
        traits,
    )


def groups(
    runs: Sequence[Tracklet],
    vectors: IdentityVectors,
    config: LinkConfig | None = None,
    clothing: ClothingReadings | None = None,
) -> list[tuple[int, ...]]:
    evidence = Evidence(vectors, SCALE, clothing)
    return [person.tracklets for person in link_tracklets(runs, config or LinkConfig(), SIZE, evidence)]


GONE_AND_BACK = [run(1, 0, 5, 100), run(2, 20, 25, 900)]


def test_who_comes_back_elsewhere_is_known_by_looks() -> None:
    persons = link_tracklets(GONE_AND_BACK, LinkConfig(), SIZE, Evidence(looks({1: 0, 2: 8}), SCALE))
    assert [person.tracklets for person in persons] == [(1, 2)]
    assert LinkConfig().min_score <= persons[0].score < 1


@pytest.mark.parametrize(
    ("vectors", "config"),
    [
        pytest.param(looks({1: 0, 2: 30}), LinkConfig(), id="looks-a-little-different"),
        pytest.param(looks({1: 0, 2: 8}, views=1), LinkConfig(), id="seen-well-only-once"),
        pytest.param(looks({1: 0, 2: 8}, quality=0.1), LinkConfig(), id="only-bad-views"),
        pytest.param(looks({1: 0, 2: 8}), LinkConfig(min_score=0.999), id="more-is-asked"),
        pytest.param(looks({1: 0}), LinkConfig(), id="no-view-at-all"),
    ],
)
def test_a_doubtful_link_is_not_made(vectors: IdentityVectors, config: LinkConfig) -> None:
    assert groups(GONE_AND_BACK, vectors, config) == [(1,), (2,)]


def test_clothes_that_differ_speak_against_it() -> None:
    vectors = looks({1: 0, 2: 8})
    assert groups(GONE_AND_BACK, vectors, None, wearing({1: "red", 2: "red"})) == [(1, 2)]
    assert groups(GONE_AND_BACK, vectors, None, wearing({1: "red", 2: "green"})) == [(1,), (2,)]


@pytest.mark.parametrize(
    ("degrees", "views", "expected"),
    [
        pytest.param(30, 3, [(1, 2)], id="not-quite-alike-is-no-word-against-it"),
        pytest.param(80, 3, [(1,), (2,)], id="a-stranger-took-the-place"),
        pytest.param(80, 1, [(1, 2)], id="one-view-is-no-proof"),
    ],
)
def test_looks_can_speak_against_place_and_time(degrees: float, views: int, expected: list[tuple[int, ...]]) -> None:
    assert groups([run(1, 0, 5), run(2, 5.8, 9)], looks({1: 0, 2: degrees}, views=views)) == expected


def test_those_in_view_together_are_two_whoever_looks_like_both() -> None:
    together = [run(1, 0, 5, 100), run(2, 4, 9, 900), run(3, 20, 25, 500)]
    assert groups(together, looks({1: 0, 2: 4, 3: 2})) == [(1,), (2,), (3,)]


def test_twins_in_view_together_raise_what_is_asked_of_others() -> None:
    clip = [run(1, 0, 5, 100), run(2, 0, 5, 900), run(3, 20, 25, 500), run(4, 40, 45, 500)]
    apart = looks({1: 0, 2: 10, 3: 60, 4: 70})
    assert groups(clip, apart) == [(1,), (2,), (3,), (4,)]
    assert groups(clip[2:], apart) == [(3, 4)]


def test_who_might_as_well_be_another_is_nobody() -> None:
    # 3 is like 1 and like 2, who were in view together, and 1 and 2 differ enough not to raise the scale.
    clip = [run(1, 0, 5, 100), run(2, 0, 5, 900), run(3, 20, 25, 500)]
    vectors = looks({1: 0, 2: 45, 3: 22})
    narrow = Evidence(vectors, CosineScale(0.75, 0.9))
    assert len(link_tracklets(clip, LinkConfig(min_score=0.5, margin=1.0), SIZE, narrow)) == 3
    assert len(link_tracklets(clip, LinkConfig(min_score=0.5, margin=0.0), SIZE, narrow)) == 2


@pytest.mark.parametrize(
    ("linkage", "expected"),
    [
        pytest.param("single", [(1, 2, 3)], id="single"),
        pytest.param("average", [(1, 2), (3,)], id="average"),
        pytest.param("complete", [(1, 2), (3,)], id="complete"),
    ],
)
def test_linkages(linkage: str, expected: list[tuple[int, ...]]) -> None:
    clip = [run(1, 0, 5, 100), run(2, 7, 12, 700), run(3, 14, 19, 100)]
    config = LinkConfig(linkage=linkage, min_score=0.8, place_weight=0.0, time_weight=0.0)
    assert groups(clip, looks({1: 0, 2: 20, 3: 42}), config) == expected


def test_a_linkage_that_is_not_known() -> None:
    with pytest.raises(ConfigError, match="single, average, complete"):
        LinkConfig(linkage="ward")


def test_the_place_speaks_for_and_time_against() -> None:
    def odds(second: Tracklet) -> float:
        score = link_scores([[run(1, 0, 5)], [second]], LinkConfig(), Evidence(looks({1: 0, 2: 25}), SCALE))[0, 1]
        return float(np.log(score / (1 - score)))

    here, there, later = odds(run(2, 20, 25)), odds(run(2, 20, 25, 900)), odds(run(2, 620, 625))
    assert here - there == pytest.approx(LinkConfig().place_weight, abs=0.05)
    assert here - later == pytest.approx(LinkConfig().time_weight * np.log((615 / 60 + 1) / (15 / 60 + 1)), abs=1e-6)


def test_place_says_nothing_across_a_cut() -> None:
    evidence = Evidence(looks({1: 0, 2: 25}), SCALE, None, (10.0,))
    chains = [[run(1, 0, 5)], [run(2, 20, 25)]]
    assert (
        link_scores(chains, LinkConfig(), evidence)[0, 1]
        < link_scores(chains, LinkConfig(), Evidence(evidence.vectors, SCALE))[0, 1]
    )


def test_clothes_differ_by_what_was_seen_alone() -> None:
    def apart(one: str, other: str, long: tuple[float, float] = (0.9, 0.9)) -> float:
        readings = ClothingReadings.concatenate([wearing({1: one}, long[0]), wearing({2: other}, long[1])])
        return clothes_differ(*looks_of([[1], [2]], IdentityVectors.empty(4), 0.3, readings))

    assert apart("red", "red") == 0.0
    assert apart("red", "green") == pytest.approx(1.0)
    assert apart("red", "red", (0.95, 0.05)) == pytest.approx(1.0)
    nobody = looks_of([[1], [2]], IdentityVectors.empty(4), 0.3, wearing({1: "red"}))
    assert clothes_differ(*nobody) == 0.0
    assert set(REGIONS) > {"upper"}


def test_the_scale_is_raised_by_known_strangers_only() -> None:
    assert raised(SCALE, np.array([0.1, np.nan])) == SCALE
    higher = raised(SCALE, np.array([0.9, 0.2]))
    assert higher.different == pytest.approx(0.9)
    assert 0.9 < higher.same <= 1.0
    assert raised(SCALE, np.array([1.0])).same <= 1.0


@settings(max_examples=60)
@given(
    parts=st.lists(
        st.tuples(st.floats(0, 100), st.floats(0.4, 10), st.floats(0, 1200), st.floats(0, 90)), min_size=1, max_size=9
    ),
    linkage=st.sampled_from(("single", "average", "complete")),
)
def test_whatever_they_look_like_everybody_is_at_one_place_at_a_time(
    parts: list[tuple[float, float, float, float]], linkage: str
) -> None:
    runs = [run(number, start, start + long, x) for number, (start, long, x, _) in enumerate(sorted(parts), 1)]
    vectors = looks({number: angle for number, (*_, angle) in enumerate(sorted(parts), 1)})
    config = LinkConfig(linkage=linkage, min_score=0.5, margin=0.0)
    persons = link_tracklets(runs, config, SIZE, Evidence(vectors, SCALE))
    known = {one.number: one for one in runs}
    assert sorted(number for person in persons for number in person.tracklets) == sorted(known)
    for person in persons:
        assert 0 <= person.score <= 1
        spans = sorted((known[number].first_s, known[number].last_s) for number in person.tracklets)
        assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert persons == link_tracklets(runs[::-1], config, SIZE, Evidence(vectors, SCALE))
