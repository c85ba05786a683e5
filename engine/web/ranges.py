"""One byte range of a file, as a browser's video element asks for it.

Owns: the reading of `Range`, `If-Range` and `If-None-Match`. Imports nothing of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPEC = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.ASCII | re.IGNORECASE)
_LONGEST_NUMBER = 18
"""Digits; longer ones are nonsense and would only cost time to read."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes to send.

    Attributes:
        start: first byte.
        stop: one after the last byte.
        partial: a part was asked for and is answered with 206.
    """

    start: int
    stop: int
    partial: bool


def wanted_span(header: str | None, size: int) -> Span | None:
    """The bytes a `Range` header asks for.

    Args:
        header: the header's value, None where it was not sent.
        size: length of the file, bytes.

    Returns:
        The span; the whole file where the header is absent, malformed, in another unit or of several ranges (a server
        may always ignore the header). None where the range lies outside the file: answer 416.

    Source: RFC 9110 §14. Differs: several ranges are ignored; no browser's media element sends them.
    """
    whole = Span(0, size, partial=False)
    match = _SPEC.fullmatch(header) if header is not None else None
    if match is None:
        return whole
    first, last = match.groups()
    if max(len(first), len(last)) > _LONGEST_NUMBER or not (first or last):
        return whole
    if not first:
        length = min(int(last), size)
        return Span(size - length, size, partial=True) if length else None
    start = int(first)
    if last and int(last) < start:
        return whole
    if start >= size:
        return None
    return Span(start, min(int(last) + 1, size) if last else size, partial=True)


def names_version(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` list holds this version ("*" holds all); weak marks are ignored as it asks."""
    if header is None:
        return False
    return any(entry.strip().removeprefix("W/") in {etag, "*"} for entry in header.split(","))


def range_applies(if_range: str | None, etag: str, last_modified: str) -> bool:
    """Whether `If-Range` lets the range count: it is absent or names exactly this version."""
    return if_range is None or if_range.strip() in {etag, last_modified}
