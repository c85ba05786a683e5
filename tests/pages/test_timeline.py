from __future__ import annotations

import json
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.labels import EMOTIONS, GESTURES, POSTURES, UNKNOWN
from engine.core.types import Gap
from engine.core.views import FootageView, RunView
from pages import _mount, _timeline, _ui
from pages._palette import GREY, LABELS, PERSONS, label_color, palette, person_color
from tests.seeded import Seeds

LIGHT, DARK, WHITE = "#fcfdfc", "#101615", "#ffffff"


def mounted(footage: FootageView, run: RunView, **options: Any) -> AppTest:
    def script(footage, run, options):  # read as a page of its own: it knows none of the names up here
        from pages import _timeline

        _timeline.timeline(footage, run, on_pick=lambda: None, **{"chosen": "", **options})

    return AppTest.from_function(script, args=(footage, run, options), default_timeout=60).run()


def handed(page: AppTest) -> dict[str, Any]:
    found = page.get("bidi_component")
    assert len(found) == 1
    return json.loads(found[0].proto.json)


def test_what_the_timeline_is_handed(seeds: Seeds) -> None:
    footage = seeds.footage(gaps=(Gap(3.0, 4.5, "corrupt"),))
    run = seeds.run(footage, people=3)
    data = handed(mounted(footage, run, chosen="P2"))
    assert data["url"] == f"/sightline/timeline/{run.id}"
    assert data["media"] == f"/sightline/media/{footage.id}/"
    assert (data["duration"], data["gaps"], data["chosen"], data["only"]) == (139.4, [[3.0, 4.5]], "P2", "")
    assert data["labels"]["walking"] == "walking"
    assert data["text"]["sort.first"] == "First seen"
    assert set(data["palette"]) == {"persons", "labels", "grey"}


def test_one_person_alone(seeds: Seeds) -> None:
    footage = seeds.footage()
    assert handed(mounted(footage, seeds.run(footage), chosen="P2", only=True))["only"] == "P2"


def test_it_is_small_whatever_the_run(seeds: Seeds) -> None:
    footage = seeds.footage()
    run = seeds.run(footage, people=40, segments=2, pictures=False)
    assert len(json.dumps(handed(mounted(footage, run)))) < 8_000


def test_a_new_name_makes_the_browser_ask_again(seeds: Seeds) -> None:
    footage = seeds.footage()
    run = seeds.run(footage)
    before = handed(mounted(footage, run))["revision"]
    assert handed(mounted(footage, run))["revision"] == before
    seeds.engine.answers.rename(run.id, "P1", "Kim")
    assert handed(mounted(footage, run))["revision"] != before


@pytest.mark.parametrize(
    ("state", "picked"),
    [
        pytest.param({}, None, id="nothing yet"),
        pytest.param({"pick": None}, None, id="another element's click"),
        pytest.param({"pick": {"person": "P3", "t": 4.25}}, ("P3", 4.25), id="a segment"),
        pytest.param({"pick": {"person": "", "t": None}}, ("", None), id="taken back"),
    ],
)
def test_what_was_picked(
    state: dict[str, Any], picked: tuple[str, float | None] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {_ui.TIMELINE: state})
    assert _timeline.timeline_pick() == picked


def test_the_script_is_in_one_piece_and_loaded_by_address() -> None:
    script = _mount.element_script("timeline")
    assert script is not None
    assert script.count("export default function") == 1
    assert script.rindex("export default function") > script.rindex("function decode(")
    assert _mount.element_script("nothing") is None
    with pytest.raises(ValueError, match="no element"):
        _mount.mount("nothing", key="k", data={})


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("color", sorted({*PERSONS, GREY, *(color for color, _ in LABELS.values())}))
def test_colours_stand_out_and_can_be_written_on(color: str) -> None:
    assert contrast(color, LIGHT) >= 3
    assert contrast(color, DARK) >= 3
    assert contrast(color, WHITE) >= 4.5


@pytest.mark.parametrize("channel", [POSTURES, GESTURES, EMOTIONS], ids=["posture", "gesture", "emotion"])
def test_labels_of_a_channel_are_told_apart_by_colour_and_by_pattern(channel: tuple[str, ...]) -> None:
    looks = [LABELS[label] for label in (*channel, UNKNOWN)]
    assert len({color for color, _ in looks}) == len(looks)
    assert len({pattern for _, pattern in looks}) == len(looks)


def test_persons_go_round_and_unknown_labels_are_grey() -> None:
    assert person_color(len(PERSONS) + 2) == PERSONS[2]
    assert label_color("juggling") == GREY
    assert palette()["labels"]["walking"] == list(LABELS["walking"])
    assert len(set(PERSONS)) == len(PERSONS)


def test_the_engine_is_asked_for_people_alone(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    footage = seeds.footage()
    run = seeds.run(footage)
    for name in ("segments", "tracklets", "readings"):
        monkeypatch.setattr(type(seeds.engine.answers), name, None)
    assert isinstance(seeds.engine, Engine)
    assert handed(mounted(footage, run))["run"] == run.id
