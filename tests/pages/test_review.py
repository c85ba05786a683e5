from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.anomalies import EventCurve, Zone
from engine.core.reviews import ReviewItem
from engine.core.views import FootageView
from pages import _review_data, _review_empty, _review_event, _review_parts, _review_place, _ui
from tests.pages.conftest import screen
from tests.seeded import Seeds


@pytest.fixture
def hall(seeds: Seeds) -> FootageView:
    """Footage with three events: theft of P1, assault of P2, damage of P3."""
    footage = seeds.footage()
    seeds.events(seeds.run(footage, people=3))
    return footage


def parts(page: AppTest) -> dict[str, dict[str, Any]]:
    """What each part of the screen was handed."""
    protos = [element.proto for element in page.get("bidi_component")]
    told = [json.loads(proto.json) for proto in protos if proto.component_name.endswith("sightline_review")]
    return {data["part"]: data for data in told}


def shown(page: AppTest) -> str:
    html = "\n".join(str(element.proto.body) for element in page.get("html"))
    return html + "\n".join(one.value for one in [*page.markdown, *page.caption, *page.subheader])


def opened(*, tools: bool = False, **query: str) -> AppTest:
    page = screen("review", **query)
    for key in _ui.REVIEW_TOOLS:
        page.session_state[key] = tools
    page.run()
    assert not page.exception
    return page


def told(page: AppTest, *acts: dict[str, Any]) -> AppTest:
    """The page after the list has told that something was done; numbered as the browser numbers."""
    page.session_state[_ui.REVIEW] = {"told": {"acts": [{"n": n, **act} for n, act in enumerate(acts, 1)]}}
    return page.button(key="tell").click().run()


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest mounts no element: a button stands in for the list."""
    mounted = _review_parts.mount

    def mount(name: str, *, key: str, data: dict[str, Any], **callbacks: Any) -> None:
        if key == _ui.REVIEW:
            st.button("tell", key="tell", on_click=callbacks["on_told_change"])
            key = "other"
        mounted(name, key=key, data=data)

    monkeypatch.setattr(_review_parts, "mount", mount)


def standing(engine: Engine, reviewer: str = _review_place.ANALYST) -> dict[str, str]:
    """Label of each event -> the reviewer's verdict."""
    return {item.event.label: item.mine for item in engine.anomalies.queue(reviewer=reviewer)}


def event_of(engine: Engine, label: str) -> ReviewItem:
    return next(item for item in engine.anomalies.events() if item.event.label == label)


# Nothing to look at


def test_footage_that_nobody_looked_at(seeds: Seeds) -> None:
    seeds.run(seeds.footage())
    page = opened()
    assert "Nothing has been looked at yet" in shown(page)
    assert page.get("page_link")[0].proto.label == "Go to footage"
    assert set(parts(page)) == {"queue"}


def test_no_alarm_says_who_looked_at_what_and_what_it_does_not_mean(seeds: Seeds) -> None:
    seeds.footage("new.mp4")
    footage = seeds.footage()
    seeds.events(seeds.run(footage), (), scores=())
    words = shown(opened())
    assert "No alarm was raised" in words
    assert "skeleton-lstm (threshold 0.70) looked at 1 of 2 recordings, 2 min 19 s in all" in words
    assert "does not mean that nothing happened" in words


def test_all_reviewed(engine: Engine, hall: FootageView) -> None:
    for item in engine.anomalies.queue():
        engine.anomalies.say(item.event.id, "analyst", "unsure")
    page = opened()
    assert "Everything is reviewed" in shown(page)
    assert page.caption[0].value == "0 to review · 3 reviewed"


# The list


def test_the_list_is_in_the_order_of_the_engine_and_the_first_is_open(engine: Engine, hall: FootageView) -> None:
    data = parts(opened())
    queue = data["queue"]
    assert [row["id"] for row in queue["rows"]] == [item.event.id for item in engine.anomalies.queue()]
    assert queue["event"] == queue["rows"][0]["id"] == data["event"]["event"]["id"]
    assert queue["counts"] == {"": 3, "open": 3, "confirmed": 0, "dismissed": 0, "unsure": 0, "contested": 0}
    assert [pair[0] for pair in queue["options"]["label"]] == ["assault", "damage", "theft"]
    assert queue["options"]["model"] == [["skeleton-lstm", "skeleton-lstm"]]
    assert all(row["picture"].startswith(f"/sightline/media/{hall.id}/crops/") for row in queue["rows"])


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        pytest.param({"label": "theft"}, {"theft"}, id="label"),
        pytest.param({"least": "0.8"}, {"theft", "assault"}, id="score"),
        pytest.param({"least": "soon"}, {"theft", "assault", "damage"}, id="no score"),
        pytest.param({"kind": "manual"}, set(), id="kind"),
        pytest.param({"model": "skeleton-lstm"}, {"theft", "assault", "damage"}, id="model"),
        pytest.param({"model": "another"}, set(), id="another model"),
        pytest.param({"footage": "0123"}, set(), id="footage"),
        pytest.param({"state": "confirmed"}, {"theft"}, id="state"),
        pytest.param({"state": "open"}, {"assault", "damage"}, id="to review"),
        pytest.param({"state": "nonsense"}, {"theft", "assault", "damage"}, id="no state"),
    ],
)
def test_filters_of_the_address(engine: Engine, hall: FootageView, query: dict[str, str], labels: set[str]) -> None:
    engine.anomalies.say(event_of(engine, "theft").event.id, "analyst", "confirmed")
    asked = _review_place.wish(query)
    items = engine.anomalies.queue(asked.filters(), "analyst")
    assert {item.event.label for item in _review_place.matching(items, asked, asked.state)} == labels


class Address(dict[str, str]):
    """What the browser told its address to be."""

    to_dict = dict.copy

    def from_dict(self, values: dict[str, str]) -> None:
        self.clear()
        self.update(values)


def test_an_address_that_is_already_old_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    address = Address(event="a", label="theft")
    monkeypatch.setattr(st, "query_params", address)
    monkeypatch.setattr(st, "session_state", {})
    _review_place.arrive()
    _review_place.go(event="b")
    assert address == {"event": "b", "label": "theft"}
    address.from_dict({"event": "a", "label": "theft"})  # told with what was pressed before the browser heard of "b"
    assert _review_place.wish(_review_place.here()).event == "b"
    _review_place.go(label="")
    assert address == {"event": "b"}
    address.from_dict({"event": "a"})  # somebody went back
    _review_place.arrive()
    assert _review_place.wish(_review_place.here()).event == "a"


def test_a_filter_that_nothing_passes(engine: Engine, hall: FootageView) -> None:
    theft = event_of(engine, "theft").event.id
    engine.anomalies.say(theft, "analyst", "confirmed")
    engine.anomalies.say(theft, "Jo", "dismissed")
    page = opened(kind="manual")
    assert "No event matches" in shown(page)
    assert parts(page)["queue"]["rows"] == []
    contested = _review_place.matching(engine.anomalies.queue(reviewer="Jo"), _review_place.Wish(), "contested")
    assert [(item.event.label, item.mine) for item in contested] == [("theft", "dismissed")]


# One event


def test_everything_that_lies_behind_an_event(engine: Engine, seeds: Seeds, hall: FootageView) -> None:
    item = event_of(engine, "theft")
    engine.anomalies.say(item.event.id, "Jo", "dismissed", "play", "A game.")
    engine.cameras.adjust(hall.id, seeds.footage("door.mp4").id, 12.5, uncertainty_s=0.08)
    page = opened(event=item.event.id)
    data, event = parts(page)["event"], item.event
    assert data["event"] | {"model": "skeleton-lstm", "run": event.run, "person": "P1"} == data["event"]
    assert data["window"] == [round(event.start_s - 2, 3), round(event.end_s + 2, 3)]
    assert [reason[1] for reason in data["reasons"]] == [reason.name for reason in event.reasons]
    assert len(data["crops"]) > 0
    assert data["spans"][0] == [0.0, pytest.approx(data["spans"][0][1])]
    assert data["history"][0][:4] == ["Jo", "dismissed", "play", "A game."]
    (other,) = data["elsewhere"]
    assert (other["name"], other["ahead"], other["uncertainty"]) == ("door.mp4", 12.5, 0.08)
    curve = data["curve"]
    assert curve["threshold"] == 0.7
    assert len(curve["t"]) == len(curve["values"]) == len(curve["coverage"])
    assert min(curve["t"]) >= event.start_s - 20
    assert max(curve["t"]) <= event.end_s + 20
    assert "Theft · P1" in shown(page)
    link = next(one.proto for one in page.get("page_link") if "Timeline of P1" in one.proto.label)
    assert f"t={event.start_s:.3f}" in link.query_string
    player = next(
        json.loads(one.proto.json)
        for one in page.get("bidi_component")
        if one.proto.component_name.endswith("sightline_player")
    )
    assert (player["footage"], player["chosen"]) == (hall.id, event.person)
    assert player["t"] == pytest.approx(event.start_s - 2)


def test_an_event_of_nobody_added_by_hand(engine: Engine, hall: FootageView) -> None:
    added = engine.anomalies.add(hall.id, "", "theft", 1.0, 2.0, by="Jo")
    page = opened(event=added.event.id)
    data = parts(page)["event"]
    assert (data["curve"], data["crops"], data["spans"], data["event"]["by"]) == (None, [], [], "Jo")
    assert data["window"] == [0.0, 4.0]
    assert "Theft · 0:01.0 – 0:02.0" in shown(page)
    assert "Added by hand" in shown(page)


def test_marking_in_a_recording_without_events(seeds: Seeds) -> None:
    footage = seeds.footage()
    seeds.run(footage, people=2)
    data = parts(opened(mark=footage.id))["event"]
    assert data["event"] is None
    assert [person[0] for person in data["marking"]["people"]] == ["P1", "P2"]
    assert data["marking"]["footage"] == footage.id


def test_korean_and_an_event_that_is_not_there(hall: FootageView) -> None:
    page = opened(lang="ko", event="0123456789ab")
    assert "0123456789ab" in page.error[0].value
    assert page.title[0].value == "검토"
    assert "폭행 · P2" in shown(page)
    assert parts(page)["event"]["text"]["joint.right_wrist"] == "오른쪽 손목"


def test_long_curves_are_thinned() -> None:
    t = np.arange(0, 4000, 0.5)
    values = np.full((len(t), 4), 0.25, np.float32)
    curve = EventCurve(("theft", "assault", "damage", "normal"), t, values, values, values[:, 0], 0.7, 100.0, 3900.0)
    data = _review_event.curve_data(curve)
    assert data is not None
    assert 300 < len(data["t"]) <= _review_event.POINTS
    assert data["t"][0] >= 80
    assert data["t"][-1] <= 3920


# What is done


@pytest.mark.usefixtures("teller")
def test_a_verdict_is_said_once_however_often_it_is_told(engine: Engine, hall: FootageView) -> None:
    first, second = (item.event.id for item in engine.anomalies.queue()[:2])
    acts = (
        {"kind": "say", "event": first, "verdict": "confirmed", "reason": "staff", "note": " seen "},
        {"kind": "open", "event": second},
    )
    page = told(told(opened(), *acts), *acts)
    assert not page.error
    said = engine.anomalies.history(first)
    assert [(one.reviewer, one.verdict, one.reason, one.note) for one in said] == [
        ("analyst", "confirmed", "staff", "seen")
    ]
    assert page.query_params["event"] == [second]
    assert parts(page)["queue"]["n"] == 2
    assert parts(page)["event"]["event"]["id"] == second


@pytest.mark.usefixtures("teller")
def test_undo_opens_the_event_again_and_keeps_the_history(engine: Engine, hall: FootageView) -> None:
    theft = event_of(engine, "theft").event.id
    engine.anomalies.say(theft, "analyst", "confirmed")
    page = told(opened(), {"kind": "undo"}, {"kind": "undo"})
    assert page.query_params["event"] == [theft]
    assert standing(engine)["theft"] == ""
    assert [one.verdict for one in engine.anomalies.history(theft)] == ["confirmed", ""]
    assert "no verdict of yours" in page.error[0].value


@pytest.mark.usefixtures("teller")
def test_another_reviewer(engine: Engine, hall: FootageView) -> None:
    theft = event_of(engine, "theft").event.id
    say = {"kind": "say", "event": theft, "verdict": "dismissed", "reason": "", "note": ""}
    page = told(opened(reviewer="Jo"), {"kind": "name", "name": "  Mina\n Kim "}, say)
    assert parts(page)["queue"]["reviewer"] == "Mina Kim"
    assert "reviewer" not in page.query_params
    assert standing(engine, "Mina Kim")["theft"] == "dismissed"
    assert standing(engine)["theft"] == ""


@pytest.mark.usefixtures("teller")
def test_adding_by_hand(engine: Engine, hall: FootageView) -> None:
    words = {"kind": "add", "footage": hall.id, "person": "", "label": "assault"}
    page = told(opened(mark=hall.id), {**words, "start": 3, "end": 4.5}, {**words, "start": 9, "end": 2})
    added = [item for item in engine.anomalies.events() if item.event.kind == "manual"]
    assert [(item.event.label, item.event.start_s, item.added_by) for item in added] == [("assault", 3.0, "analyst")]
    assert page.query_params["event"] == [added[0].event.id]
    assert "mark" not in page.query_params
    assert "ends after it starts" in page.error[0].value


@pytest.mark.usefixtures("teller")
def test_filters_and_marking_stand_in_the_address(hall: FootageView) -> None:
    filters = {"footage": hall.id, "label": "theft", "kind": "", "model": "", "state": "open", "least": 0.5}
    page = told(opened(), {"kind": "filter", "filters": filters})
    assert {key: values[0] for key, values in page.query_params.items()} == {
        "footage": hall.id,
        "label": "theft",
        "state": "open",
        "least": "0.5",
    }
    assert parts(page)["queue"]["filters"] == filters
    page = told(page, {"kind": "open", "event": ""}, {"kind": "mark", "footage": hall.id})
    assert page.query_params["mark"] == [hall.id]


@pytest.mark.usefixtures("teller")
def test_zones(engine: Engine, hall: FootageView) -> None:
    corners = [[0.1, 0.2], [0.5, 0.2], [0.5, 0.9]]
    act = {"kind": "zones", "footage": hall.id}
    page = told(
        opened(tools=True), {**act, "zones": [["counter", corners]]}, {**act, "zones": [["counter", corners[:2]]]}
    )
    assert engine.anomalies.zones(hall.id) == (Zone("counter", tuple(map(tuple, corners))),)
    assert parts(page)["zones"]["zones"] == [["counter", corners]]
    assert page.error


# What reviews teach


def test_lessons(engine: Engine, seeds: Seeds, hall: FootageView) -> None:
    for label, verdict in (("theft", "confirmed"), ("assault", "dismissed")):
        engine.anomalies.say(event_of(engine, label).event.id, "analyst", verdict)
    words = shown(opened(tools=True))
    assert "At 0.70 you would have seen 2 and kept 1 (50 %)." in words
    assert "Judged so far: 2. That is too few to suggest a threshold." in words
    # The analysis kept nothing below .70: no figure may say what would have been seen there.
    assert '<th scope="row">0.70</th>' in words
    assert '<th scope="row">0.65</th>' not in words
    again = seeds.footage("door.mp4")
    seeds.events(seeds.run(again, people=3))
    for item in engine.anomalies.events(again.id):
        engine.anomalies.say(item.event.id, "analyst", "confirmed")
    words = shown(opened(tools=True))
    assert "Suggested threshold: 0." in words
    assert "door.mp4</th>" in words


def test_each_model_has_the_threshold_its_analyses_asked_for(seeds: Seeds) -> None:
    footage = seeds.footage()
    run = seeds.events(seeds.run(footage, people=3))
    seeds.events(run, ("unpaid",), scores=(0.6,), model="wrists")
    looked = _review_empty.looked_at([footage])
    assert _review_empty.floors(looked) == {"skeleton-lstm": 0.7, "wrists": 0.5}
    assert [one.run.id for one in looked] == [run.id]


def test_names_of_reviewers() -> None:
    assert _review_place.clean("  Mina\n\x00 Kim ") == "Mina Kim"
    assert len(_review_place.clean("x" * 200)) == 80


def test_every_kind_of_event_has_a_colour(hall: FootageView) -> None:
    from engine.core.anomalies import BEHAVIOURS, EVENT_LABELS

    assert {*EVENT_LABELS, *BEHAVIOURS} <= set(_review_data.COLOURS)


def test_words_for_all_that_the_engine_says() -> None:
    from engine.core.anomalies import ANOMALIES, BEHAVIOURS, EVENT_LABELS, KINDS, VERDICTS
    from engine.core.reviews import REASON_CODES
    from pages._text import LANGUAGES, group

    wanted = {f"label.{label}" for label in (*ANOMALIES, *BEHAVIOURS, *EVENT_LABELS)}
    wanted |= {f"kind.{kind}" for kind in KINDS} | {f"reason.{code}" for code in REASON_CODES}
    wanted |= {f"{head}.{verdict}" for verdict in VERDICTS for head in ("verdict", "do", "state")}
    for language in LANGUAGES:
        assert wanted <= set(group(language, "review"))
