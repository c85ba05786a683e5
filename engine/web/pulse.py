"""What changes from second to second on the library's page, as one small JSON document.

    GET /sightline/pulse -> {"revision", "jobs": [{"footage", "state", "stage", "fraction", "left"}], "pictured": [id]}

Owns: this route. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.core.errors import SightlineError
from engine.web.door import OpenDoor
from engine.web.guard import error_response


class PulseRoute:
    """GET of `/sightline/pulse`.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        self._door = door

    async def __call__(self, request: Request) -> Response:
        """200 with the pulse; of several jobs of one recording the newest."""
        try:
            pulse = await to_thread.run_sync(lambda: self._door().library.pulse())
        except SightlineError as error:
            return error_response(error)
        jobs = {job.footage: job for job in reversed(pulse.jobs)}
        body = {
            "revision": pulse.revision,
            "jobs": [
                {
                    "footage": job.footage,
                    "state": job.state.value,
                    "stage": job.stage,
                    "fraction": round(job.fraction, 4),
                    "left": job.left_s,
                }
                for job in jobs.values()
            ],
            "pictured": sorted(pulse.pictured),
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})
