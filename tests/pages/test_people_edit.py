"""Saying who is who on the people screen; what the browser tells is told by a button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.identity import EditDraft
from engine.core.views import PersonView, Presence, RunView
from pages import _edit_acts, _elements, _ui
from tests.pages.conftest import handed, screen
from tests.seeded import Seeds


class Browser:
    """Stands in for the list of people: keeps what it is handed, and tells the page what was done in it."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.acts: list[dict[str, Any]] = []

    def mount(self, data: dict[str, Any], *, on_told: Callable[[], None], **_: object) -> None:
        self.data = data

        def tell() -> None:
            st.session_state[_ui.PICKED] = {"told": {"acts": self.acts}}
            on_told()

        st.button("tell", key="tell", on_click=tell)

    def do(self, page: AppTest, *acts: dict[str, Any]) -> None:
        """Tell all that was ever done, and something more: the page must do each but once."""
        for act in acts:
            self.acts.append({"n": len(self.acts) + 1, **act})
        page.button(key="tell").click().run()
        assert not page.exception
        assert self.data["edit"]["n"] == len(self.acts)

    @property
    def labels(self) -> list[str]:
        return [person["label"] for person in self.data["people"]]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    stands_in = Browser()
    monkeypatch.setattr(_elements, "people_list", stands_in.mount)
    return stands_in


@pytest.fixture
def run(engine: Engine, seeds: Seeds) -> RunView:
    """Two people who cross the picture twice; the second time the first of them is taken for a third."""
    run = seeds.run(seeds.footage(), people=2, pictures=False)
    late = engine.answers.people(run.id)[0].presence[1].tracklet
    engine.identity.apply(EditDraft("split", run.id, "P1", tracklets=(late,)), "Kim")
    return run


def edit(kind: str, run: RunView, label: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "run": run.id, "label": label, "other": "", "tracklets": [], "at_s": None, "name": "", **more}


def test_merging_looked_at_applied_undone_and_done_again(engine: Engine, run: RunView, browser: Browser) -> None:
    page = screen("people", person="P3").run()
    assert browser.labels == ["P1", "P2", "P3"]
    revision = handed(page, "timeline")["revision"]
    assert handed(page, "player")["revision"] == revision == browser.data["revision"]
    assert browser.data["edit"]["undo"]["words"] == "take appearances from P1"

    browser.do(page, {"kind": "draft", "edit": edit("merge", run, "P3", other="P1", revision=revision)})
    preview = browser.data["edit"]["preview"]
    assert preview["words"] == "Merge P3 into P1"
    assert [(one["title"], len(one["before"]), len(one["after"])) for one in preview["changes"]] == [
        ("P1", 1, 2),
        ("P3", 1, 0),
    ]
    assert [picture[0] for picture in preview["pictures"]] == ["P3", "P1"]
    assert preview["warnings"] == ["Somebody has said that they are not the same person."]
    assert len(engine.identity.journal(run.footage)) == 1

    browser.do(page, {"kind": "apply", "edit": preview["edit"]})
    assert browser.labels == ["P1", "P2"]
    assert page.title[0].value == "2 people"
    assert browser.data["edit"]["preview"] is None
    assert page.query_params["person"] == ["P1"]  # who P3 turned out to be
    assert [one["label"] for one in handed(page, "player")["people"]] == ["P1", "P2"]
    assert handed(page, "timeline")["revision"] == handed(page, "player")["revision"] != revision
    newest = engine.identity.journal(run.footage)[0]
    assert (newest.author, newest.edit.kind) == ("analyst", "merge")

    undo = browser.data["edit"]["undo"]
    assert undo == {"id": newest.id, "words": "merge P3 into P1"}
    browser.do(page, {"kind": "undo", "line": undo["id"]})
    assert browser.labels == ["P1", "P2", "P3"]
    assert page.title[0].value == "3 people"
    browser.do(page, {"kind": "redo", "line": browser.data["edit"]["redo"]["id"]})
    assert browser.labels == ["P1", "P2"]


def test_what_cannot_be_is_said_and_cannot_be_applied(run: RunView, browser: Browser) -> None:
    page = screen("people").run()
    browser.do(page, {"kind": "draft", "edit": edit("merge", run, "P2", other="P1")})
    preview = browser.data["edit"]["preview"]
    assert preview["edit"] is None
    assert "in view at the same time (0:1" in preview["warnings"][0]
    browser.do(page, {"kind": "apply", "edit": edit("merge", run, "P2", other="P1")})
    assert "cannot be one person" in page.error[0].value
    assert browser.labels == ["P1", "P2", "P3"]
    browser.do(page, {"kind": "draft", "edit": edit("merge", run, "P9", other="P1")})
    assert "P9" in browser.data["edit"]["preview"]["warnings"][0]
    browser.do(page, {"kind": "drop"})
    assert browser.data["edit"]["preview"] is None


def test_cutting_swapping_splitting(engine: Engine, run: RunView, browser: Browser) -> None:
    page = screen("people", person="P2").run()
    second = engine.answers.people(run.id)[1]
    at_s = second.first_s + 5.0
    browser.do(page, {"kind": "draft", "edit": edit("cut", run, "P2", at_s=at_s)})
    cut = browser.data["edit"]["preview"]
    # Who is new is numbered by first appearance, so that whoever was new before moves on.
    assert [one["title"] for one in cut["changes"]] == ["P2", "P3", "P4"]
    assert [picture[0] for picture in cut["pictures"]] == ["P2", "somebody else"]
    browser.do(page, {"kind": "apply", "edit": cut["edit"]}, {"kind": "undo", "line": None})
    assert browser.labels == ["P1", "P2", "P3"]
    browser.do(page, {"kind": "draft", "edit": edit("swap", run, "P1", other="P2", at_s=at_s)})
    assert {one["title"] for one in browser.data["edit"]["preview"]["changes"]} == {"P1", "P2"}
    browser.do(page, {"kind": "draft", "edit": edit("split", run, "P2", tracklets=[second.presence[1].tracklet])})
    browser.do(page, {"kind": "apply", "edit": browser.data["edit"]["preview"]["edit"]})
    assert browser.labels == ["P1", "P2", "P3", "P4"]
    assert browser.data["people"][1]["tracklets"] == [second.presence[0].tracklet]


def test_an_edit_of_what_has_changed_meanwhile_is_not_done(engine: Engine, run: RunView, browser: Browser) -> None:
    page = screen("people").run()
    revision, undo = browser.data["revision"], browser.data["edit"]["undo"]["id"]
    engine.identity.apply(EditDraft("rename", run.id, "P2", name="Mina"), "Lee")
    browser.do(page, {"kind": "apply", "edit": edit("merge", run, "P3", other="P1", revision=revision)})
    assert len(page.error) == 1
    browser.do(page, {"kind": "undo", "line": undo})
    assert "meantime" in page.error[0].value
    assert [person["name"] for person in browser.data["people"]] == ["", "Mina", ""]


def test_mode_and_name_are_remembered_in_the_session(run: RunView, browser: Browser) -> None:
    page = screen("people").run()
    assert (browser.data["edit"]["on"], browser.data["edit"]["author"]) == (False, "analyst")
    browser.do(page, {"kind": "mode", "on": True}, {"kind": "name", "name": " Mina  Kim "})
    assert (browser.data["edit"]["on"], browser.data["edit"]["author"]) == (True, "Mina Kim")


def test_somebody_who_is_gone_is_said(run: RunView, browser: Browser) -> None:
    page = screen("people", person="P8").run()
    assert any("P8 is no longer in this recording" in str(one.proto.body) for one in page.get("html"))
    assert browser.data["chosen"] == ""


def person(label: str, *presence: tuple[int, float, float]) -> PersonView:
    stretches = tuple(Presence(*one) for one in presence)
    return PersonView(label, stretches[0].start_s, stretches[-1].end_s, 0.9, 1.0, stretches, ())


@pytest.mark.parametrize(
    ("people", "label"),
    [
        pytest.param([person("P1", (1, 0, 5))], "P1", id="somebody else has the time"),
        pytest.param([person("P1", (2, 0, 9)), person("P3", (1_000_001, 0, 5))], "P3", id="a piece of it"),
        pytest.param([person("P1", (9, 0, 9))], "", id="nobody"),
        pytest.param([person("P2", (1, 0, 1)), person("P1", (1_000_001, 1, 5))], "P2", id="something is left"),
        pytest.param([person("P2", (9, 0, 9)), person("P3", (1, 0, 5))], "P3", id="another one has the label"),
        pytest.param([], "", id="nobody at all"),
    ],
)
def test_who_somebody_is_afterwards(people: list[PersonView], label: str) -> None:
    assert _edit_acts.heir(person("P2", (1, 0.0, 5.0)), people) == label
