"""Somebody in an uploaded photograph: opened within limits, found, and looked at like a kept view of footage.

May import: `engine.core`, `engine.search`, `engine.tracking`, `engine.kept_views`, `engine.tiers`; Pillow for the file.
"""

from __future__ import annotations

import threading
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from engine.core.clothing import ClothingReadings, PersonPicture
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import SearchError
from engine.core.protocols import PoseEstimator
from engine.core.types import FloatArray, Frame, Image, Poses
from engine.kept_views import light_around, scene_light
from engine.tiers import choose_clothing, choose_person, choose_pose
from engine.tracking.crops import shown

MOST_BYTES = 20 * 2**20
"""Largest file that is opened, bytes."""

MOST_PIXELS = 50_000_000
"""Largest picture that is decoded, pixels; what it says of itself is looked at before it is."""

LONGEST_SIDE = 1600
"""Larger pictures are scaled down to this, pixels."""

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF")

_MIB = 2**20


class Photographs:
    """Finds the person in a photograph. Thread-safe; networks are loaded by the first picture and kept.

    Args:
        settings: how much the models may use.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = threading.Lock()
        self._backends: tuple[Any, Any] | None = None
        self._reader: Any = None

    def person(self, data: bytes) -> PersonPicture:
        """The largest person in a picture.

        Args:
            data: bytes of a picture file.

        Raises:
            SearchError: the file is too large or no picture, or nobody is found in it.
            ModelError: a model is missing or broken.
        """
        frame = Frame(0, 0.0, opened(data))
        with self._guard:
            if self._backends is None:
                person = choose_person(AnalysisConfig(profile="embedded"), self._settings)
                self._backends = person.build(), choose_pose(person, self._settings).build()
            detector, estimator = self._backends
            detector.reset()
            found = detector.predict([frame])[0]
            if not len(found):
                raise SearchError("Nobody is found in this picture. Choose one that shows somebody from head to foot.")
            sizes = np.prod(found.boxes[:, 2:] - found.boxes[:, :2], axis=1)
            return person_pictures(frame, found.boxes[[int(sizes.argmax())]], estimator)[0]

    def readings(self, picture: PersonPicture) -> ClothingReadings:
        """What somebody in a picture wears, as one view of tracklet 1."""
        with self._guard:
            if self._reader is None:
                person = choose_person(AnalysisConfig(profile="embedded"), self._settings)
                self._reader = choose_clothing(person, self._settings).build()
            readings: ClothingReadings = self._reader.read(1, [picture])
        return readings


def person_pictures(frame: Frame, boxes: FloatArray, estimator: PoseEstimator) -> list[PersonPicture]:
    """People in a picture, each as a kept view of footage would show them.

    Args:
        frame: the picture.
        boxes: (N, 4) float32 xyxy, pixels of that picture, any number.
        estimator: yields landmarks and body masks.

    Returns:
        N pictures, in the order of the boxes.
    """
    if not len(boxes):
        return []
    light = scene_light([frame.image])
    around = np.stack([shown(box, frame.size) for box in boxes])
    bodies = estimator.estimate(frame, around)
    pictures = []
    for row, box in enumerate(around):
        left, top, right, bottom = (int(side) for side in box)
        mask = Pillow.fromarray(bodies.masks[row]).resize((right - left, bottom - top), Pillow.Resampling.BILINEAR)
        pose = bodies.poses[np.array([row])]
        landmarks = pose.landmarks.copy()
        landmarks[:, :, :2] -= box[:2]
        there = bool(pose.scores[0] > 0)
        image, body = np.ascontiguousarray(frame.image[top:bottom, left:right]), np.asarray(mask, np.uint8)
        pictures.append(
            PersonPicture(
                image=image,
                mask=body,
                pose=Poses(landmarks=landmarks, scores=pose.scores) if there else Poses.missing(1),
                white=light_around(image, body, light),
                quality=1.0,
                black=light.black,
                full=light.full,
            )
        )
    return pictures


def opened(data: bytes) -> Image:
    """The picture of a file, upright.

    Args:
        data: bytes of the file.

    Returns:
        (H, W, 3) uint8 RGB, at most `LONGEST_SIDE` pixels on a side.

    Raises:
        SearchError: too many bytes or pixels, or no picture.
    """
    if len(data) > MOST_BYTES:
        raise SearchError(
            f"This file is larger than {MOST_BYTES // _MIB} MiB. Save the picture smaller, then try again."
        )
    try:
        with Pillow.open(BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_many_pixels()
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError) as error:
        raise SearchError(
            "This file is no picture that can be opened. Choose a JPEG, PNG or WebP file.", detail=str(error)
        ) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(upright, np.uint8)


def _too_many_pixels() -> SearchError:
    return SearchError(f"This picture has more than {MOST_PIXELS // 1_000_000} million pixels. Save it smaller first.")
