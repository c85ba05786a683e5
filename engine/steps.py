"""What a stage of an analysis is: its model, the settings it heeds, the results it is made from, and so its key.

A stage's key is the hash of the footage, the stage, the model that answers, the settings it heeds and the keys it
depends on: what has not changed is not computed again, and what has changes only what follows from it.
May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.core.cameras import Alignment
from engine.core.config import Settings, canonical_json
from engine.core.protocols import ModelCard
from engine.core.views import FootageView
from engine.store.anomalies import AnomalyTable
from engine.store.clothing import ClothingTable
from engine.store.footage import FootageTable
from engine.store.identity import IdentityTable
from engine.store.recognition import RecognitionTable
from engine.store.results import ResultTable
from engine.store.stages import StageRecord


@dataclass(frozen=True, slots=True)
class OtherCamera:
    """Another recording of the same place.

    Attributes:
        footage: its id.
        behaviours: key of its stage `behaviours`.
        clock: how its clock runs beside this footage's, which is the first.
    """

    footage: str
    behaviours: str
    clock: Alignment


Save = Callable[[StageRecord], None]
"""What a stage hands back when it has computed: writes its result together with its record, in one transaction."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What an analysis works with.

    Attributes:
        settings: where things are.
        footage: the footage table.
        results: the results table.
        recognition: the table of what was recognised.
        clothing: the table of what people wear.
        anomalies: the table of what is out of the ordinary.
        identity: the table of what people look like as vectors.
        other: the other recording of a shop that a recording is beside, None where there is none.
    """

    settings: Settings
    footage: FootageTable
    results: ResultTable
    recognition: RecognitionTable
    clothing: ClothingTable
    anomalies: AnomalyTable
    identity: IdentityTable
    other: OtherCamera | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One stage to be reached.

    Attributes:
        name: of the stage.
        card: of the model that answers.
        heeded: the settings that decide its answer.
        needs: keys of the results it is made from.
    """

    name: str
    card: ModelCard
    heeded: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()

    def key(self, view: FootageView) -> str:
        """Cache key, 64 hex digits."""
        parts = [view.sha256, self.name, self.card.name, self.card.version, self.heeded, list(self.needs)]
        return hashlib.sha256(canonical_json(parts).encode()).hexdigest()

    def record(self, view: FootageView, seconds: float) -> StageRecord:
        """What the store keeps of the stage beside its result."""
        return StageRecord(
            key=self.key(view),
            footage=view.id,
            stage=self.name,
            model=self.card.name,
            version=self.card.version,
            settings_json=canonical_json(self.heeded),
            seconds=seconds,
        )


def ours(name: str, version: str) -> ModelCard:
    """The card of a stage that is our own code rather than a network; `version` rises when its answers change."""
    return ModelCard(name=name, version=version, tier="embedded", licence="AGPL-3.0-only", source="Sightline")
