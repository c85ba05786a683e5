"""Files on their way in: hashed while they stream to disk, in constant memory, resumable.

Owns: `hash_file`, `Receiver` and the folder `incoming/` of the home. May import: `engine.core`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Self

from engine.core.errors import FootageError

_PIECE = 1 << 20
_TOKEN = re.compile(r"[0-9a-f]{32}")
_RESERVE = 256 << 20
_LONGEST_NAME = 120


def hash_file(path: Path, on_progress: Callable[[int], None]) -> str:
    """SHA-256 of a file, read in pieces.

    Args:
        path: the file.
        on_progress: called with the bytes read so far, at most once a MiB; may raise to give up.

    Returns:
        64 hex digits.

    Raises:
        FootageError: the file cannot be read.
    """
    digest = hashlib.sha256()
    done = 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                on_progress(done)
    except FileNotFoundError as error:
        raise FootageError(f"There is no file at {path}. Check the path.", kind="missing") from error
    except IsADirectoryError as error:
        raise FootageError(f"{path} is a folder. Name one of the files inside it.", kind="folder") from error
    except PermissionError as error:
        raise FootageError(
            f"“{path.name}” may not be read. Give the account that runs Sightline permission to read it.",
            kind="no-permission",
        ) from error
    except OSError as error:
        raise FootageError(
            f"“{path.name}” cannot be read to its end: {error.strerror}. Check the disk or the network drive.",
            kind="unreadable",
            detail=str(error),
        ) from error
    return digest.hexdigest()


def clean_name(name: str) -> str:
    """A file name that is safe to store and to show: no folders, no control characters, not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    if len(plain) > _LONGEST_NAME:
        suffix = Path(plain).suffix[:12]
        plain = plain[: _LONGEST_NAME - len(suffix)] + suffix
    return plain or "footage"


class Receiver:
    """Takes in one file in consecutive pieces.

    The bytes lie in `incoming/<token>`, what is known of them in `incoming/<token>.json`. One receiver per token
    at a time; its methods may be called from several threads. Keep it between pieces: `resume` reads all that lies
    on disk again to continue the hash.

    Attributes:
        token: 32 hex digits.
        name: the file's cleaned name.
        size: bytes announced, None where unknown.
    """

    def __init__(self, home: Path, token: str, name: str, size: int | None, limit: int) -> None:
        self.token = token
        self.name = name
        self.size = size
        self._limit = limit
        self._path = home / "incoming" / token
        self._record = self._path.with_name(f"{token}.json")
        self._digest = hashlib.sha256()
        self._offset = 0
        self._lock = threading.Lock()

    @classmethod
    def start(cls, home: Path, name: str, size: int | None, limit: int) -> Self:
        """Begin to receive a file.

        Args:
            home: the home folder.
            name: what the sender calls it; cleaned.
            size: its length in bytes, None where unknown.
            limit: most bytes allowed.

        Raises:
            FootageError: kind "empty", "over-limit" or "disk-full".
        """
        name = clean_name(name)
        if size is not None and size <= 0:
            raise FootageError(
                f"“{name}” is empty (0 bytes). The copy or recording failed; copy the file again.", kind="empty"
            )
        if size is not None and size > limit:
            raise _over_limit(name, limit)
        receiver = cls(home, secrets.token_hex(16), name, size, limit)
        try:
            receiver._path.parent.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(receiver._path.parent).free
            if size is not None and size > free - min(_RESERVE, free // 10):
                raise _disk_full(name, home)
            receiver._path.touch(mode=0o600, exist_ok=False)
            receiver._record.write_text(json.dumps({"name": name, "size": size, "limit": limit}), "utf-8")
        except OSError as error:
            receiver.abort()
            raise _write_failed(name, home, error) from error
        return receiver

    @classmethod
    def resume(cls, home: Path, token: str) -> Self:
        """Take up again what another process began; everything on disk is hashed again.

        Raises:
            FootageError: kind "unknown-upload".
        """
        unknown = FootageError(
            "This upload is not known any more: it was finished, given up, or cleared after a day. Upload the file "
            "again.",
            kind="unknown-upload",
        )
        if not _TOKEN.fullmatch(token):
            raise unknown
        try:
            known = json.loads((home / "incoming" / f"{token}.json").read_text("utf-8"))
            receiver = cls(home, token, known["name"], known["size"], known["limit"])
            with receiver._path.open("rb") as file:
                while piece := file.read(_PIECE):
                    receiver._digest.update(piece)
                    receiver._offset += len(piece)
        except (OSError, ValueError, KeyError) as error:
            raise unknown from error
        return receiver

    @property
    def offset(self) -> int:
        """Bytes that have arrived; where the next piece begins."""
        return self._offset

    def write(self, offset: int, chunk: bytes | memoryview) -> None:
        """Append a piece.

        Args:
            offset: where it belongs; must be the present `offset`.
            chunk: its bytes.

        Raises:
            FootageError: kind "wrong-offset", "over-limit" (nothing stays behind) or "disk-full" (may be continued).
        """
        with self._lock:
            if offset != self._offset:
                raise FootageError(
                    f"This piece begins at byte {offset}, but {self._offset} bytes have arrived: continue from there.",
                    kind="wrong-offset",
                )
            most = self._limit if self.size is None else self.size
            if offset + len(chunk) > most:
                self._drop()
                if self.size is None:
                    raise _over_limit(self.name, self._limit)
                raise FootageError(
                    f"“{self.name}” is longer than announced: it changed during the upload. Upload it again.",
                    kind="over-limit",
                )
            try:
                with self._path.open("r+b", buffering=0) as file:
                    file.seek(offset)
                    try:
                        _write_all(file.write, chunk)
                    except OSError:
                        file.truncate(offset)
                        raise
            except OSError as error:
                raise _write_failed(self.name, self._path.parents[1], error) from error
            self._digest.update(chunk)
            self._offset += len(chunk)

    def finish(self) -> tuple[Path, str]:
        """All has arrived.

        Returns:
            The file in `incoming/`, which is the caller's from now on, and its SHA-256.

        Raises:
            FootageError: kind "incomplete": bytes are missing, the upload may be continued. Kind "empty".
        """
        with self._lock:
            if self.size is not None and self._offset != self.size:
                raise FootageError(
                    f"Only {self._offset} of {self.size} bytes of “{self.name}” have arrived. Continue the upload.",
                    kind="incomplete",
                )
            if self._offset == 0:
                self._drop()
                raise FootageError(f"“{self.name}” is empty (0 bytes). Copy the file again.", kind="empty")
            self._record.unlink(missing_ok=True)
            return self._path, self._digest.hexdigest()

    def abort(self) -> None:
        """Give up and remove what has arrived; nothing happens if it is gone already."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        self._record.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)


def clear_stale(home: Path, older_than_s: float) -> int:
    """Remove uploads nobody has written to for so long.

    Args:
        home: the home folder.
        older_than_s: seconds since the last byte.

    Returns:
        How many files were removed.
    """
    incoming = home / "incoming"
    if not incoming.is_dir():
        return 0
    before = time.time() - older_than_s
    removed = 0
    for entry in sorted(incoming.iterdir()):
        if not _TOKEN.fullmatch(entry.stem) or entry.suffix not in ("", ".json"):
            continue
        # The record is written once; the age of an upload is that of its bytes.
        data = entry.with_suffix("")
        try:
            old = (data if data.exists() else entry).stat().st_mtime < before
        except FileNotFoundError:
            continue
        if old and entry.suffix == "":
            entry.unlink(missing_ok=True)
            entry.with_suffix(".json").unlink(missing_ok=True)
            removed += 1
        elif old and not data.exists():
            entry.unlink(missing_ok=True)
            removed += 1
    return removed


def _write_all(write: Callable[[memoryview], int | None], chunk: bytes | memoryview) -> None:
    left = memoryview(chunk)
    while left:
        left = left[write(left) or 0 :]


def _over_limit(name: str, limit: int) -> FootageError:
    return FootageError(
        f"“{name}” is larger than the {limit / (1 << 30):.4g} GiB allowed. Cut it into shorter pieces, or raise "
        "upload_limit_gib in sightline.toml.",
        kind="over-limit",
    )


def _disk_full(name: str, home: Path) -> FootageError:
    return FootageError(
        f"There is not enough room for “{name}” on the disk of {home}. Free some space and try again.",
        kind="disk-full",
    )


def _write_failed(name: str, home: Path, error: OSError) -> FootageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(name, home)
    return FootageError(
        f"“{name}” cannot be written to {home}: {error.strerror}. Check the folder's rights and the disk.",
        kind="unwritable",
        detail=str(error),
    )
