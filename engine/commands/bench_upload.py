"""`bench upload`: what a large upload costs the server's memory, beside `st.file_uploader` in the same run.

May import: `assets`, `engine.core`, `engine.commands`. Drives the real server as people start it; Chromium only holds
the session that Streamlit's own upload wants, the bytes of both are sent by the same client.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from engine.commands.bench_server import START_S, browser_path, serve
from engine.commands.output import put, say
from engine.core.errors import JobError

GIB = 1 << 30
CHUNK = 16 << 20
"""Bytes of one PUT."""

PATIENCE_S = 600.0
SETTLE_S = 2.0
"""After an upload, before what stays of it in memory is measured, seconds."""

SAMPLE_S = 0.05
PEER_NEEDS = 4
"""Memory that the peer may take, as a multiple of the file; where there is less it gets a smaller file."""

PEER_FALLBACK = GIB // 2
OWN = {"X-Sightline": "1"}

PEER_PAGE = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

st.file_uploader("file")
st.html(f'<p id="session">{get_script_run_ctx().session_id}</p>')
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one upload cost the server.

    Attributes:
        size: bytes sent.
        seconds: from the first byte to the last answer.
        before: resident memory before, bytes.
        peak: the most meanwhile, bytes.
        after: what was left afterwards, bytes.
    """

    size: int
    seconds: float
    before: int
    peak: int
    after: int

    @property
    def growth(self) -> int:
        """Bytes of memory that the upload took at its height."""
        return max(self.peak - self.before, 1)

    def facts(self) -> dict[str, Any]:
        """For people: MB and seconds."""
        return {
            "size_gib": round(self.size / GIB, 3),
            "seconds": round(self.seconds, 2),
            "mib_per_s": round(self.size / (1 << 20) / self.seconds, 1),
            "rss_before_mb": round(self.before / 1e6, 1),
            "rss_peak_mb": round(self.peak / 1e6, 1),
            "rss_after_mb": round(self.after / 1e6, 1),
        }


def bench_upload(arguments: argparse.Namespace) -> int:
    """Upload to the dashboard and to `st.file_uploader`; seconds and memory of both servers, their ratios last."""
    size = int(arguments.size_gib * GIB)
    browser = browser_path()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as folder:
        home = Path(folder)
        if shutil.disk_usage(home).free < size * 1.2 + GIB:
            raise JobError(f"There is not enough room in {home} for {arguments.size_gib:g} GiB. Set TMPDIR elsewhere.")
        (home / "sightline.toml").write_text(f"upload_limit_gib = {max(arguments.size_gib * 1.1, 1.0)}\n", "utf-8")
        say(f"uploading {arguments.size_gib:g} GiB to the dashboard")
        ours, whole = _ours(home, size)
        peer_size = size if psutil.virtual_memory().available > PEER_NEEDS * size else min(PEER_FALLBACK, size)
        say(f"uploading {peer_size / GIB:g} GiB to st.file_uploader")
        peer = _peer(home, peer_size, browser)
    put(
        {
            "bench": "upload",
            "chunk_mib": CHUNK >> 20,
            "sightline": ours.facts(),
            "whole_file": whole,
            "file_uploader": peer.facts(),
            "ratios": {
                "memory_per_byte": round(ours.growth / ours.size / (peer.growth / peer.size), 4),
                "memory_left_per_byte": round(_left(ours) / ours.size / (_left(peer) / peer.size), 4),
                "seconds_per_byte": round(ours.seconds / ours.size / (peer.seconds / peer.size), 3),
            },
        }
    )
    return 0


def _left(cost: Cost) -> int:
    return max(cost.after - cost.before, 1)


def _ours(home: Path, size: int) -> tuple[Cost, dict[str, Any]]:
    """A large file that is given up at its end, for it is no video; and a real one, taken over."""
    from assets.sample_clip import build_sample

    clip = build_sample(home / "sample.mp4")
    command = ("app.py",)
    environment = {"SIGHTLINE_HOME": str(home / "home")}
    (home / "home").mkdir()
    shutil.move(home / "sightline.toml", home / "home")
    with (
        serve(command, environment, "/sightline/health", home / "ours.log") as (address, server),
        httpx.Client(base_url=address, headers=OWN, timeout=PATIENCE_S) as client,
    ):
        begun = time.monotonic()
        footage = _send(client, clip.name, clip.stat().st_size, clip)
        whole = {"bytes": clip.stat().st_size, "seconds": round(time.monotonic() - begun, 2), "footage": footage}
        with _memory(server) as watched:
            _send(client, "large.mp4", size, None)
        return watched.cost(size), whole


def _send(client: httpx.Client, name: str, size: int, source: Path | None) -> str:
    """One upload by the dashboard's own route: finished where there is a real file behind it, else given up."""
    opened = client.post("/sightline/uploads", json={"name": name, "size": size}).raise_for_status().json()
    place = f"/sightline/uploads/{opened['token']}"
    offset = 0
    for chunk in _chunks(size, source):
        answer = client.put(place, params={"offset": offset}, content=chunk).raise_for_status()
        offset = int(answer.json()["offset"])
    if offset != size:
        raise JobError(f"Of {size} bytes only {offset} arrived.")
    if source is None:
        client.delete(place).raise_for_status()
        return ""
    return str(client.post(f"{place}/finish").raise_for_status().json()["footage"]["id"])


def _chunks(size: int, source: Path | None) -> Iterator[bytes]:
    if source is not None:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        return
    block = os.urandom(CHUNK)
    for start in range(0, size, CHUNK):
        yield block[: min(CHUNK, size - start)]


def _peer(home: Path, size: int, browser: str) -> Cost:
    """The same bytes by the address that `st.file_uploader` sends them to, within a session of a tiny page."""
    from playwright.sync_api import sync_playwright

    script = home / "peer.py"
    script.write_text(PEER_PAGE, "utf-8")
    options = ("--server.enableXsrfProtection", "false", "--server.maxUploadSize", str((size >> 20) + 64))
    with (
        serve((str(script), *options), {}, "/_stcore/health", home / "peer.log") as (address, server),
        sync_playwright() as playwright,
    ):
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = opened.new_page()
            page.goto(address)
            session = page.locator("#session").inner_text(timeout=START_S * 1000)
            with _memory(server) as watched:
                _send_whole(f"{address}/_stcore/upload_file/{session}/bench", size)
            return watched.cost(size)
        finally:
            opened.close()


def _send_whole(address: str, size: int) -> None:
    edge = "sightline-bench-edge"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="large.mp4"\r\n\r\n'.encode()
    tail = f"\r\n--{edge}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from _chunks(size, None)
        yield tail

    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Content-Length": str(len(head) + size + len(tail)),
    }
    httpx.put(address, content=body(), headers=headers, timeout=PATIENCE_S).raise_for_status()


class _Memory:
    """Watches the resident memory of a process from a thread of its own."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._seconds = 0.0
        self.before = self.peak = self.after = process.memory_info().rss

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_S):
            self.peak = max(self.peak, self._process.memory_info().rss)

    def begin(self) -> None:
        self._begun = time.monotonic()
        self._thread.start()

    def end(self) -> None:
        self._seconds = time.monotonic() - self._begun
        time.sleep(SETTLE_S)
        self._stop.set()
        self._thread.join()
        self.after = self._process.memory_info().rss

    def cost(self, size: int) -> Cost:
        return Cost(size, self._seconds, self.before, self.peak, self.after)


@contextmanager
def _memory(process: psutil.Process) -> Iterator[_Memory]:
    watched = _Memory(process)
    watched.begin()
    yield watched
    watched.end()
