"""Recordings that show one place: declared, aligned, corrected, and a moment found on the other camera."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.api import Engine
from engine.core.errors import ConfigError, FootageError, StoreError
from tests.drawn import Walker, draw_clip
from tests.seeded import Seeds, open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def two(engine: Engine) -> tuple[str, str]:
    seeds = Seeds(engine)
    return seeds.footage("door.mp4", seconds=100.0).id, seeds.footage("till.mp4", seconds=60.0).id


def test_a_moment_is_found_from_either_side(engine: Engine, two: tuple[str, str]) -> None:
    door, till = two
    engine.cameras.adjust(door, till, offset_s=-30.0, drift=0.001, uncertainty_s=0.2)
    (there,) = engine.cameras.moment(door, 50.0)
    assert (there.footage, there.uncertainty_s) == (till, 0.2)
    assert there.t == pytest.approx(20.05)
    (back,) = engine.cameras.moment(till, there.t)
    assert back.footage == door
    assert back.t == pytest.approx(50.0)


def test_a_moment_that_the_other_did_not_record_has_no_other_view(engine: Engine, two: tuple[str, str]) -> None:
    door, till = two
    engine.cameras.adjust(door, till, offset_s=-30.0)
    assert engine.cameras.moment(door, 10.0) == ()
    assert engine.cameras.moment(door, 95.0) == ()


def test_one_declaration_a_pair(engine: Engine, two: tuple[str, str]) -> None:
    door, till = two
    first = engine.cameras.adjust(door, till, offset_s=4.0)
    second = engine.cameras.adjust(till, door, offset_s=-5.0)
    assert first.id == second.id
    assert engine.cameras.pairs(door) == engine.cameras.pairs(till) == engine.cameras.pairs() == (second,)
    assert engine.cameras.moment(door, 10.0)[0].t == pytest.approx(15.0)
    engine.cameras.forget(second.id)
    assert engine.cameras.pairs() == ()


def test_removed_footage_takes_its_pairs_along(engine: Engine, two: tuple[str, str]) -> None:
    engine.cameras.adjust(*two, offset_s=0.0)
    engine.remove(two[1])
    assert engine.cameras.pairs() == ()


def test_what_cannot_be_is_refused(engine: Engine, two: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match="second view of itself"):
        engine.cameras.adjust(two[0], two[0], offset_s=0.0)
    for numbers in ({"offset_s": 1e9}, {"offset_s": 0.0, "drift": 0.5}, {"offset_s": float("nan")}):
        with pytest.raises(ConfigError, match="Correct the numbers"):
            engine.cameras.adjust(*two, **numbers)
    with pytest.raises(StoreError):
        engine.cameras.adjust(two[0], "nobody", offset_s=0.0)


def test_clocks_are_aligned_by_the_movement_in_both(engine: Engine, tmp_path: Path) -> None:
    def clip(name: str, later: float) -> str:
        comings = ((1.0, 1.6), (3.1, 4.0), (5.2, 5.5), (7.0, 8.4))
        walkers = [
            Walker((200, 40 * place, 20), enter_s=max(0.0, start - later), leave_s=end - later, speed=(60.0, 0.0))
            for place, (start, end) in enumerate(comings)
            if end > later
        ]
        return engine.register(draw_clip(tmp_path / name, walkers, seconds=10.0 - later)).id

    first, second = clip("first.mp4", 0.0), clip("second.mp4", 0.7)
    heard: list[float] = []
    pair = engine.cameras.estimate(first, second, heard.append)
    assert engine.cameras.moment(first, 5.0)[0].t == pytest.approx(4.3, abs=0.1)
    assert pair.source == "estimated"
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0, abs=0.05)


def test_stillness_cannot_be_aligned(engine: Engine, tmp_path: Path) -> None:
    first = engine.register(draw_clip(tmp_path / "one.mp4", (), seconds=4.0)).id
    second = engine.register(draw_clip(tmp_path / "two.mp4", (), seconds=5.0)).id
    with pytest.raises(FootageError, match="by hand"):
        engine.cameras.estimate(first, second)
    assert engine.cameras.pairs() == ()
