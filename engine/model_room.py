"""The models of this machine: what is there for each task, which is used, and how to bring more.

May import: `engine.core`, `engine.store`, `engine.tiers`, `engine.weights`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelMissing
from engine.store.choices import ChoiceTable
from engine.store.database import Database
from models import registry

CHOOSABLE = {"person": "person_model", "emotion": "emotion_model", "action": "action_model"}
"""Task -> field of `AnalysisConfig` that names its model."""


class ModelRoom:
    """Shows, fetches, imports, verifies and chooses models.

    Args:
        database: the store, which remembers the choices.
        settings: where models are kept.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._choices = ChoiceTable(database)
        self._settings = settings

    def choices(self) -> dict[str, str]:
        """Task -> model chosen for this home; tasks without one are left to the profile."""
        return self._choices.all()

    def fill(self, config: AnalysisConfig) -> AnalysisConfig:
        """The settings of an analysis with the choices of this home put in where it leaves a model open.

        Only the profile "auto" leaves it open: the others say themselves where models come from.

        Raises:
            ModelMissing: the chosen model is no longer on this machine.
        """
        if config.profile != "auto":
            return config
        chosen = {
            field: self._value(task, model)
            for task, model in self.choices().items()
            if (field := CHOOSABLE.get(task)) and getattr(config, field, None) == ""
        }
        return replace(config, **chosen) if chosen else config

    def _value(self, task: str, model: str) -> str:
        """What the field of `AnalysisConfig` holds for a chosen model: the name of a back end, or a path."""
        if model in registry.names(task):
            return model
        path = self._settings.models / task / model
        if not path.exists():
            raise ModelMissing(
                f"The {task} model {Path(model).name}, chosen on the Models page, is no longer on this machine. "
                "Choose another one there, or bring it back."
            )
        return str(path)
