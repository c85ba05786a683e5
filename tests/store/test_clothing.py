"""Readings, vectors and captions of clothes: what is written comes back, damage is said, removal takes them along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.errors import StoreError
from engine.core.views import FootageView, RunView, StageView
from engine.store import clothing_blobs as blobs
from engine.store.clothing import MOST_RANKS, ClothingTable
from engine.store.database import Database
from engine.store.results import ResultTable
from tests.store import samples


def readings(number: int, views: int, rng: np.random.Generator) -> ClothingReadings:
    rows = views * len(REGIONS)
    visible = np.where(rng.random(rows) < 0.3, 0, rng.uniform(1e-9, 1, rows)).astype(np.float32)
    colours = rng.dirichlet(np.full(len(COLOURS), 0.2), rows).astype(np.float32).reshape(rows, len(COLOURS))
    traits = rng.uniform(0, 1, (rows, len(TRAITS))).astype(np.float32)
    traits[rng.random(traits.shape) < 0.3] = np.nan
    return ClothingReadings(
        tracklets=np.full(rows, number, np.int64),
        ranks=np.repeat(np.arange(views), len(REGIONS)),
        regions=REGIONS * views,
        visible=visible,
        weights=rng.uniform(0, 1, rows).astype(np.float32),
        colours=np.where(visible[:, None] > 0, colours / colours.sum(axis=1, keepdims=True), 0).astype(np.float32),
        traits=traits,
    )


def saved(db: Database, clip: FootageView, key: str = "key-clothing", seed: int = 0) -> ClothingReadings:
    """Readings of all tracklets of the run of `filled`, and the run with the stage on top."""
    written = ClothingReadings.concatenate(readings(n, 2, np.random.default_rng([seed, n])) for n in (1, 2, 3))
    ClothingTable(db).save_readings(samples.record(key, "clothing", clip), written, "key-track")
    put_on(db, clip, key)
    return written


def put_on(db: Database, clip: FootageView, *keys: str) -> RunView:
    stages = [StageView("clothing", "slots", "0" * 16, 1.0, False, key) for key in keys]
    run = replace(samples.run(clip), stages=(*samples.run(clip).stages, *stages))
    ResultTable(db).save_run(run)
    return run


@given(st.integers(1, 6), st.integers(0, 2**31))
def test_readings_come_back_and_pack_to_the_same_bytes(views: int, seed: int) -> None:
    written = readings(7, views, np.random.default_rng(seed))
    blob = blobs.pack_readings(written)
    read = blobs.unpack_readings(blob)
    assert blobs.pack_readings(read) == blob
    assert read.regions == written.regions
    assert np.array_equal(read.tracklets, written.tracklets)
    assert np.array_equal(read.ranks, written.ranks)
    # What was not seen stays so, and what was barely seen does not become what was not.
    assert np.array_equal(read.visible > 0, written.visible > 0)
    assert np.array_equal(np.isnan(read.traits), np.isnan(written.traits))
    assert np.abs(read.visible - written.visible).max() < 1e-4
    assert np.abs(read.weights - written.weights).max() < 1e-4
    assert np.abs(read.colours - written.colours).max() < 2e-4
    assert np.nanmax(np.abs(read.traits - written.traits), initial=0) <= 0.5 / 254 + 1e-6


@given(st.integers(0, 8), st.integers(1, 40), st.integers(0, 2**31))
def test_vectors_come_back_as_half_precision(views: int, columns: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(0, 1, (views, columns)).astype(np.float32)
    blob = blobs.pack_vectors(np.arange(views), vectors)
    ranks, read = blobs.unpack_vectors(blob)
    assert np.array_equal(ranks, np.arange(views))
    assert np.array_equal(read, vectors.astype(np.float16).astype(np.float32))
    assert blobs.pack_vectors(ranks, read) == blob


def test_readings_of_two_tracklets_are_not_packed_together() -> None:
    both = ClothingReadings.concatenate(readings(n, 1, np.random.default_rng(n)) for n in (1, 2))
    with pytest.raises(ValueError, match="one tracklet"):
        blobs.pack_readings(both)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda blob: b"", id="empty"),
        pytest.param(lambda blob: blob[: len(blob) // 2], id="cut-off"),
        pytest.param(lambda blob: b"SLC\x02" + blob[4:], id="another-layout"),
        pytest.param(lambda blob: blob[:9] + bytes([blob[9] ^ 0xFF]) + blob[10:], id="flipped"),
    ],
)
def test_damage_is_said(spoil) -> None:  # type: ignore[no-untyped-def]
    blob = blobs.pack_readings(readings(1, 2, np.random.default_rng(1)))
    with pytest.raises(StoreError, match="damaged"):
        blobs.unpack_readings(spoil(blob))


def test_readings_of_a_run(db: Database, clip: FootageView, filled: ResultTable) -> None:
    table = ClothingTable(db)
    assert table.readings(samples.run(clip).id) is None
    assert table.unread() == (clip.id,)
    written = saved(db, clip)
    read = table.readings(samples.run(clip).id)
    assert read is not None
    assert len(read) == len(written)
    assert read.tracklets.tolist() == written.tracklets.tolist()
    assert table.of_tracklets("key-clothing", [3, 2]).tracklets.tolist() == [2] * 12 + [3] * 12
    assert table.unread() == ()
    (source,) = table.sets("readings")
    assert (source.stage, source.link, source.run, source.footage) == (
        "key-clothing",
        "key-link",
        samples.run(clip).id,
        clip.id,
    )


def test_a_set_written_again_is_another_set(db: Database, clip: FootageView, filled: ResultTable) -> None:
    table = ClothingTable(db)
    saved(db, clip)
    before, ids = table.sets("readings")[0].id, table.ids("readings", "key-clothing")
    saved(db, clip, seed=1)
    assert table.sets("readings")[0].id > before
    assert not set(ids.values()) & set(table.ids("readings", "key-clothing").values())


def test_only_the_newest_run_counts(db: Database, clip: FootageView, filled: ResultTable) -> None:
    saved(db, clip)
    later = replace(samples.run(clip, "b" * 12), finished_utc="2026-01-02T00:00:00+00:00")
    ResultTable(db).save_run(later)
    assert ClothingTable(db).sets("readings") == ()
    assert ClothingTable(db).unread() == (clip.id,)


def test_vectors_and_captions(db: Database, clip: FootageView, filled: ResultTable) -> None:
    table = ClothingTable(db)
    rng = np.random.default_rng(0)
    vectors = {n: rng.normal(0, 1, (n, 8)).astype(np.float32) for n in (1, 2, 3)}
    record = samples.record("key-look", "embeddings", clip)
    table.save_vectors(record, vectors, "key-track", {(1, 0): "a man in black", (3, 2): "검은 옷"})
    run = put_on(db, clip, "key-look")
    kept = table.vectors("key-look")
    assert kept.tracklets.tolist() == [1, 2, 2, 3, 3, 3]
    assert kept.ranks.tolist() == [0, 0, 1, 0, 1, 2]
    assert len(set(kept.ids.tolist())) == 6
    assert np.array_equal(kept.ids % MOST_RANKS, kept.ranks)
    assert np.allclose(kept.vectors, np.concatenate(list(vectors.values())), atol=2e-3)
    assert table.captions(run.id) == {(1, 0): "a man in black", (3, 2): "검은 옷"}
    table.save_captions("key-look", "key-track", {(1, 0): "somebody", (2, 1): "else"})
    assert table.captions(run.id) == {(1, 0): "somebody", (2, 1): "else", (3, 2): "검은 옷"}
    assert table.sets("readings") == ()
    assert [each.stage for each in table.sets("vectors")] == ["key-look"]


def test_a_tracklet_that_is_not_there_is_refused(db: Database, clip: FootageView, filled: ResultTable) -> None:
    record = samples.record("key-clothing", "clothing", clip)
    with pytest.raises(StoreError):
        ClothingTable(db).save_readings(record, readings(9, 1, np.random.default_rng(0)), "key-track")
    assert ResultTable(db).finished("key-clothing") is None


def test_removing_the_footage_removes_all(db: Database, clip: FootageView, filled: ResultTable) -> None:
    saved(db, clip)
    with db.write() as connection:
        connection.execute("DELETE FROM footage WHERE id = ?", [clip.id])
    with db.read() as connection:
        for table in ("clothing_sets", "clothing_readings"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_tracklets_that_went_take_what_was_read_of_them(db: Database, clip: FootageView, filled: ResultTable) -> None:
    saved(db, clip)
    tracklets = [samples.tracklet(n, start=float(n)) for n in (1, 2)]
    filled.save_tracklets(samples.record("key-track", "track", clip), tracklets)
    assert filled.finished("key-clothing") is None
    assert ClothingTable(db).sets("readings") == ()
