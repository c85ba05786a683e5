"""Words for what was understood of a query: for chips, and back into a query when chips were changed.

Owns: both directions, and the colours of swatches. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from engine.core.search import Chip
from pages import _ui
from pages._text import LANGUAGES

SWATCHES = {
    "black": "#1c1c1e",
    "white": "#fafafa",
    "grey": "#8c9296",
    "red": "#c62828",
    "orange": "#ee7f22",
    "yellow": "#f4cf3a",
    "green": "#2f8f46",
    "olive": "#74742c",
    "teal": "#14857f",
    "blue": "#2f6fd6",
    "navy": "#1f2f5c",
    "purple": "#7a3fa3",
    "pink": "#ec86b2",
    "brown": "#7a4d2b",
    "beige": "#dac7a2",
}
"""Colour of the clothes, as a swatch beside its word."""

ORDER = ("colour", "pattern", "trait", "garment")
"""Kinds of chips in the order in which both languages name them."""

SHADES = {"light": ("light", "연한"), "dark": ("dark", "진한")}
"""As they are typed, in the order of the languages."""

HANGUL = re.compile("[가-힣]")


def words_data(language: str) -> dict[str, Any]:
    """Names of everything a chip may hold.

    Returns:
        `words`: kind -> canonical word -> name, what is seen under "seen"; `regions`: kind -> canonical word -> where
        it is worn; `swatches`: colour -> its look.
    """
    words: dict[str, dict[str, str]] = {kind: {} for kind in (*ORDER, "seen")}
    regions: dict[str, dict[str, str]] = {kind: {} for kind in words}
    for kind, value, word, region in _ui.engine().search.words(language):
        words[kind][value] = word
        regions[kind][value] = region
    return {"words": words, "regions": regions, "swatches": SWATCHES}


def seen_words(seen: str, words: dict[str, dict[str, str]]) -> str:
    """What was seen, in words.

    Args:
        seen: canonical words such as "black, white" or "no-hat"; may be "".
        words: of `words_data`.
    """
    known = words["colour"] | words["seen"]
    return ", ".join(known.get(word, word) for word in seen.split(", ") if word)


def language_of(text: str) -> str:
    """The language that a query is written in: Korean as soon as there is Hangul in it."""
    return LANGUAGES[1] if HANGUL.search(text) else LANGUAGES[0]


def query_of(chips: Sequence[Chip], unknown: Sequence[str], language: str) -> str:
    """A query that asks for these chips, as it would be typed; it stands in the box after chips were changed.

    Args:
        chips: those of one garment beside one another.
        unknown: words that were not understood; they stay, at the end.
        language: of words that nobody typed.

    Returns:
        Of the words that were typed and the plain names of the chips those that are understood as just these chips.
    """
    words = words_data(language)["words"]
    written = [_written(chips, words, typed=typed, korean=language == LANGUAGES[1]) for typed in (True, False)]
    wanted = Counter(map(_meaning, chips))

    def kept(text: str) -> int:
        found = Counter(map(_meaning, _ui.engine().search.understand(text).chips))
        return (wanted & found).total() - (found - wanted).total()

    return ", ".join([one for one in (max(written, key=kept), *unknown) if one])


def _meaning(chip: Chip) -> tuple[object, ...]:
    return chip.region, chip.kind, chip.value, chip.shade, chip.negated


def _written(chips: Sequence[Chip], words: dict[str, dict[str, str]], *, typed: bool, korean: bool) -> str:
    groups = groupby(chips, key=lambda chip: chip.group)
    parts = []
    for _, members in groups:
        ordered = sorted(members, key=lambda chip: ORDER.index(chip.kind))
        whole = all(chip.negated for chip in ordered)
        if not korean:
            # "shirt not black": in front, "not" would be said of the shirt too.
            ordered.sort(key=lambda chip: chip.negated)
        said = dict.fromkeys(_word(chip, words, typed=typed, korean=korean, whole=whole) for chip in ordered)
        # A form that ends with "-" stands right in front of the next word.
        phrase = " ".join(said).replace("- ", "").rstrip("-")
        parts.append(phrase if not whole else f"{phrase} 없는" if korean else f"no {phrase}")
    return ", ".join(parts)


def _word(chip: Chip, words: dict[str, dict[str, str]], *, typed: bool, korean: bool, whole: bool) -> str:
    """One chip as it is typed: "light blue", "not black"."""
    word = chip.said if typed else ""
    if not word:
        shade = SHADES.get(chip.shade, ("", ""))[korean]
        name = words[chip.kind].get(chip.value, chip.value)
        word = f"{shade} {name}".strip()
    if chip.negated and not whole:
        return f"{word.rstrip('-')} 아닌" if korean else f"not {word}"
    return word
