"""Checkpoints of several files on the Hugging Face hub: which are on this machine, whether whole, and how to fetch one.

Each file is pinned by the commit it is taken from, and by its SHA-256 where that is known. Where it is not, the hub's
own word for that commit is taken, compared with what arrives, and noted: from then on `models verify` compares with it.
May import: `engine.core`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from engine.core.errors import ModelError

HUB = "https://huggingface.co"

NOTED = "fetched.sha256"
"""In a fetched folder: the SHA-256 of what arrived, in the format of `sha256sum`."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a checkpoint.

    Attributes:
        file: its name.
        revision: what it is taken from: a whole commit hash, or a name that `commit` pins.
        sha256: of its bytes, "" where nobody has published it.
        bytes: its size, 0 likewise.
        commit: how the hash of the commit begins that `revision` must name; "" where `revision` is one.
    """

    file: str
    revision: str
    sha256: str = ""
    bytes: int = 0
    commit: str = ""


def is_present(folder: Path, parts: tuple[Part, ...]) -> bool:
    """All files are there with the right sizes; reads no bytes of them."""
    try:
        sizes = [(folder / part.file).stat().st_size for part in parts]
    except OSError:
        return False
    return all(size == part.bytes if part.bytes else size > 0 for size, part in zip(sizes, parts, strict=True))


def fault(folder: Path, parts: tuple[Part, ...]) -> str:
    """What is wrong with a folder, "" if it is whole; reads all of it."""
    if not folder.is_dir():
        return "not on this machine"
    if not is_present(folder, parts):
        return "wrong size, or files are missing"
    noted = _noted(folder)
    for part in parts:
        known = part.sha256 or noted.get(part.file, "")
        if not known:
            return f"there is no SHA-256 to compare {part.file} with: it was put there by hand"
        if _digest(folder / part.file) != known:
            return f"SHA-256 of {part.file} differs"
    return ""


def fetch(
    repository: str, parts: tuple[Part, ...], folder: Path, incoming: Path, on_progress: Callable[[int], None]
) -> Path:
    """Download a checkpoint; it is put in place when all of it has arrived and was compared.

    Files that arrived whole are kept when it is cut off, and not fetched again.

    Args:
        repository: on the hub, such as "Salesforce/blip-itm-base-coco".
        parts: its files.
        folder: where they are to lie.
        incoming: where they lie until all are there.
        on_progress: hears the bytes received so far.

    Returns:
        The folder.

    Raises:
        ModelError: the network did not answer, or sent something else than what is pinned.
    """
    import httpx  # only this function needs it, and pages must not pay for it

    place = incoming / folder.name
    place.mkdir(parents=True, exist_ok=True)
    received = 0
    try:
        with httpx.Client(follow_redirects=True, timeout=30.0) as client:
            for part in sorted(parts, key=lambda part: part.bytes or 1 << 62):
                _fetch_part(client, repository, part, place, partial(_further, on_progress, received))
                received += (place / part.file).stat().st_size
    except httpx.HTTPError as error:
        raise ModelError(
            f"{repository} could not be fetched: {error}. Check the network, or bring the files by hand and put them "
            f"into {folder}."
        ) from error
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.is_dir():
        # What is there is not whole, or nobody would have fetched it; our files go over it.
        for file in place.iterdir():
            file.replace(folder / file.name)
        place.rmdir()
    else:
        place.rename(folder)
    return folder


def _further(on_progress: Callable[[int], None], before: int, done: int) -> None:
    on_progress(before + done)


def _fetch_part(client: Any, repository: str, part: Part, place: Path, on_progress: Callable[[int], None]) -> None:
    """Download one file and compare it; nothing is done for one that is here already."""
    path = place / part.file
    if path.is_file() and _digest(path) == (part.sha256 or _noted(place).get(part.file)):
        return
    address = f"{HUB}/{repository}/resolve/{part.revision.replace('/', '%2F')}/{part.file}"
    unfinished = path.with_name(path.name + ".part")
    digest, received = hashlib.sha256(), 0
    try:
        with client.stream("GET", address) as answer, unfinished.open("wb") as file:
            answer.raise_for_status()
            expected, size = _promised(answer, part, address)
            for chunk in answer.iter_bytes(_CHUNK):
                received += len(chunk)
                if received > size:
                    break
                digest.update(chunk)
                file.write(chunk)
                on_progress(received)
        if received != size or digest.hexdigest() != expected:
            raise ModelError(
                f"{address} sent something else than {part.file}: its SHA-256 is not the pinned one. Nothing of it was "
                "kept; try again, or bring the files by hand."
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    with (place / NOTED).open("a", encoding="utf-8") as notes:
        notes.write(f"{expected}  {part.file}\n")


def _promised(answer: Any, part: Part, address: str) -> tuple[str, int]:
    """SHA-256 and size that must arrive.

    Raises:
        ModelError: they are neither known nor told, or the answer is of another commit.
    """
    told: dict[str, str] = {}
    for each in (*answer.history, answer):
        told = {**{name.lower(): value for name, value in each.headers.items()}, **told}
    commit = told.get("x-repo-commit", "")
    if not part.sha256 and not commit.startswith(part.commit or part.revision):
        raise ModelError(f"{address} is of another commit than the pinned one ({commit or 'none named'}).")
    expected = part.sha256 or told.get("x-linked-etag", "").strip('"')
    size = str(part.bytes or told.get("x-linked-size", ""))
    if not re.fullmatch(r"[0-9a-f]{64}", expected) or not size.isdigit():
        raise ModelError(
            f"{address} does not say its SHA-256, and nobody has published it: nothing could be compared. Bring the "
            "file by hand."
        )
    return expected, int(size)


def _noted(folder: Path) -> dict[str, str]:
    """SHA-256 by file name, as it was noted when they arrived."""
    try:
        lines = (folder / NOTED).read_text("utf-8").splitlines()
    except OSError:
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
