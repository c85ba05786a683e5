"""The stages of anomalies: what they heed, when a shop is watched, what they find in drawn tracklets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.anomaly_steps import (
    AnomalyPlan,
    ShopTime,
    anomalies_heeded,
    behaviours_heeded,
    is_shop,
    on_clock,
    unpaid_events,
    unpaid_heeded,
)
from engine.api import Engine
from engine.core.anomalies import Zone
from engine.core.cameras import BY_HAND, Alignment
from engine.core.config import AnalysisConfig, AnomalyConfig, Settings
from engine.core.protocols import BackendOptions
from engine.core.types import Frame, PersonLink, Tracklet
from engine.core.views import FootageView, RunView, StageView
from engine.steps import OtherCamera, Step, ours
from engine.store.anomalies import AnomalyTable
from engine.store.cameras import CameraTable
from engine.tiers import Backend, choose_anomaly, choose_behaviour, choose_person
from tests.recognition.test_shop import AWAY, COUNTER, REST, SIZE, shopper, windows
from tests.seeded import Seeds, open_engine

CONFIG = AnomalyConfig()
SHELF = Zone("shelf", ((0.0, 0.0), (0.2, 0.0), (0.2, 1.0)))
FAKE = Backend("anomaly_scorer", "fake", BackendOptions())
HANDS = Backend("behaviour", "fake", BackendOptions())


class Quiet:
    """Hears nothing."""

    def progress(self, stage: str, done: float, total: float) -> None:
        assert 0 <= done <= total

    def checkpoint(self) -> None:
        pass


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def seeds(engine: Engine) -> Seeds:
    return Seeds(engine)


def no_frames(stage: str):
    def frames(times: Sequence[float]) -> Iterator[Frame]:
        raise AssertionError(f"{stage} asked for frames")

    return frames


def dart(number: int, *, speed: float, start: float = 0.0) -> Tracklet:
    """Somebody who moves by so many pixels a second, 20 wide and 80 high."""
    one = shopper([(start, 0.0), (start + 10, 0.0)], number=number)
    x = speed * (one.t - start)
    return replace(one, boxes=(one.boxes + np.stack([x, 0 * x, x, 0 * x], axis=1)).astype(np.float32))


def plan(
    engine: Engine, seeds: Seeds, view: FootageView, tracklets: Sequence[Tracklet], **changes: object
) -> AnomalyPlan:
    """A plan over tracklets that are put into the store, each its own person."""
    track, link = Step("track", ours("bytetrack", "1")), Step("link", ours("place", "1"))
    seeds._results.save_tracklets(track.record(view, 0.1), tracklets)
    links = [PersonLink(f"P{each.number}", (each.number,), 1.0) for each in tracklets]
    seeds._results.save_links(link.record(view, 0.1), links, track.key(view))
    table = AnomalyTable(engine._database)
    made = AnomalyPlan(view, CONFIG, seeds._results, table, track, link, FAKE, HANDS, Quiet(), no_frames)
    return replace(made, **changes)  # type: ignore[arg-type]


def carry_out(planned: AnomalyPlan, seeds: Seeds) -> RunView:
    """A run of all stages of a plan."""
    steps = [planned.track, planned.link]
    for step, compute in planned.stages():
        compute()(step.record(planned.view, 0.1))
        steps.append(step)
    stages = tuple(StageView(s.name, s.card.name, s.card.version, 0.1, False, s.key(planned.view)) for s in steps)
    run = RunView("r" * 12, planned.view.id, "embedded", "{}", stages, "2026-01-01T00:00:00+00:00")
    seeds._results.save_run(run)
    return run


def test_everybody_in_view_is_scored(engine: Engine, seeds: Seeds) -> None:
    people = [dart(1, speed=10.0), dart(2, speed=300.0), dart(3, speed=320.0, start=20.0)]
    run = carry_out(plan(engine, seeds, seeds.footage(), people), seeds)
    assert [stage.name for stage in run.stages] == ["track", "link", "anomalies"]
    items = engine.anomalies.events()
    assert [(item.event.person, item.event.label) for item in items] == [("P2", "assault"), ("P3", "assault")]
    assert set(AnomalyTable(engine._database).windows(run.id, "anomalies")) == {1, 2, 3}


@pytest.mark.parametrize(
    ("zones", "config", "expected"),
    [
        pytest.param([], CONFIG, False, id="ordinary"),
        pytest.param([SHELF], CONFIG, False, id="a-shelf-is-no-shop"),
        pytest.param([COUNTER], CONFIG, True, id="a-counter-is"),
        pytest.param([], AnomalyConfig(shop=True), True, id="asked-for"),
    ],
)
def test_when_a_shop_is_watched(
    engine: Engine, seeds: Seeds, zones: list[Zone], config: AnomalyConfig, expected: bool
) -> None:
    view = seeds.footage()
    engine.anomalies.set_zones(view.id, zones)
    planned = plan(engine, seeds, view, [shopper([(0.0, 0.1), (20.0, 0.1)])], config=config)
    assert is_shop(zones, config) is expected
    assert [step.name for step, _ in planned.stages()] == ["anomalies", *(["behaviours", "unpaid"] if expected else [])]


def test_a_shop_from_boxes_to_the_warning(engine: Engine, seeds: Seeds) -> None:
    view = seeds.footage()
    engine.anomalies.set_zones(view.id, [COUNTER])
    # The fake reader takes the left side of the picture for shelves.
    wide = view.media.width / SIZE[0]
    people = [shopper(AWAY), shopper([(0.0, 0.1), (20.0, 0.1), (22.0, 0.6), (40.0, 0.6)], number=2)]
    people = [replace(one, boxes=(one.boxes * np.array([wide, 1, wide, 1])).astype(np.float32)) for one in people]
    run = carry_out(plan(engine, seeds, view, people), seeds)
    assert [stage.name for stage in run.stages][-2:] == ["behaviours", "unpaid"]
    (item,) = engine.anomalies.events(view.id)
    assert (item.event.label, item.event.kind, item.event.person) == ("unpaid", "behaviour", "P1")
    curve = engine.anomalies.curve(item.event.id)
    assert curve is not None and curve.labels[0] == "catch" and curve.threshold == CONFIG.shop_threshold


@pytest.mark.parametrize(
    ("change", "heeds"),
    [
        pytest.param({"threshold": 0.6}, "anomalies", id="threshold"),
        pytest.param({"smooth_s": 1.0}, "anomalies", id="smoothing"),
        pytest.param({"shop_window_s": 3.0}, "behaviours", id="window"),
        pytest.param({"shop_threshold": 0.6}, "unpaid", id="shop-threshold"),
        pytest.param({"counter_s": 6.0}, "unpaid", id="stay"),
    ],
)
def test_a_setting_changes_only_what_heeds_it(change: dict[str, float], heeds: str) -> None:
    def heeded(config: AnomalyConfig) -> dict[str, object]:
        return {
            "anomalies": anomalies_heeded(config),
            "behaviours": behaviours_heeded(config, [COUNTER]),
            "unpaid": unpaid_heeded(config, [COUNTER]),
        }

    before, after = heeded(CONFIG), heeded(AnomalyConfig(**change))
    assert [name for name in before if before[name] != after[name]] == [heeds]


def test_zones_change_only_what_looks_at_them() -> None:
    assert behaviours_heeded(CONFIG, [COUNTER]) == behaviours_heeded(CONFIG, [])
    assert behaviours_heeded(CONFIG, [SHELF]) != behaviours_heeded(CONFIG, [])
    assert unpaid_heeded(CONFIG, [SHELF]) == unpaid_heeded(CONFIG, [])
    assert unpaid_heeded(CONFIG, [COUNTER]) != unpaid_heeded(CONFIG, [])


TOLD = [REST, ("catch", 0.8), REST, REST]


@pytest.mark.parametrize(
    ("there", "warned", "disagreed"),
    [
        pytest.param([REST, ("catch", 0.7), REST, REST], 1, 0, id="agrees"),
        pytest.param([REST, REST, REST, REST], 0, 1, id="sees-nothing"),
        pytest.param([], 1, 0, id="shows-nobody"),
    ],
)
def test_two_cameras_must_agree(there: list[tuple[str, float]], warned: int, disagreed: int) -> None:
    # The other camera's clock is 100 s ahead and gains a thousandth.
    other = Alignment(100.0, 0.001, 0.1, 0.9)
    ahead = windows(there, tracklet=7)
    ahead = replace(ahead, start_s=ahead.start_s * 1.001 + 100.0, end_s=ahead.end_s * 1.001 + 100.0)
    shop = ShopTime(
        (shopper(AWAY),),
        (PersonLink("P1", (1,), 1.0),),
        {1: windows(TOLD)},
        SIZE,
        60.0,
        on_clock([ahead] if there else [], other.to_first),
    )
    answer = unpaid_events(shop, [COUNTER], CONFIG)
    assert (len(answer.events), len(answer.disagreed)) == (warned, disagreed)
    listed = answer.disagreements("hall", "gate")
    assert [(one.footage, one.other, one.person, one.here, one.there) for one in listed] == [
        ("hall", "gate", "P1", "catch", "normal")
    ] * disagreed


def test_disagreements_are_kept_and_shown(engine: Engine, seeds: Seeds) -> None:
    view, gate = seeds.footage(), seeds.footage("gate.mp4")
    engine.anomalies.set_zones(view.id, [COUNTER])
    planned = plan(engine, seeds, view, [shopper(AWAY)])
    theirs = Step("behaviours", HANDS.card)
    tracks = Step("track", ours("bytetrack", "1"))
    seeds._results.save_tracklets(tracks.record(gate, 0.1), [shopper(AWAY, number=7)])
    calm = windows([REST] * 18, tracklet=7)
    planned.table.save(theirs.record(gate, 0.1), [calm], [], tracks.key(gate))
    planned = replace(planned, other=OtherCamera(gate.id, theirs.key(gate), Alignment(0.0, 0.0, 0.1, 0.9)))
    carry_out(planned, seeds)
    assert [item.event.label for item in engine.anomalies.events(view.id)] == []
    assert {one.here for one in engine.anomalies.disagreements(view.id)} == {"catch"}


@pytest.mark.parametrize("turned", [False, True])
def test_the_other_camera_is_found(engine: Engine, seeds: Seeds, turned: bool) -> None:
    hall, gate = seeds.footage(), seeds.footage("gate.mp4")
    run = seeds.events(seeds.run(gate, pictures=False), ("unpaid",), scores=(0.6,))
    first, second = (gate.id, hall.id) if turned else (hall.id, gate.id)
    alignment = Alignment(12.0, 0.002, 0.1, 0.9)
    CameraTable(engine._database).put(first, second, alignment, BY_HAND)
    found = engine.cameras.other_camera(hall.id)
    assert found is not None and found.footage == gate.id
    assert found.behaviours == next(stage.key for stage in run.stages if stage.name == "behaviours")
    moment = alignment.to_second(50.0) if turned else alignment.to_first(50.0)
    assert found.clock.to_first(50.0) == pytest.approx(moment)
    # Nobody has read the hands of the hall.
    assert engine.cameras.other_camera(gate.id) is None


def test_which_back_end_answers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    fake = choose_person(AnalysisConfig(person_model="fake"), settings)
    real = choose_person(AnalysisConfig(profile="embedded"), settings)
    chosen = choose_anomaly(fake, settings)
    assert chosen is not None and chosen.name == "fake"
    assert choose_behaviour(AnalysisConfig(), fake, settings).name == "fake"
    assert choose_behaviour(AnalysisConfig(), real, settings).name == "wrists"
    folder = tmp_path / "models" / "behaviour" / "shop"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    assert choose_behaviour(AnalysisConfig(), real, settings).name == "videomae"
    assert choose_behaviour(AnalysisConfig(profile="embedded"), real, settings).name == "wrists"
