"""Text as typed into pieces with one meaning each."""

from __future__ import annotations

import unicodedata

import pytest

from engine.search.tokens import normalised, pieces


def roles(text: str) -> list[tuple[str, str]]:
    return [(piece.said, piece.role) for piece in pieces(text)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("ＢＬＡＣＫ", "BLACK", id="full-width"),
        pytest.param(unicodedata.normalize("NFD", "셔츠"), "셔츠", id="split"),
        pytest.param("b\u0336l\u0336a\u0336ck", "black", id="struck-through"),
        pytest.param("a\x00b", "a b", id="control"),
        pytest.param("sh\u00adirt\u200b", "shirt", id="invisible"),
        pytest.param("isn’t", "isn't", id="apostrophe"),
        pytest.param("a\nb", "a , b", id="line"),
        pytest.param("w/o hat w/ bag", "without hat with  bag", id="abbreviations"),
    ],
)
def test_normalised(typed: str, expected: str) -> None:
    assert normalised(typed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("light-blue jeans", [("light blue", "colour"), ("jeans", "garment")], id="longest-form-wins"),
        pytest.param("T-Shirts", [("T Shirts", "garment")], id="plural"),
        pytest.param("하늘 색 옷", [("하늘 색", "colour"), ("옷", "garment")], id="korean-with-blanks"),
        pytest.param("청 바지를", [("청 바지", "garment"), ("를", "particle")], id="korean-with-blanks-and-particle"),
        pytest.param("검은 바지", [("검은", "colour"), ("바지", "garment")], id="not-joined"),
        pytest.param("shirt를", [("shirt", "garment"), ("를", "particle")], id="particle-behind-english"),
        pytest.param("navy색", [("navy", "colour"), ("색", "colour-word")], id="two-scripts"),
        pytest.param("red/blue", [("red", "colour"), ("/", "and"), ("blue", "colour")], id="slash"),
        pytest.param("red - blue", [("red", "colour"), (",", ","), ("blue", "colour")], id="dash"),
        pytest.param("(red)", [("red", "colour")], id="brackets"),
        pytest.param("shirt: red", [("shirt", "garment"), (":", "particle-topic"), ("red", "colour")], id="colon"),
        pytest.param("woman's", [("woman's", "person")], id="possessive"),
        pytest.param("café 42 🙂", [("café", "unknown"), ("42", "unknown"), ("🙂", "unknown")], id="unknown"),
    ],
)
def test_pieces(text: str, expected: list[tuple[str, str]]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize("slip", ["cardigna", "cardgan", "cardiganz", "carddigan", "cardigin"])
def test_one_slip_is_forgiven(slip: str) -> None:
    [piece] = pieces(slip)
    assert piece.entry is not None
    assert piece.entry.value == "cardigan"
    assert piece.said == slip


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("cardgna", id="two-slips"),
        pytest.param("short", id="a-word-of-its-own"),
        pytest.param("shert", id="too-short"),
        pytest.param("xardigan", id="first-letter"),
    ],
)
def test_other_words_are_not(word: str) -> None:
    assert all(piece.entry is None or piece.entry.value != "cardigan" for piece in pieces(word))
    assert all(piece.entry is None or piece.entry.kind == "length" for piece in pieces(word))
