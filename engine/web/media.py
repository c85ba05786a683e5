"""Footage's files over HTTP: playback copies, posters and crops, with ranges, in constant memory.

Owns: the media route. May import: `engine.web`, `engine.core`. Reads only what `Door.media_file` hands out.
"""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from engine.core.errors import SightlineError
from engine.web.door import OpenDoor
from engine.web.guard import error_response
from engine.web.ranges import Span, names_version, range_applies, wanted_span

BLOCK = 256 * 1024
"""Bytes read at a time: the most of a file that one request holds in memory."""

CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".vtt": "text/vtt; charset=utf-8",
}
"""By suffix; anything else is sent as bytes to be saved, never to be run."""


class MediaRoute:
    """GET and HEAD of `/sightline/media/{footage_id}/{name:path}`.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        self._door = door

    async def __call__(self, request: Request) -> Response:
        """200, 206, 304, 404 or 416."""
        footage, name = request.path_params["footage_id"], request.path_params["name"]
        try:
            found = await to_thread.run_sync(self._locate, footage, name)
        except SightlineError as error:
            return error_response(error)
        if found is None:
            return JSONResponse({"error": "There is no such file."}, status_code=HTTPStatus.NOT_FOUND)
        return _answer(request, *found)

    def _locate(self, footage: str, name: str) -> tuple[Path, os.stat_result] | None:
        if "\0" in name or any(part in {"", ".", ".."} for part in name.split("/")):
            return None
        path = self._door().media_file(footage, name)
        if path is None:
            return None
        try:
            status = path.stat()
        except OSError:
            # Removed between the question and now: the same as never there.
            return None
        return (path, status) if stat.S_ISREG(status.st_mode) else None


def _answer(request: Request, path: Path, status: os.stat_result) -> Response:
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    modified = formatdate(status.st_mtime, usegmt=True)
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": modified,
        # Pictures of people: kept by this browser alone, and asked about again before every use.
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'",
    }
    if names_version(request.headers.get("if-none-match"), etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    asked = request.headers.get("range")
    if not range_applies(request.headers.get("if-range"), etag, modified):
        asked = None
    span = wanted_span(asked, status.st_size)
    if span is None:
        headers["Content-Range"] = f"bytes */{status.st_size}"
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    headers["Content-Length"] = str(span.stop - span.start)
    # Named, so that no middleware compresses it: a compressed range cannot be used.
    headers["Content-Encoding"] = "identity"
    content_type = CONTENT_TYPES.get(path.suffix.lower())
    if content_type is None:
        headers["Content-Disposition"] = "attachment"
    if span.partial:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{status.st_size}"
    code = HTTPStatus.PARTIAL_CONTENT if span.partial else HTTPStatus.OK
    media_type = content_type or "application/octet-stream"
    if request.method == "HEAD":
        return Response(status_code=code, headers=headers, media_type=media_type)
    return StreamingResponse(_blocks(path, span), status_code=code, headers=headers, media_type=media_type)


async def _blocks(path: Path, span: Span) -> AsyncIterator[bytes]:
    left = span.stop - span.start
    async with await anyio.open_file(path, "rb") as file:
        await file.seek(span.start)
        while left > 0:
            block = await file.read(min(BLOCK, left))
            if not block:
                return
            left -= len(block)
            yield block
