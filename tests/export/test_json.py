"""The `sightline/1` document, against a golden file and the promises of docs/formats.md."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.findings import Findings
from engine.core.segments import Segments
from engine.core.types import Gap, MediaInfo, Poses, Tracklet
from engine.core.views import CropView, FootageView, PersonView, Presence, RunView, StageView
from engine.export.json import export_json, render

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "export.json"

FOOTAGE = FootageView(
    id="0123456789ab",
    sha256="0123456789ab" + "0" * 52,
    name="입구 camera.mp4",
    path="/somewhere/camera.mp4",
    in_place=True,
    bytes=1000,
    media=MediaInfo("mov,mp4", "h264", "yuv420p", 768, 432, 0, 139.4000001, 29.97002997, True, False),
    gaps=(Gap(100.0, 139.4, "truncated"),),
    added_utc="2026-01-01T00:00:00+00:00",
)
RUN = RunView(
    id="ba9876543210",
    footage=FOOTAGE.id,
    profile="embedded",
    config_json='{"profile":"embedded","detect":{"fps":5.0}}',
    stages=(
        StageView("detect", "blazepose", "0011223344556677", 12.34567, False, "k1"),
        StageView("track", "bytetrack", "7766554433221100", 0.1, True, "k2"),
    ),
    finished_utc="2026-01-01T01:00:00+00:00",
)


def _tracklet(number: int, times: list[float]) -> Tracklet:
    n = len(times)
    corners = np.arange(n, dtype=np.float32)[:, None] / 3 + np.array([10, 20, 110.123, 220.987], np.float32)
    return Tracklet(
        number=number,
        t=np.array(times),
        boxes=corners,
        scores=np.linspace(0.4, 0.98765, n, dtype=np.float32),
        interpolated=np.arange(n) % 3 == 1,
        poses=Poses.missing(n),
        sharpness=np.ones(n, np.float32),
    )


TRACKLETS = (
    _tracklet(1, [6.5, 6.7, 6.900000095]),
    _tracklet(2, [6.6]),
    _tracklet(3, [9.0, 9.2]),
    _tracklet(4, [50.0]),
)
CROP = CropView(tracklet=1, rank=0, t=6.7, quality=0.5, file="crops/k/1-0.jpg", width=10, height=20)
PEOPLE = (
    PersonView("P1", 6.5, 9.2, 0.71234567, 0.8, (Presence(1, 6.5, 6.900000095), Presence(3, 9.0, 9.2)), (CROP,)),
    PersonView("P2", 6.6, 6.6, 0.4, 1.0, (Presence(2, 6.6, 6.6),), ()),
)
SEGMENTS = Segments(
    tracklets=np.array([1, 1, 3, 1], np.int64),
    channels=("posture", "gesture", "posture", "emotion"),
    labels=("walking", "reaching", "unknown", "calm"),
    start_s=np.array([6.5, 6.7, 9.0, 6.5]),
    end_s=np.array([6.900000095, 6.8, 9.2, 6.900000095]),
    scores=np.array([0.81234567, 0.7, 0.0, 0.66], np.float32),
    coverage=np.array([1.0, 1.0, 0.0, 0.5], np.float32),
    sources=("", "stretching arm", "", ""),
)
FINDINGS = Findings(FOOTAGE, RUN, PEOPLE, TRACKLETS, SEGMENTS)


def _document() -> dict[str, Any]:
    return export_json(FINDINGS)


def test_document_is_the_golden_one(regen: bool) -> None:
    text = render(_document())
    if regen:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8"), "if this change is meant: pytest tests/export --regen, and read the diff"


def test_document_has_the_keys_of_the_contract() -> None:
    document = _document()
    assert list(document) == ["schema", "footage", "run", "persons", "anomalies"]
    assert document["schema"] == "sightline/1"
    assert {"id", "name", "sha256", "duration_s", "fps", "width", "height"} <= set(document["footage"])
    assert {"id", "profile", "stages"} <= set(document["run"])
    assert {"name", "model", "version", "seconds", "cached"} <= set(document["run"]["stages"][0])
    keys = {"id", "name", "first_s", "last_s", "tracklets", "boxes", "actions", "emotions", "clothing"}
    assert keys <= set(document["persons"][0])
    assert set(document["persons"][0]["boxes"][0]) == {"t", "box", "score", "interpolated"}


def test_what_was_not_measured_is_not_claimed() -> None:
    document = export_json(dataclasses.replace(FINDINGS, segments=Segments.empty()))
    assert document["anomalies"] == []
    for person in document["persons"]:
        assert (person["name"], person["actions"], person["emotions"], person["clothing"]) == (None, [], [], None)


def test_actions_and_emotions_are_those_of_the_persons_tracklets_in_order_of_time() -> None:
    first, second = _document()["persons"]
    assert [(each["start_s"], each["label"]) for each in first["actions"]] == [
        (6.5, "walking"),
        (6.7, "reaching"),
        (9.0, "unknown"),
    ]
    assert first["actions"][1]["source"] == "stretching arm"
    assert "source" not in first["actions"][0]
    assert first["emotions"] == [{"start_s": 6.5, "end_s": 6.9, "label": "calm", "score": 0.66, "coverage": 0.5}]
    assert (second["actions"], second["emotions"]) == ([], [])


def test_boxes_are_those_of_the_persons_tracklets_in_order_of_time() -> None:
    first, second = _document()["persons"]
    assert [box["t"] for box in first["boxes"]] == [6.5, 6.7, 6.9, 9.0, 9.2]
    assert [box["interpolated"] for box in first["boxes"]] == [False, True, False, False, True]
    assert first["boxes"][0]["box"] == [10.0, 20.0, 110.12, 220.99]
    assert first["tracklets"] == [1, 3]
    assert len(second["boxes"]) == 1
    assert 50.0 not in [box["t"] for person in (first, second) for box in person["boxes"]]


def test_the_order_of_tracklets_does_not_matter() -> None:
    assert render(export_json(dataclasses.replace(FINDINGS, tracklets=TRACKLETS[::-1]))) == render(_document())


def test_nobody() -> None:
    document = export_json(Findings(dataclasses.replace(FOOTAGE, gaps=()), RUN, (), (), Segments.empty()))
    assert (document["persons"], document["footage"]["gaps"]) == ([], [])
    assert json.loads(render(document)) == document


def test_a_person_without_its_tracklet_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="P1 names tracklet 3"):
        export_json(dataclasses.replace(FINDINGS, tracklets=TRACKLETS[:2]))


def test_render_is_plain_json_with_a_line_for_each_box() -> None:
    text = render(_document())
    assert json.loads(text) == _document()
    assert text.endswith("}\n")
    assert "입구" in text
    assert len(re.findall(r'^ *\{"t": .*"interpolated": (?:true|false)\},?$', text, re.M)) == 6


def test_render_refuses_what_json_cannot_say() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render({"a": [float("nan")]})


def test_every_key_is_described(request: pytest.FixtureRequest) -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    document = _document()
    del document["run"]["config"]
    assert [key for key in sorted(keys(document)) if f"`{key}`" not in page] == []
