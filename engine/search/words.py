"""What chips, colours, garments and evidence are called, in Korean and English.

Owns: names for pages. May import: `engine.core`, `engine.search`.
"""

from __future__ import annotations

from engine.core.clothing import COLOURS, REGIONS, SlotVote
from engine.core.search import AGREES, CONTRADICTS, NOT_VISIBLE, Chip
from engine.search.english import colour_entry, vague
from engine.search.lexicon import CONTENT, lexicon

LANGUAGES = ("en", "ko")

REGION_NAMES = {
    "head": ("head", "머리 위"),
    "hair": ("hair", "머리카락"),
    "upper": ("upper body", "상의"),
    "lower": ("lower body", "하의"),
    "shoes": ("shoes", "신발"),
    "bag": ("bag", "가방"),
    "": ("anywhere", "어디든"),
}

SHADE_NAMES = {"light": ("light", "연한"), "dark": ("dark", "진한")}

VAGUE_NAMES = {
    "light": ("light", "밝은 색"),
    "dark": ("dark", "어두운 색"),
    "bright": ("bright", "화사한 색"),
    "neon": ("neon", "형광색"),
}

VERDICT_NAMES = {
    AGREES: ("agrees", "일치"),
    CONTRADICTS: ("contradicts", "불일치"),
    NOT_VISIBLE: ("not visible", "보이지 않음"),
}
"""What cannot be told by looking at slots is among the last."""

SEEN_NAMES = {
    "hat": ("hat", "모자"),
    "no-hat": ("no hat", "모자 없음"),
    "bag": ("bag", "가방"),
    "no-bag": ("no bag", "가방 없음"),
    "long-sleeves": ("long sleeves", "긴소매"),
    "short-sleeves": ("short sleeves", "반소매"),
    "long-legs": ("long legs", "긴 하의"),
    "short-legs": ("short legs", "짧은 하의"),
    "long-hair": ("long hair", "긴 머리"),
    "short-hair": ("short hair", "짧은 머리"),
    "dress": ("dress", "원피스"),
    "skirt": ("skirt", "치마"),
    "trousers": ("trousers", "바지"),
    "striped": ("striped", "줄무늬"),
    "patterned": ("patterned", "무늬"),
    "plain": ("plain", "무지"),
}
"""Canonical words for what was seen beside colours."""

LENGTHS = {"upper": "sleeves", "lower": "legs", "hair": "hair"}


def colour_name(colour: str, language: str = "en") -> str:
    """What a colour of `COLOURS` is called.

    Raises:
        ValueError: no such colour or language.
    """
    if colour not in COLOURS:
        raise ValueError(f"no colour {colour!r}")
    return _name("colour", colour, language)


def garment_name(garment: str, language: str = "en") -> str:
    """What a garment of the lexicon is called.

    Raises:
        ValueError: no such garment or language.
    """
    return _name("garment", garment, language)


def region_name(region: str, language: str = "en") -> str:
    """What a region of `REGIONS`, or "" for anywhere, is called."""
    return REGION_NAMES[region][_place(language)]


def verdict_name(verdict: str, language: str = "en") -> str:
    """What a verdict of `EVIDENCE` is called."""
    return VERDICT_NAMES[verdict][_place(language)]


def seen_name(seen: str, language: str = "en") -> str:
    """`Evidence.seen` in words: "black, white" -> "검정, 흰색"."""
    place = _place(language)
    words = [word for word in seen.split(", ") if word]
    return ", ".join(
        colour_name(word, language) if word in COLOURS else SEEN_NAMES[word][place] if word in SEEN_NAMES else word
        for word in words
    )


def name(chip: Chip, language: str = "en") -> str:
    """What a chip says, without its region: "dark blue", "not red", "모자 없음"."""
    place = _place(language)
    if chip.kind == "colour":
        said = _colour(chip, language)
    else:
        names = [_name(chip.kind, value, language) for value in (chip.value, *chip.also)]
        said = (" 또는 " if place else " or ").join(names)
    if not chip.negated:
        return said
    if chip.kind == "garment":
        return f"{said} 없음" if place else f"no {said}"
    return f"{said} 아님" if place else f"not {said}"


def choices(kind: str, region: str = "") -> tuple[str, ...]:
    """Canonical values a chip of a kind may be given, for editing.

    Args:
        kind: "colour", "garment", "trait" or "pattern".
        region: only what is worn there, or anywhere; "" is everything.

    Raises:
        ValueError: no such kind or region.
    """
    if kind not in CONTENT or region not in (*REGIONS, ""):
        raise ValueError(f"no chips of kind {kind!r} in {region!r}")
    if kind == "colour":
        return COLOURS
    entries = [entry for entry in lexicon().entries if entry.kind == kind and not entry.negated]
    return tuple(entry.value for entry in entries if not region or entry.region in (region, ""))


def vocabulary(language: str = "en") -> tuple[tuple[str, str, str, str], ...]:
    """Everything a chip may hold and what may be seen: kind, canonical word, name, and the region it is worn on.

    What is seen beside colours has the kind "seen" and no region.
    """
    place = _place(language)
    chips = [
        (entry.kind, entry.value, _name(entry.kind, entry.value, language), entry.region)
        for entry in lexicon().entries
        if entry.kind in CONTENT and lexicon().meanings[entry.kind, entry.value] is entry
    ]
    return (*chips, *(("seen", value, names[place], "") for value, names in SEEN_NAMES.items()))


def seen_colours(vote: SlotVote) -> str:
    """Canonical names of the colours of a region, largest first: "black, white"."""
    return ", ".join(colour for colour, _ in vote.colours)


def seen_traits(vote: SlotVote, asked: tuple[str, ...]) -> str:
    """Canonical words for what was seen of the traits that were asked for, such as "no-hat" or "short-sleeves"."""
    known = dict(vote.traits)
    words = []
    if "present" in asked and "present" in known:
        thing = "hat" if vote.region == "head" else "bag"
        words.append(thing if known["present"] >= 0.5 else f"no-{thing}")
    if "long" in asked and "long" in known and vote.region in LENGTHS:
        words.append(f"{'long' if known['long'] >= 0.5 else 'short'}-{LENGTHS[vote.region]}")
    if {"dress", "skirt"} & set(asked) and {"dress", "skirt"} & set(known):
        likeliest = max(("dress", "skirt"), key=lambda trait: known.get(trait, 0.0))
        if known.get(likeliest, 0.0) >= 0.5:
            words.append(likeliest)
        elif vote.region == "lower":
            words.append("trousers")
    if {"striped", "patterned"} & set(asked) and {"striped", "patterned"} & set(known):
        likeliest = max(("striped", "patterned"), key=lambda trait: known.get(trait, 0.0))
        words.append(likeliest if known.get(likeliest, 0.0) >= 0.5 else "plain")
    return ", ".join(words)


def _colour(chip: Chip, language: str) -> str:
    place = _place(language)
    if entry := colour_entry(chip):
        return (entry.ko if place else entry.en)[0]
    if shade := vague(chip):
        return VAGUE_NAMES[shade][place]
    said = colour_name(chip.value, language)
    if chip.shade:
        said = f"{SHADE_NAMES[chip.shade][place]} {said}"
    return (" 또는 " if place else " or ").join([said, *(colour_name(other, language) for other in chip.also)])


def _name(kind: str, value: str, language: str) -> str:
    entry = lexicon().meanings.get((kind, value))
    if entry is None:
        raise ValueError(f"no {kind} {value!r}")
    return (entry.ko if _place(language) else entry.en)[0]


def _place(language: str) -> int:
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
    return LANGUAGES.index(language)
