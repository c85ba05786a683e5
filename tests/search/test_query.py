"""Queries in words become chips: scope of colours and denials, both languages, and whatever people paste."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.core.clothing import COLOURS, REGIONS
from engine.core.errors import SearchError
from engine.core.search import LONGEST_QUERY, Chip, Understood
from engine.search.lexicon import lexicon
from engine.search.query import MOST_CHIPS, understand, understand_chips

PHRASINGS = Path(__file__).with_name("phrasings.tsv")


def told(query: str) -> tuple[str, str, str]:
    """Chips, unknown words and English of a query, short."""
    understood = understand(query)
    groups: dict[int, list[str]] = {}
    for chip in understood.chips:
        shade = f"{chip.shade}." if chip.shade else ""
        value = "|".join((chip.value, *chip.also))
        groups.setdefault(chip.group, []).append(f"{'!' * chip.negated}{shade}{value}@{chip.region or '*'}")
    said = "; ".join(" ".join(members) for members in groups.values())
    return said, ", ".join(understood.unknown), understood.english


def test_phrasings() -> None:
    lines = [line.split("\t") for line in PHRASINGS.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) > 300
    wrong = [(query, told(query), tuple(expected)) for query, *expected in lines if told(query) != tuple(expected)]
    assert not wrong


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("검은 셔츠, 청바지", "청바지, 검은 셔츠", id="order"),
        pytest.param("검은 셔츠 청바지 흰 운동화", "검은셔츠청바지흰운동화", id="blanks"),
        pytest.param("검은 셔츠를 입고 청바지를 입은 사람", "검은 셔츠, 청바지", id="particles"),
        pytest.param("black shirt, blue jeans", "검은 셔츠, 파란 청바지", id="languages"),
        pytest.param("BLACK Shirt", "black shirt", id="case"),
        pytest.param("ＢＬＡＣＫ　ｓｈｉｒｔ", "black shirt", id="full-width"),
        pytest.param(unicodedata.normalize("NFD", "검은 셔츠"), "검은 셔츠", id="split-hangul"),
        pytest.param("black shirt\nblue jeans\r\n", "black shirt, blue jeans", id="lines"),
        pytest.param("b\u0301lack\u200b shi\u00adrt", "black shirt", id="marks-and-invisible-signs"),
        pytest.param("long-sleeved t-shirt", "long sleeved t shirt", id="hyphens"),
        pytest.param("light-blue shirt", "연한 파란색 셔츠", id="modifier"),
        pytest.param("no hat", "모자 없는", id="denial"),
        pytest.param("without a hat", "모자를 안 쓴", id="denied-verb"),
        pytest.param("not wearing a hat", "모자를 쓰지 않은", id="denied-verb-with-ending"),
        pytest.param("gray trowsers", "grey trousers", id="slips"),
    ],
)
def test_the_same_is_understood(one: str, other: str) -> None:
    def meaning(text: str) -> set[tuple[object, ...]]:
        chips = understand(text).chips
        return {(chip.region, chip.kind, chip.value, chip.shade, chip.negated, chip.also) for chip in chips}

    assert meaning(one) == meaning(other)
    assert meaning(one)


def test_what_was_said_is_kept() -> None:
    understood = understand("연한 파란색 Shirt을 입은 나이키 여자")
    assert [chip.said for chip in understood.chips] == ["연한 파란색", "Shirt"]
    assert understood.text == "연한 파란색 Shirt을 입은 나이키 여자"
    assert understood.unknown == ("나이키", "여자")
    assert understood.english == "a woman in a light blue shirt"


def test_chips_of_one_garment_share_a_group() -> None:
    groups = [(chip.value, chip.group) for chip in understand("black and white shirt, blue jeans").chips]
    assert groups == [("black", 0), ("white", 0), ("shirt", 0), ("blue", 1), ("jeans", 1)]


def test_what_is_said_twice_is_asked_once() -> None:
    assert understand("black shirt, black shirt, 검은 셔츠").chips == understand("black shirt").chips
    assert len(understand("red " * 1000).chips) == 1


@pytest.mark.parametrize("text", ["", "   ", "!!! ... ,,", "\x00\x01\x02", "한국", "the of and with", "🙂🙃"])
def test_nothing_to_find(text: str) -> None:
    understood = understand(text)
    assert understood.chips == ()
    assert understood.english == ""


def test_signs_that_are_no_words_are_named() -> None:
    assert understand("👕 black shirt").unknown == ("👕",)
    assert understand("'; DROP TABLE people; --").unknown == ("DROP", "TABLE")


def test_too_long() -> None:
    understand("검" * LONGEST_QUERY)
    with pytest.raises(SearchError, match="10,001 characters") as caught:
        understand("검" * (LONGEST_QUERY + 1))
    assert caught.value.user_message.endswith(".")


def test_too_much_at_once() -> None:
    garments = [entry.en[0] for entry in lexicon().entries if entry.kind == "garment" and not entry.negated]
    many = ", ".join(f"{colour} {garment}" for colour in ("black", "white") for garment in garments)
    with pytest.raises(SearchError, match=f"at most {MOST_CHIPS}"):
        understand(many)


def test_chips_that_were_edited() -> None:
    asked = understand("woman in a black shirt, no hat")
    edited = understand_chips(chip for chip in asked.chips if chip.kind != "colour")
    assert [chip.value for chip in edited.chips] == ["shirt", "hat"]
    assert edited.text == edited.english == "a person in a shirt without a hat"
    assert edited.unknown == ()
    assert understand_chips(()) == Understood("", (), (), "")
    with pytest.raises(SearchError):
        understand_chips(Chip("upper", "colour", "red", "", False, "", number) for number in range(MOST_CHIPS + 1))


WORDS = sorted({form.strip("-") for entry in lexicon().entries for form in (*entry.ko, *entry.en)})
ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\x00\x1f\u200b\u0301\u1161\u11a8👕🏽<>'\";%_-, 흰ㅂﷺＡé", max_size=60),
    st.lists(st.sampled_from([*WORDS, ",", " ", "-", "/", "'", "ㅂㅏ", "ﷺ", "x"]), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=20).map("".join),
)


@settings(max_examples=50, deadline=None)
@given(ANYTHING)
@example("a" + "\u0301" * (LONGEST_QUERY - 1))
@example("ﷺ" * LONGEST_QUERY)
@example("👩‍👩‍👧‍👦" * 200)
@example("빨간모자를안쓴" * 1400)
@example("no hat or " * 1000)
@example("blue, red or " * 150)
@example("셔츠 검정 " * 200)
@example("' OR 1=1; DROP TABLE people; -- " * 300)
@example("\ud800 black \udfff")
def test_anything_is_understood_or_refused(text: str) -> None:
    try:
        understood = understand(text)
    except SearchError as refused:
        assert refused.user_message
        return
    assert understood.text == text
    assert len(text) > 1000 or understood == understand(text)
    assert len(understood.chips) <= MOST_CHIPS
    for chip in understood.chips:
        assert chip.region in (*REGIONS, "")
        assert (chip.kind, chip.value) in lexicon().meanings
        assert chip.shade in ("", "light", "dark")
        assert chip.kind != "colour" or {chip.value, *chip.also} <= set(COLOURS)
    assert [chip.group for chip in understood.chips] == sorted(chip.group for chip in understood.chips)
    assert understood.english.isascii()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="qzvkwj", min_size=7, max_size=9), min_size=1, max_size=5), st.data())
def test_no_word_is_dropped(strange: list[str], data: st.DataObject) -> None:
    understood = ["검은", "셔츠", "blue", "jeans", "없는", "no", "and", ","]
    known = data.draw(st.lists(st.sampled_from(understood), max_size=6))
    words = data.draw(st.permutations([*strange, *known]))
    assert set(strange) <= set(understand(" ".join(words)).unknown)
