"""A process of its own for everything that touches untrusted footage: memory ceiling, watchdog, no leftovers.

Owns: the parent's side: starting the child, its messages, its end. What the child does at its own start stands in
`engine.media.sandboxed`. May import: `engine.core`. Decision: docs/decisions/0003-decoding-in-a-child.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.core.config import Settings
from engine.core.errors import FootageError

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = (
    "import os, sys; os.environ.update(OPENBLAS_NUM_THREADS='1', OMP_NUM_THREADS='1'); "
    "sys.path.insert(0, sys.argv[1]); from engine.media.sandboxed import main; main(sys.argv[2:])"
)
_LARGEST_MESSAGE = 16 << 20


class Child:
    """One task running in its own process.

    The child cannot outlive this process: it holds one end of a pipe whose other end dies with us, and the kernel
    kills it then. Messages are JSON objects, one per line; pixels go through a shared memory file without a name.

    Args:
        target: "module:function"; called in the child as `function(link, **arguments)`.
        arguments: plain values.
        settings: memory ceiling and patience.
        name: how messages to people call the footage.
        memory_fd: file descriptor of shared memory to hand over, or None.
    """

    def __init__(
        self,
        target: str,
        arguments: Mapping[str, object],
        settings: Settings,
        *,
        name: str,
        memory_fd: int | None = None,
    ) -> None:
        self._name = name
        self._silence_s = settings.decode_silence_s
        self._memory_mib = settings.decode_memory_mib
        self._buffer = bytearray()
        self._socket, theirs = socket.socketpair()
        leash, self._leash = os.pipe()
        handed = [theirs.fileno(), leash, *([] if memory_fd is None else [memory_fd])]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, str(_ROOT), json.dumps(handed), str(settings.decode_memory_mib)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=handed,
            )
        except BaseException:
            self._socket.close()
            os.close(self._leash)
            raise
        finally:
            theirs.close()
            os.close(leash)
        # Also for a child that nobody closed: it ends with the last reference to it, or with this interpreter.
        self._release = weakref.finalize(self, _release, self._process, self._socket, self._leash)
        try:
            self._socket.settimeout(self._silence_s)
            self.send(json.dumps({"target": target, "arguments": dict(arguments)}).encode() + b"\n")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def send(self, message: bytes) -> None:
        """Send raw bytes to the child; one that is gone hears nothing.

        Raises:
            FootageError: the child takes nothing.
        """
        try:
            self._socket.sendall(message)
        except TimeoutError as error:
            raise self._hung() from error
        except OSError:
            # A child that has said its last word and left needs no answer; one that crashed is heard by `receive()`.
            return

    def receive(self) -> dict[str, Any]:
        """Wait for the child's next message.

        Returns:
            The message; "kind" says which. "beat" (it is alive) and "error" never come through.

        Raises:
            FootageError: the child reported one, died ("decoder-crashed") or was silent too long ("decoder-hung").
        """
        while True:
            message: dict[str, Any] = json.loads(self._line())
            if message["kind"] == "error":
                self.close()
                raise FootageError(message["user_message"], kind=message["cause"], detail=message["detail"])
            if message["kind"] == "out-of-memory":
                self.close()
                raise FootageError(
                    f"Decoding “{self._name}” needs more than the {self._memory_mib} MiB allowed. "
                    "Export it at a smaller picture size, or raise decode_memory_mib in sightline.toml.",
                    kind="decoder-crashed",
                    detail=message["detail"],
                )
            if message["kind"] == "failed":
                self.close()
                raise FootageError(self._crash_words(), kind="decoder-crashed", detail=message["detail"])
            if message["kind"] != "beat":
                return message

    def _line(self) -> bytes:
        deadline = time.monotonic() + self._silence_s
        while (end := self._buffer.find(b"\n")) < 0:
            wait = deadline - time.monotonic()
            if wait <= 0 or not self._readable(wait):
                raise self._hung()
            try:
                part = self._socket.recv(1 << 16)
            except OSError:
                part = b""
            if not part or len(self._buffer) > _LARGEST_MESSAGE:
                raise self._crashed()
            self._buffer += part
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _readable(self, wait_s: float) -> bool:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(wait_s * 1000))

    def _crash_words(self) -> str:
        return (
            f"The decoder failed on “{self._name}”. The file is probably damaged: try to play it in a video player, "
            "and export it again as MP4 if it plays."
        )

    def _crashed(self) -> FootageError:
        code = self._finish(patience_s=1.0)
        return FootageError(self._crash_words(), kind="decoder-crashed", detail=f"decoder process ended with {code}")

    def _hung(self) -> FootageError:
        self.close()
        return FootageError(
            f"The decoder got stuck on “{self._name}” and was stopped after {self._silence_s:g} s. The file is "
            "probably damaged: export it again as MP4, or raise decode_silence_s if the disk is very slow.",
            kind="decoder-hung",
        )

    def close(self) -> None:
        """End the child at once and let go of everything; may be called again."""
        self._finish(patience_s=0.0)

    def _finish(self, *, patience_s: float) -> int:
        if self._release.alive and patience_s:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
        self._release()
        return self._process.returncode


def _release(process: subprocess.Popen[bytes], line: socket.socket, leash: int) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    line.close()
    os.close(leash)


def run_child(target: str, arguments: Mapping[str, object], settings: Settings, *, name: str) -> dict[str, Any]:
    """Run one task in a child and return what its "done" message holds.

    Raises:
        FootageError: as `Child.receive`.
    """
    with Child(target, arguments, settings, name=name) as child:
        while (message := child.receive())["kind"] != "done":
            pass
    return message
