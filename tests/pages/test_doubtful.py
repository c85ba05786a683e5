"""Doubtful pairs; what the browser tells is told by a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.identity import DoubtfulPair, EditDraft, PersonRef
from engine.core.views import RunView
from pages import _edit, _mount, _ui
from tests.looks import embed
from tests.pages.conftest import handed, screen
from tests.seeded import Seeds


class Browser:
    """Stands in for the element: keeps what it is handed, and tells the page what was done in it."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.acts: list[dict[str, Any]] = []

    def mount(self, name: str, *, key: str, data: dict[str, Any], on_told_change: Callable[[], None]) -> None:
        assert (name, key) == ("pairs", _ui.PAIRS)
        self.data = data

        def tell() -> None:
            st.session_state[_ui.PAIRS] = {"told": {"acts": self.acts}}
            on_told_change()

        st.button("tell", key="tell", on_click=tell)

    def do(self, page: AppTest, *acts: dict[str, Any]) -> None:
        for act in acts:
            self.acts.append({"n": len(self.acts) + 1, **act})
        page.button(key="tell").click().run()
        assert not page.exception

    def answer(self, pair: dict[str, Any], answer: str) -> dict[str, Any]:
        sides = {side: {key: pair[side][key] for key in ("run", "label", "tracklet")} for side in ("first", "second")}
        return {"kind": "answer", "answer": answer, "id": pair["id"], "footage": pair["first"]["footage"], **sides}

    @property
    def people(self) -> list[tuple[str, str]]:
        return [(pair["first"]["title"], pair["second"]["title"]) for pair in self.data["pairs"]]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    stands_in = Browser()
    monkeypatch.setattr(_mount, "mount", stands_in.mount)
    return stands_in


@pytest.fixture
def runs(engine: Engine, seeds: Seeds) -> list[RunView]:
    """Two recordings of the same three people, who are alike but not surely the same."""
    made = []
    for name, angle in (("hall.mp4", 0.0), ("shop.mp4", 0.8)):
        run = seeds.dressed(seeds.run(seeds.footage(name), people=3, pictures=False))
        made.append(embed(engine, run, {"P1": (1, angle), "P2": (2, angle), "P3": (3, angle)}))
    return made


def test_a_pair_is_shown_side_by_side(engine: Engine, runs: list[RunView]) -> None:
    engine.answers.rename(runs[0].id, "P1", "Mina")
    page = screen("doubtful").run()
    assert not page.exception
    data = handed(page, "pairs")
    assert len(data["pairs"]) == 3
    pair = next(one for one in data["pairs"] if "Mina" in (one["first"]["title"], one["second"]["title"]))
    assert pair["similarity"] == pytest.approx(0.70, abs=0.01)
    assert {pair[side]["name"] for side in ("first", "second")} == {"hall.mp4", "shop.mp4"}
    mina = pair["first"] if pair["first"]["title"] == "Mina" else pair["second"]
    assert (mina["label"], len(mina["spans"]), len(mina["crops"])) == ("P1", 2, 5)
    assert ["upper", ["black"], "black"] in mina["clothes"]
    assert mina["link"].startswith(f"people?footage={runs[0].footage}&person=P1&t=")


def test_answers_go_into_the_journal_and_are_not_asked_again(
    engine: Engine, runs: list[RunView], browser: Browser
) -> None:
    page = screen("doubtful").run()
    first, second, third = browser.data["pairs"]
    browser.do(page, browser.answer(first, "same"), browser.answer(second, "different"))
    assert [pair["id"] for pair in browser.data["pairs"]] == [third["id"]]
    lines = engine.identity.journal()
    assert [(line.edit.kind, line.author) for line in lines] == [("distinct", "analyst"), ("merge", "analyst")]
    assert browser.data["undo"]["words"].startswith("keep P")
    browser.do(page, {"kind": "undo", "line": None, "footage": second["first"]["footage"]})
    assert {pair["id"] for pair in browser.data["pairs"]} == {second["id"], third["id"]}
    browser.do(page, {"kind": "skip", "id": second["id"]})
    assert browser.data["skipped"] == [second["id"]]
    assert len(browser.data["pairs"]) == 2


def test_an_answer_means_who_was_looked_at(engine: Engine, runs: list[RunView], browser: Browser) -> None:
    page = screen("doubtful").run()
    pair = next(one for one in browser.data["pairs"] if one["first"]["label"] == "P1")
    act = browser.answer(pair, "same")
    # By the time the page hears of it, the appearance that was looked at is another person's.
    run, tracklet = pair["first"]["run"], pair["first"]["tracklet"]
    engine.identity.apply(EditDraft("split", run, "P1", tracklets=(tracklet,)), "Lee")
    now = next(one for one in engine.answers.people(run) if tracklet in [part.tracklet for part in one.presence])
    browser.do(page, act)
    edit = engine.identity.journal()[0].edit
    spots = [spot for spot in (*edit.first, *edit.second) if spot.footage == pair["first"]["footage"]]
    assert [now.first_s <= spot.t <= now.last_s for spot in spots] == [True]


def test_who_is_gone_is_said(runs: list[RunView], browser: Browser) -> None:
    page = screen("doubtful").run()
    act = browser.answer(browser.data["pairs"][0], "same")
    act["first"]["tracklet"] = 999
    browser.do(page, act)
    assert "left as it is" in page.error[0].value


def test_pairs_of_one_recording(engine: Engine, seeds: Seeds, runs: list[RunView]) -> None:
    alone = seeds.run(seeds.footage("yard.mp4"), people=1, pictures=False)
    page = screen("doubtful", footage=alone.footage).run()
    assert not page.exception
    assert any("Nothing is doubtful" in str(one.proto.body) for one in page.get("html"))
    page.selectbox(key=_ui.PAIRS_WHERE).select("").run()
    assert len(handed(page, "pairs")["pairs"]) == 3
    assert "footage" not in page.query_params


def test_people_who_may_be_others_are_marked_on_the_people_screen(engine: Engine, runs: list[RunView]) -> None:
    told = handed(screen("people", footage=runs[0].footage).run(), "doubtful")
    assert (told["count"], told["maybe"]) == (3, {})


def test_the_likeliest_of_the_same_recording_is_named() -> None:
    one, two, three, other = (PersonRef("f", run, label) for run, label in zip("rrrs", "abcd", strict=True))
    pairs = [DoubtfulPair(one, three, 0.7, 0.4, 3.0), DoubtfulPair(two, three, 0.7, 0.55, 3.0)]
    run = RunView("r", "f", "embedded", "{}", (), "")
    assert _edit.likely([*pairs, DoubtfulPair(one, other, 0.8, 0.7, 3.0)], run) == {"c": ["b", 0.55]}
