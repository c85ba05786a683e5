"""Events in every format that has them, read back by readers that are not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import webvtt

from engine.core.findings import Findings
from engine.export.formats import write_export
from engine.export.json import export_json, render
from tests.seeded import Seeds, open_engine

NAME = '=cmd|"A1"<b>&--> 민지'


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Findings]:
    with open_engine(tmp_path_factory.mktemp("home")) as engine:
        seeds = Seeds(engine)
        footage = seeds.footage("hall.mp4", seconds=60.0)
        run = seeds.events(seeds.run(footage, pictures=False))
        theft, assault, _ = (item.event.id for item in engine.anomalies.events())
        engine.anomalies.say(theft, "Ann", "confirmed")
        engine.anomalies.say(assault, "Ann", "dismissed")
        engine.anomalies.add(footage.id, "", "@fight", 50.0, 52.5, "Ann")
        engine.answers.rename(run.id, "P1", NAME)
        yield engine.answers.findings(footage, run)


def bare(findings: Findings) -> Findings:
    """The same of a run that did not look for events."""
    stages = tuple(stage for stage in findings.run.stages if stage.name != "anomalies")
    return replace(findings, events=(), run=replace(findings.run, stages=stages))


def test_json(findings: Findings) -> None:
    document = json.loads(render(export_json(findings)))
    found = document["anomalies"]
    assert [(one["label"], one["person"], one["verdict"], one["kind"]) for one in found] == [
        ("theft", "P1", "confirmed", "skeleton"),
        ("assault", "P2", "dismissed", "skeleton"),
        ("damage", "P3", None, "skeleton"),
        ("@fight", None, None, "manual"),
    ]
    first, last = found[0], found[-1]
    assert (first["score"], first["model"], first["added_by"]) == (0.92, "skeleton-lstm", None)
    assert first["reasons"][0] == {
        "kind": "joint",
        "name": "right wrist",
        "weight": 0.42,
        "start_s": first["start_s"],
        "end_s": first["end_s"],
    }
    assert (last["model"], last["added_by"], last["score"], last["end_s"]) == (None, "Ann", 1.0, 52.5)
    assert export_json(bare(findings))["anomalies"] == []


def test_csv(findings: Findings, tmp_path: Path) -> None:
    write_export("csv", findings, tmp_path / "people.csv")
    table = pd.read_csv(tmp_path / "people-events.csv", keep_default_na=False)
    about = json.loads((tmp_path / "people-events.csv-metadata.json").read_text("utf-8"))
    assert list(table.columns) == [column["name"] for column in about["tableSchema"]["columns"]]
    assert about["url"] == "people-events.csv" and about["notes"][0]["run"] == findings.run.id
    assert table["label"].tolist() == ["theft", "assault", "damage", "'@fight"]
    assert table["name"][0] == "'" + NAME and table["verdict"].tolist() == ["confirmed", "dismissed", "", ""]
    assert table["reasons"][0].startswith("joint right wrist 0.42; ")
    assert "presence" in pd.read_csv(tmp_path / "people.csv")["channel"].tolist()


def test_webvtt(findings: Findings, tmp_path: Path) -> None:
    write_export("webvtt", findings, tmp_path / "people.vtt")
    cues = webvtt.read(str(tmp_path / "people-events.vtt"))
    first = findings.events[0].event
    assert [cue.start_in_seconds for cue in cues] == [int(one.event.start_s) for one in _shown(findings)]
    assert cues[0].end == f"00:00:{first.end_s:06.3f}" and "theft (92%) confirmed" in cues[0].text
    assert "@fight (added by Ann)" in cues[-1].text and "-->" not in cues[0].text


@pytest.mark.parametrize("name", ["csv", "webvtt"])
def test_who_did_not_look_claims_nothing(findings: Findings, tmp_path: Path, name: str) -> None:
    write_export(name, bare(findings), tmp_path / "out.txt")
    assert not list(tmp_path.glob("*-events*"))
    write_export(name, replace(findings, events=()), tmp_path / "out.txt")
    assert (tmp_path / "out-events.txt").is_file()


def _shown(findings: Findings) -> list:
    return [item for item in findings.events if item.verdict != "dismissed"]
