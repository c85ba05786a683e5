"""Who is who after all that analysts said."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.cuts import StandingPerson
from engine.core.types import Tracklet
from engine.identity.fold import Fold, Said
from engine.identity.parts import HANDOVER_S, Linked, together
from tests.identity.said import (
    Draw,
    analyses,
    clash,
    draws,
    linked,
    links_of,
    play,
    points,
    said_of,
    sorted_people,
    tracklet,
)

Analysis = tuple[list[Tracklet], Linked]
FEW = settings(max_examples=30)


def told(persons: Sequence[StandingPerson]) -> list[tuple[str, str, list[int]]]:
    return [(each.label, each.name, [piece.shown for piece in each.pieces]) for each in persons]


def people(base: Linked, *said: Said) -> list[tuple[str, str, list[int]]]:
    return told(Fold(base, said).persons())


def whole(persons: Sequence[StandingPerson], tracklets: Sequence[Tracklet]) -> None:
    """Every row of every tracklet is of exactly one person, and nobody is in two places at once."""
    rows = [
        (piece.number, t)
        for person in persons
        for piece in person.pieces
        for t in tracklets[piece.number - 1].t.tolist()
        if piece.first_s <= t <= piece.last_s
    ]
    assert sorted(rows) == sorted((each.number, t) for each in tracklets for t in each.t.tolist())
    for person in persons:
        spans = [(piece.first_s, piece.last_s) for piece in person.pieces]
        assert not any(together(a, b) for place, a in enumerate(spans) for b in spans[:place])


# One, then two, then each again
CROSSING = [tracklet(1, 0, 10), tracklet(2, 2, 10), tracklet(3, 20, 5), tracklet(4, 21, 5)]
PAIRS = linked(CROSSING, [[1, 3], [2, 4]])
LONERS = linked(CROSSING, [[1], [2], [3], [4]])


def test_with_nothing_said_all_is_as_linking_said() -> None:
    assert people(PAIRS) == [("P1", "", [1, 3]), ("P2", "", [2, 4])]
    assert [person.score for person in Fold(PAIRS).persons()] == [0.8, 0.8]


def test_two_who_are_one() -> None:
    merge = Said("merge", ((2, 5.0),), ((3, 22.0),))
    assert people(LONERS, merge) == [("P1", "", [1]), ("P2", "", [2, 3]), ("P4", "", [4])]
    assert Fold(LONERS, [merge]).persons()[1].score == 1.0


def test_some_appearances_are_somebody_else() -> None:
    assert people(PAIRS, Said("split", ((3, 22.0),), ((1, 5.0),))) == [
        ("P1", "", [1]),
        ("P2", "", [2, 4]),
        ("P3", "", [3]),
    ]


def test_whoever_has_the_earliest_appearance_has_the_label() -> None:
    assert people(PAIRS, Said("split", ((1, 5.0),), ((3, 22.0),))) == [
        ("P1", "", [1]),
        ("P2", "", [2, 4]),
        ("P3", "", [3]),
    ]


def test_from_an_instant_on_somebody_else() -> None:
    cut = Said("cut", ((1, 3.0), (1, 8.0), (3, 22.0)), at_s=4.5)
    assert people(PAIRS, cut) == [("P1", "", [1]), ("P2", "", [2, 4]), ("P3", "", [1_000_001, 3])]
    first, last = Fold(PAIRS, [cut]).persons()[0].pieces[0], Fold(PAIRS, [cut]).persons()[2].pieces[0]
    assert (first.first_s, first.last_s, first.until_s, last.from_s, last.last_s) == (0.0, 4.0, 5.0, 5.0, 9.0)
    assert (first.seen, last.seen) == (5, 5)
    assert first.score == pytest.approx(np.linspace(0.5, 0.9, 10)[:5].mean(), abs=1e-6)


def test_from_an_instant_on_each_other() -> None:
    swap = Said("swap", ((1, 3.0), (1, 8.0), (3, 22.0)), ((2, 3.0), (2, 8.0), (4, 22.0)), at_s=5.0)
    assert people(PAIRS, swap) == [("P1", "", [1, 1_000_002, 4]), ("P2", "", [2, 1_000_001, 3])]


def test_swapping_a_second_time_heals() -> None:
    fold = Fold(PAIRS)
    for _ in range(2):
        one, other = fold.persons()
        fold.say(Said("swap", points(one.pieces, 5.0), points(other.pieces, 5.0), at_s=5.0))
    assert fold.persons() == Fold(PAIRS).persons()


def test_two_who_are_not_the_same_stay_apart() -> None:
    distinct = Said("distinct", ((1, 5.0),), ((3, 22.0),))
    assert people(PAIRS, distinct) == [("P1", "", [1]), ("P2", "", [2, 4]), ("P3", "", [3])]
    # In another analysis linking makes one of P2 and the appearance that was said to be another than P1's.
    other = linked([CROSSING[0], CROSSING[2], tracklet(5, 40, 5)], [[1], [3, 5]])
    assert people(other, distinct, Said("merge", ((1, 5.0),), ((5, 42.0),))) == [("P1", "", [1, 5]), ("P2", "", [3])]


def test_the_later_word_counts() -> None:
    distinct, merge = Said("distinct", ((1, 5.0),), ((3, 22.0),)), Said("merge", ((1, 5.0),), ((3, 22.0),))
    assert people(LONERS, distinct, merge)[0] == ("P1", "", [1, 3])
    assert people(LONERS, merge, distinct) == people(LONERS)
    fold = Fold(LONERS, [distinct])
    assert fold.contradicted(((3, 20.0),), ((1, 0.0),))
    assert not fold.contradicted(((2, 5.0),), ((1, 0.0),))
    fold.say(merge)
    assert not fold.contradicted(((3, 20.0),), ((1, 0.0),))


def test_what_was_said_to_be_one_leaves_as_one() -> None:
    # In another analysis one person holds them all: what belongs together goes together.
    all_of_them = [tracklet(1, 0, 3), tracklet(2, 5, 3), tracklet(3, 10, 3)]
    base = linked(all_of_them, [[1, 2, 3]])
    merge, split = Said("merge", ((2, 6.0),), ((3, 11.0),)), Said("split", ((2, 6.0),), ((1, 1.0),))
    assert people(base, merge, split) == [("P1", "", [1]), ("P2", "", [2, 3])]


def test_a_merge_pulls_along_only_whoever_is_not_in_two_places() -> None:
    # Another analysis linked 4 to 1; said is that 1 is 3, who is in view together with 4.
    base = linked(CROSSING, [[1, 4], [2], [3]])
    assert people(base, Said("merge", ((1, 5.0),), ((3, 22.0),))) == [
        ("P1", "", [1, 3]),
        ("P2", "", [2]),
        ("P4", "", [4]),
    ]


def test_two_who_are_in_view_together_are_never_one() -> None:
    # Where it was said they were one after the other; this analysis saw more of them.
    assert people(LONERS, Said("merge", ((1, 9.0),), ((2, 11.0),))) == people(LONERS)
    both = people(LONERS, Said("merge", ((1, 9.0),), ((2, 11.0), (3, 22.0))))
    assert both == [("P1", "", [1, 3]), ("P2", "", [2]), ("P4", "", [4])]


def test_spots_that_are_nowhere_change_nothing() -> None:
    for kind in ("merge", "split", "swap", "cut", "distinct", "rename"):
        at_s = 4.0 if kind in ("cut", "swap") else None
        assert people(PAIRS, Said(kind, (), (), at_s, "Kim")) == people(PAIRS)
    assert people(PAIRS, Said("merge", ((1, 3.0),))) == people(PAIRS)
    assert people(PAIRS, Said("cut", ((1, 3.0),), at_s=99.0)) == people(PAIRS)


def test_names_stay_with_whoever_stays() -> None:
    kim, lee = Said("rename", ((1, 8.0),), name="Kim"), Said("rename", ((2, 8.0),), name="Lee")
    assert people(PAIRS, kim, lee) == [("P1", "Kim", [1, 3]), ("P2", "Lee", [2, 4])]
    cut = Said("cut", ((1, 3.0), (1, 8.0), (3, 22.0)), at_s=5.0)
    assert people(PAIRS, kim, cut) == [("P1", "Kim", [1]), ("P2", "", [2, 4]), ("P3", "", [1_000_001, 3])]
    assert people(PAIRS, kim, Said("rename", ((3, 22.0),), name=""))[0] == ("P1", "", [1, 3])
    merge = Said("merge", ((1, 5.0),), ((4, 22.0),))
    assert people(LONERS, kim, Said("rename", ((4, 22.0),), name="Lee"), merge)[0] == ("P1", "Lee", [1, 4])


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param((0, 5), (6, 9), False, id="one after the other"),
        pytest.param((0, 5), (5, 9), False, id="the last is the first"),
        pytest.param((0, 5), (5 - HANDOVER_S, 9), False, id="handed over"),
        pytest.param((0, 5), (5 - 2 * HANDOVER_S, 9), True, id="too long together"),
        pytest.param((0, 5), (2, 4), True, id="one within the other"),
        pytest.param((0, 5), (3, 3 + HANDOVER_S), False, id="hardly there"),
    ],
)
def test_in_view_together(one: tuple[float, float], other: tuple[float, float], both: bool) -> None:
    assert together(one, other) is together(other, one) is both


@FEW
@given(analyses(), st.lists(draws, max_size=8))
def test_everything_is_somebody_s_and_nobody_is_in_two_places(analysis: Analysis, drawn: list[Draw]) -> None:
    tracklets, base = analysis
    persons = Fold(base, play(base, drawn)).persons()
    whole(persons, tracklets)
    labels = [person.label for person in persons]
    assert len(set(labels)) == len(labels)
    assert [int(label[1:]) for label in labels] == sorted(int(label[1:]) for label in labels)


@FEW
@given(analyses(), st.lists(draws, max_size=5), st.integers(0, 30), st.integers(0, 30))
def test_merged_and_split_again(analysis: Analysis, drawn: list[Draw], first: int, second: int) -> None:
    _, base = analysis
    fold = Fold(base, play(base, drawn))
    before = fold.persons()
    one, other = before[first % len(before)], before[second % len(before)]
    if one is other or clash(one, other):
        return
    if {piece.number for piece in one.pieces} & {piece.number for piece in other.pieces}:
        return  # A cut between them heals: what was parted by cutting is parted again by cutting.
    fold.say(Said("merge", points(one.pieces), points(other.pieces)))
    assert len(fold.persons()) == len(before) - 1
    fold.say(Said("split", points(other.pieces), points(one.pieces)))
    assert fold.persons() == before


@FEW
@given(analyses(), st.lists(draws, max_size=5), st.integers(0, 30), st.integers(0, 30))
def test_cut_and_merged_again(analysis: Analysis, drawn: list[Draw], which: int, when: int) -> None:
    _, base = analysis
    fold = Fold(base, play(base, drawn))
    before = fold.persons()
    person = before[which % len(before)]
    cut = said_of(fold, ("cut", which, 0, when, 0))
    if cut is None:
        return
    fold.say(cut)
    late = tuple(point for point in cut.first if point[1] >= float(when))
    early = tuple(point for point in cut.first if point[1] < float(when))
    owners = {fold.parts.owner[fold.parts.at(point)] for point in cut.first}
    assert len(owners) == 2
    fold.say(Said("merge", early, late))
    assert [each.pieces for each in fold.persons()] == [each.pieces for each in before], person


@FEW
@given(analyses(), st.lists(draws, max_size=8), st.randoms(use_true_random=False))
def test_an_analysis_that_numbers_otherwise_comes_to_the_same(
    analysis: Analysis, drawn: list[Draw], rng: random.Random
) -> None:
    tracklets, base = analysis
    said = play(base, drawn)
    shuffled = [each.number for each in tracklets]
    rng.shuffle(shuffled)
    new = {each.number: number for each, number in zip(tracklets, shuffled, strict=True)}
    by_number = {new[each.number]: each for each in tracklets}
    groups = [[by_number[new[number]] for number in link.tracklets] for link in base.links]
    renumbered = [tracklet(number, by_number[number].first_s, len(by_number[number])) for number in sorted(by_number)]
    other = linked(
        renumbered,
        [[new[number] for number in numbers] for numbers in sorted_people(groups)],
    )
    again = [
        Said(
            each.kind,
            tuple((new[number], t) for number, t in each.first),
            tuple((new[number], t) for number, t in each.second),
            each.at_s,
            each.name,
        )
        for each in said
    ]
    there = {
        frozenset((piece.number, piece.first_s, piece.last_s) for piece in person.pieces): person.name
        for person in Fold(other, again).persons()
    }
    here = {
        frozenset((new[piece.number], piece.first_s, piece.last_s) for piece in person.pieces): person.name
        for person in Fold(base, said).persons()
    }
    assert there == here


@FEW
@given(analyses(), st.lists(draws, min_size=1, max_size=8), st.data())
def test_an_analysis_that_links_otherwise_keeps_the_last_word(
    analysis: Analysis, drawn: list[Draw], data: st.DataObject
) -> None:
    tracklets, base = analysis
    said = play(base, drawn)
    fold = Fold(data.draw(links_of(tracklets)), said)
    whole(fold.persons(), tracklets)
    if not said:
        return
    last = said[-1]
    first, second = ({fold.parts.owner[fold.parts.at(point)] for point in side} for side in (last.first, last.second))
    if last.kind == "merge":
        assert len(first | second) == 1
    elif last.kind == "split":
        assert len(first) == 1 and first.isdisjoint(second)
    elif last.kind == "distinct":
        assert first.isdisjoint(second)
    elif last.kind == "cut" and last.at_s is not None:
        early, late = (
            {fold.parts.owner[fold.parts.at(point)] for point in last.first if (point[1] < last.at_s) is side}
            for side in (True, False)
        )
        assert early.isdisjoint(late)
