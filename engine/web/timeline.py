"""The timeline's rows over HTTP: one JSON document a run, compressed, asked about again cheaply.

Owns: the timeline route. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from engine.core.errors import SightlineError
from engine.web.documents import document
from engine.web.door import OpenDoor
from engine.web.guard import error_response


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
        try:
            return await to_thread.run_sync(lambda: document(request, self._door().timelines.rows(run)))
        except SightlineError as error:
            return error_response(error)
