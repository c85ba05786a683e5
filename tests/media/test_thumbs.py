"""Thumbnails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.core.config import Settings
from engine.media.thumbs import make_thumbnails
from tests import corpus
from tests.media import tape

MakeClip = Callable[[str], Path]


@pytest.mark.parametrize("name", ["b-frames.mp4", "h264.ts", "turned-90.mp4"])
def test_evenly_spaced_and_upright(make_clip: MakeClip, settings: Settings, tmp_path: Path, name: str) -> None:
    path = make_clip(name)
    written = make_thumbnails(path, tape.inspect(path), tmp_path, settings, count=5, width=96)
    assert written == [tmp_path / "poster.jpg", *(tmp_path / "thumbs" / f"{n}.jpg" for n in range(5))]
    numbers = []
    for file in written[1:]:
        with Image.open(file) as picture:
            assert picture.size == (96, 72)
            image = np.asarray(picture)
        assert corpus.is_upright(image)
        numbers.append(corpus.number_of(image))
    assert numbers == [8, 23, 38, 53, 68]
    with Image.open(written[0]) as poster:
        assert poster.size == (corpus.WIDTH, corpus.HEIGHT)
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == set(written)


def test_fewer_frames_than_thumbnails(settings: Settings, tmp_path: Path) -> None:
    path = corpus.make(corpus.Clip("short.mp4", "mpeg4", stamps=(0, 5, 9)), tmp_path)
    written = make_thumbnails(path, tape.inspect(path), tmp_path / "out", settings, count=12)
    assert 2 <= len(written) - 1 <= 3


def test_the_poster_is_no_black_picture(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = corpus.picture
    monkeypatch.setattr(corpus, "picture", lambda number, *size: plain(number, *size) * np.uint8(40 <= number < 60))
    path = corpus.make(corpus.Clip("dark.mp4", "libx264", options={"preset": "ultrafast"}), tmp_path)
    poster = make_thumbnails(path, tape.inspect(path), tmp_path / "out", settings, count=10)[0]
    with Image.open(poster) as picture:
        assert np.asarray(picture).mean() > 50
