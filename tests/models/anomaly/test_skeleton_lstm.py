"""The skeleton back end: what it answers about windows, and files that are wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.core.anomalies import ANOMALIES
from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from models.anomaly.checkpoint import SHIPPED, Settings, load, save
from models.anomaly.joints import JOINTS, swap_sides
from models.anomaly.motion import of_tracklet
from models.anomaly.network import SkeletonNet
from models.anomaly.skeleton_lstm import MIN_COVERAGE, NORMAL_ODDS, STRIDE, SkeletonLstmScorer
from models.anomaly.windows import cut
from tests.contract.test_anomaly_scorers import SIZE, tracklet
from tests.models.training.drawn_skeletons import moving

SETTINGS = Settings(rate=3.0, steps=16, hidden=8, temperature=1.5, members=2)


def networks() -> list[SkeletonNet]:
    torch.manual_seed(3)
    return [SkeletonNet(SETTINGS.hidden, len(ANOMALIES)) for _ in range(SETTINGS.members)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    save(networks(), SETTINGS, path)
    return path


@pytest.fixture(scope="module")
def scorer(small: Path) -> SkeletonLstmScorer:
    return SkeletonLstmScorer(BackendOptions(threads=1, weights=small))


def windows(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.stack([moving(ANOMALIES[row % 4], SETTINGS.steps, row) for row in range(count)])


def test_what_is_saved_is_loaded(small: Path) -> None:
    loaded, settings = load(small)
    assert settings == SETTINGS and len(loaded) == 2
    for saved, found in zip(networks(), loaded, strict=True):
        for name, value in saved.state_dict().items():
            np.testing.assert_allclose(found.state_dict()[name].numpy(), value.numpy(), atol=1e-3)
    assert not loaded[0].training


def test_the_same_networks_are_the_same_file(small: Path, tmp_path: Path) -> None:
    save(networks(), SETTINGS, tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == small.read_bytes()


@pytest.mark.parametrize(
    ("settings", "content", "told"),
    [
        pytest.param(None, b"not weights", "is broken", id="no-safetensors"),
        pytest.param(Settings(3.0, 16, 9, 1.0, 2), None, "is broken", id="another-width"),
        pytest.param(Settings(3.0, 16, 8, 1.0, 3), None, "is broken", id="a-network-is-missing"),
        pytest.param(Settings(3.0, 16, 8, 0.0, 2), None, "cannot be", id="no-temperature"),
    ],
)
def test_broken_files(tmp_path: Path, settings: Settings | None, content: bytes | None, told: str) -> None:
    path = tmp_path / "a.safetensors"
    if settings is not None:
        save(networks(), settings, path)
    else:
        path.write_bytes(content or b"")
    with pytest.raises(ModelError, match=told):
        load(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    options = BackendOptions(weights=tmp_path / "none.safetensors")
    with pytest.raises(ModelMissing):
        SkeletonLstmScorer.describe(options)


def test_its_version_follows_its_weights(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save(networks(), Settings(3.0, 16, 8, 1.6, 2), other)
    versions = {SkeletonLstmScorer.describe(BackendOptions(weights=path)).version for path in (small, other)}
    assert len(versions) == 2
    assert SkeletonLstmScorer.describe(BackendOptions(weights=small)).tier == "trained"


def test_the_mirror_image_is_answered_alike(scorer: SkeletonLstmScorer) -> None:
    points = windows(6)
    turned = swap_sides(points) * np.array([-1, 1], np.float32)
    probabilities, weights = scorer.read(points)
    mirrored, turned_weights = scorer.read(turned)
    np.testing.assert_allclose(probabilities, mirrored, atol=1e-5)
    np.testing.assert_allclose(swap_sides(weights[..., None])[..., 0], turned_weights, atol=1e-4)


def test_windows_do_not_influence_each_other(scorer: SkeletonLstmScorer) -> None:
    points = windows(5)
    together, _ = scorer.read(points)
    for row in range(5):
        np.testing.assert_allclose(scorer.read(points[row : row + 1])[0][0], together[row], atol=1e-5)
    assert np.ptp(together, axis=0).max() > 0, "they are answered each by itself"


def test_many_windows_are_read_in_batches(scorer: SkeletonLstmScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    points = windows(9)
    whole = scorer.read(points)
    monkeypatch.setattr("models.anomaly.skeleton_lstm._MANY", 4)
    parts = scorer.read(points)
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_weights_of_joints_are_shares_of_what_was_seen(scorer: SkeletonLstmScorer) -> None:
    points = windows(4)
    points[0, :, [7, 8, 10, 11]] = np.nan
    _, weights = scorer.read(points)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-4)
    assert not weights[0, [7, 8, 10, 11]].any() and weights[1, 8] > 0


def test_networks_that_answer_no_numbers_are_refused(tmp_path: Path) -> None:
    broken = networks()
    torch.nn.init.constant_(broken[0].leave[1].bias, float("nan"))
    save(broken, SETTINGS, tmp_path / "a.safetensors")
    with pytest.raises(ModelError, match="not a number"):
        SkeletonLstmScorer(BackendOptions(threads=1, weights=tmp_path / "a.safetensors")).read(windows(1))


def test_windows_that_saw_too_little_are_left_out(scorer: SkeletonLstmScorer) -> None:
    whole = scorer.score(tracklet(60), SIZE)
    assert len(whole) and whole.joints == JOINTS and (whole.coverage == 1).all()
    body = tracklet(60)
    visible = body.poses.landmarks.copy()
    visible[:, 25:29, 2] = 0
    legless = type(body)(
        number=1,
        t=body.t,
        boxes=body.boxes,
        scores=body.scores,
        interpolated=body.interpolated,
        poses=type(body.poses)(visible, body.poses.scores),
        sharpness=body.sharpness,
    )
    partly = scorer.score(legless, SIZE)
    np.testing.assert_allclose(partly.coverage, 9 / 13, atol=1e-5)
    assert (scorer.score(tracklet(13), SIZE).coverage >= MIN_COVERAGE).all()


@pytest.mark.skipif(not SHIPPED.is_file(), reason="the shipped weights are absent")
def test_the_shipped_network() -> None:
    shipped, settings = load(SHIPPED)
    assert (settings.rate, settings.steps) == (3.0, 16) and len(shipped) == settings.members
    assert SHIPPED.stat().st_size < 2e6


def test_in_footage_normal_movement_is_taken_to_be_common(scorer: SkeletonLstmScorer) -> None:
    body = tracklet(60)
    cuts = cut(of_tracklet(body), SETTINGS.rate, SETTINGS.steps, STRIDE)
    plain, _ = scorer.read(cuts.points)
    told = scorer.score(body, SIZE).probabilities
    np.testing.assert_allclose(told[:, 3] / (1 - told[:, 3]), NORMAL_ODDS * plain[:, 3] / (1 - plain[:, 3]), rtol=1e-3)
    np.testing.assert_allclose(told[:, 0] / told[:, 1], plain[:, 0] / plain[:, 1], rtol=1e-3)
