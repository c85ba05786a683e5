"""What the timeline's document holds, read back as the browser reads it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.errors import StoreError
from engine.core.labels import CHANNELS
from engine.core.segments import Segments
from engine.core.views import CropView, PersonView, Presence, RunView
from engine.timeline import MOST_WORDS, SHOWN_CROPS, Timelines
from tests.seeded import Seeds, open_engine

MOST_BYTES = 300_000


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Seeds]:
    with open_engine(tmp_path / "home") as engine:
        yield Seeds(engine)


def read_back(body: bytes) -> tuple[dict[str, Any], list[tuple[str, str, str, float, float, float, float, str]]]:
    """The document, and its segments as (person, channel, label, start, end, score, coverage, source)."""
    document = json.loads(body)
    label, score, coverage, source = (
        np.frombuffer(base64.b64decode(document[name]), np.uint8) for name in ("label", "score", "coverage", "source")
    )
    rows, at = [], 0
    for place, count in enumerate(document["counts"]):
        person, channel = divmod(place, len(document["channels"]))
        before = 0
        for _ in range(count):
            start = before + document["gaps"][at]
            before = start + document["lengths"][at]
            rows.append(
                (
                    document["people"][person]["label"],
                    document["channels"][channel],
                    document["labels"][label[at]],
                    start / 100,
                    before / 100,
                    score[at] / 100,
                    coverage[at] / 100,
                    document["sources"][source[at]] if len(source) else "",
                )
            )
            at += 1
    assert at == len(document["gaps"]) == len(label) == len(score) == len(coverage)
    return document, rows


def test_every_segment_is_there_once_and_in_order(seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=3, appearances=2)
    people, segments = seeds.engine.answers.people(run.id), seeds.engine.answers.segments(run.id)
    document, rows = read_back(seeds.engine.timelines.rows(run.id))
    owner = {one.tracklet: person.label for person in people for one in person.presence}
    wanted = [
        (
            owner[int(segments.tracklets[at])],
            segments.channels[at],
            segments.labels[at],
            pytest.approx(segments.start_s[at], abs=0.0101),
            pytest.approx(segments.end_s[at], abs=0.0101),
            pytest.approx(segments.scores[at], abs=0.0051),
            pytest.approx(segments.coverage[at], abs=0.0051),
            "",
        )
        for at in range(len(segments))
    ]
    order = {person.label: place for place, person in enumerate(people)}
    wanted.sort(key=lambda row: (order[row[0]], CHANNELS.index(row[1]), row[3].expected))
    assert len(rows) == len(segments) > 20
    assert rows == wanted
    assert [row["label"] for row in document["people"]] == ["P1", "P2", "P3"]
    spans = [
        [start / 100, (start + length) / 100, number] for start, length, number in document["people"][1]["presence"]
    ]
    assert spans == [
        [pytest.approx(one.start_s, abs=0.0101), pytest.approx(one.end_s, abs=0.0101), one.tracklet]
        for one in people[1].presence
    ]


def test_a_start_is_never_before_its_frame(seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(seconds=61.7), people=4)
    starts = np.sort(seeds.engine.answers.segments(run.id).start_s)
    rows = read_back(seeds.engine.timelines.rows(run.id))[1]
    told = np.sort([row[3] for row in rows])
    assert (told - starts > -1e-6).all()
    assert (told - starts < 0.01).all()


def test_models_and_names_are_told(seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=2)
    seeds.engine.answers.rename(run.id, "P2", "Kim")
    document = read_back(seeds.engine.timelines.rows(run.id))[0]
    assert [person["name"] for person in document["people"]] == ["", "Kim"]
    zeros = "0" * 12
    assert document["models"] == {
        "presence": f"blazepose {zeros}",
        "posture": f"geometry {zeros}",
        "gesture": f"geometry {zeros}",
        "emotion": f"cnn {zeros}",
    }


def test_emotions_that_are_switched_off_are_not_told(tmp_path: Path) -> None:
    with open_engine(tmp_path / "home") as engine:
        seeds = Seeds(engine)
        run = seeds.run(seeds.footage(), people=2)
        assert "emotion" in {row[1] for row in read_back(engine.timelines.rows(run.id))[1]}
    with open_engine(tmp_path / "home", emotions=False) as engine:
        document, rows = read_back(engine.timelines.rows(run.id))
    assert {row[1] for row in rows} == {"posture", "gesture"}
    assert not {"calm", "happy"} & set(document["labels"])


def test_a_run_without_recognition_has_rows_all_the_same(seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=2, segments=0)
    document, rows = read_back(seeds.engine.timelines.rows(run.id))
    assert rows == []
    assert len(document["people"]) == 2
    assert set(document["models"]) == {"presence"}


def test_nobody(seeds: Seeds) -> None:
    document, rows = read_back(seeds.engine.timelines.rows(seeds.run(seeds.footage(), people=0).id))
    assert (document["people"], document["counts"], rows) == ([], [], [])


def test_an_unknown_run_is_said(seeds: Seeds) -> None:
    with pytest.raises(StoreError):
        seeds.engine.timelines.rows("0123456789ab")


class FewAnswers:
    """Answers of a run that no store has to hold."""

    def __init__(self, people: tuple[PersonView, ...], segments: Segments) -> None:
        self._people, self._segments = people, segments

    def run(self, run: str) -> RunView:
        return RunView(run, "0" * 12, "embedded", "{}", (), "2026-01-01T00:00:00+00:00")

    def people(self, _: str) -> tuple[PersonView, ...]:
        return self._people

    def segments(self, _: str) -> Segments:
        return self._segments


def told(people: tuple[PersonView, ...], segments: Segments) -> bytes:
    return Timelines(FewAnswers(people, segments)).rows("0" * 12)  # type: ignore[arg-type]


def person(number: int, crops: tuple[CropView, ...] = (), presence: tuple[Presence, ...] | None = None) -> PersonView:
    presence = presence or (Presence(number, 0.0, 100.0),)
    return PersonView(f"P{number}", 0.0, 100.0, 0.9, 0.8, presence, crops)


def segments_of(tracklets: list[int], starts: list[float], ends: list[float], **words: tuple[str, ...]) -> Segments:
    n = len(tracklets)
    return Segments(
        tracklets=np.array(tracklets, np.int64),
        channels=words.get("channels", ("gesture",) * n),
        labels=words.get("labels", ("reaching",) * n),
        start_s=np.array(starts, np.float64),
        end_s=np.array(ends, np.float64),
        scores=np.full(n, 0.5, np.float32),
        coverage=np.full(n, 1.0, np.float32),
        sources=words.get("sources", ("",) * n),
    )


def test_overlapping_gestures_and_those_of_nobody() -> None:
    segments = segments_of([1, 1, 9], [5.0, 6.0, 1.0], [9.0, 7.0, 2.0], labels=("reaching", "arms_raised", "reaching"))
    _, rows = read_back(told((person(1),), segments))
    assert [(row[2], row[3], row[4]) for row in rows] == [("reaching", 5.0, 9.0), ("arms_raised", 6.0, 7.0)]


def test_words_of_models_are_told_and_more_than_a_byte_holds_share_the_last() -> None:
    n = MOST_WORDS + 20
    sources = tuple(f"word {number}" for number in range(n))
    segments = segments_of([1] * n, [float(at) for at in range(n)], [at + 0.5 for at in range(n)], sources=sources)
    _, rows = read_back(told((person(1),), segments))
    assert [row[7] for row in rows[:MOST_WORDS]] == list(sources[:MOST_WORDS])
    assert {row[7] for row in rows[MOST_WORDS:]} == {f"word {MOST_WORDS}"}


def test_pictures_are_spread_over_tracklets_and_in_order_of_time() -> None:
    crops = tuple(
        CropView(tracklet, rank, 10.0 * tracklet + rank, 0.9 - rank / 10, f"crops/k/{tracklet}-{rank}.jpg", 10, 20)
        for tracklet in (3, 1, 2)
        for rank in range(5)
    )
    presence = tuple(Presence(number, 10.0 * number, 10.0 * number + 8) for number in (1, 2, 3))
    document, _ = read_back(told((person(1, crops, presence),), Segments.empty()))
    shown = document["people"][0]["crops"]
    assert len(shown) == SHOWN_CROPS
    assert [file for _, file in shown] == [f"crops/k/{n}-{rank}.jpg" for n in (1, 2, 3) for rank in (0, 1)]


def test_200_people_with_100_segments_are_small() -> None:
    rng = np.random.default_rng(4)
    n = 200 * 100
    tracklets = np.repeat(np.arange(1, 201), 100)
    starts = np.sort(rng.uniform(0, 3600, (200, 100)), axis=1)
    ends = starts + rng.uniform(0.1, 5.0, starts.shape)
    channels = ("posture", "emotion")
    labels = (("walking", "standing", "sitting"), ("calm", "happy", "unknown"))
    kinds = rng.integers(0, 2, n)
    segments = Segments(
        tracklets=tracklets.astype(np.int64),
        channels=tuple(channels[kind] for kind in kinds),
        labels=tuple(labels[kind][word] for kind, word in zip(kinds, rng.integers(0, 3, n), strict=True)),
        start_s=starts.ravel(),
        end_s=ends.ravel(),
        scores=rng.uniform(0, 1, n).astype(np.float32),
        coverage=rng.uniform(0, 1, n).astype(np.float32),
        sources=("",) * n,
    )
    body = told(tuple(person(number) for number in range(1, 201)), segments)
    assert len(read_back(body)[1]) == n
    assert len(body) < MOST_BYTES
