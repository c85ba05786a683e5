"""The files of weights known by name: which are on this machine, whether they are whole, and how to fetch one.

Nothing here is called by an analysis except `present`: analysis never downloads. What is a folder of several files is
in `engine.weight_folders`. May import: `engine.core`, `engine.weight_folders`, `models.registry`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine import weight_folders
from engine.core.config import Settings
from engine.core.errors import ModelError, ModelMissing
from engine.weight_folders import Part
from models.registry import WEIGHTS

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One entry of `weights.toml`.

    Attributes:
        name: what people call it.
        task: which task it serves.
        backend: registry name of the back end that reads it.
        file: path inside the package, file name inside `<home>/models/<task>/`, or beside `weights.toml`.
        sha256: of the whole file.
        bytes: its size.
        licence: SPDX name.
        package: the installed package that carries it, "" for another.
        url: where it is fetched from, "" for another. With neither a package nor an address it comes with the project.
        repository: on the Hugging Face hub, of a folder of several files; "" for another.
        revision: of that repository, a whole commit hash.
        parts: the files of such a folder; `file` is the folder, `sha256` "" and `bytes` about what all come to.
    """

    name: str
    task: str
    backend: str
    file: str
    sha256: str
    bytes: int
    licence: str
    package: str = ""
    url: str = ""
    repository: str = ""
    revision: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def tier(self) -> str:
        """Which tier it belongs to: "embedded" or "pretrained"."""
        return "pretrained" if self.url else "embedded"

    def path(self, settings: Settings) -> Path:
        """Where the file lies, or would lie.

        Raises:
            ModelMissing: it comes with a package that is not installed.
        """
        if self.url:
            return settings.models / self.task / self.file
        if not self.package:
            return WEIGHTS.parent / self.file
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise ModelMissing(f"The package {self.package}, which carries {self.name}, is missing: run make run.")
        return Path(spec.submodule_search_locations[0]) / self.file

    def present(self, settings: Settings) -> bool:
        """The file is there with the right size; cheap, reads no bytes of it."""
        if self.parts:
            return weight_folders.is_present(self.path(settings), self.parts)
        try:
            return self.path(settings).stat().st_size == self.bytes
        except (OSError, ModelMissing):
            return False

    def verify(self, settings: Settings) -> str:
        """What is wrong with the file, "" if it is whole; reads all of it."""
        if self.parts:
            return weight_folders.fault(self.path(settings), self.parts)
        if not self.present(settings):
            path = self.path(settings) if not self.package or find_spec(self.package) else None
            return "wrong size" if path is not None and path.exists() else "not on this machine"
        return "" if sha256_of(self.path(settings)) == self.sha256 else "SHA-256 differs"


def known() -> tuple[WeightsFile, ...]:
    """All entries, in the file's order."""
    entries: dict[str, dict[str, Any]] = tomllib.loads(WEIGHTS.read_text("utf-8"))
    return tuple(_entry(name, **entry) for name, entry in entries.items())


def _entry(name: str, *, parts: tuple[dict[str, Any], ...] = (), repository: str = "", **values: Any) -> WeightsFile:
    if not repository:
        return WeightsFile(name=name, **values)
    values["url"] = f"{weight_folders.HUB}/{repository}/tree/{values['revision']}"
    whole = tuple(Part(**{"revision": values["revision"], **part}) for part in parts)
    return WeightsFile(name=name, repository=repository, parts=whole, sha256="", **values)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(entry: WeightsFile, settings: Settings, on_progress: Callable[[int], None]) -> Path:
    """Download one file, check it against its pinned SHA-256, and put it in place.

    Args:
        entry: which; one that comes with a package or with the project is not fetched.
        settings: where models are kept.
        on_progress: hears the bytes received so far.

    Returns:
        The path of the file.

    Raises:
        ModelError: the network did not answer, or sent something else than the pinned file.
    """
    import httpx  # only this function needs it, and pages must not pay for it

    path = entry.path(settings)
    if not entry.url or not entry.verify(settings):
        return path
    if entry.parts:
        return weight_folders.fetch(entry.repository, entry.parts, path, settings.models / "incoming", on_progress)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    digest, received = hashlib.sha256(), 0
    try:
        with (
            httpx.stream("GET", entry.url, follow_redirects=True, timeout=30.0) as answer,
            part.open("wb") as file,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_bytes(_CHUNK):
                received += len(chunk)
                if received > entry.bytes:
                    break
                digest.update(chunk)
                file.write(chunk)
                on_progress(received)
        if digest.hexdigest() != entry.sha256:
            raise ModelError(
                f"{entry.url} sent something else than {entry.name}: its SHA-256 is not the pinned one. "
                "Nothing was kept; try again, or bring the file by hand."
            )
        part.replace(path)
    except httpx.HTTPError as error:
        raise ModelError(
            f"{entry.name} could not be fetched from {entry.url}: {error}. Check the network, or bring the file "
            f"by hand and put it at {path}."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return path
