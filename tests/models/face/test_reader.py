from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine.core.config import Settings
from engine.core.faces import Faces
from engine.core.protocols import BackendOptions
from engine.core.types import Detections, Frame, Image, Poses
from engine.media.reader import FrameReader
from models.face.reader import FaceMeshReader
from models.person.blazepose import BlazePoseDetector

LEFT_MAN, RIGHT_MAN = (120.0, 190.0, 780.0, 715.0), (740.0, 45.0, 1140.0, 715.0)


@pytest.fixture(scope="module")
def reader() -> FaceMeshReader:
    return FaceMeshReader(BackendOptions(threads=2))


@pytest.fixture(scope="module")
def photograph() -> Image:
    """Two men in close view; the left one looks far to the right, the right one a little."""
    from PIL import Image as Pictures

    spec = find_spec("ultralytics")
    if spec is None or spec.origin is None:
        pytest.skip("the package ultralytics is not installed")
    with Pictures.open(Path(spec.origin).parent / "assets" / "zidane.jpg") as picture:
        return np.asarray(picture.convert("RGB"))


def _boxes(*boxes: tuple[float, ...]) -> Detections:
    return Detections.of_boxes(np.array(boxes, np.float32).reshape(-1, 4), np.full(len(boxes), 0.9, np.float32))


def _read(reader: FaceMeshReader, image: Image, people: Detections) -> Faces:
    return reader.read(Frame(index=0, t=0.0, image=image), people)


def test_faces_of_a_photograph(reader: FaceMeshReader, photograph: Image) -> None:
    faces = _read(reader, photograph, _boxes(LEFT_MAN, RIGHT_MAN))
    assert faces.people.tolist() == [0, 1]
    assert faces.scores.min() > 0.6
    # Where the features lie, by eye, in pixels: nose and mouth of both men.
    np.testing.assert_allclose(faces.points[0, 2], (648, 367), atol=12)
    np.testing.assert_allclose(faces.points[1, 2], (1003, 205), atol=12)
    np.testing.assert_allclose(faces.points[1, 3], (996, 234), atol=12)
    assert faces.points[1, 0, 0] < faces.points[1, 1, 0], "the person's own right eye is on our left"
    assert 30 < faces.angles[0, 0] < 70 and 3 < faces.angles[1, 0] < 25
    assert np.abs(faces.angles[1, 1:]).max() < 12
    assert faces.quality[1] > 0.9 > faces.quality[0] > 0.1


def test_the_order_of_people_does_not_matter(reader: FaceMeshReader, photograph: Image) -> None:
    faces = _read(reader, photograph, _boxes(RIGHT_MAN, LEFT_MAN))
    assert faces.people.tolist() == [0, 1]
    assert faces.boxes[0, 0] > faces.boxes[1, 0]


def test_a_mirrored_picture_mirrors_the_angles(reader: FaceMeshReader, photograph: Image) -> None:
    straight = _read(reader, photograph, _boxes(RIGHT_MAN))
    x1, y1, x2, y2 = RIGHT_MAN
    flipped = np.ascontiguousarray(photograph[:, ::-1])
    mirrored = _read(reader, flipped, _boxes((1280 - x2, y1, 1280 - x1, y2)))
    np.testing.assert_allclose(mirrored.angles[0] * (-1, 1, -1), straight.angles[0], atol=5)


@pytest.mark.parametrize("degrees", [-25, 25])
def test_a_turned_picture_turns_the_head(reader: FaceMeshReader, photograph: Image, degrees: int) -> None:
    import cv2

    straight = _read(reader, photograph, _boxes(RIGHT_MAN))
    matrix = cv2.getRotationMatrix2D((980.0, 210.0), -degrees, 1.0)
    turned = np.asarray(cv2.warpAffine(photograph, matrix, (1280, 720)), np.uint8)
    faces = _read(reader, turned, _boxes((800, 45, 1200, 715)))
    assert faces.angles[0, 2] - straight.angles[0, 2] == pytest.approx(degrees, abs=6)
    np.testing.assert_allclose(faces.angles[0, :2], straight.angles[0, :2], atol=8)


def test_small_faces_are_enlarged(reader: FaceMeshReader, photograph: Image) -> None:
    import cv2

    small = np.full((540, 960, 3), 100, np.uint8)
    small[200:320, 300:513] = cv2.resize(photograph, (213, 120), interpolation=cv2.INTER_AREA)
    at = np.array([300, 200, 300, 200]) + np.array([LEFT_MAN, RIGHT_MAN]) / 6
    faces = _read(reader, small, _boxes(*at.tolist()))
    assert 1 in faces.people.tolist()
    row = faces.people.tolist().index(1)
    np.testing.assert_allclose(faces.points[row, 2], (300 + 1003 / 6, 200 + 205 / 6), atol=3)
    assert faces.quality[row] < 0.8


def test_a_head_seen_from_behind_has_no_face(reader: FaceMeshReader, photograph: Image) -> None:
    # The same head with a pose that shows its back: ears and shoulders the other way round.
    places = np.full((33, 3), 1.0, np.float32)
    places[:11, :2] = (980, 205)
    places[7, 0], places[8, 0], places[9:11, 1] = 930, 1030, 250
    places[11:23:2, :2], places[12:23:2, :2] = (850, 400), (1110, 400)
    places[23:33:2, :2], places[24:33:2, :2] = (900, 715), (1060, 715)
    behind = Detections(
        boxes=np.array([RIGHT_MAN], np.float32),
        scores=np.ones(1, np.float32),
        poses=Poses(landmarks=places[None], scores=np.ones(1, np.float32)),
    )
    assert len(_read(reader, photograph, behind)) == 0
    ahead = places.copy()
    ahead[[7, 8]] = places[[8, 7]]
    ahead[11:23:2], ahead[12:23:2] = places[12:23:2], places[11:23:2]
    front = Detections(behind.boxes, behind.scores, Poses(landmarks=ahead[None], scores=np.ones(1, np.float32)))
    assert _read(reader, photograph, front).people.tolist() == [0]


def test_a_face_of_nobody_known_is_left_out(reader: FaceMeshReader, photograph: Image) -> None:
    assert _read(reader, photograph, _boxes(RIGHT_MAN)).people.tolist() == [0]
    assert len(_read(reader, photograph, _boxes((20.0, 500.0, 100.0, 700.0)))) == 0


def _analysed(clip: Path, home: Path, times: tuple[float, float, float]) -> list[tuple[Frame, Detections]]:
    """Frames of a real clip from, until and at a rate of `times`, with the people in them."""
    start, end, fps = times
    detector = BlazePoseDetector(BackendOptions(threads=2))
    with FrameReader(clip, Settings(home=home), fps=fps, start_s=start, end_s=end) as frames:
        return [(frame, detector.predict([frame])[0]) for frame in frames]


@pytest.mark.footage
def test_both_faces_in_the_corridor(reader: FaceMeshReader, footage_dir: Path, tmp_path: Path) -> None:
    seen = _analysed(footage_dir / "face-demographics-walking.gif", tmp_path, (1.0, 2.9, 3.0))
    for frame, people in seen:
        faces = reader.read(frame, people)
        assert faces.people.tolist() == list(range(len(people))) == [0, 1]
        assert np.abs(faces.angles).max() < 40, "they walk towards the camera"
    assert faces.quality.min() > 0.1


@pytest.mark.footage
def test_backs_of_heads_have_no_faces(reader: FaceMeshReader, footage_dir: Path, tmp_path: Path) -> None:
    seen = _analysed(footage_dir / "one-by-one-person-detection.mp4", tmp_path, (30.0, 36.0, 1.0))
    assert sum(len(people) for _, people in seen) >= 5
    assert not any(len(reader.read(frame, people)) for frame, people in seen)
