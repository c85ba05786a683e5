"""Every screen in light, dark and Korean: a picture in `artifacts/` for people to look at, and axe-core over it.

Axe looks for faults that machines can find: contrast, names of controls, roles, landmarks. No serious or critical one
may be in what is ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, stranger
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser

ARTIFACTS = Path(__file__).parents[2] / "artifacts" / "screens"
SCREENS = {
    "footage": "/",
    "people": "/people?footage={hall}",
    "people-played": "/people?footage={played}",
    "people-pending": "/people?footage={running}",
    "compare": "/compare?footage={hall}",
    "doubtful": "/doubtful",
    "history": "/history?footage={hall}",
    "review": "/review",
    "review-mark": "/review?mark={played}",
    "search": "/search",
    "search-found": "/search?q=black+shirt,+blue+jeans,+no+hat,+flumph&min=0.3&seen=1",
    "search-like": "/search?similar={hall},1,0",
    "search-nobody": "/search?q=red+top&seen=3600",
    "gallery": "/gallery",
    "gallery-dossier": "/gallery?id={hall}-P1",
    "embeddings": "/embeddings",
    "models": "/models",
}
"""Name of the picture -> address."""

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "korean": {"color_scheme": "light", "locale": "ko-KR"},
}
"""Name of the look -> options of the browser's profile."""

GRAVE = ("serious", "critical")
STREAMLIT = {
    # Its side bar says in an attribute that a section may not have whether it is folded; harmless, not ours to mend.
    "aria-allowed-attr": 'data-testid="stSidebar"',
}
"""Rules that Streamlit's own elements break -> part of the selector or markup that names those elements."""


def findings(page: Page) -> list[str]:
    """Grave findings that are not Streamlit's own, one line each."""
    answer: dict[str, Any] = Axe().run(page).response
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:240]}"
        for violation in answer["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if STREAMLIT.get(violation["id"], "\0") not in f"{node['target']} {node['html']}"
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_screens(browser: Browser, scene: Scene, look: str) -> None:
    context = stranger(browser, **LOOKS[look])
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    for name, path in SCREENS.items():
        page.goto(scene.address + path.format(hall=scene.hall, played=scene.played, running=scene.running))
        settle(page)
        expect(page.locator("html")).to_have_attribute("lang", "ko" if look == "korean" else "en")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        picture = ARTIFACTS / f"{name}-{look}.png"
        page.screenshot(path=str(picture))
        assert picture.stat().st_size > 10_000
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            failures.append(f"{name} is wider than the window")
        if look != "korean":
            failures += [f"{name}: {finding}" for finding in findings(page)]
    context.close()
    assert not failures, "\n".join(failures)
