"""The timeline in a real browser: what is drawn, found, spoken, and told to the rest of the page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import stranger
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser

LENGTH_S = 139.4
WHOLE = f"0.000 {LENGTH_S:.3f}"
PEOPLE = 4
PATIENT_MS = 30_000
FIRST_TOP = 9  # pixels from the top of the rows to the middle of the first person's presence
LISTEN = """() => {
    window.told = [];
    for (const kind of ['seek', 'select']) {
        window.addEventListener(`sightline:${kind}`, (event) => window.told.push([kind, event.detail]));
    }
}"""

PAINTED = """root => {
    const { from, to } = root.parentNode.sightline.view;
    return root.dataset.view === `${from.toFixed(3)} ${to.toFixed(3)}`;
}"""
"""The view is on the screen as it was asked for last."""


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = stranger(browser)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture(scope="module")
def tab(context: BrowserContext, scene: Scene) -> Iterator[Page]:
    """The people of the hall, the timeline drawn; afterwards no script may have failed."""
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{scene.address}/people?footage={scene.hall}&lang=en")
    page.locator(".timeline[data-painted]").wait_for()
    page.evaluate(LISTEN)
    yield page
    page.close()
    assert not failures


@pytest.fixture
def page(tab: Page) -> Page:
    """The same tab for every test, for opening one takes seconds: its timeline as it was in the beginning."""
    tab.mouse.move(0, 0)
    tab.locator(".timeline").evaluate(
        """root => {
            const board = root.parentNode.sightline;
            board.showList(false);
            board.clear();
            board.resort('first');
            board.foldAll(false);
            board.fit();
            board.only = board.chosen = '';
            board.focus = null;
            board.time = 0;
            window.told = [];
        }"""
    )
    expect(tab.locator(".timeline")).to_have_attribute("data-view", WHOLE)
    return tab


def view(page: Page) -> tuple[float, float]:
    """The stretch of time that the rows show, seconds."""
    low, high = page.locator(".timeline").get_attribute("data-view").split()
    return float(low), float(high)


def place(page: Page, t: float, down: float = FIRST_TOP) -> tuple[float, float]:
    """Where a time is on the screen, so far down the rows."""
    canvas = page.locator("canvas.rows")
    canvas.scroll_into_view_if_needed()
    box, (low, high) = canvas.bounding_box(), view(page)
    return box["x"] + (t - low) / (high - low) * box["width"], box["y"] + down


def told(page: Page, kind: str) -> list[dict]:
    return [detail for name, detail in page.evaluate("told") if name == kind]


def spoken(page: Page) -> Locator:
    return page.locator(".timeline [aria-live]")


def first_segment(page: Page) -> tuple[float, float]:
    """When the first person is first in view."""
    lane = page.locator(".timeline").evaluate_handle("root => root.parentNode.sightline.model.people[0].lanes[0]")
    start, end = lane.evaluate("lane => [lane.start[0], lane.end[0]]")
    return start, end


def test_a_click_on_a_segment_picks_and_plays(page: Page, scene: Scene) -> None:
    start, end = first_segment(page)
    page.mouse.click(*place(page, (start + end) / 2))
    page.wait_for_function("told.length >= 2")
    assert told(page, "seek") == [{"footage": scene.hall, "t": start, "play": True}]
    assert told(page, "select") == [{"footage": scene.hall, "person": "P1", "t": start}]
    address = re.compile(rf"person=P1.*t={start:.3f}|t={start:.3f}.*person=P1")
    expect(page).to_have_url(address, timeout=PATIENT_MS)
    expect(page.locator(".timeline .name.chosen")).to_have_attribute("data-person", "P1")


def test_a_click_beside_segments_only_seeks(page: Page) -> None:
    page.mouse.click(*place(page, LENGTH_S - 2))
    page.wait_for_function("told.length >= 1")
    (seek,) = told(page, "seek")
    assert seek["t"] == pytest.approx(LENGTH_S - 2, abs=0.3)
    assert seek["play"] is False
    assert not told(page, "select")


def test_the_card_says_what_lies_under_the_pointer(page: Page) -> None:
    start, end = first_segment(page)
    card = page.locator(".timeline .card")
    expect(card).to_be_hidden()
    page.mouse.move(*place(page, start + 1, FIRST_TOP + 15))
    expect(card).to_be_visible()
    expect(card).to_contain_text("P1")
    expect(card).to_contain_text("Posture · walking")
    expect(card).to_contain_text("80 %")
    expect(card).to_contain_text("geometry")
    picture = card.locator("img")
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    page.mouse.move(*place(page, end + 3))
    expect(card).to_be_hidden()


def test_the_keyboard_goes_everywhere_and_every_stop_is_spoken(page: Page) -> None:
    board = page.get_by_role("application", name="Timeline of people")
    board.focus()
    steps = [
        ("ArrowDown", r"^P1 in view, .*, 1 of 2$"),
        ("ArrowRight", r"^P1 in view, .*, 2 of 2$"),
        ("Home", r"^P1 in view, .*, 1 of 2$"),
        ("ArrowDown", r"^P1, Posture: \w+, .*score 80 percent"),
        ("End", r"^P1, Posture: .*8 of 8$"),
        ("Home", r"^P1, Posture: walking, .*1 of 8$"),
        ("PageDown", r"^P2 in view"),
        ("ArrowUp", r"^P1, Emotion: "),
        ("ArrowDown", r"^P2 in view"),
    ]
    for key, words in steps:
        page.keyboard.press(key)
        expect(spoken(page)).to_have_text(re.compile(words))
    page.keyboard.press("Enter")
    page.wait_for_function("told.length >= 2")
    assert told(page, "select")[0]["person"] == "P2"
    page.keyboard.press("Escape")
    page.wait_for_function("told.length >= 3")
    assert told(page, "select")[-1]["person"] == ""
    expect(page.locator(".timeline .name.chosen")).to_have_count(0)


def test_zoom_and_pan_by_keys_buttons_wheel_and_drag(page: Page) -> None:
    assert view(page) == (0, LENGTH_S)
    page.locator(".board").focus()
    page.keyboard.press("+")
    expect(page.locator(".timeline")).not_to_have_attribute("data-view", WHOLE)
    page.keyboard.press("0")
    expect(page.locator(".timeline")).to_have_attribute("data-view", WHOLE)
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".timeline")).not_to_have_attribute("data-view", WHOLE)
    page.get_by_role("button", name="Show the whole recording").click()
    expect(page.locator(".timeline")).to_have_attribute("data-view", WHOLE)
    x, y = place(page, 40)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Control")
    expect(page.locator(".timeline")).not_to_have_attribute("data-view", WHOLE)
    low, high = view(page)
    assert low < 40 < high
    assert place(page, 40)[0] == pytest.approx(x, abs=2)  # what is under the pointer stays there
    page.mouse.move(*place(page, 40, 120))
    page.mouse.down()
    page.mouse.move(*place(page, 35, 120), steps=3)
    page.mouse.up()
    expect(page.locator(".timeline")).not_to_have_attribute("data-view", f"{low:.3f} {high:.3f}")
    assert view(page)[0] == pytest.approx(low + 5, abs=0.7)
    assert not told(page, "seek")  # a drag is no click
    page.mouse.dblclick(*place(page, view(page)[0] + 1, 120))
    expect(page.locator(".timeline")).to_have_attribute("data-view", WHOLE)


def test_labels_scores_and_names_filter_without_a_rerun(page: Page) -> None:
    names, count = page.locator(".timeline .name"), page.locator(".timeline .count")
    expect(names).to_have_count(PEOPLE)
    page.get_by_label("Find a person").fill("p3")
    expect(names).to_have_count(1)
    expect(count).to_have_text(f"1 of {PEOPLE} people")
    page.get_by_label("Find a person").fill("nobody")
    expect(page.locator(".timeline").get_by_text("Nobody matches.")).to_be_visible()
    page.get_by_role("button", name="Clear the filter").click()
    expect(names).to_have_count(PEOPLE)
    page.get_by_role("button", name="List").click()
    page.locator(".legend").get_by_role("button", name="sitting").click()
    labels = page.locator(".tableframe tbody td:nth-child(3)")
    expect(labels.first).to_have_text("sitting")
    assert set(labels.all_text_contents()) == {"sitting"}
    page.get_by_label("Score from").fill("85")
    expect(page.locator(".timeline").get_by_text("Nobody matches.")).to_be_visible()
    assert not told(page, "seek")


def test_the_stretch_on_screen_filters_people(page: Page) -> None:
    page.locator(".board").focus()
    page.keyboard.press("ArrowDown")
    for _ in range(8):
        page.keyboard.press("+")
    page.get_by_role("button", name="In this stretch").click()
    expect(page.locator(".timeline .count")).to_have_text(re.compile(rf"^[1-{PEOPLE - 1}] of {PEOPLE} people$"))


def test_rows_are_ordered(page: Page) -> None:
    def order() -> list[str]:
        return page.locator(".timeline .name").evaluate_all(
            "rows => rows.map((row) => [row.getBoundingClientRect().top, row.dataset.person])"
            ".sort((a, b) => a[0] - b[0]).map((row) => row[1])"
        )

    assert order() == ["P1", "P2", "P3", "P4"]
    name = "(root, name) => { root.parentNode.sightline.model.people[0].name = name; }"
    page.locator(".timeline").evaluate(name, "Zoe")
    page.get_by_label("Order").first.select_option("name")
    assert order() == ["P2", "P3", "P4", "P1"]
    page.locator(".timeline").evaluate(name, "")


def test_the_list_says_the_same_and_can_be_copied(page: Page) -> None:
    page.get_by_role("button", name="List").click()
    table = page.get_by_role("table", name="Timeline of people")
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Person", "What", "Label", "From", "To", "Length", "Score", "Coverage"]
    )
    page.get_by_role("button", name="Copy as CSV").click()
    expect(page.get_by_text("rows copied.").first).to_be_visible()
    rows = list(csv.DictReader(io.StringIO(page.evaluate("navigator.clipboard.readText()"))))
    assert len(rows) == PEOPLE * 2 * (1 + 4 + 1 + 4)
    assert {row["channel"] for row in rows} == {"presence", "posture", "gesture", "emotion"}
    assert rows[0] == {
        "person": "P1",
        "name": "",
        "channel": "presence",
        "label": "",
        "start_s": "2.00",
        "end_s": rows[0]["end_s"],
        "score": "",
        "coverage": "",
    }
    table.get_by_role("button").nth(1).click()
    page.wait_for_function("told.length >= 2")
    assert told(page, "seek")[0]["t"] == pytest.approx(float(rows[1]["start_s"]))


def test_it_follows_the_player_and_the_rest_of_the_page(page: Page, scene: Scene) -> None:
    def tell(kind: str, **detail: object) -> None:
        page.evaluate(
            "([kind, detail]) => window.dispatchEvent(new CustomEvent(`sightline:${kind}`, { detail }))",
            [kind, {"footage": scene.hall, **detail}],
        )

    def head() -> float:
        box, playhead = page.locator("canvas.rows").bounding_box(), page.locator(".playhead").bounding_box()
        low, high = view(page)
        return low + (playhead["x"] + playhead["width"] / 2 - box["x"]) / box["width"] * (high - low)

    tell("time", t=50.0, playing=False)
    assert head() == pytest.approx(50.0, abs=0.3)
    page.locator(".board").focus()
    for _ in range(3):
        page.keyboard.press("+")
    tell("time", t=120.0, playing=True)
    end = "root => root.parentNode.sightline.view.to"
    assert page.locator(".timeline").evaluate(end) < 120  # so soon after a hand moved the view, it stays where it is
    page.evaluate("() => { const now = performance.now(); performance.now = () => now + 5000; }")
    tell("time", t=120.0, playing=True)
    assert page.locator(".timeline").evaluate(end) > 120
    page.wait_for_function(PAINTED, arg=page.locator(".timeline").element_handle())
    expect(page.locator(".playhead")).to_be_visible()
    assert 0 < view(page)[0] < 120 < view(page)[1]
    assert head() == pytest.approx(120.0, abs=0.3)
    page.evaluate("delete performance.now")
    tell("select", person="P4")
    expect(page.locator(".timeline .name.chosen")).to_have_attribute("data-person", "P4")
    tell("only", person="P4")
    expect(page.locator(".timeline .name.dim")).to_have_count(PEOPLE - 1)
    tell("only", person="")
    expect(page.locator(".timeline .name.dim")).to_have_count(0)
    tell("select", person="P1", footage="another")
    expect(page.locator(".timeline .name.chosen")).to_have_attribute("data-person", "P4")


def test_rows_fold(page: Page) -> None:
    before = page.locator(".spacer").bounding_box()["height"]
    page.get_by_role("button", name="Fold", exact=True).click()
    expect(page.locator(".spacer")).to_have_css("height", f"{22 * PEOPLE}px")
    page.get_by_role("button", name="Unfold").click()
    expect(page.locator(".spacer")).to_have_css("height", f"{before:.0f}px")
    page.locator(".name .fold").first.click()
    expect(page.locator(".name .fold").first).to_have_attribute("aria-expanded", "false")


def test_something_is_drawn_in_light_and_in_dark(page: Page) -> None:
    colors = """canvas => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const found = new Set();
        for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] === 255) found.add([data[at], data[at + 1], data[at + 2]].join());
        }
        return [...found];
    }"""
    rows, ruler = page.locator("canvas.rows"), page.locator("canvas.ruler")
    assert {"15,118,110", "11,111,168", "91,91,214"} <= set(rows.evaluate(colors))  # P1, standing, sitting
    light = set(ruler.evaluate(colors))
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(600)
    dark = set(ruler.evaluate(colors))
    assert "15,118,110" in set(rows.evaluate(colors))
    assert light and dark and light != dark
