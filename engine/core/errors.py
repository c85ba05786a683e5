"""The errors Sightline raises on purpose.

    SightlineError
    ├── ConfigError      a setting is unknown, of the wrong kind or out of bounds
    ├── FootageError     footage cannot be read, or not in full
    ├── ModelError       a model is broken or answers nonsense
    │   └── ModelMissing a model is not on this machine
    ├── StoreError       the results store cannot be opened or written
    ├── SearchError      a search cannot be understood or answered
    ├── JobError         a job cannot be started, or it failed
    │   └── JobCancelled somebody asked for it
    └── ExportError      a result cannot be written in the format asked for

Every one carries a `user_message`: one or two sentences for the person at the screen that say what is
wrong and what to do. Programming mistakes stay `ValueError`. Owns: the tree and its exit codes. Imports nothing
of ours.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line (DESIGN §5)."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    BAD_INPUT = 3
    MODEL_MISSING = 4


class SightlineError(Exception):
    """Root of the tree.

    Args:
        user_message: what is wrong and what to do next, in plain words.
        detail: the technical cause for the log, may be empty.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, user_message: str, *, detail: str = "") -> None:
        super().__init__(user_message if not detail else f"{user_message} [{detail}]")
        self.user_message = user_message
        self.detail = detail


class ConfigError(SightlineError):
    """A setting is unknown, of the wrong kind or out of bounds."""

    exit_code = ExitCode.USAGE


class FootageError(SightlineError):
    """Footage cannot be read.

    Args:
        user_message: what the file is and what to do.
        kind: a stable word for the cause, such as "empty", "not-video", "no-video-stream", "no-index", "too-large".
        detail: the technical cause for the log.
    """

    exit_code = ExitCode.BAD_INPUT

    def __init__(self, user_message: str, *, kind: str, detail: str = "") -> None:
        super().__init__(user_message, detail=detail)
        self.kind = kind

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_footage_error, (self.user_message, self.kind, self.detail)


def _rebuild_footage_error(user_message: str, kind: str, detail: str) -> FootageError:
    # Keyword-only arguments do not survive Exception's own pickling, and this one crosses a process border.
    return FootageError(user_message, kind=kind, detail=detail)


class ModelError(SightlineError):
    """A model is broken or answers nonsense."""


class ModelMissing(ModelError):
    """A model is not on this machine; the message says what to fetch or where to put it."""

    exit_code = ExitCode.MODEL_MISSING


class StoreError(SightlineError):
    """The results store cannot be opened, read or written."""


class SearchError(SightlineError):
    """A search cannot be understood or answered."""

    exit_code = ExitCode.BAD_INPUT


class JobError(SightlineError):
    """A job cannot be started, or it failed."""


class JobCancelled(JobError):
    """The job was cancelled on request; nothing is wrong."""


class ExportError(SightlineError):
    """A result cannot be written in the format asked for."""

    exit_code = ExitCode.USAGE
