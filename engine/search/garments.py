"""Garments of a query with what is said of them, while it is read.

Owns: these values. May import: `engine.search.lexicon`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.search.lexicon import Entry, lexicon


@dataclass(frozen=True, slots=True)
class Word:
    """Something said of a garment.

    Attributes:
        entry: a colour, trait, pattern, length or shade.
        said: as typed.
        negated: not this.
        shade: "light", "dark" or "" of a colour.
        also: colours it may be as well.
    """

    entry: Entry
    said: str
    negated: bool = False
    shade: str = ""
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Group:
    """A garment with what is said of it; a group without garments is what was said of nothing in particular.

    Attributes:
        region: of `REGIONS` or "".
        garments: said of one piece of clothing: "knit cardigan" is two.
        words: what is said of it, in order.
        negated: it is not worn.
        joined: it follows the group before it after nothing but "and" ("and") or "or" ("or").
        topic: 셔츠는: what follows is said of it.
        closed: a comma stands between it and what follows.
        shared: its words were said of the garment before it.
    """

    region: str
    garments: list[Word] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    negated: bool = False
    joined: str = ""
    topic: bool = False
    closed: bool = False
    shared: bool = False

    def coloured(self) -> bool:
        """Whether something is said of its colour."""
        return any(word.entry.kind in ("colour", "shade") for word in self.words)


def of_sleeves(first: Word, second: Word) -> Word | None:
    """긴 + 소매, or 소매가 + 긴, as the trait they are together."""
    values = {first.entry.value: first, second.entry.value: second}
    sleeves = values.get("sleeves")
    length = values.get("long") or values.get("short")
    if sleeves is None or length is None:
        return None
    trait = lexicon().meanings[("trait", sleeves.entry.lengths[length.entry.value])]
    return Word(trait, f"{first.said} {second.said}", first.negated or second.negated)
