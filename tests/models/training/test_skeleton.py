"""A training of the skeleton network learns, can be interrupted, and leaves a network that analyses can use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.anomalies import ANOMALIES
from engine.core.errors import ConfigError, FootageError
from engine.core.protocols import BackendOptions
from engine.core.reviews import JudgedSequence
from models.anomaly.joints import JOINTS, to_landmarks
from models.anomaly.skeleton_csv import read_skeletons
from models.anomaly.skeleton_lstm import SkeletonLstmScorer
from models.training.skeleton import CARD, CHECKPOINT, STATE, Material, Trained, train
from models.training.skeleton_config import SkeletonTrainConfig
from models.training.skeleton_examples import ALWAYS, FOLDS, Bodies, contiguous, grouped, of_judged
from models.training.skeleton_measure import evaluate
from models.training.skeleton_report import PICTURE
from tests.models.training.drawn_skeletons import drawn_csv, moving

QUICK = {
    "hidden": 8,
    "members": 2,
    "checked_members": 1,
    "epochs": 2,
    "batch": 8,
    "stride": 16,
    "learning_rate": 0.05,
    "dropout": 0.0,
    "smoothing": 0.0,
    "probes": 0,
}


class Stop(Exception):
    """Somebody pulled the plug."""


def walking(footage: str, seed: int = 1) -> JudgedSequence:
    points = moving("normal", 40, seed)
    landmarks = to_landmarks(points, np.full((40, len(JOINTS)), 0.9, np.float32))
    return JudgedSequence(
        event="", footage=footage, label="normal", t=np.arange(40) / 5, landmarks=landmarks, size=(768, 432)
    )


@pytest.fixture(scope="module")
def skeletons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_csv(tmp_path_factory.mktemp("skeletons") / "drawn.csv", 5, rows=32)


@pytest.fixture(scope="module")
def trained(skeletons: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Trained], dict[str, Any]]:
    out, heard = tmp_path_factory.mktemp("trained"), []
    return out, heard, train({**QUICK, "epochs": 8}, skeletons, out, on_network=heard.append)


def test_it_learns(trained: tuple[Path, list[Trained], dict[str, Any]]) -> None:
    out, heard, result = trained
    assert [(each.number, each.of) for each in heard] == [(number, 12) for number in range(1, 13)]
    assert result["measured"]["contiguous"]["macro_f1"] > 0.6, "chance is a quarter"
    assert set(result["measured"]) == set(result["in_context"]) == {"contiguous", "grouped"}
    assert result["in_context"]["contiguous"]["macro_f1"] > 0.6
    assert all(len(folds) == FOLDS for folds in result["macro_f1_by_fold"].values())
    assert (out / PICTURE).read_bytes().startswith(b"\x89PNG")


def test_the_checkpoint_is_what_analyses_use(trained: tuple[Path, list[Trained], dict[str, Any]]) -> None:
    scorer = SkeletonLstmScorer(BackendOptions(threads=1, weights=trained[0] / CHECKPOINT))
    points = np.stack([moving(ANOMALIES[row % 4], 16, 900 + row) for row in range(24)])
    right = scorer.read(points)[0].argmax(axis=1) == np.arange(24) % 4
    assert right.mean() > 0.5, "chance is one in four"


def test_the_card_tells_what_was_measured(trained: tuple[Path, list[Trained], dict[str, Any]]) -> None:
    card = (trained[0] / CARD).read_text("utf-8")
    for one in trained[2]["measured"].values():
        assert f"macro F1 {one['macro_f1']:.3f}" in card
        assert all(f"| {label} | {one['per_class'][label]['windows']} |" in card for label in ANOMALIES)
    for one in trained[2]["in_context"].values():
        assert f"{one['macro_f1']:.3f} | {one['accuracy']:.3f} | {one['ece']:.3f}" in card
    assert "AI Hub" in card and "`epochs = 8`" in card


def test_an_interrupted_training_goes_on_to_the_same_end(skeletons: Path, tmp_path: Path) -> None:
    def stop(each: Trained) -> None:
        if each.number == 5:
            raise Stop

    whole = train(QUICK, skeletons, tmp_path / "whole")
    with pytest.raises(Stop):
        train(QUICK, skeletons, tmp_path / "parts", on_network=stop)
    with pytest.raises(ConfigError, match="--resume"):
        train(QUICK, skeletons, tmp_path / "parts")
    with pytest.raises(ConfigError, match="other settings"):
        train({**QUICK, "seed": 8}, skeletons, tmp_path / "parts", resume=True)
    heard: list[Trained] = []
    rest = train(QUICK, skeletons, tmp_path / "parts", resume=True, on_network=heard.append)
    assert len(heard) == 7
    assert (rest["measured"], rest["in_context"]) == (whole["measured"], whole["in_context"])
    assert (tmp_path / "parts" / CHECKPOINT).read_bytes() == (tmp_path / "whole" / CHECKPOINT).read_bytes()
    (tmp_path / "parts" / STATE).write_bytes(b"torn")
    with pytest.raises(ConfigError, match="is broken"):
        train(QUICK, skeletons, tmp_path / "parts", resume=True)


def test_further_movement_is_learnt_from_and_the_probes_are_told(skeletons: Path, tmp_path: Path) -> None:
    material = Material(
        normal=(walking("a"), walking("b", 2)), judged=(replace(walking("c", 3), event="e", label="theft"),)
    )
    result = train({**QUICK, "epochs": 1, "probes": 1, "members": 1}, skeletons, tmp_path, material)
    plain = Bodies(contiguous(read_skeletons(skeletons)), 3.0, 16, 16)
    assert result["windows"]["normal"] > (plain.label == 3).sum()
    assert sum(one["windows"] for one in result["measured"].values()) == 2 * len(plain), "never measured on"
    assert set(result["probes"]) == {
        "source",
        "without_motion",
        "clips_without_further_normal",
        "clips_held_out",
    }
    assert 0 <= result["probes"]["source"]["exchanged_others"] <= 1
    assert result["probes"]["clips_held_out"]["windows"] == result["probes"]["clips_without_further_normal"]["windows"]
    card = (tmp_path / CARD).read_text("utf-8")
    assert "--normal HOME --from-reviews" in card and "random order" in card


def test_too_few_skeletons_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="too few windows"):
        train(QUICK, drawn_csv(tmp_path / "few.csv", 1, rows=8), tmp_path / "out")


@pytest.mark.parametrize("settings", [{"epoch": 3}, {"rate": 0.1}])
def test_wrong_settings_are_refused(skeletons: Path, tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        train(settings, skeletons, tmp_path)


def test_folds_keep_neighbours_and_recordings_together(skeletons: Path) -> None:
    motions = read_skeletons(skeletons)
    fifths = contiguous(motions)
    assert sum(len(each.motion) for each in fifths) == sum(len(each.motion) for each in motions)
    for label in range(len(ANOMALIES)):
        folds = [each.fold for each in fifths if each.label == label]
        assert folds == sorted(folds) and set(folds) == set(range(FOLDS))
    dealt = grouped(motions, 7)
    of_group: dict[int, set[int]] = {}
    for motion, example in zip(motions, dealt, strict=True):
        of_group.setdefault(motion.group, set()).add(example.fold)
    assert all(len(folds) == 1 for folds in of_group.values())
    assert [each.fold for each in grouped(motions, 7)] == [each.fold for each in dealt]


def test_windows_of_training_are_those_that_are_measured(skeletons: Path) -> None:
    from models.anomaly.windows import cut

    motions = read_skeletons(skeletons)
    bodies = Bodies(grouped(motions, 7), 3.0, 16, 4)
    parts = [cut(each.motion, 3.0, 16, 4).points for each in motions]
    np.testing.assert_array_equal(bodies.windows(np.arange(len(bodies))), np.concatenate(parts))


def test_judged_movement_is_learnt_from_in_every_fold() -> None:
    (example,) = of_judged([walking("a")])
    assert (example.label, example.fold) == (ANOMALIES.index("normal"), ALWAYS)
    hidden = replace(walking("a"), landmarks=np.zeros((40, 33, 3), np.float32))
    assert not list(of_judged([hidden]))


def test_evaluation_counts_what_it_left_out(
    trained: tuple[Path, list[Trained], dict[str, Any]], tmp_path: Path
) -> None:
    path = drawn_csv(tmp_path / "other.csv", 2, rows=20)
    with path.open("a") as file:
        file.write(",".join(["1"] + ["5"] * 26 + ["500", "2"]) + "\n")
    result = evaluate(path, trained[0] / CHECKPOINT, tmp_path / "new" / "picture.png")
    assert result["windows"] == np.sum(result["confusion"]) and result["bodies"] == 9
    assert result["bodies_too_short"] == 1
    assert sum(each["windows"] for each in result["reliability"]) == result["windows"]
    single = result["single_windows"]
    assert np.sum(single["confusion"]) == single["windows"] < result["windows"], "analyses overlap their windows more"
    assert (tmp_path / "new" / "picture.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ConfigError, match="cannot be written"):
        evaluate(path, trained[0] / CHECKPOINT, tmp_path / "other.csv" / "picture.png")


def test_a_file_with_nobody_long_enough_is_refused(
    trained: tuple[Path, list[Trained], dict[str, Any]], tmp_path: Path
) -> None:
    with pytest.raises(FootageError, match="nothing to measure"):
        evaluate(drawn_csv(tmp_path / "short.csv", 1, rows=3), trained[0] / CHECKPOINT)


def test_defaults_are_within_their_bounds() -> None:
    assert SkeletonTrainConfig.from_dict(SkeletonTrainConfig().to_dict()) == SkeletonTrainConfig()
