"""The gallery and the map of looks in a real browser: cards, a dossier, its print, pictures on hover, and the lasso."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle
from tests.browser.test_screens import ARTIFACTS, findings
from tests.looks import embed
from tests.seeded import Seeds, open_engine
from tests.web.running import Server, running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard with two recordings; P2 of the first is P1 of the second."""
    folder = tmp_path_factory.mktemp("gallery")
    with open_engine(folder / "home") as engine:
        seeds = Seeds(engine)
        for name, looks in (("hall.mp4", (1, 2, 3)), ("yard.mp4", (2, 4))):
            run = seeds.dressed(seeds.run(seeds.footage(name), people=len(looks)))
            embed(engine, run, {f"P{n}": (look, 0.0) for n, look in enumerate(looks, 1)})
    with running_server(folder / "home", folder / "server.log") as server:
        yield server


def test_a_dossier_by_a_click_named_printed_and_left(page: Page, server: Server, tmp_path: Path) -> None:
    page.goto(f"{server.address}/gallery")
    settle(page)
    cards = page.locator(".cards .card")
    expect(cards).to_have_count(4)
    both = cards.filter(has_text="yard.mp4").filter(has_text="hall.mp4")
    expect(both.locator("img")).to_have_js_property("complete", True)
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / "gallery-flow.png"))
    assert not findings(page)
    both.click()
    expect(page.locator("h1")).to_have_text("P2")
    assert "id=" in page.url
    name = page.get_by_label("Name", exact=True)
    name.fill("Mina Kim")
    name.press("Enter")
    expect(page.locator("h1")).to_have_text("Mina Kim")
    settle(page)
    page.screenshot(path=str(ARTIFACTS / "dossier-flow.png"), full_page=True)
    assert not findings(page)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator(".sl-seen").first).to_be_visible()
    assert len(page.pdf(path=str(tmp_path / "dossier.pdf"))) > 10_000
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Everybody").click()
    expect(page.locator(".cards .name").filter(has_text="Mina Kim")).to_be_visible()


def test_a_wrong_appearance_is_parted_and_joined_again(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/gallery?only=several")
    settle(page)
    page.locator(".cards .card").first.click()
    apart = page.get_by_role("button", name="Not the same person")
    expect(apart).to_have_count(2)
    apart.last.click()
    expect(apart).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(apart).to_have_count(2)


def test_pictures_on_hover_and_a_lasso_to_a_merge(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/embeddings")
    settle(page)
    chart = page.locator(".st-key-sl_map .js-plotly-plot")
    points = chart.locator(".scatterlayer .point")
    expect(points.first).to_be_visible()
    page.wait_for_timeout(1000)  # the element looks for the chart twice a second
    point = points.first.bounding_box()
    assert point is not None
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    picture = page.locator(".sl-hover.shown img")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 64)
    page.screenshot(path=str(ARTIFACTS / "embeddings-hover.png"))
    area = chart.locator(".nsewdrag").first.bounding_box()
    assert area is not None
    left, top = area["x"] + 4, area["y"] + 4
    right, bottom = area["x"] + area["width"] - 4, area["y"] + area["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 5)):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    expect(page.get_by_text("pictures of 5 people")).to_be_visible()
    expect(page.locator(".sl-picked")).to_have_count(5)
    page.screenshot(path=str(ARTIFACTS / "embeddings-lasso.png"), full_page=True)
    # The box of Streamlit's own in which one types lies over the names in it, as far as axe can see.
    assert not [finding for finding in findings(page) if "aria-autocomplete" not in finding]
    page.get_by_role("button", name="Same person").click()
    expect(page.get_by_role("button", name="Merge", exact=True)).to_be_disabled()
    expect(page.get_by_text("in view at the same time").first).to_be_visible()
