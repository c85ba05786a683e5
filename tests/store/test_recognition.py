"""Segments, readings of faces and names: what is written comes back, damage is said, removal takes them along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Engine
from engine.core.config import Settings
from engine.core.errors import StoreError
from engine.core.faces import FACE_POINTS, Expressions, FaceReadings, Faces, FaceSighting
from engine.core.labels import EMOTIONS
from engine.store import readings as blobs
from tests.seeded import Seeds


def faces(n: int, rng: np.random.Generator) -> Faces:
    corners = rng.uniform(0, 2000, (n, 2))
    return Faces(
        people=rng.permutation(40)[:n].astype(np.int64),
        boxes=np.concatenate([corners, corners + rng.uniform(1, 200, (n, 2))], axis=1).astype(np.float32),
        points=rng.uniform(-50, 2000, (n, FACE_POINTS, 2)).astype(np.float32),
        angles=rng.uniform(-90, 90, (n, 3)).astype(np.float32),
        scores=rng.uniform(0, 1, n).astype(np.float32),
        quality=rng.uniform(0, 1, n).astype(np.float32),
    )


def emotions(n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.dirichlet(np.ones(len(EMOTIONS)), n).astype(np.float32).reshape(n, len(EMOTIONS))


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 2**31))
def test_faces_come_back_and_pack_to_the_same_bytes(counts: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    written = [FaceSighting(6 * n, n / 7, faces(count, rng)) for n, count in enumerate(counts)]
    blob = blobs.pack_sightings(written)
    read = blobs.unpack_sightings(blob)
    assert blobs.pack_sightings(read) == blob
    for one, two in zip(written, read, strict=True):
        assert (one.index, one.t) == (two.index, two.t)
        assert np.array_equal(one.faces.people, two.faces.people)
        for name, off in (("boxes", 1 / 16), ("points", 1 / 16), ("angles", 1 / 16), ("quality", 1e-4)):
            assert np.allclose(getattr(one.faces, name), getattr(two.faces, name), atol=off + 1e-3)
    shown = [Expressions(each.index, each.t, emotions(len(each.faces), rng)) for each in written]
    packed = blobs.pack_expressions(shown)
    assert blobs.pack_expressions(blobs.unpack_expressions(packed)) == packed
    for first, second in zip(shown, blobs.unpack_expressions(packed), strict=True):
        assert np.allclose(first.emotions, second.emotions, atol=1e-4)


@given(st.integers(0, 12), st.integers(0, 2**31))
def test_readings_come_back(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = faces(n, rng)
    t = np.cumsum(rng.uniform(0.01, 3.0, n))
    written = FaceReadings(t, found.boxes, found.angles, found.quality, emotions(n, rng))
    blob = blobs.pack_readings(written)
    read = blobs.unpack_readings(blob)
    assert blobs.pack_readings(read) == blob
    assert np.array_equal(read.t, written.t)
    assert np.allclose(read.emotions, written.emotions, atol=1e-4)


@pytest.mark.parametrize("unpack", [blobs.unpack_readings, blobs.unpack_sightings, blobs.unpack_expressions])
def test_damage_is_said(unpack: object) -> None:
    rng = np.random.default_rng(0)
    blob = blobs.pack_sightings([FaceSighting(0, 0.0, faces(3, rng))])
    for damaged in (b"", b"SLF\x01", blob[:-9], blob[:20] + bytes([blob[20] ^ 255]) + blob[21:], b"SLZ\x01" + blob[4:]):
        with pytest.raises(StoreError):
            unpack(damaged)  # type: ignore[operator]


def test_what_was_recognised_goes_with_its_footage(tmp_path: Path) -> None:
    with Engine(Settings(home=tmp_path)) as engine:
        seeds = Seeds(engine)
        footage = seeds.footage()
        run = seeds.run(footage)
        engine.answers.rename(run.id, "P1", "Kim")
        assert len(engine.answers.segments(run.id)) == 6 * 9
        assert len(engine.answers.readings(run.id)) == 6
        engine.remove(footage.id)
        with engine._database.read() as connection:
            for table in ("segments", "face_readings", "face_crops", "journal", "spots", "linked"):
                assert connection.table(table).count == 0, table


def test_of_two_names_for_one_person_the_later_counts(tmp_path: Path) -> None:
    with Engine(Settings(home=tmp_path)) as engine:
        seeds = Seeds(engine)
        footage = seeds.footage()
        run, other = seeds.run(footage), seeds.run(footage, model="yolo", profile="pretrained")
        for asked, label, name in ((run, "P2", "Kim"), (other, "P3", "Lee"), (run, "P2", "Park")):
            engine.answers.rename(asked.id, label, name)
        for each in (run, other):
            assert [person.name for person in engine.answers.people(each.id)] == ["", "Park", "Lee"]
