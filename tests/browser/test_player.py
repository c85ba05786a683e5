"""What the player draws, held against what is stored and against the picture itself."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.api import Engine
from engine.core.config import AnalysisConfig, DetectConfig, Settings
from engine.core.types import Tracklet
from tests.drawn import SIZE, Walker, draw_clip
from tests.web.running import Server, running_server

pytestmark = pytest.mark.browser

RED, BLUE = (220, 20, 20), (20, 20, 220)
WALKERS = (
    Walker(RED, start=(5, 60), speed=(36, 0)),
    Walker(BLUE, enter_s=2.0, leave_s=4.0, start=(270, 70), speed=(-40, 0)),
)
SECONDS = 8.0
UNEVEN_MS = (40, 160, 60, 100, 300, 50)
FRAME_S = 0.1
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Watched:
    """A clip in the dashboard: its id, the times of its frames, and what is stored of it."""

    footage: str
    frames: list[float]
    tracklets: list[Tracklet]


def retimed(source: Path, target: Path) -> Path:
    """The same pictures, each shown for another length of time."""
    with av.open(str(source)) as clip, av.open(str(target), "w", options={"movflags": "+faststart"}) as output:
        stream = clip.streams.video[0]
        copied = output.add_stream_from_template(stream)
        tick = round(FRAME_S / stream.time_base)
        ends = list(itertools.accumulate(itertools.islice(itertools.cycle(UNEVEN_MS), 400), initial=0))
        for packet in clip.demux(stream):
            if not packet.size:
                continue
            at = [round(stamp / tick) for stamp in (packet.pts, packet.dts)]
            stamps = [ends[n] if n >= 0 else n * UNEVEN_MS[0] for n in at]
            packet.pts, packet.dts = (round(Fraction(ms, 1000) / stream.time_base) for ms in stamps)
            packet.duration = None
            packet.stream = copied
            output.mux(packet)
    return target


def frame_times(path: Path) -> list[float]:
    with av.open(str(path)) as clip:
        return [float(frame.pts * frame.time_base) for frame in clip.decode(video=0)]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    even = draw_clip(folder / "even.mp4", WALKERS, seconds=SECONDS)
    return {"even": even, "uneven": retimed(even, folder / "uneven.mp4")}


@pytest.fixture(scope="module")
def watched(clips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Watched]:
    """Both clips analysed: the even one at the usual rate, the uneven one frame by frame."""
    home = tmp_path_factory.mktemp("home")
    found = {}
    with Engine(Settings(home=home, emotions=False)) as engine:
        for name, fps in (("even", 5.0), ("uneven", 120.0)):
            footage = engine.register(clips[name])
            run = engine.analyze_now(footage.id, AnalysisConfig(person_model="fake", detect=DetectConfig(fps=fps)))
            times = frame_times(clips[name])
            found[name] = Watched(footage.id, times, engine.answers.tracklets(run.id))
    found["home"] = home  # type: ignore[assignment]
    return found


@pytest.fixture(scope="module")
def server(chromium: str, watched: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(watched["home"], tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server


def open_player(page: Page, server: Server, clip: Watched, **query: str) -> None:
    """The people screen, the player standing on a frame with its boxes drawn."""
    more = "".join(f"&{key}={value}" for key, value in query.items())
    page.goto(f"{server.address}/people?footage={clip.footage}{more}")
    page.locator(".picture canvas").wait_for()
    wait_drawn(page, "drawn => drawn?.ready")


def wait_drawn(page: Page, condition: str, arg: object = None) -> dict[str, Any]:
    """What the canvas shows, as soon as a condition on it holds."""
    # Found anew each time: a page that is still being drawn may put another canvas in the place of the first.
    ask = f"(canvas, arg) => canvas.drawn && ({condition})(canvas.drawn, arg) ? canvas.drawn : null"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        drawn = page.locator(".picture canvas").evaluate(ask, arg)
        if drawn:
            return drawn
        page.wait_for_timeout(20)
    shown = page.locator(".picture canvas").evaluate("canvas => canvas.drawn")
    raise AssertionError(f"{condition} with {arg} never held; the canvas shows {shown} at {page.url}")


def go(page: Page, clip: Watched, frame: int) -> dict[str, Any]:
    """Ask for a frame as any element of the page does; what is drawn once it is on screen."""
    t = clip.frames[frame]
    page.evaluate(
        "detail => window.dispatchEvent(new CustomEvent('sightline:seek', { detail }))",
        {"footage": clip.footage, "t": t, "play": False},
    )
    return wait_drawn(page, "(drawn, t) => drawn.ready && Math.abs(drawn.t - t) < 0.002", t)


def stored(clip: Watched, t: float) -> dict[int, list[float]]:
    """Tracklet -> box at a time: the stored one, or what lies between the two around it."""
    boxes = {}
    for tracklet in clip.tracklets:
        if tracklet.t[0] - 0.002 <= t <= tracklet.t[-1] + 0.002:
            boxes[tracklet.number] = [float(np.interp(t, tracklet.t, tracklet.boxes[:, side])) for side in range(4)]
    return boxes


FIGURES = """(video, colours) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const { data, width } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return colours.map(([r, g, b]) => {
    let box = null;
    for (let i = 0; i < data.length; i += 4) {
      if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) > 90) continue;
      const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
      box ??= [x, y, x + 1, y + 1];
      box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x + 1), Math.max(box[3], y + 1)];
    }
    return box;
  });
}"""


def figures(page: Page) -> list[list[float]]:
    """Boxes of the coloured figures in the frame on screen, those that are there."""
    found = page.locator("video").evaluate(FIGURES, [list(RED), list(BLUE)])
    return [box for box in found if box is not None]


@pytest.mark.parametrize("name", ["even", "uneven"])
def test_boxes_are_those_of_the_frame_on_screen(
    page: Page, server: Server, watched: dict[str, Watched], name: str
) -> None:
    clip = watched[name]
    open_player(page, server, clip)
    times = page.locator("video").evaluate("video => video.duration")
    assert times == pytest.approx(clip.frames[-1] + FRAME_S, abs=0.5)
    for frame in (0, 3, 4, 19, 20, 21, 30, 38, 39, 40, 55, 78, 5):
        drawn = go(page, clip, frame)
        wanted = stored(clip, clip.frames[frame])
        assert {one["tracklet"] for one in drawn["people"]} == set(wanted)
        for one in drawn["people"]:
            np.testing.assert_allclose(one["box"], wanted[one["tracklet"]], atol=0.3)
        # The picture itself: a frame further on the figures are 4 pixels away.
        on_screen = figures(page)
        for one in drawn["people"]:
            away = [np.abs(np.subtract(one["box"], figure)).max() for figure in on_screen]
            assert min(away) < 2.6


def test_boxes_keep_step_while_it_plays(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    clip = watched["uneven"]
    open_player(page, server, clip)
    page.evaluate(
        """canvas => {
          window.told = [];
          window.addEventListener("sightline:time", ({ detail }) => {
            if (detail.playing) window.told.push([detail.t, canvas.drawn.t, canvas.drawn.people]);
          });
        }""",
        page.locator(".picture canvas").element_handle(),
    )
    page.keyboard.press(" ")
    page.wait_for_function("window.told.length >= 12")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play (space)")).to_be_visible()
    for told, drawn, people in page.evaluate("window.told"):
        assert told == drawn
        assert min(abs(told - t) for t in clip.frames) < 0.001
        for one in people:
            np.testing.assert_allclose(one["box"], stored(clip, told)[one["tracklet"]], atol=0.3)


@pytest.mark.parametrize("name", ["even", "uneven"])
def test_frame_by_frame(page: Page, server: Server, watched: dict[str, Watched], name: str) -> None:
    clip = watched[name]
    open_player(page, server, clip)
    go(page, clip, 10)
    steps = zip(".......,,", (11, 12, 13, 14, 15, 16, 17, 16, 15), strict=True)
    for key, frame in steps:
        page.keyboard.press(key)
        wait_drawn(page, "(drawn, t) => Math.abs(drawn.t - t) < 0.001", clip.frames[frame])
        # It may pass the frame on its way: how it knows where it stands is that nothing comes after.
        page.wait_for_timeout(150)
        stands = page.locator(".picture canvas").evaluate("canvas => canvas.drawn.t")
        assert stands == pytest.approx(clip.frames[frame], abs=0.001)


def test_keys(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    clip = watched["even"]
    open_player(page, server, clip)
    page.keyboard.press("ArrowRight")
    wait_drawn(page, "drawn => Math.abs(drawn.t - 5) < 0.11")
    page.keyboard.press("ArrowLeft")
    wait_drawn(page, "drawn => drawn.t < 0.2")
    search = page.get_by_role("searchbox", name="Search names and labels")
    search.press_sequentially("a , . f")
    assert page.locator("video").evaluate("video => video.paused && video.currentTime < 0.2")
    assert page.evaluate("document.fullscreenElement") is None


def test_full_screen_shows_the_boxes_too(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    open_player(page, server, watched["even"])
    canvas = page.locator(".picture canvas")
    before = canvas.bounding_box()
    page.get_by_role("button", name="Full screen (F)").click()
    expect(page.get_by_role("button", name="Leave full screen (F)")).to_be_visible()
    after = canvas.bounding_box()
    assert after["height"] > 1.2 * before["height"]
    assert canvas.evaluate("canvas => canvas.width") == round(after["width"])
    go(page, watched["even"], 25)
    assert len(canvas.evaluate("canvas => canvas.drawn.people")) == 2
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Full screen (F)")).to_be_visible()


def test_toggles_are_remembered(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    open_player(page, server, watched["even"])
    boxes, skeletons = (page.get_by_role("button", name=name, exact=True) for name in ("Boxes", "Skeletons"))
    expect(boxes).to_have_attribute("aria-pressed", "true")
    expect(skeletons).to_have_attribute("aria-pressed", "false")
    blank = "canvas => !canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"
    canvas = page.locator(".picture canvas")
    assert not canvas.evaluate(blank)
    with page.expect_response(re.compile("landmarks=1")):
        skeletons.click()
    wait_drawn(page, "drawn => drawn.people[0].points")
    for name in ("Boxes", "Names", "Labels", "Skeletons"):
        if page.get_by_role("button", name=name, exact=True).get_attribute("aria-pressed") == "true":
            page.get_by_role("button", name=name, exact=True).click()
    assert canvas.evaluate(blank)
    page.reload()
    expect(boxes).to_have_attribute("aria-pressed", "false")
    boxes.click()
    page.get_by_role("button", name="Names", exact=True).click()
    page.get_by_role("button", name="Labels", exact=True).click()


def test_a_click_on_a_box_selects_that_person(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    clip = watched["even"]
    open_player(page, server, clip)
    person = next(one for one in go(page, clip, 25)["people"] if one["label"] == "P2")
    area = page.locator(".picture canvas").bounding_box()
    scale = area["width"] / SIZE[0]
    middle = [(person["box"][n] + person["box"][n + 2]) / 2 * scale for n in (0, 1)]
    page.mouse.click(area["x"] + middle[0], area["y"] + middle[1])
    expect(page.locator(".rows .person.chosen")).to_have_attribute("data-person", "P2")
    expect(page).to_have_url(re.compile(r"person=P2.*t=2\.500|t=2\.500.*person=P2"))
    expect(page.get_by_role("button", name="Only P2")).to_be_visible()
    assert page.locator("video").evaluate("video => video.paused")


def test_only_this_person(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    clip = watched["even"]
    open_player(page, server, clip, person="P2")
    page.get_by_role("button", name="Only P2").click()
    drawn = wait_drawn(page, "drawn => drawn.ready && drawn.people.length === 1")
    assert drawn["people"][0]["label"] == "P2"  # nobody else is drawn, and the player went to where P2 comes in
    assert drawn["t"] == pytest.approx(2.0, abs=2 * FRAME_S)
    expect(page).to_have_url(re.compile("only=1"))
    go(page, clip, 35)
    page.keyboard.press(" ")
    # P2 does not come back: it stops where they were seen last.
    paused = page.get_by_role("button", name="Play (space)")
    expect(page.get_by_role("button", name="Pause (space)")).to_be_visible()
    expect(paused).to_be_visible()
    wait_drawn(page, "(drawn, t) => Math.abs(drawn.t - t) < 0.002", clip.tracklets[-1].last_s)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("only=1"))
    assert len(go(page, clip, 25)["people"]) == 2


def test_a_rerun_leaves_the_player_where_it_is(page: Page, server: Server, watched: dict[str, Watched]) -> None:
    clip = watched["even"]
    open_player(page, server, clip, t="1.000")
    wait_drawn(page, "drawn => drawn.ready && Math.abs(drawn.t - 1) < 0.002")
    page.locator("video").evaluate(
        "video => { window.kept = video; video.addEventListener('seeking', () => { window.sought = true; }); }"
    )
    go(page, clip, 33)
    expect(page).to_have_url(re.compile(r"t=3\.300"))
    page.evaluate("window.sought = false")
    page.get_by_role("button", name="한국어").click()
    expect(page.get_by_role("button", name="상자", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"t=3\.300"))
    assert page.locator("video").evaluate("video => video === window.kept")
    assert page.evaluate("window.sought") is False
    page.reload()
    wait_drawn(page, "drawn => drawn.ready && Math.abs(drawn.t - 3.3) < 0.002")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Boxes", exact=True)).to_be_visible()
