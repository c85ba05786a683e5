"""Waiting for what another process or thread is about to do."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def expect_soon(what: Callable[[], object]) -> None:
    """Assert that something comes true while there is patience."""
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)
