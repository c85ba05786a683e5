from __future__ import annotations

import json
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.core.types import Gap
from pages import _elements, _ui
from tests.pages.conftest import screen
from tests.pages.fake_engine import FakeEngine, footage_view
from tests.pages.test_footage import shown


def handed(page: AppTest, component: str) -> dict[str, Any]:
    """What a component on the page was handed."""
    protos = [element.proto for element in page.get("bidi_component")]
    found = [proto for proto in protos if proto.component_name.endswith(f"sightline_{component}")]
    assert len(found) == 1
    return json.loads(found[0].json)


def test_empty_store(engine: FakeEngine) -> None:
    page = screen("people").run()
    assert not page.exception
    assert not page.error
    assert "No footage yet" in shown(page)
    assert page.get("page_link")[0].proto.label == "Go to footage"


def test_not_analysed_yet(engine: FakeEngine) -> None:
    engine.add(footage_view("new.mp4"))
    page = screen("people").run()
    assert not page.exception
    assert "This recording has not been analysed yet." in shown(page)
    assert not page.get("bidi_component")


def test_player_and_people_of_the_newest_footage(engine: FakeEngine) -> None:
    engine.add(footage_view("old.mp4"), people=1)
    newest = engine.add(footage_view("newest.mp4"), people=6)
    page = screen("people").run()
    assert not page.exception
    assert page.title[0].value == "6 people"
    player, people = handed(page, "player"), handed(page, "people")
    assert player["src"] == f"/sightline/media/{newest.id}/playback.mp4"
    assert player["t"] is None
    assert [lane["label"] for lane in player["lanes"]] == ["P1", "P2", "P3", "P4", "P5", "P6"]
    assert [person["label"] for person in people["people"]] == ["P1", "P2", "P3", "P4", "P5", "P6"]
    assert people["people"][0]["crops"][0]["url"] == f"/sightline/media/{newest.id}/crops/1-0.jpg"


def test_the_address_decides_footage_person_and_time(engine: FakeEngine) -> None:
    old = engine.add(footage_view("old.mp4"), people=3)
    engine.add(footage_view("newest.mp4"), people=6)
    page = screen("people", footage=old.id, person="P2", t="17.5").run()
    assert page.title[0].value == "3 people"
    assert handed(page, "player")["t"] == 17.5
    assert handed(page, "people")["chosen"] == "P2"


@pytest.mark.parametrize(
    ("asked", "t"), [("17.5", 17.5), ("-3", 0.0), ("1e9", 139.4), ("soon", None), ("nan", None), ("inf", None)]
)
def test_times_in_the_address_are_held_within_the_recording(engine: FakeEngine, asked: str, t: float | None) -> None:
    engine.add(footage_view("a.mp4"), people=1)
    assert handed(screen("people", t=asked).run(), "player")["t"] == t


def test_an_unknown_footage_in_the_address_is_said(engine: FakeEngine) -> None:
    engine.add(footage_view("a.mp4"), people=1)
    page = screen("people", footage="0123").run()
    assert "0123" in page.error[0].value
    assert page.title[0].value == "1 person"


def test_choosing_another_footage_forgets_person_and_time(engine: FakeEngine) -> None:
    old = engine.add(footage_view("old.mp4"), people=3)
    newest = engine.add(footage_view("newest.mp4"), people=6)
    page = screen("people", footage=newest.id, person="P2", t="17.5").run()
    page.selectbox(key=_ui.CHOSEN).select(old.id).run()
    assert page.title[0].value == "3 people"
    assert page.query_params == {"footage": [old.id]}
    assert handed(page, "player")["t"] is None


def test_a_clicked_time_stands_in_the_address(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    # AppTest mounts no component: a button stands in for a click on a time.
    monkeypatch.setattr(_elements, "picked", lambda: ("P3", 28.5))
    monkeypatch.setattr(_elements, "people_list", lambda *_, on_pick: st.button("pick", key="pick", on_click=on_pick))
    engine.add(footage_view("a.mp4"), people=3)
    page = screen("people").run()
    page.button(key="pick").click().run()
    assert page.query_params["person"] == ["P3"]
    assert page.query_params["t"] == ["28.500"]
    assert handed(page, "player")["t"] == 28.5


def test_gaps_are_said_and_drawn(engine: FakeEngine) -> None:
    engine.add(footage_view("a.mp4", gaps=(Gap(12.0, 14.5, "corrupt"),)), people=1)
    page = screen("people").run()
    assert "Could not be read: 0:12.0 – 0:14.5 (damaged)" in shown(page)
    assert handed(page, "player")["gaps"] == [[12.0, 14.5]]


def test_nobody_found_names_the_model(engine: FakeEngine) -> None:
    engine.add(footage_view("a.mp4"), people=0)
    page = screen("people").run()
    assert not page.exception
    assert "Nobody was found" in shown(page)
    assert "blazepose" in shown(page)
    assert handed(page, "player")["lanes"] == []


def test_models_versions_and_run_are_shown(engine: FakeEngine) -> None:
    footage = engine.add(footage_view("a.mp4"), people=1)
    page = screen("people").run()
    table = page.dataframe[0].value
    assert table["Model"].tolist() == ["blazepose", "bytetrack"]
    assert table["Version"].tolist() == ["0.10.21", "1"]
    assert engine.runs(footage.id)[0].id in page.caption[1].value


def test_korean(engine: FakeEngine) -> None:
    engine.add(footage_view("a.mp4"), people=2)
    page = screen("people", lang="ko").run()
    assert page.title[0].value == "2명"
    assert handed(page, "people")["text"]["now"] == "지금 화면에 있음"
