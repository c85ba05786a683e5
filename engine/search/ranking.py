"""How well people fit what a query asks for: votes against chips, for one person or very many at once.

Every chip is a statement about the person, and the score is what the readings say of all of them together: for each,
how many times as likely the reading is where the statement holds as it is at all (a likelihood ratio). What was not
seen has the ratio 1 and speaks neither for nor against. An agreement on what is rare (a teal jacket) is worth more than
one on what everybody wears (black shoes), and no single reading counts without limit (`engine.search.votes.TRUST`).
Chips of one garment that are negated together deny the whole: "no red hat" is met by a blue one.
Owns: scores and evidence. May import: `engine.core`, `engine.search`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.core.clothing import COLOURS, REGIONS, TRAITS, SlotVote
from engine.core.search import AGREES, CONTRADICTS, NOT_VISIBLE, Chip, Evidence, Understood
from engine.core.types import FloatArray
from engine.search.lexicon import Entry, lexicon
from engine.search.likeness import common, ratios, reading, worn
from engine.search.votes import TRUST, PersonTable, pack_votes
from engine.search.words import seen_colours, seen_traits

ANYWHERE = {"upper": 0.5, "lower": 0.28, "head": 0.08, "shoes": 0.07, "bag": 0.07}
"""Which region a word without a garment speaks of: "in red" is mostly a red top."""

ANYWHERE_CLOTH = {"upper": 0.65, "lower": 0.35}
"""The same for patterns and traits, which only cloth of the body has."""

BLOCK = 16384
"""People that are weighed at a time: their columns fit the processor's cache."""

UNDECIDED = 0.1
"""A garment or trait whose ratio is so close to 1, as a logarithm, cannot be told from others."""

PLAIN = 0.65
"""A colour that is not among those seen agrees from this score on only."""

LEAST_RATIO = 0.15
"""A denial is never refuted more than this, as no reading is ever quite sure."""


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """One chip, or its side on one region, ready to be held against columns.

    Attributes:
        regions: places in `REGIONS` with their weights, which sum to 1: ratios are averaged over them.
        colours: for each of `regions` what a full share of each colour adds to a ratio of 1, (15,) float32.
        traits: trait's place -> (probability where the chip holds, usual probability).
        options: terms that hold together, of which any will do: their ratios are averaged.
        prior: how many people the chip holds for, in (0, 1).
    """

    regions: tuple[tuple[int, float], ...]
    colours: tuple[FloatArray, ...] = ()
    traits: dict[int, tuple[float, float]] = field(default_factory=dict)
    options: tuple[tuple[_Term, ...], ...] = ()
    prior: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Statement:
    """What is asked at once.

    Attributes:
        terms: that hold together.
        denied: 0 where they are asked for; where they must not hold, how many people they hold for.
        most: logarithm of the highest ratio there can be.
        least: of the lowest.
    """

    terms: tuple[_Term, ...]
    denied: float
    most: float
    least: float


USUAL_TRAITS: dict[tuple[str, str], float] = {
    ("head", "present"): 0.15,
    ("bag", "present"): 0.35,
    ("hair", "long"): 0.35,
    ("upper", "long"): 0.65,
    ("lower", "long"): 0.82,
    ("upper", "dress"): 0.07,
    ("upper", "skirt"): 0.12,
    ("lower", "dress"): 0.07,
    ("lower", "skirt"): 0.12,
    ("upper", "striped"): 0.08,
    ("lower", "striped"): 0.03,
    ("upper", "patterned"): 0.15,
    ("lower", "patterned"): 0.05,
}
"""How common each trait is, roughly, over seasons and places; what is not named here .1."""


def rank(table: PersonTable, understood: Understood) -> FloatArray:
    """How well each person fits a query.

    The score is the logarithm of the product of all ratios on a scale of its own for every query: 1 where every chip
    agrees as surely as it can, .5 where nothing is known (or asked), 0 where every chip contradicts.

    Args:
        table: P people.
        understood: of the chips; words that were not understood change nothing.

    Returns:
        (P,) float32 in [0, 1].
    """
    statements = _statements(understood.chips)
    logs = np.zeros(len(table), np.float32)
    for start in range(0, len(table), BLOCK):
        rows = slice(start, start + BLOCK)
        for statement in statements:
            logs[rows] += np.log(_held_against(table, rows, statement))
    return _scaled(logs, sum(statement.most for statement in statements), sum(entry.least for entry in statements))


def evidence(votes: Sequence[SlotVote], understood: Understood) -> tuple[Evidence, ...]:
    """How each chip fits one person.

    Args:
        votes: of `engine.search.votes.vote`.
        understood: of the chips.

    Returns:
        One for each chip, in their order. The score is on the scale of `rank`, .5 being what would be expected by
        chance. What no reading can tell, such as a shirt from a blouse or a scarf at all, is "not-visible" like what
        was out of sight: it is never held against anybody.
    """
    table = pack_votes([votes])
    members = {group[0].group: group for group in _groups(understood.chips)}
    answers = []
    for place, chip in enumerate(understood.chips):
        statement = _statement([chip], members[chip.group], negated=chip.negated)
        logs = np.log(_held_against(table, slice(0, 1), statement))
        undecided = logs[0] == 0 or (chip.kind != "colour" and abs(logs[0]) < UNDECIDED)
        verdict = NOT_VISIBLE if undecided else AGREES if logs[0] > 0 else CONTRADICTS
        score = 0.5 if undecided else float(_scaled(logs, statement.most, statement.least)[0])
        seen = "" if undecided else _seen(votes, chip)
        if verdict == AGREES and _another_colour(chip, seen, score):
            verdict = CONTRADICTS
        answers.append(Evidence(place, verdict, score, seen))
    return tuple(answers)


def _another_colour(chip: Chip, seen: str, score: float) -> bool:
    """Whether a colour fits so weakly that what is seen is plainly another one: dark cloth may always be black."""
    asked = {chip.value, *chip.also}
    return (
        chip.kind == "colour" and not chip.negated and score < PLAIN and bool(seen) and not asked & {*seen.split(", ")}
    )


def _groups(chips: Sequence[Chip]) -> list[tuple[Chip, ...]]:
    """Chips that share a group, in the order of their first; exact repetitions count once."""
    groups: dict[int, dict[tuple[object, ...], Chip]] = {}
    for chip in chips:
        meaning = (chip.region, chip.kind, chip.value, chip.shade, chip.negated, chip.also)
        groups.setdefault(chip.group, {}).setdefault(meaning, chip)
    return [tuple(members.values()) for members in groups.values()]


def _statements(chips: Sequence[Chip]) -> list[_Statement]:
    """What each chip says, and what those of a group that are denied say together."""
    found = []
    for members in _groups(chips):
        found += [_statement([chip], members, negated=False) for chip in members if not chip.negated]
        if denied := [chip for chip in members if chip.negated]:
            found.append(_statement(denied, members, negated=True))
    return found


def _statement(chips: Sequence[Chip], members: Sequence[Chip], *, negated: bool) -> _Statement:
    terms = tuple(term for chip in chips for term in _terms(chip, members))
    most = least = prior = 1.0
    for term in terms:
        best, worst = _bounds(term)
        most, least, prior = most * best, least * worst, prior * term.prior
    denied = prior if negated and terms else 0.0
    if denied:
        most, least = (max((1.0 - denied * bound) / (1.0 - denied), LEAST_RATIO) for bound in (least, most))
    return _Statement(terms, denied, float(np.log(most)), float(np.log(least)))


def _held_against(table: PersonTable, rows: slice, statement: _Statement) -> FloatArray:
    """Ratios of some people, float32: of all terms together, or of their not being so."""
    value = np.ones(len(range(*rows.indices(len(table)))), np.float32)
    for term in statement.terms:
        value *= _ratio(table, rows, term)
    if statement.denied:
        # P(not so | reading) / P(not so); readings that disagree with each other can make it negative.
        value *= np.float32(-statement.denied / (1.0 - statement.denied))
        value += np.float32(1.0 / (1.0 - statement.denied))
        np.maximum(value, np.float32(LEAST_RATIO), out=value)
    return value


def _terms(chip: Chip, members: Sequence[Chip]) -> list[_Term]:
    """What a chip says of the columns; nothing where no reading tells."""
    if chip.kind == "colour":
        return [_colour_term(chip, regions) for regions in _colour_regions(chip, members)]
    entry = lexicon().meanings.get((chip.kind, chip.value))
    if entry is None:
        return []
    terms = _garment_terms(entry, chip.region, members)
    others = [lexicon().meanings.get((chip.kind, value)) for value in chip.also]
    options = [terms, *(_garment_terms(other, other.region, members) for other in others if other is not None)]
    return terms if len(options) == 1 else [_Term((), options=tuple(map(tuple, options)), prior=_either(options))]


def _either(options: Sequence[Sequence[_Term]]) -> float:
    """How many people one of several options holds for."""
    return min(0.95, sum(float(np.prod([term.prior for term in terms])) for terms in options))


def _garment_terms(entry: Entry, region: str, members: Sequence[Chip]) -> list[_Term]:
    regions = ((region, 1.0),) if region else tuple(ANYWHERE_CLOTH.items())
    places = tuple((REGIONS.index(region), weight) for region, weight in regions)
    terms = []
    if entry.traits:
        place = "lower" if entry.value == "dress" else regions[0][0]
        traits = {
            TRAITS.index(trait): (likely, USUAL_TRAITS.get((place, trait), 0.1))
            for trait, likely in entry.traits.items()
        }
        terms.append(_Term(places, traits=traits, prior=entry.prior))
    if entry.colours and not any(other.kind == "colour" for other in members):
        terms.append(_tendency(entry, places))
    return terms


def _colour_regions(chip: Chip, members: Sequence[Chip]) -> list[tuple[tuple[str, float], ...]]:
    if not chip.region:
        return [tuple(ANYWHERE.items())]
    regions: list[tuple[tuple[str, float], ...]] = [((chip.region, 1.0),)]
    for other in members:
        entry = lexicon().meanings.get((other.kind, other.value))
        if entry is not None and entry.covers and not entry.several and other.region == chip.region:
            # A dress has its colour below the waist too; where bare legs are seen instead half a word is enough.
            regions += [((name, 0.5),) for name in entry.covers]
    return regions


def _colour_term(chip: Chip, regions: tuple[tuple[str, float], ...]) -> _Term:
    # What fits anywhere tells the same everywhere: red trousers are rarer than red tops, but no better answer to "red".
    gains = tuple(
        ratios(reading(chip.value, at, chip.shade, chip.also), at) - np.float32(1.0)
        for at in (region if chip.region else "upper" for region, _ in regions)
    )
    prior = float(np.mean([worn(chip.value, chip.also, region) for region, _ in regions]))
    return _Term(tuple((REGIONS.index(region), weight) for region, weight in regions), gains, prior=prior)


def _tendency(entry: Entry, regions: tuple[tuple[int, float], ...]) -> _Term:
    gains = []
    for place, _ in regions:
        row = np.sum([share * reading(name, REGIONS[place]) for name, share in entry.colours.items()], axis=0)
        gains.append(ratios((row / row.sum()).astype(np.float32), REGIONS[place]) - np.float32(1.0))
    usual = common(REGIONS[regions[0][0]])
    prior = float(sum(usual[COLOURS.index(name)] for name, share in entry.colours.items() if share >= 0.2))
    return _Term(regions, tuple(gains), prior=1.0 if entry.traits else min(prior, 0.9))


def _ratio(table: PersonTable, rows: slice, term: _Term) -> FloatArray:
    """Of some people, float32, how many times as likely the readings are where the chip holds."""
    value = np.ones(len(range(*rows.indices(len(table)))), np.float32)
    if term.options:
        value *= 0
        for terms in term.options:
            together = np.full_like(value, 1.0 / len(term.options))
            for each in terms:
                together *= _ratio(table, rows, each)
            value += together
        return value
    for (place, weight), gain in zip(term.regions, term.colours, strict=False):
        value += table.colours[place, rows] @ (gain * np.float32(weight))
    if term.traits:
        told = np.zeros_like(value)
        for place, weight in term.regions:
            one = np.full_like(value, weight)
            for trait, (likely, usual) in term.traits.items():
                one *= _trait_ratio(table.traits[place, trait, rows], likely, usual)
            told += one
        value *= told
    return value


def _trait_ratio(value: FloatArray, likely: float, usual: float) -> FloatArray:
    """P(reading | holds) / P(reading) of a trait's probability that was judged without knowing how common it is."""
    top = np.float32(1.0 - likely) + np.float32(2.0 * likely - 1.0) * value
    bottom = np.float32(1.0 - usual) + np.float32(2.0 * usual - 1.0) * value
    answer: FloatArray = top / bottom
    return answer


def _bounds(term: _Term) -> tuple[float, float]:
    """The most and the least `_ratio` can be."""
    if term.options:
        bounds = np.array(
            [np.prod([_bounds(each) for each in terms], axis=0) for terms in term.options if terms] or [(1, 1)]
        )
        return float(bounds[:, 0].max()), float(bounds[:, 1].min())
    most, least = 1.0, 1.0
    for (place, weight), gain in zip(term.regions, term.colours, strict=False):
        trust = TRUST[REGIONS[place]]
        most += trust * weight * float(gain.max())
        least += trust * weight * float(gain.min())
    trust = TRUST[REGIONS[term.regions[0][0]]]
    ends = np.array([0.5 - trust / 2, 0.5 + trust / 2], np.float32)
    for likely, usual in term.traits.values():
        both = _trait_ratio(ends, likely, usual)
        most, least = most * float(both.max()), least * float(both.min())
    return most, least


def _scaled(logs: FloatArray, highest: float, lowest: float) -> FloatArray:
    """(P,) float32 in [0, 1]: `lowest` is 0, 0 is .5, `highest` is 1."""
    up = logs / highest if highest > 0 else np.zeros_like(logs)
    down = logs / -lowest if lowest < 0 else np.zeros_like(logs)
    answer: FloatArray = np.clip(0.5 + 0.5 * np.where(logs > 0, up, down), 0.0, 1.0).astype(np.float32)
    return answer


def _seen(votes: Sequence[SlotVote], chip: Chip) -> str:
    """Canonical words for what was seen where a chip looks."""
    known = {entry.region: entry for entry in votes}
    region = chip.region or max(
        ANYWHERE_CLOTH, key=lambda name: known[name].visible * ANYWHERE_CLOTH[name] if name in known else 0.0
    )
    if region not in known:
        return ""
    if chip.kind == "colour":
        return seen_colours(known[region])
    entry = lexicon().meanings.get((chip.kind, chip.value))
    return seen_traits(known[region], tuple(entry.traits) if entry else ())
