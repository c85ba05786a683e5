"""Everything of ours that the server answers beside the pages.

Owns: the addresses. May import: `engine.web`, `engine.core`. No Streamlit.
"""

from __future__ import annotations

from http import HTTPStatus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.core.errors import SightlineError
from engine.web.door import OpenDoor
from engine.web.elements import ElementRoute, Script
from engine.web.exports import ExportRoute
from engine.web.media import MediaRoute
from engine.web.model_uploads import ModelUploads
from engine.web.overlay import OverlayRoute
from engine.web.pulse import PulseRoute
from engine.web.timeline import TimelineRoute
from engine.web.uploads import Uploads

MEDIA = "/sightline/media"
UPLOADS = "/sightline/uploads"
MODEL_UPLOADS = "/sightline/models/uploads"
TIMELINE = "/sightline/timeline"
OVERLAY = "/sightline/overlay"
EXPORT = "/sightline/export"
PULSE = "/sightline/pulse"
ELEMENTS = "/sightline/elements"
HEALTH = "/sightline/health"


def build_routes(door: OpenDoor, script: Script = lambda name: None) -> list[Route]:
    """The routes, in order of matching.

    Args:
        door: hands out the engine; first called by the first request, in a worker thread.
        script: hands out the scripts of the pages' own elements.

    Returns:
        All of them.
    """

    async def health(request: Request) -> Response:
        """200 where the store answers, 503 with the reason where it does not."""
        try:
            footage = await to_thread.run_sync(lambda: len(door().list_footage()))
        except SightlineError as error:
            return JSONResponse({"error": error.user_message}, status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"status": "ok", "footage": footage})

    return [
        Route(HEALTH, health, methods=["GET"]),
        Route(MEDIA + "/{footage_id:str}/{name:path}", MediaRoute(door).__call__, methods=["GET"]),
        Route(OVERLAY + "/{run:str}", OverlayRoute(door).__call__, methods=["GET"]),
        Route(TIMELINE + "/{run:str}", TimelineRoute(door).__call__, methods=["GET"]),
        Route(EXPORT + "/{run:str}/{format:str}", ExportRoute(door).__call__, methods=["GET"]),
        Route(PULSE, PulseRoute(door).__call__, methods=["GET"]),
        Route(ELEMENTS + "/{file:str}", ElementRoute(script).__call__, methods=["GET"]),
        *Uploads(door).routes(UPLOADS),
        *ModelUploads(door).routes(MODEL_UPLOADS),
    ]
