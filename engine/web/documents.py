"""JSON documents that browsers keep and ask about again: tagged by their own text, compressed where it is taken.

Owns: the headers and the compression. May import: `engine.web`.
"""

from __future__ import annotations

import gzip
import hashlib
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from engine.web.ranges import names_version

COMPRESSION = 5
"""gzip's level: 9 takes three times as long for two per cent."""


def document(request: Request, body: bytes) -> Response:
    """A JSON document, or 304 where the browser has this very one. Blocks: call it in a worker thread.

    Args:
        request: what was asked.
        body: the document.
    """
    # What analyses found never changes, but names do, and emotions can be switched off: only the text tells them all.
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {
        "ETag": f"W/{etag}",
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if names_version(request.headers.get("if-none-match"), etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, COMPRESSION, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type="application/json")
