"""The one door: what pages, the command line and REST call.

Owns: putting store, media, pipeline and jobs together. May import: all of `engine`, and `models` through the registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.core.config import AnalysisConfig, Settings
from engine.core.views import FootageView, JobView, PersonView, RunView


class Engine:
    """A home folder, opened. Thread-safe; one per process is enough.

    Args:
        settings: where things are.

    Raises:
        StoreError: the store cannot be opened.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        raise NotImplementedError

    def close(self) -> None:
        """Close the store."""
        raise NotImplementedError

    # Footage

    def register(self, path: Path) -> FootageView:
        """Register a file where it lies, without copying. Known footage (same SHA-256) is found, not added twice.

        Raises:
            FootageError: it is no footage that can be analysed; nothing is left behind.
        """
        raise NotImplementedError

    def adopt(self, received: Path, sha256: str, name: str) -> FootageView:
        """Take over an uploaded file that lies complete in the home's `incoming/` folder; it is moved or deleted.

        Raises:
            FootageError: it is no footage that can be analysed; the received file is removed.
        """
        raise NotImplementedError

    def list_footage(self) -> tuple[FootageView, ...]:
        """All footage, newest first."""
        raise NotImplementedError

    def footage(self, footage: str) -> FootageView:
        """One by id (or a unique prefix, or a name).

        Raises:
            StoreError: there is none.
        """
        raise NotImplementedError

    def remove(self, footage: str) -> None:
        """Remove footage with everything made of it; the file itself only if it was uploaded."""
        raise NotImplementedError

    def media_file(self, footage: str, name: str) -> Path | None:
        """Path of a file of that footage that may be served, None where there is none.

        Args:
            footage: footage id.
            name: "playback.mp4", "poster.jpg", "thumbs/3.jpg" or "crops/…/….jpg"; nothing outside its folder.
        """
        raise NotImplementedError

    # Jobs

    def submit(self, footage: str, config: AnalysisConfig) -> JobView:
        """Queue an analysis; a queued or running job of the same footage and config is returned instead."""
        raise NotImplementedError

    def jobs(self) -> tuple[JobView, ...]:
        """All jobs, newest first."""
        raise NotImplementedError

    def cancel(self, job: int) -> None:
        """Ask a queued or running job to stop."""
        raise NotImplementedError

    def retry(self, job: int) -> None:
        """Queue a failed or cancelled job again; what it had finished is not computed again."""
        raise NotImplementedError

    # Results

    def runs(self, footage: str) -> tuple[RunView, ...]:
        """Finished runs of a footage, newest first."""
        raise NotImplementedError

    def people(self, run: str) -> Sequence[PersonView]:
        """Persons of a run in order of first appearance."""
        raise NotImplementedError
