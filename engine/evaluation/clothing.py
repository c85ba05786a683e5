"""Scores clothing search against hand-made truth: sentences made of what truth says of people, and whom they find.

Truth names people by what they wear. Sentences are built from a table (`phrasings.toml`), the same for all footage,
and somebody who is found is right where truth says of them what the sentence asks. May import: `engine.core`,
`engine.evaluation.action` for who is who.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.core.clothing import REGIONS
from engine.core.errors import FootageError
from engine.evaluation.action import PLACES, TruthPerson

TABLE = Path(__file__).with_name("phrasings.toml")
LANGUAGES = ("en", "ko")

APART = ("dress", "skirt", "shorts")
"""Garments that differ from all others of their region; the rest differ by cut and cloth, which colours do not tell."""

RULE = (
    "a person found is right where truth says of them, for every part a sentence names, one of its colours, and the "
    "same garment where it is one of dress, skirt, shorts; exact: they are the very person the sentence was made for"
)


@dataclass(frozen=True, slots=True)
class Worn:
    """One part of somebody's clothes in the truth.

    Attributes:
        region: of `REGIONS`.
        colours: one or more; of hair also "blonde".
        garment: such as "jacket"; the region's own name where truth names none.
    """

    region: str
    colours: tuple[str, ...]
    garment: str


@dataclass(frozen=True, slots=True)
class DescribedPerson:
    """Somebody in the truth.

    Attributes:
        clip: file name.
        id: what truth calls them.
        worn: by region.
        seen: when and where they are in view, which people found are paired with truth's by.
    """

    clip: str
    id: str
    worn: Mapping[str, Worn]
    seen: TruthPerson


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence that asks for somebody.

    Attributes:
        person: whom it was made for.
        language: of `LANGUAGES`.
        text: the sentence.
        parts: regions it names.
    """

    person: DescribedPerson
    language: str
    text: str
    parts: tuple[str, ...]

    def met_by(self, other: DescribedPerson | None) -> bool:
        """Whether truth says of somebody what the sentence asks; see `RULE`."""
        if other is None:
            return False
        for part in self.parts:
            asked, known = self.person.worn[part], other.worn.get(part)
            if known is None or not set(asked.colours[:1]) & set(known.colours):
                return False
            if asked.garment != known.garment and {asked.garment, known.garment} & set(APART):
                return False
        return True


def read_descriptions(folder: Path) -> dict[str, tuple[DescribedPerson, ...]]:
    """What people wear in every clip of a folder.

    Args:
        folder: of the clips and their truth.json.

    Returns:
        Clip's file name -> all its people, in truth's order, also those of whom it says nothing.

    Raises:
        FootageError: there is no truth.json, or it is not what it should be.
    """
    file = folder / "truth.json"
    try:
        clips = json.loads(file.read_text("utf-8"))["clips"]
        return {
            str(clip): tuple(_described(str(clip), entry) for entry in found["persons"])
            for clip, found in clips.items()
            if "persons" in found
        }
    except FileNotFoundError as error:
        raise FootageError(
            f"There is no truth.json in {folder}. Name a folder with clips and truth.", kind="missing"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FootageError(f"{file} cannot be read. Mend it.", kind="truth", detail=repr(error)) from error


def _described(clip: str, entry: Mapping[str, Any]) -> DescribedPerson:
    colours = _table()["en"]["colours"]
    worn = {}
    for region in REGIONS:
        said = entry.get(region)
        words = [said] if isinstance(said, str) else [str(word) for word in said or ()]
        hues = tuple(word for word in words if word in colours)
        if hues:
            garment = next((word for word in words if word not in colours), "hat" if region == "head" else region)
            worn[region] = Worn(region, hues, garment)
    name = str(entry["id"])
    place = PLACES.get(clip, {}).get(name, float("nan"))
    return DescribedPerson(clip, name, worn, TruthPerson(name, float(entry["from"]), float(entry["to"]), (), place))


def questions(person: DescribedPerson, language: str) -> tuple[Question, ...]:
    """Sentences that ask for somebody, each only once.

    Args:
        person: whom truth describes; words that the table does not know are said as truth says them.
        language: of `LANGUAGES`.

    Returns:
        In the table's order; none where truth says nothing of their clothes.
    """
    table = _table()[language]
    made: dict[str, Question] = {}
    for number, sentence in enumerate(table["sentences"]):
        parts = [part for part in REGIONS_SAID if part in person.worn] if sentence["parts"] == ["*"] else []
        parts = parts or [part for part in sentence["parts"] if part != "*"]
        if not parts or any(part not in person.worn for part in parts):
            continue
        said = [_said(person.worn[part], sentence["part"], table, number) for part in parts]
        between, last = sentence.get("between", ""), sentence.get("last", sentence.get("between", ""))
        text = sentence["frame"].replace("{}", last.join([between.join(said[:-1]), said[-1]]) if said[1:] else said[0])
        text = text.upper() if sentence.get("upper_case") else text
        made.setdefault(text, Question(person, language, text, tuple(parts)))
    return tuple(made.values())


REGIONS_SAID = ("head", "upper", "lower", "shoes", "hair", "bag")
"""The order in which people name them."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _said(worn: Worn, pattern: str, table: Mapping[str, Any], number: int) -> str:
    """One part in words; synonyms take turns by the number of the sentence."""
    hues, things = table["colours"].get(worn.colours[0], [worn.colours[0]]), table["garments"]
    colour: str = hues[number % len(hues)]
    names = things.get(worn.garment, [worn.garment])
    garment = names[number % len(names)]
    region = things[worn.garment if worn.garment in APART or worn.region == "head" else worn.region]
    name = region[number % len(region)]
    if colour == "금발":
        # Says hair by itself.
        return colour
    first = pattern.replace("{a}", "").lstrip()[:8]
    leads = colour if first.startswith("{colour}") else garment
    article = "" if garment in table["plural"] else "an " if leads[0] in "aeiou" else "a "
    last = garment if "{garment}" in pattern else name
    return str(pattern).format(
        colour=colour,
        garment=garment,
        region=name,
        a=article,
        object="을" if _closed(last) else "를",
        topic="은" if _closed(last) else "는",
    )


def _closed(word: str) -> bool:
    """Whether a Korean word ends in a consonant."""
    return "가" <= word[-1] <= "힣" and (ord(word[-1]) - ord("가")) % 28 != 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question.

    Attributes:
        question: what was asked.
        found: those who were found, best first; None for people whom truth does not know.
    """

    question: Question
    found: tuple[DescribedPerson | None, ...]

    def right_within(self, first: int) -> bool:
        """Whether somebody right is among the first so many."""
        return any(self.question.met_by(person) for person in self.found[:first])

    def exact_within(self, first: int) -> bool:
        """Whether the very person is among the first so many."""
        return self.question.person in self.found[:first]


def recalls(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of questions answered right, in [0, 1]: first, within three, and the same of the very person; see `RULE`.

    Returns:
        "n", "r1", "r3", "exact_r1", "exact_r3"; shares are 0 where nothing was asked.
    """
    n = len(outcomes)
    counts = {
        "r1": sum(outcome.right_within(1) for outcome in outcomes),
        "r3": sum(outcome.right_within(3) for outcome in outcomes),
        "exact_r1": sum(outcome.exact_within(1) for outcome in outcomes),
        "exact_r3": sum(outcome.exact_within(3) for outcome in outcomes),
    }
    return {"n": n, **{name: round(count / max(n, 1), 4) for name, count in counts.items()}}


def by(outcomes: Iterable[Outcome], key: Any) -> dict[str, dict[str, float]]:
    """`recalls` of groups of outcomes, by what a function says of each."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(str(key(outcome)), []).append(outcome)
    return {name: recalls(group) for name, group in groups.items()}
