from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.core.segments import Segments
from engine.core.views import FootageView, PersonView, Presence
from pages import _crowd, _figures, _heat, _tallies, _ui
from tests.seeded import Seeds


def person(number: int, *spans: tuple[float, float], name: str = "") -> PersonView:
    presence = tuple(Presence(10 * number + place, start, end) for place, (start, end) in enumerate(spans))
    return PersonView(f"P{number}", spans[0][0], spans[-1][1], 0.9, 0.8, presence, (), name)


def segments_of(*rows: tuple[int, str, str, float, float]) -> Segments:
    return Segments(
        tracklets=np.array([row[0] for row in rows], np.int64),
        channels=tuple(row[1] for row in rows),
        labels=tuple(row[2] for row in rows),
        start_s=np.array([row[3] for row in rows]),
        end_s=np.array([row[4] for row in rows]),
        scores=np.full(len(rows), 0.5, np.float32),
        coverage=np.full(len(rows), 0.5, np.float32),
        sources=("",) * len(rows),
    )


def test_people_in_view_over_time() -> None:
    people = [person(1, (0.0, 4.0), (3.0, 6.0)), person(2, (2.0, 8.0)), person(3, (8.0, 9.0))]
    t, counts = _tallies.in_view(people)
    # Overlapping tracklets of one person are one person; one who leaves as another comes leaves no gap.
    assert dict(zip(t.tolist(), counts.tolist(), strict=True)) == {0.0: 1, 2.0: 2, 6.0: 1, 8.0: 1, 9.0: 0}


@pytest.mark.parametrize(
    ("second", "stretches"),
    [
        pytest.param([(2.0, 3.0)], [(2.0, 3.0)], id="within"),
        pytest.param([(4.0, 7.0)], [(4.0, 5.0), (6.0, 7.0)], id="across a gap"),
        pytest.param([(5.0, 6.0)], [], id="only touching"),
        pytest.param([(20.0, 30.0)], [], id="never"),
    ],
)
def test_when_two_are_both_in_view(second: list[tuple[float, float]], stretches: list[tuple[float, float]]) -> None:
    first = person(1, (0.0, 5.0), (6.0, 9.0))
    assert _tallies.shared(first, person(2, *second)) == stretches
    assert _tallies.shared(person(2, *second), first) == stretches


def test_time_per_label() -> None:
    people = [person(1, (0.0, 4.0), (6.0, 9.0)), person(2, (0.0, 5.0)), person(3, (0.0, 1.0))]
    segments = segments_of(
        (10, "posture", "walking", 0.0, 3.0),
        (11, "posture", "walking", 6.0, 7.5),
        (10, "gesture", "reaching", 1.0, 2.0),
        (20, "emotion", "calm", 0.0, 5.0),
        (99, "posture", "walking", 0.0, 50.0),
    )
    assert _tallies.label_times(people, segments, ("posture", "gesture")) == {"P1": {"walking": 4.5, "reaching": 1.0}}
    assert _tallies.label_times(people, segments, ("emotion",)) == {"P2": {"calm": 5.0}}


def test_heat_by_hour_and_day_on_the_clock_of_the_camera() -> None:
    # 23:30 in Seoul, two hours long: half an hour of one day, an hour and a half of the next.
    heat = _heat.heat(
        [person(1, (0.0, 3600.0)), person(2, (1800.0, 2700.0))], 7200.0, "2026-11-20T14:30:00Z", "Asia/Seoul"
    )
    assert heat.kind == "day"
    assert heat.rows == ("2026-11-20", "2026-11-21")
    assert heat.people.shape == (2, 24)
    assert heat.people[0, 23] == pytest.approx(1.0)
    assert heat.people[1, 0] == pytest.approx((1800 + 900) / 3600)
    assert heat.people[1, 1] == pytest.approx(0.0)
    assert np.isnan(heat.people[0, 22])
    assert np.isnan(heat.people[1, 2])


@pytest.mark.parametrize(
    ("duration", "shape", "column"),
    [(45.0, (1, 6), 10.0), (600.0, (10, 6), 10.0), (3600.0, (6, 10), 60.0), (4 * 3600.0, (4, 12), 300.0)],
)
def test_heat_within_the_footage_where_its_start_is_not_known(
    duration: float, shape: tuple[int, int], column: float
) -> None:
    heat = _heat.heat([person(1, (0.0, duration))], duration)
    assert (heat.kind, heat.people.shape, heat.columns[1]) == ("footage", shape, column)
    known = heat.people[~np.isnan(heat.people)]
    assert known == pytest.approx(1.0)
    assert len(known) == math.ceil(duration / column)


@pytest.mark.parametrize("start", ["", "yesterday"])
def test_a_start_that_cannot_be_read_is_not_known(start: str) -> None:
    assert _heat.heat([person(1, (0.0, 5.0))], 10.0, start, "Nowhere/Land").kind == "footage"


def test_an_unknown_zone_is_utc() -> None:
    heat = _heat.heat([person(1, (0.0, 5.0))], 10.0, "2026-11-20T14:30:00", "Nowhere/Land")
    assert heat.people[0, 14] == pytest.approx(0.5)


def test_figures_hold_every_value_and_no_nan() -> None:
    heat = _heat.heat([person(1, (0.0, 30.0))], 45.0)
    figure = _heat.heat_figure(heat, "People")
    assert figure["data"][0]["z"] == [[1.0, 1.0, 1.0, 0.0, 0.0, None]]
    json.dumps(figure, allow_nan=False)
    stacked = _figures.stacked(
        [("Kim", {"walking": 3.0}), ("P2", {"walking": 1.0, "unknown": 2.0})],
        ["walking", "unknown"],
        {"walking": "걷기", "unknown": "확인 불가"},
        "s",
    )
    assert [(trace["name"], trace["x"]) for trace in stacked["data"]] == [
        ("걷기", [3.0, 1.0]),
        ("확인 불가", [0.0, 2.0]),
    ]
    shapes = [trace["marker"]["pattern"]["shape"] for trace in stacked["data"]]
    assert shapes[0] != shapes[1]
    steps = _crowd.steps(*_tallies.in_view([person(1, (2.0, 4.0))]), 10.0, "People")["data"][0]
    assert list(zip(steps["x"], steps["y"], strict=True)) == [(0.0, 0), (2.0, 1), (4.0, 0), (10.0, 0)]


def drawn(footage: FootageView, people: tuple[PersonView, ...], segments: Segments, **options: Any) -> AppTest:
    def script(footage, people, segments, options):  # read as a page of its own: it knows none of the names up here
        from pages import _charts

        _charts.people_charts(footage, people, segments, **options)

    page = AppTest.from_function(script, args=(footage, people, segments, options), default_timeout=60).run()
    assert not page.exception
    return page


def test_every_chart_has_its_sentence_and_its_table(seeds: Seeds) -> None:
    footage = seeds.footage()
    run = seeds.run(footage, people=3)
    answers = seeds.engine.answers
    page = drawn(footage, answers.people(run.id), answers.segments(run.id))
    charts = page.get("plotly_chart")
    assert len(charts) == len(page.get("table")) == len(page.expander) == 5
    assert page.caption[0].value == "Longest in view: P1, 1 min 3 s."
    assert "Most at once: 3" in page.caption[1].value
    seconds = page.get("table")[0].value
    assert list(seconds["Person"]) == ["P1", "P2", "P3"]


def test_without_recognition_there_are_the_charts_of_presence_alone(seeds: Seeds) -> None:
    footage = seeds.footage()
    run = seeds.run(footage, people=2, segments=0)
    page = drawn(footage, seeds.engine.answers.people(run.id), Segments.empty())
    assert len(page.get("plotly_chart")) == 3


def test_nobody_is_said(seeds: Seeds) -> None:
    page = drawn(seeds.footage(), (), Segments.empty())
    assert not page.get("plotly_chart")
    assert "Nobody was found" in page.caption[0].value


def test_many_people_are_cut_to_those_longest_in_view(seeds: Seeds) -> None:
    people = tuple(person(number, (0.0, float(number))) for number in range(1, 41))
    page = drawn(seeds.footage(), people, Segments.empty())
    assert len(page.get("table")[0].value) == 30
    assert "the 30 of 40 people" in page.caption[0].value


def test_charts_wait_until_they_are_asked_for(seeds: Seeds) -> None:
    footage = seeds.footage(recorded_utc="2026-11-20T01:00:00+00:00")
    run = seeds.run(footage, people=2)

    def script(footage, run):  # read as a page of its own: it knows none of the names up here
        from pages import _charts_panel

        _charts_panel.charts_panel(footage, run)

    page = AppTest.from_function(script, args=(footage, run), default_timeout=60).run()
    assert not page.get("plotly_chart")
    page.toggle(key=_ui.CHARTS).set_value(True).run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == 5
    assert any("By hour and day" in caption.value for caption in page.caption)


@pytest.mark.parametrize(("duration", "ticks"), [(6.0, 7), (139.4, 5), (3600.0, 7), (0.0, 1)])
def test_ticks_of_time_are_round_and_few(duration: float, ticks: int) -> None:
    layout = _crowd.steps(np.array([0.0]), np.array([1]), duration, "People")["layout"]
    words = layout["xaxis"]["ticktext"]
    assert len(words) == ticks
    assert all("." not in word for word in words)
