"""Who may speak to the server: hosts it answers to, pages that may change something, and errors as JSON.

Owns: the host allow-list, the same-origin check and the error responses. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.core.errors import FootageError, SightlineError, StoreError

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Names under which a server bound to this machine is reached."""

OWN_HEADER = "x-sightline"
"""A header that a form or a picture on another site cannot send, and that a script there may not."""

_STATUS_BY_KIND = {
    "over-limit": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unknown-upload": HTTPStatus.NOT_FOUND,
}


class HostGuard:
    """Pure ASGI middleware that refuses requests and websockets meant for a host we do not answer to.

    A page of another site can point its own name at 127.0.0.1 (DNS rebinding) and would then be "same origin" with
    this server; its requests still carry that name in `Host`.

    Args:
        app: the application behind it.
        hosts: names answered to, without port; "*" answers to all of them.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = LOCAL_HOSTS) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse with 421 (websockets are closed before they open)."""
        if scope["type"] not in {"http", "websocket"} or self.answers_to(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = PlainTextResponse(
                "This server does not answer to that name. Use http://127.0.0.1, or add the name to `hosts` in "
                "sightline.toml.",
                status_code=HTTPStatus.MISDIRECTED_REQUEST,
            )
            await refusal(scope, receive, send)

    def answers_to(self, host: str) -> bool:
        """Whether a `Host` header, with or without port, names one of ours."""
        return "*" in self._hosts or host_name(host) in self._hosts


def host_name(host: str) -> str:
    """The name in a `Host` header, lowercase, without the port; IPv6 keeps its brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def refuse_foreign(request: Request) -> JSONResponse | None:
    """A refusal unless the request comes from one of our own pages (or from a program on purpose).

    Three checks, each enough against an ordinary browser: the own header (a cross-site script would need a CORS
    permission that is never given), `Sec-Fetch-Site` where it is sent, and `Origin` against `Host`.

    Returns:
        403 with the reason, or None where the request may go on.
    """
    headers = request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = (
        OWN_HEADER not in headers
        or (site is not None and site != "same-origin")
        or (origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower())
    )
    if not foreign:
        return None
    return JSONResponse(
        {"error": "Only Sightline's own pages may do this. Reload the page and try again."},
        status_code=HTTPStatus.FORBIDDEN,
    )


def error_response(error: SightlineError) -> JSONResponse:
    """The error as `{"error": user_message}` with the status that fits: 4xx, never 5xx, for what a person can mend.

    An error of footage carries its `kind` beside, by which the page says it in another language.
    """
    status = HTTPStatus.BAD_REQUEST
    if isinstance(error, FootageError):
        status = _STATUS_BY_KIND.get(error.kind, HTTPStatus.UNPROCESSABLE_ENTITY)
    elif isinstance(error, StoreError):
        status = HTTPStatus.NOT_FOUND
    kind = {"kind": error.kind} if isinstance(error, FootageError) else {}
    return JSONResponse({"error": error.user_message, **kind}, status_code=status)
