"""Who answers, and what with: the card of a back end, and what back ends are built with.

Used through `engine.core.protocols`. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Who made an observation.

    Attributes:
        name: registry name of the back end, such as "blazepose".
        version: first 16 hex digits of the SHA-256 over its weights and its settings' defaults: changes when
            answers may change. The cache is keyed on it.
        tier: "embedded", "pretrained" or "trained".
        licence: SPDX name of the weights' licence.
        source: where the weights come from, one line.
    """

    name: str
    version: str
    tier: str
    licence: str
    source: str


@dataclass(frozen=True, slots=True)
class BackendOptions:
    """What every back end is built with: `resolve(task, name)(options)`.

    Attributes:
        threads: threads the back end may use, >= 1.
        min_score: detections under this score are not reported, in [0, 1].
        weights: file or folder of the weights, None for a back end that carries its own.
    """

    threads: int = 2
    min_score: float = 0.4
    weights: Path | None = None


@dataclass(frozen=True, slots=True)
class TrackerOptions:
    """What every tracker is built with: `resolve("tracker", name)(options)`.

    Attributes:
        fps: analysed frames a second that are to be expected, > 0; real times come with every `update()`.
        lost_s: how long somebody may go unseen within one track, seconds >= 0. The ordinary distance of two
            analysed frames is always bridged.
        new_score: a detection of a lower score continues a track but never starts one, in [0, 1].
    """

    fps: float = 5.0
    lost_s: float = 1.6
    new_score: float = 0.45

    def __post_init__(self) -> None:
        if not (self.fps > 0 and self.lost_s >= 0 and 0 <= self.new_score <= 1):
            raise ValueError(f"a tracker needs fps > 0, lost_s >= 0 and new_score in [0, 1], got {self}")
