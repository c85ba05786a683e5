"""The gallery and its dossiers on a seeded store; what the browser presses is told by the page's own address."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.dossier import GalleryQuery
from engine.core.library import FootageDetails
from engine.core.views import FootageView, RunView
from pages import _gallery, _gallery_cards
from pages._gallery import Asked, read, written
from tests.looks import embed
from tests.pages.conftest import handed, screen
from tests.seeded import Seeds


@pytest.fixture
def two(seeds: Seeds) -> tuple[tuple[FootageView, RunView], ...]:
    """P2 of the hall is P1 of the yard."""
    found = []
    for name, looks in (("hall.mp4", (1, 2)), ("yard.mp4", (2, 4))):
        footage = seeds.footage(name)
        run = seeds.dressed(seeds.run(footage, people=2, pictures=False))
        found.append((footage, embed(seeds.engine, run, {f"P{n}": (look, 0.0) for n, look in enumerate(looks, 1)})))
    seeds.engine.gallery.now()  # what that imports takes longer than a page may
    return tuple(found)


def drawn(**query: str) -> AppTest:
    page = screen("gallery", **query).run()
    assert not page.exception
    assert not page.error
    return page


def shown(page: AppTest) -> str:
    html = "\n".join(str(element.proto.body) for element in page.get("html"))
    return html + "\n".join(element.value for element in [*page.markdown, *page.caption, *page.subheader])


def cards(page: AppTest) -> list[tuple[str, int]]:
    return [(item["title"], item["count"]) for item in handed(page, "gallery")["items"]]


def test_everybody_once(two: tuple[tuple[FootageView, RunView], ...]) -> None:
    page = drawn()
    assert cards(page) == [("P1", 1), ("P2", 2), ("P2", 1)]
    assert "3 people" in shown(page)
    card = handed(page, "gallery")["items"][1]
    assert card["picture"].startswith("/sightline/media/")
    assert card["footage"] == "hall.mp4, yard.mp4"
    assert card["href"] == f"gallery?id={card['id']}"


def test_filters_are_in_the_address(two: tuple[tuple[FootageView, RunView], ...]) -> None:
    page = drawn()
    page.text_input(key=_gallery.TEXT_BOX).input("yard").run()
    assert page.query_params["q"] == ["yard"]
    assert cards(page) == [("P2", 2), ("P2", 1)]
    page.selectbox(key=_gallery.SORT_BOX).select("appearances").run()
    assert page.query_params["sort"] == ["appearances"]
    page = drawn(only="several")
    assert cards(page) == [("P2", 2)]
    nobody = drawn(q="nobody of this name", lang="ko")
    assert "조건에 맞는 인물이 없습니다" in shown(nobody)
    nobody.button[0].click().run()
    assert "q" not in nobody.query_params


def test_days_and_cameras_where_they_are_known(seeds: Seeds, two: tuple[tuple[FootageView, RunView], ...]) -> None:
    yard = two[1][0]
    seeds.engine.library.describe(yard.id, FootageDetails(camera="gate", start_utc="2026-11-20T09:00:00+00:00"))
    assert cards(drawn(camera="gate")) == [("P1", 2), ("P2", 1)]
    assert cards(drawn(since="2026-11-19", until="2026-11-21")) == [("P1", 2), ("P2", 1)]
    assert "Nobody fits" in shown(drawn(since="2026-11-01", until="2026-11-02"))


def test_a_dossier_says_all(seeds: Seeds, two: tuple[tuple[FootageView, RunView], ...]) -> None:
    (hall, first), (yard, second) = two
    seeds.events(first, ("theft", "assault"), scores=(0.9, 0.8))
    seeds.engine.answers.rename(second.id, "P1", "<b>Kim</b>")
    page = drawn(id=f"{hall.id}-P2")
    assert page.title[0].value == "\\<b>Kim\\</b>"
    words = shown(page)
    assert "<b>Kim</b>" not in words
    assert "hall.mp4" in words
    assert "yard.mp4" in words
    assert "matched by looks" in words
    assert "Assault" in words
    assert "not reviewed" in words
    assert "walking" in words
    assert f'href="gallery?id={hall.id}-P1"' in words
    links = [one.proto.label for one in page.get("page_link")]
    assert len([label for label in links if "–" in label]) == 4
    assert "Time in view" in words
    korean = shown(drawn(id=f"{yard.id}-P1", lang="ko"))
    assert "외모로 연결" in korean


def test_a_name_given_in_place_is_taken_back(two: tuple[tuple[FootageView, RunView], ...], engine: Engine) -> None:
    hall = two[0][0]
    page = drawn(id=f"{hall.id}-P2")
    page.text_input[0].input("  Mina  Kim ").run()
    assert page.title[0].value == "Mina Kim"
    assert engine.gallery.identity(f"{hall.id}-P2").name == "Mina Kim"
    page.button(key="sl_gallery_undo").click().run()
    assert page.title[0].value == "P2"
    assert not [one for one in page.button if one.key == "sl_gallery_undo"]


def test_a_wrong_appearance_is_parted_and_joined_again(
    two: tuple[tuple[FootageView, RunView], ...], engine: Engine
) -> None:
    (hall, _), (yard, _) = two
    page = drawn(id=f"{hall.id}-P2")
    page.button(key=f"sl_apart_{yard.id}_P1").click().run()
    assert not page.exception
    assert len(engine.gallery.identity(f"{hall.id}-P2").appearances) == 1
    assert "yard.mp4" in page.success[0].value
    page.button(key="sl_gallery_undo").click().run()
    assert len(engine.gallery.identity(f"{hall.id}-P2").appearances) == 2
    page.button(key=f"sl_apart_{hall.id}_P2").click().run()
    assert page.query_params["id"] == [f"{yard.id}-P1"]
    assert not [one for one in page.button if str(one.key).startswith("sl_apart_")]


def test_somebody_who_is_no_longer_there(two: tuple[tuple[FootageView, RunView], ...]) -> None:
    page = drawn(id="000000000000-P1")
    assert "no longer in the gallery" in shown(page)
    page.button(key="sl_back").click().run()
    assert "id" not in page.query_params
    assert len(cards(page)) == 3


def test_many_people_come_page_by_page(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_gallery, "STEP", 2)
    seeds.run(seeds.footage(), people=5, appearances=1, segments=0, pictures=False)
    page = drawn()
    assert len(cards(page)) == 2
    page.button(key="sl_gallery_more").click().run()
    assert len(cards(page)) == 4


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        pytest.param({}, Asked(), id="nothing"),
        pytest.param(
            {"q": ["  a  b "], "sort": ["name"], "only": ["alarms", "nonsense"], "footage": ["x", "x", "y"]},
            Asked(query=GalleryQuery(text="a b", sort="name", alarms=True, footage=("x", "y"))),
            id="filters",
        ),
        pytest.param({"sort": ["nonsense"], "since": ["2026-13-01"], "until": ["2026-01-01"]}, Asked(), id="nonsense"),
        pytest.param({"since": ["2026-02-01"], "until": ["2026-01-01"]}, Asked(), id="backwards"),
        pytest.param(
            {"id": ["x-P1"], "since": ["2026-01-01"], "until": ["2026-01-02"], "camera": ["gate"]},
            Asked(id="x-P1", days=(date(2026, 1, 1), date(2026, 1, 2)), query=GalleryQuery(cameras=("gate",))),
            id="dossier",
        ),
    ],
)
def test_what_the_address_may_say(address: dict[str, list[str]], asked: Asked) -> None:
    assert read(address) == asked
    assert read(written(asked)) == asked


def test_an_instant_in_a_recording() -> None:
    start = "2026-11-20T23:59:30+00:00"
    assert _gallery_cards.at_instant(start, 45.0, "Asia/Seoul") == "2026-11-21 09:00"
    assert _gallery_cards.at_instant("nonsense", 45.0, None) == "0:45.0"
