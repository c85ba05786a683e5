"""Models on their way from the network: one thread each, progress that everybody can read, and a way to stop.

Owns: those threads. May import: `engine.core`, `engine.weights`.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

from engine import weights
from engine.core.config import Settings
from engine.core.errors import JobCancelled, SightlineError
from engine.core.models import TransferState, TransferView
from engine.weights import WeightsFile

log = logging.getLogger(__name__)


class Fetching:
    """Fetches models behind the scenes; thread-safe.

    A download lives as long as the process. One that is cut off leaves nothing behind and is begun anew.

    Args:
        settings: where models are kept.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._views: dict[str, TransferView] = {}
        self._stops: dict[str, threading.Event] = {}

    def start(self, entry: WeightsFile) -> TransferView:
        """Begin to fetch a model; one that is on its way already goes on."""
        with self._lock:
            known = self._views.get(entry.name)
            if known is not None and known.state is TransferState.RUNNING:
                return known
            view = self._views[entry.name] = TransferView(entry.name, TransferState.RUNNING, 0, entry.bytes)
            self._stops[entry.name] = threading.Event()
        threading.Thread(target=self._fetch, args=(entry,), name=f"fetch-{entry.name}", daemon=True).start()
        return view

    def cancel(self, name: str) -> None:
        """Stop fetching; what arrived is dropped. Nothing happens to one that is not on its way."""
        with self._lock:
            stop = self._stops.get(name)
        if stop is not None:
            stop.set()

    def forget(self, name: str) -> None:
        """Drop the note of a transfer that has ended."""
        with self._lock:
            view = self._views.get(name)
            if view is not None and view.state is not TransferState.RUNNING:
                del self._views[name]

    def all(self) -> tuple[TransferView, ...]:
        """Transfers that are under way, and those that ended and were not forgotten; oldest first."""
        with self._lock:
            return tuple(self._views.values())

    def _fetch(self, entry: WeightsFile) -> None:
        stop = self._stops[entry.name]

        def heard(done: int) -> None:
            if stop.is_set():
                raise JobCancelled("The download was cancelled; nothing was kept.")
            self._note(entry.name, done=done)

        try:
            weights.fetch(entry, self._settings, heard)
        except JobCancelled:
            self._note(entry.name, state=TransferState.CANCELLED)
        except SightlineError as error:
            log.warning("%s was not fetched: %s", entry.name, error)
            self._note(entry.name, state=TransferState.FAILED, error=error.user_message)
        except OSError as error:
            log.warning("%s was not fetched: %s", entry.name, error)
            sentence = f"{entry.name} cannot be written to {self._settings.models}: {error.strerror or error}."
            self._note(entry.name, state=TransferState.FAILED, error=sentence)
        else:
            log.info("fetched model %s, %d bytes", entry.name, entry.bytes)
            self._note(entry.name, state=TransferState.DONE, done=entry.bytes)

    def _note(self, name: str, **changes: object) -> None:
        with self._lock:
            self._views[name] = replace(self._views[name], **changes)  # type: ignore[arg-type]
