"""What the gallery shows, as the address says it, so that a view of it can be linked.

Owns: the keys of that address and of its state in a session. May import: `engine.core`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine.core.dossier import SORTS, GalleryQuery

# Keys of session_state.
ELEMENT = "sl_gallery"
TEXT_BOX = "sl_gallery_text"
FOOTAGE_BOX = "sl_gallery_footage"
CAMERA_BOX = "sl_gallery_camera"
ONLY_BOX = "sl_gallery_only"
SORT_BOX = "sl_gallery_sort"
DAYS_BOX = "sl_gallery_days"
SHOWN = "sl_gallery_shown"
LAST = "sl_gallery_last"
NAME_BOX = "sl_gallery_name"

# Keys of the address.
Q_ID = "id"
Q_TEXT = "q"
Q_FOOTAGE = "footage"
Q_CAMERA = "camera"
Q_ONLY = "only"
Q_SORT = "sort"
Q_SINCE = "since"
Q_UNTIL = "until"

ONLY = ("named", "several", "alarms")
"""Fields of `GalleryQuery` that are on or off."""

STEP = 60
"""Cards that are shown at once, and that come with every wish for more."""

LONGEST = 200
"""Characters of a text that are looked at."""

Days = tuple[date, ...]
"""First and last day; one or none while somebody chooses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to see.

    Attributes:
        id: of the identity whose dossier is open, "" for the gallery.
        query: which identities; days are in `days`.
        days: first and last, empty for any.
    """

    id: str = ""
    query: GalleryQuery = field(default_factory=GalleryQuery)
    days: Days = ()


def read(address: Mapping[str, Sequence[str]]) -> Asked:
    """What an address asks; what makes no sense in it is passed over.

    Args:
        address: key -> its values.
    """
    last = {key: values[-1] for key, values in address.items() if values}
    only = address.get(Q_ONLY, ())
    query = GalleryQuery(
        text=" ".join(last.get(Q_TEXT, "")[:LONGEST].split()),
        footage=tuple(dict.fromkeys(address.get(Q_FOOTAGE, ()))),
        cameras=tuple(dict.fromkeys(address.get(Q_CAMERA, ()))),
        sort=last[Q_SORT] if last.get(Q_SORT) in SORTS else SORTS[0],
        **{name: name in only for name in ONLY},
    )
    days = tuple(day for key in (Q_SINCE, Q_UNTIL) if (day := _day(last.get(key, ""))) is not None)
    return Asked(id=last.get(Q_ID, ""), query=query, days=days if len(days) == 2 and days[0] <= days[1] else ())


def written(asked: Asked) -> dict[str, list[str]]:
    """The address of what is asked; what is as usual is left out."""
    query = asked.query
    address = {
        Q_ID: [asked.id],
        Q_TEXT: [query.text],
        Q_FOOTAGE: list(query.footage),
        Q_CAMERA: list(query.cameras),
        Q_ONLY: [name for name in ONLY if getattr(query, name)],
        Q_SORT: [query.sort] if query.sort != SORTS[0] else [],
    }
    if len(asked.days) == 2:
        address |= {Q_SINCE: [asked.days[0].isoformat()], Q_UNTIL: [asked.days[1].isoformat()]}
    return {key: kept for key, values in address.items() if (kept := [value for value in values if value])}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
