"""The sample clip: long enough, always the same, and left alone when it is there."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import numpy as np
import pytest

from assets import sample_clip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        sample_clip.photographs()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    return sample_clip.build_sample(tmp_path_factory.mktemp("sample") / "deep" / "sample.mp4")


def test_what_it_is(sample: Path) -> None:
    with av.open(str(sample)) as clip:
        stream = clip.streams.video[0]
        assert stream.codec_context.name == "h264"
        times, means = [], []
        for frame in clip.decode(stream):
            times.append(frame.time)
            means.append(float(frame.to_ndarray(format="gray")[::8, ::8].mean()))
    assert len(times) == sample_clip.frame_count()
    assert times[-1] >= 12.0
    assert np.allclose(np.diff(times), 1 / sample_clip.FPS)
    assert np.mean(np.array(means) < 20) < 0.05, "black between the shots only"
    assert list(sample.parent.iterdir()) == [sample]


def test_it_moves_smoothly_below_the_pixel() -> None:
    photograph = np.zeros((1080, 810, 3), np.uint8)
    photograph[:, 400:] = 200
    start, end = (405.0, 640.0, 800.0), (395.0, 640.0, 720.0)
    edges = []
    for number in range(60, 80):
        row = sample_clip._view(photograph, start, end, number / 149)[300, :, 0].astype(float)
        edges.append(len(row) - row.sum() / 200)
    steps = np.diff(edges)
    assert (np.abs(steps) < 0.5).all(), "whole pixels would jump by 0 and 1"
    assert np.abs(np.diff(steps)).max() < 0.15


def test_it_is_built_once(sample: Path) -> None:
    before = sample.stat().st_mtime_ns
    assert sample_clip.build_sample(sample) == sample
    assert sample.stat().st_mtime_ns == before
    cut = sample.read_bytes()[:50_000]
    assert not sample_clip._is_whole(sample.with_name("none.mp4"))
    broken = sample.with_name("broken.mp4")
    broken.write_bytes(cut)
    assert not sample_clip._is_whole(broken)
    broken.unlink()


def test_ultralytics_is_not_imported() -> None:
    sample_clip.photographs()
    assert "ultralytics" not in sys.modules or "ultralytics.models" in sys.modules
