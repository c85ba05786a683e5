"""What people say about their footage, and where it comes from: tags, cameras, start times, folders.

May import: `engine.core`, `engine.store`, `engine.jobs`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from engine.core.config import PROFILES, Settings
from engine.core.errors import ConfigError, FootageError, StoreError
from engine.core.library import FolderFile, FolderView, FootageDetails, Holdings, LibraryEntry, Outcome
from engine.core.views import FootageView, JobState, JobView
from engine.jobs.progress import STAGE_WEIGHTS
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.jobs import JobTable
from engine.store.library import LibraryTable

ACTIVE = (JobState.QUEUED, JobState.RUNNING)
NAMED_FILES = 200
"""Refused files of a folder that are told one by one."""

NEW = FootageDetails()


@dataclass(frozen=True, slots=True)
class Pulse:
    """What changes from second to second.

    Attributes:
        revision: changes whenever something changes that the library shows, progress aside.
        jobs: those waiting or at work, newest first.
        pictured: ids of their footage that has a poster by now.
    """

    revision: str
    jobs: tuple[JobView, ...]
    pictured: frozenset[str]


class Library:
    """Keeps what is known of footage beside the files themselves. Thread-safe.

    Args:
        database: the store.
        settings: where things are and which folders may be read.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._settings = settings
        self._table = LibraryTable(database)
        self._footage = FootageTable(database)
        self._jobs = JobTable(database)

    # The whole

    def entries(self) -> tuple[LibraryEntry, ...]:
        """All footage with what the library shows of it, newest first."""
        details, runs = self._table.details(), self._table.newest_runs()
        jobs = {job.footage: job for job in reversed(self._jobs.list())}
        entries = []
        for view in self._footage.list():
            run = runs.get(view.id)
            poster, thumbs = self._pictures(view)
            entries.append(
                LibraryEntry(
                    footage=view,
                    details=details.get(view.id, NEW),
                    job=jobs.get(view.id),
                    run=run.id if run else "",
                    profile=run.profile if run else "",
                    finished_utc=run.finished_utc if run else "",
                    runs=run.runs if run else 0,
                    people=run.people if run else None,
                    poster=poster,
                    thumbs=thumbs,
                )
            )
        return tuple(entries)

    def pulse(self) -> Pulse:
        """What changes from second to second; cheap enough to be asked that often."""
        jobs = tuple(job for job in self._jobs.list() if job.state in ACTIVE)
        pictured = set()
        for footage in {job.footage for job in jobs}:
            try:
                view = self._footage.get(footage)
            except StoreError:
                continue  # removed a moment ago
            if self._pictures(view)[0]:
                pictured.add(footage)
        return Pulse(self._table.revision(), jobs, frozenset(pictured))

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages an analysis goes through, in order."""
        return tuple(name for name, weight in STAGE_WEIGHTS.items() if weight > 0)

    def holdings(self, footage: FootageView) -> Holdings:
        """What would go if this footage were removed."""
        folder = self._settings.media / footage.sha256
        sizes: Counter[str] = Counter()
        pictures = 0
        for path in folder.rglob("*") if folder.is_dir() else ():
            try:
                size = path.stat().st_size if path.is_file() else 0
            except OSError:
                continue  # an analysis at work replaces files
            part = path.relative_to(folder).parts[0]
            kind = part if part in ("original", "playback.mp4") else "pictures" if path.suffix == ".jpg" else "others"
            pictures += kind == "pictures"
            sizes[kind] += size
        run = self._table.newest_runs().get(footage.id)
        return Holdings(
            original=0 if footage.in_place else sizes["original"],
            playback=sizes["playback.mp4"],
            pictures=pictures,
            pictures_bytes=sizes["pictures"],
            runs=run.runs if run else 0,
            others=sizes["others"],
        )

    def _pictures(self, view: FootageView) -> tuple[bool, int]:
        folder = self._settings.media / view.sha256
        try:
            names = {path.name for path in (folder / "thumbs").iterdir()}
        except OSError:
            names = set()
        count = 0
        while f"{count}.jpg" in names:
            count += 1
        return (folder / "poster.jpg").is_file(), count

    # Details

    def details(self, footage: str) -> FootageDetails:
        """What is said of one footage; all empty where nobody said anything."""
        return self._table.details().get(footage, NEW)

    def all_details(self) -> dict[str, FootageDetails]:
        """What is said of all footage, by id; footage nobody said anything of is left out."""
        return self._table.details()

    def describe(self, footage: str, details: FootageDetails) -> None:
        """Put what is said of a footage in the place of what was said before.

        Raises:
            StoreError: there is no such footage.
        """
        self._table.describe(footage, details)

    def tags(self) -> tuple[str, ...]:
        """All tags in use, the most used first; of tags that differ only in case, one."""
        used: Counter[str] = Counter()
        spelling: dict[str, str] = {}
        for details in self._table.details().values():
            for tag in details.tags:
                used[spelling.setdefault(tag.casefold(), tag)] += 1
        return tuple(sorted(used, key=lambda tag: (-used[tag], tag.casefold())))

    def cameras(self) -> tuple[str, ...]:
        """All cameras in use, in order of name."""
        return tuple(sorted({one.camera for one in self._table.details().values() if one.camera}, key=str.casefold))

    # Folders

    def watch(self, path: Path, profile: str = PROFILES[0]) -> FolderView:
        """Take in new complete files of a folder from now on, and those that lie there; survives restarts.

        Args:
            path: the folder; folders inside it belong to it.
            profile: what is added is analysed with it.

        Raises:
            FootageError: kind "outside", "missing" or "not-a-folder".
            ConfigError: there is no such profile.
        """
        return self._add(path, profile, watched=True)

    def take_in(self, path: Path, profile: str = PROFILES[0]) -> FolderView:
        """Take in what lies in a folder, or one file, once and in the background: by whoever runs the worker.

        Raises:
            FootageError: kind "outside" or "missing".
            ConfigError: there is no such profile.
        """
        return self._add(path, profile, watched=False)

    def unwatch(self, folder: int) -> None:
        """End a folder's watch, or forget one that was taken in; footage that came from it stays."""
        self._table.remove_folder(folder)

    def watched(self) -> tuple[FolderView, ...]:
        """Folders that are watched, newest first."""
        return tuple(folder for folder in self._table.folders() if folder.watched)

    def taken_in(self) -> tuple[FolderView, ...]:
        """Folders and files that are or were taken in once, newest first, until they are forgotten."""
        return tuple(folder for folder in self._table.folders() if not folder.watched)

    def refused(self, folder: int) -> tuple[FolderFile, ...]:
        """The files of a folder that cannot be used, each with its sentence; `NAMED_FILES` at most."""
        return self._table.files(folder, Outcome.REFUSED, NAMED_FILES)

    def check(self, path: Path) -> Path:
        """A path that may be read from the browser.

        Returns:
            It, absolute.

        Raises:
            FootageError: kind "outside": it lies, or its link leads, outside the roots. Kind "missing".
        """
        try:
            path = path.expanduser().absolute()
            allowed = "\0" not in str(path) and self._settings.allows(path)
        except (OSError, RuntimeError):
            allowed = False  # nobody's home, or links that lead in a circle
        if not allowed:
            raise FootageError(
                f"{path} is outside the folders open to the browser ({', '.join(self._settings.roots) or 'none'}). "
                "Choose one inside them, or name its folder under `roots` in sightline.toml.",
                kind="outside",
            )
        if not path.exists():
            raise FootageError(f"There is no file or folder at {path}. Check the path.", kind="missing")
        return path

    def _add(self, path: Path, profile: str, *, watched: bool) -> FolderView:
        if profile not in PROFILES:
            raise ConfigError(f"Profile must be one of {', '.join(PROFILES)}, got {profile!r}.")
        path = self.check(path)
        if watched and not path.is_dir():
            raise FootageError(f"{path} is a file. Only a folder can be watched.", kind="not-a-folder")
        folder = self._table.add_folder(str(path), profile, watched=watched)
        return next(one for one in self._table.folders() if one.id == folder)
