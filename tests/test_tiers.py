"""Which back end answers: every profile with and without pretrained weights on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelMissing
from engine.tiers import choose_person, choose_pose


def home(tmp_path: Path, *, weights: bool) -> Settings:
    settings = Settings(home=tmp_path)
    if weights:
        folder = settings.models / "person"
        folder.mkdir(parents=True)
        (folder / "mine.onnx").write_bytes(b"weights")
        (folder / "notes.txt").write_text("not weights")
    return settings


@pytest.mark.parametrize(
    ("profile", "weights", "name"),
    [
        pytest.param("auto", False, "blazepose", id="auto-without"),
        pytest.param("auto", True, "yolo", id="auto-with"),
        pytest.param("embedded", True, "blazepose", id="embedded-never-heeds-weights"),
        pytest.param("pretrained", True, "yolo", id="pretrained-with"),
    ],
)
def test_profiles(tmp_path: Path, profile: str, weights: bool, name: str) -> None:
    person = choose_person(AnalysisConfig(profile=profile), home(tmp_path, weights=weights))
    assert person.name == name
    assert (person.options.weights is not None) == (name == "yolo")


def test_pretrained_without_weights_says_what_to_fetch(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="models fetch yolo11n"):
        choose_person(AnalysisConfig(profile="pretrained"), home(tmp_path, weights=False))


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"nowhere\.pt"):
        choose_person(AnalysisConfig(person_model="nowhere.pt"), home(tmp_path, weights=True))


def test_a_named_file_beats_the_profile(tmp_path: Path) -> None:
    settings = home(tmp_path, weights=True)
    path = settings.models / "person" / "mine.onnx"
    person = choose_person(AnalysisConfig(profile="embedded", person_model=str(path)), settings)
    assert (person.name, person.options.weights) == ("yolo", path)


def test_drawn_figures_have_their_own_pose_model(tmp_path: Path) -> None:
    settings = home(tmp_path, weights=False)
    person = choose_person(AnalysisConfig(person_model="fake"), settings)
    assert choose_pose(person, settings).name == "fake"
