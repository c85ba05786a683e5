"""Recordings are declared views of one place on the Footage screen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from engine.core.cameras import Alignment
from engine.core.errors import FootageError
from tests.pages.conftest import screen
from tests.seeded import Seeds


@pytest.fixture
def page(seeds: Seeds) -> AppTest:
    seeds.footage("till.mp4", seconds=60.0)
    return screen("footage", footage=seeds.footage("door.mp4", seconds=100.0).id).run()


def two(seeds: Seeds) -> tuple[str, str]:
    names = {each.name: each.id for each in seeds.engine.list_footage()}
    return names["door.mp4"], names["till.mp4"]


def test_a_pair_is_set_by_hand_corrected_and_taken_apart(page: AppTest, seeds: Seeds) -> None:
    door, till = two(seeds)
    assert page.button(key=f"sl_by_hand_{door}").disabled
    page.selectbox(key=f"sl_other_{door}").select(till).run()
    page.button(key=f"sl_by_hand_{door}").click().run()
    assert not page.exception
    (pair,) = seeds.engine.cameras.pairs(door)
    page.number_input(key=f"sl_offset_{door}_{pair.id}").set_value(-12.5).run()
    page.button(key=f"sl_offset_{door}_{pair.id}_save").click().run()
    assert seeds.engine.cameras.moment(door, 20.0)[0].t == pytest.approx(7.5)
    assert any("-12.50 s, set by hand" in element.proto.body for element in page.get("html"))
    page.button(key=f"sl_offset_{door}_{pair.id}_forget").click().run()
    assert seeds.engine.cameras.pairs() == ()


def test_movement_sets_it_or_says_that_it_cannot(page: AppTest, seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    door, till = two(seeds)
    page.selectbox(key=f"sl_other_{door}").select(till).run()

    def nothing(*_: object) -> None:
        raise FootageError("no", kind="no-alignment")

    monkeypatch.setattr(seeds.engine.cameras, "estimate", nothing)
    page.button(key=f"sl_align_{door}").click().run()
    assert "Set the offset by hand" in page.error[0].value
    assert seeds.engine.cameras.pairs() == ()
    found = Alignment(-3.0, 0.0, 0.1, 0.9)

    def estimate(first: str, second: str) -> None:
        seeds.engine.cameras._pairs.put(first, second, found, "estimated")

    monkeypatch.setattr(seeds.engine.cameras, "estimate", estimate)
    page.button(key=f"sl_align_{door}").click().run()
    assert any("-3.00 s, found by movement" in element.proto.body for element in page.get("html"))


def test_a_lonely_recording_says_so(seeds: Seeds) -> None:
    page = screen("footage", footage=seeds.footage("door.mp4").id).run()
    assert "There is no other recording yet." in [each.value for each in page.caption]
