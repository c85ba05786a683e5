from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.scene import Scene, build_scene
from tests.web.running import Server, running_server

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A busy machine takes its time; nothing here is about how long something takes.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: `make browser` installs it")
    return found


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard on an empty home."""
    folder = tmp_path_factory.mktemp("dashboard")
    with running_server(folder / "home", folder / "server.log") as server:
        yield server


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for the tests of a file, not of a run: nothing else may use an event loop while Playwright's lives."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


def stranger(browser: Browser, **options: Any) -> BrowserContext:
    """A profile of the browser that nobody has used before."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options})
    context.set_default_timeout(60_000)
    return context


def settle(page: Page) -> None:
    """Wait until the script has run to its end, the frame has put its hand to the document, and nothing is fetched."""
    expect(page.locator("#sl-skip")).to_be_attached()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    page.wait_for_load_state("networkidle")


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile for the tests of a file."""
    context = stranger(browser)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Iterator[Page]:
    """A tab; afterwards no script on it may have failed, and it may have spoken to the dashboard alone."""
    page = context.new_page()
    failures: list[str] = []
    foreign: list[str] = []
    own = (server.address, server.address.replace("http", "ws", 1), "data:", "blob:")
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    page.goto(server.address)
    yield page
    page.close()
    assert not failures
    assert not foreign


@pytest.fixture(scope="session")
def scene(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A dashboard on a home with something of everything; tests read it and leave it as it is."""
    folder = tmp_path_factory.mktemp("scene")
    built = build_scene(folder / "home")
    with running_server(folder / "home", folder / "server.log") as server:
        yield replace(built, address=server.address)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the sample clip, their packets copied."""
    import av

    from assets.sample_clip import build_sample

    folder = tmp_path_factory.mktemp("sample")
    whole, short = build_sample(folder / "whole.mp4"), folder / "sample.mp4"
    with av.open(str(whole)) as source, av.open(str(short), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.size and float(packet.pts * packet.time_base) < 4.0:
                packet.stream = copied
                target.mux(packet)
    return short
