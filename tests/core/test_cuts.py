"""Cut tracklets, and everything that hangs on their numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.clothing import ClothingReadings
from engine.core.cuts import Cuts, Piece, whole_number
from engine.core.faces import FaceReadings
from engine.core.identity import PIECE, IdentityVectors
from engine.core.labels import EMOTIONS
from engine.core.segments import Segments
from engine.core.views import CropView, FaceCropView
from tests.identity.said import tracklet
from tests.seeded import OUTFITS, dressed_view

CUTS = Cuts.of([(2, 8.0), (2, 5.0), (4, 1.0)])
FIRST, SECOND, THIRD = 2, 2 + PIECE, 2 + 2 * PIECE


def crop(number: int, rank: int, t: float) -> CropView:
    return CropView(number, rank, t, 0.9, f"crops/{number}-{rank}.jpg", 64, 128)


def segments(*rows: tuple[int, str, float, float]) -> Segments:
    n = len(rows)
    return Segments(
        tracklets=np.array([row[0] for row in rows], np.int64),
        channels=("posture",) * n,
        labels=tuple(row[1] for row in rows),
        start_s=np.array([row[2] for row in rows]),
        end_s=np.array([row[3] for row in rows]),
        scores=np.full(n, 0.5, np.float32),
        coverage=np.full(n, 0.25, np.float32),
        sources=("",) * n,
    )


@pytest.mark.parametrize(
    ("number", "t", "piece"),
    [
        pytest.param(2, -1.0, FIRST, id="long before"),
        pytest.param(2, 4.999, FIRST, id="just before the cut"),
        pytest.param(2, 5.0, SECOND, id="at the cut"),
        pytest.param(2, 8.0, THIRD, id="at the next"),
        pytest.param(3, 6.0, 3, id="another tracklet"),
    ],
)
def test_the_piece_at_an_instant(number: int, t: float, piece: int) -> None:
    assert CUTS.piece(number, t) == piece
    assert CUTS.numbers(np.array([number]), np.array([t])).tolist() == [piece]
    assert whole_number(piece) == number


def test_a_piece_says_its_number() -> None:
    assert Piece(2, 2, 8.0, 9.0, from_s=8.0).shown == THIRD
    assert Piece(2, 0, 0.0, 9.0).whole
    assert not Piece(2, 0, 0.0, 4.0, until_s=5.0).whole


def test_tracklets_fall_apart_at_the_cuts() -> None:
    whole = [tracklet(1, 0, 3), tracklet(2, 3, 8)]
    parts = CUTS.tracklets(whole)
    assert [(each.number, each.first_s, each.last_s) for each in parts] == [
        (1, 0.0, 2.0),
        (FIRST, 3.0, 4.0),
        (SECOND, 5.0, 7.0),
        (THIRD, 8.0, 10.0),
    ]
    assert np.concatenate([each.scores for each in parts[1:]]).tolist() == whole[1].scores.tolist()
    assert [each.number for each in CUTS.tracklets([tracklet(2, 6, 2)])] == [SECOND]


def test_segments_are_divided() -> None:
    found = CUTS.segments(
        segments((1, "sitting", 0.0, 20.0), (2, "standing", 0.0, 5.0), (2, "walking", 5.0, 9.0), (3, "lying", 1.0, 2.0))
    )
    rows = zip(found.tracklets.tolist(), found.labels, found.start_s.tolist(), found.end_s.tolist(), strict=True)
    assert list(rows) == [
        (1, "sitting", 0.0, 20.0),
        (FIRST, "standing", 0.0, 5.0),
        (3, "lying", 1.0, 2.0),
        (SECOND, "walking", 5.0, 8.0),
        (THIRD, "walking", 8.0, 9.0),
    ]
    assert len(CUTS.segments(Segments.empty())) == 0


def test_kept_views_follow() -> None:
    crops = [crop(2, 0, 6.0), crop(2, 1, 4.0), crop(3, 0, 6.0)]
    shown = CUTS.crops(crops)
    assert [(each.tracklet, each.rank) for each in shown] == [(SECOND, 0), (FIRST, 1), (3, 0)]
    assert CUTS.views(crops) == CUTS.views(shown) == {(2, 0): SECOND, (2, 1): FIRST}
    assert CUTS.captions({(2, 0): "a", (2, 1): "b", (3, 0): "c"}, shown) == {
        (SECOND, 0): "a",
        (FIRST, 1): "b",
        (3, 0): "c",
    }


def test_clothes_and_vectors_follow_their_views() -> None:
    crops = [crop(2, 0, 6.0), crop(2, 1, 4.0), crop(3, 0, 6.0)]
    readings = ClothingReadings.concatenate(dressed_view(each.tracklet, each.rank, OUTFITS[0]) for each in crops)
    found = CUTS.clothing(readings, crops)
    assert list(dict.fromkeys(zip(found.tracklets.tolist(), found.ranks.tolist(), strict=True))) == [
        (FIRST, 1),
        (3, 0),
        (SECOND, 0),
    ]
    assert found.regions[: len(found) // 3] == readings.regions[: len(found) // 3]
    numbers, ranks = np.array([2, 2, 3]), np.array([0, 1, 0])
    eyes = np.eye(3, 4, dtype=np.float32)
    vectors = CUTS.vectors(IdentityVectors(numbers, ranks, eyes, np.ones(3, np.float32)), crops)
    assert vectors.tracklets.tolist() == [FIRST, 3, SECOND]
    assert vectors.vectors.tolist() == eyes[[1, 2, 0]].tolist()


def test_faces_follow() -> None:
    t = np.array([4.0, 5.0, 9.0])
    boxes = np.tile(np.array([[0, 0, 8, 8]], np.float32), (3, 1))
    flat = np.full((3, len(EMOTIONS)), 1 / len(EMOTIONS), np.float32)
    readings = FaceReadings(t, boxes, np.zeros((3, 3), np.float32), np.array([0.1, 0.2, 0.3], np.float32), flat)
    found = CUTS.faces({1: readings, 2: readings})
    assert {number: each.t.tolist() for number, each in found.items()} == {
        1: [4.0, 5.0, 9.0],
        FIRST: [4.0],
        SECOND: [5.0],
        THIRD: [9.0],
    }
    assert found[SECOND].quality.tolist() == pytest.approx([0.2])
    faces = CUTS.face_crops([FaceCropView(2, 9.0, 0.5, "a", 8, 8), FaceCropView(3, 1.0, 0.5, "b", 8, 8)])
    assert [(each.tracklet, each.file) for each in faces] == [(3, "b"), (THIRD, "a")]


def test_where_nothing_was_cut_nothing_is_touched() -> None:
    none, found = Cuts(), segments((2, "standing", 0.0, 9.0))
    assert not none
    assert none == Cuts.of([])
    assert none.segments(found) is found
    whole = [tracklet(2, 0, 9)]
    assert none.tracklets(whole) == whole
    readings = dressed_view(2, 0, OUTFITS[0])
    assert none.clothing(readings, []) is readings
    assert none.captions({(2, 0): "a"}, []) == {(2, 0): "a"}


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.floats(0, 20)), max_size=6, unique=True),
    st.lists(st.tuples(st.integers(1, 3), st.floats(0, 20), st.floats(0.01, 9)), max_size=6),
)
def test_no_time_is_lost(cuts: list[tuple[int, float]], rows: list[tuple[int, float, float]]) -> None:
    made = Cuts.of(cuts)
    whole = segments(*((number, "standing", start, start + length) for number, start, length in sorted(rows)))
    parts = made.segments(whole)
    for number in (1, 2, 3):
        mine = parts.tracklets % PIECE == number
        before = whole.tracklets == number
        assert (parts.end_s - parts.start_s)[mine].sum() == pytest.approx(
            (whole.end_s - whole.start_s)[before].sum(), abs=1e-9
        )
    middles = (parts.start_s + parts.end_s) / 2
    assert made.numbers(parts.tracklets % PIECE, middles).tolist() == parts.tracklets.tolist()
