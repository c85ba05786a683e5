"""Scripts of our own elements over HTTP: compressed, and kept by the browser for good under the name of their content.

Streamlit would send them along with every drawing of a page, some 150 kB a click.
Owns: the route. May import: `engine.web`, `engine.core`.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from http import HTTPStatus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Script = Callable[[str], str | None]
"""Hands out the script of an element by its name, None where there is no such element."""

_FILE = re.compile(r"([a-z][a-z_]*)\.([0-9a-f]{8,64})\.js", re.ASCII)


class ElementRoute:
    """GET and HEAD of `/sightline/elements/{name}.{digest}.js`; any digest gets the script of today.

    Args:
        script: hands out scripts.
    """

    def __init__(self, script: Script) -> None:
        self._script = script

    async def __call__(self, request: Request) -> Response:
        """200 or 404."""
        match = _FILE.fullmatch(request.path_params["file"])
        found = await to_thread.run_sync(self._script, match[1]) if match else None
        if found is None:
            return JSONResponse({"error": "There is no such element."}, status_code=HTTPStatus.NOT_FOUND)
        body = found.encode()
        headers = {
            # The name changes with the content.
            "Cache-Control": "private, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if "gzip" in request.headers.get("accept-encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(body, headers=headers, media_type="text/javascript; charset=utf-8")
