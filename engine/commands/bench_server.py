"""What benches of the dashboard run against: a real server on a free port, and the browser on this machine.

May import: `engine.core`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import httpx
import psutil

from engine.core.errors import JobError

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_S = 120.0


def browser_path() -> str:
    """The browser that Playwright is to drive.

    Raises:
        JobError: Playwright or every known browser is missing.
    """
    if find_spec("playwright") is None:
        raise JobError("This bench drives a browser with Playwright, which is not installed: run make run.")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise JobError(f"This bench needs a browser: none of {', '.join(BROWSERS)} is here. `make browser` gets one.")
    return found


@contextmanager
def serve(
    script: Sequence[str], environment: Mapping[str, str], health: str, log: Path
) -> Iterator[tuple[str, psutil.Process]]:
    """A Streamlit server on a free port; gone afterwards, with all it started.

    Args:
        script: the script, and options for `streamlit run`.
        environment: variables beside this process's own.
        health: path that answers once it is up.
        log: where its output goes.

    Yields:
        Its address, and its process.

    Raises:
        JobError: it did not come up.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", *script, "--server.port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(address + health, process, log)
        yield address, psutil.Process(process.pid)
    finally:
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, wanted)
                process.wait(timeout=15)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise JobError("The server did not come up.", detail=log.read_text(errors="replace")[-2000:])
