"""`bench pages`: how soon the dashboard can be used in Chromium, what it sends, and what a click costs.

Everything happens in one run on one machine: a store of 200 pieces of footage and 200 people with 100 segments each,
the real server, a real browser, and beside our timeline the same one drawn by Plotly.
Owns: the measuring. May import: `engine.core`, `engine.api`, `engine.commands`. Playwright and Plotly are imported
where they are used.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from engine.api import Engine
from engine.commands.bench_server import ROOT, browser_path, serve
from engine.commands.bench_store import FOOTAGES, PEOPLE, SEGMENTS, fill_store
from engine.commands.output import put, say
from engine.core.config import Settings
from engine.core.errors import JobError

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PAGE_MS, QUIET_MS = 60_000, 600
VISITS, CLICKS, DRAWINGS = 3, 7, 3

INTERACTIVE_S, PAGE_KB, TIMELINE_KB, RERUN_MS = 1.5, 500.0, 300.0, 300.0
"""What is asked for: time to interactive, bytes of our page, bytes of the timeline, a rerun after a click."""

_RECORDER = """
window.bench = { done: 0, click: 0, seek: 0 };
addEventListener('pointerup', () => { window.bench.click = performance.now(); window.bench.done = 0; }, true);
addEventListener('sightline:seek', () => { window.bench.seek = performance.now(); });
new MutationObserver((changes) => {
  for (const change of changes) {
    const state = change.target.getAttribute('data-test-script-state');
    if (state === 'notRunning' && change.oldValue !== state) window.bench.done = performance.now();
  }
}).observe(document, {
  subtree: true, attributes: true, attributeOldValue: true, attributeFilter: ['data-test-script-state'],
});
"""


@dataclass(slots=True)
class Traffic:
    """Bytes that came over the wire for one page.

    Attributes:
        own: answers of our own routes, by path, as sent (compressed where compressed).
        websocket: what Streamlit's connection carried, before its compression.
        everything: all answers and the websocket.
    """

    own: dict[str, int] = field(default_factory=dict)
    websocket: int = 0
    everything: int = 0

    def kb(self, prefix: str = "") -> float:
        """Answers of our routes under a path, kilobytes."""
        return round(sum(size for path, size in self.own.items() if path.startswith(prefix)) / 1e3, 1)


def bench_pages(arguments: argparse.Namespace) -> int:
    """Measure the Footage and People pages in Chromium; one JSON object last."""
    chromium = browser_path()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", threads=arguments.settings.threads)
        say(f"filling a store: {FOOTAGES} pieces of footage, {PEOPLE} people with {SEGMENTS} segments")
        large = fill_store(settings)
        bare = Path(folder) / "bare.py"
        bare.write_text("import streamlit as st\n\nst.markdown('nothing')\n", "utf-8")
        with _browser(chromium) as new_context, _server(settings.home) as address:
            with _server(settings.home, bare) as bare_address:
                nothing = _measured(new_context, bare_address, "[data-testid=stMarkdown]")
            say(f"a Streamlit page with one word: {nothing}")
            footage = _measured(new_context, f"{address}/footage?lang=en", ".library .card")
            say(f"footage page: {footage}")
            people, clicks = _people(new_context, f"{address}/people?lang=en&footage={large}")
            say(f"people page: {people}")
            peer = _peer(new_context, settings, large, people["timeline_painted_ms"])
    put(
        {
            "bench": "pages",
            "footages": FOOTAGES,
            "people": PEOPLE,
            "segments": PEOPLE * SEGMENTS,
            "footage_page": footage,
            "people_page": people | clicks,
            "bare_streamlit_page": {
                key: nothing[key] for key in ("interactive_s", "interactive_cold_s", "with_streamlit_kb")
            },
            "peer": peer,
            "targets": {
                "interactive_s": INTERACTIVE_S,
                "page_kb": PAGE_KB,
                "timeline_kb": TIMELINE_KB,
                "rerun_ms": RERUN_MS,
                "met": {
                    "interactive": max(footage["interactive_s"], people["interactive_s"]) <= INTERACTIVE_S,
                    "page": max(footage["page_kb"], people["page_kb"]) <= PAGE_KB,
                    "timeline": people["timeline_kb"] <= TIMELINE_KB,
                    "rerun": clicks["click_rerun_ms"] <= RERUN_MS,
                },
            },
        }
    )
    return 0


@contextmanager
def _server(home: Path, script: Path = ROOT / "app.py") -> Iterator[str]:
    """The dashboard, or another script, over a home; its address."""
    environment, log = {"SIGHTLINE_HOME": str(home)}, home / f"{script.stem}.log"
    with serve((str(script),), environment, "/_stcore/health", log) as (address, _):
        yield address


@contextmanager
def _browser(chromium: str) -> Iterator[Callable[[], Any]]:
    """A way to fresh browser profiles."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield lambda: browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        finally:
            browser.close()


def _visit(context: Any, address: str, ready: str) -> tuple[Any, float, Traffic]:
    """Open a page and wait until it can be used: the page, seconds since the address was entered, and the traffic."""
    page = context.new_page()
    page.set_default_timeout(PAGE_MS)
    page.add_init_script(_RECORDER)
    traffic, paths = Traffic(), {}
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", lambda event: _count(traffic, paths, event))
    session.on("Network.webSocketFrameReceived", lambda event: _count_frame(traffic, event["response"]))
    page.goto(address, wait_until="commit")
    page.locator(ready).first.wait_for()
    seconds = page.evaluate("performance.now()") / 1000
    # What comes afterwards (pictures, the end of the script) still belongs to the page.
    page.wait_for_function(f"bench.done && performance.now() - bench.done > {QUIET_MS}")
    return page, seconds, traffic


def _count(traffic: Traffic, paths: dict[str, str], event: dict[str, Any]) -> None:
    size, path = int(event["encodedDataLength"]), urlsplit(paths.get(event["requestId"], "")).path
    traffic.everything += size
    if path.startswith("/sightline/"):
        traffic.own[path] = traffic.own.get(path, 0) + size


def _count_frame(traffic: Traffic, frame: dict[str, Any]) -> None:
    size = len(frame["payloadData"])
    if frame["opcode"] == 2:
        size = size * 3 // 4  # told in base64
    traffic.websocket += size
    traffic.everything += size


def _measured(new_context: Callable[[], Any], address: str, ready: str) -> dict[str, Any]:
    """One page: with an empty browser cache, then the median of visits by a browser that knows Streamlit's files."""
    context = new_context()
    page, cold_s, cold = _visit(context, address, ready)
    page.close()
    visits = []
    for _ in range(VISITS):
        page, seconds, traffic = _visit(context, address, ready)
        visits.append((seconds, traffic))
        page.close()
    context.close()
    return {"interactive_s": round(statistics.median(seconds for seconds, _ in visits), 2)} | _sizes(cold_s, cold)


def _sizes(cold_s: float, traffic: Traffic) -> dict[str, Any]:
    return {
        "interactive_cold_s": round(cold_s, 2),
        "page_kb": round(traffic.kb() + traffic.websocket / 1e3, 1),
        "routes_kb": traffic.kb(),
        "websocket_kb": round(traffic.websocket / 1e3, 1),
        "with_streamlit_kb": round(traffic.everything / 1e3, 1),
    }


def _people(new_context: Callable[[], Any], address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The People page, and what a click on its timeline costs."""
    ready = ".timeline[data-painted]"
    context = new_context()
    page, cold_s, cold = _visit(context, address, ready)
    page.close()
    seconds, painted = [], []
    for visit in range(VISITS):
        page, took, _ = _visit(context, address, ready)
        seconds.append(took)
        painted.append(float(page.locator(".timeline").get_attribute("data-painted")))
        if visit < VISITS - 1:
            page.close()
    clicks = [_click(page, number) for number in range(CLICKS)]
    context.close()
    figures = {"interactive_s": round(statistics.median(seconds), 2)} | _sizes(cold_s, cold)
    figures |= {
        "timeline_kb": cold.kb("/sightline/timeline/"),
        "timeline_painted_ms": round(statistics.median(painted), 1),
    }
    return figures, {
        "click_rerun_ms": round(statistics.median(rerun for rerun, _ in clicks), 1),
        "click_rerun_worst_ms": round(max(rerun for rerun, _ in clicks), 1),
        "click_seek_ms": round(statistics.median(seek for _, seek in clicks), 1),
    }


def _click(page: Any, number: int) -> tuple[float, float]:
    """Click the presence of one of the first rows: milliseconds until the rerun is over, and until the player hears."""
    rows = page.locator("canvas.rows")
    rows.scroll_into_view_if_needed()
    box = rows.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + 9 + 60 * (number % 3))
    page.wait_for_function(f"bench.done && performance.now() - bench.done > {QUIET_MS}")
    told = page.evaluate("[bench.done - bench.click, bench.seek - bench.click]")
    return float(told[0]), float(told[1])


def _peer(new_context: Callable[[], Any], settings: Settings, footage: str, ours_ms: float) -> dict[str, Any]:
    """The same timeline as Plotly bars, in the way that is quickest: one trace a label, arrays, `base` and `x`."""
    traces = _traces(settings, footage)
    context = new_context()
    page = context.new_page()
    page.set_default_timeout(PAGE_MS)
    page.set_content('<div id="chart" style="width:1000px;height:900px"></div>')
    page.add_script_tag(path=str(_plotly_js()))
    draw = """async (traces) => {
        const begun = performance.now();
        await Plotly.newPlot('chart', traces, { barmode: 'overlay', showlegend: true });
        const took = performance.now() - begun;
        Plotly.purge('chart');
        return took;
    }"""
    took = statistics.median(page.evaluate(draw, traces) for _ in range(DRAWINGS))
    context.close()
    return {
        "what": "the same segments as Plotly bars, one trace a label",
        "plotly_ms": round(took, 1),
        "plotly_kb": round(len(json.dumps(traces, separators=(",", ":"))) / 1e3, 1),
        "timeline_ms": ours_ms,
        "ratio": round(took / max(ours_ms, 0.1), 1),
    }


def _plotly_js() -> Path:
    from importlib.util import find_spec

    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise JobError("`bench pages` draws its peer with Plotly, which is not installed: `make install`.")
    return Path(found.origin).parent / "package_data" / "plotly.min.js"


def _traces(settings: Settings, footage: str) -> list[dict[str, Any]]:
    with Engine(settings) as engine:
        run = engine.runs(footage)[0].id
        people, segments = engine.answers.people(run), engine.answers.segments(run)
    owner = {stretch.tracklet: person.label for person in people for stretch in person.presence}
    labels = np.array(segments.labels)
    rows = np.array(
        [
            f"{owner[number]} {channel}"
            for number, channel in zip(segments.tracklets.tolist(), segments.channels, strict=True)
        ]
    )
    return [
        {
            "type": "bar",
            "orientation": "h",
            "name": str(label),
            "y": rows[labels == label].tolist(),
            "base": np.round(segments.start_s[labels == label], 2).tolist(),
            "x": np.round((segments.end_s - segments.start_s)[labels == label], 2).tolist(),
        }
        for label in np.unique(labels)
    ]
