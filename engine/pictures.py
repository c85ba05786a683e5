"""Best views of every tracklet as JPEG with their body masks, cut from the footage at the instants that were chosen.

May import: `engine.core`, `engine.tracking`.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from engine.core.config import CropConfig
from engine.core.protocols import Observer, PoseEstimator
from engine.core.types import CropChoice, FloatArray, Frame, Tracklet
from engine.core.views import CropView, FaceCropView
from engine.tracking.crops import choose_crops, cut, shown

JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Album:
    """Where the pictures of one run of the crop stage go.

    Attributes:
        root: folder of everything made of the footage.
        name: folder of these pictures, relative to `root`.
        config: how many, how large.
        size: width and height of the footage, pixels.
    """

    root: Path
    name: str
    config: CropConfig
    size: tuple[int, int]

    def fill(
        self,
        tracklets: Sequence[Tracklet],
        frames: Callable[[Sequence[float]], Iterator[Frame]],
        estimator: PoseEstimator,
        observer: Observer,
    ) -> list[CropView]:
        """Choose, cut and write the best views; what an interrupted run left is written over.

        Args:
            tracklets: all of the footage.
            frames: reads the frames at given times, ascending.
            estimator: yields the body masks.
            observer: hears the progress in pictures.

        Returns:
            The pictures kept, by tracklet and rank.

        Raises:
            FootageError: the footage cannot be decoded any more.
            JobCancelled: the observer said so.
        """
        folder = self.root / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wanted: dict[float, list[CropChoice]] = defaultdict(list)
        for tracklet in tracklets:
            others = [other for other in tracklets if other.number != tracklet.number]
            for choice in choose_crops(tracklet, self.config, self.size, others):
                wanted[choice.t].append(choice)
        kept: list[CropView] = []
        total = sum(len(choices) for choices in wanted.values())
        for frame in frames(sorted(wanted)):
            observer.checkpoint()
            choices = wanted[frame.t]
            # Asked about the very part that is cut out, so that mask and picture lie on one another.
            bodies = estimator.estimate(frame, np.stack([shown(choice.box, frame.size) for choice in choices]))
            for choice, mask in zip(choices, bodies.masks, strict=True):
                kept.append(self._write(frame, choice, mask))
            observer.progress("crops", len(kept), total)
        return sorted(kept, key=lambda crop: (crop.tracklet, crop.rank))

    def _write(
        self, frame: Frame, choice: CropChoice, mask: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    ) -> CropView:
        picture = cut(frame, choice, self.config.max_side)
        stem = f"{self.name}/{choice.tracklet}-{choice.rank}"
        Pillow.fromarray(picture).save(self.root / f"{stem}.jpg", quality=JPEG_QUALITY)
        Pillow.fromarray(mask).save(self.root / f"{stem}-mask.png")
        return CropView(
            tracklet=choice.tracklet,
            rank=choice.rank,
            t=choice.t,
            quality=choice.quality,
            file=f"{stem}.jpg",
            width=picture.shape[1],
            height=picture.shape[0],
        )


FACE_SIDE = 128
"""Longer sides of kept faces are scaled down to this, pixels."""

FACE_MARGIN = 0.35
"""Of the face's size, kept around it on every side."""


@dataclass(frozen=True, slots=True)
class FaceAlbum:
    """Where the face pictures of one analysis go.

    Attributes:
        root: folder of everything made of the footage.
        name: folder of these pictures, relative to `root`.
    """

    root: Path
    name: str

    def fill(
        self,
        wanted: Sequence[tuple[int, float, FloatArray, float]],
        frames: Callable[[Sequence[float]], Iterator[Frame]],
        observer: Observer,
    ) -> list[FaceCropView]:
        """Cut and write faces; what an interrupted run left is written over.

        Args:
            wanted: tracklet, time, box (4,) float32 xyxy and quality of each.
            frames: reads the frames at given times, ascending.
            observer: hears the progress in pictures.

        Returns:
            The pictures, by tracklet and time.

        Raises:
            FootageError: the footage cannot be decoded any more.
            JobCancelled: the observer said so.
        """
        folder = self.root / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        at: dict[float, list[tuple[int, FloatArray, float]]] = defaultdict(list)
        for tracklet, t, box, quality in wanted:
            at[t].append((tracklet, box, quality))
        kept: list[FaceCropView] = []
        for frame in frames(sorted(at)):
            observer.checkpoint()
            for tracklet, box, quality in at[frame.t]:
                file = f"{self.name}/{tracklet}-{round(frame.t * 1000)}.jpg"
                picture = _face(frame, box)
                picture.save(self.root / file, quality=JPEG_QUALITY)
                kept.append(FaceCropView(tracklet, frame.t, quality, file, picture.width, picture.height))
            observer.progress("face_crops", len(kept), len(wanted))
        return sorted(kept, key=lambda crop: (crop.tracklet, crop.t))


def _face(frame: Frame, box: FloatArray) -> Pillow.Image:
    around = FACE_MARGIN * (box[2:] - box[:2])
    width, height = frame.size
    left, top = np.maximum(np.floor(box[:2] - around), 0).astype(int)
    right, bottom = np.minimum(np.ceil(box[2:] + around), (width, height)).astype(int)
    picture = Pillow.fromarray(frame.image[top : max(bottom, top + 1), left : max(right, left + 1)])
    picture.thumbnail((FACE_SIDE, FACE_SIDE))
    return picture
