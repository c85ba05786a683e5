"""Footage into the home over HTTP: in chunks, resumable by offset, written as it arrives.

    POST   /sightline/uploads                 {"name", "size"}   -> 201 {"token", "offset", "limit"}
    GET    /sightline/uploads/{token}                            -> {"offset"}
    PUT    /sightline/uploads/{token}?offset=N  raw bytes        -> {"offset"}; 409 {"offset"} where N is not the end
    POST   /sightline/uploads/{token}/finish                     -> {"footage": {"id", "name", …}}
    DELETE /sightline/uploads/{token}                            -> 204

Every error is `{"error": sentence}`. All want the own header (`engine.web.guard`).
Owns: these routes. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.core.errors import ConfigError, SightlineError
from engine.web.door import OpenDoor
from engine.web.guard import error_response, refuse_foreign

WRITE_BLOCK = 1024 * 1024
"""Bytes gathered before they are handed to the disk: the most that one upload holds in memory, and a little more."""

_LONGEST_OPENING = 64 * 1024
"""Bytes; the opening request holds a name and a number."""

Answer = Callable[[Request], Awaitable[Response]]


class Uploads:
    """The upload routes.

    Args:
        door: hands out the engine.
    """

    def __init__(self, door: OpenDoor) -> None:
        self._door = door
        self._receiving: set[str] = set()

    def routes(self, prefix: str) -> list[Route]:
        """The routes under `prefix`."""
        one = prefix + "/{token:str}"
        return [
            Route(prefix, _guarded(self.start), methods=["POST"]),
            Route(one, _guarded(self.offset), methods=["GET"]),
            Route(one, _guarded(self.receive), methods=["PUT"]),
            Route(one, _guarded(self.abort), methods=["DELETE"]),
            Route(one + "/finish", _guarded(self.finish), methods=["POST"]),
        ]

    async def start(self, request: Request) -> Response:
        """Begin an upload."""
        name, size = await _opening(request)
        state = await to_thread.run_sync(lambda: self._door().uploads.start(name, size))
        answer = {"token": state.token, "offset": state.offset, "limit": state.limit}
        return JSONResponse(answer, status_code=HTTPStatus.CREATED)

    async def offset(self, request: Request) -> Response:
        """Say how far an upload has come."""
        return JSONResponse({"offset": await self._offset(request.path_params["token"])})

    async def receive(self, request: Request) -> Response:
        """Write the body to disk as it arrives."""
        token = request.path_params["token"]
        offset = await self._offset(token)
        if token in self._receiving:
            # The browser gave a connection up before this side noticed; it asks again in a moment.
            busy = "Another part of this file is still arriving. Wait a moment and try again."
            return JSONResponse({"error": busy, "offset": offset}, status_code=HTTPStatus.CONFLICT)
        self._receiving.add(token)
        try:
            offset = await self._offset(token)
            if request.query_params.get("offset") != str(offset):
                return JSONResponse({"offset": offset}, status_code=HTTPStatus.CONFLICT)
            return JSONResponse({"offset": await self._write_body(request, token, offset)})
        except ClientDisconnect:
            # What arrived is kept; the browser asks for the offset and goes on from there.
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        finally:
            self._receiving.discard(token)

    async def finish(self, request: Request) -> Response:
        """Check the file and take it over."""
        token = request.path_params["token"]
        footage = await to_thread.run_sync(lambda: self._door().uploads.finish(token))
        view = {"id": footage.id, "name": footage.name, "bytes": footage.bytes, "duration_s": footage.media.duration_s}
        return JSONResponse({"footage": view})

    async def abort(self, request: Request) -> Response:
        """Throw away what was received."""
        token = request.path_params["token"]
        await to_thread.run_sync(lambda: self._door().uploads.abort(token))
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def _offset(self, token: str) -> int:
        return await to_thread.run_sync(lambda: self._door().uploads.offset(token))

    async def _write_body(self, request: Request, token: str, offset: int) -> int:
        waiting = bytearray()
        async for piece in request.stream():
            waiting += piece
            if len(waiting) >= WRITE_BLOCK:
                offset = await self._write(token, offset, waiting)
        return await self._write(token, offset, waiting) if waiting else offset

    async def _write(self, token: str, offset: int, waiting: bytearray) -> int:
        block = bytes(waiting)
        waiting.clear()
        return await to_thread.run_sync(lambda: self._door().uploads.write(token, offset, block))


def _guarded(answer: Answer) -> Answer:
    """Refuse other sites, and turn our errors into JSON."""

    async def guarded(request: Request) -> Response:
        refusal = refuse_foreign(request)
        if refusal is not None:
            return refusal
        try:
            return await answer(request)
        except SightlineError as error:
            return error_response(error)

    return guarded


async def read_opening(request: Request, wanted: str, longest: int) -> dict[str, Any]:
    """The small JSON object that an upload begins with.

    Args:
        request: the opening request.
        wanted: what it is to hold, a sentence for whoever sends something else.
        longest: bytes it may have.

    Raises:
        ConfigError: it is too long, or no JSON object.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > longest:
            raise ConfigError(f"{wanted} That was far more.")
    try:
        opening = json.loads(body)
    except ValueError as error:
        raise ConfigError(wanted, detail=str(error)) from error
    if not isinstance(opening, dict):
        raise ConfigError(wanted)
    return opening


async def _opening(request: Request) -> tuple[str, int]:
    opening = await read_opening(request, 'An upload begins with {"name": …, "size": …}.', _LONGEST_OPENING)
    name, size = opening.get("name"), opening.get("size")
    if not isinstance(name, str) or not name.strip() or type(size) is not int or size < 0:
        raise ConfigError("An upload needs the file's name and its size in bytes.")
    return name, size
