"""Sentences from the attributes of PETA: one way to say each, always in the same order.

Source: Deng et al. 2014, Pedestrian Attribute Recognition At Far Distance. Imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

COLOURS = ("Black", "Blue", "Brown", "Green", "Grey", "Orange", "Pink", "Purple", "Red", "White", "Yellow")

_PERSON = {"personalMale": "man", "personalFemale": "woman"}
_SLEEVES = {"NoSleeve": "sleeveless", "ShortSleeve": "short-sleeved", "LongSleeve": "long-sleeved"}
_PATTERNS = {
    "Plaid": "plaid",
    "ThickStripes": "striped",
    "ThinStripes": "striped",
    "Stripes": "striped",
    "Logo": "printed",
}
_UPPER = {
    "Jacket": "jacket",
    "Suit": "suit",
    "Suits": "suit",
    "Sweater": "sweater",
    "Tshirt": "t-shirt",
    "VNeck": "v-neck top",
}
_LOWER = {
    "Jeans": "jeans",
    "Trousers": "trousers",
    "Shorts": "shorts",
    "HotPants": "hot pants",
    "LongSkirt": "long skirt",
    "ShortSkirt": "short skirt",
    "Capri": "capri trousers",
    "Suits": "suit trousers",
}
_FEET = {
    "Boots": "boots",
    "LeatherShoes": "leather shoes",
    "Sandals": "sandals",
    "Sneakers": "sneakers",
    "Sneaker": "sneakers",
    "Stocking": "stockings",
    "Shoes": "shoes",
}
_HAIR = {"Long": "long", "Short": "short"}
_WEARS = {
    "accessoryHat": "a hat",
    "accessoryFaceMask": "a face mask",
    "accessoryHairBand": "a hair band",
    "accessoryHeadphone": "headphones",
    "accessoryKerchief": "a kerchief",
    "accessoryMuffler": "a scarf",
    "accessoryShawl": "a shawl",
    "accessorySunglasses": "sunglasses",
}
_CARRIES = {
    "carryingBackpack": "a backpack",
    "carryingMessengerBag": "a shoulder bag",
    "carryingPlasticBags": "plastic bags",
    "carryingLuggageCase": "a suitcase",
    "carryingSuitcase": "a suitcase",
    "carryingUmbrella": "an umbrella",
    "carryingFolder": "a folder",
    "carryingBabyBuggy": "a baby buggy",
    "carryingShoppingTro": "a shopping trolley",
}
_MANY = ("jeans", "trousers", "shorts", "pants", "boots", "shoes", "sandals", "sneakers", "stockings")


def peta_sentence(attributes: Iterable[str]) -> str:
    """A sentence for the attributes of one line of `Label.txt`.

    Args:
        attributes: such as "upperBodyBlack" and "personalFemale"; unknown ones are passed over.

    Returns:
        Such as "a woman with long black hair in a black long-sleeved jacket, blue jeans and white sneakers, wearing a
        hat, carrying a backpack"; "a person" where nothing is known.
    """
    told = set(attributes)
    person = _first(_PERSON, told) or "person"
    if "personalLess15" in told:
        person = {"man": "boy", "woman": "girl"}.get(person, "child")
    elif "personalLarger60" in told:
        person = f"old {person}"
    parts = [_article(person)]
    if hair := _hair(told):
        parts.append(f"with {hair}")
    clothes = [piece for piece in (_upper(told), _lower(told), _feet(told)) if piece]
    if clothes:
        parts.append(f"in {_list(clothes)}")
    sentence = " ".join(parts)
    wears = sorted({word for name, word in _WEARS.items() if name in told})
    carries = sorted({word for name, word in _CARRIES.items() if name in told})
    for verb, things in (("wearing", wears), ("carrying", carries)):
        if things:
            sentence += f", {verb} {_list(things)}"
    return sentence


def _upper(told: set[str]) -> str:
    garment = _of("upperBody", _UPPER, told)
    looks = [_colours("upperBody", told), _of("upperBody", _SLEEVES, told), _of("upperBody", _PATTERNS, told)]
    return _piece(looks, garment, "top")


def _lower(told: set[str]) -> str:
    looks = [_colours("lowerBody", told), _of("lowerBody", _PATTERNS, told)]
    return _piece(looks, _of("lowerBody", _LOWER, told), "clothes below")


def _feet(told: set[str]) -> str:
    return _piece([_colours("footwear", told)], _of("footwear", _FEET, told), "shoes")


def _hair(told: set[str]) -> str:
    if "hairBald" in told:
        return "a bald head"
    looks = [word for word in (_of("hair", _HAIR, told), _colours("hair", told)) if word]
    return f"{' '.join(looks)} hair" if looks else ""


def _piece(looks: list[str], garment: str, otherwise: str) -> str:
    """Article, looks and garment; "" where nothing is known of it."""
    known = [word for word in looks if word]
    if not known and not garment:
        return ""
    name = " ".join([*known, garment or otherwise])
    return name if name.endswith((*_MANY, "below")) else _article(name)


def _of(part: str, words: Mapping[str, str], told: set[str]) -> str:
    return _first({part + name: word for name, word in words.items()}, told)


def _first(words: Mapping[str, str], told: set[str]) -> str:
    return next((word for name, word in words.items() if name in told), "")


def _colours(part: str, told: set[str]) -> str:
    return " and ".join(colour.lower() for colour in COLOURS if f"{part}{colour}" in told)


def _article(name: str) -> str:
    return f"an {name}" if re.match("[aeiou]", name) else f"a {name}"


def _list(pieces: list[str]) -> str:
    return " and ".join([", ".join(pieces[:-1]), pieces[-1]] if len(pieces) > 1 else pieces)
