"""Clothes read from drawn people: colours under several lights, garments, what is hidden; and from real ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.protocols import BackendOptions
from engine.core.types import Poses
from models.clothing.slots import SlotReader
from tests.models.clothing.figures import PAINT, Figure, picture

READER = SlotReader(BackendOptions())
LIGHTS = {
    "daylight": {},
    "warm": {"light": (1.0, 0.82, 0.6)},
    "dim": {"full": 0.45},
    "cool": {"light": (0.8, 0.93, 1.0)},
}


def read(*figures: Figure, masked: bool = True) -> ClothingReadings:
    return READER.read(7, [picture(figure, masked=masked) for figure in figures])


def shares(readings: ClothingReadings, region: str, rank: int = 0) -> dict[str, float]:
    row = rank * len(REGIONS) + REGIONS.index(region)
    return dict(zip(COLOURS, readings.colours[row].tolist(), strict=True))


def trait(readings: ClothingReadings, region: str, name: str, rank: int = 0) -> float:
    return float(readings.traits[rank * len(REGIONS) + REGIONS.index(region), TRAITS.index(name)])


def visible(readings: ClothingReadings, region: str) -> float:
    return float(readings.visible[REGIONS.index(region)])


def best(found: dict[str, float]) -> str:
    return max(found, key=found.__getitem__)


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_in_every_light(colour: str, light: str) -> None:
    other = "grey" if colour != "grey" else "green"
    readings = read(Figure(upper=PAINT[colour], lower=PAINT[other], **LIGHTS[light]))
    assert best(shares(readings, "upper")) == colour
    assert best(shares(readings, "lower")) == other


@pytest.mark.parametrize("colour", ["red", "navy", "white", "olive"])
def test_deep_shade_on_half_of_the_cloth_is_the_same_colour(colour: str) -> None:
    found = shares(read(Figure(upper=PAINT[colour], shade=0.4)), "upper")
    assert best(found) == colour
    assert found[colour] > 0.6


@pytest.mark.parametrize("ground", ["red", "blue", "white"])
@pytest.mark.parametrize("masked", [True, False])
def test_the_ground_does_not_leak(ground: str, masked: bool) -> None:
    readings = read(Figure(upper=PAINT["yellow"], lower=PAINT["brown"], ground=PAINT[ground]), masked=masked)
    for region, worn in (("upper", "yellow"), ("lower", "brown")):
        found = shares(readings, region)
        assert best(found) == worn
        assert found[ground] < 0.05


def test_arms_and_hands_are_not_cloth() -> None:
    found = shares(read(Figure(upper=PAINT["teal"], sleeves=False)), "upper")
    assert found["teal"] > 0.7
    assert found["beige"] + found["brown"] + found["pink"] + found["orange"] < 0.05


def test_two_colours_are_two() -> None:
    found = shares(read(Figure(upper=PAINT["white"], second=PAINT["red"])), "upper")
    assert found["white"] > 0.25
    assert found["red"] > 0.25


@pytest.mark.parametrize(("first", "second"), [("white", "navy"), ("black", "yellow"), ("red", "white")])
def test_stripes(first: str, second: str) -> None:
    readings = read(Figure(upper=PAINT[first], second=PAINT[second], stripes=7))
    found = shares(readings, "upper")
    assert found[first] > 0.2
    assert found[second] > 0.2
    assert trait(readings, "upper", "striped") > 0.5
    assert trait(read(Figure(upper=PAINT[first])), "upper", "striped") < 0.2


def test_sleeves_and_legs() -> None:
    long, short = read(Figure()), read(Figure(sleeves=False, legs=False))
    assert trait(long, "upper", "long") > 0.7
    assert trait(short, "upper", "long") < 0.3
    assert trait(long, "lower", "long") > 0.7
    assert trait(short, "lower", "long") < 0.3


def test_dress_skirt_and_trousers() -> None:
    dress, skirt, trousers = (
        read(Figure(upper=PAINT["red"], dress=True)),
        read(Figure(skirt=True, lower=PAINT["green"])),
        read(Figure()),
    )
    assert trait(dress, "upper", "dress") > 0.5 > max(trait(skirt, "upper", "dress"), trait(trousers, "upper", "dress"))
    assert trait(skirt, "lower", "skirt") > 0.5 > trait(trousers, "lower", "skirt")
    assert best(shares(skirt, "lower")) == "green"


def test_trousers_under_a_long_shirt_keep_their_own_colour() -> None:
    readings = read(Figure(upper=PAINT["white"], lower=PAINT["brown"], tunic=True))
    found = shares(readings, "lower")
    assert best(found) == "brown"
    assert found["white"] < 0.15
    assert trait(readings, "lower", "dress") < 0.5


def test_hat_and_hair() -> None:
    hat, none = read(Figure(hat=PAINT["red"])), read(Figure())
    assert trait(hat, "head", "present") > 0.5 > 0.3 > trait(none, "head", "present")
    assert best(shares(hat, "head")) == "red"
    assert visible(hat, "hair") < visible(none, "hair")
    assert best(shares(none, "hair")) in ("black", "brown")


def test_long_hair_is_not_cloth() -> None:
    blonde = (196, 164, 105)
    readings = read(Figure(upper=PAINT["navy"], hair=blonde, long_hair=True))
    assert trait(readings, "hair", "long") > 0.5 > trait(read(Figure(upper=PAINT["white"])), "hair", "long")
    assert shares(readings, "upper")["navy"] > 0.8
    assert best(shares(readings, "hair")) in ("beige", "brown", "yellow")


def test_legs_behind_a_desk_are_not_visible() -> None:
    readings = read(Figure(desk=(200, 198, 190), unseen=tuple(range(25, 33))))
    assert visible(readings, "lower") < 0.12
    assert visible(readings, "shoes") == 0.0
    assert visible(readings, "upper") > 0.5
    assert np.isnan(trait(readings, "lower", "long")) or visible(readings, "lower") == 0.0


def test_nobody_found_is_nothing_seen() -> None:
    readings = READER.read(1, [replace(picture(Figure()), pose=Poses.missing(1))])
    assert not readings.visible.any()
    assert not readings.weights.any()
    assert np.isnan(readings.traits).all()


def test_views_are_read_alike_however_they_come() -> None:
    one, other = picture(Figure(upper=PAINT["red"])), picture(Figure(upper=PAINT["blue"]))
    both = READER.read(3, [one, other])
    assert both.ranks.tolist() == [0] * 6 + [1] * 6
    assert both.regions == REGIONS * 2
    assert best(shares(both, "upper", 0)) == "red"
    assert best(shares(both, "upper", 1)) == "blue"
    weak = READER.read(3, [replace(one, quality=0.2)])
    assert (weak.weights[weak.visible > 0] < READER.read(3, [one]).weights[weak.visible > 0]).all()


def test_a_mirrored_view_says_the_same() -> None:
    seen = picture(Figure(upper=PAINT["purple"], lower=PAINT["beige"]))
    marks = seen.pose.landmarks.copy()
    marks[0, :, 0] = seen.image.shape[1] - marks[0, :, 0]
    # Left and right change names, too.
    pairs = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9]
    order = [*pairs, *(number + 1 if number % 2 else number - 1 for number in range(11, 33))]
    mirrored = replace(
        seen,
        image=np.ascontiguousarray(seen.image[:, ::-1]),
        mask=np.ascontiguousarray(seen.mask[:, ::-1]),
        pose=Poses(landmarks=np.ascontiguousarray(marks[:, order]), scores=seen.pose.scores),
    )
    first, second = READER.read(1, [seen]), READER.read(1, [mirrored])
    assert np.abs(first.colours - second.colours).max() < 0.1


@pytest.mark.footage
def test_real_people(footage_dir: Path) -> None:
    """Of the corridor: a white dress in the dim, jeans in haze; landmarks by the embedded network."""
    from engine.core.types import Frame
    from engine.kept_views import light_around, scene_light
    from engine.photographs import person_pictures
    from models.person.blazepose import BlazePoseDetector
    from models.person.blazepose_pose import BlazePosePoseEstimator

    with Pillow.open(footage_dir / "face-demographics-walking.gif") as clip:
        clip.seek(18)
        frame = Frame(18, 1.5, np.asarray(clip.convert("RGB"), np.uint8))
    found = BlazePoseDetector(BackendOptions()).predict([frame])[0]
    order = np.argsort(found.boxes[:, 0])
    views = person_pictures(frame, found.boxes[order], BlazePosePoseEstimator(BackendOptions()))
    light = scene_light([frame.image])
    views = [
        replace(view, white=light_around(view.image, view.mask, light), black=light.black, full=light.full)
        for view in views
    ]
    assert len(views) == 2
    woman, man = (READER.read(1, [view]) for view in views)
    assert best(shares(woman, "upper")) == "white"
    lower = shares(man, "lower")
    assert lower["blue"] + lower["navy"] > 0.5
    assert trait(man, "lower", "long") > 0.7
