"""What the models screen shows: the models of each task, which would answer, and files on their way in.

May import: nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Where a model comes from."""

    PACKAGE = "package"
    """Inside an installed package."""
    PROJECT = "project"
    """With Sightline itself, as a file of weights or as code."""
    FETCHED = "fetched"
    """From the network, by name, checked against a pinned SHA-256."""
    IMPORTED = "imported"
    """Brought by somebody."""


@dataclass(frozen=True, slots=True)
class ModelView:
    """One model that could answer for a task.

    Attributes:
        task: such as "person".
        name: what people call it; unique within its task.
        backend: registry name of the program that reads it.
        tier: "embedded", "pretrained" or "trained".
        origin: where it comes from.
        source: the package, the address or the folder it comes from.
        licence: SPDX name, "" where nobody said.
        bytes: size of its file, 0 for a model that is code alone.
        sha256: of the file, hex; "" where it is not known.
        present: it is on this machine.
        chosen: it is the choice of this home.
    """

    task: str
    name: str
    backend: str
    tier: str
    origin: Origin
    source: str
    licence: str
    bytes: int
    sha256: str
    present: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class UseView:
    """The model that a profile would use for a task.

    Attributes:
        profile: one of `PROFILES`.
        model: name of the back end, "" where none could answer.
        tier: its tier.
        version: its version.
        file: name of its file of weights, "" where it carries its own.
        why: "chosen" by people, "best" of what is here, "built-in" as the profile asks, "nothing-else" is here,
            "only" one there is, "missing" or "broken".
        problem: what to do where none could answer, else "".
    """

    profile: str
    model: str
    tier: str
    version: str
    file: str
    why: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with its models.

    Attributes:
        task: such as "person".
        models: that could answer, those on this machine first.
        uses: what each profile would use; empty for a task that analyses do not ask yet.
        choice: name of the chosen model, "" where it is left to the profile.
        choosable: a model can be chosen.
        suffixes: file names that can be brought in end in one of these; "/" stands for a folder.
    """

    task: str
    models: tuple[ModelView, ...]
    uses: tuple[UseView, ...]
    choice: str
    choosable: bool
    suffixes: tuple[str, ...]


class TransferState(StrEnum):
    """How a file's way in stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TransferView:
    """A model that is being fetched, or was.

    Attributes:
        name: of the model.
        state: where it stands.
        done: bytes received.
        total: bytes in all.
        error: sentence for people where it failed, else "".
    """

    name: str
    state: TransferState
    done: int
    total: int
    error: str = ""
