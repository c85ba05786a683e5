"""The values that cross stage borders: frozen columns of equal length, checked once and read-only.

Conventions (DESIGN §4): images are (H, W, 3) uint8 RGB; boxes are (N, 4) float32 xyxy in absolute pixels of the
decoded, upright frame; time is the frame's PTS in float64 seconds from the start of the stream; scores lie in
[0, 1]; landmarks are (N, 33, 3) float32 with x, y in pixels and visibility in [0, 1].
May import: `engine.core.columns`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_boxes, check_equal, check_unit, checked

Image = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

LANDMARKS = 33
"""Number of body landmarks, in BlazePose's order (0 nose … 11/12 shoulders … 23/24 hips … 31/32 foot index)."""

SIGNATURE_BINS = 64
"""Length of a picture's colour signature."""

MASK_SHAPE = (128, 64)
"""Height and width of a body mask, stretched over its box."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One decoded, upright picture.

    Attributes:
        index: ordinal of the picture in the decoded stream, from 0.
        t: presentation time, float seconds from the start of the stream.
        image: (H, W, 3) uint8 RGB, read-only.
    """

    index: int
    t: float
    image: Image

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", checked("image", self.image, (None, None, 3), np.uint8))
        if self.index < 0 or not np.isfinite(self.t):
            raise ValueError(f"a frame needs index >= 0 and a finite time, got {self.index}, {self.t}")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.shape[1], self.image.shape[0]


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """Body landmarks of N people in one picture, or of one person at N instants.

    Attributes:
        landmarks: (N, 33, 3) float32; x, y in pixels (may lie outside the picture), visibility in [0, 1].
        scores: (N,) float32, how sure the network is that a body is there; 0 means no pose was found,
            and then its landmarks are all zero.
    """

    landmarks: FloatArray
    scores: FloatArray

    def __post_init__(self) -> None:
        landmarks = checked("landmarks", self.landmarks, (None, LANDMARKS, 3), np.float32)
        scores = checked("scores", self.scores, (None,), np.float32)
        check_equal(landmarks=landmarks, scores=scores)
        check_unit("visibility", self.landmarks[:, :, 2])
        check_unit("scores", self.scores)
        object.__setattr__(self, "landmarks", landmarks)
        object.__setattr__(self, "scores", scores)

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, rows: slice | NDArray[np.generic]) -> Poses:
        return Poses(landmarks=self.landmarks[rows], scores=self.scores[rows])

    @classmethod
    def missing(cls, n: int) -> Poses:
        """N rows of "no pose was found"."""
        return cls(landmarks=np.zeros((n, LANDMARKS, 3), np.float32), scores=np.zeros(n, np.float32))

    @classmethod
    def concatenate(cls, parts: Iterable[Poses]) -> Poses:
        """All rows of all parts, in order."""
        parts = [cls.missing(0), *parts]
        return cls(
            landmarks=np.concatenate([part.landmarks for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """What the pose network says of N people in one picture.

    Attributes:
        poses: N poses.
        masks: (N, 128, 64) uint8, probability x 255 that a pixel is the person, stretched over the person's box;
            all zero where no pose was found.
    """

    poses: Poses
    masks: NDArray[np.uint8]

    def __post_init__(self) -> None:
        masks = checked("masks", self.masks, (None, *MASK_SHAPE), np.uint8)
        check_equal(poses=self.poses.scores, masks=masks)
        object.__setattr__(self, "masks", masks)

    def __len__(self) -> int:
        return len(self.poses)


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """People found in one picture.

    Attributes:
        boxes: (N, 4) float32 xyxy, absolute pixels, inside the picture.
        scores: (N,) float32 in [0, 1].
        poses: N poses; `Poses.missing(N)` from a detector that finds none.
    """

    boxes: FloatArray
    scores: FloatArray
    poses: Poses

    def __post_init__(self) -> None:
        boxes = checked("boxes", self.boxes, (None, 4), np.float32)
        scores = checked("scores", self.scores, (None,), np.float32)
        check_equal(boxes=boxes, scores=scores, poses=self.poses.scores)
        check_boxes(self.boxes)
        check_unit("scores", self.scores)
        object.__setattr__(self, "boxes", boxes)
        object.__setattr__(self, "scores", scores)

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, rows: slice | NDArray[np.generic]) -> Detections:
        return Detections(boxes=self.boxes[rows], scores=self.scores[rows], poses=self.poses[rows])

    @classmethod
    def empty(cls) -> Detections:
        """Nobody."""
        return cls(boxes=np.zeros((0, 4), np.float32), scores=np.zeros(0, np.float32), poses=Poses.missing(0))

    @classmethod
    def of_boxes(cls, boxes: FloatArray, scores: FloatArray) -> Detections:
        """Detections without poses."""
        return cls(boxes=boxes, scores=scores, poses=Poses.missing(len(scores)))


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What was found in one analysed frame; the unit of the detection cache.

    Attributes:
        index: ordinal of the frame in the decoded stream.
        t: its presentation time in seconds.
        detections: the people, N of them.
        sharpness: (N,) float32, standard deviation of the Laplacian of the grey crop, grey levels; 0 = featureless.
        signature: (64,) uint8, 255 x square root of the share of the picture's pixels in each of 4 x 4 x 4 RGB bins:
            what a cut to another shot is told by; all zero where it was not taken.
    """

    index: int
    t: float
    detections: Detections
    sharpness: FloatArray
    signature: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(SIGNATURE_BINS, np.uint8))

    def __post_init__(self) -> None:
        sharpness = checked("sharpness", self.sharpness, (None,), np.float32)
        check_equal(detections=self.detections.scores, sharpness=sharpness)
        object.__setattr__(self, "sharpness", sharpness)
        object.__setattr__(self, "signature", checked("signature", self.signature, (SIGNATURE_BINS,), np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Which detections of one frame belong to which track.

    Attributes:
        rows: (K,) int64, row of the detection, each at most once.
        ids: (K,) int64, track identity >= 1, unique within one frame and since the last `reset()`.
    """

    rows: NDArray[np.int64]
    ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        rows = checked("rows", self.rows, (None,), np.int64)
        ids = checked("ids", self.ids, (None,), np.int64)
        check_equal(rows=rows, ids=ids)
        for name, column in (("rows", rows), ("ids", ids)):
            if len(np.unique(column)) != len(column):
                raise ValueError(f"{name} must be unique within a frame")
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "ids", ids)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Tracklet:
    """An unbroken run of one person's boxes. Not yet a person: a person is one or more tracklets.

    Attributes:
        number: 1, 2, … in order of first appearance within one tracking result.
        t: (M,) float64 seconds, strictly increasing, M >= 1.
        boxes: (M, 4) float32 xyxy.
        scores: (M,) float32 in [0, 1]; of an interpolated row, the lower of its neighbours'.
        interpolated: (M,) bool, True where no detector saw the box.
        poses: M poses; missing where interpolated.
        sharpness: (M,) float32 as in `Observation`; 0 where interpolated.
    """

    number: int
    t: NDArray[np.float64]
    boxes: FloatArray
    scores: FloatArray
    interpolated: NDArray[np.bool_]
    poses: Poses
    sharpness: FloatArray

    def __post_init__(self) -> None:
        columns = {
            "t": checked("t", self.t, (None,), np.float64),
            "boxes": checked("boxes", self.boxes, (None, 4), np.float32),
            "scores": checked("scores", self.scores, (None,), np.float32),
            "interpolated": checked("interpolated", self.interpolated, (None,), np.bool_),
            "sharpness": checked("sharpness", self.sharpness, (None,), np.float32),
        }
        check_equal(**columns, poses=self.poses.scores)
        check_boxes(self.boxes)
        check_unit("scores", self.scores)
        if not len(self.t) or (np.diff(self.t) <= 0).any():
            raise ValueError("a tracklet needs at least one row and strictly increasing times")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.t)

    @property
    def first_s(self) -> float:
        """Time of the first box, seconds."""
        return float(self.t[0])

    @property
    def last_s(self) -> float:
        """Time of the last box, seconds."""
        return float(self.t[-1])


@dataclass(frozen=True, slots=True)
class PersonLink:
    """One human: the tracklets that are the same person.

    Attributes:
        label: P1, P2, … in order of first appearance in the footage.
        tracklets: numbers of the tracklets, in order of time, at least one.
        score: how sure the link is, in [0, 1]; 1 where nothing had to be linked.
    """

    label: str
    tracklets: tuple[int, ...]
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class CropChoice:
    """An instant of a tracklet that is worth keeping as a picture.

    Attributes:
        tracklet: the tracklet's number.
        rank: 0 is the best of its tracklet.
        t: the frame's presentation time, seconds.
        box: (4,) float32 xyxy of the person in that frame.
        quality: how good the view is, in [0, 1].
    """

    tracklet: int
    rank: int
    t: float
    box: FloatArray
    quality: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of footage that could not be decoded.

    Attributes:
        start_s: where the picture is lost, seconds.
        end_s: where it comes back, or the end the file promised, seconds.
        reason: a short word: "truncated" or "corrupt".
    """

    start_s: float
    end_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What probing says of a file.

    Attributes:
        container: FFmpeg's demuxer name, such as "mov,mp4,m4a,3gp,3g2,mj2".
        codec: FFmpeg's decoder name, such as "h264".
        pixel_format: such as "yuv420p".
        width: of the upright picture, pixels.
        height: of the upright picture, pixels.
        rotation: degrees clockwise that were undone to make it upright: 0, 90, 180 or 270.
        duration_s: seconds; from the container where it says, else measured.
        fps: average frames per second.
        variable_rate: the frames are not evenly spaced.
        has_audio: there is a sound track.
        recorded_utc: ISO 8601 start of the recording from the metadata, or "" where it does not say.
    """

    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    rotation: int
    duration_s: float
    fps: float
    variable_rate: bool
    has_audio: bool
    recorded_utc: str = field(default="")
