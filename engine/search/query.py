"""What a query asks for: Korean and English, mixed, in any order, into chips.

Owns: understanding. May import: `engine.core`, `engine.search`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.core.errors import SearchError
from engine.core.search import LONGEST_QUERY, Chip, Understood
from engine.search.english import sentence
from engine.search.garments import Group, Word
from engine.search.grammar import Reader
from engine.search.lexicon import VAGUE
from engine.search.tokens import pieces

MOST_CHIPS = 60
"""Nobody describes a person by more; a pasted page of text would."""


def understand(text: str) -> Understood:
    """A query in words as chips.

    - A colour, pattern or length belongs to the garment it stands with: before it in both languages, or after it where
      the garment comes first (셔츠는 검정, "hat: red"). Without a garment it fits anywhere on the person.
    - One colour for two garments joined by nothing but "and" is of both ("black shirt and trousers"), unless the second
      has a colour of its own kind (jeans), or an article or comma stands between them.
    - Two colours joined by "and" are both asked for, by "or" either will do; the same of garments ("hat or cap") as
      long as only the first has a colour of its own.
    - "no" and "without" reach to the end of the next garment, 없는 and 안 쓴 deny the one before them; over "or", and
      over "and" between things people may go without (hat, bag). A denied garment is denied with its colour:
      "no red hat" is met by a blue one.
    - `unknown` names every word that no chip came of. That holds for words such as "woman", "child" or 남자 too:
      clothes do not tell who somebody is, and an analyst must see that people were not told apart by them. Pretrained
      networks do read them, so `english` keeps them. Words for anybody ("person", 사람) and those that hold a sentence
      together are left out of both.

    Args:
        text: as typed.

    Raises:
        SearchError: it is longer than `LONGEST_QUERY` characters, or asks for more than `MOST_CHIPS` things.
    """
    if len(text) > LONGEST_QUERY:
        raise SearchError(
            f"The query has {len(text):,} characters; at most {LONGEST_QUERY:,} are read. "
            "Describe the person in a few words."
        )
    reader = Reader()
    reader.read(pieces(text))
    chips = tuple(_chips(reader.groups))
    _check(chips)
    mute = [word.said for group in reader.groups for word in group.words if not _of_word(group, word)]
    unknown = tuple(dict.fromkeys([*reader.unknown, *mute]))
    return Understood(text, chips, unknown, sentence(chips, _person(reader.persons)))


def _person(persons: Sequence[str]) -> str:
    """Whom English asks for, of all words for persons: the first, with an age that stands beside it."""
    ages = [word.removesuffix(" person") for word in persons if word.endswith(" person")]
    nouns = [word for word in persons if not word.endswith(" person")]
    return " ".join([*ages[:1], *(nouns[:1] or ["person"])]) if persons else ""


def understand_chips(chips: Iterable[Chip]) -> Understood:
    """Chips that were edited by hand as a query; `text` is what they say in English.

    Raises:
        SearchError: there are more than `MOST_CHIPS`.
    """
    kept = tuple(chips)
    _check(kept)
    english = sentence(kept, "")
    return Understood(english, kept, (), english)


def _check(chips: Sequence[Chip]) -> None:
    if len(chips) > MOST_CHIPS:
        raise SearchError(f"The query asks for {len(chips)} things at once; at most {MOST_CHIPS}. Describe one person.")


def _chips(groups: Sequence[Group]) -> list[Chip]:
    chips: list[Chip] = []
    said: set[tuple[Chip, ...]] = set()
    number = 0
    for group in groups:
        if not group.words and [garment.entry.value for garment in group.garments] == ["outfit"]:
            # "all", "위아래로" alone ask for nothing.
            continue
        made = [chip for word in group.words for chip in _of_word(group, word)]
        for garment in group.garments:
            value, region = garment.entry.value, group.region
            made.append(Chip(region, "garment", value, "", group.negated, garment.said, number, garment.also))
        # What is said twice is asked once.
        distinct: dict[Chip, Chip] = {}
        for chip in made:
            distinct.setdefault(replace(chip, said="", group=0), chip)
        if tuple(distinct) in said:
            continue
        said.add(tuple(distinct))
        chips += [replace(chip, group=number) for chip in distinct.values()]
        number += 1
    return chips


def _of_word(group: Group, word: Word) -> list[Chip]:
    entry, negated = word.entry, word.negated or group.negated
    region = entry.region or group.region
    if entry.kind == "length":
        value = entry.lengths.get(region, "")
        return [Chip(region, "trait", value, "", negated, word.said, 0)] if value else []
    if entry.kind == "shade":
        return _of_shade(group, word, negated)
    if entry.kind != "colour":
        return [Chip(region, entry.kind, entry.value, "", negated, word.said, 0)]
    also = tuple(dict.fromkeys(name for name in (*entry.also, *word.also) if name != entry.value))
    chip = Chip(region, "colour", entry.value, word.shade, negated, word.said, 0, also)
    return [chip, *(replace(chip, region=name) for name in _further(group))]


def _of_shade(group: Group, word: Word, negated: bool) -> list[Chip]:
    shade = word.entry.value
    if not shade or any(other.entry.kind == "colour" for other in group.words):
        return []
    usual = [garment.entry.colours for garment in group.garments if garment.entry.colours]
    colour, also = VAGUE[shade]
    plain = shade in ("light", "dark")
    if usual and plain:
        colour, also = max(usual[-1], key=lambda name: usual[-1][name]), ()
    chip = Chip(group.region, "colour", colour, shade if plain else "", negated, word.said, 0, also)
    return [chip, *(replace(chip, region=name) for name in _further(group))]


def _further(group: Group) -> tuple[str, ...]:
    """Regions beside its own that the colour of a set of garments, such as a suit, is asked of."""
    return tuple(name for garment in group.garments if garment.entry.several for name in garment.entry.covers)
