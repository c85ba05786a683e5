"""What the store and the API hand to pages, the command line and exports: frozen rows, no arrays of pixels.

May import: `engine.core.types`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.core.types import Gap, MediaInfo


class JobState(StrEnum):
    """Life of a job: queued → running → done | failed | cancelled; retry leads back to queued."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class FootageView:
    """One piece of footage.

    Attributes:
        id: first 12 hex digits of the SHA-256.
        sha256: of the file's bytes.
        name: the file's name as it came.
        path: absolute path of the file: inside the home when uploaded, elsewhere when registered in place.
        in_place: registered where it lies, never copied or removed by us.
        bytes: size of the file.
        media: what probing said.
        gaps: stretches that could not be decoded; known in full once it was analysed.
        added_utc: ISO 8601.
    """

    id: str
    sha256: str
    name: str
    path: str
    in_place: bool
    bytes: int
    media: MediaInfo
    gaps: tuple[Gap, ...]
    added_utc: str


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of one run.

    Attributes:
        name: "detect", "pose", "track", "link", "crops", …
        model: registry name of the back end that answered.
        version: its version.
        seconds: time it took when it was computed; of a cached stage, back then.
        cached: the result was already there.
        key: cache key.
    """

    name: str
    model: str
    version: str
    seconds: float
    cached: bool
    key: str


@dataclass(frozen=True, slots=True)
class RunView:
    """One finished analysis of one piece of footage.

    Attributes:
        id: 12 hex digits.
        footage: footage id.
        profile: the profile asked for.
        config_json: the whole `AnalysisConfig`.
        stages: in order.
        finished_utc: ISO 8601.
    """

    id: str
    footage: str
    profile: str
    config_json: str
    stages: tuple[StageView, ...]
    finished_utc: str


@dataclass(frozen=True, slots=True)
class CropView:
    """A kept picture of a person.

    Attributes:
        tracklet: the tracklet's number.
        rank: 0 is the best of its tracklet.
        t: seconds.
        quality: in [0, 1].
        file: path of the JPEG relative to the media folder of its footage.
        width: pixels.
        height: pixels.
    """

    tracklet: int
    rank: int
    t: float
    quality: float
    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class FaceCropView:
    """A kept picture of a face.

    Attributes:
        tracklet: the tracklet's number.
        t: seconds.
        quality: how well its expression could be read, in [0, 1].
        file: path of the JPEG relative to the media folder of its footage.
        width: pixels.
        height: pixels.
    """

    tracklet: int
    t: float
    quality: float
    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Presence:
    """A stretch of time somebody was in view.

    Attributes:
        tracklet: the tracklet's number.
        start_s: seconds.
        end_s: seconds.
    """

    tracklet: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person of one run.

    Attributes:
        label: P1, P2, …
        first_s: first seen, seconds.
        last_s: last seen, seconds.
        score: mean detection score in [0, 1].
        link_score: how sure it is that all tracklets are this person, in [0, 1].
        presence: when in view, in order of time.
        crops: best first.
        name: what an analyst calls them, "" where nobody has said.
    """

    label: str
    first_s: float
    last_s: float
    score: float
    link_score: float
    presence: tuple[Presence, ...]
    crops: tuple[CropView, ...]
    name: str = ""

    @property
    def visible_s(self) -> float:
        """Total time in view, seconds."""
        return sum(stretch.end_s - stretch.start_s for stretch in self.presence)


@dataclass(frozen=True, slots=True)
class JobView:
    """One job.

    Attributes:
        id: ascending number.
        footage: footage id.
        footage_name: its name.
        state: where it is in its life.
        profile: the profile asked for.
        stage: the stage at work, "" before the first.
        fraction: share of the whole job done, in [0, 1].
        left_s: estimate of the seconds left, None while unknown.
        error: user message of the failure, "" if none.
        run: id of the finished run, "" before.
        attempts: how often a worker took it up.
        created_utc: ISO 8601.
        finished_utc: ISO 8601, "" before.
    """

    id: int
    footage: str
    footage_name: str
    state: JobState
    profile: str
    stage: str
    fraction: float
    left_s: float | None
    error: str
    run: str
    attempts: int
    created_utc: str
    finished_utc: str


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file that is being received in pieces.

    Attributes:
        token: names the upload.
        offset: bytes that have safely arrived.
        limit: largest file that is taken, bytes.
    """

    token: str
    offset: int
    limit: int
