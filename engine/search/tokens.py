"""A query as typed into pieces that each have one meaning, or none.

Owns: Unicode, blanks, punctuation, forms of several words, slips of the pen. May import: `engine.search`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from engine.search.lexicon import CONTENT, WORD, Entry, lexicon
from engine.search.particles import Cut, cut

TYPED = re.compile(WORD.pattern, re.IGNORECASE)
COMMAS = frozenset(",;.!?、。，·|\u2022…")
AND_SIGNS = frozenset("/&+")
SPACED = re.compile(r"\s")

SLIP_LENGTH = 6
"""Letters of an English word from which one wrong, missing, doubled or swapped letter is forgiven."""

WORD_BEFORE = "상의"
"""Any Korean word that particles may follow."""

MOST_JOINED = 3
"""Korean words with blanks between them that are tried as one: 하늘 색, 숄더 백."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One meaning in a query.

    Attributes:
        said: as typed, up to Unicode's normal form.
        entry: what it means; None where that is not known.
        sign: "," for what ends a clause, "and" for such as "/"; "" for words.
    """

    said: str
    entry: Entry | None
    sign: str = ""

    @property
    def role(self) -> str:
        """Kind of the entry, of grammar its value; the sign; or "unknown"."""
        if self.entry is None:
            return self.sign or "unknown"
        return self.entry.value if self.entry.kind == "grammar" else self.entry.kind


def normalised(text: str) -> str:
    """One spelling per text: Unicode NFKC (full-width letters, split Hangul), without control characters.

    Combining marks that are left are dropped, line ends become commas.
    """
    text = unicodedata.normalize("NFKC", re.sub(r"[\r\n\v\f\u2028\u2029]+", " , ", text))
    text = text.translate({0x2019: "'", 0x2018: "'", 0x60: "'"})
    kept = []
    for letter in text:
        kind = unicodedata.category(letter)
        if kind in ("Mn", "Me", "Cf", "Cs", "Co", "Cn"):
            continue
        kept.append(" " if kind == "Cc" else letter)
    return re.sub(r"(?i)\bw/(?!o\b)", "with ", re.sub(r"(?i)\bw/\s*o\b", "without", "".join(kept)))


def pieces(text: str) -> list[Piece]:
    """The meanings in a text, in its order; punctuation that means nothing is left out."""
    clean = normalised(text)
    words: list[str] = []
    glued: set[int] = set()
    end = 0
    for match in TYPED.finditer(clean):
        word = match.group()
        if word in "-_'\"()[]{}<>~*#":
            # A hyphen between words joins them, one with blanks around it is a pause.
            if word == "-" and clean[match.start() - 1 : match.start()].isspace():
                words.append(",")
            continue
        if match.start() == end and words and words[-1].isascii() and _hangul(word):
            glued.add(len(words))
        end = match.end()
        words.append(word)
    lower = [word.lower() for word in words]
    found: list[Piece] = []
    place = 0
    while place < len(words):
        taken, some = (1, _behind(words[place])) if place in glued else _next(words, lower, place)
        found += some
        place += taken
    return found


def _next(words: list[str], lower: list[str], place: int) -> tuple[int, list[Piece]]:
    """How many words from `place` are read, and what they mean."""
    known = lexicon()
    for count in range(min(known.longest, len(words) - place), 0, -1):
        entries = known.forms.get(tuple(lower[place : place + count]))
        if entries and (count > 1 or not _hangul(lower[place])):
            return count, [Piece(" ".join(words[place : place + count]), entries[0])]
    word = words[place]
    if _hangul(word):
        return _korean(words, place)
    if word in COMMAS:
        return 1, [Piece(word, None, ",")]
    if word in AND_SIGNS:
        return 1, [Piece(word, None, "and")]
    if not word.isalnum() and "'" not in word and unicodedata.category(word[0])[0] == "P":
        return 1, []
    return 1, [Piece(word, _forgiven(lower[place]))]


def _behind(run: str) -> list[Piece]:
    """A Korean run right behind a word in Latin letters, where it may begin with a particle: shirt를."""
    first, *rest = cut(WORD_BEFORE + run)
    found = rest if first.text == WORD_BEFORE else cut(run)
    return [Piece(piece.text, piece.entry) for piece in found]


def _hangul(word: str) -> bool:
    return "가" <= word[0] <= "힣"


def _korean(words: list[str], place: int) -> tuple[int, list[Piece]]:
    run = []
    for word in words[place : place + MOST_JOINED]:
        if not _hangul(word):
            break
        run.append(word)
    for count in range(len(run), 1, -1):
        cuts = cut("".join(run[:count]))
        first, rest = cuts[0], cuts[1:]
        spans = first.length > sum(map(len, run[: count - 1]))
        if spans and first.entry is not None and first.entry.kind in (*CONTENT, "person") and all(map(_particle, rest)):
            said = " ".join(run[:count])
            said = said[: len(said) - sum(piece.length for piece in rest)]
            return count, [Piece(said, first.entry), *(Piece(piece.text, piece.entry) for piece in rest)]
    return 1, [Piece(piece.text, piece.entry) for piece in cut(words[place])]


def _particle(piece: Cut) -> bool:
    return piece.entry is not None and piece.entry.value.startswith("particle")


def _forgiven(word: str) -> Entry | None:
    """The entry of the only English form that is one slip away; None where there is none, or more than one."""
    bare = word.removesuffix("'s")
    if bare != word and (bare,) in lexicon().forms:
        return lexicon().forms[(bare,)][0]
    if len(word) < SLIP_LENGTH or not word.isascii() or len(word) > 2 * SLIP_LENGTH + 8:
        return None
    slips = _slips()
    near: set[str] = set()
    for form in (word, *_shorter(word)):
        near |= slips.get(form, frozenset())
    near = {form for form in near if form[0] == word[0] and _one_slip(word, form)}
    entries = {id(lexicon().forms[(form,)][0]): lexicon().forms[(form,)][0] for form in near}
    return next(iter(entries.values())) if len(entries) == 1 else None


@lru_cache(maxsize=1)
def _slips() -> dict[str, set[str]]:
    """What a form may look like with a letter left out -> the forms. Source: Garbe 2012 (symmetric delete)."""
    table: dict[str, set[str]] = defaultdict(set)
    for words, entries in lexicon().forms.items():
        if len(words) == 1 and words[0].isascii() and len(words[0]) >= SLIP_LENGTH - 1 and entries[0].kind != "grammar":
            for shape in (words[0], *_shorter(words[0])):
                table[shape].add(words[0])
    return dict(table)


def _shorter(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _one_slip(word: str, form: str) -> bool:
    """Whether two words differ by one letter that is wrong, missing, added, or swapped with its neighbour."""
    if abs(len(word) - len(form)) == 1:
        longer, shorter = (word, form) if len(word) > len(form) else (form, word)
        return shorter in _shorter(longer)
    wrong = [place for place, (one, other) in enumerate(zip(word, form, strict=False)) if one != other]
    if len(word) != len(form) or not wrong:
        return False
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and word[wrong[0]] == form[wrong[1]]
    return len(wrong) == 1 or (swapped and word[wrong[1]] == form[wrong[0]])
