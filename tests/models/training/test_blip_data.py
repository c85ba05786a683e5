"""Readers of pictures with sentences: every layout that is accepted, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from engine.core.errors import FootageError
from models.training.blip_data import Pair, answers, layout_of, open_picture, read_pairs, split
from models.training.blip_peta import peta_sentence

RED, BLUE = "a person in red", "a person in blue"


def picture(path: Path, colour: tuple[int, int, int] = (200, 0, 0)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.new("RGB", (8, 16), colour).save(path)
    return path


def told(root: Path, layout: str = "auto") -> list[tuple[str, str]]:
    return [(pair.picture.relative_to(root).as_posix(), pair.sentence) for pair in read_pairs(root, layout)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("captions.json", json.dumps({"a.png": RED, "b/c.jpg": [BLUE, RED]}), id="json"),
        pytest.param(
            "captions.json",
            json.dumps([{"image": "a.png", "caption": RED}, {"image": "b/c.jpg", "caption": [BLUE, RED]}]),
            id="json-list",
        ),
        pytest.param(
            "metadata.jsonl",
            f'{{"file_name": "a.png", "text": "{RED}"}}\n\n{{"file_name": "b/c.jpg", "text": "{BLUE}"}}\n'
            f'{{"file_name": "b/c.jpg", "text": "{RED}"}}\n',
            id="jsonl",
        ),
        pytest.param("captions.csv", f"image,caption\na.png,{RED}\nb/c.jpg,{BLUE}\nb/c.jpg,{RED}\n", id="csv"),
    ],
)
def test_a_file_of_sentences(tmp_path: Path, name: str, text: str) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b" / "c.jpg")
    picture(tmp_path / "nothing-said.png")
    (tmp_path / name).write_text(text, "utf-8")
    assert layout_of(tmp_path) == "folder"
    assert told(tmp_path) == [("a.png", RED), ("b/c.jpg", BLUE), ("b/c.jpg", RED)]


def test_a_text_beside_each_picture(tmp_path: Path) -> None:
    picture(tmp_path / "a.png").with_suffix(".txt").write_text(f"  {RED} \n\n{BLUE}\n", "utf-8")
    assert told(tmp_path) == [("a.png", BLUE), ("a.png", RED)]


def test_deepfashion(tmp_path: Path) -> None:
    names = [f"MEN-Denim-id_00000080-0{view}_7_additional.jpg" for view in (1, 2)]
    other = "WOMEN-Dresses-id_00000002-02_1_front.jpg"
    for name in (*names, other):
        picture(tmp_path / "images" / name)
    said = {names[0]: RED, names[1]: RED, other: BLUE, "WOMEN-gone.jpg": BLUE}
    (tmp_path / "captions.json").write_text(json.dumps(said), "utf-8")
    assert layout_of(tmp_path) == "deepfashion"
    pairs = read_pairs(tmp_path)
    assert [(pair.picture.name, pair.sentence, pair.subject) for pair in pairs] == [
        (names[0], RED, "id_00000080"),
        (names[1], RED, "id_00000080"),
        (other, BLUE, "id_00000002"),
    ]


def test_peta(tmp_path: Path) -> None:
    first, second = tmp_path / "3DPeS" / "archive", tmp_path / "CUHK" / "archive"
    for name in ("12_1_FRAME_5_RGB.bmp", "12_2_FRAME_9_RGB.bmp", "120_1_FRAME_5_RGB.bmp"):
        picture(first / name)
    picture(second / "0007.png")
    (first / "Label.txt").write_text(
        "12 upperBodyRed upperBodyTshirt personalMale\n120 personalFemale lowerBodyBlue lowerBodyJeans\n", "utf-8"
    )
    (second / "Label.txt").write_text("0007.png personalMale footwearBlack footwearBoots\n", "utf-8")
    assert layout_of(tmp_path) == "peta"
    assert told(tmp_path) == [
        ("3DPeS/archive/120_1_FRAME_5_RGB.bmp", "a woman in blue jeans"),
        ("3DPeS/archive/12_1_FRAME_5_RGB.bmp", "a man in a red t-shirt"),
        ("3DPeS/archive/12_2_FRAME_9_RGB.bmp", "a man in a red t-shirt"),
        ("CUHK/archive/0007.png", "a man in black boots"),
    ]
    subjects = {pair.picture.name: pair.subject for pair in read_pairs(tmp_path)}
    assert subjects["12_1_FRAME_5_RGB.bmp"] == subjects["12_2_FRAME_9_RGB.bmp"] != subjects["120_1_FRAME_5_RGB.bmp"]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param("", "a person", id="nothing"),
        pytest.param("personalFemale personalLess15 upperBodyPink", "a girl in a pink top", id="girl"),
        pytest.param(
            "upperBodyBlack lowerBodyGrey hairBlack footwearWhite lowerBodyTrousers personalMale upperBodyLogo "
            "upperBodyShortSleeve upperBodyTshirt hairShort footwearSneakers carryingNothing accessoryNothing",
            "a man with short black hair in a black short-sleeved printed t-shirt, grey trousers and white sneakers",
            id="whole",
        ),
        pytest.param(
            "personalFemale personalLarger60 upperBodyOrange upperBodyNoSleeve hairLong lowerBodyShortSkirt "
            "accessoryHat accessoryMuffler carryingUmbrella carryingBackpack",
            "an old woman with long hair in an orange sleeveless top and a short skirt, wearing a hat and a scarf, "
            "carrying a backpack and an umbrella",
            id="things",
        ),
        pytest.param("upperBodyRed upperBodyWhite upperBodyThinStripes", "a person in a red and white striped top"),
        pytest.param("hairBald upperBodyUnheardOf", "a person with a bald head", id="unknown-is-passed-over"),
    ],
)
def test_sentences_of_peta(attributes: str, expected: str) -> None:
    assert peta_sentence(attributes.split()) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("captions.json", "{", id="no-json"),
        pytest.param("captions.json", "3", id="a-number"),
        pytest.param("captions.jsonl", '{"image": "a.png"}', id="no-sentence"),
        pytest.param("captions.csv", "who,what\na.png,red\n", id="no-columns"),
    ],
)
def test_broken_files_of_sentences_are_told(tmp_path: Path, name: str, text: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(FootageError, match="does not hold sentences"):
        read_pairs(tmp_path)


def test_empty_and_absent_folders_are_told(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    with pytest.raises(FootageError, match="holds no pictures with sentences"):
        read_pairs(tmp_path)
    with pytest.raises(FootageError, match="no folder"):
        read_pairs(tmp_path / "absent")


def test_what_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(FootageError, match="cannot be opened"):
        open_picture(tmp_path / "a.png")
    grey = tmp_path / "grey.png"
    Pillow.new("LA", (4, 6), (7, 9)).save(grey)
    assert (open_picture(grey).shape, open_picture(grey).dtype) == ((6, 4, 3), np.uint8)


def test_a_subject_is_on_one_side_only() -> None:
    pairs = [Pair(Path(f"{subject}-{view}.png"), RED, str(subject)) for subject in range(10) for view in range(3)]
    learned, held = split(pairs, 0.3, 7)
    assert (len(learned), len(held)) == (21, 9)
    assert not {pair.subject for pair in learned} & {pair.subject for pair in held}
    assert split(pairs[::-1], 0.3, 7)[1] == held[::-1]
    assert split(pairs, 0.3, 8)[1] != held
    assert len(split(pairs[:6], 0.01, 7)[1]) == 3
    with pytest.raises(FootageError, match="two people"):
        split(pairs[:3], 0.3, 7)


def test_which_pictures_answer_a_sentence() -> None:
    a, b = Path("a.png"), Path("b.png")
    sentences, pictures, right = answers([Pair(a, RED, "1"), Pair(a, BLUE, "1"), Pair(b, RED, "2")])
    assert (sentences, pictures) == ([0, 1], [0, 2])
    assert right.tolist() == [[True, True], [True, False]]
