"""The one door: what pages, the command line and REST call.

Owns: putting store, media, pipeline and jobs together. May import: all of `engine`, and `models` through the registry.
Media and models are imported where they are used, so that a page that only reads results pays for neither.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.anomalies import Anomalies
from engine.answers import Answers
from engine.cameras import Cameras
from engine.clips import Clips
from engine.core.config import AnalysisConfig, Settings, canonical_json
from engine.core.errors import FootageError, JobError, StoreError
from engine.core.protocols import Observer
from engine.core.views import FootageView, JobView, RunView
from engine.gallery import Gallery
from engine.identities import Identities
from engine.jobs.inline import Show, run_here
from engine.jobs.supervisor import Supervisor
from engine.jobs.worker import run_worker, watch_parent
from engine.library import Library
from engine.model_room import ModelRoom
from engine.overlay import Overlays
from engine.projections import Projections
from engine.searching import Searching
from engine.store.anomalies import AnomalyTable
from engine.store.clothing import ClothingTable
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.identity import IdentityTable
from engine.store.jobs import JobTable
from engine.store.library import LibraryTable
from engine.store.recognition import RecognitionTable
from engine.store.results import ResultTable
from engine.timeline import Timelines
from engine.uploads import Uploads
from engine.watching import Watcher, watching

STALE_S = 7 * 24 * 3600.0
"""Uploads that nobody has gone on with for so long are dropped when the dashboard starts, seconds."""

_SERVED = ("playback.mp4", "poster.jpg", "thumbs/", "crops/", "clips/")


class Engine:
    """A home folder, opened. Thread-safe; one per process is enough.

    Args:
        settings: where things are.

    Attributes:
        uploads: files that are being received in pieces.
        answers: what analyses found.
        overlays: the same cut into slices of time, for the player.
        timelines: the same laid out as rows, for the timeline.
        cameras: recordings that show one place, and their clocks.
        clips: events cut out of the footage, for people to watch.
        library: what people say about their footage.
        models: what answers for each task.
        search: finds people by what they wear.
        anomalies: what is out of the ordinary, and what people say of it.
        identity: who is who, and who said so.
        gallery: the same person in all footage, once.
        maps: of what people look like.

    Raises:
        StoreError: the store cannot be opened.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.home.mkdir(parents=True, exist_ok=True)
        self._database = Database(settings.database)
        self._footage = FootageTable(self._database)
        self._results = ResultTable(self._database)
        self._jobs = JobTable(self._database)
        self.uploads = Uploads(settings, self.adopt)
        self.answers = Answers(self._database, settings)
        self.overlays = Overlays(self._results, self.answers)
        self.timelines = Timelines(self.answers)
        self.cameras = Cameras(self._database, settings)
        self.clips = Clips(self._footage, self.answers, settings)
        self.library = Library(self._database, settings)
        self.models = ModelRoom(self._database, settings)
        self.search = Searching(self._database, settings)
        self.anomalies = Anomalies(self._database)
        self.identity = Identities(self._database)
        self.gallery = Gallery(self._database, self.identity, self.answers, self.anomalies)
        self.maps = Projections(self.gallery)
        self._supervisor: Supervisor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the worker, if this engine started one, and close the store."""
        self.stop_worker()
        self._database.close()

    # Footage

    def register(self, path: Path, on_progress: Callable[[int], None] | None = None) -> FootageView:
        """Register a file where it lies, without copying. Known footage (same SHA-256) is found, not added twice.

        Args:
            path: of the file.
            on_progress: hears the bytes read so far while the file is hashed.

        Raises:
            FootageError: it is no footage that can be analysed; nothing is left behind.
        """
        from engine.media.intake import hash_file

        path = path.expanduser().absolute()
        if not path.is_file():
            raise FootageError(f"There is no file at {path}. Check the path.", kind="missing")
        sha256 = hash_file(path, on_progress or (lambda _: None))
        known = self._footage.by_sha256(sha256)
        if known is not None:
            if not Path(known.path).exists():
                return self._footage.relocate(known.id, str(path))
            return known
        return self._footage.add(self._probed(path, sha256, in_place=True))

    def adopt(self, received: Path, sha256: str, name: str) -> FootageView:
        """Take over a file that was uploaded or downloaded into the home; it is moved, or removed where known or bad.

        Args:
            received: the complete file, on the home's own disk.
            sha256: of its bytes.
            name: what people call it.

        Raises:
            FootageError: it is no footage that can be analysed; the received file is removed.
        """
        from engine.media.intake import clean_name

        # Under its own name from here on: errors name the file, and nobody knows it by its upload's token.
        place = received.with_name(f"{received.name}.d")
        place.mkdir(exist_ok=True)
        named = received.replace(place / clean_name(name))
        try:
            known = self._footage.by_sha256(sha256)
            if known is not None and Path(known.path).exists():
                return known
            view = known or self._probed(named, sha256, in_place=False)
            target = self.settings.media / sha256 / "original" / named.name
            target.parent.mkdir(parents=True, exist_ok=True)
            named.replace(target)
            if known is not None:
                return self._footage.relocate(known.id, str(target))
            return self._footage.add(replace(view, path=str(target)))
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _probed(self, path: Path, sha256: str, *, in_place: bool) -> FootageView:
        from engine.media.probe import probe

        return FootageView(
            id=sha256[:12],
            sha256=sha256,
            name=path.name,
            path=str(path),
            in_place=in_place,
            bytes=path.stat().st_size,
            media=probe(path, self.settings),
            gaps=(),
            added_utc=_now(),
        )

    def list_footage(self) -> tuple[FootageView, ...]:
        """All footage, newest first."""
        return tuple(self._footage.list())

    def footage(self, footage: str) -> FootageView:
        """One by id, unique prefix of an id, or name.

        Raises:
            StoreError: there is none, or the name is not unique.
        """
        return self._footage.find(footage)

    def remove(self, footage: str) -> None:
        """Remove footage with everything made of it; the file itself only if it was uploaded.

        Raises:
            StoreError: there is no such footage.
            JobError: it is being analysed.
        """
        view = self._footage.find(footage)
        if any(job.footage == view.id and job.state in ("queued", "running") for job in self._jobs.list()):
            raise JobError(f"{view.name} is being analysed. Cancel its job first, then remove it.")
        self._footage.remove(view.id)
        shutil.rmtree(self.settings.media / view.sha256, ignore_errors=True)

    def media_file(self, footage: str, name: str) -> Path | None:
        """Path of a file of that footage that may be served, None where there is none.

        Args:
            footage: footage id.
            name: "playback.mp4", "poster.jpg", "thumbs/3.jpg" or "crops/…/….jpg"; nothing outside its folder.
        """
        if not name.startswith(_SERVED):
            return None
        try:
            view = self._footage.get(footage)
        except StoreError:
            return None
        root = (self.settings.media / view.sha256).resolve()
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None

    # Jobs

    def submit(self, footage: str, config: AnalysisConfig) -> JobView:
        """Queue an analysis; a queued or running job of the same footage and config is returned instead.

        Raises:
            StoreError: there is no such footage.
            ModelMissing: the profile asks for a model that is not on this machine.
        """
        from engine.tiers import choose_clip, choose_emotion, choose_identity, choose_person

        config = self.models.fill(config)
        person = choose_person(config, self.settings)
        choose_emotion(config, person, self.settings)
        choose_clip(config, self.settings)
        choose_identity(person, self.settings, config)
        view = self._footage.find(footage)
        return self._jobs.enqueue(view.id, canonical_json(config.to_dict()), config.profile)

    def jobs(self) -> tuple[JobView, ...]:
        """All jobs, newest first."""
        return tuple(self._jobs.list())

    def cancel(self, job: int) -> None:
        """Ask a queued or running job to stop."""
        self._jobs.cancel(job)

    def retry(self, job: int) -> None:
        """Queue a failed or cancelled job again; what it had finished is not computed again."""
        self._jobs.retry(job)

    def run_job(self, job: JobView, observer: Observer) -> str:
        """Do a job; the one place where an analysis happens, called by workers and the command line.

        Returns:
            Id of the run.

        Raises:
            SightlineError: with a sentence for people.
        """
        from engine.pipeline import Analysis
        from engine.steps import Tools

        view = self._footage.find(job.footage)
        if not Path(view.path).is_file():
            raise FootageError(
                f"{view.name} is no longer at {view.path}. Put it back there, or register it from its new place.",
                kind="missing",
            )
        config = AnalysisConfig.from_dict(json.loads(self._jobs.config(job.id)))
        tools = Tools(
            self.settings,
            self._footage,
            self._results,
            RecognitionTable(self._database),
            ClothingTable(self._database),
            AnomalyTable(self._database),
            IdentityTable(self._database),
            self.cameras.other_camera(view.id),
        )
        stages = Analysis(view=view, config=config, tools=tools, observer=observer).run()
        run = RunView(
            # The same footage analysed the same way is the same run, whoever asks and whenever.
            id=hashlib.sha256("".join(stage.key for stage in stages).encode()).hexdigest()[:12],
            footage=view.id,
            profile=config.profile,
            config_json=canonical_json(config.to_dict()),
            stages=stages,
            finished_utc=_now(),
        )
        # Before the run is seen: nobody finds it without what analysts have said.
        self.identity.settle(run)
        self._results.save_run(run)
        self.anomalies.carry(run)
        self.search.look_out(run)
        return run.id

    def analyze_now(self, footage: str, config: AnalysisConfig, show: Show = lambda stage, fraction: None) -> RunView:
        """Analyse in this process and wait for it; work that a worker has already taken up is waited for.

        Args:
            footage: footage id or name.
            config: what is asked.
            show: hears the stage at work and the share of the whole done.

        Raises:
            SightlineError: with a sentence for people; `JobCancelled` after Ctrl-C.
        """
        job = self.submit(footage, config)
        return self._results.run(run_here(self._jobs, job, self.run_job, show))

    def work(self, *, once: bool = False, parent: int = 0) -> None:
        """Be the worker: take up jobs, and footage from watched folders, until SIGTERM, or until no job is left.

        Args:
            once: end when the queue is empty; folders are not looked into.
            parent: process id; when that process is gone, stop too. 0 for none.
        """
        stop = threading.Event()
        if parent:
            watch_parent(parent, stop)
        with nullcontext() if once else watching(self.watcher()):
            run_worker(self._jobs, self.run_job, stop, once=once)

    def watcher(self) -> Watcher:
        """What looks into the library's folders; the worker runs it."""

        def queue(footage: str, profile: str) -> None:
            self.submit(footage, AnalysisConfig(profile=profile))

        return Watcher(LibraryTable(self._database), self.settings, self.register, queue)

    def start_worker(self) -> None:
        """Keep one worker process running for this home, until `stop_worker()` or the end of this process."""
        from engine.media.intake import clear_stale

        if self._supervisor is None:
            clear_stale(self.settings.home, STALE_S)
            command = [sys.executable, "-m", "engine", "worker", "--parent", str(os.getpid())]
            self._supervisor = Supervisor(command, {**os.environ, "SIGHTLINE_HOME": str(self.settings.home)})
            self._supervisor.start()

    def stop_worker(self) -> None:
        """Stop the worker that `start_worker()` started; its job goes back to the queue."""
        if self._supervisor is not None:
            self._supervisor.stop()
            self._supervisor = None

    # Results

    def export(self, run: str, name: str, folder: Path, suffix: str) -> Path:
        """Write a run in a format.

        Args:
            run: id of the run.
            name: of the format.
            folder: an empty folder.
            suffix: of the file, which is called like the footage.

        Returns:
            The file; what belongs to it lies beside it.

        Raises:
            StoreError: there is no such run.
            ExportError: there is no such format, or the disk is full.
        """
        from engine.export.formats import write_export

        view = self._results.run(run)
        footage = self._footage.get(view.footage)
        file = folder / f"{Path(footage.name).stem}{suffix}"
        write_export(name, self.answers.findings(footage, view), file)
        return file

    def runs(self, footage: str) -> tuple[RunView, ...]:
        """Finished runs of a footage, newest first."""
        return self._results.runs(footage)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
