"""Searching in a real browser: from words to the moment in the recording, and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import settle, stranger
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(browser: Browser, scene: Scene) -> Iterator[Page]:
    """One tab for all tests, for opening one takes seconds; afterwards no script may have failed."""
    context = stranger(browser)
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{scene.address}/search?footage={scene.played}")
    settle(page)
    yield page
    context.close()
    assert not failures


def hits(page: Page) -> Locator:
    return page.locator(".search:not([aria-busy]) .hit:visible")


def box(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="What do they wear?")


def test_from_words_to_the_moment_and_back(tab: Page, scene: Scene) -> None:
    page = tab
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("빨간 상의, 흰 운동화 flumph")
    page.keyboard.press("Enter")
    expect(page.locator(".capsule")).to_have_count(2)
    expect(page.locator(".unknown")).to_have_text("Not understood: “flumph”")
    expect(hits(page).first).to_have_attribute("data-person", "P2")
    expect(hits(page).first.locator(".mark.agrees")).to_contain_text("red")

    # Without its colour and its kind nothing is left of the garment.
    for left in ("상의, 흰 운동화, flumph", "흰 운동화, flumph"):
        page.locator(".capsule", has_text="Upper").locator(".drop").first.click()
        expect(box(page)).to_have_value(left)
    expect(page.locator(".capsule")).to_have_count(1)
    expect(hits(page).first).to_have_attribute("data-person", "P1")

    box(page).focus()
    page.keyboard.press("ArrowDown")
    link = hits(page).first.get_by_role("link")
    expect(link).to_be_focused()
    address = link.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{address}")
    t = float(address.rpartition("=")[2])
    video = page.locator("video").element_handle()
    page.wait_for_function("([video, t]) => Math.abs(video.currentTime - t) < 0.1", arg=[video, t])
    expect(page.locator(".people .person[aria-current]")).to_have_attribute("data-person", "P1")

    page.go_back()
    expect(box(page)).to_have_value("흰 운동화, flumph")
    expect(hits(page).first).to_have_attribute("data-person", "P1")


def test_threshold_chip_and_reload(tab: Page, scene: Scene) -> None:
    page = tab
    page.goto(f"{scene.address}/search?q=red+top&footage={scene.played}&footage={scene.hall}")
    expect(hits(page)).to_have_count(6)
    below, slider = page.locator(".below"), page.get_by_role("slider", name="Least score")
    expect(below).to_have_text("nobody below the threshold")
    slider.fill("60")
    page.wait_for_url("**min=0.6**")
    expect(hits(page)).to_have_count(2)
    expect(below).to_have_text("4 people below the threshold")

    page.get_by_role("button", name="Change: red").click()
    page.get_by_role("dialog", name="Change: red").get_by_role("button", name="Does not").click()
    expect(box(page)).to_have_value("top not red")
    expect(page.locator(".chip.negated")).to_have_text("not red")
    page.get_by_role("button", name="Remove filter: hall.mp4").click()
    expect(page.locator(".limit")).to_have_count(1)

    address = page.url
    page.reload()
    expect(box(page)).to_have_value("top not red")
    expect(slider).to_have_value("60")
    expect(page.locator(".limit")).to_have_count(1)
    expect(hits(page)).to_have_count(1)
    assert page.url == address


def test_saving_and_people_like_somebody(tab: Page, scene: Scene) -> None:
    page = tab
    page.goto(f"{scene.address}/search?q=red+top")
    expect(hits(page).first).to_be_visible()
    saved = page.get_by_role("button", name="Saved searches")
    saved.click()
    panel = page.get_by_role("dialog", name="Saved searches")
    panel.get_by_role("textbox").fill("Red tops")
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("button", name="Run Red tops")).to_be_visible()
    panel.get_by_role("button", name="Delete Red tops").click()
    expect(panel.get_by_text("None yet.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(saved).to_be_focused()

    hits(page).first.get_by_role("button", name="Find people dressed like").click()
    expect(page.locator(".like")).to_contain_text("Dressed like P2")
    expect(box(page)).to_have_value("")
    expect(page.locator(".wearing").first).to_contain_text("Upper red")
    page.get_by_role("button", name="Stop looking for people like this").click()
    expect(page.locator(".examples")).to_be_visible()
