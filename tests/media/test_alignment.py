"""The clocks of two recordings, from the movement both saw."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from engine.core.cameras import Alignment
from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media.alignment import align
from engine.media.motion import Motion, read_motion


def movement(seed: int = 3, seconds: float = 120.0, rate: float = 15.0) -> Motion:
    """Bursts of movement at random, as people coming and going make them."""
    chance = np.random.default_rng(seed)
    t = np.arange(0, seconds, 1 / rate)
    amount = np.zeros(len(t))
    for at in np.sort(chance.uniform(0, seconds, round(seconds / 4))):
        amount += chance.uniform(0.2, 1) * np.exp(-(((t - at) / chance.uniform(0.3, 1.5)) ** 2))
    return Motion(t, amount)


def seen_later(
    motion: Motion, offset_s: float, drift: float = 0.0, noise: float = 0.02, seconds: float = 90.0
) -> Motion:
    """The same movement by another clock, at another rate, less of it and with noise."""
    chance = np.random.default_rng(5)
    grid = np.arange(0.03, seconds, 1 / 12.5)
    amount = np.interp((grid - offset_s) / (1 + drift), motion.t, motion.amount)
    return Motion(grid, np.maximum(0.0, 0.4 * amount + chance.normal(0, noise, len(grid))))


@pytest.mark.parametrize("offset_s", [0.0, -7.42, -25.13, 20.6])
def test_an_offset_is_found(offset_s: float) -> None:
    found = align(movement(), seen_later(movement(), offset_s))
    assert found.to_second(60.0) == pytest.approx(60.0 + offset_s, abs=0.1)
    assert found.uncertainty_s < 0.2
    assert found.agreement > 0.6


def test_a_drift_is_found_where_it_shows() -> None:
    long = movement(seconds=600.0)
    found = align(long, seen_later(long, -10.0, drift=0.0005, seconds=550.0))
    assert found.drift == pytest.approx(0.0005, abs=0.00015)
    assert found.to_second(500.0) == pytest.approx(490.25, abs=0.1)


def test_no_drift_is_claimed_where_there_is_none() -> None:
    assert align(movement(), seen_later(movement(), -10.0)).drift == 0.0


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(movement(seed=11), id="another-place"),
        pytest.param(Motion(np.arange(0, 60, 0.1), np.zeros(600)), id="nothing-moves"),
        pytest.param(Motion(np.arange(0, 1, 0.1), np.ones(10)), id="too-short"),
        pytest.param(Motion(np.zeros(0), np.zeros(0)), id="empty"),
        pytest.param(Motion(np.arange(0, 60, 0.1), 1 + np.sin(np.arange(600) / 3)), id="ever-the-same"),
    ],
)
def test_what_has_nothing_in_common_is_said(other: Motion) -> None:
    with pytest.raises(FootageError, match="by hand") as caught:
        align(movement(), other)
    assert caught.value.kind == "no-alignment"


def test_both_directions_of_an_alignment_agree() -> None:
    alignment = Alignment(offset_s=-3.5, drift=0.0005, uncertainty_s=0.1, agreement=0.9)
    assert alignment.to_first(alignment.to_second(81.25)) == pytest.approx(81.25)


@pytest.mark.footage
def test_a_mirrored_cropped_later_copy_is_found(footage_dir: Path, tmp_path: Path) -> None:
    source, copy, later_s = footage_dir / "store-aisle-detection.gif", tmp_path / "copy.mp4", 0.9
    kept: list[float] = []
    with av.open(str(source)) as container, av.open(str(copy), "w") as out:
        stream = None
        for frame in container.decode(video=0):
            t = float(frame.time or 0)
            if t < later_s:
                continue
            picture = frame.to_ndarray(format="rgb24")[20:250, 60:440][:, ::-1]
            if stream is None:
                stream = out.add_stream("libx264", rate=30, options={"crf": "30"})
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.time_base = Fraction(1, 90_000)
            kept.append(t)
            changed = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            changed.pts, changed.time_base = round((t - kept[0]) * 90_000), Fraction(1, 90_000)
            out.mux(stream.encode(changed))
        assert stream is not None
        out.mux(stream.encode())
    settings = Settings(home=tmp_path / "home")
    found = align(read_motion(source, settings), read_motion(copy, settings))
    assert found.offset_s == pytest.approx(-kept[0], abs=0.1)
