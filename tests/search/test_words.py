"""Names for pages, in both languages."""

from __future__ import annotations

import pytest

from engine.core.clothing import COLOURS, REGIONS, SlotVote
from engine.core.search import EVIDENCE
from engine.search.lexicon import CONTENT, lexicon
from engine.search.query import understand
from engine.search.words import (
    choices,
    colour_name,
    garment_name,
    name,
    region_name,
    seen_colours,
    seen_name,
    seen_traits,
    verdict_name,
    vocabulary,
)


@pytest.mark.parametrize(
    ("query", "english", "korean"),
    [
        ("red", "red", "빨강"),
        ("dark red", "dark red", "진한 빨강"),
        ("카키", "olive", "올리브"),
        ("khaki", "khaki", "카키베이지"),
        ("burgundy", "burgundy", "버건디"),
        ("blue or black", "blue or black", "파랑 또는 검정"),
        ("not red", "not red", "빨강 아님"),
        ("no hat", "no hat", "모자 없음"),
        ("hat or cap", "hat or cap", "모자 또는 캡모자"),
        ("긴팔", "long sleeves", "긴팔"),
        ("줄무늬", "striped", "줄무늬"),
        ("dark clothes", "dark", "어두운 색"),
        ("blonde", "blonde", "금발"),
    ],
)
def test_name(query: str, english: str, korean: str) -> None:
    chip = understand(query).chips[0]
    assert (name(chip, "en"), name(chip, "ko")) == (english, korean)


def test_names_of_everything() -> None:
    for language in ("en", "ko"):
        assert len({colour_name(colour, language) for colour in COLOURS}) == len(COLOURS)
        assert len({region_name(region, language) for region in (*REGIONS, "")}) == len(REGIONS) + 1
        assert len({verdict_name(verdict, language) for verdict in EVIDENCE}) == len(EVIDENCE)
    assert colour_name("black", "ko") == "검정"
    assert garment_name("jeans", "ko") == "청바지"
    with pytest.raises(ValueError, match="no colour"):
        colour_name("mauve")
    with pytest.raises(ValueError, match="no garment"):
        garment_name("toga")
    with pytest.raises(ValueError, match="language must be"):
        colour_name("black", "fr")


def test_vocabulary_names_every_meaning_once() -> None:
    for language in ("en", "ko"):
        words = vocabulary(language)
        assert len({(kind, value) for kind, value, _, _ in words}) == len(words)
        assert {kind for kind, *_ in words} == {*CONTENT, "seen"}
        assert all(called for _, _, called, _ in words)
    entries = {(entry.kind, entry.value) for entry in lexicon().entries if entry.kind in CONTENT}
    assert entries <= {(kind, value) for kind, value, _, _ in vocabulary()}


def test_choices() -> None:
    assert choices("colour") == COLOURS
    assert {"hat", "cap"} <= set(choices("garment", "head"))
    assert "jeans" not in choices("garment", "head")
    assert len(choices("garment")) == len(set(choices("garment")))
    with pytest.raises(ValueError, match="no chips"):
        choices("colours")
    with pytest.raises(ValueError, match="no chips"):
        choices("garment", "feet")


def vote(region: str, **traits: float) -> SlotVote:
    return SlotVote(region, 1.0, (("black", 0.6), ("white", 0.4)), tuple(traits.items()), 1)


@pytest.mark.parametrize(
    ("seen", "asked", "words", "korean"),
    [
        (vote("head", present=0.9), ("present",), "hat", "모자"),
        (vote("bag", present=0.1), ("present",), "no-bag", "가방 없음"),
        (vote("upper", long=0.1), ("long",), "short-sleeves", "반소매"),
        (vote("lower", long=0.9, skirt=0.1), ("long", "skirt"), "long-legs, trousers", "긴 하의, 바지"),
        (vote("lower", skirt=0.9), ("dress",), "skirt", "치마"),
        (vote("upper", dress=0.1), ("dress",), "", ""),
        (vote("upper", striped=0.8, patterned=0.1), ("striped",), "striped", "줄무늬"),
        (vote("upper", striped=0.1, patterned=0.1), ("striped",), "plain", "무지"),
        (vote("upper"), ("long",), "", ""),
    ],
)
def test_what_was_seen(seen: SlotVote, asked: tuple[str, ...], words: str, korean: str) -> None:
    assert seen_traits(seen, asked) == words
    assert seen_name(words, "ko") == korean
    assert seen_name(seen_colours(seen), "ko") == "검정, 흰색"
