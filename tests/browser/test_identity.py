"""Who is who, in a real browser: a wrong identity repaired and taken back, and doubtful pairs by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from engine.core.identity import EditDraft
from tests.browser.conftest import settle
from tests.browser.test_screens import findings
from tests.drawn import draw_clip
from tests.looks import embed
from tests.seeded import Seeds, open_engine
from tests.web.running import Server, running_server

pytestmark = pytest.mark.browser

SECONDS = 4.0


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with two recordings; in the newest somebody who comes back is taken for somebody else."""
    folder = tmp_path_factory.mktemp("identity")
    with open_engine(folder / "home") as engine:
        seeds = Seeds(engine)
        for name, angle, added in (("hall.mp4", 0.0, "2026-11-19"), ("shop.mp4", 0.8, "2026-11-20")):
            footage = seeds.footage(name, seconds=SECONDS, added_utc=f"{added}T09:41:00+00:00")
            run = seeds.run(footage, people=4)
            run = embed(engine, run, {"P2": (2, angle), "P3": (3, angle), "P4": (4, angle)})
            media = engine.settings.media / footage.sha256
            draw_clip(media / "playback.mp4", seconds=SECONDS)
            Image.new("RGB", (320, 180), (110, 110, 110)).save(media / "poster.jpg")
        late = engine.answers.people(run.id)[0].presence[1].tracklet
        engine.identity.apply(EditDraft("split", run.id, "P1", tracklets=(late,)), "Kim")
    with running_server(folder / "home", folder / "server.log") as server:
        yield server


def rows(page: Page) -> list[str]:
    """Labels of the rows of the timeline."""
    return page.locator(".timeline .gutter .name").evaluate_all("names => names.map((name) => name.dataset.person)")


def wait_for_rows(page: Page, labels: list[str]) -> None:
    """Wait until the timeline has these rows."""
    expect(page.locator(".timeline .gutter .name")).to_have_count(len(labels))
    assert rows(page) == labels


def test_two_are_merged_in_two_clicks_and_the_timeline_follows(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/people")
    settle(page)
    wait_for_rows(page, ["P1", "P2", "P3", "P4", "P5"])
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("button", name="Show P1", exact=True).click()

    # Two clicks: who they are, and yes.
    page.get_by_role("button", name="P5 is the same person as P1").click()
    apply = page.get_by_role("button", name="Apply")
    expect(apply).to_be_focused()
    expect(page.get_by_role("region", name="What would change")).to_contain_text("Merge P5 into P1")
    assert not findings(page)
    apply.click()

    undo = page.get_by_role("button", name="Undo: merge P5 into P1")
    expect(undo).to_be_focused()
    expect(page.get_by_role("heading", name="4 people")).to_be_visible()
    wait_for_rows(page, ["P1", "P2", "P3", "P4"])
    # What lies over the picture is theirs as well.
    address = str(page.locator("video").first.get_attribute("src"))
    seek = "footage => dispatchEvent(new CustomEvent('sightline:seek', {detail: {footage, t: 1.9}}))"
    page.evaluate(seek, address.split("/")[-2])
    drawn = "canvas => canvas.drawn?.ready ? canvas.drawn.people.map((one) => one.label).join() : ''"
    for _ in range(600):
        if page.locator(".picture canvas").evaluate(drawn) == "P1":
            break
        page.wait_for_timeout(100)
    assert page.locator(".picture canvas").evaluate(drawn) == "P1"
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Redo: merge P5 into P1")).to_be_visible()
    expect(page.get_by_role("heading", name="5 people")).to_be_visible()
    wait_for_rows(page, ["P1", "P2", "P3", "P4", "P5"])

    # By dragging; what cannot be has no button, and Escape lets it be.
    page.locator(".person[data-person=P2]").drag_to(page.locator(".person[data-person=P1]"))
    expect(page.locator(".preview .warning")).to_contain_text("in view at the same time")
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    expect(apply).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".preview")).to_be_hidden()

    page.get_by_role("link", name="History of P1").click()
    expect(page.locator(".sl-line b").first).to_have_text("Taken back: P5 was merged into P1")


def test_doubtful_pairs_by_keyboard(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/doubtful")
    settle(page)
    pairs = page.locator(".pairs")
    expect(pairs.locator(".count")).to_have_text("Pair 1 of 3")
    first, second, third = page.locator(".waits").evaluate_all("rows => rows.map((row) => row.dataset.pair)")
    page.keyboard.press("j")
    expect(pairs).to_have_attribute("data-pair", second)
    page.keyboard.press("k")
    # Quicker than the page can follow: each key is for the pair that stood there when it was pressed.
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(pairs).to_have_attribute("data-pair", third)
    expect(pairs.locator(".count")).to_have_text("Pair 1 of 1")
    expect(page.get_by_role("button", name=re.compile("Undo: keep .* apart"))).to_be_visible()
    assert not findings(page)
    page.keyboard.press("u")
    expect(pairs.locator(".count")).to_have_text("Pair 1 of 2")
    expect(pairs).to_have_attribute("data-pair", second)
    expect(page.locator(f'.waits[data-pair="{second}"]')).to_be_visible()
    expect(page.locator(f'.waits[data-pair="{first}"]')).to_have_count(0)
    page.keyboard.press("3")
    expect(page.locator(".waits.skipped")).to_have_count(1)
