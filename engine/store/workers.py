"""Who a worker is, so that a dead one is known from a busy one.

May import: nothing of ours.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WorkerId:
    """One process of one machine, ever: process numbers are used again, so the start time belongs to it.

    Attributes:
        host: machine, and the space its process numbers count in (containers have their own).
        pid: process number.
        started: opaque mark of the process's start, "" where the system does not tell.
    """

    host: str
    pid: int
    started: str

    @classmethod
    def current(cls) -> WorkerId:
        """This process."""
        return cls(host=_host(), pid=os.getpid(), started=started(os.getpid()))

    def text(self) -> str:
        """One line that `parse` reads back."""
        return f"{self.pid} {self.started or '-'} {self.host}"

    @classmethod
    def parse(cls, text: str) -> WorkerId:
        """Read what `text` wrote.

        Raises:
            ValueError: it is nothing of the kind.
        """
        pid, mark, host = text.split(" ", 2)
        return cls(host=host, pid=int(pid), started="" if mark == "-" else mark)

    def gone(self) -> bool:
        """Whether this process is known to have ended: only ever said of processes of this machine."""
        return self.host == _host() and not running(self.pid, self.started)


def started(pid: int) -> str:
    """Opaque mark of a process's start, "" where there is no such process or the system does not tell.

    Source: proc(5): field 22 of /proc/PID/stat, in clock ticks since the boot that boot_id names.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
    # The second field is the program's name in brackets and may hold blanks and brackets itself.
    return f"{boot}:{stat.rpartition(')')[2].split()[19]}"


def running(pid: int, mark: str) -> bool:
    """Whether a process is alive and still the one that had this mark.

    Args:
        pid: its number.
        mark: what `started` said of it, "" if that is unknown.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if _ended(pid):
        return False
    return not mark or started(pid) in (mark, "")


def _ended(pid: int) -> bool:
    """A process that has ended stays in the table until its parent asks for it; it does no more work."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] in ("Z", "X")


def _host() -> str:
    name = socket.gethostname()
    try:
        return f"{name} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return name
