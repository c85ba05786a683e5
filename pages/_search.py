"""What a search asks, as the address says it: query, filters and threshold, so that a search can be linked.

Owns: the keys of that address and of its state in a session. May import: `engine.core`. No Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.core.errors import ConfigError
from engine.core.search import SearchConfig

# Keys of session_state.
ELEMENT = "sl_search"
HEARD = "sl_search_heard"
ANSWERED = "sl_search_answered"
PHOTO = "sl_search_photo"
FRESH = "sl_search_fresh"
VISIT = "sl_search_visit"

# Keys of the address, beside those of the filters.
Q_TEXT = "q"
Q_SIMILAR = "similar"
Q_PHOTO = "photo"

LISTS = {"footage": "footage", "camera": "cameras"}
WORDS = {"action": "action", "emotion": "emotion", "anomaly": "anomaly"}
NUMBERS = {
    "from": "from_hour",
    "to": "to_hour",
    "seen": "min_seen_s",
    "sure": "min_person_score",
    "min": "min_score",
    "top": "top",
}
"""Key of the address -> field of `SearchConfig`."""

MOST = 120
"""People on one page at most; of more, the best."""

LONGEST = 1000
"""Characters of a query that are taken from the page: an address has to hold them."""

LONGEST_NUMBER = 10
"""Digits of a tracklet's number and of a rank: more are no number of ours."""

View = tuple[str, int, int]
"""A kept picture: footage id, number of the tracklet, rank within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What somebody wants to see.

    Attributes:
        text: the query, "" where somebody is looked for by a picture.
        similar: the view that people should resemble, None where there is none.
        photo: SHA-256 of the photograph that people should resemble, "" where there is none.
        config: what limits it.
    """

    text: str = ""
    similar: View | None = None
    photo: str = ""
    config: SearchConfig = field(default_factory=SearchConfig)

    @property
    def blank(self) -> bool:
        """Nothing is asked."""
        return not (self.text or self.similar or self.photo)


def read(query: Mapping[str, Sequence[str]]) -> Ask:
    """What an address asks; what makes no sense in it is passed over.

    Args:
        query: key -> its values; those that mean nothing here are ignored.
    """
    last = {key: values[-1] for key, values in query.items() if values}
    config = SearchConfig(
        **{name: tuple(dict.fromkeys(filter(None, query.get(key, ())))) for key, name in LISTS.items()},
        **{name: last.get(key, "") for key, name in WORDS.items()},
    )
    for key, name in NUMBERS.items():
        config = _with_number(config, name, last.get(key, ""))
    config = replace(config, top=min(config.top, MOST))
    similar = _view(last.get(Q_SIMILAR, ""))
    photo = "" if similar else last.get(Q_PHOTO, "")
    text = "" if similar or photo else " ".join(last.get(Q_TEXT, "")[:LONGEST].split())
    return Ask(text=text, similar=similar, photo=photo, config=config)


def written(ask: Ask) -> dict[str, list[str]]:
    """The address of what is asked; what is as usual is left out."""
    usual = SearchConfig()
    query = {key: list(getattr(ask.config, name)) for key, name in LISTS.items()}
    query |= {key: [getattr(ask.config, name)] for key, name in WORDS.items()}
    for key, name in NUMBERS.items():
        value = getattr(ask.config, name)
        query[key] = [] if value == getattr(usual, name) else [f"{value:g}"]
    query[Q_TEXT] = [ask.text]
    query[Q_SIMILAR] = [",".join(map(str, ask.similar))] if ask.similar else []
    query[Q_PHOTO] = [ask.photo]
    return {key: kept for key, values in query.items() if (kept := [value for value in values if value])}


def _with_number(config: SearchConfig, name: str, text: str) -> SearchConfig:
    try:
        value = float(text)
        return replace(config, **{name: int(value) if name == "top" else value})
    except (ValueError, OverflowError, ConfigError):
        return config


def _view(text: str) -> View | None:
    footage, _, rest = text.partition(",")
    tracklet, _, rank = rest.partition(",")
    numbers = all(part.isascii() and part.isdecimal() and len(part) < LONGEST_NUMBER for part in (tracklet, rank))
    return (footage, int(tracklet), int(rank)) if footage and numbers else None
