"""Looks put into a store by hand: vectors of the kept views of a run's people, as an identity stage writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.api import Engine
from engine.core.identity import CosineScale, IdentityVectors
from engine.core.views import RunView, StageView
from engine.store.identity import IdentityTable
from engine.store.results import ResultTable
from engine.store.stages import StageRecord

SIZE = 16


def embed(engine: Engine, run: RunView, looks: Mapping[str, tuple[float, float]]) -> RunView:
    """Say what the people of a run look like.

    Args:
        engine: whose store it is.
        run: of `Seeds.run()`.
        looks: label -> (kind of look, a whole number under 8; how far from it, in radians): two of one kind have the
            cosine of the difference of their angles, two of different kinds have 0.

    Returns:
        The run as it is now: the same id, with the stage on top.
    """
    track = next(each.key for each in run.stages if each.name == "track")
    rows = [
        (crop.tracklet, crop.rank, person.label) for person in engine.answers.people(run.id) for crop in person.crops
    ]
    rows = sorted(row for row in rows if row[2] in looks)
    vectors = np.zeros((len(rows), SIZE), np.float32)
    for place, (_, _, label) in enumerate(rows):
        kind, angle = looks[label]
        vectors[place, 2 * int(kind) : 2 * int(kind) + 2] = np.cos(angle), np.sin(angle)
    told = IdentityVectors(
        tracklets=np.array([row[0] for row in rows], np.int64),
        ranks=np.array([row[1] for row in rows], np.int64),
        vectors=vectors,
        quality=np.full(len(rows), 0.9, np.float32),
    )
    key = hashlib.sha256(f"{track}identity{sorted(looks.items())}".encode()).hexdigest()
    record = StageRecord(key, run.footage, "identity", "fake", "0" * 16, "{}", 0.5)
    IdentityTable(engine._database).save(record, told, CosineScale(), track)
    run = replace(run, stages=(*run.stages, StageView("identity", "fake", "0" * 16, 0.5, False, key)))
    ResultTable(engine._database).save_run(run)
    return run
