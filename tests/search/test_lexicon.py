"""Every word of the lexicon is understood, in both languages."""

from __future__ import annotations

from itertools import chain

import pytest

from engine.core.clothing import COLOURS, REGIONS, TRAITS
from engine.core.search import Chip
from engine.search.lexicon import CONTENT, KINDS, Entry, lexicon, split
from engine.search.query import understand
from engine.search.tokens import pieces
from engine.search.words import LANGUAGES, name

BEHIND_PREFIX = {
    "colour": "바지",
    "trait": "자켓",
    "shade": "초록 바지",
    "length": "치마",
    "grammar": "모자",
    "garment": "블랙",
}
"""What a Korean prefix of a kind is put in front of."""


def wrong_chips(entry: Entry, form: str) -> str:
    """What is wrong with the chips of one form alone, "" where nothing is."""
    prefix = form.endswith("-")
    alone = f"검은 {form}" if entry.value == "outfit" and form in entry.ko else form
    alone = f"black {form}" if entry.value == "outfit" and form in entry.en else alone
    understood = understand(form[:-1] + BEHIND_PREFIX[entry.kind] if prefix else alone)
    if understood.unknown:
        return f"{form}: not understood {understood.unknown}"
    expected = (entry.kind, entry.value, entry.shade, entry.also, entry.negated)
    got = [(chip.kind, chip.value, chip.shade, chip.also, chip.negated) for chip in understood.chips]
    if expected not in got:
        return f"{form}: {got}"
    regions = {chip.region for chip in understood.chips if chip.value == entry.value}
    if not prefix and regions != {entry.region, *(entry.covers if entry.several and entry.kind == "colour" else ())}:
        return f"{form}: in {regions}"
    return f"{form}: and {got}" if alone == form and not prefix and len(got) > 1 else ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CONTENT)
def test_every_form_becomes_its_chip(kind: str, language: str) -> None:
    entries = [entry for entry in lexicon().entries if entry.kind == kind]
    forms = [(entry, form) for entry in entries for form in (entry.ko if language == "ko" else entry.en)]
    assert len(forms) > 20
    assert not list(filter(None, (wrong_chips(entry, form) for entry, form in forms)))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in CONTENT])
def test_every_other_form_has_its_role(kind: str) -> None:
    wrong = []
    for entry in (entry for entry in lexicon().entries if entry.kind == kind):
        for form in chain(entry.ko, entry.en):
            if entry.value.startswith("particle") and form in entry.ko:
                found = pieces(f"초록{form}")[1:]
            elif form.endswith("-"):
                found = pieces(form[:-1] + BEHIND_PREFIX[kind])
            else:
                found = pieces(form)
            if not any(piece.entry is entry for piece in found) or any(piece.role == "unknown" for piece in found):
                wrong.append((form, [(piece.said, piece.role) for piece in found]))
    assert not wrong


def test_no_form_means_two_things() -> None:
    several = {
        words: [entry.value for entry in entries]
        for words, entries in lexicon().forms.items()
        # A particle is only met behind a word, where the word of the same spelling is not.
        if len([entry for entry in entries if not entry.value.startswith("particle")]) > 1
    }
    assert not several


def test_every_entry_has_a_name_in_both_languages_and_known_slots() -> None:
    for entry in lexicon().entries:
        if entry.kind not in CONTENT:
            continue
        assert entry.ko
        assert entry.en
        assert entry.region in (*REGIONS, "")
        assert {*entry.also, *entry.colours} <= set(COLOURS)
        assert set(entry.traits) <= set(TRAITS)
        assert all(0.0 < value < 1.0 for value in (*entry.traits.values(), entry.prior))
        assert not entry.colours or sum(entry.colours.values()) == pytest.approx(1.0, abs=0.05)
        chip = Chip(entry.region, entry.kind, entry.value, entry.shade, False, "", 0, entry.also)
        assert name(chip, "ko") != name(chip, "en")


def test_every_colour_has_a_plain_entry() -> None:
    for colour in COLOURS:
        plain = lexicon().meanings[("colour", colour)]
        assert (plain.en[0], plain.shade, plain.also, plain.region) == (colour, "", (), "")


def test_forms_are_split_as_queries_are() -> None:
    assert split("T-Shirt") == ("t", "shirt")
    assert split("doesn't") == ("doesn't",)
    assert all(words for words in lexicon().forms)
