"""Who fits a query better, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from engine.core.clothing import COLOURS, REGIONS, SlotVote
from engine.core.search import AGREES, CONTRADICTS, EVIDENCE, NOT_VISIBLE
from engine.search.lexicon import CONTENT, lexicon
from engine.search.query import understand, understand_chips
from engine.search.ranking import BLOCK, evidence, rank
from engine.search.votes import pack_votes

Person = Sequence[SlotVote]
UNSEEN: Person = ()


def slot(region: str, *colours: str, **traits: float) -> SlotVote:
    """A region that was always in view, its colours in equal parts."""
    return SlotVote(region, 1.0, tuple((name, 1 / len(colours)) for name in colours), tuple(traits.items()), 3)


def upper(*colours: str, **traits: float) -> Person:
    return (slot("upper", *colours, **traits),)


def lower(*colours: str, **traits: float) -> Person:
    return (slot("lower", *colours, **traits),)


def head(*colours: str, present: float) -> Person:
    return (slot("head", *colours, present=present),)


def scores(query: str, *people: Person) -> list[float]:
    return [float(score) for score in rank(pack_votes(people), understand(query))]


BLACK_AND_JEANS: Person = (
    slot("upper", "black", long=0.1),
    slot("lower", "blue", long=0.95, skirt=0.05, dress=0.05),
    slot("shoes", "white"),
    slot("head", "black", present=0.05),
)


@pytest.mark.parametrize("query", ["black t-shirt, blue jeans, white sneakers, no hat", "검은 티셔츠 청바지 흰 운동화"])
def test_who_agrees_in_all_is_near_one(query: str) -> None:
    [score] = scores(query, BLACK_AND_JEANS)
    assert score > 0.93


def test_who_contradicts_in_all_is_near_zero() -> None:
    other = (slot("upper", "white", long=0.95), slot("lower", "red", skirt=0.95, long=0.1), slot("shoes", "black"))
    [score] = scores("black t-shirt, blue jeans, white sneakers", other)
    assert score < 0.1


def test_of_whom_nothing_is_known_is_in_the_middle() -> None:
    assert scores("black shirt", UNSEEN) == [0.5]
    assert scores("no hat", UNSEEN) == [0.5]
    assert scores("", BLACK_AND_JEANS) == [0.5]
    assert scores("나이키", BLACK_AND_JEANS, UNSEEN) == [0.5, 0.5]
    assert rank(pack_votes([]), understand("red")).shape == (0,)


@pytest.mark.parametrize(
    ("query", "better_to_worse"),
    [
        pytest.param("red shirt", [upper("red"), UNSEEN, upper("black")], id="unseen-lies-between"),
        pytest.param("navy jacket", [upper("navy"), upper("black"), upper("white")], id="near-colours"),
        pytest.param("black jacket", [upper("black"), upper("navy"), upper("white")], id="black-navy"),
        pytest.param("white shirt", [upper("white"), upper("beige"), upper("black")], id="white-beige"),
        pytest.param("olive coat", [upper("olive"), upper("green"), upper("red")], id="olive-green"),
        pytest.param("dark grey coat", [upper("grey"), upper("black"), upper("white")], id="dark"),
        pytest.param("light grey coat", [upper("grey"), upper("white"), upper("black")], id="light"),
        pytest.param("charcoal coat", [upper("grey"), upper("white")], id="compound"),
        pytest.param("blue or red shirt", [upper("red"), upper("white")], id="either-second"),
        pytest.param("blue or red shirt", [upper("blue"), upper("white")], id="either-first"),
        pytest.param(
            "black and white shirt", [upper("black", "white"), upper("black"), upper("red")], id="two-colours"
        ),
        pytest.param("black shirt", [upper("black"), upper("black", "white"), upper("white")], id="one-of-two-colours"),
        pytest.param("no hat", [head("black", present=0.05), UNSEEN, head("red", present=0.95)], id="no-hat"),
        pytest.param("hat", [head("red", present=0.95), UNSEEN, head("black", present=0.05)], id="hat"),
        pytest.param("not red", [upper("black"), UNSEEN, upper("red")], id="not-red"),
        pytest.param(
            "no red hat", [head("blue", present=0.95), UNSEEN, head("red", present=0.95)], id="another-hat-will-do"
        ),
        pytest.param("no red hat", [head("red", present=0.05), head("red", present=0.95)], id="no-hat-will-do"),
        pytest.param("red", [upper("red"), lower("red"), UNSEEN, upper("black")], id="anywhere"),
        pytest.param("jeans", [lower("blue"), lower("black"), lower("red")], id="jeans-are-blue-or-dark"),
        pytest.param("black jeans", [lower("black"), lower("blue"), lower("white")], id="colour-beats-tendency"),
        pytest.param("jeans", [lower("blue", skirt=0.05), lower("blue", skirt=0.95)], id="jeans-are-no-skirt"),
        pytest.param("skirt", [lower("blue", skirt=0.95), UNSEEN, lower("blue", skirt=0.05)], id="skirt"),
        pytest.param("t-shirt", [upper("red", long=0.1), UNSEEN, upper("red", long=0.9)], id="t-shirt"),
        pytest.param("long sleeves", [upper("red", long=0.9), UNSEEN, upper("red", long=0.1)], id="long-sleeves"),
        pytest.param("striped shirt", [upper("red", striped=0.9), UNSEEN, upper("red", striped=0.02)], id="striped"),
        pytest.param("plain shirt", [upper("red", striped=0.02), upper("red", striped=0.95)], id="plain"),
        pytest.param("striped", [lower("red", striped=0.9), lower("red", striped=0.02)], id="pattern-anywhere"),
        pytest.param(
            "red dress",
            [
                (slot("upper", "red", dress=0.9), slot("lower", "red", dress=0.9)),
                (slot("upper", "red", dress=0.1), slot("lower", "red", dress=0.1)),
                (slot("upper", "red", dress=0.1), slot("lower", "blue", dress=0.1)),
            ],
            id="dress",
        ),
        pytest.param(
            "black suit",
            [
                (slot("upper", "black"), slot("lower", "black")),
                (slot("upper", "black"), slot("lower", "red")),
                (slot("upper", "red"), slot("lower", "red")),
            ],
            id="suit-is-both",
        ),
        pytest.param(
            "skirt or dress",
            [lower("red", skirt=0.95), lower("red", dress=0.5, skirt=0.5), lower("red", dress=0.05, skirt=0.05)],
            id="either-garment",
        ),
        pytest.param(
            "teal jacket, black trousers",
            [
                (slot("upper", "teal"), slot("lower", "black")),
                (slot("upper", "teal"), slot("lower", "brown")),
                (slot("upper", "black"), slot("lower", "black")),
            ],
            id="what-is-rare-tells-more",
        ),
        pytest.param("blonde", [(slot("hair", "beige"),), UNSEEN, (slot("hair", "black"),)], id="hair"),
        pytest.param(
            "red hair", [(slot("hair", "orange"),), (slot("hair", "brown"),), (slot("hair", "black"),)], id="red-hair"
        ),
    ],
)
def test_order(query: str, better_to_worse: list[Person]) -> None:
    got = scores(query, *better_to_worse)
    assert got == sorted(got, reverse=True)
    assert all(one - other > 0.01 for one, other in pairwise(got))


@pytest.mark.parametrize("query", ["shirt", "blouse", "shoes", "scarf", "sneakers"])
def test_what_slots_cannot_tell_changes_nothing(query: str) -> None:
    plain = (slot("upper", "red", long=0.9, dress=0.05), slot("shoes", "black"))
    chips = [
        chip for chip in understand(query).chips if chip.value in ("shirt", "blouse", "shoes", "scarf", "sneakers")
    ]
    assert all(
        entry.verdict == NOT_VISIBLE and entry.score == 0.5 for entry in evidence(plain, understand_chips(chips))
    )


def test_a_garment_that_cannot_be_told_never_contradicts() -> None:
    # Upper garments with long sleeves look alike, and so do shoes.
    coat = (slot("upper", "black", long=0.95, dress=0.03), slot("shoes", "black"))
    for query in ("shirt", "sweater", "jacket", "coat", "hoodie", "boots", "sneakers", "sandals"):
        assert evidence(coat, understand(query))[0].verdict != CONTRADICTS


def test_evidence_of_each_chip() -> None:
    understood = understand("black t-shirt, red jeans, hat, no bag, striped, blonde")
    found = evidence(BLACK_AND_JEANS, understood)
    assert [entry.chip for entry in found] == list(range(len(understood.chips)))
    told = {understood.chips[entry.chip].value: (entry.verdict, entry.seen) for entry in found}
    assert told == {
        "black": (AGREES, "black"),
        "t-shirt": (AGREES, "short-sleeves"),
        "red": (CONTRADICTS, "blue"),
        "jeans": (AGREES, "long-legs, trousers"),
        "hat": (CONTRADICTS, "no-hat"),
        "bag": (NOT_VISIBLE, ""),
        "striped": (NOT_VISIBLE, ""),
        "beige": (NOT_VISIBLE, ""),
    }
    for entry in found:
        assert (entry.score > 0.5, entry.score < 0.5) == (entry.verdict == AGREES, entry.verdict == CONTRADICTS)


def test_evidence_of_denials() -> None:
    [hat] = evidence(head("red", present=0.95), understand("no hat"))
    assert (hat.verdict, hat.seen) == (CONTRADICTS, "hat")
    [hat] = evidence(head("red", present=0.05), understand("모자 없는"))
    assert (hat.verdict, hat.seen) == (AGREES, "no-hat")
    [black] = evidence(upper("white"), understand("not black"))
    assert (black.verdict, black.seen) == (AGREES, "white")


def test_two_colours_are_named() -> None:
    assert evidence(upper("black", "white"), understand("black top"))[0].seen == "black, white"


def test_every_chip_of_the_lexicon_can_be_judged() -> None:
    table = pack_votes([BLACK_AND_JEANS, UNSEEN])
    for entry in lexicon().entries:
        if entry.kind in CONTENT:
            understood = understand(entry.en[0])
            score = rank(table, understood)
            assert ((score >= 0) & (score <= 1)).all()
            assert score[1] == pytest.approx(0.5, abs=1e-6)
            assert {each.verdict for each in evidence(BLACK_AND_JEANS, understood)} <= set(EVIDENCE)


def test_scores_do_not_depend_on_the_company_or_the_order_of_words() -> None:
    rng = np.random.default_rng(5)
    people: list[Person] = [upper(str(rng.choice(COLOURS))) for _ in range(20)]
    table = pack_votes(people)
    whole = rank(table, understand("red shirt, no hat, jeans"))
    assert rank(table[np.array([7, 3])], understand("jeans, no hat, red shirt")) == pytest.approx(
        whole[[7, 3]], abs=1e-6
    )


def test_many_people_are_ranked_as_few() -> None:
    few: list[Person] = [upper("red"), head("red", present=0.9), lower("blue"), BLACK_AND_JEANS, UNSEEN]
    times = BLOCK // len(few) + 2
    table = pack_votes(few)
    many = table[np.tile(np.arange(len(few)), times)]
    understood = understand("red hat, black t-shirt, no bag, skirt or dress")
    assert np.array_equal(rank(many, understood), np.tile(rank(table, understood), times))


def test_regions_are_where_they_should_be() -> None:
    for region in REGIONS:
        seen = (slot(region, "red", present=0.9),)
        chip = next(chip for chip in understand("red hat").chips if chip.kind == "colour")
        [score] = rank(pack_votes([seen]), understand_chips([chip]))
        assert (score > 0.5) == (region == "head")
