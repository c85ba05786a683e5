"""Chips as a plain English sentence, which pretrained networks are asked with: a woman in a black shirt and blue jeans.

Owns: the sentence. May import: `engine.core`, `engine.search.lexicon`.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.search import Chip
from engine.search.lexicon import VAGUE, Entry, lexicon

PLURAL = (
    "trousers",
    "jeans",
    "leggings",
    "shorts",
    "slacks",
    "sweatpants",
    "bottoms",
    "shoes",
    "sneakers",
    "dress shoes",
)
MASS = ("hair", "clothes", "jewellery", "glasses", "gloves", "socks", "boots", "sandals", "slippers", "high heels")
WITHOUT_ARTICLE = frozenset({*PLURAL, *MASS})

REGION_NOUNS = {"upper": "top", "lower": "bottoms", "shoes": "shoes", "head": "hat", "hair": "hair", "bag": "bag"}

SPOKEN = {
    "long-sleeves": "long-sleeved",
    "short-sleeves": "short-sleeved",
    "long-legs": "long",
    "short-legs": "short",
    "long-cut": "long",
    "short-cut": "short",
    "long-hair": "long",
    "short-hair": "short",
    "tied-hair": "tied-back",
    "curly-hair": "curly",
    "hooded-cut": "hooded",
}
"""Traits as adjectives, where their value is none."""


def sentence(chips: Sequence[Chip], person: str) -> str:
    """The sentence; "" where there is nothing to say.

    Args:
        chips: of a query; those of one group are of one garment.
        person: "woman", "boy"; "" for anybody.
    """
    groups: dict[int, list[Chip]] = {}
    for chip in chips:
        groups.setdefault(chip.group, []).append(chip)
    worn: list[str] = []
    had: list[str] = []
    without: list[str] = []
    other: list[str] = []
    for members in groups.values():
        region = members[0].region
        if all(chip.negated for chip in members) and any(chip.kind == "garment" for chip in members):
            without.append(_noun(members, article=True))
            continue
        if wanted := [chip for chip in members if not chip.negated]:
            cloth = region not in ("hair", "bag", "") or not any(
                chip.kind == "garment" and chip.value != "clothes" for chip in wanted
            )
            (worn if cloth and region not in ("hair", "bag") else had).append(_noun(wanted, article=True))
        if denied := [chip for chip in members if chip.negated]:
            other.append(_noun(denied, article=False))
    if not (worn or had or without or other):
        return _with_article(person) if person else ""
    said = [_with_article(person or "person")]
    for word, phrases, last in (
        ("in", worn, "and"),
        ("with", had, "and"),
        ("without", without, "or"),
        ("not", other, "or"),
    ):
        if phrases:
            said.append(f"{word} {_list(phrases, last)}")
    return " ".join(said)


def _noun(members: Sequence[Chip], *, article: bool) -> str:
    """What the chips of one garment say of it: a long grey cardigan."""
    colours = list(dict.fromkeys(_colour(chip) for chip in members if chip.kind == "colour"))
    spoken = [SPOKEN.get(chip.value, chip.value) for chip in members if chip.kind in ("trait", "pattern")]
    garments = [" or ".join([chip.value, *chip.also]) for chip in members if chip.kind == "garment"]
    if not garments and not article:
        return " ".join(part for part in (*spoken, _list(colours)) if part)
    if "bald" in spoken:
        return "a bald head"
    noun = " ".join(garments) or REGION_NOUNS.get(members[0].region, "" if colours else "clothes")
    lengths = [word for word in spoken if word in ("long", "short")]
    rest = [word for word in spoken if word not in lengths]
    words = " ".join(part for part in (*lengths, _list(colours), *rest, noun) if part)
    plural = not noun or (garments[-1] if garments else noun).split(" or ")[0] in WITHOUT_ARTICLE
    return words if plural or not article else _with_article(words)


def _colour(chip: Chip) -> str:
    """A colour as people say it, in the one word that means all of it where there is one: khaki, burgundy, blonde."""
    if entry := colour_entry(chip):
        return entry.english or entry.en[0]
    if shade := vague(chip):
        return shade
    return " or ".join([f"{chip.shade} {chip.value}".strip(), *chip.also])


def vague(chip: Chip) -> str:
    """Of `VAGUE`, where a colour chip means no more than that; "" otherwise."""
    for shade, (colour, also) in VAGUE.items():
        if (chip.value, chip.also) == (colour, also) and chip.shade in (shade, ""):
            return shade
    return ""


def colour_entry(chip: Chip) -> Entry | None:
    """The entry that means exactly what a colour chip does, None where several words were needed."""
    meaning = (chip.value, chip.shade, chip.also)
    entries = [entry for entry in lexicon().entries if entry.kind == "colour" and entry.region in ("", chip.region)]
    exact = [entry for entry in entries if (entry.value, entry.shade, entry.also) == meaning]
    return max(exact, key=lambda entry: bool(entry.region and entry.english), default=None)


def _with_article(words: str) -> str:
    return f"{'an' if words[:1] in tuple('aeiou') else 'a'} {words}"


def _list(words: Sequence[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
