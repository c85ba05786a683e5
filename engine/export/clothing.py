"""What somebody wears, as every JSON of ours writes it. May import: `engine.core`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.core.clothing import PersonClothing, SlotVote

ALWAYS = ("upper", "lower", "shoes", "head")
"""Regions that are always written, in this order; others follow where they were seen."""

LIKELY = 0.5
"""Probability from which on a trait is told."""


def clothing_entry(clothing: PersonClothing) -> dict[str, Any]:
    """Caption and slots of somebody; the caption is null where there is none."""
    return {"caption": clothing.caption or None, "slots": slots_entry(clothing.slots)}


def slots_entry(slots: Sequence[SlotVote]) -> dict[str, Any]:
    """Region -> what is worn there, the largest share first.

    Args:
        slots: one for each region.

    Returns:
        For each region a list of {"color", "type", "pattern", "score"}; the score is the share of that colour in
        [0, 1]. A garment's type is told as far as it can be, else it is null; so is its pattern. Regions that were
        not seen, and heads and hands with nothing on them, have empty lists; "seen" tells those apart.
    """
    by_region = {slot.region: slot for slot in slots}
    entry: dict[str, Any] = {region: _garments(by_region.get(region)) for region in ALWAYS}
    entry |= {region: _garments(slot) for region, slot in by_region.items() if region not in ALWAYS}
    entry["seen"] = {slot.region: round(slot.visible, 4) for slot in slots}
    return entry


def _garments(slot: SlotVote | None) -> list[dict[str, Any]]:
    if slot is None or not slot.visible:
        return []
    traits = dict(slot.traits)
    if "present" in traits and slot.region in ("head", "bag") and traits["present"] < LIKELY:
        return []
    kind, pattern = _kind(slot.region, traits), _pattern(traits)
    return [
        {"color": colour, "type": kind, "pattern": pattern, "score": round(share, 4)} for colour, share in slot.colours
    ]


def _kind(region: str, traits: dict[str, float]) -> str | None:
    if region in ("head", "bag"):
        # Whether there is one at all is known, or nothing is said of its kind.
        return {"head": "hat", "bag": "bag"}[region] if "present" in traits else None
    for name in ("dress", "skirt"):
        if traits.get(name, 0.0) >= LIKELY:
            return name
    if "long" not in traits:
        return None
    length = "long" if traits["long"] >= LIKELY else "short"
    return {"upper": f"{length} sleeves", "lower": f"{length} trousers", "hair": f"{length} hair"}.get(region)


def _pattern(traits: dict[str, float]) -> str | None:
    told = [(traits[name], name) for name in ("striped", "patterned") if name in traits]
    if not told:
        return None
    probability, name = max(told)
    return name if probability >= LIKELY else "plain"
