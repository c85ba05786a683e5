"""The frame in a real browser: what is remembered, what several tabs see, what the keyboard reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import stranger
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(browser: Browser, scene: Scene) -> Iterator[BrowserContext]:
    """A browser nobody has used before, looking at the scene."""
    context = stranger(browser, base_url=scene.address)
    yield context
    context.close()


def opened(visitor: BrowserContext, address: str, title: str) -> Page:
    page = visitor.new_page()
    page.goto(address)
    expect(page).to_have_title(re.compile(title))
    expect(page.locator("h1")).to_be_visible()
    return page


def test_the_language_is_remembered_in_a_new_tab(visitor: BrowserContext) -> None:
    page = opened(visitor, "/models", "Models")
    assert page.evaluate("document.documentElement.lang") == "en"
    switch = page.get_by_role("button", name="한국어")
    expect(switch).to_have_attribute("lang", "ko")
    switch.click()
    expect(page.get_by_role("heading", name="모델", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("lang=ko"))
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.get_by_role("link", name="영상").first.click()
    expect(page).to_have_url(re.compile(r"/\?lang=ko$"))
    later = opened(visitor, "/models", "모델")
    expect(later.locator("html")).to_have_attribute("lang", "ko")
    [cookie] = [cookie for cookie in visitor.cookies() if cookie["name"] == "sightline_language"]
    assert cookie["value"] == "ko"
    assert cookie["sameSite"] == "Lax"


def test_two_tabs_at_once_keep_their_own_language_and_place(visitor: BrowserContext, scene: Scene) -> None:
    first = opened(visitor, f"/people?footage={scene.hall}&lang=en", "People")
    second = opened(visitor, f"/people?footage={scene.played}&lang=ko", "인물")
    expect(first.locator("html")).to_have_attribute("lang", "en")
    expect(second.get_by_role("heading", level=1)).to_contain_text("2명")
    first.get_by_role("link", name=re.compile(r"Compare$")).click()
    expect(first).to_have_url(re.compile(f"/compare.*footage={scene.hall}"))
    expect(second).to_have_url(re.compile(f"footage={scene.played}"))


def test_the_recording_follows_from_screen_to_screen_and_back(visitor: BrowserContext, scene: Scene) -> None:
    page = opened(visitor, f"/people?footage={scene.hall}&person=P2&t=7.5", "People")
    page.get_by_role("link", name=re.compile(r"Compare$")).click()
    expect(page).to_have_title(re.compile("Compare"))
    expect(page).to_have_url(re.compile(f"footage={scene.hall}"))
    page.get_by_role("link", name="Models").click()
    expect(page).to_have_title(re.compile("Models"))
    expect(page).not_to_have_url(re.compile("footage="))
    page.get_by_role("link", name="People").first.click()
    expect(page).to_have_title(re.compile("People"))
    expect(page).to_have_url(re.compile(f"footage={scene.hall}"))


def test_a_job_under_way_is_on_every_screen_and_there_again_after_a_reload(
    visitor: BrowserContext, scene: Scene
) -> None:
    page = opened(visitor, "/models", "Models")
    panel = page.get_by_test_id("stSidebar").locator(".st-key-sl_jobs")
    bar = panel.get_by_role("progressbar", name="back entrance.mp4")
    expect(bar).to_have_attribute("aria-valuenow", "42")
    expect(panel).to_contain_text("finding people · 42% · 1 min 15 s left")
    page.reload()
    expect(bar).to_have_attribute("aria-valuenow", "42")
    panel.get_by_role("link", name="back entrance.mp4").click()
    expect(page).to_have_url(re.compile(f"footage={scene.running}"))
    expect(page).to_have_title(re.compile("Footage"))
    expect(bar).to_be_visible()


def test_a_failure_that_was_seen_stays_away(visitor: BrowserContext) -> None:
    page = opened(visitor, "/models", "Models")
    panel = page.locator(".st-key-sl_jobs")
    expect(panel).to_contain_text("breaks off after 12 seconds")
    panel.get_by_role("button", name="Dismiss").click()
    expect(panel).not_to_contain_text("breaks off")
    # The cookie is written at the next drawing of the whole page.
    page.get_by_role("link", name="People").first.click()
    expect(page).to_have_title(re.compile("People"))
    page.wait_for_function("document.cookie.includes('sightline_seen')")
    page.reload()
    expect(panel.get_by_role("progressbar")).to_be_visible()
    expect(panel).not_to_contain_text("breaks off")


def test_the_keyboard_skips_the_navigation_and_its_place_is_seen(visitor: BrowserContext) -> None:
    page = opened(visitor, "/models", "Models")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_attached()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    inside = "document.activeElement.closest('[data-testid=stMainBlockContainer]') !== null"
    page.wait_for_function(inside)
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
        outline = page.evaluate("""() => {
            const own = getComputedStyle(document.activeElement);
            const around = getComputedStyle(document.activeElement.closest('[data-baseweb]') ?? document.activeElement);
            return [own.outlineStyle !== 'none' && own.outlineWidth !== '0px', own.boxShadow, around.borderColor];
        }""")
        assert outline[0] or outline[1] != "none" or outline[2]


def test_every_screen_is_reached_by_keyboard_alone(visitor: BrowserContext) -> None:
    page = opened(visitor, "/", "Footage")
    expect(page.get_by_role("button", name="한국어")).to_be_visible()  # what comes later is not reached before
    names = []
    for _ in range(25):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert [
        name for name in ("Footage", "People", "Compare", "Models") if not any(n.endswith(name) for n in names)
    ] == []
    assert "한국어" in names


def test_a_choice_of_models_outlives_a_reload(visitor: BrowserContext) -> None:
    page = opened(visitor, "/models", "Models")
    box = page.locator(".st-key-sl_task_person").get_by_role("combobox")
    box.click()
    page.get_by_role("option", name="blazepose-detector").click()
    expect(page.locator(".st-key-sl_task_person .sl-uses")).to_contain_text("chosen here")
    page.reload()
    expect(page.locator(".st-key-sl_task_person .sl-uses")).to_contain_text("chosen here")
    page.locator(".st-key-sl_task_person").get_by_role("combobox").click()
    page.get_by_role("option", name="Automatic").click()
    expect(page.locator(".st-key-sl_task_person .sl-uses")).not_to_contain_text("chosen here")


def test_a_model_is_imported_by_the_browser_and_removed(visitor: BrowserContext, tmp_path) -> None:
    (tmp_path / "sent.onnx").write_bytes(b"network" * 1000)
    (tmp_path / "sent.pt").write_bytes(b"pickle" * 1000)
    page = opened(visitor, "/models", "Models")
    task = page.locator(".st-key-sl_task_person")
    task.get_by_role("button", name="Import").click()
    file = page.locator(".model input[type=file]")
    file.set_input_files(str(tmp_path / "sent.pt"))
    expect(page.locator(".model .words")).to_contain_text("can run code")
    file.set_input_files(str(tmp_path / "sent.onnx"))
    expect(task.locator(".sl-name", has_text="sent.onnx")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".st-key-sl_row_of_person_sent_onnx").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Remove from this machine").click()
    expect(page.get_by_text("sent.onnx was removed.")).to_be_visible()
    expect(task.locator(".sl-name", has_text="sent.onnx")).to_have_count(0)
