"""Everybody in all footage: what a gallery is asked, and all that is known of one identity.

Owns: those values. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.clothing import PersonClothing
from engine.core.config import Checked, number, whole
from engine.core.identity import Appearance, IdentityView, PersonRef
from engine.core.reviews import ReviewItem

SORTS = ("first", "visible", "appearances", "name")
"""Orders of a gallery: who was seen first, longest, in most footage; by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryQuery:
    """Which identities are wanted, and in which order; as it comes it means everybody.

    Attributes:
        text: part of a name, a label, or the name of footage, in any case; every word must be found.
        footage: ids; an identity that appears in one of them.
        cameras: names; likewise.
        since_utc: ISO 8601; somebody in view at or after that. Who was only seen in footage of unknown start is left
            out where this or the next is set.
        until_utc: ISO 8601; somebody in view at or before that.
        named: only those with a name.
        several: only those seen in more than one recording.
        alarms: only those with an event that nobody dismissed.
        sort: of `SORTS`.
    """

    text: str = ""
    footage: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    since_utc: str = ""
    until_utc: str = ""
    named: bool = False
    several: bool = False
    alarms: bool = False
    sort: str = "first"

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise ValueError(f"sort must be one of {SORTS}, got {self.sort!r}")


@dataclass(frozen=True, slots=True)
class LabelTime:
    """How long somebody did or showed something.

    Attributes:
        channel: of `CHANNELS`.
        label: of the channel, or "unknown".
        seconds: in all.
        coverage: share of that time in which what the label needs was seen, in [0, 1].
    """

    channel: str
    label: str
    seconds: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Company:
    """Somebody who was in view at the same time.

    Attributes:
        identity: id of the other.
        ref: who that is in the footage.
        name: "" where nobody said.
        seconds: both in view, seconds.
        first_s: when that began first, seconds of the footage.
    """

    identity: str
    ref: PersonRef
    name: str
    seconds: float
    first_s: float


@dataclass(frozen=True, slots=True)
class DossierAppearance:
    """All that is known of somebody in one recording.

    Attributes:
        appearance: who and when.
        camera: name of the camera, "" where nobody said.
        start_utc: when the recording began, "" where that is not known.
        zone: IANA name of the camera's clock, "".
        times: of actions and emotions, by channel, the longest first.
        clothing: None where it was never read.
        events: out of the ordinary, by start.
        company: who was in view at the same time, the longest first.
    """

    appearance: Appearance
    camera: str
    start_utc: str
    zone: str
    times: tuple[LabelTime, ...]
    clothing: PersonClothing | None
    events: tuple[ReviewItem, ...]
    company: tuple[Company, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of somebody.

    Attributes:
        identity: who.
        appearances: in the identity's order.
        times: of all recordings together, by channel, the longest first.
    """

    identity: IdentityView
    appearances: tuple[DossierAppearance, ...]
    times: tuple[LabelTime, ...]


@dataclass(frozen=True, kw_only=True)
class GalleryConfig(Checked):
    """When two people of different footage are taken for one. Each says what it costs."""

    neighbours: int = whole(5, 1, 50, "views", "So many nearest views of other footage vote for who somebody is.")
    min_views: int = whole(
        3, 1, 32, "views", "Good views somebody needs before anybody is matched with them. Lower: more wrong matches."
    )
    min_quality: float = number(0.3, 0.0, 1.0, "", "A view under this says nothing about who somebody is.")
    min_share: float = number(0.5, 0.0, 1.0, "", "Share of the votes, beside all who cannot be the same person.")
    min_score: float = number(0.9, 0.5, 1.0, "", "How sure looks must be. Lower: more matches, and more wrong ones.")
    margin: float = number(1.0, 0.0, 10.0, "", "By how much the best must beat the runner-up, log odds.")
    doubtful_score: float = number(0.2, 0.0, 1.0, "", "From here on a pair is offered to look at.")
