"""The timeline's rows over HTTP: one JSON document a run, compressed, asked about again cheaply.

Owns: the timeline route. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

import gzip
import hashlib
from http import HTTPStatus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from engine.core.errors import SightlineError
from engine.web.door import OpenDoor
from engine.web.guard import error_response
from engine.web.ranges import names_version

COMPRESSION = 6
"""gzip's level: 9 takes three times as long for two per cent."""


class TimelineRoute:
    """GET and HEAD of `/sightline/timeline/{run}`.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        self._door = door

    async def __call__(self, request: Request) -> Response:
        """200, 304, or 404 with `{"error": sentence}` for an unknown run."""
        run = request.path_params["run"]
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        try:
            return await to_thread.run_sync(self._answer, run, request.headers.get("if-none-match"), zipped)
        except SightlineError as error:
            return error_response(error)

    def _answer(self, run: str, known: str | None, zipped: bool) -> Response:
        body = self._door().timelines.rows(run)
        # Runs never change, but names do, and emotions can be switched off: only the text itself tells them all.
        etag = f'W/"{run}-{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if names_version(known, etag.removeprefix("W/")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if zipped:
            body = gzip.compress(body, COMPRESSION, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(body, headers=headers, media_type="application/json")
