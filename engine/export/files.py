"""Writing files that are there whole or not at all. May import: `engine.core`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from engine.core.errors import ExportError


def write_atomically(path: Path, text: str) -> None:
    """Write a text that is there whole or not at all; a file that is there already is replaced.

    Args:
        path: the file; its folder must exist.
        text: what goes in, written as UTF-8.

    Raises:
        ExportError: the folder does not exist or cannot be written, or the disk is full.
    """
    replace_with(path, lambda part: part.write_text(text, "utf-8", newline="\n"))


def replace_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let something write a file, and put it in its place once it is whole.

    Args:
        path: the file; its folder must exist.
        write: writes the file it is given.

    Raises:
        ExportError: the folder does not exist or cannot be written, or the disk is full.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ExportError(
            f"{path} cannot be written. Check that its folder exists, is writable and has space left.",
            detail=f"{type(error).__name__}: {error}",
        ) from error
