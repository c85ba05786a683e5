"""Finding people by what they wear: what was understood of a query, what limits it, and who was found.

Owns: the values of search. May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.core.clothing import SlotVote
from engine.core.config import Checked, number, whole
from engine.core.views import CropView

LONGEST_QUERY = 10_000
"""Characters of a query that are looked at; more is refused with a sentence."""

AGREES, CONTRADICTS, NOT_VISIBLE = "agrees", "contradicts", "not-visible"
EVIDENCE = (AGREES, CONTRADICTS, NOT_VISIBLE)

TIERS = ("slots", "blip", "fused")
"""What answered: votes over colours and traits, the pretrained network, or both."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing a query asks for, understood; the page shows it, and people may take it away or change it.

    Attributes:
        region: of `REGIONS`, "" where the words fit anywhere on the person ("red").
        kind: "colour", "garment", "trait" or "pattern".
        value: canonical English word: a name of `COLOURS`, a garment of the lexicon such as "jeans", or a trait such
            as "long-sleeves".
        shade: "light", "dark" or "" for a colour.
        negated: "no hat", "모자 없는".
        said: the words of the query it was understood from, "" of a chip that was added by hand.
        group: chips of one garment share a number: "black shirt" are two chips of one group.
        also: what will do as well: of a colour other names of `COLOURS` ("blue or black", "khaki"), of a garment other
            garments ("hat or cap").
    """

    region: str
    kind: str
    value: str
    shade: str
    negated: bool
    said: str
    group: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a query.

    Attributes:
        text: as typed.
        chips: in the order of the words.
        unknown: words that were not understood, as typed; never silently dropped.
        english: the query in plain English, which pretrained networks are asked with; "" where nothing was understood.
    """

    text: str
    chips: tuple[Chip, ...]
    unknown: tuple[str, ...]
    english: str


@dataclass(frozen=True, kw_only=True)
class SearchConfig(Checked):
    """What limits a search. All of it acts before ranking."""

    footage: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    from_hour: float = number(0.0, 0.0, 24.0, "h", "Time of day at the camera, from.")
    to_hour: float = number(24.0, 0.0, 24.0, "h", "Time of day at the camera, to; less than `from`: over midnight.")
    min_seen_s: float = number(0.0, 0.0, 86400.0, "s", "Only people in view for at least so long.")
    action: str = ""
    emotion: str = ""
    anomaly: str = ""
    min_person_score: float = number(0.0, 0.0, 1.0, "", "Only people found with at least this mean confidence.")
    min_score: float = number(0.0, 0.0, 1.0, "", "Only results with at least this score; those left out are counted.")
    sample_s: float = number(0.0, 0.0, 3600.0, "s", "Of each person, look only at views so far apart; 0 is all.")
    top: int = whole(20, 1, 1000, "people", "Most results.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one chip fits one person.

    Attributes:
        chip: its place in `Understood.chips`.
        verdict: of `EVIDENCE`.
        score: in [0, 1], how well it fits; of what is not visible, what would be expected by chance.
        seen: canonical words for what was seen instead or indeed, such as "grey"; "" where not visible.
    """

    chip: int
    verdict: str
    score: float
    seen: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A person who was found.

    Attributes:
        rank: from 1.
        footage: footage id.
        footage_name: its name.
        run: id of the run.
        person: label.
        name: what an analyst calls them, "" where nobody has said.
        t: seconds, of the view that fits best.
        crop: that view.
        score: final, in [0, 1].
        similarity: of the slots or the shortlist, in [0, 1].
        matching: of the pretrained matching head, in [0, 1]; None where it was not asked.
        tier: of `TIERS`.
        evidence: one for every chip, in their order.
        slots: what is known of the person's clothing, one for each of `REGIONS`.
        caption: by the captioning network, "" where there is none.
    """

    rank: int
    footage: str
    footage_name: str
    run: str
    person: str
    name: str
    t: float
    crop: CropView
    score: float
    similarity: float
    matching: float | None
    tier: str
    evidence: tuple[Evidence, ...]
    slots: tuple[SlotVote, ...]
    caption: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What a search found.

    Attributes:
        understood: the query; empty of a search by picture.
        config: what limited it.
        hits: best first, at most `config.top`.
        considered: people who passed the filters.
        below: of them, left out because of `config.min_score`; named on the page, never silent.
        unread: analysed footages, by name, that passed the filters but hold no clothing readings yet.
        scores: of everybody considered, descending, in [0, 1]: the slider's distribution. Of more than 2,000 people
            an even sample of so many.
        tier: of `TIERS`: what answered.
        english: what the pretrained network was asked, "" where it was not.
        seconds: it took.
        undated: footages, by name, that were left out because the time of day is limited and nobody knows when they
            began.
    """

    understood: Understood
    config: SearchConfig
    hits: tuple[SearchHit, ...]
    considered: int
    below: int
    unread: tuple[str, ...]
    scores: tuple[float, ...]
    tier: str
    english: str
    seconds: float
    undated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search worth repeating.

    Attributes:
        id: ascending number.
        name: what people call it.
        text: the query.
        config: what limits it.
        watched: footage that is analysed from now on is searched by it.
        found: new people it has found since somebody last looked.
        made_utc: ISO 8601.
    """

    id: int
    name: str
    text: str
    config: SearchConfig
    watched: bool
    found: int
    made_utc: str


@dataclass(frozen=True, slots=True)
class LoggedSearch:
    """A search that was made: what the audit shows.

    Attributes:
        id: ascending number.
        text: the query, "" of a search by picture.
        config: what limited it.
        by: "page", "command" or "watch".
        hits: people it answered with.
        tier: of `TIERS`.
        said_utc: ISO 8601.
        pictures: SHA-256 of an uploaded photograph, "" otherwise.
    """

    id: int
    text: str
    config: SearchConfig
    by: str
    hits: int
    tier: str
    said_utc: str
    pictures: str = field(default="")
