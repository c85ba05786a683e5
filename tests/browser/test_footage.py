"""The Footage screen in a real browser: dropping, watching, finding, telling about and removing recordings."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from engine.core.library import FootageDetails, parse_start
from engine.core.types import Gap
from tests.browser.conftest import NAMES, settle
from tests.drawn import Walker, draw_clip
from tests.seeded import Seeds, open_engine
from tests.web.running import Server, running_server

pytestmark = pytest.mark.browser

ANALYSIS_MS = 240_000
STRIP = 4
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: "video/mp4" }));
  const init = { dataTransfer, bubbles: true, cancelable: true };
  for (const kind of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, init));
}"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server's footage lies.

    Attributes:
        home: of the server.
        roots: the folder open to the browser.
    """

    home: Path
    roots: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home with a library, and a folder that is watched."""
    folder = tmp_path_factory.mktemp("footage")
    place = Place(folder / "home", folder / "open")
    (place.roots / "camera").mkdir(parents=True)
    place.home.mkdir()
    (place.home / "sightline.toml").write_text(f'roots = ["{place.roots}"]\n')
    draw_clip(place.roots / "camera" / "watched.mp4", (Walker((20, 200, 20)),), seconds=1.0)
    with open_engine(place.home, roots=(str(place.roots),)) as engine:
        engine.library.watch(place.roots / "camera", "embedded")
        seeds = Seeds(engine)
        for number, name in enumerate(("gate 10.mp4", "gate 9.mp4", "hall.mp4", "lobby.mp4")):
            footage = seeds.footage(
                name,
                seconds=60.0 * (number + 1),
                gaps=(Gap(1.0, 2.0, "corrupt"),) if name == "hall.mp4" else (),
                recorded_utc="2024-03-01T09:00:00Z",
            )
            seeds.run(footage, people=number + 1, segments=0, appearances=1, pictures=False)
            pictures(seeds, footage.sha256)
            start = parse_start("2026-11-20 18:41", "Asia/Seoul")
            tags = ("night", "door") if number < 2 else ("day",)
            engine.library.describe(footage.id, FootageDetails(tags, f"Cam {number % 2}", start, "Asia/Seoul"))
    return place


def pictures(seeds: Seeds, sha256: str) -> None:
    from PIL import Image

    folder = seeds.engine.settings.media / sha256
    (folder / "thumbs").mkdir(parents=True, exist_ok=True)
    for number in range(STRIP):
        Image.new("RGB", (240, 135), (60 * number, 120, 90)).save(folder / "thumbs" / f"{number}.jpg")
    Image.new("RGB", (480, 270), (90, 120, 160)).save(folder / "poster.jpg")


@pytest.fixture(scope="module")
def server(chromium: str, place: Place) -> Iterator[Server]:
    """A dashboard on that home."""
    assert NAMES
    with running_server(place.home, place.home.parent / "server.log") as server:
        yield server


def card(page: Page, name: str) -> Locator:
    return page.locator(".card", has=page.get_by_role("button", name=name, exact=True))


def names(page: Page) -> list[str]:
    return page.locator(".stage .name").all_inner_texts()


def set_view(page: Page, kind: str) -> None:
    page.get_by_role("button", name=kind, exact=True).click()


def test_a_dropped_clip_is_analysed_before_ones_eyes_and_through_a_reload(page: Page, tmp_path: Path) -> None:
    clip = draw_clip(tmp_path / "dropped here.mp4", seconds=4.0)
    expect(card(page, "hall.mp4")).to_be_visible()
    # Beside the panel: the whole page takes files.
    page.evaluate(DROP, [clip.name, base64.b64encode(clip.read_bytes()).decode()])
    dropped = card(page, "dropped here.mp4")
    expect(page.locator(".queue li")).to_contain_text("added")
    expect(dropped).to_be_visible()
    page.reload()
    expect(dropped.get_by_role("progressbar").or_(dropped.get_by_role("link"))).to_be_visible()
    expect(dropped.get_by_role("link", name="See people: dropped here.mp4")).to_be_visible(timeout=ANALYSIS_MS)
    expect(dropped.locator("img.poster")).to_have_js_property("complete", True)
    expect(dropped.locator(".length")).to_have_text("4 s")


def test_search_filters_and_order(page: Page) -> None:
    expect(card(page, "hall.mp4")).to_be_visible()
    page.get_by_role("searchbox").fill("NIGHT gate")
    expect(page.locator(".card")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="recordings")).to_have_text(re.compile(r"^2 of \d recordings$"))
    page.get_by_label("Order", exact=True).select_option("name")
    assert names(page) == ["gate 9.mp4", "gate 10.mp4"], "numbers count as numbers"
    page.get_by_role("button", name="Turn the order round").click()
    assert names(page) == ["gate 10.mp4", "gate 9.mp4"]
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_label("Any state").select_option("alerts")
    assert names(page) == ["hall.mp4"]
    page.get_by_label("Any state").select_option("")
    page.get_by_label("Any camera").select_option("Cam 1")
    assert set(names(page)) == {"gate 9.mp4", "lobby.mp4"}
    page.get_by_role("button", name="Clear", exact=True).click()
    card(page, "lobby.mp4").get_by_role("button", name="Only recordings tagged day").click()
    assert set(names(page)) == {"hall.mp4", "lobby.mp4"}
    page.reload()
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_role("searchbox").fill("nothing is called this")
    expect(page.get_by_role("status").filter(has_text="recordings")).to_contain_text("0 of")
    page.get_by_role("button", name="Clear", exact=True).click()


def test_the_table_sorts_by_its_heads_and_is_remembered(page: Page) -> None:
    expect(card(page, "hall.mp4")).to_be_visible()
    set_view(page, "Table")
    page.get_by_role("button", name="Length", exact=True).click()
    expect(page.get_by_role("columnheader", name="Length")).to_have_attribute("aria-sort", "descending")
    assert names(page)[0] == "lobby.mp4"
    page.get_by_role("button", name="Length", exact=True).click()
    expect(page.get_by_role("columnheader", name="Length")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("button", name="People", exact=True).click()
    row = page.locator("tr.row").first
    expect(row).to_contain_text("lobby.mp4")
    expect(row).to_contain_text("2026-11-20 18:41 KST")
    expect(row.locator(".number").nth(1)).to_have_text("4")
    page.reload()
    expect(page.locator("tr.row").first).to_contain_text("lobby.mp4")
    set_view(page, "Cards")
    page.get_by_label("Order", exact=True).select_option("newest")


def test_the_strip_follows_mouse_and_keys(page: Page) -> None:
    picture = card(page, "hall.mp4").locator(".pic")
    box = picture.bounding_box()
    assert box is not None
    still = picture.locator(".still")
    for number in (0, 2, 3):
        picture.hover(position={"x": box["width"] * (number + 0.5) / STRIP, "y": 20})
        expect(still).to_have_attribute("src", re.compile(rf"thumbs/{number}\.jpg$"))
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=still.element_handle())
    page.mouse.move(5, 5)
    expect(still).to_be_hidden()
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(still).to_have_attribute("src", re.compile(r"thumbs/1\.jpg$"))
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-sl_details")).to_contain_text("hall.mp4")


def test_details_are_linked_edited_and_shown_on_the_card(page: Page, server: Server) -> None:
    card(page, "hall.mp4").get_by_role("button", name="hall.mp4", exact=True).click()
    expect(page).to_have_url(re.compile(r"footage=[0-9a-f]{12}"))
    page.goto(page.url)
    settle(page)
    panel = page.locator(".st-key-sl_details")
    expect(panel).to_contain_text("Could not be read")
    expect(card(page, "hall.mp4")).to_have_attribute("aria-current", "true")
    panel.get_by_text("Edit details").click()
    panel.get_by_label("Recorded", exact=True).fill("next week")
    panel.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="no date and time")).to_be_visible()
    panel.get_by_label("Recorded", exact=True).fill("2026-07-01 08:05")
    panel.get_by_label("Note", exact=True).fill("the camera was turned")
    panel.get_by_role("button", name="Save").click()
    expect(card(page, "hall.mp4")).to_contain_text("2026-07-01 08:05 KST")
    page.get_by_role("searchbox").fill("was turned")
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_role("button", name="Clear", exact=True).click()


def test_people_open_without_a_reload(page: Page) -> None:
    page.evaluate("window.stayed = true")
    card(page, "lobby.mp4").get_by_role("link", name="See people: lobby.mp4").click()
    expect(page).to_have_url(re.compile(r"/people\?.*footage=[0-9a-f]{12}"))
    expect(page.get_by_role("heading", name="4 people")).to_be_visible()
    assert page.evaluate("window.stayed")


def test_quick_presses_are_all_heard_and_bad_files_say_why(page: Page, place: Place) -> None:
    with open_engine(place.home) as engine:
        seeds = Seeds(engine)
        for number in range(3):
            seeds.footage(f"new {number}.mp4")
    cards = [card(page, f"new {number}.mp4") for number in range(3)]
    expect(cards[0]).to_be_visible()  # by itself: what others add is seen without a reload
    for one in cards:
        one.get_by_role("button", name="Analyse").click(no_wait_after=True)
    for one in cards:
        expect(one.get_by_role("button", name="Retry")).to_be_visible()
        expect(one.locator(".why")).to_contain_text(".mp4”")
    with open_engine(place.home) as engine:
        assert len({job.footage for job in engine.jobs() if job.footage_name.startswith("new ")}) == 3


def test_removing_says_what_goes_and_does_it(page: Page, place: Place) -> None:
    card(page, "gate 9.mp4").locator(".pic").click()
    panel = page.locator(".st-key-sl_details")
    panel.get_by_role("button", name="Remove…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The results of 1 analysis; it found: 2 people")
    expect(dialog).to_contain_text(f"{STRIP + 1} pictures")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_have_count(0)
    expect(card(page, "gate 9.mp4")).to_be_visible()
    panel.get_by_role("button", name="Remove…").click()
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(card(page, "gate 9.mp4")).to_have_count(0)
    expect(dialog).to_have_count(0)
    expect(panel).to_have_count(0)
    assert "footage=" not in page.url


def test_an_upload_that_a_reload_broke_off_goes_on_where_it_was(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "long notes.mp4"
    path.write_bytes(b"This is a shopping list.\n" * 800_000)
    part, offsets = 8 * 2**20, []

    def hold_second_part(route: Route) -> None:
        offsets.append(int(route.request.url.rpartition("=")[2]))
        if len(offsets) != 2:
            route.continue_()

    page.route("**/sightline/uploads/*offset=*", hold_second_part)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("input[type=file]").set_input_files(str(path))
    expect(page.locator(".queue li").first).to_contain_text("4")
    page.wait_for_function("() => true")
    while len(offsets) < 2:
        page.wait_for_timeout(50)
    page.reload()
    parted = page.locator(".parted li")
    expect(parted).to_contain_text("Interrupted at 41 %")
    page.locator("input[type=file]").set_input_files(str(path))
    expect(page.locator(".queue li .error:visible")).to_contain_text("is a text file")
    assert offsets == [0, part, part, 2 * part]
    expect(parted).to_have_count(0)


def test_korean_says_the_same_of_a_bad_file(page: Page, server: Server, tmp_path: Path) -> None:
    page.goto(f"{server.address}/?lang=ko")
    (tmp_path / "notes.mp4").write_text("This is a shopping list.\n" * 50)
    page.locator("input[type=file]").set_input_files(str(tmp_path / "notes.mp4"))
    expect(page.locator(".queue li").get_by_role("alert")).to_contain_text("‘notes.mp4’은(는) 텍스트 파일입니다")
    expect(card(page, "lobby.mp4").get_by_role("link", name="인물 보기: lobby.mp4")).to_be_visible()


def test_what_came_into_a_watched_folder_is_there(page: Page, place: Place) -> None:
    expect(card(page, "watched.mp4")).to_be_visible(timeout=60_000)
    folder = page.locator("[class*=st-key-sl_folder_]")
    expect(folder).to_contain_text("Watched folder")
    expect(folder).to_contain_text("1 found · 1 added · 0 known before")
    folder.get_by_role("button").first.click()
    expect(folder).to_have_count(0)
    expect(card(page, "watched.mp4")).to_be_visible()
