"""Labelled faces are read from zips and folders, and the right part of them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.core.errors import FootageError
from engine.core.labels import EMOTIONS
from models.emotion.fer import CLASSES, EMOTION_OF, MEASURING, TRAINING, LabelledFaces, hold_out, read_faces


def png(value: int, size: tuple[int, int] = (48, 48), mode: str = "L") -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, value if mode == "L" else (value, value, value)).save(file, "PNG")
    return file.getvalue()


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def unpacked(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


FILES = {
    "train/happy/a.png": png(10),
    "train/sad/a.png": png(20),
    "validation/sad/b.png": png(30),
    "test/angry/c.png": png(40),
    "fear/d.png": png(50),
    "readme.txt": b"hello",
    "train/readme.png": png(1),
}


def test_every_class_has_an_emotion() -> None:
    assert [EMOTION_OF[name] for name in CLASSES] == [
        "angry",
        "disgusted",
        "fearful",
        "happy",
        "calm",
        "sad",
        "surprised",
    ]
    assert set(EMOTIONS) - set(EMOTION_OF.values()) == {"confused"}


@pytest.mark.parametrize("pack", [zipped, unpacked])
@pytest.mark.parametrize(
    ("parts", "left_out", "values", "labels"),
    [
        pytest.param(TRAINING, (), [10, 20], ["happy", "sad"], id="train"),
        pytest.param(MEASURING, (), [30], ["sad"], id="validation-first"),
        pytest.param(MEASURING, ("validation",), [40], ["angry"], id="then-test"),
        pytest.param(MEASURING, ("validation", "test"), [50], ["fear"], id="then-the-top"),
    ],
)
def test_the_best_part_that_is_there(
    pack: object,
    parts: tuple[str, ...],
    left_out: tuple[str, ...],
    values: list[int],
    labels: list[str],
    tmp_path: Path,
) -> None:
    files = {name: content for name, content in FILES.items() if not name.startswith(left_out or "-")}
    assert callable(pack)
    faces = read_faces(pack(tmp_path / "faces", files), parts)
    assert faces.faces[:, 0, 0].tolist() == values
    assert [CLASSES[label] for label in faces.labels] == labels


def test_a_folder_around_it_all_is_no_hindrance(tmp_path: Path) -> None:
    path = zipped(tmp_path / "f.zip", {f"fer2013/{name}": content for name, content in FILES.items()})
    assert read_faces(path, MEASURING).faces[:, 0, 0].tolist() == [30]


def test_other_sizes_and_colours_fit(tmp_path: Path) -> None:
    files = {"happy/big.png": png(90, (200, 160), "RGB"), "sad/tiny.png": png(60, (20, 24))}
    faces = read_faces(zipped(tmp_path / "f.zip", files), MEASURING)
    assert faces.faces.shape == (2, 48, 48)
    assert faces.faces[:, 24, 24].tolist() == [90, 60]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="is not there"):
        read_faces(tmp_path / "none.zip", TRAINING)
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(FootageError, match="neither a folder nor a zip"):
        read_faces(tmp_path / "text.zip", TRAINING)
    with pytest.raises(FootageError, match="train/angry/ or angry/"):
        read_faces(zipped(tmp_path / "empty.zip", {"readme.txt": b""}), TRAINING)
    with pytest.raises(FootageError, match=r"train/happy/broken\.png cannot be read"):
        read_faces(zipped(tmp_path / "bad.zip", {**FILES, "train/happy/broken.png": png(9)[:40]}), TRAINING)


def many(count: int) -> LabelledFaces:
    chance = np.random.default_rng(0)
    pictures = chance.integers(0, 255, (count, 48, 48), dtype=np.uint8)
    return LabelledFaces(pictures, np.arange(count) % len(CLASSES), "train")


def test_every_class_gives_its_share() -> None:
    rest, apart = hold_out(many(140), 0.1, seed=3)
    assert (len(rest), len(apart)) == (126, 14)
    assert np.bincount(apart.labels).tolist() == [2] * len(CLASSES)
    assert {face.tobytes() for face in rest.faces}.isdisjoint(face.tobytes() for face in apart.faces)


def test_the_seed_decides() -> None:
    _, first = hold_out(many(140), 0.1, seed=3)
    _, again = hold_out(many(140), 0.1, seed=3)
    _, other = hold_out(many(140), 0.1, seed=4)
    np.testing.assert_array_equal(first.faces, again.faces)
    assert not np.array_equal(first.faces, other.faces)


def test_twins_are_never_kept_apart() -> None:
    faces = many(70)
    pictures = faces.faces.copy()
    pictures[35:] = pictures[:35]
    pictures[:7] = np.random.default_rng(1).integers(0, 255, (7, 48, 48), dtype=np.uint8)
    _, apart = hold_out(LabelledFaces(pictures, faces.labels, "train"), 0.5, seed=0)
    _, counts = np.unique(pictures.reshape(70, -1), axis=0, return_counts=True)
    assert (counts == 1).sum() == 14
    assert len(apart) == 14
