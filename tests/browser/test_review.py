"""Reviewing in a real browser, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.browser.test_screens import findings
from tests.drawn import draw_clip
from tests.seeded import Seeds, open_engine
from tests.web.running import Server, running_server

pytestmark = pytest.mark.browser

SECONDS = 4.0


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with one recording of three events."""
    folder = tmp_path_factory.mktemp("review")
    with open_engine(folder / "home") as engine:
        seeds = Seeds(engine)
        footage = seeds.footage("shop.mp4", seconds=SECONDS)
        seeds.events(seeds.run(footage, people=3, appearances=1))
        media = engine.settings.media / footage.sha256
        draw_clip(media / "playback.mp4", seconds=SECONDS)
        Image.new("RGB", (320, 180), (110, 110, 110)).save(media / "poster.jpg")
    with running_server(folder / "home", folder / "server.log") as server:
        yield server


@pytest.fixture
def review(page: Page, server: Server) -> Page:
    page.goto(f"{server.address}/review")
    settle(page)
    expect(page.locator(".event .verdict").first).to_be_visible()
    return page


def current(page: Page) -> str:
    return str(page.locator(".row[aria-current]").get_attribute("data-event"))


def press(page: Page, key: str) -> None:
    """Press a key that leads to another event, and wait until that is shown."""
    before = current(page)
    page.keyboard.press(key)
    expect(page.locator(f'.row[data-event="{before}"][aria-current]')).to_have_count(0)
    expect(page.locator(".event.waiting")).to_have_count(0)


def test_three_events_by_keyboard_alone(review: Page) -> None:
    video = review.locator("video").first
    expect(review.locator(".rows h3")).to_have_text(["To review3"])
    review.wait_for_function("video => video.readyState >= 2", arg=video.element_handle())
    # Near the end of what is shown around the event it goes back to the beginning.
    video.evaluate("video => { video.currentTime = 2.9; }")
    review.keyboard.press(" ")
    review.wait_for_function("video => !video.paused && video.currentTime < 2", arg=video.element_handle())
    press(review, "j")
    press(review, "k")
    review.keyboard.press("5")
    expect(review.get_by_role("button", name="Play", exact=True)).to_have_attribute("aria-pressed", "true")
    press(review, "1")
    review.keyboard.press("n")
    expect(review.get_by_label("Note")).to_be_focused()
    review.keyboard.type("2 people, 1 basket")
    review.keyboard.press("Enter")
    press(review, "2")
    review.keyboard.press("3")
    expect(review.get_by_text("Everything is reviewed")).to_be_visible()
    review.reload()
    expect(review.locator(".row .said")).to_have_count(3)
    for verdict in ("confirmed", "dismissed", "unsure"):
        expect(review.locator(f".row .said.{verdict}")).to_have_count(1)
    expect(review.locator(".rows h3")).to_have_text(["Reviewed3"])

    review.keyboard.press("u")
    expect(review.locator(".rows h3")).to_have_text(["To review1", "Reviewed2"])
    expect(review.locator(".said-list li")).to_have_count(2)
    expect(review.locator(".said-list li").first).to_contain_text("took the verdict back")
    # What was said before stands in the history, with its reason or note.
    review.locator(".row", has_text="dismissed").press("Enter")
    expect(review.locator(".said-list")).to_contain_text("2 people, 1 basket")
    review.locator(".row", has_text="confirmed").press("Enter")
    expect(review.locator(".said-list")).to_contain_text("Play")


def hurried(page: Page, server: Server, reviewer: str) -> list[str]:
    """Open the queue of somebody who has judged nothing; the ids of its events, in order."""
    page.goto(f"{server.address}/review?reviewer={reviewer}")
    settle(page)
    rows = page.locator(".row")
    expect(page.locator(".event .verdict").first).to_be_visible()
    expect(page.locator(".row.judged")).to_have_count(0)
    return [str(rows.nth(place).get_attribute("data-event")) for place in range(rows.count())]


def said(server: Server, reviewer: str) -> dict[str, tuple[str, str, str]]:
    """What the store holds of somebody: event -> verdict, reason and note that stand."""
    with open_engine(server.log.parent / "home") as engine:
        last = {
            item.event.id: one
            for item in engine.anomalies.queue()
            for one in engine.anomalies.history(item.event.id)
            if one.reviewer == reviewer
        }
    return {event: (one.verdict, one.reason, one.note) for event, one in last.items()}


def test_keys_faster_than_pages_are_drawn_are_about_their_events(page: Page, server: Server) -> None:
    first, second, third = hurried(page, server, "Quick")
    # Which event comes back the page alone knows: what is pressed meanwhile is about that one.
    page.keyboard.type("1u231")
    expect(page.get_by_text("Everything is reviewed")).to_be_visible()
    verdicts = {first: "dismissed", second: "unsure", third: "confirmed"}
    assert {event: one[0] for event, one in said(server, "Quick").items()} == verdicts
    page.keyboard.type("u2")
    expect(page.locator(".row .said.dismissed")).to_have_count(2)
    expect(page.get_by_text("Everything is reviewed")).to_be_visible()
    settle(page)
    verdicts[third] = "dismissed"
    assert {event: one[0] for event, one in said(server, "Quick").items()} == verdicts
    # No event is shown whose note this could be: nothing of it is a verdict.
    page.keyboard.type("un123")
    expect(page.get_by_label("Note")).to_be_focused()
    page.keyboard.press("Enter")
    assert {event: one[0] for event, one in said(server, "Quick").items()} == {**verdicts, third: ""}


def test_moving_and_notes_without_waiting(page: Page, server: Server) -> None:
    first, second, third = hurried(page, server, "Haste")
    page.keyboard.type("n123")
    expect(page.get_by_label("Note")).to_have_value("123")
    page.keyboard.press("Enter")
    # The note was not said, so it is gone with its event; the next has one of its own, typed before it is drawn.
    page.keyboard.type("jjkj53j1n321 jk u")
    page.keyboard.press("Enter")
    expect(page.locator(".event.waiting")).to_have_count(0)
    assert set(said(server, "Haste")) == {second, third}
    expect(page.get_by_label("Note")).to_have_value("321 jk u")
    page.keyboard.type("2")
    expect(page.get_by_text("Everything is reviewed")).to_be_visible()
    assert said(server, "Haste") == {
        third: ("unsure", "play", ""),
        second: ("confirmed", "", ""),
        first: ("dismissed", "", "321 jk u"),
    }


def test_an_event_is_added_by_hand(review: Page) -> None:
    before = review.locator(".row").count()
    video = review.locator("video").first
    review.wait_for_function("video => video.readyState >= 2", arg=video.element_handle())
    review.keyboard.press("m")
    form = review.locator("form.marking")
    form.get_by_label("What happened").select_option("damage")
    form.get_by_label("Person").select_option("")
    video.evaluate("video => { video.currentTime = 1.001; }")
    review.wait_for_function("document.title && window.performance")
    expect(review.locator(".clock .now").first).to_have_text("0:01.00")
    form.get_by_role("button", name="Start here").press("Enter")
    form.get_by_label("To (s)").fill("0.5")
    form.get_by_role("button", name="Add the event").press("Enter")
    expect(form.get_by_role("alert")).to_have_text("The end must come after the start.")
    form.get_by_label("To (s)").fill("2.5")
    form.get_by_label("To (s)").press("Enter")
    expect(review.locator(".row")).to_have_count(before + 1)
    expect(review.get_by_role("heading", name="Damage · 0:01.0 – 0:02.5")).to_be_visible()
    expect(review.locator(".made dd")).to_have_text("Added by analyst")
    expect(review).to_have_url(re.compile(r"event=[0-9a-f]{12}"))


def test_another_name_has_a_queue_of_its_own_and_is_remembered(review: Page) -> None:
    mine = review.locator(".row.judged").count()
    review.get_by_role("button", name="Change the reviewer's name").press("Enter")
    review.get_by_label("Your name").fill("Mina 김")
    review.get_by_label("Your name").press("Enter")
    expect(review.locator(".who button")).to_have_text("Mina 김")
    expect(review.locator(".row.judged")).to_have_count(0)
    assert mine == 0 or review.locator(".row .tag", has_text="others:").count() > 0
    review.goto(review.url.partition("?")[0])
    expect(review.locator(".who button")).to_have_text("Mina 김")


def test_all_of_it_can_be_read_by_everybody(review: Page) -> None:
    review.get_by_role("button", name="Filter", exact=True).click()
    for panel in ("What reviews teach", "Shop zones"):
        review.locator("summary", has_text=panel).click()
    review.get_by_role("button", name="Add a counter").click()
    expect(review.get_by_role("button", name=re.compile("Counter, corner 1 of 4"))).to_be_focused()
    review.keyboard.press("ArrowRight")
    review.get_by_role("button", name="Save the zones").click()
    expect(review.locator(".zones .state")).to_have_text("Saved. They take effect with the next analysis.")
    settle(review)  # what is being drawn again is pale
    assert not findings(review)
