"""Model files into the home over HTTP, in chunks as footage comes in (`engine.web.uploads`).

    POST /sightline/models/uploads  {"task", "name", "size", "trusted"}  -> 201 {"token", "offset", "limit"}
    POST /sightline/models/uploads/{token}/finish                        -> {"model": name}

The other addresses are those of footage. Owns: these routes. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

from http import HTTPStatus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.core.errors import ConfigError
from engine.web.door import OpenDoor
from engine.web.uploads import Uploads, read_opening

_LONGEST_OPENING = 4096
"""Bytes."""


class ModelUploads(Uploads):
    """The upload routes of models.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        # The models' own receiver stands where the footage's stands for the parent.
        super().__init__(lambda: door().models)  # type: ignore[arg-type, return-value]
        self._engine = door

    async def start(self, request: Request) -> Response:
        """Begin an upload."""
        wanted = "The upload of a model begins with its task, name and size, as JSON."
        opening = await read_opening(request, wanted, _LONGEST_OPENING)
        task, name, size, trusted = (opening.get(key) for key in ("task", "name", "size", "trusted"))
        if not (isinstance(task, str) and isinstance(name, str) and name.strip() and type(size) is int and size >= 0):
            raise ConfigError("The upload of a model needs its task, the file's name and its size in bytes.")
        uploads = self._engine().models.uploads
        state = await to_thread.run_sync(lambda: uploads.start(task, name, size, trusted=trusted is True))
        answer = {"token": state.token, "offset": state.offset, "limit": state.limit}
        return JSONResponse(answer, status_code=HTTPStatus.CREATED)

    async def finish(self, request: Request) -> Response:
        """Take the file over."""
        uploads = self._engine().models.uploads
        name = await to_thread.run_sync(lambda: uploads.finish(request.path_params["token"]))
        return JSONResponse({"model": name})
