"""Tasks for a decoding child that misbehave in every way a decoder can."""

from __future__ import annotations

import ctypes
import os
import signal
import time

from engine.core.errors import FootageError
from engine.media.sandboxed import Link


def answer(link: Link, *, value: int) -> None:
    link.send("done", value=value + 1)


def refuse(link: Link) -> None:
    raise FootageError("It is a drawing.", kind="drawing", detail="why")


def fail(link: Link) -> None:
    raise RuntimeError("an accident")


def be_killed(link: Link) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def jump_into_nowhere(link: Link) -> None:
    ctypes.string_at(0)


def end_without_a_word(link: Link) -> None:
    os._exit(0)


def hang(link: Link) -> None:
    link.send("beat")
    time.sleep(60)


def hang_in_c(link: Link) -> None:
    # PyDLL keeps the interpreter's lock: no Python thread of the child runs any more.
    ctypes.PyDLL(None).sleep(60)


def eat_memory(link: Link) -> None:
    held = []
    for _ in range(4096):
        held.append(bytearray(16 << 20))
        link.beat()
    link.send("done", held=len(held))


def beat_for_long(link: Link) -> None:
    for _ in range(30):
        time.sleep(0.1)
        link.send("beat")
    link.send("done")
