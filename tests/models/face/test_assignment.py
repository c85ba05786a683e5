from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.types import Detections, FloatArray, Poses
from models.face.assignment import assign_faces, shares

HEAD = 20.0
"""Side of a face in these scenes, pixels."""


def _person(x: float, y: float, *, size: float = 1.0, posed: bool = True) -> tuple[list[float], FloatArray, float]:
    """Somebody standing with the middle of the face at x, y: box, landmarks, pose score; `size` grows towards us."""
    unit = HEAD * size
    box = [x - 1.3 * unit, y - 0.8 * unit, x + 1.3 * unit, y + 7.0 * unit]
    places = np.zeros((33, 2), np.float32)
    places[0] = (x, y + 0.05 * unit)
    places[1:4], places[4:7] = (x + 0.2 * unit, y - 0.15 * unit), (x - 0.2 * unit, y - 0.15 * unit)
    places[7], places[8] = (x + 0.42 * unit, y), (x - 0.42 * unit, y)
    places[9], places[10] = (x + 0.12 * unit, y + 0.2 * unit), (x - 0.12 * unit, y + 0.2 * unit)
    places[11:23:2], places[12:23:2] = (x + unit, y + 1.1 * unit), (x - unit, y + 1.1 * unit)
    places[23:33:2], places[24:33:2] = (x + 0.6 * unit, y + 3.6 * unit), (x - 0.6 * unit, y + 3.6 * unit)
    landmarks = np.concatenate([places, np.ones((33, 1), np.float32)], axis=1).astype(np.float32)
    return (box, landmarks, 1.0) if posed else (box, np.zeros((33, 3), np.float32), 0.0)


def _people(*persons: tuple[list[float], FloatArray, float]) -> Detections:
    boxes = np.array([box for box, _, _ in persons], np.float32).reshape(-1, 4)
    return Detections(
        boxes=boxes,
        scores=np.full(len(boxes), 0.9, np.float32),
        poses=Poses(
            landmarks=np.array([marks for _, marks, _ in persons], np.float32).reshape(-1, 33, 3),
            scores=np.array([score for _, _, score in persons], np.float32),
        ),
    )


def _faces(*places: tuple[float, float, float]) -> FloatArray:
    return np.array([(x - s / 2, y - s / 2, x + s / 2, y + s / 2) for x, y, s in places], np.float32).reshape(-1, 4)


def _pairs(faces: FloatArray, people: Detections) -> dict[int, int]:
    """Person -> face."""
    rows, owners = assign_faces(faces, people)
    assert owners == sorted(set(owners)) and len(set(rows)) == len(rows)
    return dict(zip(owners, rows, strict=True))


@pytest.mark.parametrize("posed", [pytest.param(True, id="poses"), pytest.param(False, id="boxes-only")])
class TestWhoseFace:
    def test_everybody_has_their_own(self, posed: bool) -> None:
        people = _people(_person(60, 60, posed=posed), _person(200, 60, posed=posed))
        assert _pairs(_faces((200, 60, 20), (60, 60, 20)), people) == {0: 1, 1: 0}

    def test_a_face_of_nobody(self, posed: bool) -> None:
        people = _people(_person(60, 60, posed=posed))
        assert _pairs(_faces((300, 60, 20)), people) == {}

    def test_a_face_at_the_belly_is_somebody_elses(self, posed: bool) -> None:
        # A child, a poster or a print on a shirt: inside the box, but not where the head is.
        people = _people(_person(60, 60, posed=posed))
        assert _pairs(_faces((60, 140, 20)), people) == {}

    def test_two_faces_in_one_box(self, posed: bool) -> None:
        people = _people(_person(60, 60, posed=posed))
        assert _pairs(_faces((72, 82, 16), (60, 60, 20)), people) == {0: 1}

    def test_a_head_over_the_shoulder_of_somebody_in_front(self, posed: bool) -> None:
        # The one behind looks past the shoulder of the one in front: the box of the latter holds both faces.
        behind, front = _person(122, 62, posed=posed), _person(96, 66, size=1.3, posed=posed)
        faces = _faces((96, 66, 26), (122, 62, 20))
        assert shares(faces, _people(front).boxes).min() > 0.8
        assert _pairs(faces, _people(behind, front)) == {0: 1, 1: 0}
        assert _pairs(faces, _people(front, behind)) == {0: 0, 1: 1}

    def test_the_face_in_front_hides_the_other(self, posed: bool) -> None:
        # Heads at one place: only one face shows, and it is that of the nearer one.
        behind, front = _person(100, 60, posed=posed), _person(102, 64, size=1.4, posed=posed)
        faces = _faces((101, 62, 24))
        assert _pairs(faces, _people(behind, front)) == {1: 0}
        assert _pairs(faces, _people(front, behind)) == {0: 0}


def test_a_face_mostly_outside_the_box_is_not_theirs() -> None:
    box, landmarks, score = _person(60, 60)
    box[1] = 61.0
    assert _pairs(_faces((60, 60, 20)), _people((box, landmarks, score))) == {}
    box[1] = 58.0
    assert _pairs(_faces((60, 60, 20)), _people((box, landmarks, score))) == {0: 0}


def test_a_face_of_the_wrong_size_is_somebody_elses() -> None:
    # A face on a poster behind the head is a little nearer to its middle than the face itself.
    people = _people(_person(60, 60))
    assert _pairs(_faces((60, 60, 5), (63, 63, 20)), people) == {0: 1}


def test_a_row_of_people_shoulder_to_shoulder() -> None:
    xs = [60.0, 82.0, 104.0, 126.0]
    people = _people(*(_person(x, 60 + 3 * row) for row, x in enumerate(xs)))
    faces = _faces(*((x + 2, 58 + 3 * row, 20) for row, x in enumerate(xs)))
    assert _pairs(faces[::-1].copy(), people) == {0: 3, 1: 2, 2: 1, 3: 0}


def test_the_whole_picture_counts_not_the_first_that_fits() -> None:
    # The left face lies a little nearer to the right person; taking it first would leave the left one without.
    people = _people(_person(100, 60), _person(116, 60))
    assert _pairs(_faces((109, 60, 20), (121, 60, 20)), people) == {0: 0, 1: 1}


def test_who_stands_lower_and_larger_is_in_front() -> None:
    near, far = _person(100, 60, size=1.2), _person(100, 60, size=0.9)
    assert _pairs(_faces((100, 60, 21)), _people(far, near)) == {1: 0}


def test_nothing_to_pair() -> None:
    assert assign_faces(_faces(), _people(_person(60, 60))) == ([], [])
    assert assign_faces(_faces((60, 60, 20)), _people()) == ([], [])


@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(0, 60)), max_size=6),
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(0.2, 2.0), st.booleans()), max_size=6),
)
def test_at_most_one_each_whatever_the_picture(
    faces: list[tuple[float, float, float]], persons: list[tuple[float, float, float, bool]]
) -> None:
    people = _people(*(_person(x, y, size=size, posed=posed) for x, y, size, posed in persons))
    boxes = _faces(*faces)
    held = shares(boxes, people.boxes)
    for person, face in _pairs(boxes, people).items():
        assert held[face, person] >= 0.5
