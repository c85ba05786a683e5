"""Who is the same person in different footage: votes, constraints, and that the order of analysis is of no matter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.dossier import GalleryConfig
from engine.core.identity import CosineScale
from engine.identity import voting
from engine.identity.gallery import GalleryMatching, GalleryPerson, match_people
from engine.identity.voting import VectorSpace, nearest_elsewhere

SCALE = CosineScale(0.5, 0.85)
SIZE = 24


def looks(seed: int, likeness: float = 1.0, other: int = 0) -> np.ndarray:
    """How somebody looks; `likeness` is the cosine with somebody else."""
    own = np.zeros(SIZE)
    own[seed % SIZE] = 1.0
    if likeness == 1.0:
        return own
    return likeness * looks(other) + np.sqrt(1.0 - likeness**2) * own


class Cast:
    """People of some footage, put together one after another."""

    def __init__(self) -> None:
        self.people: list[GalleryPerson] = []
        self.owner: list[int] = []
        self.vectors: list[np.ndarray] = []
        self.quality: list[float] = []

    def add(
        self, footage: str, label: str, look: np.ndarray, *, views: int = 4, quality: float = 0.8, name: str = ""
    ) -> int:
        row = len(self.people)
        self.people.append(GalleryPerson(f"{footage}-{label}", footage, name, 10.0))
        noise = np.random.default_rng([row + 1])
        for _ in range(views):
            vector = look + 0.02 * noise.normal(size=SIZE)
            self.owner.append(row)
            self.vectors.append(vector / np.linalg.norm(vector))
            self.quality.append(quality)
        return row

    @property
    def space(self) -> VectorSpace:
        vectors = np.array(self.vectors, np.float32).reshape(-1, SIZE)
        return VectorSpace(np.array(self.owner, np.int64), vectors, np.array(self.quality, np.float32), SCALE)

    def matched(self, **said: Sequence[tuple[int, int]]) -> GalleryMatching:
        return match_people(self.people, [self.space], **said)


def test_the_same_looks_in_two_recordings_are_one_person() -> None:
    cast = Cast()
    a, _, c, _ = (cast.add(footage, label, looks(seed)) for footage, label, seed in ROLES)
    found = cast.matched()
    assert found.groups == ((a, c), (1,), (3,))
    assert found.by == ("appearance", "", "appearance", "")
    assert 0.9 <= found.scores[a] < 1.0
    assert found.scores[1] == 1.0
    assert not found.offered


ROLES = (("hall", "P1", 1), ("hall", "P2", 2), ("yard", "P1", 1), ("yard", "P2", 3))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"views": 2}, id="too few views"),
        pytest.param({"quality": 0.1}, id="bad views"),
        pytest.param({"look": looks(5, 0.7, 1)}, id="not alike enough"),
    ],
)
def test_what_is_not_sure_is_not_matched(changes: dict[str, object]) -> None:
    cast = Cast()
    cast.add("hall", "P1", looks(1))
    cast.add("yard", "P1", **{"look": looks(1), **changes})  # type: ignore[arg-type]
    assert cast.matched().groups == ((0,), (1,))


def test_two_who_look_alike_in_one_recording_are_not_guessed_between_but_offered() -> None:
    cast = Cast()
    cast.add("hall", "P1", looks(1))
    cast.add("yard", "P1", looks(1))
    cast.add("yard", "P2", looks(4, 0.97, 1))
    found = cast.matched()
    assert found.groups == ((0,), (1,), (2,))
    assert {(pair.first, pair.second) for pair in found.offered} == {(0, 1), (0, 2)}
    assert found.offered[0].worth >= found.offered[1].worth > 0


def test_one_in_two_views_of_the_same_place_does_not_stand_in_their_own_way() -> None:
    cast = Cast()
    for footage in ("a", "b", "c", "d"):
        cast.add(footage, "P1", looks(1), views=8)
        cast.add(footage, "P2", looks(2), views=8)
    assert cast.matched().groups == ((0, 2, 4, 6), (1, 3, 5, 7))


def test_an_analyst_joins_and_parts() -> None:
    cast = Cast()
    cast.add("hall", "P1", looks(1))
    cast.add("yard", "P1", looks(1))
    cast.add("gate", "P1", looks(7))
    found = cast.matched(must=[(0, 2)], cannot=[(1, 0)])
    assert found.groups == ((0, 2), (1,))
    assert found.by == ("analyst", "", "analyst")
    assert found.scores == (1.0, 1.0, 1.0)
    assert not found.offered


def test_who_is_parted_from_one_is_parted_from_the_whole_identity() -> None:
    cast = Cast()
    for footage in ("a", "b", "c"):
        cast.add(footage, "P1", looks(1))
    found = cast.matched(must=[(0, 1)], cannot=[(2, 0)])
    assert found.groups == ((0, 1), (2,))


def test_two_of_one_recording_are_one_only_by_an_analyst() -> None:
    cast = Cast()
    cast.add("hall", "P1", looks(1))
    cast.add("hall", "P2", looks(1))
    cast.add("yard", "P1", looks(1))
    assert len(cast.matched().groups) == 3
    assert cast.matched(must=[(0, 1)]).groups == ((0, 1, 2),)


def test_two_names_are_never_one_person_without_a_word() -> None:
    cast = Cast()
    cast.add("hall", "P1", looks(1), name="Kim")
    cast.add("yard", "P1", looks(1), name="Lee")
    found = cast.matched()
    assert found.groups == ((0,), (1,))
    assert [(pair.first, pair.second, pair.worth) for pair in found.offered] == [(0, 1, 10.0)]
    assert cast.matched(must=[(0, 1)]).groups == ((0, 1),)


def test_a_name_carries_no_weight_against_somebody_without_one() -> None:
    cast = Cast()
    cast.add("hall", "P1", looks(1), name="Kim")
    cast.add("yard", "P1", looks(1))
    assert cast.matched().groups == ((0, 1),)


def test_a_chain_of_likenesses_is_no_likeness() -> None:
    cast = Cast()
    near = looks(1) * np.cos(0.0)
    for step, footage in enumerate(("a", "b", "c", "d", "e")):
        turned = np.cos(0.45 * step) * looks(1) + np.sin(0.45 * step) * looks(2)
        cast.add(footage, "P1", turned if step else near, views=6)
    groups = cast.matched().groups
    ends = next(group for group in groups if 0 in group)
    assert 4 not in ends


def test_vectors_of_two_versions_are_never_compared() -> None:
    first, second = Cast(), Cast()
    first.add("hall", "P1", looks(1))
    second.add("hall", "P1", looks(1))
    row = second.add("yard", "P1", looks(1))
    yard = second.space[np.array(second.owner) == row]
    people = [first.people[0], second.people[1]]
    assert match_people(people, [first.space, yard]).groups == ((0,), (1,))
    assert match_people(people, [first.space, yard], must=[(0, 1)]).groups == ((0, 1),)


def test_nobody_and_nothing() -> None:
    assert match_people([], []) == GalleryMatching((), (), (), ())
    people = [GalleryPerson("a-P1", "a", "", 1.0)]
    assert match_people(people, []).groups == ((0,),)
    with pytest.raises(ValueError, match="key"):
        match_people(people * 2, [])


@settings(max_examples=25)
@given(st.data())
def test_the_order_of_footage_does_not_matter(data: st.DataObject) -> None:
    roles = data.draw(
        st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 5), st.integers(1, 5)), min_size=2, max_size=12)
    )
    names = data.draw(st.lists(st.sampled_from(["", "", "Kim", "Lee"]), min_size=len(roles), max_size=len(roles)))
    people, parts = [], []
    for place, ((footage, look, views), name) in enumerate(zip(roles, names, strict=True)):
        people.append(GalleryPerson(f"{footage}-{place:02d}", footage, name, float(views)))
        noise = np.random.default_rng([place, look])
        vectors = looks(look) + 0.08 * noise.normal(size=(views, SIZE))
        parts.append((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
    pairs = st.tuples(st.integers(0, len(roles) - 1), st.integers(0, len(roles) - 1))
    said = [data.draw(st.lists(pairs.filter(lambda pair: pair[0] != pair[1]), max_size=2)) for _ in range(2)]
    order = data.draw(st.permutations(range(len(roles))))

    def answer(order: Sequence[int]) -> tuple[object, ...]:
        owner = np.concatenate([np.full(len(parts[old]), new) for new, old in enumerate(order)])
        vectors = np.concatenate([parts[old] for old in order])
        space = VectorSpace(owner.astype(np.int64), vectors, np.full(len(owner), 0.7, np.float32), SCALE)
        mine = [people[old] for old in order]
        new = {old: place for place, old in enumerate(order)}
        must, cannot = ([(new[first], new[second]) for first, second in word] for word in said)
        found = match_people(mine, [space], must=must, cannot=cannot)
        key = [person.key for person in mine]
        return (
            {frozenset(key[row] for row in group) for group in found.groups},
            {key[row]: (round(found.scores[row], 9), found.by[row]) for row in range(len(key))},
            [(key[pair.first], key[pair.second], round(pair.worth, 9)) for pair in found.offered],
        )

    assert answer(order) == answer(range(len(roles)))


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_nearest_elsewhere_is_what_comparing_all_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n, footages = int(draw.integers(1, 180)), int(draw.integers(1, 4))
    vectors = draw.normal(size=(n, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    place = np.sort(draw.integers(0, footages, n))
    indexed = draw.random(n) < 0.8
    space = VectorSpace(np.arange(n), vectors, np.ones(n, np.float32), SCALE)
    found = nearest_elsewhere(space, place, indexed, 5)
    cosines = vectors @ vectors.T
    for row in range(n):
        others = np.flatnonzero(indexed & (place != place[row]))
        best = np.sort(cosines[row, others])[::-1][:5]
        got = found[row][found[row] >= 0]
        np.testing.assert_allclose(cosines[row, got], best, atol=1e-5)


def test_many_views_are_compared_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voting, "EXACT_UP_TO", 300)
    monkeypatch.setattr(voting, "LOOKED_INTO", 6)
    draw = np.random.default_rng(3)
    half, views = 150, 6
    base = draw.normal(size=(half, SIZE))
    vectors = np.repeat(np.concatenate([base, base]), views, axis=0)
    vectors += 0.03 * draw.normal(size=vectors.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    cast = [GalleryPerson(f"{row // half}-{row:05d}", str(row // half), "", 1.0) for row in range(2 * half)]
    space = VectorSpace(np.repeat(np.arange(2 * half), views), vectors, np.ones(len(vectors), np.float32), SCALE)
    groups = match_people(cast, [space], config=GalleryConfig(min_score=0.95)).groups
    assert all(len(group) == 1 or group[1] == group[0] + half for group in groups)
    assert sum(len(group) == 2 for group in groups) > 0.9 * half


def test_a_recording_with_very_many_views_of_its_own_still_finds_others() -> None:
    cast = Cast()
    for row in range(25):
        cast.add("hall", f"P{row}", looks(row, 0.99, 0) if row else looks(0), views=6)
    cast.add("yard", "P1", looks(9, 0.9, 0), views=3)
    near = nearest_elsewhere(cast.space, np.array([int(row == 25) for row in cast.owner]), np.ones(153, np.bool_), 5)
    assert (np.array(cast.owner)[near[:6, :3]] == 25).all()
    assert (near[:6, 3:] == -1).all()
