"""Finding people: in words, by a picture, by saved searches; what is left out is told, and every search is logged."""

from __future__ import annotations

import csv
import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.core.errors import SearchError, StoreError
from engine.core.library import FootageDetails
from engine.core.search import Chip, SearchAnswer, SearchConfig
from engine.core.types import PersonLink
from engine.core.views import FootageView, RunView
from engine.photographs import MOST_BYTES, opened
from engine.rankings import MOST_SCORES, best, joined, thinned
from engine.search.crops import CropBook
from engine.search.vectors import VectorIndex
from engine.searching import Searching
from engine.second_opinion import Opinion
from engine.store.results import ResultTable
from engine.store.stages import StageRecord
from tests.seeded import Seeds, open_engine

HALL = (
    {"upper": "black long", "lower": "blue long", "shoes": "white", "head": "no"},
    {"upper": "red", "lower": "black long", "bag": "brown present"},
    {"upper": "white navy striped", "lower": "beige", "head": "navy present"},
)
YARD = ({"upper": "green long", "lower": "grey long"}, {"upper": "red long", "lower": "blue long", "head": "no"})


def add_hall(seeds: Seeds) -> FootageView:
    footage = seeds.footage("hall.mp4", seconds=20.0)
    seeds.dressed(seeds.run(footage, pictures=False), HALL, captions=["a man in black"])
    return footage


def add_yard(seeds: Seeds) -> FootageView:
    footage = seeds.footage("yard.mp4", seconds=20.0)
    seeds.dressed(seeds.run(footage, people=2, shift_s=1.0, pictures=False), YARD)
    return footage


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searching]:
    """Hall and yard, for tests that only look."""
    with open_engine(tmp_path_factory.mktemp("house")) as engine:
        seeds = Seeds(engine)
        add_hall(seeds)
        add_yard(seeds)
        yield engine.search


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Seeds]:
    with open_engine(tmp_path / "home") as engine:
        yield Seeds(engine)


@pytest.fixture
def hall(seeds: Seeds) -> FootageView:
    return add_hall(seeds)


@pytest.fixture
def yard(seeds: Seeds) -> FootageView:
    return add_yard(seeds)


def who(answer: SearchAnswer) -> list[tuple[str, str]]:
    return [(hit.footage_name, hit.person) for hit in answer.hits]


# In words


@pytest.mark.parametrize(
    ("query", "first"),
    [
        pytest.param("black shirt, blue trousers", ("hall.mp4", "P1"), id="english"),
        pytest.param("검은 셔츠, 파란 바지", ("hall.mp4", "P1"), id="korean"),
        pytest.param("striped top and a hat", ("hall.mp4", "P3"), id="pattern"),
        pytest.param("green jacket 회색 바지", ("yard.mp4", "P1"), id="mixed"),
        pytest.param("빨간 옷에 갈색 가방", ("hall.mp4", "P2"), id="bag"),
    ],
)
def test_the_right_person_comes_first(house: Searching, query: str, first: tuple[str, str]) -> None:
    answer = house.find(query)
    assert who(answer)[0] == first
    assert answer.considered == len(answer.hits) == 5
    assert [hit.rank for hit in answer.hits] == [1, 2, 3, 4, 5]
    assert list(answer.scores) == sorted(answer.scores, reverse=True)
    assert answer.tier == "slots"
    assert answer.understood.chips
    assert all(len(hit.evidence) == len(answer.understood.chips) for hit in answer.hits)


def test_a_hit_tells_what_speaks_for_it(seeds: Seeds, hall: FootageView) -> None:
    run = seeds.engine.runs(hall.id)[0]
    seeds.engine.answers.rename(run.id, "P1", "김민지")
    hit = seeds.engine.search.find("black shirt, no hat, red shoes").hits[0]
    assert (hit.footage, hit.run, hit.person, hit.name, hit.caption) == (
        hall.id,
        run.id,
        "P1",
        "김민지",
        "a man in black",
    )
    assert (hit.score, hit.matching) == (hit.similarity, None)
    assert hit.crop.t == hit.t
    chips = seeds.engine.search.understand("black shirt, no hat, red shoes").chips
    told = {(chips[each.chip].value, each.verdict) for each in hit.evidence}
    assert {("black", "agrees"), ("red", "contradicts"), ("hat", "agrees")} <= told
    assert {slot.region: slot.colours[0][0] for slot in hit.slots if slot.colours}["shoes"] == "white"
    seeds.engine.answers.rename(run.id, "P1", "Minji")
    assert seeds.engine.search.find("black shirt").hits[0].name == "Minji"


def test_words_that_were_not_understood_are_named_and_find_nobody_alone(house: Searching) -> None:
    answer = house.find("black shirt qwertz")
    assert answer.understood.unknown == ("qwertz",)
    assert answer.hits
    nothing = house.find("qwertz")
    assert (nothing.hits, nothing.below, nothing.considered) == ((), 0, 5)
    assert house.find("").hits == ()
    with pytest.raises(SearchError, match="10,000"):
        house.find("x" * 10_001)


def test_edited_chips_are_searched(house: Searching) -> None:
    chip = Chip("upper", "colour", "green", "", False, "", 0)
    assert who(house.find([chip]))[0] == ("yard.mp4", "P1")
    understood = house.understand("green top")
    changed = replace(understood, chips=tuple(replace(each, value="red") for each in understood.chips[:1]))
    assert who(house.find(changed))[0][1] == "P2"
    assert house.find([]).hits == ()


def test_the_view_that_fits_is_shown(seeds: Seeds) -> None:
    footage = seeds.footage("twice.mp4", seconds=20.0)
    run = seeds.run(footage, people=1, pictures=False)
    seeds.dressed(run, ({"upper": "red"},))
    one = seeds.engine.search.find("red top").hits[0]
    assert (one.crop.tracklet, one.crop.rank) == (1, 0), "of views that fit alike the best picture"


# What limits it


def test_filters_act_before_ranking(seeds: Seeds, hall: FootageView, yard: FootageView) -> None:
    find = seeds.engine.search.find
    assert who(find("red top", SearchConfig(footage=(yard.id,)))) == [("yard.mp4", "P2"), ("yard.mp4", "P1")]
    answer = find("red top", SearchConfig(action="flying"))
    assert (answer.hits, answer.considered, answer.scores) == ((), 0, ())
    assert find("red top", SearchConfig(action="walking")).considered == 5
    assert find("red top", SearchConfig(min_seen_s=86400)).considered == 0
    assert find("red top", SearchConfig(min_person_score=0.95)).considered == 0
    seeds.engine.library.describe(yard.id, FootageDetails(camera="Yard"))
    assert {name for name, _ in who(find("red top", SearchConfig(cameras=("Yard",))))} == {"yard.mp4"}


def test_a_threshold_counts_whom_it_leaves_out(house: Searching) -> None:
    answer = house.find("red top", SearchConfig(min_score=0.6))
    assert (len(answer.hits), answer.below, answer.considered, len(answer.scores)) == (2, 3, 5, 5)
    answer = house.find("red top", SearchConfig(top=1))
    assert (len(answer.hits), answer.below) == (1, 0)


def test_footage_that_was_never_read_or_has_no_start_is_named(seeds: Seeds, hall: FootageView) -> None:
    plain = seeds.footage("plain.mp4", seconds=20.0)
    seeds.run(plain, pictures=False)
    seeds.footage("waiting.mp4")
    answer = seeds.engine.search.find("black shirt")
    assert answer.unread == ("plain.mp4",)
    assert answer.undated == ()
    assert seeds.engine.search.find("black shirt", SearchConfig(footage=(hall.id,))).unread == ()
    evening = SearchConfig(from_hour=18, to_hour=19)
    answer = seeds.engine.search.find("black shirt", evening)
    assert (answer.hits, set(answer.undated)) == ((), {"hall.mp4", "plain.mp4"})
    seeds.engine.library.describe(hall.id, FootageDetails(start_utc="2026-01-01T09:00:00Z", zone="Asia/Seoul"))
    answer = seeds.engine.search.find("black shirt", evening)
    assert (answer.considered, answer.undated) == (3, ("plain.mp4",))


def test_anomalies_limit_a_search(seeds: Seeds, hall: FootageView) -> None:
    seeds.events(seeds.engine.runs(hall.id)[0], ("theft",), scores=(0.9,))
    answer = seeds.engine.search.find("red top", SearchConfig(anomaly="theft"))
    assert who(answer) == [("hall.mp4", "P1")]
    (item,) = seeds.engine.anomalies.events()
    seeds.engine.anomalies.say(item.event.id, "Jo", "dismissed")
    assert who(seeds.engine.search.find("red top", SearchConfig(anomaly="theft"))) == []
    seeds.engine.anomalies.say(item.event.id, "Mina", "confirmed")
    assert who(seeds.engine.search.find("red top", SearchConfig(anomaly="theft"))) == [("hall.mp4", "P1")]


def test_emotions_are_not_asked_for_where_they_are_off(seeds: Seeds, hall: FootageView, tmp_path: Path) -> None:
    assert seeds.engine.search.find("red top", SearchConfig(emotion="happy")).considered == 3
    with open_engine(tmp_path / "home", emotions=False) as engine, pytest.raises(SearchError, match="switched off"):
        engine.search.find("red top", SearchConfig(emotion="happy"))


def test_only_views_so_far_apart_are_looked_at(seeds: Seeds) -> None:
    footage = seeds.footage("changing.mp4", seconds=20.0)
    run = seeds.run(footage, people=1, appearances=1, pictures=False)
    run = seeds.dressed(run, ({"upper": "red"},))
    assert [slot.views for slot in seeds.engine.search.find("red top").hits[0].slots if slot.visible] == [3]
    far = seeds.engine.search.find("red top", SearchConfig(sample_s=3600)).hits[0]
    assert [slot.views for slot in far.slots if slot.visible] == [1]


def test_the_newest_run_counts_and_removed_footage_is_gone(seeds: Seeds, hall: FootageView, yard: FootageView) -> None:
    find = seeds.engine.search.find
    assert find("red top").considered == 5
    later = replace(seeds.run(yard, people=1, shift_s=3.0, pictures=False), finished_utc="2027-01-01T00:00:00+00:00")
    seeds.dressed(later, ({"upper": "purple"},))
    answer = find("purple top")
    assert (who(answer)[0], answer.considered) == (("yard.mp4", "P1"), 4)
    seeds.engine.remove(hall.id)
    assert find("purple top").considered == 1


def test_another_analysis_may_share_readings_and_differ_in_who_is_whom(seeds: Seeds, hall: FootageView) -> None:
    assert seeds.engine.search.find("red top").considered == 3
    run = seeds.engine.runs(hall.id)[0]
    keys = {stage.name: stage.key for stage in run.stages}
    results = ResultTable(seeds.engine._database)
    link = StageRecord("another-link", hall.id, "link", "place-and-time", "2", "{}", 0.0)
    results.save_links(link, [PersonLink("P1", tuple(range(1, 7)), 1.0)], keys["track"])
    stages = tuple(replace(each, key="another-link") if each.name == "link" else each for each in run.stages)
    results.save_run(replace(run, id="another", stages=stages, finished_utc="2027-01-01T00:00:00+00:00"))
    answer = seeds.engine.search.find("red top")
    assert (answer.considered, answer.hits[0].run) == (1, "another")


# By a picture


def test_people_dressed_alike(seeds: Seeds, hall: FootageView, yard: FootageView) -> None:
    answer = seeds.engine.search.similar(hall.id, 2, 0)
    assert ("hall.mp4", "P2") not in who(answer), "not the same person again"
    assert who(answer)[0] == ("yard.mp4", "P2")
    assert answer.considered == 4
    assert all(hit.evidence == () and hit.slots for hit in answer.hits)
    limited = seeds.engine.search.similar(hall.id, 2, 0, SearchConfig(footage=(hall.id,), min_score=0.99))
    assert (limited.hits, limited.below) == ((), 2)


def test_the_index_is_kept_follows_the_store_and_is_made_again(
    seeds: Seeds, hall: FootageView, yard: FootageView, tmp_path: Path
) -> None:
    before = who(seeds.engine.search.similar(hall.id, 2, 0))
    files = {path.suffix: path for path in (tmp_path / "home" / "search").iterdir()}
    assert set(files) == {".json", ".faiss", ".npz"}
    with open_engine(tmp_path / "home") as engine:
        assert who(engine.search.similar(hall.id, 2, 0)) == before
        assert {path.suffix: path for path in (tmp_path / "home" / "search").iterdir()} == files, "nothing was new"
    files[".faiss"].write_bytes(b"damaged")
    with open_engine(tmp_path / "home") as engine:
        assert who(engine.search.similar(hall.id, 2, 0)) == before
    seeds.engine.remove(yard.id)
    assert who(seeds.engine.search.similar(hall.id, 2, 0)) == [each for each in before if each[0] == "hall.mp4"]


def test_a_view_of_which_nothing_is_known_is_told(seeds: Seeds, hall: FootageView) -> None:
    plain = seeds.footage("plain.mp4", seconds=20.0)
    seeds.run(plain, pictures=False)
    with pytest.raises(SearchError, match="Analyse it again"):
        seeds.engine.search.similar(plain.id, 1, 0)
    with pytest.raises(SearchError, match="another"):
        seeds.engine.search.similar(hall.id, 1, 63)


def picture(size: tuple[int, int] = (90, 60), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (120, 130, 140)).save(out, kind)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A small PNG whose head claims to be large."""
    data = bytearray(picture())
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "no picture", id="empty"),
        pytest.param(b"<svg/>", "no picture", id="svg"),
        pytest.param(picture()[:60], "no picture", id="cut-off"),
        pytest.param(b"\xff" * (MOST_BYTES + 1), "larger than 20 MiB", id="bytes"),
        pytest.param(claiming(8000, 6300), "50 million pixels", id="pixels"),
        pytest.param(claiming(14000, 14000), "50 million pixels", id="bomb"),
    ],
)
def test_pictures_that_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(SearchError, match=words):
        opened(data)


def test_pictures_are_upright_and_of_a_bearable_size() -> None:
    out = BytesIO()
    turned = Image.new("RGB", (400, 200), (255, 0, 0))
    turned.paste((0, 0, 255), (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(out, "JPEG", exif=exif)
    image = opened(out.getvalue())
    assert image.shape == (400, 200, 3)
    assert image[10, 100, 2] > 200, "blue, the left half, is on top"
    assert max(opened(picture((4000, 100))).shape) == 1600


def test_a_photograph_with_nobody_in_it_says_so(seeds: Seeds, hall: FootageView) -> None:
    with pytest.raises(SearchError, match="Nobody"):
        seeds.engine.search.similar_to_picture(picture())
    assert seeds.engine.search.log() == ()


# Saved searches


def analysed(seeds: Seeds, name: str, outfits: tuple[dict[str, str], ...]) -> RunView:
    run = seeds.dressed(seeds.run(seeds.footage(name, seconds=20.0), people=2, pictures=False), outfits)
    seeds.engine.search.look_out(run)
    return run


def test_saved_searches(seeds: Seeds, hall: FootageView) -> None:
    room = seeds.engine.search
    first = room.save("  Red   tops ", "red top", SearchConfig(cameras=("Gate",), top=7))
    second = room.save("Hats", "모자 쓴 사람", watched=True)
    assert [each.name for each in room.saved()] == ["Hats", "Red tops"]
    assert room.saved()[1] == first
    assert (first.config, first.watched, first.found) == (SearchConfig(cameras=("Gate",), top=7), False, 0)
    room.watch(first.id, True)
    assert room.saved()[1].watched
    assert room.save("Hats", "blue hat").text == "blue hat"
    assert len(room.saved()) == 2
    room.forget(first.id)
    room.forget(second.id)
    assert [each.text for each in room.saved()] == ["blue hat"]
    with pytest.raises(StoreError):
        room.watch(first.id, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("  ", "red top", id="no-name"),
        pytest.param("x" * 81, "red top", id="long-name"),
        pytest.param("a\x07b", "red top", id="control"),
        pytest.param("Red", "qwertz", id="nothing-understood"),
    ],
)
def test_what_cannot_be_saved(seeds: Seeds, name: str, text: str) -> None:
    with pytest.raises(SearchError):
        seeds.engine.search.save(name, text)
    assert seeds.engine.search.saved() == ()


def test_new_footage_is_watched(seeds: Seeds, hall: FootageView) -> None:
    room = seeds.engine.search
    watched = room.save("Red", "red top", watched=True)
    room.save("Not watched", "red top")
    elsewhere = room.save("Elsewhere", "red top", SearchConfig(footage=(hall.id,)), watched=True)
    run = analysed(seeds, "new.mp4", ({"upper": "red"}, {"upper": "green"}))
    assert {each.name: each.found for each in room.saved()} == {"Red": 1, "Not watched": 0, "Elsewhere": 0}
    assert room.finds(watched.id) == ((run.footage, run.id, "P1"),)
    assert room.finds(elsewhere.id) == ()
    room.look_out(run)
    assert room.saved()[2].found == 1, "the same run again is nothing new"
    room.looked(watched.id)
    assert room.saved()[2].found == 0
    room.look_out(run)
    assert room.saved()[2].found == 0
    analysed(seeds, "newer.mp4", ({"upper": "red"}, {"upper": "red"}))
    assert room.saved()[2].found == 2
    seeds.engine.remove(run.footage)
    assert room.saved()[2].found == 2


def test_a_watch_that_cannot_be_made_does_not_stop_the_others(seeds: Seeds, tmp_path: Path) -> None:
    seeds.engine.search.save("Happy", "red top", SearchConfig(emotion="happy"), watched=True)
    seeds.engine.search.save("Red", "red top", watched=True)
    run = seeds.dressed(
        seeds.run(seeds.footage("new.mp4", seconds=20.0), people=1, pictures=False), ({"upper": "red"},)
    )
    with open_engine(tmp_path / "home", emotions=False) as engine:
        engine.search.look_out(run)
        assert {each.name: each.found for each in engine.search.saved()} == {"Happy": 0, "Red": 1}


# The log and the table


def test_every_search_is_logged_in_the_store_and_its_words_nowhere_else(
    seeds: Seeds, hall: FootageView, caplog: pytest.LogCaptureFixture
) -> None:
    room = seeds.engine.search
    with caplog.at_level(logging.DEBUG):
        room.find("black shirt", SearchConfig(top=2))
        room.similar(hall.id, 1, 0)
        room.find("검은 셔츠", by="command")
    newest, alike, first = room.log()
    assert (first.text, first.by, first.hits, first.config.top, first.pictures) == ("black shirt", "page", 2, 2, "")
    assert (alike.text, alike.hits, alike.tier) == ("", 2, "slots")
    assert (newest.text, newest.by) == ("검은 셔츠", "command")
    assert len(room.log(1)) == 1
    assert "shirt" not in caplog.text
    assert "셔츠" not in caplog.text


def test_an_answer_as_a_table(seeds: Seeds, hall: FootageView, tmp_path: Path) -> None:
    seeds.engine.answers.rename(seeds.engine.runs(hall.id)[0].id, "P1", "=1+1")
    answer = seeds.engine.search.find("black shirt, red shoes, socks")
    file = seeds.engine.search.export_csv(answer, tmp_path / "out.csv")
    rows = list(csv.DictReader(StringIO(file.read_text("utf-8"))))
    assert [row["person"] for row in rows] == [hit.person for hit in answer.hits]
    (row,) = [row for row in rows if row["person"] == "P1"]
    assert row["name"] == "'=1+1"
    assert "black" in row["agrees"]
    assert "red (seen: white)" in row["contradicts"]


# Very many, and two tiers


def test_the_best_of_very_many() -> None:
    rng = np.random.default_rng(0)
    scores = np.round(rng.random(9000), 2).astype(np.float32)
    expected = np.argsort(-scores, kind="stable")
    for most in (0, 1, 50, 8999, 9000, 20000):
        assert best(scores, most).tolist() == expected[:most].tolist()
    sample = thinned(scores)
    assert len(sample) == MOST_SCORES
    assert (sample[0], sample[-1]) == (scores.max(), scores.min())
    assert (np.diff(sample) <= 0).all()
    assert np.median(sample) == pytest.approx(np.median(scores), abs=0.03)


def test_two_tiers_are_one_order_in_which_nobody_is_lost() -> None:
    rng = np.random.default_rng(1)
    slots = rng.random(5000).astype(np.float32)
    likeness = rng.random(5000).astype(np.float32)
    slots[7] = likeness[7] = 1.0
    likeness[::3] = np.nan
    likeness[7] = 1.0
    ranking = joined(slots, Opinion(likeness, likeness, {7: 0.9}, {7: (1, 2)}))
    assert not np.isnan(ranking.scores).any()
    assert best(ranking.scores, 1).tolist() == [7]
    placed = ranking.place(7, 1)
    assert (placed.tier, placed.matching, placed.view, placed.similarity) == ("fused", 0.9, (1, 2), 1.0)
    assert joined(slots, None).tier == "slots"


def test_a_person_is_as_near_as_the_nearest_view() -> None:
    rng = np.random.default_rng(2)
    vectors = rng.normal(0, 1, (600, 12)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = rng.integers(0, 50, 600)
    index = VectorIndex(12)
    index.add(np.arange(600), vectors)
    book = CropBook.ordered(np.arange(600), owners, np.stack([owners, owners], axis=1))
    query = vectors[3]
    scores, _ = book.best(*index.nearest(query, 600), 50)
    expected = [max(0.0, float((vectors[owners == person] @ query).max())) for person in range(50)]
    assert scores.tolist() == pytest.approx(expected, abs=1e-5)
