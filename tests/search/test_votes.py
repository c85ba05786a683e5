"""Views are pooled by weight; not seen is not no."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings, SlotVote
from engine.search.votes import TRUST, PersonTable, pack, pack_votes, vote

UPPER, LOWER, HEAD = (REGIONS.index(name) for name in ("upper", "lower", "head"))


def view(
    tracklet: int, rank: int, weight: float = 1.0, **regions: tuple[dict[str, float], dict[str, float]]
) -> ClothingReadings:
    """Readings of one view: region -> (colour -> share, trait -> probability); other regions were not seen."""
    colours = np.zeros((len(REGIONS), len(COLOURS)), np.float32)
    traits = np.full((len(REGIONS), len(TRAITS)), np.nan, np.float32)
    visible = np.zeros(len(REGIONS), np.float32)
    for region, (shares, known) in regions.items():
        row = REGIONS.index(region)
        visible[row] = 1.0
        for name, share in shares.items():
            colours[row, COLOURS.index(name)] = share
        for name, value in known.items():
            traits[row, TRAITS.index(name)] = value
    return ClothingReadings(
        tracklets=np.full(len(REGIONS), tracklet, np.int64),
        ranks=np.full(len(REGIONS), rank, np.int64),
        regions=REGIONS,
        visible=visible,
        weights=(visible * weight).astype(np.float32),
        colours=colours,
        traits=traits,
    )


def both(*views: ClothingReadings) -> ClothingReadings:
    return ClothingReadings.concatenate(views)


def test_sharp_views_count_more() -> None:
    readings = both(view(1, 0, 0.9, upper=({"red": 1.0}, {})), view(1, 1, 0.1, upper=({"blue": 1.0}, {})))
    upper = vote(readings, {1})[UPPER]
    assert upper.colours == (("red", pytest.approx(0.9)),)
    assert (upper.visible, upper.views) == (pytest.approx(1.0), 2)


def test_two_tone_cloth_keeps_both_colours() -> None:
    readings = both(*(view(1, rank, upper=({"black": 0.55, "white": 0.4, "red": 0.05}, {})) for rank in range(3)))
    assert [name for name, _ in vote(readings, [1])[UPPER].colours] == ["black", "white"]


def test_not_seen_is_its_own_answer() -> None:
    readings = both(view(1, 0, upper=({"red": 1.0}, {})), view(1, 1, head=({"red": 1.0}, {"present": 0.9})))
    votes = vote(readings, [1])
    assert tuple(entry.region for entry in votes) == REGIONS
    assert votes[LOWER] == SlotVote("lower", 0.0, (), (), 0)
    assert votes[HEAD].visible == pytest.approx(0.5)
    assert votes[HEAD].traits == (("present", pytest.approx(0.9)),)


def test_an_unseen_region_takes_the_weight_of_its_view() -> None:
    # In the good view the hat is out of sight, in the bad one it is there: mostly out of sight.
    good, bad = view(1, 0, 0.9, upper=({"red": 1.0}, {})), view(1, 1, 0.1, head=({"red": 1.0}, {}))
    assert vote(both(good, bad), [1])[HEAD].visible == pytest.approx(0.1)


def test_only_the_persons_tracklets_count() -> None:
    readings = both(view(1, 0, upper=({"red": 1.0}, {})), view(2, 0, upper=({"blue": 1.0}, {})))
    assert vote(readings, [2])[UPPER].colours[0][0] == "blue"
    assert {entry.visible for entry in vote(readings, [3])} == {0.0}
    assert {entry.visible for entry in vote(ClothingReadings.concatenate([]), [1])} == {0.0}


def test_unknown_traits_do_not_vote() -> None:
    readings = both(view(1, 0, upper=({"red": 1.0}, {"long": 0.8})), view(1, 1, upper=({"red": 1.0}, {})))
    assert vote(readings, [1])[UPPER].traits == (("long", pytest.approx(0.8)),)


def test_a_view_without_weight_still_says_something() -> None:
    assert vote(view(1, 0, 0.0, upper=({"red": 1.0}, {})), [1])[UPPER].colours == (("red", pytest.approx(1.0)),)


def test_packed_readings_are_the_votes_of_each() -> None:
    rng = np.random.default_rng(3)
    views = []
    for number in range(40):
        names = rng.choice(COLOURS, 2, replace=False)
        traits = {"long": float(rng.random())}
        views.append(view(number // 2, number % 2, float(rng.random()), upper=(dict.fromkeys(names, 0.5), traits)))
    readings = both(*views)
    table = pack(readings, readings.tracklets // 2, 11)
    assert len(table) == 11
    assert table.visible[:, 10].max() == 0.0
    assert table.colours[:, 10].max() == 0.0
    assert set(table.traits[:, :, 10].ravel()) == {0.5}
    for person in range(10):
        voted = vote(readings, [2 * person, 2 * person + 1])[UPPER]
        for name, share in voted.colours:
            got = table.colours[UPPER, person, COLOURS.index(name)]
            assert got == pytest.approx(share * TRUST["upper"], abs=1e-5)
        long = dict(voted.traits)["long"]
        drawn = table.traits[UPPER, TRAITS.index("long"), person]
        assert drawn == pytest.approx(0.5 + (long - 0.5) * TRUST["upper"], abs=1e-5)


def test_packed_votes_agree_with_packed_readings() -> None:
    readings = both(
        view(0, 0, upper=({"red": 1.0}, {"long": 0.9}), lower=({"black": 0.5, "white": 0.5}, {"skirt": 0.2})),
        view(1, 0, head=({"blue": 1.0}, {"present": 0.7})),
    )
    table, kept = pack(readings, readings.tracklets, 2), pack_votes([vote(readings, [0]), vote(readings, [1])])
    for name in ("colours", "traits", "visible"):
        assert getattr(table, name) == pytest.approx(getattr(kept, name), abs=1e-6)


def test_the_surer_region_tells_a_dress() -> None:
    readings = view(0, 0, upper=({"red": 1.0}, {}), lower=({"red": 1.0}, {"dress": 0.9}))
    table, dress = pack(readings, readings.tracklets, 1), TRAITS.index("dress")
    assert table.traits[UPPER, dress, 0] == table.traits[LOWER, dress, 0] > 0.8


def test_a_glimpse_says_less() -> None:
    seen = view(0, 0, upper=({"red": 1.0}, {}))
    unseen = [view(0, rank, lower=({"red": 1.0}, {})) for rank in range(1, 8)]
    glimpse = both(seen, *unseen)
    once, always = (pack(readings, readings.tracklets, 1).colours[UPPER].sum() for readings in (glimpse, seen))
    assert 0.2 < once / always < 0.7


def test_tables_are_taken_apart_and_joined() -> None:
    readings = both(*(view(number, 0, upper=({name: 1.0}, {})) for number, name in enumerate(COLOURS)))
    table = pack(readings, readings.tracklets, len(COLOURS))
    joined = PersonTable.concatenate([table[np.array([2, 0])], table[np.arange(15) == 4]])
    assert [COLOURS[place] for place in joined.colours[UPPER].argmax(axis=1)] == ["grey", "black", "orange"]
    assert len(PersonTable.concatenate([])) == 0
    assert len(table[np.zeros(15, np.bool_)]) == 0


def test_owners_must_fit() -> None:
    readings = view(0, 0, upper=({"red": 1.0}, {}))
    with pytest.raises(ValueError, match="owners must be"):
        pack(readings, np.zeros(2, np.int64), 1)
    with pytest.raises(ValueError, match="below 1"):
        pack(readings, np.ones(6, np.int64), 1)
    assert pack(readings, np.full(6, -1, np.int64), 1).visible.max() == 0.0
    with pytest.raises(ValueError, match="colours must be"):
        PersonTable(
            colours=np.zeros((6, 1, 2), np.float32),
            traits=np.zeros((6, 6, 1), np.float32),
            visible=np.zeros((6, 1), np.float32),
        )
