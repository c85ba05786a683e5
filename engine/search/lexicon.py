"""The words that queries are understood by, read once from the data file beside this module.

Owns: the lexicon. May import: `engine.core`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.core.clothing import COLOURS, REGIONS, TRAITS

FILE = Path(__file__).with_name("lexicon.toml")
"""The words; its head says what every field means."""

CONTENT = ("colour", "garment", "trait", "pattern")
"""Kinds of entries that become chips."""

KINDS = (*CONTENT, "shade", "length", "person", "grammar")
"""Tables of the data file."""


VAGUE = {
    "light": ("white", ("beige", "grey")),
    "dark": ("black", ("navy", "grey", "brown")),
    "bright": ("white", ("yellow", "orange")),
    "neon": ("yellow", ("green", "orange")),
}
"""What a light, dark, bright or neon garment may be where no colour is named: one colour, and others as well."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning and everything it is called.

    Attributes:
        kind: of `KINDS`.
        value: canonical English word.
        ko: Korean forms, the first its name; one that ends with "-" counts only right in front of another word.
        en: English forms, the first its name.
        region: of `REGIONS`, "" where no region tells, or where that of the garment counts.
        shade: "light", "dark" or "" of a colour.
        also: other names of `COLOURS` the word may mean.
        covers: regions beside `region` that its colour speaks for.
        several: it is several garments at once, such as a suit.
        negated: the word says that it is not there.
        traits: probability of each trait of `TRAITS` on it, of those that are telling.
        colours: share of each of `COLOURS` it comes in, empty where that is not telling.
        prior: how many people wear such a thing, in (0, 1).
        english: what pretrained networks are told, `value` where empty.
        lengths: of a length, the trait it is by region or by length.
        judged: of a person word, that everybody is one.
    """

    kind: str
    value: str
    ko: tuple[str, ...]
    en: tuple[str, ...]
    region: str = ""
    shade: str = ""
    also: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    several: bool = False
    negated: bool = False
    traits: Mapping[str, float] = field(default_factory=_nothing)
    colours: Mapping[str, float] = field(default_factory=_nothing)
    prior: float = 0.3
    english: str = ""
    lengths: Mapping[str, str] = field(default_factory=_nothing)
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every entry, and the ways to find them.

    Attributes:
        entries: in the order of the file.
        forms: tokens of a form, lower case, -> the entries it may mean.
        prefixes: Korean forms that count only in front of another word, without their "-".
        meanings: kind and value -> entry; of several with one value the first, which is the plain one.
        longest: most tokens of one form.
    """

    entries: tuple[Entry, ...]
    forms: Mapping[tuple[str, ...], tuple[Entry, ...]]
    prefixes: Mapping[str, Entry]
    meanings: Mapping[tuple[str, str], Entry]
    longest: int


LETTERS = r"(?:(?![가-힣])[^\W\d_])+"
WORD = re.compile(rf"[가-힣]+|{LETTERS}(?:['’]{LETTERS})*|[0-9]+|_+|\S")
"""A word of a query in lower case: a run of one script, a number, or a sign that stands alone."""


def split(form: str) -> tuple[str, ...]:
    """A form as the tokens it is met as: "t-shirt" -> ("t", "shirt")."""
    return tuple(word for word in WORD.findall(form.lower()) if word not in "-/'’")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, read on first use.

    Raises:
        ValueError: an entry of the file names what does not exist: a mistake in the file, not in a query.
    """
    tables: dict[str, list[dict[str, Any]]] = tomllib.loads(FILE.read_text("utf-8"))
    if unknown := set(tables) - set(KINDS):
        raise ValueError(f"unknown tables {sorted(unknown)}")
    entries = tuple(_entry(kind, values) for kind in KINDS for values in tables.get(kind, []))
    forms = _forms(entries)
    prefixes = {form[:-1]: entry for entry in entries for form in entry.ko if form.endswith("-")}
    meanings: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        meanings.setdefault((entry.kind, entry.value), entry)
    longest = max(len(words) for words in forms)
    return Lexicon(entries, MappingProxyType(forms), MappingProxyType(prefixes), MappingProxyType(meanings), longest)


def _forms(entries: tuple[Entry, ...]) -> dict[tuple[str, ...], tuple[Entry, ...]]:
    forms: dict[tuple[str, ...], tuple[Entry, ...]] = {}
    for entry in entries:
        for form in (*entry.ko, *entry.en):
            if not form.endswith("-"):
                known = forms.get(split(form), ())
                forms[split(form)] = known if entry in known else (*known, entry)
    # Plurals come last: where a plural is a word of its own, that word wins.
    for entry in entries:
        if entry.kind in ("garment", "pattern", "person"):
            for form in entry.en:
                words = split(form)
                forms.setdefault((*words[:-1], _plural(words[-1])), (entry,))
    return forms


def _entry(kind: str, values: dict[str, Any]) -> Entry:
    known = dict(values)
    entry = Entry(
        kind=kind,
        value=known.pop("value"),
        ko=tuple(known.pop("ko")),
        en=tuple(known.pop("en")),
        region=known.pop("region", ""),
        shade=known.pop("shade", ""),
        also=tuple(known.pop("also", ())),
        covers=tuple(known.pop("covers", ())),
        several=known.pop("set", False),
        negated=known.pop("negated", False),
        traits=MappingProxyType(known.pop("traits", {})),
        colours=MappingProxyType(known.pop("colours", {})),
        prior=known.pop("prior", 0.3),
        english=known.pop("english", ""),
        lengths=MappingProxyType(known.pop("as", {})),
        judged=known.pop("judged", False),
    )
    colours = {*entry.also, *entry.colours, *([entry.value] if kind == "colour" else [])}
    if (
        known
        or colours - set(COLOURS)
        or {*entry.covers, entry.region} - {*REGIONS, ""}
        or set(entry.traits) - set(TRAITS)
    ):
        raise ValueError(f"{kind} {entry.value!r} names what does not exist")
    return entry


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"
