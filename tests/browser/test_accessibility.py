"""axe-core over every screen in light and dark: no serious or critical finding in what is ours, contrast included."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import stranger
from tests.browser.scene import Scene
from tests.browser.test_screens import SCREENS, address

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")
STREAMLIT: dict[str, str] = {}
"""Rules that Streamlit's own elements break, with the part of the selector that names those elements."""


def findings(page: Page) -> list[str]:
    """Grave findings that are not Streamlit's own, one line each."""
    answer: dict[str, Any] = Axe().run(page).response
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))} {node['html'][:160]} "
        f"{node['failureSummary'][:200]}"
        for violation in answer["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
        if not _theirs(violation["id"], node)
    ]


def _theirs(rule: str, node: dict[str, Any]) -> bool:
    return rule in STREAMLIT and STREAMLIT[rule] in f"{node['target']} {node['html']}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(browser: Browser, scene: Scene, scheme: str) -> None:
    context = stranger(browser, color_scheme=scheme)
    found: list[str] = []
    for name in SCREENS:
        page = context.new_page()
        page.goto(address(name, scene))
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_timeout(1500)
        found += [f"{name}: {finding}" for finding in findings(page)]
        page.close()
    context.close()
    assert not found, "\n".join(found)
