"""The models of this machine: what is there for each task, which is used, and how to bring more.

May import: `engine.core`, `engine.store`, the `engine.model_…` files beside, `engine.weights`, `engine.doctor`,
`engine.fetching`, `models.registry`.
"""

from __future__ import annotations

from pathlib import Path

from engine import model_intake, model_list, weights
from engine.core.config import PROFILES, AnalysisConfig, Settings
from engine.core.errors import ModelError, ModelMissing
from engine.core.models import ModelView, TaskView, TransferView, UseView
from engine.doctor import Report, examine
from engine.fetching import Fetching
from engine.model_list import CHOOSABLE, entry_of
from engine.store.choices import ChoiceTable
from engine.store.database import Database
from models import registry


class ModelRoom:
    """Shows, fetches, imports, verifies and chooses models.

    Args:
        database: the store, which remembers the choices.
        settings: where models are kept.

    Attributes:
        uploads: model files that are being received in pieces.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._choices = ChoiceTable(database)
        self._settings = settings
        self._fetching = Fetching(settings)
        self.uploads = model_intake.ModelUploads(settings, self._take)

    # What is there

    def tasks(self) -> tuple[TaskView, ...]:
        """Every task an analysis has, in the order of the registry."""
        choices = self.choices()
        return tuple(self._task(task, choices.get(task, "")) for task in model_list.tasks())

    def _task(self, task: str, choice: str) -> TaskView:
        models = model_list.candidates(task, choice, self._settings)
        return TaskView(
            task=task,
            models=tuple(models),
            uses=tuple(use for profile in PROFILES if (use := self._use(task, profile)) is not None),
            choice=next((model.name for model in models if model.chosen), choice),
            choosable=task in CHOOSABLE and any(model.present for model in models),
            suffixes=model_intake.ACCEPTED.get(task, ()),
        )

    def _use(self, task: str, profile: str) -> UseView | None:
        try:
            config = self.fill(AnalysisConfig(profile=profile))
        except ModelMissing as error:
            return UseView(profile, "", "", "", "", "missing", error.user_message)
        return model_list.use(task, config, self._settings)

    def card(self, task: str, backend: str, name: str = "") -> str:
        """The model card as Markdown, "" where there is none: that of a file of weights, else of its back end.

        Args:
            task: such as "person".
            backend: registry name.
            name: of the file of weights.
        """
        root = registry.WEIGHTS.parents[1]
        places = [root / "weights" / f"{one}.md" for one in (name, backend) if one]
        places += [root / task / f"{backend}.md", *sorted(root.glob(f"*/{backend}.md"))]
        found = next((place for place in places if place.is_file()), None)
        return found.read_text("utf-8") if found is not None else ""

    def verify(self, task: str, name: str) -> str:
        """What is wrong with a model's file, "" if it is whole; reads all of it.

        Raises:
            ModelError: there is no such model here.
        """
        entry = entry_of(task, name)
        if entry is not None:
            return entry.verify(self._settings)
        place = self._place(task, name)
        noted = model_intake.marked(place)
        if not noted:
            return "it was put there by hand, so there is no SHA-256 to compare with"
        return "" if model_intake.digest(place) == noted else "SHA-256 differs"

    def examine(self) -> Report:
        """A look over the whole machine."""
        return examine(self._settings)

    # Choosing

    def choices(self) -> dict[str, str]:
        """Task -> model chosen for this home; tasks without one are left to the profile."""
        return self._choices.all()

    def choose(self, task: str, name: str) -> None:
        """Choose the model of a task for the profile "auto".

        Args:
            task: one whose model can be chosen.
            name: of a model that is here, as `tasks()` names it; "" leaves it to the profile again.

        Raises:
            ModelError: it cannot be chosen, or is not here.
        """
        if task not in CHOOSABLE:
            raise ModelError(f"The model of the task {task} cannot be chosen: there is only one.")
        if not name:
            self._choices.forget(task)
            return
        model = next((each for each in model_list.candidates(task, "", self._settings) if each.name == name), None)
        if model is None or not model.present:
            raise ModelError(f"There is no {task} model called {name!r} on this machine. Fetch it first.")
        self._choices.choose(task, self._remembered(model))

    def _remembered(self, model: ModelView) -> str:
        """What the store keeps: the name of a back end, or of a file in the home, which may move as a whole."""
        entry = entry_of(model.task, model.name)
        if entry is not None:
            return entry.file if entry.url else entry.backend
        return model.name

    def fill(self, config: AnalysisConfig) -> AnalysisConfig:
        """The settings of an analysis with the choices of this home put in where it leaves a model open.

        Only the profile "auto" leaves it open: the others say themselves where models come from.

        Raises:
            ModelMissing: a chosen model is no longer on this machine.
        """
        return model_list.fill(config, self.choices(), self._settings)

    # Bringing models

    def fetch(self, name: str) -> TransferView:
        """Begin to fetch a model known by name; `transfers()` tells how far it is.

        Raises:
            ModelError: no such model can be fetched.
        """
        entry = next((entry for entry in weights.known() if entry.name == name and entry.url), None)
        if entry is None:
            raise ModelError(f"There is no model called {name!r} to fetch.")
        return self._fetching.start(entry)

    def transfers(self) -> tuple[TransferView, ...]:
        """Models on their way, and how those ended that nobody has dismissed yet."""
        return self._fetching.all()

    def cancel(self, name: str) -> None:
        """Stop fetching a model."""
        self._fetching.cancel(name)

    def dismiss(self, name: str) -> None:
        """Forget how a transfer ended."""
        self._fetching.forget(name)

    def bring(self, task: str, path: Path, *, trusted: bool = False) -> str:
        """Copy a model from a path of this machine; its name comes back.

        Args:
            task: it is to answer for.
            path: of a file or folder under one of the folders open to the browser.
            trusted: somebody said that they trust where it comes from; needed for files that can run code.

        Raises:
            ModelError: it is not there, not allowed, not usable, or another one of that name is here.
        """
        if not self._settings.allows(path):
            roots = ", ".join(self._settings.roots) or "none"
            raise ModelError(f"That path is outside the folders open to the browser ({roots}).")
        return model_intake.bring(path, task, self._settings, trusted=trusted).name

    def _take(self, received: Path, name: str, task: str, trusted: bool) -> str:
        return model_intake.take(received, name, task, self._settings, trusted=trusted).name

    def remove(self, task: str, name: str) -> None:
        """Remove a model that was fetched or brought; a choice of it is forgotten.

        Raises:
            ModelError: there is no such model, or it came with Sightline.
        """
        place = self._place(task, name)
        if self.choices().get(task) == place.name:
            self._choices.forget(task)
        model_intake.remove(place)

    def _place(self, task: str, name: str) -> Path:
        """Where a fetched or brought model lies.

        Raises:
            ModelError: there is none of that name.
        """
        entry = entry_of(task, name)
        if entry is not None and entry.url and entry.present(self._settings):
            return entry.path(self._settings)
        if any(model.name == name for model in model_list.brought(task, "", self._settings)):
            return self._settings.models / task / name
        raise ModelError(f"There is no {task} model called {name!r} that was fetched or brought.")
