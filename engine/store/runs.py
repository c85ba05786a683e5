"""Runs as the pages read them: rows joined to views, inside a read that the caller holds.

Owns: the queries over `runs`, `run_stages` and the summaries of persons. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.core.errors import StoreError
from engine.core.views import CropView, PersonView, Presence, RunView, StageView
from engine.store.footage import require
from engine.store.persons import cuts_of_run, members_of
from engine.store.sqlite import Connection
from engine.store.stages import require_stage


def put_run(connection: Connection, run: RunView) -> None:
    """Write a run whose stages are all there; one of the same id is replaced.

    Raises:
        StoreError: its footage or a stage it names is not in the store.
    """
    require(connection, run.footage)
    for stage in run.stages:
        require_stage(connection, stage.key)
    connection.execute("DELETE FROM runs WHERE id = ?", [run.id])
    connection.execute(
        "INSERT INTO runs (id, footage, profile, config_json, finished_utc) VALUES (?, ?, ?, ?, ?)",
        [run.id, run.footage, run.profile, run.config_json, run.finished_utc],
    )
    connection.conn.executemany(
        "INSERT INTO run_stages (run, position, key, name, model, version, seconds, cached) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (run.id, place, stage.key, stage.name, stage.model, stage.version, stage.seconds, int(stage.cached))
            for place, stage in enumerate(run.stages)
        ],
    )


def run_with_id(connection: Connection, id: str) -> RunView:  # noqa: A002 - the column's name
    """One run.

    Raises:
        StoreError: there is none.
    """
    found = _runs(connection, "SELECT * FROM runs WHERE id = ?", id)
    if not found:
        raise StoreError("This analysis is no longer in the store. Analyse the footage again.", detail=f"run {id}")
    return found[0]


def runs_of(connection: Connection, footage: str) -> tuple[RunView, ...]:
    """Runs of a footage, newest first."""
    # rowid counts up as runs are saved: it settles the order within one second.
    return _runs(connection, "SELECT * FROM runs WHERE footage = ? ORDER BY finished_utc DESC, rowid DESC", footage)


def people_of(connection: Connection, run: str) -> tuple[PersonView, ...]:
    """Persons of a run in their order, from summaries alone: no packed column is read.

    Raises:
        StoreError: there is no such run.
    """
    run_with_id(connection, run)
    persons = list(
        connection.query(
            "SELECT persons.* FROM run_stages JOIN persons ON persons.stage = run_stages.key "
            "WHERE run = ? ORDER BY run_stages.position, persons.position",
            [run],
        )
    )
    members: dict[int, list[dict[str, Any]]] = {}
    for key in dict.fromkeys(person["stage"] for person in persons):
        members |= members_of(connection, key)
    crops: dict[int, list[CropView]] = {}
    for crop in cuts_of_run(connection, run).crops(kept_crops(connection, run)):
        crops.setdefault(crop.tracklet, []).append(crop)
    return tuple(_person(person, members.get(person["id"], []), crops) for person in persons)


def kept_crops(connection: Connection, run: str) -> list[CropView]:
    """Kept views of a run by tracklet and rank, as they were kept."""
    sql = (
        "SELECT crops.* FROM run_stages JOIN crops ON crops.stage = run_stages.key "
        "WHERE run = ? ORDER BY number, crops.rank"
    )
    return [crop_view(row) for row in list(connection.query(sql, [run]))]


def _person(person: dict[str, Any], members: Sequence[dict[str, Any]], crops: dict[int, list[CropView]]) -> PersonView:
    presence = sorted(
        (Presence(tracklet=row["number"], start_s=row["first_s"], end_s=row["last_s"]) for row in members),
        key=lambda stretch: (stretch.start_s, stretch.tracklet),
    )
    weights = [max(row["seen"], 1) for row in members]
    kept = [crop for row in members for crop in crops.get(row["number"], ())]
    return PersonView(
        label=person["label"],
        first_s=min(stretch.start_s for stretch in presence),
        last_s=max(stretch.end_s for stretch in presence),
        score=sum(row["score"] * weight for row, weight in zip(members, weights, strict=True)) / sum(weights),
        link_score=person["score"],
        presence=tuple(presence),
        crops=tuple(sorted(kept, key=lambda crop: (-crop.quality, crop.tracklet, crop.rank))),
        name=person["name"],
    )


def crop_view(row: dict[str, Any]) -> CropView:
    """A row of `crops` as pages know it."""
    return CropView(
        tracklet=row["number"],
        rank=row["rank"],
        t=row["t"],
        quality=row["quality"],
        file=row["file"],
        width=row["width"],
        height=row["height"],
    )


def _runs(connection: Connection, sql: str, value: str) -> tuple[RunView, ...]:
    found = []
    for run in list(connection.query(sql, [value])):
        rows = list(connection.query("SELECT * FROM run_stages WHERE run = ? ORDER BY position", [run["id"]]))
        stages = tuple(
            StageView(
                name=row["name"],
                model=row["model"],
                version=row["version"],
                seconds=row["seconds"],
                cached=bool(row["cached"]),
                key=row["key"],
            )
            for row in rows
        )
        found.append(RunView(**run, stages=stages))
    return tuple(found)
