"""Every registered face reader keeps the promises of the role."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.faces import Faces
from engine.core.protocols import BackendOptions, FaceReader
from engine.core.types import Detections, Frame, Poses
from models.registry import names, resolve


@pytest.fixture(scope="module", params=names("face_reader"))
def reader(request: pytest.FixtureRequest) -> FaceReader:
    built = resolve("face_reader", request.param)(BackendOptions(threads=2))
    assert isinstance(built, FaceReader)
    return built


def _draw() -> np.ndarray:
    """A picture that is a face to the networks, drawn with the noise of a camera, and a figure to the fakes."""
    import cv2

    image = np.full((240, 320, 3), 110, np.uint8)
    image[150:230, 200:230] = (220, 20, 20)
    cv2.ellipse(image, (120, 70), (28, 36), 0, 0, 360, (205, 165, 140), -1)
    for x in (109, 131):
        cv2.ellipse(image, (x, 62), (6, 3), 0, 0, 360, (60, 40, 30), -1)
        cv2.line(image, (x - 7, 55), (x + 7, 55), (70, 50, 40), 2)
    cv2.line(image, (120, 64), (117, 78), (150, 110, 90), 2)
    cv2.ellipse(image, (120, 90), (11, 4), 0, 0, 360, (150, 70, 70), -1)
    return image


@pytest.fixture(scope="module")
def frame() -> Frame:
    return Frame(index=0, t=0.0, image=_draw())


PEOPLE = {
    "none": [],
    "one": [(80, 20, 160, 230)],
    "many": [(200, 150, 230, 230), (80, 20, 160, 230), (90, 30, 150, 200), (5, 5, 8, 9)],
    "no-area": [(30, 30, 30, 30)],
    "whole-picture": [(0, 0, 320, 240)],
}


def _people(name: str) -> Detections:
    boxes = np.array(PEOPLE[name], np.float32).reshape(-1, 4)
    return Detections(boxes=boxes, scores=np.full(len(boxes), 0.9, np.float32), poses=Poses.missing(len(boxes)))


def _same(first: Faces, second: Faces) -> bool:
    columns = ("people", "boxes", "points", "angles", "scores", "quality")
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in columns)


def test_its_card_is_known_without_loading_it(reader: FaceReader) -> None:
    assert type(reader).describe(BackendOptions()) == reader.card


@pytest.mark.parametrize("name", PEOPLE)
def test_faces_belong_to_people_and_lie_in_the_picture(reader: FaceReader, frame: Frame, name: str) -> None:
    before, people = frame.image.copy(), _people(name)
    faces = reader.read(frame, people)
    assert faces.people.tolist() == sorted(set(faces.people.tolist()))
    assert all(0 <= row < len(people) for row in faces.people)
    assert (faces.boxes >= 0).all() and (faces.boxes <= np.array([320, 240, 320, 240])).all()
    assert (np.abs(faces.angles) <= 180).all()
    np.testing.assert_array_equal(frame.image, before)


def test_it_finds_somebody(reader: FaceReader, frame: Frame) -> None:
    assert len(reader.read(frame, _people("many"))) >= 1


def test_it_remembers_nothing(reader: FaceReader, frame: Frame) -> None:
    first = reader.read(frame, _people("many"))
    reader.read(Frame(index=1, t=0.2, image=np.full((240, 320, 3), 30, np.uint8)), _people("many"))
    assert _same(first, reader.read(frame, _people("many")))


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (33, 97)])
def test_any_size_of_picture(reader: FaceReader, size: tuple[int, int]) -> None:
    image = np.full((*size, 3), 128, np.uint8)
    people = Detections.of_boxes(np.array([(0, 0, size[1], size[0])], np.float32), np.ones(1, np.float32))
    assert len(reader.read(Frame(index=0, t=0.0, image=image), people)) == 0
