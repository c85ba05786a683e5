"""The map of looks on a seeded store; what is drawn around is put where the chart would put it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.identity import PersonRef
from engine.core.projection import Projection
from engine.core.views import CropView, FootageView, RunView
from pages import _embeddings, _embeddings_picked
from pages._palette import GREY
from tests.looks import embed
from tests.pages.conftest import handed, screen
from tests.seeded import Seeds


@pytest.fixture
def two(seeds: Seeds) -> tuple[tuple[FootageView, RunView], ...]:
    found = []
    for name, looks in (("hall.mp4", (1, 2)), ("yard.mp4", (2, 4))):
        footage = seeds.footage(name)
        run = seeds.dressed(seeds.run(footage, people=2, pictures=False))
        kinds = {f"P{n}": (look, 0.0) for n, look in enumerate(looks, 1)}
        found.append((footage, embed(seeds.engine, run, kinds)))
    seeds.engine.gallery.now()  # what that imports takes longer than a page may
    return tuple(found)


def drawn(**query: str) -> AppTest:
    page = screen("embeddings", **query).run()
    assert not page.exception
    assert not page.error
    return page


def figure(page: AppTest) -> dict[str, Any]:
    return dict(json.loads(page.get("plotly_chart")[0].proto.spec))


def said(page: AppTest) -> str:
    html = "\n".join(str(element.proto.body) for element in page.get("html"))
    return html + "\n".join(element.value for element in [*page.markdown, *page.caption])


def test_a_point_for_every_picture_in_the_colour_of_its_person(
    two: tuple[tuple[FootageView, RunView], ...],
) -> None:
    page = drawn()
    traces = figure(page)["data"]
    assert {trace["name"]: len(trace["x"]) for trace in traces} == {
        "P2 · hall.mp4": 12,
        "P1 · hall.mp4": 6,
        "P2 · yard.mp4": 6,
    }
    row, picture, title, time = traces[0]["customdata"][0]
    assert isinstance(row, int)
    assert picture.startswith("/sightline/media/")
    assert (title, time.count(":")) == ("P2 · hall.mp4", 1)
    assert "24 points of 4 people, made by fake 0000000000000000" in said(page)
    assert handed(page, "hover") == {"chart": _embeddings_picked.CHART}


def test_other_maps_and_colours(two: tuple[tuple[FootageView, RunView], ...]) -> None:
    page = drawn()
    page.session_state["sl_map_dimensions"] = "3"
    page.session_state["sl_map_unit"] = "person"
    page.selectbox(key="sl_map_color").select("upper").run()
    assert not page.exception
    traces = figure(page)["data"]
    assert {trace["type"] for trace in traces} == {"scatter3d"}
    assert sum(len(trace["z"]) for trace in traces) == 4
    assert {trace["name"] for trace in traces} == {"black", "red"}
    page.selectbox(key="sl_map_color").select("action").run()
    assert [trace["name"] for trace in figure(page)["data"]] == ["walking"]
    page.selectbox(key="sl_map_color").select("footage").run()
    assert {trace["name"] for trace in figure(page)["data"]} == {"hall.mp4", "yard.mp4"}


def test_neighbourly_maps_are_made_elsewhere(
    two: tuple[tuple[FootageView, RunView], ...], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def laid(vectors: np.ndarray, dimensions: int, method: str) -> np.ndarray:
        asked.append((len(vectors), dimensions, method))
        return np.zeros((len(vectors), dimensions), np.float32)

    monkeypatch.setattr(engine.maps, "_neighbours", laid)
    page = drawn()
    page.session_state["sl_map_method"] = "umap"
    page.run()
    assert asked == [(24, 2, "umap")]
    assert "Neighbours are kept together" in said(page)
    page.session_state["sl_map_unit"] = "person"
    page.run()
    assert "at least 5 points" in page.warning[0].value
    page.session_state["sl_map_method"] = "pca"
    page.run()
    assert not page.warning


def test_what_is_drawn_around_is_listed_and_merged(
    two: tuple[tuple[FootageView, RunView], ...], engine: Engine
) -> None:
    (hall, first), _ = two
    page = drawn()
    refs = [one.ref for each in engine.gallery.identities() for one in each.appearances if one.ref.run == first.id]
    page.multiselect(key=_embeddings_picked.PEOPLE_BOX).set_value(refs).run()
    assert "12 pictures of 2 people" in said(page)
    page.button(key="sl_map_ask").click().run()
    assert "in view at the same time" in said(page)
    assert page.button(key="sl_map_merge_do").disabled
    page.button(key="sl_map_merge_drop").click().run()
    others = [one.ref for each in engine.gallery.identities() for one in each.appearances if one.ref.run != first.id]
    page.multiselect(key=_embeddings_picked.PEOPLE_BOX).set_value([refs[0], others[1]]).run()
    page.button(key="sl_map_ask").click().run()
    page.button(key="sl_map_merge_do").click().run()
    assert not page.exception
    assert [len(each.appearances) for each in engine.gallery.identities()] == [2, 2]
    page.button(key="sl_map_undo").click().run()
    assert len(engine.gallery.identities()) == 3
    assert engine.identity.journal(hall.id)[0].takes_back


def made(people: int, views: int) -> tuple[Projection, dict[PersonRef, str]]:
    refs = tuple(PersonRef("f", "r", f"P{n}") for n in range(people))
    owner = np.repeat(np.arange(people), views)
    crops = tuple(CropView(int(n), 0, 1.5, 0.9, f"crops/{n}.jpg", 10, 20) for n in owner)
    places = np.arange(2 * len(owner), dtype=np.float32).reshape(-1, 2)
    found = Projection(places, refs, owner, crops, np.ones(len(owner), np.float32), len(owner), "parts", "1", ())
    return found, {ref: ref.label for ref in refs}


def test_only_so_many_groups_have_a_colour() -> None:
    projection, titles = made(_embeddings.MOST_COLORS + 3, 2)
    drawn = _embeddings.figure(projection, [ref.label for ref in projection.people], titles, "others")
    assert len(drawn["data"]) == _embeddings.MOST_COLORS + 1
    assert drawn["data"][-1]["name"] == "others"
    assert drawn["data"][-1]["marker"]["color"] == GREY
    assert len(drawn["data"][-1]["x"]) == 6
    rows = sorted(point[0] for trace in drawn["data"] for point in trace["customdata"])
    assert rows == list(range(len(projection)))


def test_a_single_group_has_a_colour() -> None:
    projection, titles = made(1, 3)
    (trace,) = _embeddings.figure(projection, ["P0"], titles, "others")["data"]
    assert trace["marker"]["color"] != GREY
    assert trace["customdata"][0] == [0, "/sightline/media/f/crops/0.jpg", "P0", "0:01.5"]
