from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.types import Gap
from pages import _detail, _elements, _timeline, _ui
from pages._data import Pick
from tests.pages.conftest import handed, pages_on, screen
from tests.seeded import Seeds, open_engine


def shown(page: AppTest) -> str:
    """All HTML and markdown that the page has put out."""
    return "\n".join([element.proto.body for element in page.get("html")] + [one.value for one in page.markdown])


def elements(page: AppTest) -> set[str]:
    """Names of the components on the page."""
    names = {element.proto.component_name.rpartition("sightline_")[2] for element in page.get("bidi_component")}
    return names & {"player", "people", "timeline"}


def test_empty_store(engine: Engine) -> None:
    page = screen("people").run()
    assert not page.exception
    assert not page.error
    assert "No footage yet" in shown(page)
    assert page.get("page_link")[0].proto.label == "Go to footage"


def test_not_analysed_yet(seeds: Seeds) -> None:
    seeds.footage("new.mp4")
    page = screen("people").run()
    assert not page.exception
    assert "This recording has not been analysed yet." in shown(page)
    assert not elements(page)


def test_player_timeline_and_people_of_the_newest_footage(seeds: Seeds) -> None:
    seeds.run(seeds.footage("old.mp4", added_utc="2026-11-19T09:41:00+00:00"), people=1)
    newest = seeds.footage("newest.mp4")
    run = seeds.run(newest, people=6)
    page = screen("people").run()
    assert not page.exception
    assert page.title[0].value == "6 people"
    assert elements(page) == {"player", "timeline", "people"}
    player, people = handed(page, "player"), handed(page, "people")
    assert player["src"] == f"/sightline/media/{newest.id}/playback.mp4"
    assert player["overlay"] == f"/sightline/overlay/{run.id}"
    assert (player["t"], player["chosen"], player["only"]) == (None, "", "")
    labels = ["P1", "P2", "P3", "P4", "P5", "P6"]
    assert [person["label"] for person in player["people"]] == labels
    assert [person["label"] for person in people["people"]] == labels
    assert player["people"][0]["spans"] == people["people"][0]["spans"]
    assert people["media"] + people["people"][0]["crops"][0][0] == f"/sightline/media/{newest.id}/crops/seed/1-0.jpg"
    assert people["detail"] is None


def test_the_address_decides_footage_person_and_time(seeds: Seeds) -> None:
    old = seeds.footage("old.mp4", added_utc="2026-11-19T09:41:00+00:00")
    seeds.run(old, people=3)
    seeds.run(seeds.footage("newest.mp4"), people=6)
    page = screen("people", footage=old.id, person="P2", t="17.5", only="1").run()
    assert page.title[0].value == "3 people"
    player = handed(page, "player")
    assert (player["t"], player["chosen"], player["only"]) == (17.5, "P2", "P2")
    assert handed(page, "people")["chosen"] == "P2"
    assert handed(page, "people")["only"] is True
    assert handed(page, "timeline")["chosen"] == "P2"


def test_a_person_in_the_address_who_is_not_there(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=2)
    page = screen("people", person="P9", only="1").run()
    assert not page.exception
    people = handed(page, "people")
    assert (people["chosen"], people["only"], people["detail"]) == ("", False, None)


@pytest.mark.parametrize(
    ("asked", "t"), [("17.5", 17.5), ("-3", 0.0), ("1e9", 139.4), ("soon", None), ("nan", None), ("inf", None)]
)
def test_times_in_the_address_are_held_within_the_recording(seeds: Seeds, asked: str, t: float | None) -> None:
    seeds.run(seeds.footage(), people=1)
    assert handed(screen("people", t=asked).run(), "player")["t"] == t


def test_an_unknown_footage_in_the_address_is_said(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=1)
    page = screen("people", footage="0123").run()
    assert "0123" in page.error[0].value
    assert page.title[0].value == "1 person"


def test_choosing_another_footage_forgets_person_and_time(seeds: Seeds) -> None:
    old = seeds.footage("old.mp4", added_utc="2026-11-19T09:41:00+00:00")
    seeds.run(old, people=3)
    newest = seeds.footage("newest.mp4")
    seeds.run(newest, people=6)
    page = screen("people", footage=newest.id, person="P2", t="17.5").run()
    page.selectbox(key=_ui.CHOSEN).select(old.id).run()
    assert page.title[0].value == "3 people"
    assert page.query_params == {"footage": [old.id]}
    assert handed(page, "player")["t"] is None


# AppTest mounts no component: a button stands in for a click in one.
def stand_in(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, told: str) -> None:
    def mounted(*_: object, **callbacks: Any) -> None:
        st.button("click", key="click", on_click=callbacks[told])

    monkeypatch.setattr(module, name, mounted)


@pytest.mark.parametrize(
    ("pick", "query"),
    [
        pytest.param(Pick("P3", 28.5, False), {"person": "P3", "t": "28.500"}, id="person and time"),
        pytest.param(Pick("P3", None, False), {"person": "P3", "t": "9.000"}, id="person alone"),
        pytest.param(Pick("P3", None, True), {"person": "P3", "t": "9.000", "only": "1"}, id="only this person"),
        pytest.param(Pick("", None, False), {"t": "9.000"}, id="nobody"),
    ],
)
def test_who_was_picked_stands_in_the_address(
    seeds: Seeds, monkeypatch: pytest.MonkeyPatch, pick: Pick, query: dict[str, str]
) -> None:
    monkeypatch.setattr(_elements, "picked", lambda: pick)
    stand_in(monkeypatch, _elements, "people_list", "on_pick")
    seeds.run(seeds.footage(), people=3)
    page = screen("people", person="P1", t="9.000", only="1").run()
    page.button(key="click").click().run()
    assert {key: values[0] for key, values in page.query_params.items()} == query
    assert handed(page, "player")["chosen"] == pick.person


def test_a_pick_in_the_timeline_stands_in_the_address(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_timeline, "timeline_pick", lambda: ("P2", 12.25))
    stand_in(monkeypatch, _timeline, "timeline", "on_pick")
    seeds.run(seeds.footage(), people=3)
    page = screen("people").run()
    page.button(key="click").click().run()
    assert page.query_params == {"person": ["P2"], "t": ["12.250"]}


def test_a_click_on_a_box_stands_in_the_address(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_elements, "player_pick", lambda footage, looking: Pick("P1", 3.0, True))
    stand_in(monkeypatch, _elements, "player", "on_pick")
    seeds.run(seeds.footage(), people=3)
    page = screen("people").run()
    page.button(key="click").click().run()
    assert page.query_params == {"person": ["P1"], "t": ["3.000"], "only": ["1"]}


def test_renaming(engine: Engine, seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted = _elements.people_list
    monkeypatch.setattr(_elements, "renamed", lambda: ("P2", "  Mina "))

    def with_button(data: dict[str, Any], **callbacks: Any) -> None:
        mounted(data, **callbacks)
        st.button("rename", key="rename", on_click=callbacks["on_rename"])

    monkeypatch.setattr(_elements, "people_list", with_button)
    run = seeds.run(seeds.footage(), people=3)
    page = screen("people").run()
    assert [person["name"] for person in handed(page, "people")["people"]] == ["", "", ""]
    page.button(key="rename").click().run()
    assert engine.answers.people(run.id)[1].name == "Mina"
    assert [person["name"] for person in handed(page, "people")["people"]] == ["", "Mina", ""]
    assert [person["name"] for person in handed(page, "player")["people"]] == ["", "Mina", ""]


def test_a_name_that_cannot_be_is_said(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_elements, "renamed", lambda: ("P2", "x" * 81))
    stand_in(monkeypatch, _elements, "people_list", "on_rename")
    seeds.run(seeds.footage(), people=3)
    page = screen("people").run()
    page.button(key="click").click().run()
    assert not page.exception
    assert "80 letters" in page.error[0].value


def test_cards_say_what_each_person_did_most(engine: Engine, seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=2, appearances=2, segments=4)
    people = handed(screen("people").run(), "people")["people"]
    segments = engine.answers.segments(run.id)
    for card, person in zip(people, engine.answers.people(run.id), strict=True):
        mine = np.isin(segments.tracklets, [stretch.tracklet for stretch in person.presence])
        for channel, labels in card["shares"].items():
            seconds = [length for _, length in labels]
            rows = mine & np.array([one == channel for one in segments.channels])
            assert sum(seconds) == pytest.approx(float((segments.end_s - segments.start_s)[rows].sum()), abs=0.3)
        assert card["shares"]["posture"][0][0] == "walking"  # twice as long as anything else
        assert card["shares"]["emotion"][-1][0] == "unknown"  # what was not seen comes last


def test_the_chosen_person_in_detail(engine: Engine, seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=2, appearances=2, segments=4)
    detail = handed(screen("people", person="P2").run(), "people")["detail"]
    assert detail["person"] == "P2"
    assert [one["channel"] for one in detail["channels"]] == ["posture", "gesture", "emotion"]
    posture, _, emotion = detail["channels"]
    assert posture["model"].startswith("geometry")
    walking = posture["rows"][0]
    assert (walking["label"], walking["count"]) == ("walking", 4)
    assert walking["seconds"] == pytest.approx(sum(end - start for start, end, *_ in walking["segments"]), abs=0.1)
    starts = [segment[0] for segment in walking["segments"]]
    assert starts == sorted(starts)
    # Known stretches were seen for .6 of their time, the unknown quarter for .1.
    assert detail["coverage"] == pytest.approx((3 * 0.6 + 0.1) / 4, abs=0.01)
    assert emotion["rows"][-1]["label"] == "unknown"
    mine = {stretch.tracklet for stretch in engine.answers.people(run.id)[1].presence}
    faces = [crop for crop in engine.answers.face_crops(run.id) if crop.tracklet in mine]
    assert [face[0] for face in detail["faces"]] == [crop.file for crop in faces]
    assert detail["model"].startswith("blazepose")


def test_without_actions_and_emotions(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=2, segments=0)
    page = screen("people", person="P1").run()
    assert not page.exception
    data = handed(page, "people")
    assert data["people"][0]["shares"] == {}
    assert (data["detail"]["channels"], data["detail"]["coverage"], data["detail"]["faces"]) == ([], None, [])


def test_hidden_emotions(tmp_path: Path) -> None:
    with open_engine(tmp_path, emotions=False) as engine, pages_on(engine):
        seeds = Seeds(engine)
        seeds.run(seeds.footage(), people=2)
        detail = handed(screen("people", person="P1").run(), "people")["detail"]
    assert {one["channel"] for one in detail["channels"]} == {"posture", "gesture"}
    assert (detail["coverage"], detail["faces"]) == (None, [])


def test_two_hundred_people_are_a_small_page(seeds: Seeds) -> None:
    seeds.run(seeds.footage(seconds=200.0), people=200, appearances=3, segments=8, pictures=False)
    page = screen("people", person="P7").run()
    assert not page.exception
    whole = sum(len(element.proto.json) for element in page.get("bidi_component"))
    assert whole < 300_000


def test_slow_reads_are_done_once_a_run(engine: Engine, seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds.run(seeds.footage(), people=3)
    asked: list[str] = []
    for name in ("people", "segments", "face_crops"):
        read = getattr(engine.answers, name)
        monkeypatch.setattr(engine.answers, name, lambda run, name=name, read=read: (asked.append(name), read(run))[1])
    page = screen("people", person="P1").run()
    assert sorted(asked) == ["face_crops", "people", "segments"]
    page.run()
    assert len(asked) == 3


def test_gaps_are_said_and_drawn(seeds: Seeds) -> None:
    seeds.run(seeds.footage(gaps=(Gap(12.0, 14.5, "corrupt"),)), people=1)
    page = screen("people").run()
    assert "Could not be read: 0:12.0 – 0:14.5 (damaged)" in shown(page)
    assert handed(page, "player")["gaps"] == [[12.0, 14.5]]


def test_nobody_found_names_the_model(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=0)
    page = screen("people").run()
    assert not page.exception
    assert "Nobody was found" in shown(page)
    assert "blazepose" in shown(page)
    assert elements(page) == {"player"}
    assert handed(page, "player")["people"] == []


def test_models_versions_and_run_are_shown(seeds: Seeds) -> None:
    run = seeds.run(seeds.footage(), people=1)
    page = screen("people").run()
    table = page.dataframe[0].value
    assert table["Stage"].tolist() == [stage.name for stage in run.stages]
    assert table["Model"].tolist() == [stage.model for stage in run.stages]
    assert any(run.id in caption.value for caption in page.caption)


def test_korean(seeds: Seeds) -> None:
    seeds.run(seeds.footage(), people=2)
    page = screen("people", lang="ko").run()
    assert page.title[0].value == "2명"
    assert handed(page, "people")["text"]["now"] == "지금 화면에 있음"
    assert handed(page, "player")["text"]["boxes"] == "상자"


def test_every_figure_says_what_it_is() -> None:
    from pages._text import LANGUAGES, group

    for language in LANGUAGES:
        text = group(language, "people")
        for figure in ("first", "last", "visible", "count", "score", "link", "coverage"):
            assert len(text[f"{figure}.help"]) > len(text[figure])


def test_ranked_puts_the_longest_first_and_the_unseen_last() -> None:
    assert _detail.ranked({"unknown": 9.0, "calm": 1.0, "happy": 2.0}) == [
        ("happy", 2.0),
        ("calm", 1.0),
        ("unknown", 9.0),
    ]
