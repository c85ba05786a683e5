"""How well people fit what a query asks for: votes against chips, for one person or very many at once.

Every chip is a statement about the person, and the score is what the readings say of all of them together: for each,
how many times as likely the reading is where the statement holds as it is at all (a likelihood ratio). What was not
seen has the ratio 1 and speaks neither for nor against. An agreement on what is rare (a teal jacket) is worth more than
one on what everybody wears (black shoes), and no single reading counts without limit (`engine.search.votes.GARBAGE`).
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
from engine.search.votes import GARBAGE, PersonTable, pack_votes
from engine.search.words import seen_colours, seen_traits

ANYWHERE = {"upper": 0.5, "lower": 0.28, "head": 0.08, "shoes": 0.07, "bag": 0.07}
"""Which region a word without a garment speaks of: "in red" is mostly a red top."""

ANYWHERE_CLOTH = {"upper": 0.65, "lower": 0.35}
"""The same for patterns and traits, which only cloth of the body has."""

UNDECIDED = 0.02
"""Evidence whose ratio is so close to 1, as a logarithm, tells nothing."""

SURE = 1.0 - GARBAGE
"""How certain the best reading is."""


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """One chip, or its side on one region, ready to be held against columns.

    Attributes:
        regions: places in `REGIONS` with their weights, which sum to 1: ratios are averaged over them.
        colours: for each of `regions` what a full share of each colour adds to a ratio of 1, (15,) float32.
        traits: trait's place -> (probability where the chip holds, usual probability).
        prior: how many people the chip holds for, in (0, 1).
    """

    regions: tuple[tuple[int, float], ...]
    colours: tuple[FloatArray, ...] = ()
    traits: dict[int, tuple[float, float]] = field(default_factory=dict)
    prior: float = 0.5


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
    total = np.zeros(len(table), np.float64)
    highest = lowest = 0.0
    for members in _groups(understood.chips):
        wanted = [chip for chip in members if not chip.negated]
        denied = [chip for chip in members if chip.negated]
        for chip in wanted:
            logs, most, least = _weigh(table, [chip], members, negated=False)
            total, highest, lowest = total + logs, highest + most, lowest + least
        if denied:
            logs, most, least = _weigh(table, denied, members, negated=True)
            total, highest, lowest = total + logs, highest + most, lowest + least
    return _scaled(total, highest, lowest)


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
    answers = []
    groups = {members[0].group: members for members in _groups(understood.chips)}
    for place, chip in enumerate(understood.chips):
        logs, most, least = _weigh(table, [chip], groups[chip.group], negated=chip.negated)
        value = float(logs[0])
        verdict = NOT_VISIBLE if abs(value) < UNDECIDED else AGREES if value > 0 else CONTRADICTS
        score = float(_scaled(np.array([value]), most, least)[0])
        answers.append(Evidence(place, verdict, score, "" if verdict == NOT_VISIBLE else _seen(votes, chip)))
    return tuple(answers)


def _groups(chips: Sequence[Chip]) -> list[tuple[Chip, ...]]:
    """Chips that share a group, in the order of their first; exact repetitions count once."""
    groups: dict[int, dict[tuple[object, ...], Chip]] = {}
    for chip in chips:
        meaning = (chip.region, chip.kind, chip.value, chip.shade, chip.negated, chip.also)
        groups.setdefault(chip.group, {}).setdefault(meaning, chip)
    return [tuple(members.values()) for members in groups.values()]


def _weigh(
    table: PersonTable, chips: Sequence[Chip], members: Sequence[Chip], *, negated: bool
) -> tuple[FloatArray, float, float]:
    """Logarithms (P,) float64 of the ratio of chips that hold together, or do not where `negated`; and the most and the
    least they could be."""
    terms = [term for chip in chips for term in _terms(chip, members)]
    value = np.ones(len(table), np.float32)
    most = least = prior = 1.0
    for term in terms:
        value *= _ratio(table, term)
        best, worst = _bounds(term)
        most, least, prior = most * best, least * worst, prior * term.prior
    if negated:
        value = np.maximum((1.0 - prior * value) / (1.0 - prior), GARBAGE).astype(np.float32)
        most, least = (max((1.0 - prior * bound) / (1.0 - prior), GARBAGE) for bound in (least, most))
    return np.log(value), float(np.log(most)), float(np.log(least))


def _terms(chip: Chip, members: Sequence[Chip]) -> list[_Term]:
    """What a chip says of the columns; nothing where no reading tells."""
    if chip.kind == "colour":
        return [_colour_term(chip, regions) for regions in _colour_regions(chip, members)]
    entry = lexicon().meanings.get((chip.kind, chip.value))
    if entry is None:
        return []
    regions = ((chip.region, 1.0),) if chip.region else tuple(ANYWHERE_CLOTH.items())
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
    row = reading(chip.value, chip.shade, chip.also)
    gains = tuple(ratios(row, region) - np.float32(1.0) for region, _ in regions)
    prior = float(np.mean([worn(chip.value, chip.also, region) for region, _ in regions]))
    return _Term(tuple((REGIONS.index(region), weight) for region, weight in regions), gains, prior=prior)


def _tendency(entry: Entry, regions: tuple[tuple[int, float], ...]) -> _Term:
    row = np.sum([share * reading(name) for name, share in entry.colours.items()], axis=0)
    row = (row / row.sum()).astype(np.float32)
    gains = tuple(ratios(row, REGIONS[place]) - np.float32(1.0) for place, _ in regions)
    usual = common(REGIONS[regions[0][0]])
    prior = float(sum(usual[COLOURS.index(name)] for name, share in entry.colours.items() if share >= 0.2))
    return _Term(regions, gains, prior=min(prior, 0.9))


def _ratio(table: PersonTable, term: _Term) -> FloatArray:
    """(P,) float32, how many times as likely the readings are where the chip holds."""
    value = np.ones(len(table), np.float32)
    for (place, weight), gain in zip(term.regions, term.colours, strict=False):
        value += table.colours[place] @ (gain * np.float32(weight))
    if term.traits:
        told = np.zeros(len(table), np.float32)
        for place, weight in term.regions:
            one = np.full(len(table), weight, np.float32)
            for trait, (likely, usual) in term.traits.items():
                one *= _trait_ratio(table.traits[place, trait], likely, usual)
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
    most, least = 1.0, 1.0
    for (_, weight), gain in zip(term.regions, term.colours, strict=False):
        most += SURE * weight * float(gain.max())
        least += SURE * weight * float(gain.min())
    ends = np.array([0.5 - SURE / 2, 0.5 + SURE / 2], np.float32)
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
