"""Slices of a run over HTTP: what the player draws over the picture, a stretch of time at a time.

Owns: the overlay route. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

from http import HTTPStatus
from math import isfinite

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.core.errors import SightlineError
from engine.web.documents import document
from engine.web.door import OpenDoor
from engine.web.guard import error_response

LONGEST_S = 120.0
"""The longest slice that is answered, seconds."""


class OverlayRoute:
    """GET and HEAD of `/sightline/overlay/{run}?from=&to=&landmarks=0|1`.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        self._door = door

    async def __call__(self, request: Request) -> Response:
        """200, 304, 400 for a stretch of time that makes no sense, or 404 for an unknown run."""
        asked = _asked(request)
        if asked is None:
            sentence = f"Ask for from and to in seconds, at most {LONGEST_S:.0f} s apart, and landmarks 0 or 1."
            return JSONResponse({"error": sentence}, status_code=HTTPStatus.BAD_REQUEST)
        try:
            return await to_thread.run_sync(self._answer, request, *asked)
        except SightlineError as error:
            return error_response(error)

    def _answer(self, request: Request, start_s: float, end_s: float, landmarks: bool) -> Response:
        found = self._door().overlays.slice(request.path_params["run"], start_s, end_s, landmarks=landmarks)
        return document(request, found.to_json().encode())


def _asked(request: Request) -> tuple[float, float, bool] | None:
    query = request.query_params
    try:
        start_s, end_s = float(query["from"]), float(query["to"])
    except (KeyError, ValueError):
        return None
    landmarks = query.get("landmarks", "0")
    sensible = isfinite(start_s) and isfinite(end_s) and 0 <= end_s - start_s <= LONGEST_S and landmarks in {"0", "1"}
    return (start_s, end_s, landmarks == "1") if sensible else None
