from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from engine.core.errors import ConfigError, FootageError
from models.training.reid_config import ReidTrainConfig
from models.training.reid_data import Shot, balanced_batches, open_picture, parse, read_part, split, with_company


@pytest.mark.parametrize(
    ("name", "who"),
    [
        pytest.param("00012_03.jpg", ("00012", ""), id="no-camera"),
        pytest.param("00012_02_03.jpg", ("00012", "02"), id="camera"),
        pytest.param("00012_c2_0003.JPG", ("00012", "c2"), id="letters-and-length"),
        pytest.param("12_03.jpg", None, id="short"),
        pytest.param("000123_03.jpg", None, id="long"),
        pytest.param("00012.jpg", None, id="no-number"),
        pytest.param("00012_02_03_04.jpg", None, id="too-many"),
        pytest.param("00012_03.txt", None, id="no-picture"),
    ],
)
def test_names(name: str, who: tuple[str, str] | None) -> None:
    shot = parse(Path(name))
    assert (shot and (shot.person, shot.camera)) == who


def _save(root: Path, *names: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    for name in names:
        Pillow.fromarray(np.full((20, 10, 3), 90, np.uint8)).save(root / name)
    return root


def test_what_is_left_out_is_counted_and_named(tmp_path: Path) -> None:
    folder = _save(tmp_path / "training", "00001_01.jpg", "00001_02.jpg", *(f"odd{row}.jpg" for row in range(7)))
    (folder / "00002_01.jpg").write_bytes(b"nonsense")
    (folder / "00003_01.jpg").write_bytes((folder / "00001_01.jpg").read_bytes()[:200])
    (folder / ".DS_Store").write_bytes(b"")
    shots = read_part(tmp_path, "training")
    assert [shot.path.name for shot in shots.kept] == ["00001_01.jpg", "00001_02.jpg"]
    names, broken = shots.skipped
    assert names.startswith("7 files in training have names") and "odd4.jpg and 2 more." in names
    assert broken == "2 files in training cannot be opened as pictures: 00002_01.jpg, 00003_01.jpg."


def test_bad_folders_say_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(FootageError) as missing:
        read_part(tmp_path, "query")
    assert "no folder called query" in missing.value.user_message and "00012_03.jpg" in missing.value.user_message
    _save(tmp_path / "query", "odd.jpg")
    with pytest.raises(FootageError) as empty:
        read_part(tmp_path, "query")
    assert "1 files in query have names" in empty.value.user_message
    with pytest.raises(FootageError):
        open_picture(tmp_path / "absent.jpg")


def _shots(*counts: int) -> list[Shot]:
    return [Shot(Path(f"{who:05d}_{view}.jpg"), f"{who:05d}") for who, n in enumerate(counts) for view in range(n)]


def test_nobody_is_on_both_sides() -> None:
    usable, alone = with_company(_shots(3, 1, 2, 4, 2, 2, 1, 2))
    assert alone == ["00001", "00006"]
    learned, held = split(usable, 0.3, seed=7)
    sides = [{shot.person for shot in part} for part in (learned, held)]
    assert not sides[0] & sides[1] and [len(side) for side in sides] == [4, 2]
    assert len(learned) + len(held) == len(usable) == 15
    assert split(usable, 0.3, seed=7) == (learned, held) != split(usable, 0.3, seed=8)
    with pytest.raises(FootageError) as few:
        split(_shots(2, 2, 2, 2), 0.3, 7)
    assert "Only 4 people" in few.value.user_message


def test_batches_are_balanced_and_show_everything() -> None:
    people = [shot.person for shot in _shots(8, 8, 8, 8, 3)]
    batches = list(balanced_batches(people, 3, 4, np.random.default_rng(1)))
    assert len(batches) == 3
    for batch in batches:
        assert Counter(people[row] for row in batch).most_common() == [
            (who, 4) for who in dict.fromkeys(people[row] for row in batch)
        ]
        assert len({people[row] for row in batch}) == 3
    # Over two epochs' worth everybody comes, and no picture a second time before all of that person have come once.
    rows = [row for batch in balanced_batches(people * 3, 3, 4, np.random.default_rng(2)) for row in batch]
    assert {people[row % 35] for row in rows} == set(people)
    seen = Counter(row for row in rows if (people * 3)[row] == "00000")
    assert max(seen.values()) == 1
    few = next(balanced_batches(people[32:], 3, 4, np.random.default_rng(1)))
    assert len(few) == 4 and set(few) == {0, 1, 2}


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"model": "resnet"}, id="model"),
        pytest.param({"loss": "centre"}, id="loss"),
        pytest.param({"mining": "soft"}, id="mining"),
        pytest.param({"precision": "half"}, id="precision"),
        pytest.param({"cbam": 1}, id="cbam"),
        pytest.param({"architecture": "convnextv2_nano"}, id="architecture-of-another"),
        pytest.param({"height": 8}, id="bounds"),
        pytest.param({"speed": 1}, id="unknown"),
    ],
)
def test_settings_are_checked(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        ReidTrainConfig.from_dict(settings)
