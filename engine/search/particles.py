"""Korean runs into words: 빨간모자를쓴사람 -> 빨간 모자 를 쓴 사람.

Korean glues particles and endings to words, and people leave out blanks besides. A run of Hangul is cut where the
fewest and longest words of the lexicon cover most of it; what they do not cover is named as it stands.
Owns: cutting runs. May import: `engine.search.lexicon`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.search.lexicon import CONTENT, Entry, lexicon

WORD_COST, SHORT_COST, PARTICLE_COST, PREFIX_COST, UNKNOWN_COST = 1.0, 1.6, 1.2, 1.3, 10.0
"""A word, a word of one syllable, a particle, a prefix, a syllable that no word covers: the cheapest cut is taken."""

SHORTEST_IN_UNKNOWN = 2
"""Syllables of a word that is believed although its run holds what is not understood: 나이키운동화, but not 한국."""

FREE, AFTER_PREFIX = 0, 1


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a run.

    Attributes:
        text: of the run.
        entry: what it means; None where it is not understood.
    """

    text: str
    entry: Entry | None

    @property
    def length(self) -> int:
        """Syllables."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class _Tables:
    words: dict[str, Entry]
    particles: dict[str, Entry]
    prefixes: dict[str, Entry]
    longest: int


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    known = lexicon()
    words: dict[str, Entry] = {}
    particles: dict[str, Entry] = {}
    for form, entries in known.forms.items():
        if len(form) != 1 or not "가" <= form[0][0] <= "힣":
            continue
        for entry in entries:
            (particles if entry.value.startswith("particle") else words)[form[0]] = entry
    longest = max(map(len, (*words, *particles, *known.prefixes)))
    return _Tables(words, particles, dict(known.prefixes), longest)


def cut(run: str) -> tuple[Cut, ...]:
    """A run of Hangul as words, particles and what is not understood, in order; together they are the run.

    Args:
        run: syllables without blanks, of any number; takes time in proportion to them.
    """
    tables = _tables()
    size = len(run)
    best: list[list[float]] = [[float("inf")] * 2 for _ in range(size + 1)]
    came: list[list[tuple[int, int, Entry | None] | None]] = [[None, None] for _ in range(size + 1)]
    best[0][FREE] = 0.0

    def take(start: int, state: int, end: int, after: int, cost: float, entry: Entry | None) -> None:
        if best[start][state] + cost < best[end][after]:
            best[end][after] = best[start][state] + cost
            came[end][after] = (start, state, entry)

    for start in range(size):
        for end in range(start + 1, min(size, start + tables.longest) + 1):
            part = run[start:end]
            word, particle = tables.words.get(part), tables.particles.get(part) if start else None
            # 모자하고 is "hat and", 하고 alone is "wearing".
            if word is not None and (particle is None or word.kind != "grammar"):
                cost = WORD_COST if end - start > 1 else SHORT_COST
                take(start, FREE, end, FREE, cost, word)
                if word.kind in CONTENT:
                    take(start, AFTER_PREFIX, end, FREE, cost, word)
            if particle is not None:
                take(start, FREE, end, FREE, PARTICLE_COST, particle)
            if part in tables.prefixes:
                take(start, FREE, end, AFTER_PREFIX, PREFIX_COST, tables.prefixes[part])
        take(start, FREE, start + 1, FREE, UNKNOWN_COST, None)
    return _believed(_walk_back(run, came))


def _walk_back(run: str, came: list[list[tuple[int, int, Entry | None] | None]]) -> list[Cut]:
    pieces: list[Cut] = []
    place, state = len(run), FREE
    while (step := came[place][state]) is not None:
        start, state, entry = step
        pieces.append(Cut(run[start:place], entry))
        place = start
    return pieces[::-1]


def _believed(pieces: list[Cut]) -> tuple[Cut, ...]:
    """The pieces, what is not understood joined; beside it short words and particles are chance and join it."""
    if all(piece.entry is not None for piece in pieces):
        return tuple(pieces)
    joined: list[Cut] = []
    for piece in pieces:
        content = piece.entry is not None and piece.entry.kind in (*CONTENT, "person")
        trusted = piece if content and piece.length >= SHORTEST_IN_UNKNOWN else Cut(piece.text, None)
        if joined and joined[-1].entry is None and trusted.entry is None:
            joined[-1] = Cut(joined[-1].text + trusted.text, None)
        else:
            joined.append(trusted)
    return tuple(joined)
