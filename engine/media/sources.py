"""What the command line calls a source: a file, a folder, an address. Owns: `expand`, `download`.

May import: `engine.core`, `engine.media`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media import s3
from engine.media.formats import SUFFIXES
from engine.media.intake import Receiver, clean_name

_REDIRECTS = 5
_PATIENCE_S = 30.0
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A file on this machine.

    Attributes:
        path: absolute.
    """

    path: Path

    @property
    def name(self) -> str:
        """What people call it."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class RemoteSource:
    """A file to download first.

    Attributes:
        url: http, https or s3.
    """

    url: str

    @property
    def name(self) -> str:
        """The last part of the address's path, cleaned."""
        return clean_name(self.url if self.url.startswith("s3://") else unquote(urlsplit(self.url).path))


Source = LocalSource | RemoteSource


def expand(source: str) -> list[Source]:
    """Turn what somebody typed into files.

    Args:
        source: a file, a folder (searched to its depth for names of footage, hidden ones left out), an http(s)
            address, or s3://bucket/key; a key that ends in "/" stands for everything under it that is named like
            footage.

    Returns:
        At least one, in order of name.

    Raises:
        FootageError: kind "missing", "nothing-found", "unsupported-source" or "download-failed".
    """
    scheme = source.split("://", 1)[0].lower() if "://" in source else ""
    if scheme in ("http", "https"):
        return [RemoteSource(source)]
    if scheme == "s3":
        return [RemoteSource(url) for url in s3.listed(source)]
    if scheme and not Path(source).exists():
        raise FootageError(
            f"{source}: addresses of the kind {scheme}:// are not read. Name a file, a folder, or an http(s) or s3 "
            "address.",
            kind="unsupported-source",
        )
    path = Path(source).expanduser().absolute()
    if path.is_dir():
        found = [LocalSource(file) for file in sorted(_footage_in(path))]
        if not found:
            raise FootageError(
                f"There is no footage in {path}. Looked for names ending in {' '.join(sorted(SUFFIXES)[:8])} …; "
                "a file with another name can be named by itself.",
                kind="nothing-found",
            )
        return list(found)
    if not path.exists():
        raise FootageError(f"There is no file or folder at {path}. Check the path.", kind="missing")
    return [LocalSource(path)]


def _footage_in(folder: Path) -> list[Path]:
    return [
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and file.is_file()
    ]


def download(source: RemoteSource, settings: Settings, on_progress: Callable[[int, int], None]) -> tuple[Path, str]:
    """Stream a remote file into the home's `incoming/` folder, hashing it on the way.

    Args:
        source: where it lies.
        settings: home and size limit.
        on_progress: called with bytes done and bytes in all (0 where the server does not say); may raise to give up.

    Returns:
        The file, the caller's from now on, and its SHA-256.

    Raises:
        FootageError: kind "download-failed", "over-limit", "empty" or "disk-full"; nothing is left behind.
    """
    opened = s3.opened(source.url) if source.url.startswith("s3://") else _opened(source)
    receiver: Receiver | None = None
    finished = False
    limit = int(settings.upload_limit_gib * (1 << 30))
    try:
        with opened as (size, pieces):
            receiver = Receiver.start(settings.home, source.name, size, limit)
            for piece in pieces:
                receiver.write(receiver.offset, piece)
                on_progress(receiver.offset, size or 0)
        path, sha256 = receiver.finish()
        finished = True
    finally:
        if receiver is not None and not finished:
            receiver.abort()
    return path, sha256


@contextmanager
def _opened(source: RemoteSource) -> Iterator[tuple[int | None, Iterator[bytes]]]:
    """A file on a web server: its size, where the server says it, and its pieces."""
    try:
        with (
            httpx.Client(follow_redirects=True, max_redirects=_REDIRECTS, timeout=_PATIENCE_S) as client,
            client.stream("GET", source.url, headers={"Accept-Encoding": "identity"}) as answer,
        ):
            answer.raise_for_status()
            stated = answer.headers.get("Content-Length", "")
            size = int(stated) if stated.isdigit() and "Content-Encoding" not in answer.headers else None
            yield size, answer.iter_bytes(_PIECE)
    except httpx.HTTPStatusError as error:
        raise _failed(source, f"the server answered {error.response.status_code}") from error
    except httpx.TooManyRedirects as error:
        raise _failed(source, f"it redirects more than {_REDIRECTS} times") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _failed(source, str(error) or type(error).__name__) from error


def _failed(source: RemoteSource, why: str) -> FootageError:
    return FootageError(
        f"“{source.name}” could not be downloaded: {why}. Check the address and the network, or download it in a "
        "browser and name the file.",
        kind="download-failed",
    )
