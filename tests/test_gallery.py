"""The gallery over a real store: identities, constraints, names, filters, dossiers, doubtful pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.api import Engine
from engine.core.dossier import GalleryQuery
from engine.core.errors import StoreError
from engine.core.identity import EditDraft
from engine.core.library import FootageDetails
from engine.core.types import PersonLink
from engine.core.views import FootageView, RunView
from engine.store.results import ResultTable
from tests.looks import embed
from tests.seeded import Seeds, open_engine

HALL, YARD = (1, 2, 3), (2, 4)
"""What the people look like; P2 of the hall is P1 of the yard."""


Two = tuple[tuple[FootageView, RunView], ...]
STARTS = {"hall.mp4": "2026-11-20T08:00:00+00:00", "yard.mp4": "2026-11-20T09:00:00+00:00"}


def recorded(engine: Engine) -> Two:
    """Two recordings, the yard after the hall."""
    seeds, found = Seeds(engine), []
    for (name, start), looks in zip(STARTS.items(), (HALL, YARD), strict=True):
        footage = seeds.footage(name, recorded_utc=start)
        run = seeds.dressed(seeds.run(footage, people=len(looks), pictures=False))
        found.append((footage, embed(engine, run, {f"P{n}": (look, 0.0) for n, look in enumerate(looks, 1)})))
    return tuple(found)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path / "home") as engine:
        yield engine


@pytest.fixture
def two(engine: Engine) -> Two:
    """The recordings, in a store of their own."""
    return recorded(engine)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Two]]:
    """The same with events, names and a camera; tests leave it as it is."""
    with open_engine(tmp_path_factory.mktemp("furnished") / "home") as engine:
        two = recorded(engine)
        (_, first), (yard, second) = two
        seeds = Seeds(engine)
        seeds.events(first, ("theft",), scores=(0.9,))
        seeds.events(second, ("theft",), scores=(0.9,))
        engine.anomalies.say(engine.anomalies.events(yard.id)[0].event.id, "Kim", "dismissed")
        engine.answers.rename(first.id, "P3", "Kim")
        engine.library.describe(yard.id, FootageDetails(camera="gate", start_utc=STARTS["yard.mp4"]))
        yield engine, two


def shape(engine: Engine, query: GalleryQuery | None = None) -> list[list[str]]:
    return [
        [f"{one.footage_name[:4]} {one.ref.label}" for one in each.appearances]
        for each in engine.gallery.identities(query or GalleryQuery())
    ]


def test_nobody(engine: Engine) -> None:
    seeds = Seeds(engine)
    assert engine.gallery.identities() == ()
    assert engine.gallery.doubtful() == ()
    seeds.run(seeds.footage(), people=2)
    assert shape(engine) == [["hall P1"], ["hall P2"]]
    with pytest.raises(StoreError):
        engine.gallery.identity("nobody-P1")


def test_the_same_person_is_there_once(engine: Engine, two: Two) -> None:
    (hall, first), (yard, second) = two
    assert shape(engine) == [["hall P1"], ["hall P2", "yard P1"], ["hall P3"], ["yard P2"]]
    both = engine.gallery.of(second.id, "P1")
    assert both.id == f"{hall.id}-P2"
    assert engine.gallery.identity(f"{yard.id}-P1") == both
    assert {each.by for each in both.appearances} == {"appearance"}
    assert both.visible_s == pytest.approx(sum(each.person.visible_s for each in both.appearances))
    assert engine.gallery.of(first.id, "P1").appearances[0].by == ""


def test_recordings_come_in_order_of_their_start(engine: Engine, two: Two) -> None:
    (hall, _), (yard, _) = two
    engine.library.describe(yard.id, FootageDetails(start_utc="2026-11-20T07:00:00+00:00"))
    assert shape(engine)[0] == ["yard P1", "hall P2"]
    assert engine.gallery.of(engine.runs(hall.id)[0].id, "P2").id == f"{yard.id}-P1"


def test_an_analyst_is_heard_at_once(engine: Engine, two: Two) -> None:
    (hall, first), (_, second) = two
    engine.identity.apply(EditDraft("distinct", first.id, "P2", "P1", second.id), "Kim")
    assert ["hall P2"] in shape(engine)
    assert not engine.gallery.doubtful()
    engine.identity.undo(hall.id)
    assert ["hall P2", "yard P1"] in shape(engine)
    engine.identity.apply(EditDraft("merge", first.id, "P3", "P2", second.id), "Kim")
    assert ["hall P3", "yard P2"] in shape(engine)
    assert {each.by for each in engine.gallery.of(first.id, "P3").appearances} == {"analyst"}


def test_names_carry_over_and_contradict(engine: Engine, two: Two) -> None:
    (hall, first), (yard, second) = two
    engine.answers.rename(second.id, "P1", "Kim")
    assert engine.gallery.of(first.id, "P2").name == "Kim"
    engine.answers.rename(first.id, "P2", "Lee")
    assert ["hall P2"] in shape(engine)
    pair = engine.gallery.doubtful()[0]
    assert {(pair.first.footage, pair.first.label), (pair.second.footage, pair.second.label)} == {
        (hall.id, "P2"),
        (yard.id, "P1"),
    }
    assert pair.first_crops
    assert pair.seconds > 0
    assert engine.gallery.doubtful(hall.id, 1) == (pair,)
    assert engine.gallery.doubtful("other") == ()


def test_two_alike_in_one_recording_are_offered_until_answered(engine: Engine) -> None:
    seeds = Seeds(engine)
    run = seeds.run(seeds.footage(), people=2, pictures=False)
    keys, results = {stage.name: stage.key for stage in run.stages}, ResultTable(engine._database)
    link = results.finished(keys["link"])
    assert link is not None
    apart = [PersonLink("P1", (1,), 0.8), PersonLink("P2", (2, 4), 0.8), PersonLink("P3", (3,), 0.8)]
    results.save_links(link, apart, keys["track"])
    embed(engine, run, {"P1": (1, 0.0), "P2": (1, 1.2), "P3": (1, 0.2)})
    found = engine.gallery.doubtful()
    assert [(one.first.label, one.second.label) for one in found] == [("P1", "P3")]
    engine.identity.apply(EditDraft("distinct", run.id, "P1", "P3"), "Kim")
    assert engine.gallery.doubtful() == ()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param({"text": "yard"}, [["hall P2", "yard P1"], ["yard P2"]], id="by recording"),
        pytest.param({"text": "KIM"}, [["hall P3"]], id="by name"),
        pytest.param({"text": "hall p1"}, [["hall P1"], ["hall P2", "yard P1"]], id="every word"),
        pytest.param({"named": True}, [["hall P3"]], id="named"),
        pytest.param({"several": True}, [["hall P2", "yard P1"]], id="several"),
        pytest.param({"alarms": True}, [["hall P1"]], id="alarms"),
        pytest.param({"cameras": ("gate",)}, [["hall P2", "yard P1"], ["yard P2"]], id="camera"),
        pytest.param({"footage": ("yard",)}, [["hall P2", "yard P1"], ["yard P2"]], id="footage"),
        pytest.param({"since_utc": "2026-11-20T08:30:00+00:00"}, [["hall P2", "yard P1"], ["yard P2"]], id="since"),
        pytest.param({"until_utc": "2026-11-20T07:30:00+00:00"}, [], id="until"),
        pytest.param(
            {"sort": "appearances"}, [["hall P2", "yard P1"], ["hall P1"], ["hall P3"], ["yard P2"]], id="most seen"
        ),
        pytest.param({"sort": "name"}, [["hall P3"], ["hall P1"], ["hall P2", "yard P1"], ["yard P2"]], id="name"),
        pytest.param(
            {"sort": "visible"}, [["hall P2", "yard P1"], ["hall P1"], ["hall P3"], ["yard P2"]], id="time in view"
        ),
    ],
)
def test_what_may_be_asked(furnished: tuple[Engine, Two], query: dict[str, object], wanted: list[list[str]]) -> None:
    engine, (_, (yard, _)) = furnished
    asked = GalleryQuery(**query)  # type: ignore[arg-type]
    asked = replace(asked, footage=tuple(yard.id for _ in asked.footage))
    assert shape(engine, asked) == wanted


def test_a_dossier(furnished: tuple[Engine, Two]) -> None:
    engine, ((hall, _), (yard, _)) = furnished
    known = engine.gallery.dossier(f"{yard.id}-P1")
    assert known.identity.id == f"{hall.id}-P2"
    assert [each.appearance.ref.footage for each in known.appearances] == [hall.id, yard.id]
    assert [[(item.event.label, item.verdict) for item in each.events] for each in known.appearances] == [
        [],
        [("theft", "dismissed")],
    ]
    assert known.appearances[0].clothing is not None
    assert [each.start_utc for each in known.appearances] == list(STARTS.values())
    assert known.appearances[1].camera == "gate"
    company = {each.identity: each for each in known.appearances[0].company}
    assert company[f"{hall.id}-P3"].name == "Kim"
    assert company[f"{hall.id}-P3"].seconds > 0
    assert f"{hall.id}-P2" not in company
    total = {each.label: each for each in known.times if each.channel == "posture"}
    parts = [one for each in known.appearances for one in each.times if one.label == "walking"]
    assert total["walking"].seconds == pytest.approx(sum(one.seconds for one in parts))
    assert all(0.0 <= each.coverage <= 1.0 for each in known.times)
    channels = [each.channel for each in known.times]
    assert channels == sorted(channels, key=("posture", "gesture", "emotion").index)


def test_what_was_asked_of_some_recordings_alone(furnished: tuple[Engine, Two]) -> None:
    engine, ((hall, first), (yard, second)) = furnished
    assert [len(each.appearances) for each in engine.gallery.among([hall.id])] == [1, 1, 1]
    assert len(engine.gallery.among([hall.id, yard.id])) == 4
    refs = [one.ref for each in engine.gallery.identities() for one in each.appearances if one.ref.run == first.id]
    asked = engine.gallery.of(second.id, "P1").appearances[1].ref
    likeness = engine.gallery.likeness(asked, refs)
    assert max(likeness) == likeness[1] > 0.9
    assert max(likeness[0], likeness[2]) < 0.5
