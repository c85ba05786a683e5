"""Every format, read back by a reader that is not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import av
import pandas as pd
import pytest
import webvtt
from pyarrow import parquet
from pympi.Elan import Eaf

from engine.api import Engine
from engine.cli import EXPORT_FORMATS
from engine.core.config import Settings
from engine.core.errors import ExportError
from engine.core.findings import Findings
from engine.core.segments import Segments
from engine.export.ava import ACTION_IDS
from engine.export.formats import FORMATS, write_export
from engine.export.parquet import METADATA_KEY
from tests.seeded import Seeds

NAME = '=cmd|"A1"<b>&--> 민지'


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Findings]:
    with Engine(Settings(home=tmp_path_factory.mktemp("home"))) as engine:
        seeds = Seeds(engine)
        footage = seeds.footage("입구 camera.mp4", seconds=40.0)
        run = seeds.run(footage, people=2, appearances=2)
        engine.answers.rename(run.id, "P2", NAME)
        yield engine.answers.findings(footage, run)


def written(name: str, findings: Findings, folder: Path) -> Path:
    path = folder / f"out.{name}"
    write_export(name, findings, path)
    return path


def holds_provenance(about: dict[str, Any], findings: Findings) -> bool:
    return (
        about["footage"]["sha256"] == findings.footage.sha256
        and about["run"] == findings.run.id
        and bool(about["time_base"])
        and bool(about["boxes"])
        and [each["model"] for each in about["models"]] == [stage.model for stage in findings.run.stages]
        and about["thresholds"]["detect"]["min_score"] == 0.4
    )


def test_the_command_offers_them_all() -> None:
    assert tuple(FORMATS) == EXPORT_FORMATS


def test_csv(findings: Findings, tmp_path: Path) -> None:
    path = written("csv", findings, tmp_path)
    table = pd.read_csv(path, keep_default_na=False)
    assert len(table) == 4 * (1 + 9)
    assert set(table["footage_sha256"]) == {findings.footage.sha256}
    assert set(table["name"]) == {"", "'" + NAME}
    first = table[(table["person"] == "P1") & (table["channel"] == "posture")].iloc[0]
    assert (first["label"], first["model"]) == ("walking", "geometry")
    assert first["start_s"] == pytest.approx(findings.people[0].first_s)
    assert set(table[table["label"] == "unknown"]["score"]) == {0.0}
    about = json.loads(path.with_name("out.csv-metadata.json").read_text("utf-8"))
    assert about["url"] == "out.csv"
    assert [column["name"] for column in about["tableSchema"]["columns"]] == list(table.columns)
    assert holds_provenance(about["notes"][0], findings)


def test_parquet(findings: Findings, tmp_path: Path) -> None:
    path = written("parquet", findings, tmp_path)
    table = parquet.read_table(path)
    assert holds_provenance(json.loads(table.schema.metadata[METADATA_KEY]), findings)
    rows = table.to_pandas()
    assert len(rows) == sum(len(tracklet) for tracklet in findings.tracklets)
    assert set(rows["name"]) == {None, NAME}
    tracklet = findings.tracklets[0]
    own = rows[rows["tracklet"] == tracklet.number]
    assert own["t"].tolist() == tracklet.t.tolist()
    assert own[["x1", "y1", "x2", "y2"]].to_numpy().tolist() == tracklet.boxes.tolist()
    assert set(own["posture"]) == {"walking", "standing", "sitting"}
    assert "reaching" in {gesture for gestures in own["gestures"] for gesture in gestures}
    assert own["activity"].isna().all()


def test_webvtt(findings: Findings, tmp_path: Path) -> None:
    path = written("webvtt", findings, tmp_path)
    cues = webvtt.read(path).captions
    told = [label for label in findings.segments.labels if label != "unknown"]
    assert len(cues) == len(told)
    assert cues[0].voice == "P1"
    assert cues[0].start_in_seconds == pytest.approx(findings.people[0].first_s, abs=0.001)
    assert {cue.text.split(": ")[1].split(" (")[0] for cue in cues} >= {"walking", "reaching", "calm"}
    note = path.read_text("utf-8").split("NOTE\n")[1].split("\n\n")[0]
    assert holds_provenance(json.loads(note), findings)
    with av.open(str(path), format="webvtt") as container:
        assert sum(1 for packet in container.demux() if packet.size) == len(told)


def test_ava(findings: Findings, tmp_path: Path) -> None:
    path = written("ava", findings, tmp_path)
    names = ["video_id", "second", "x1", "y1", "x2", "y2", "action", "person"]
    table = pd.read_csv(path, header=None, names=names)
    assert set(table["video_id"].astype(str)) == {findings.footage.id}
    assert set(table["action"]) == {ACTION_IDS[label][0] for label in ("walking", "standing", "sitting")}
    assert table[["x1", "y1", "x2", "y2"]].to_numpy().min() >= 0.0
    assert table[["x1", "y1", "x2", "y2"]].to_numpy().max() <= 1.0
    assert not table.duplicated(["second", "person", "action"]).any()
    tracklet = findings.tracklets[0]
    row = table[(table["person"] == 1) & (table["second"] == 1)].iloc[0]
    box = tracklet.boxes[5] / [768, 432, 768, 432]
    assert row[["x1", "y1", "x2", "y2"]].tolist() == pytest.approx(box.tolist(), abs=1e-4)
    about = json.loads(path.with_name("out.ava-metadata.json").read_text("utf-8"))
    assert holds_provenance(about, findings)
    listed = path.with_name("out_action_list.pbtxt").read_text("utf-8")
    assert all(f"label_id: {number}\n" in listed for number, _ in ACTION_IDS.values())


def test_eaf(findings: Findings, tmp_path: Path) -> None:
    path = written("eaf", findings, tmp_path)
    document = Eaf(str(path))
    channels = ("presence", "posture", "gesture reaching", "emotion")
    assert set(document.get_tier_names()) == {f"{person} {channel}" for person in ("P1", "P2") for channel in channels}
    postures = document.get_annotation_data_for_tier("P1 posture")
    assert [value for _, _, value in sorted(postures)][:4] == ["walking", "standing", "walking", "sitting"]
    assert sorted(postures)[0][0] == round(findings.people[0].first_s * 1000)
    assert document.get_parameters_for_tier("P2 emotion")["PARTICIPANT"] == NAME
    assert document.get_linked_files()[0]["MIME_TYPE"] == "video/mp4"
    about = {
        key.removeprefix("sightline."): value
        if key.endswith(("run", "profile", "time_base", "boxes"))
        else json.loads(value)
        for key, value in document.get_properties()
        if key.startswith("sightline.")
    }
    assert holds_provenance(about, findings)
    labels = {
        entry.text
        for vocabulary in ElementTree.parse(path).iter("CONTROLLED_VOCABULARY")
        for entry in vocabulary.iter("CVE_VALUE")
    }
    assert {
        value for tier in document.get_tier_names() for _, _, value in document.get_annotation_data_for_tier(tier)
    } <= labels


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_a_run_without_people_has_an_empty_export(findings: Findings, tmp_path: Path, name: str) -> None:
    nobody = replace(findings, people=(), tracklets=(), segments=Segments.empty())
    assert written(name, nobody, tmp_path).stat().st_size >= 0
    if name == "parquet":
        assert parquet.read_table(tmp_path / "out.parquet").num_rows == 0
    if name == "eaf":
        assert not list(Eaf(str(tmp_path / "out.eaf")).get_tier_names())


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_a_folder_that_is_not_there_is_said(findings: Findings, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        write_export(name, findings, tmp_path / "nowhere" / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_said(findings: Findings, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no format"):
        write_export("docx", findings, tmp_path / "out")
