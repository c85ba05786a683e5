from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.api import Engine
from engine.core.errors import SearchError
from engine.core.library import FootageDetails
from engine.core.search import Chip, SearchAnswer, SearchConfig
from engine.core.views import FootageView
from pages import _search, _search_data, _search_events, _search_lists, _search_room, _search_words
from pages._search import Ask
from pages._text import LANGUAGES
from tests.pages.conftest import handed, pages_on, screen
from tests.seeded import Seeds, open_engine

HALL = (
    {"upper": "red", "lower": "black long", "bag": "brown present"},
    {"upper": "black long", "lower": "blue long", "shoes": "white", "head": "no"},
    {"upper": "white navy striped", "lower": "beige", "head": "navy present"},
)


def add_hall(seeds: Seeds, name: str = "hall.mp4", people: int = 3) -> FootageView:
    footage = seeds.footage(name, seconds=20.0, recorded_utc="2024-03-01T09:00:00Z")
    seeds.dressed(seeds.run(footage, people=people, pictures=False), HALL, captions=["a woman in red"])
    return footage


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The hall, for tests that only look."""
    with open_engine(tmp_path_factory.mktemp("house")) as engine, pages_on(engine):
        add_hall(Seeds(engine))
        yield engine


def found(query: str, **others: str) -> dict[str, Any]:
    page = screen("search", q=query, **others).run()
    assert not page.exception
    return handed(page, "search")


def labels(data: dict[str, Any]) -> list[str]:
    return [hit["person"] for hit in data["answer"]["hits"]]


def words_of(data: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(chip["region"], chip["value"], chip["negated"]) for chip in data["chips"]]


# The address


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(Ask(), id="nothing"),
        pytest.param(Ask(text="검은 셔츠, 청바지"), id="words"),
        pytest.param(Ask(similar=("0123456789ab", 4, 2)), id="a view"),
        pytest.param(Ask(photo="abc"), id="a photograph"),
        pytest.param(
            Ask(
                text="red & blue",
                config=SearchConfig(
                    footage=("a", "b"),
                    cameras=("Front, left",),
                    from_hour=22.5,
                    to_hour=6.0,
                    min_seen_s=3.0,
                    action="walking",
                    emotion="calm",
                    anomaly="theft",
                    min_person_score=0.5,
                    min_score=0.35,
                    top=50,
                ),
            ),
            id="everything",
        ),
    ],
)
def test_an_address_says_what_is_asked_and_nothing_usual(ask: Ask) -> None:
    assert _search.read(_search.written(ask)) == ask
    assert ask.blank is (_search.written(ask) == {})


@pytest.mark.parametrize(
    ("query", "ask"),
    [
        pytest.param(
            {"min": ["2"], "from": ["soon"], "to": ["nan"], "seen": ["-1"], "top": ["1e999"]}, Ask(), id="bad"
        ),
        pytest.param({"top": ["900"]}, Ask(config=SearchConfig(top=_search.MOST)), id="too many"),
        pytest.param({"similar": ["a,1"]}, Ask(), id="half a view"),
        pytest.param({"similar": ["a,1,99999999999999999999"]}, Ask(), id="no such rank"),
        pytest.param({"similar": ["a,1,2"], "q": ["red"], "photo": ["x"]}, Ask(similar=("a", 1, 2)), id="a view first"),
        pytest.param({"q": ["  red\n\t hat "], "other": ["1"]}, Ask(text="red hat"), id="blanks"),
        pytest.param({"q": ["a" * 5000]}, Ask(text="a" * _search.LONGEST), id="too long"),
        pytest.param({"footage": ["a", "", "a"]}, Ask(config=SearchConfig(footage=("a",))), id="twice"),
    ],
)
def test_what_makes_no_sense_in_an_address_is_passed_over(query: dict[str, list[str]], ask: Ask) -> None:
    assert _search.read(query) == ask


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_chips_written_as_a_query_are_understood_as_the_same_chips(house: Engine, language: str) -> None:
    wrong = []
    for kind, value, _, region in house.search.words(language):
        if kind == "seen":
            continue
        for negated in (False, True):
            chip = Chip(region, kind, value, "", negated, "", 0)
            shirt = Chip("upper", "garment", "shirt", "", False, "", 0)
            chips = [chip] if kind == "garment" or region else [replace(chip, region="upper"), shirt]
            text = _search_words.query_of(chips, [], language)
            understood = [_search_words._meaning(one) for one in house.search.understand(text).chips]
            if sorted(understood) != sorted(map(_search_words._meaning, chips)):
                wrong.append(text)
    # Not all can be said: Korean has no word for a cut that is not long, and a set such as an outfit has no chip.
    assert len(wrong) <= 4, wrong


@pytest.mark.parametrize(
    ("text", "keep", "changes", "written"),
    [
        pytest.param("검은 셔츠, 청바지, 흰 운동화", (0, 1, 3, 4), {}, "검은 셔츠, 흰 운동화", id="taken away"),
        pytest.param("dark jeans flumph", (0, 1), {}, "dark jeans, flumph", id="unknown words stay"),
        pytest.param("red shirt", (0, 1), {0: {"value": "blue", "shade": "light"}}, "light blue shirt", id="changed"),
        pytest.param("red shirt", (0, 1), {0: {"negated": True}}, "shirt not red", id="turned round"),
        pytest.param("모자, 셔츠", (0, 1), {0: {"negated": True}}, "모자 없는, 셔츠", id="turned round in Korean"),
    ],
)
def test_the_query_follows_the_chips(
    house: Engine, text: str, keep: tuple[int, ...], changes: dict[int, dict[str, Any]], written: str
) -> None:
    understood = house.search.understand(text)
    chips = [replace(understood.chips[at], **({"said": ""} | changes[at] if at in changes else {})) for at in keep]
    assert _search_words.query_of(chips, understood.unknown, _search_words.language_of(text)) == written


def test_every_colour_has_a_swatch_and_every_region_a_word(house: Engine) -> None:
    tables = _search_words.words_data("ko")
    assert set(tables["words"]["colour"]) == set(_search_words.SWATCHES)
    assert tables["words"]["garment"]["jeans"] == "청바지"
    assert tables["regions"]["garment"]["jeans"] == "lower"
    assert _search_words.seen_words("black, no-hat", tables["words"]) == "검정, 모자 없음"


# What is shown


def test_nothing_analysed(seeds: Seeds) -> None:
    seeds.footage("new.mp4")
    page = screen("search").run()
    assert not page.exception
    assert page.get("page_link")[0].proto.label == "Go to footage"
    assert not page.get("bidi_component") or "search" not in page.get("bidi_component")[-1].proto.component_name


def test_nothing_asked(house: Engine) -> None:
    data = handed(screen("search").run(), "search")
    assert (data["answer"], data["chips"], data["error"]) == (None, [], "")
    assert len(data["examples"]) == 3
    assert [name for _, name in data["options"]["footage"]] == ["hall.mp4"]


@pytest.mark.parametrize("query", ["검은 셔츠, 청바지, 흰 운동화", "black shirt, jeans, white trainers"])
def test_the_right_person_is_first_with_the_evidence(house: Engine, query: str) -> None:
    data = found(query)
    assert labels(data)[0] == "P2"
    assert words_of(data)[:3] == [("upper", "black", False), ("upper", "shirt", False), ("lower", "jeans", False)]
    first, last = data["answer"]["hits"][0], data["answer"]["hits"][-1]
    verdicts = {data["chips"][chip]["value"]: verdict for chip, verdict, *_ in first["evidence"]}
    assert (verdicts["black"], verdicts["white"]) == ("agrees", "agrees")
    # A shirt cannot be told from a blouse although the body is in view; shoes of the others were never seen.
    assert verdicts["shirt"] == "untold"
    others = {data["chips"][chip]["value"]: (verdict, seen) for chip, verdict, _, seen in last["evidence"]}
    assert others["white"] == ("not-visible", "")
    assert others["black"][0] == "contradicts"
    assert others["black"][1]
    assert first["link"] == f"people?footage={first['footage']}&person=P2&t={first['t']:.3f}"
    assert first["when"].startswith("2024-03-01 ")
    assert first["crop"][0].startswith(f"/sightline/media/{first['footage']}/crops/")
    assert [hit["caption"] for hit in data["answer"]["hits"] if hit["person"] == "P1"] == ["a woman in red"]


def test_unknown_words_are_named(house: Engine) -> None:
    assert found("red flumph")["unknown"] == ["flumph"]
    nothing = found("flumph")
    assert (nothing["chips"], nothing["unknown"]) == ([], ["flumph"])


def test_filters_and_threshold_of_the_address(house: Engine) -> None:
    everybody = found("red top")["answer"]
    assert (everybody["considered"], everybody["below"], len(everybody["hits"])) == (3, 0, 3)
    cut = found("red top", min="0.5")["answer"]
    assert cut["below"] == 3 - len(cut["hits"]) == 2
    assert cut["under"][50] == 2
    assert found("red top", seen="3600")["answer"]["considered"] == 0
    limited = found("red top", footage="0123", top="50", action="walking")
    assert limited["ask"]["footage"] == ["0123"]
    assert (limited["ask"]["top"], limited["ask"]["action"]) == ("50", "walking")
    assert limited["answer"]["considered"] == 0


def test_what_is_below_every_threshold_is_counted(house: Engine) -> None:
    answer = house.search.find("red top")
    under = _search_data.under(answer)
    assert len(under) == 101
    assert under == [sum(score < step / 100 - 1e-7 for score in answer.scores) for step in range(101)]
    thinned = replace(answer, considered=600, scores=answer.scores, config=SearchConfig(min_score=0.5), below=417)
    assert _search_data.under(thinned)[50] == 417
    assert _search_data.under(thinned)[100] == 600


def test_people_like_somebody(house: Engine) -> None:
    view = found("red top")["answer"]["hits"][0]["view"]
    data = handed(screen("search", similar=view).run(), "search")
    assert data["like"]["person"] == "P1"
    assert data["like"]["place"].startswith("hall.mp4 · 0:")
    assert "P1" not in labels(data)
    assert data["answer"]["hits"][0]["evidence"] == []
    slots = {region: words for region, _, words in data["answer"]["hits"][0]["slots"]}
    assert "upper" in slots


def test_a_view_that_is_not_there_is_said(house: Engine) -> None:
    data = handed(screen("search", similar="0123,1,1").run(), "search")
    assert data["answer"] is None
    assert data["like"] is None
    assert data["error"].endswith(".")


def test_recordings_that_were_not_read_are_named(seeds: Seeds) -> None:
    add_hall(seeds)
    seeds.run(seeds.footage("old.mp4"), people=2, pictures=False)
    data = found("red top")
    assert data["notes"] == ["Clothes have not been read in: old.mp4. Analyse again to search there too."]


def test_undated_recordings_are_named_and_many_are_summed_up(house: Engine) -> None:
    names = tuple(f"{n}.mp4" for n in range(9))
    answer = replace(house.search.find("red"), unread=(), undated=names)
    (sentence,) = _search_lists.notes(answer, "en")
    assert "5.mp4, and 3 more" in sentence
    assert "6.mp4" not in sentence


def test_cameras_and_emotions_are_offered_where_there_are_any(seeds: Seeds) -> None:
    footage = add_hall(seeds)
    seeds.engine.library.describe(footage.id, FootageDetails(camera="Front door"))
    entries = seeds.engine.library.entries()
    options = _search_lists.options(entries, "ko", emotions=False)
    assert options["camera"] == [["Front door", "Front door"]]
    assert options["emotion"] == []
    assert ["walking", "걷기"] in options["action"]
    assert ["theft", "절도"] in options["anomaly"]


def test_more_people_are_offered_and_the_page_stays_small(seeds: Seeds) -> None:
    add_hall(seeds, "crowd.mp4", people=70)
    data = found("검은 셔츠, 청바지, 흰 운동화, 모자 없는")
    assert len(data["answer"]["hits"]) == 20
    assert data["more"] == {"count": 30, "top": 50}
    page = screen("search", q="검은 셔츠, 청바지, 흰 운동화, 모자 없는", top="50").run()
    data = handed(page, "search")
    assert len(data["answer"]["hits"]) == 50
    assert data["more"] == {"count": 20, "top": 70}
    assert sum(len(element.proto.json.encode()) for element in page.get("bidi_component")) < 200_000


def test_korean(house: Engine) -> None:
    page = screen("search", lang="ko", q="red top").run()
    data = handed(page, "search")
    assert page.title[0].value == "검색"
    assert data["words"]["colour"]["red"] == "빨강"
    assert data["text"]["go"] == "검색"


def test_one_visit_searches_once_for_the_same_thing(seeds: Seeds) -> None:
    add_hall(seeds)
    page = screen("search", q="red top").run()
    answer = page.session_state[_search.ANSWERED][1]
    assert isinstance(answer, SearchAnswer)
    logged = seeds.engine.search.log()
    assert [(one.text, one.by, one.hits) for one in logged] == [("red top", "page", 3)]


# What is pressed: AppTest mounts no component, so a button stands in for it.


@pytest.fixture
def press(seeds: Seeds, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was pressed in the element of a page on the hall."""
    add_hall(seeds)
    pressed: list[dict[str, Any]] = []
    drawn = _search_room.show

    def show(*arguments: Any) -> None:
        drawn(*arguments)
        st.button("pressed", key="pressed", on_click=_search_events.take_events)
        st.button("photo", key="photo", on_click=_search_events.take_photo)

    monkeypatch.setattr(_search_events, "events", lambda: list(pressed))
    monkeypatch.setattr(_search_room, "show", show)
    return pressed


def push(page: AppTest, press: list[dict[str, Any]], kind: str, **detail: Any) -> dict[str, Any]:
    press.append({"n": len(press) + 1, "kind": kind, **detail})
    page.button(key="pressed").click().run()
    assert not page.exception
    return handed(page, "search")


def address(page: AppTest) -> dict[str, list[str]]:
    return {key: list(values) for key, values in page.query_params.items()}


def test_what_is_asked_stands_in_the_address(press: list[dict[str, Any]]) -> None:
    page = screen("search", lang="en").run()
    data = push(page, press, "ask", ask={"q": "red top", "footage": [], "min": "0.25", "top": ""})
    assert address(page) == {"q": ["red top"], "min": ["0.25"], "lang": ["en"]}
    assert labels(data)[0] == "P1"
    assert data["heard"] == 1
    push(page, press, "address", ask={"q": ["black shirt"], "footage": ["a", "b"]})
    assert address(page) == {"q": ["black shirt"], "footage": ["a", "b"], "lang": ["en"]}


def test_a_chip_that_is_removed_changes_query_and_results(press: list[dict[str, Any]]) -> None:
    page = screen("search", q="빨간 상의, 흰 운동화", seen="1").run()
    data = handed(page, "search")
    kept = [chip for chip in data["chips"] if chip["region"] == "shoes"]
    data = push(page, press, "chips", chips=kept, ask=data["ask"])
    assert address(page) == {"q": ["흰 운동화"], "seen": ["1"]}
    assert words_of(data) == [("shoes", "white", False), ("shoes", "sneakers", False)]
    assert labels(data)[0] == "P2"


def test_a_search_is_saved_run_again_watched_and_forgotten(press: list[dict[str, Any]], engine: Engine) -> None:
    page = screen("search", q="red top", seen="1", top="50").run()
    data = push(page, press, "save", name="Red", watched=True)
    assert [(one["name"], one["text"], one["limits"], one["watched"]) for one in data["saved"]] == [
        ("Red", "red top", 1, True)
    ]
    assert "Red" in page.success[0].value
    (kept,) = engine.search.saved()
    footage = engine.list_footage()[0]
    engine.search._table.note_finds(kept.id, footage.id, engine.runs(footage.id)[0].id, ["P1"])
    push(page, press, "ask", ask={})
    data = push(page, press, "run", id=kept.id)
    assert address(page) == {"q": ["red top"], "seen": ["1"]}
    assert [hit["person"] for hit in data["answer"]["hits"] if hit["fresh"]] == ["P1"]
    assert data["saved"][0]["found"] == 0
    assert push(page, press, "watch", id=kept.id, watched=False)["saved"][0]["watched"] is False
    assert push(page, press, "forget", id=kept.id)["saved"] == []


def test_a_search_that_cannot_be_saved_is_said(press: list[dict[str, Any]]) -> None:
    page = screen("search", q="red top").run()
    push(page, press, "save", name=" ", watched=False)
    assert "name" in page.error[0].value


def test_an_event_is_done_once(press: list[dict[str, Any]]) -> None:
    page = screen("search").run()
    push(page, press, "ask", ask={"q": "red top"})
    page.query_params["q"] = "black shirt"
    page.button(key="pressed").click().run()
    assert address(page) == {"q": ["black shirt"]}


def send(page: AppTest, monkeypatch: pytest.MonkeyPatch, data: str) -> AppTest:
    monkeypatch.setattr(_search_events, "photo", lambda: {"name": "me.jpg", "data": data})
    return page.button(key="photo").click().run()


def test_people_like_somebody_in_a_photograph(
    press: list[dict[str, Any]], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = replace(engine.search.find("red top"), tier="slots")
    asked: list[bytes] = []
    monkeypatch.setattr(engine.search, "similar_to_picture", lambda data, config: (asked.append(data), answer)[1])
    page = screen("search", q="red top", min="0.4").run()
    page = send(page, monkeypatch, base64.b64encode(b"picture").decode())
    assert set(address(page)) == {"photo"}
    assert asked == [b"picture"]
    assert handed(page, "search")["like"] == {"photo": True, "name": "me.jpg", "crop": "", "place": ""}


def test_a_photograph_with_nobody_in_it_is_said(
    press: list[dict[str, Any]], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(data: bytes, config: SearchConfig) -> SearchAnswer:
        raise SearchError("Nobody was found in this picture.")

    monkeypatch.setattr(engine.search, "similar_to_picture", nobody)
    page = send(screen("search").run(), monkeypatch, base64.b64encode(b"picture").decode())
    assert handed(page, "search")["error"] == "Nobody was found in this picture."


@pytest.mark.parametrize("data", ["%%%", base64.b64encode(bytes(_search_events.LARGEST + 1)).decode()])
def test_a_photograph_that_is_too_large_or_broken_is_said(
    press: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    page = send(screen("search").run(), monkeypatch, data)
    assert len(page.error) == 1
    assert address(page) == {}


def test_a_photograph_is_not_kept_beyond_the_session(house: Engine) -> None:
    data = handed(screen("search", photo="0123").run(), "search")
    assert "not kept" in data["error"]
    assert data["like"] is None
