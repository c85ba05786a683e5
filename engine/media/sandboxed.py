"""What a decoding child does at its start: memory ceiling, leash, then its task. Runs only inside the child.

Owns: the child's side of `engine.media.sandbox`. May import: `engine.core`.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import mmap
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType

from engine.core.errors import FootageError

_BEAT_S = 0.5
_TELL_S = 0.2


class Link:
    """The child's line to its parent.

    Args:
        line: connected socket.
        memory_fd: shared memory handed over, or -1.
    """

    def __init__(self, line: socket.socket, memory_fd: int) -> None:
        self._line = line
        self._memory_fd = memory_fd
        self._beat = time.monotonic()
        self._told = 0.0
        self._credits = 0

    def send(self, kind: str, **fields: object) -> None:
        """Send one message."""
        self._beat = time.monotonic()
        self._line.sendall(json.dumps({"kind": kind, **fields}).encode() + b"\n")

    def beat(self) -> None:
        """Say that work goes on; cheap, call it for every packet."""
        if time.monotonic() - self._beat > _BEAT_S:
            self.send("beat")

    def progress(self, fraction: float) -> None:
        """Say how far the work is; cheap, call it for every packet."""
        if time.monotonic() - self._told > _TELL_S:
            self._told = time.monotonic()
            self.send("progress", fraction=min(1.0, max(0.0, fraction)))

    def grant(self, slots: int) -> None:
        """Allow so many calls of `take_credit` before the parent gives any back."""
        self._credits += slots

    def take_credit(self) -> None:
        """Wait until the parent has room for one more; it sends a byte for each it has finished with."""
        wait = self._credits == 0
        flags = 0 if wait else socket.MSG_DONTWAIT
        try:
            back = self._line.recv(4096, flags)
        except BlockingIOError:
            back = b""
        else:
            if not back:
                # The parent is gone: nobody is left to report to.
                os._exit(1)
        self._credits += len(back) - 1

    def line(self) -> bytes:
        """Read one line the parent sent."""
        line = bytearray()
        while not line.endswith(b"\n"):
            part = self._line.recv(1)
            if not part:
                os._exit(1)
            line += part
        return bytes(line)

    def memory(self, size: int) -> mmap.mmap:
        """Map the shared memory, made `size` bytes long."""
        os.ftruncate(self._memory_fd, size)
        return mmap.mmap(self._memory_fd, size)


def main(argv: list[str]) -> None:
    """Entry of the child: `argv` is [JSON list of file descriptors, memory ceiling in MiB]."""
    fds = json.loads(argv[0])
    _tie_to_parent(fds[1])
    link = Link(socket.socket(fileno=fds[0]), fds[2] if len(fds) > 2 else -1)
    task = json.loads(link.line())
    module, function = task["target"].split(":")
    work = getattr(importlib.import_module(module), function)
    _limit(int(argv[1]) << 20)

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        detail = "".join(traceback.format_exception_only(error)).strip()[-500:]
        link.send("out-of-memory" if isinstance(error, MemoryError) else "failed", detail=detail)

    sys.excepthook = report
    try:
        work(link, **task["arguments"])
    except FootageError as error:
        link.send("error", user_message=error.user_message, cause=error.kind, detail=error.detail)
    # Decoder threads may be stuck in C; nothing here needs Python's slow way out.
    os._exit(0)


def _tie_to_parent(leash: int) -> None:
    """Have the kernel end this process when the other end of `leash` closes, even while C code runs."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(leash, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(leash, fcntl.F_SETFL, fcntl.fcntl(leash, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    poll = select.poll()
    poll.register(leash, select.POLLHUP)
    if poll.poll(0):
        os._exit(1)


def _limit(ceiling: int) -> None:
    """Cap private memory at `ceiling` bytes above what the imports took, and write no core files.

    RLIMIT_DATA counts what is really allotted: unlike RLIMIT_AS it leaves out libraries, shared memory and the address
    space threads merely reserve, so the ceiling means the same on machines of different sizes.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    held = 0
    status = Path("/proc/self/statm")
    if status.exists():
        held = int(status.read_text().split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (held + ceiling, held + ceiling))
