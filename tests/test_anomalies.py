"""The room of anomalies: events to look at, verdicts as a history that outlives analyses, events by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.api import Engine
from engine.core.errors import ConfigError, StoreError
from engine.core.reviews import EventFilter, ReviewItem
from engine.core.views import RunView
from tests.seeded import Seeds, open_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def seeds(engine: Engine) -> Seeds:
    return Seeds(engine)


@pytest.fixture
def run(seeds: Seeds) -> RunView:
    """A run with a theft, an assault and a damage."""
    return seeds.events(seeds.run(seeds.footage(), pictures=False))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, RunView]]:
    """The same in a home that no test changes."""
    with open_engine(tmp_path_factory.mktemp("shown")) as engine:
        seeds = Seeds(engine)
        yield engine, seeds.events(seeds.run(seeds.footage(), pictures=False))


def labelled(items: tuple[ReviewItem, ...], label: str) -> ReviewItem:
    return next(item for item in items if item.event.label == label)


def verdicts(engine: Engine, reviewer: str = "") -> dict[str, tuple[str, str]]:
    return {item.event.label: (item.verdict, item.mine) for item in engine.anomalies.queue(reviewer=reviewer)}


def test_the_queue_and_its_filters(shown: tuple[Engine, RunView]) -> None:
    engine, run = shown
    queue = engine.anomalies.queue()
    assert [item.event.label for item in queue] == ["assault", "theft", "damage"]
    assert [item.event.label for item in engine.anomalies.events()] == ["theft", "assault", "damage"]
    assert [item.event.label for item in engine.anomalies.queue(EventFilter(labels=("damage",)))] == ["damage"]
    assert engine.anomalies.events(run.footage) == engine.anomalies.events()
    assert engine.anomalies.event(queue[0].event.id).event == queue[0].event
    assert queue[0].footage_name == "hall.mp4" and queue[0].event.person == "P2"


def test_verdicts_are_a_history(engine: Engine, run: RunView) -> None:
    room = engine.anomalies
    event = labelled(room.events(), "theft").event.id
    room.say(event, "Ann", "confirmed", "", "hand in the bag")
    room.say(event, "Ben", "dismissed", "staff")
    room.say(event, "Ann", "dismissed", "play", "a game")
    history = room.history(event)
    assert [(one.reviewer, one.verdict, one.reason, one.note) for one in history] == [
        ("Ann", "confirmed", "", "hand in the bag"),
        ("Ben", "dismissed", "staff", ""),
        ("Ann", "dismissed", "play", "a game"),
    ]
    item = room.event(event, "Ann")
    assert (item.verdict, item.mine, item.disputed, item.verdicts) == ("dismissed", "dismissed", False, 2)
    assert room.event(event, "Cem").mine == ""


def test_undo_goes_back_step_by_step(engine: Engine, run: RunView) -> None:
    room = engine.anomalies
    theft, damage = (labelled(room.events(), label).event.id for label in ("theft", "damage"))
    room.say(theft, "Ann", "unsure")
    room.say(theft, "Ann", "confirmed")
    room.say(damage, "Ann", "dismissed")
    room.say(damage, "Ben", "confirmed")
    undone = [room.undo("Ann") for _ in range(4)]
    assert [one.event if one else None for one in undone] == [damage, theft, theft, None]
    assert verdicts(engine, "Ann") == {"assault": ("", ""), "theft": ("", ""), "damage": ("confirmed", "")}
    assert len(room.history(theft)) == 4 and [one.verdict for one in room.history(theft)][2:] == ["", ""]
    room.say(theft, "Ann", "dismissed")
    assert room.event(theft, "Ann").mine == "dismissed"


def test_reviewers_who_contradict_each_other_are_shown_first(engine: Engine, run: RunView) -> None:
    room = engine.anomalies
    damage = labelled(room.events(), "damage").event.id
    for item in room.events():
        room.say(item.event.id, "Ann", "confirmed")
    room.say(damage, "Ben", "dismissed")
    first = room.queue(reviewer="Cem")[0]
    assert (first.event.id, first.verdict, first.disputed) == (damage, "unsure", True)


@pytest.mark.parametrize(
    ("reviewer", "verdict", "note"),
    [
        pytest.param("", "confirmed", "", id="nobody"),
        pytest.param("Ann\n", "", "", id="no-verdict"),
        pytest.param("Ann", "maybe", "", id="unknown-verdict"),
        pytest.param("A" * 81, "confirmed", "", id="long-name"),
        pytest.param("Ann", "confirmed", "x" * 2001, id="long-note"),
    ],
)
def test_what_cannot_be_said(shown: tuple[Engine, RunView], reviewer: str, verdict: str, note: str) -> None:
    engine, _ = shown
    event = engine.anomalies.events()[0].event.id
    with pytest.raises(ConfigError):
        engine.anomalies.say(event, reviewer, verdict, "", note)
    assert engine.anomalies.history(event) == ()


def test_an_event_that_is_gone(shown: tuple[Engine, RunView]) -> None:
    engine, _ = shown
    with pytest.raises(StoreError, match="no longer"):
        engine.anomalies.say("0" * 12, "Ann", "confirmed")
    assert engine.anomalies.history("0" * 12) == ()


def test_verdicts_outlive_an_analysis(engine: Engine, seeds: Seeds, run: RunView) -> None:
    room = engine.anomalies
    theft, assault, damage = (item.event.id for item in room.events())
    room.say(theft, "Ann", "confirmed", "", "seen")
    room.say(assault, "Ann", "dismissed")
    room.say(damage, "Ann", "confirmed")
    # Another model finds the same people, and events half a second later; the damage it takes for a theft.
    footage = engine.footage(run.footage)
    other = seeds.run(footage, model="yolo", pictures=False)
    other = seeds.events(other, ("theft", "assault", "theft"), model="newer", shift_s=0.5)
    items = room.events()
    assert {item.event.run for item in items} == {other.id}
    assert [(item.event.label, item.verdict) for item in items] == [
        ("theft", "confirmed"),
        ("assault", "dismissed"),
        ("theft", ""),
    ]
    again = items[0].event.id
    assert again != theft and room.history(again) == room.history(theft) != ()
    # What is said of the one is said of the other, and undone with it.
    room.say(again, "Ben", "dismissed")
    assert room.event(theft).disputed and [one.event for one in room.history(theft)] == [theft, again]
    room.undo("Ben")
    assert room.event(again).verdict == "confirmed"


def test_a_verdict_reaches_analyses_that_are_there_already(engine: Engine, seeds: Seeds, run: RunView) -> None:
    footage = engine.footage(run.footage)
    newer = seeds.events(seeds.run(footage, model="yolo", pictures=False), model="newer")
    for item in engine.anomalies.events():
        engine.anomalies.say(item.event.id, "Ann", "dismissed")
    assert {item.event.run for item in engine.anomalies.events()} == {newer.id}
    assert [item.verdict for item in engine.anomalies.of_run(run.id)] == ["dismissed"] * 3


def test_somebody_elses_event_is_another(engine: Engine, seeds: Seeds, run: RunView) -> None:
    for item in engine.anomalies.events():
        engine.anomalies.say(item.event.id, "Ann", "confirmed")
    # Twenty seconds later in the footage: the same labels on tracklets that are elsewhere by then.
    late = seeds.run(engine.footage(run.footage), model="yolo", shift_s=20.0, pictures=False)
    seeds.events(late, model="newer")
    assert [item.verdict for item in engine.anomalies.events()] == ["", "", ""]


@pytest.mark.parametrize(
    ("labels", "shift_s", "expected"),
    [
        pytest.param(("theft", "damage", "damage"), 0.0, {"P1"}, id="the-same"),
        pytest.param(("theft", "damage", "damage"), 6.0, {"P1"}, id="four-tenths-in-common"),
        pytest.param(("theft", "damage", "damage"), 9.0, set(), id="hardly-the-same-time"),
        # The theft of P1 was from 10.5 to 21.1 s; this one is of P2, from 15 to 25 s.
        pytest.param(("damage", "theft", "damage"), -4.0, set(), id="somebody-else-at-the-same-time"),
    ],
)
def test_what_is_the_same_event(
    engine: Engine, seeds: Seeds, run: RunView, labels: tuple[str, ...], shift_s: float, expected: set[str]
) -> None:
    engine.anomalies.say(labelled(engine.anomalies.events(), "theft").event.id, "Ann", "confirmed")
    other = seeds.run(engine.footage(run.footage), model="yolo", pictures=False)
    seeds.events(other, labels, model="newer", shift_s=shift_s)
    assert {item.event.person for item in engine.anomalies.events() if item.verdict} == expected


def test_what_older_analyses_found_does_not_wait(engine: Engine, seeds: Seeds, run: RunView) -> None:
    engine.anomalies.say(engine.anomalies.events()[0].event.id, "Ann", "confirmed")
    seeds.run(engine.footage(run.footage), model="yolo", pictures=False)
    row = next(row for row in engine.anomalies.precision() if row.threshold == 0.5)
    assert (row.model, row.seen, row.kept, row.waiting) == ("skeleton-lstm", 1, 1, 0)


def test_events_by_hand(engine: Engine, seeds: Seeds, run: RunView) -> None:
    room = engine.anomalies
    stay = engine.answers.people(run.id)[1].presence[0]
    added = room.add(run.footage, "P2", "damage", stay.start_s + 1, stay.start_s + 3, "Ann")
    nobody = room.add(run.footage, "", "fight", 100.0, 110.0, "Ben")
    assert (added.event.kind, added.event.person, added.added_by) == ("manual", "P2", "Ann")
    assert (nobody.event.person, nobody.event.tracklet, nobody.event.score) == ("", 0, 1.0)
    assert room.curve(added.event.id) is None
    room.say(added.event.id, "Ben", "dismissed")
    assert room.event(added.event.id).verdict == "dismissed"
    # The person is found again in another analysis, whatever they are called there.
    other = seeds.events(seeds.run(engine.footage(run.footage), model="yolo", pictures=False), model="newer")
    kept = next(item for item in room.events() if item.event.id == added.event.id)
    assert (kept.event.run, kept.event.person, kept.verdict) == (other.id, "P2", "dismissed")
    assert {item.event.id for item in room.queue(EventFilter(kinds=("manual",)))} == {added.event.id, nobody.event.id}


@pytest.mark.parametrize(
    ("person", "label", "start_s", "end_s", "by"),
    [
        pytest.param("", "theft", 5.0, 5.0, "Ann", id="no-time"),
        pytest.param("", "theft", -1.0, 5.0, "Ann", id="before-the-start"),
        pytest.param("", "theft", 5.0, 500.0, "Ann", id="after-the-end"),
        pytest.param("", "normal", 1.0, 5.0, "Ann", id="nothing-special"),
        pytest.param("", " ", 1.0, 5.0, "Ann", id="no-kind"),
        pytest.param("", "theft", 1.0, 5.0, "", id="nobody"),
        pytest.param("P9", "theft", 1.0, 5.0, "Ann", id="unknown-person"),
        pytest.param("P3", "theft", 0.0, 1.0, "Ann", id="not-in-view"),
    ],
)
def test_what_cannot_be_added(
    shown: tuple[Engine, RunView], person: str, label: str, start_s: float, end_s: float, by: str
) -> None:
    engine, run = shown
    with pytest.raises(ConfigError):
        engine.anomalies.add(run.footage, person, label, start_s, end_s, by)
    assert len(engine.anomalies.events()) == 3


def test_names_of_people_are_shown(engine: Engine, run: RunView) -> None:
    engine.answers.rename(run.id, "P1", "Kim")
    assert {item.event.person: item.person_name for item in engine.anomalies.events()} == {
        "P1": "Kim",
        "P2": "",
        "P3": "",
    }


def test_the_curve_of_an_event(shown: tuple[Engine, RunView]) -> None:
    engine, _ = shown
    event = labelled(engine.anomalies.events(), "theft").event
    curve = engine.anomalies.curve(event.id)
    assert curve is not None and curve.labels[0] == "theft" and curve.threshold == pytest.approx(0.7)
    inside = (curve.t >= event.start_s) & (curve.t <= event.end_s)
    assert curve.raw[inside, 0].min() > 0.9 and curve.raw[~inside, 0].max() < 0.2
    assert curve.smoothed[:, 0].argmax() in np.flatnonzero(inside)


def test_measured_precision(engine: Engine, seeds: Seeds, run: RunView) -> None:
    room = engine.anomalies
    for item, verdict in zip(room.events(), ("confirmed", "dismissed", "confirmed"), strict=True):
        room.say(item.event.id, "Ann", verdict)

    def at(threshold: float, model: str = "skeleton-lstm") -> tuple[int, int, int]:
        row = next(
            row
            for row in room.precision()
            if (row.model, row.footage) == (model, run.footage) and row.threshold == threshold
        )
        return row.seen, row.kept, row.missed

    # Theft .92, assault .84 (dismissed), damage .76.
    assert (at(0.7), at(0.8), at(0.9)) == ((3, 2, 0), (2, 1, 1), (1, 1, 1))
    room.add(run.footage, "", "theft", 130.0, 135.0, "Ann")
    assert at(0.7) == (3, 2, 1)
    # A newer model that finds the same is measured by the same verdicts, and each by its own.
    seeds.events(seeds.run(engine.footage(run.footage), model="yolo", pictures=False), model="newer")
    assert at(0.7, "newer") == at(0.7) == (3, 2, 1)
    assert room.suggested_threshold() == ()


def test_a_suggested_threshold(engine: Engine, seeds: Seeds) -> None:
    judged = (("confirmed", 0.95), ("confirmed", 0.9), ("dismissed", 0.85), ("dismissed", 0.75), ("dismissed", 0.71))
    run = seeds.run(seeds.footage(), people=5, pictures=False)
    seeds.events(run, ("theft",) * 5, scores=[score for _, score in judged])
    room = engine.anomalies
    for item in room.events():
        verdict = next(verdict for verdict, score in judged if score == pytest.approx(item.event.score))
        room.say(item.event.id, "Ann", verdict)
    (advice,) = room.suggested_threshold(0.6)
    assert (advice.threshold, advice.seen, advice.kept, advice.lost) == (0.85, 3, 2, 0)


def test_what_can_be_learnt(engine: Engine, seeds: Seeds, run: RunView) -> None:
    room = engine.anomalies
    theft, assault, damage = room.events()
    room.say(theft.event.id, "Ann", "confirmed")
    room.say(assault.event.id, "Ann", "dismissed")
    room.say(damage.event.id, "Ann", "unsure")
    stay = engine.answers.people(run.id)[2].presence[1]
    room.add(run.footage, "P3", "damage", stay.start_s + 1, stay.start_s + 5, "Ann")
    room.add(run.footage, "P3", "vandals", stay.start_s + 6, stay.start_s + 9, "Ann")
    room.add(run.footage, "", "theft", 100.0, 105.0, "Ann")
    learnt = {sequence.event: sequence for sequence in room.judged()}
    assert sorted(sequence.label for sequence in learnt.values()) == ["damage", "normal", "theft"]
    one = learnt[theft.event.id]
    assert one.size == (768, 432) and one.landmarks.shape == (len(one.t), 33, 3)
    assert one.t[0] < theft.event.start_s and one.t[-1] > theft.event.end_s
    assert (one.landmarks[:, :, 2] > 0).any(axis=1).all()


def test_the_same_event_of_two_analyses_is_learnt_once(engine: Engine, seeds: Seeds, run: RunView) -> None:
    engine.anomalies.say(engine.anomalies.events()[0].event.id, "Ann", "confirmed")
    other = seeds.run(engine.footage(run.footage), model="yolo", pictures=False)
    seeds.events(other)
    assert [sequence.label for sequence in engine.anomalies.judged()] == ["theft"]


def test_removed_footage_takes_all_along(engine: Engine, run: RunView) -> None:
    room = engine.anomalies
    room.say(room.events()[0].event.id, "Ann", "confirmed")
    room.add(run.footage, "", "theft", 1.0, 2.0, "Ann")
    engine.remove(run.footage)
    assert room.queue() == () and list(room.judged()) == [] and room.undo("Ann") is None
    assert engine._database.check() == "ok"
