"""Models that people bring: what is accepted, how a file or folder gets into its place, and how it is checked later.

Nothing here opens a model: what it holds is the back end's business, and only when it is used.
Owns: `<home>/models/<task>/` as far as it was brought. May import: `engine.core`, `engine.media` where it is used.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.config import Settings
from engine.core.errors import ModelError
from engine.core.views import UploadView

if TYPE_CHECKING:
    from engine.media.intake import Receiver

FOLDER = "/"
"""Among the suffixes of a task: a folder as Hugging Face lays it out, with its weights as safetensors."""

ACCEPTED = {
    "person": (".pt", ".onnx", ".tflite"),
    "emotion": (FOLDER,),
    "clip": (FOLDER,),
    "clothing_text": (FOLDER,),
    "behaviour": (FOLDER,),
    "identity": (FOLDER,),
}
"""Task -> what can be brought for it."""

RUNS_CODE = (".pt",)
"""Files that are pickles: loading one can run any program that is inside."""

MARK = ".sha256"
"""Beside what was brought: its SHA-256, in the format of `sha256sum`."""


def runs_code(name: str) -> bool:
    """Whether a file of that name can run code when it is loaded."""
    return Path(name).suffix.lower() in RUNS_CODE


def check_name(task: str, name: str, *, trusted: bool) -> None:
    """Refuse what could not be used, or what nobody vouches for.

    Args:
        task: it is to answer for.
        name: of the file.
        trusted: somebody said that they trust where it comes from.

    Raises:
        ModelError: with the reason and what to do.
    """
    suffixes = ACCEPTED.get(task, ())
    if not suffixes:
        raise ModelError(f"No model can be brought for the task {task}. Its models come with Sightline.")
    if Path(name).suffix.lower() not in suffixes:
        endings = ", ".join(suffix for suffix in suffixes if suffix != FOLDER) or "a folder"
        raise ModelError(f"“{name}” cannot answer for the task {task}. Bring {endings}.")
    if runs_code(name) and not trusted:
        raise ModelError(
            f"“{name}” can run code on this machine when it is loaded. Confirm that you trust where it comes from."
        )


def bring(path: Path, task: str, settings: Settings, *, trusted: bool) -> Path:
    """Copy a file or a folder from this machine into its place.

    Returns:
        Where it lies now.

    Raises:
        ModelError: it is not there, cannot be used, or another one of that name is there already.
    """
    if path.is_dir() and FOLDER in ACCEPTED.get(task, ()):
        if not (path / "config.json").is_file() or not any(path.glob("*.safetensors")):
            raise ModelError(
                f"“{path.name}” is no model folder: it needs config.json and weights that end in .safetensors."
            )
    else:
        check_name(task, path.name, trusted=trusted)
        if not path.is_file():
            raise ModelError(f"There is no file at {path}. Check the path.")
    place = _free_place(settings, task, path.name)
    # Apart from the models: a folder that is half copied must not be taken for one of them.
    part = settings.models / "incoming" / place.name
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        # Only what the back end reads; a folder may hold pickles too, and those stay outside.
        if path.is_dir():
            # One folder deep: a checkpoint may carry another one, such as what writes captions for it.
            ends = [f"{deep}*.{end}" for end in ("json", "txt", "safetensors") for deep in ("", "*/")]
            for file in (file for end in ends for file in path.glob(end)):
                (part / file.relative_to(path)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, part / file.relative_to(path))
        else:
            shutil.copyfile(path, part)
        part.rename(place)
    except OSError as error:
        raise ModelError(f"“{path.name}” cannot be copied to {place.parent}: {error.strerror or error}.") from error
    finally:
        _remove(part)
    _mark(place)
    return place


def take(received: Path, name: str, task: str, settings: Settings, *, trusted: bool) -> Path:
    """Move an uploaded file into its place; it is removed where it is refused.

    Raises:
        ModelError: it cannot be used, or another one of that name is there already.
    """
    try:
        check_name(task, name, trusted=trusted)
        place = _free_place(settings, task, name)
        received.replace(place)
    finally:
        received.unlink(missing_ok=True)
    _mark(place)
    return place


def _free_place(settings: Settings, task: str, name: str) -> Path:
    place = settings.models / task / name
    if place.exists():
        raise ModelError(f"A {task} model called “{name}” is here already. Remove it first, or rename the new one.")
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def remove(place: Path) -> None:
    """Remove what was brought, with its mark."""
    _remove(place)
    place.with_name(place.name + MARK).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def digest(place: Path) -> str:
    """SHA-256 of a file; of a folder, over the names and digests of its files."""
    if place.is_dir():
        whole = hashlib.sha256()
        for inner in sorted(place.iterdir()):
            whole.update(f"{digest(inner)}  {inner.name}\n".encode())
        return whole.hexdigest()
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def marked(place: Path) -> str:
    """SHA-256 that was noted when it was brought, "" for one that was put there by hand."""
    try:
        return place.with_name(place.name + MARK).read_text("utf-8").split(maxsplit=1)[0]
    except (OSError, IndexError):
        return ""


def _mark(place: Path) -> None:
    place.with_name(place.name + MARK).write_text(f"{digest(place)}  {place.name}\n", "utf-8")


class ModelUploads:
    """Receives model files in pieces, as `engine.uploads.Uploads` does footage; thread-safe.

    Args:
        settings: where they are kept and how large they may be.
        take: takes over a complete file: path, name, task, whether it is trusted.
    """

    def __init__(self, settings: Settings, take: Callable[[Path, str, str, bool], str]) -> None:
        self._settings = settings
        self._take = take
        self._open: dict[str, tuple[Receiver, str, bool]] = {}
        self._lock = threading.Lock()

    def start(self, task: str, name: str, size: int, *, trusted: bool) -> UploadView:
        """Begin to receive a file.

        Raises:
            ModelError: no such file can be used.
            FootageError: empty, too large, or no room on the disk.
        """
        from engine.media.intake import Receiver, clean_name

        check_name(task, clean_name(name), trusted=trusted)
        limit = int(self._settings.upload_limit_gib * (1 << 30))
        receiver = Receiver.start(self._settings.home, name, size, limit)
        with self._lock:
            self._open[receiver.token] = (receiver, task, trusted)
        return UploadView(receiver.token, receiver.offset, limit)

    def offset(self, token: str) -> int:
        """How many bytes have safely arrived.

        Raises:
            ModelError: no such upload.
        """
        return self._find(token)[0].offset

    def write(self, token: str, offset: int, chunk: bytes) -> int:
        """Append a piece; the new offset comes back.

        Raises:
            ModelError: no such upload.
            FootageError: the piece does not fit there, or the disk is full.
        """
        receiver = self._find(token)[0]
        receiver.write(offset, chunk)
        return receiver.offset

    def finish(self, token: str) -> str:
        """Close an upload and take the model over; its name comes back.

        Raises:
            ModelError: no such upload, or another one of that name is there already.
        """
        receiver, task, trusted = self._find(token)
        path, _ = receiver.finish()
        try:
            return self._take(path, receiver.name, task, trusted)
        finally:
            self.abort(token)

    def abort(self, token: str) -> None:
        """Drop an upload and what has arrived of it."""
        with self._lock:
            found = self._open.pop(token, None)
        if found is not None:
            found[0].abort()

    def _find(self, token: str) -> tuple[Receiver, str, bool]:
        with self._lock:
            found = self._open.get(token)
        if found is None:
            # Not resumed after a restart: whether it is trusted was said to the server that is gone.
            raise ModelError("This upload is not known any more. Begin it again.")
        return found
