"""The playback copy in a real browser: every kind of footage plays there, and its clock shows the footage's times."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from tests import corpus
from tests.media import tape

pytestmark = pytest.mark.browser

_LOOK = """
async ([source, times]) => {
  const video = document.createElement('video');
  video.muted = true;
  document.body.replaceChildren(video);
  video.src = source;
  await new Promise((done, fail) => { video.onloadeddata = done; video.onerror = () => fail(video.error.message); });
  const canvas = document.createElement('canvas');
  canvas.width = 48;
  canvas.height = 36;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const seen = [];
  for (const time of times) {
    const shown = await new Promise((done) => {
      video.requestVideoFrameCallback((now, meta) => done(meta.mediaTime));
      video.currentTime = time;
      setTimeout(() => done(-1), 5000);
    });
    pen.drawImage(video, 0, 0, 48, 36);
    seen.push([shown, Array.from(pen.getImageData(0, 0, 48, 36).data)]);
  }
  return [video.videoWidth, video.videoHeight, seen];
}
"""


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: `make browser` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize(
    "name",
    [
        "b-frames.mp4",
        "late.ts",
        "uneven.mkv",
        "vp9.webm",
        "h265-10bit.mkv",
        "mpeg4.avi",
        "palette.gif",
        "turned-90.mp4",
        "turned-270.mov",
        "full-range.mp4",
        "holed.mp4",
        "sound.mp4",
    ],
)
def test_chromium_shows_the_footages_times(
    tab: Page, make_clip: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    source, target = make_clip(name), tmp_path / "playback.mp4"
    tape.write_playback(source, target)
    frames = tape.read(source).frames
    wanted = [frames[i] for i in (1, 10, 24, 25, len(frames) - 1)]
    address = "data:video/mp4;base64," + base64.b64encode(target.read_bytes()).decode()
    # A little inside the frame: a browser rounds the time it is sent to down to microseconds.
    width, height, seen = tab.evaluate(_LOOK, [address, [frame.t + 0.002 for frame in wanted]])
    assert (width, height) == frames[0].size
    assert [shown for shown, _ in seen] == pytest.approx([frame.t for frame in wanted], abs=1e-3)
    for (_, pixels), frame in zip(seen, wanted, strict=True):
        image = np.array(pixels, np.uint8).reshape(36, 48, 4)[..., :3]
        assert corpus.number_of(image) == corpus.number_of(frame.image)
        assert corpus.is_upright(image)
