"""Which colour belongs to which garment, and how far a "no" reaches: pieces of a query into garments with their words.

Owns: scope. May import: `engine.search`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from engine.search.garments import Group, Word, of_sleeves
from engine.search.lexicon import Entry, lexicon
from engine.search.tokens import Piece

OPTIONAL = ("head", "bag", "")
"""What people may go without: a "no" reaches over "and" from one of these to the next."""

DESCRIBING = ("colour", "trait", "pattern", "length", "shade")
JOINING = ("and", "particle-and", "or", "particle-or")
PAUSING = (",", "break", "article", "wear", "particle-break")
"""Roles of pieces that say something of a garment, join two, or end what is said."""

LOOK_AHEAD = 8
"""Pieces that are looked at to see whether a comma divides garments or only colours of one."""


class Reader:
    """Reads pieces one by one.

    Attributes:
        groups: what was found, in order.
        unknown: words that were not understood, and those of persons that are not told by clothes.
        persons: English words for whom is looked for.
    """

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.unknown: list[str] = []
        self.persons: list[str] = []
        self._pending: list[Word] = []
        self._negated = False
        self._joined = ""
        self._adjacent = False
        self._either = False
        self._denied_word = False
        self._listed = False
        self._everything = False
        self._scopes: dict[str, Callable[[Piece, Sequence[Piece]], None]] = {
            **dict.fromkeys(PAUSING, self._pause),
            "not-before": self._not_before,
            "not-after": self._deny,
        }
        self._readers: dict[str, Callable[[Piece], None]] = {
            "garment": self._garment,
            "person": self._person,
            "particle-topic": self._topic,
            "unknown": self._not_understood,
        }

    def read(self, pieces: Sequence[Piece]) -> None:
        """Take in a whole query."""
        for place, piece in enumerate(pieces):
            self._take(piece, pieces[place + 1 : place + 1 + LOOK_AHEAD])
        self._flush()
        self._close()

    def _take(self, piece: Piece, ahead: Sequence[Piece]) -> None:
        """Take in one piece, knowing those that follow."""
        role = piece.role
        if role in DESCRIBING:
            self._describe(piece)
        elif role in JOINING:
            self._join(role)
        elif role in self._scopes:
            self._scopes[role](piece, ahead)
        elif role in self._readers:
            self._readers[role](piece)
        if role not in JOINING:
            self._either = False

    def _not_understood(self, piece: Piece) -> None:
        self.unknown.append(piece.said)
        self._adjacent = False

    def _topic(self, piece: Piece) -> None:
        if self.groups and self._adjacent and not self._pending:
            self.groups[-1].topic = True
        self._adjacent = False

    def _not_before(self, _: Piece, ahead: Sequence[Piece]) -> None:
        if self._pending and ahead and ahead[0].role in DESCRIBING:
            # "black, not navy, jacket": only the next word is denied.
            self._denied_word = True
            return
        self._flush()
        self._negated, self._joined = True, ""

    # ------------------------------------------------------------ words and garments

    def _describe(self, piece: Piece) -> None:
        entry = piece.entry
        assert entry is not None
        word = Word(entry, piece.said, self._negated or self._denied_word, entry.shade)
        self._denied_word = False
        last = self._pending[-1] if self._pending else None
        if entry.kind == "colour" and last is not None and last.entry.kind == "shade":
            self._pending.pop()
            shade = last.entry.value if last.entry.value in ("light", "dark") else entry.shade
            word = replace(word, shade=shade, said=f"{last.said} {piece.said}")
        elif entry.kind == "colour" and last is not None and last.entry.kind == "colour" and self._either:
            self._either_of(word)
            return
        elif entry.kind == "length" and last is not None and last.entry.kind == "length":
            word = of_sleeves(last, word) or word
            if word.entry.kind == "trait":
                self._pending.pop()
        if not self._pending and self._joined and self.groups and not self._adjacent:
            self._joined = ""
        self._pending.append(word)
        self._adjacent = False

    def _either_of(self, word: Word) -> None:
        """One more colour that will do as well as the one before it, or as all of a list: blue, red or green."""
        count = len(self._pending) if self._listed else 1
        before, self._pending = self._pending[-count:], self._pending[:-count]
        others = [name for each in (*before[1:], word) for name in (each.entry.value, *each.entry.also, *each.also)]
        said = " ".join(each.said for each in (*before, word))
        self._pending.append(replace(before[0], also=(*before[0].also, *others), said=said))

    def _garment(self, piece: Piece) -> None:
        entry = piece.entry
        assert entry is not None
        last = self.groups[-1] if self.groups else None
        if self._adjacent and last is not None and not self._joined and last.region == entry.region and not last.closed:
            last.garments.append(Word(entry, piece.said))
            return
        if last is not None and not last.closed and not last.words and self._stands_for(last, entry):
            last.garments = last.garments if last.garments[0].entry.value == "outfit" else [Word(entry, piece.said)]
            last.words, self._pending, self._adjacent = self._pending, [], True
            return
        if last is not None and last.topic and self._pending and not last.words and not last.closed:
            self._attach(last)
        if last is not None and entry.region == "head" and last.region == "hair" and not (last.words or last.closed):
            # 머리에 모자: the hair is only where the hat is.
            self.groups.pop()
            last = self.groups[-1] if self.groups else None
        if self._is_said_of_others(entry, last):
            return
        self._leave_other_regions(entry.region)
        bare, self._listed = not self._pending, False
        group = Group(entry.region, [Word(entry, piece.said)], self._pending, self._negated ^ entry.negated)
        self._pending = []
        if self._joined and last is not None and not last.closed:
            group.joined = self._joined
            self._share(last, group, bare)
        self.groups.append(group)
        self._adjacent, self._joined, self._negated = True, "", False

    def _is_said_of_others(self, entry: Entry, last: Group | None) -> bool:
        """Whether a garment is no group of its own: another that will do ("hat or cap"), "all" of those before it."""
        if last is None or self._pending:
            return False
        if entry.value == "outfit" and not last.words and not last.negated:
            self._everything = True
            return True
        near = entry.region == last.region or {entry.region, last.region} == {"upper", "lower"}
        if self._joined == "or" and near and last.garments and not (last.negated or last.closed or entry.negated):
            word = last.garments[-1]
            last.garments[-1] = replace(word, also=(*word.also, entry.value))
            self._joined, self._adjacent = "", True
            return True
        return False

    def _stands_for(self, last: Group, entry: Entry) -> bool:
        """Whether a garment only says more of the one before it: 하의는 청바지, 위아래 검은 옷."""
        before = last.garments[0].entry.value if last.garments else ""
        plain = before in ("top", "bottoms") or (before in ("shoes", "clothes") and last.topic)
        plain = plain and entry.value != "outfit" and entry.region in (last.region, "upper")
        return plain or (before == "outfit" and entry.value == "clothes")

    def _share(self, last: Group, group: Group, bare: bool) -> None:
        """What holds for two garments joined by "and": "no hat or bag", "black shirt and trousers"."""
        optional = group.region in OPTIONAL and last.region in OPTIONAL and bare
        if last.negated and not self._negated and (group.joined == "or" or optional):
            group.negated = True
        # "black shirt and jeans" are no black jeans: what has a colour of its own keeps it.
        elif (
            bare
            and not last.negated
            and group.joined == "and"
            and {last.region, group.region} == {"upper", "lower"}
            and not group.garments[0].entry.colours
        ):
            group.words = [word for word in last.words if word.entry.kind in ("colour", "shade")]
            group.shared = True

    def _leave_other_regions(self, region: str) -> None:
        """Words that belong to another part of the body are a group of their own: 흰 반팔에 청바지."""
        for place in range(len(self._pending) - 1, -1, -1):
            own = self._pending[place].entry.region
            if own and own != region:
                rest = self._pending[place + 1 :]
                self._pending = self._pending[: place + 1]
                self._stand_alone(own)
                self._pending = rest
                return

    def _person(self, piece: Piece) -> None:
        entry = piece.entry
        assert entry is not None
        if not entry.judged:
            self.unknown.append(piece.said)
            self.persons.append(entry.value)
        self._flush()
        self._negated = False

    # ------------------------------------------------------------ joints

    def _join(self, role: str) -> None:
        kind = "or" if role.endswith("or") else "and"
        if self._pending:
            self._either = kind == "or"
        elif self.groups:
            self._joined = kind
        self._adjacent = False

    def _pause(self, piece: Piece, ahead: Sequence[Piece]) -> None:
        role = piece.role
        hold = role in ("article", ",") and all(word.entry.kind in ("length", "shade") for word in self._pending)
        if (hold and self._pending) or (role == "," and self._goes_on(ahead)):
            self._adjacent, self._listed = False, role == ","
            return
        self._flush(piece.entry.region if piece.entry is not None and role == "wear" else "")
        self._adjacent = False
        if role == "article":
            return
        if role == ",":
            denial = self._denial_goes_on(ahead)
            self._close()
            self._negated = denial
        self._joined = ""

    def _denial_goes_on(self, ahead: Sequence[Piece]) -> bool:
        """Whether a comma stands in a list of things that are all denied: without hat, bag or scarf."""
        last = self.groups[-1] if self.groups else None
        if last is None or last.closed or not last.negated or last.words:
            return False
        for piece in ahead:
            if piece.role == "or":
                return True
            if piece.role not in ("garment", ",", "article"):
                return False
        return False

    def _goes_on(self, ahead: Sequence[Piece]) -> bool:
        """Whether a comma stands in a list of colours of one garment: black, white and grey sneakers."""
        if not self._pending or any(word.entry.kind != "colour" for word in self._pending):
            return False
        roles = [piece.role for piece in ahead if piece.role not in ("particle", "colour-word", "filler")]
        colours = 0
        while colours < len(roles) and roles[colours] in ("colour", ",", *JOINING):
            colours += 1
        return colours >= 3 and roles[0] == "colour" and roles[1] in JOINING and roles[colours - 1] == "colour"

    def _close(self) -> None:
        """What came so far is done: nothing that follows is said of it."""
        self._shift_back()
        for group in reversed(self.groups):
            if group.closed:
                break
            group.closed = True
        self._negated, self._joined, self._adjacent = False, "", False

    def _deny(self, piece: Piece, ahead: Sequence[Piece]) -> None:
        if self._pending:
            last = self._pending[-1]
            if last.entry.kind == "length" and last.entry.value == "sleeves":
                self._pending[-1] = Word(lexicon().meanings[("trait", "sleeveless")], f"{last.said} {piece.said}")
            else:
                self._pending[-1] = replace(last, negated=True, said=f"{last.said} {piece.said}")
            return
        if not self.groups or self.groups[-1].closed:
            roles = [other.role for other in ahead if other.role not in ("wear", "filler", "article")]
            if roles and roles[0] in ("garment", *DESCRIBING):
                # 안 쓴 모자: a hat that is not worn.
                self._negated = True
            else:
                self.unknown.append(piece.said)
            return
        place = len(self.groups) - 1
        if self.groups[place].negated:
            return
        while True:
            group = self.groups[place]
            group.negated, group.topic = True, False
            if group.shared:
                # 검은 셔츠와 바지 안 입은: no trousers, not no black ones.
                group.words = []
            before = self.groups[place - 1] if place else None
            if before is None or before.closed or not group.joined or before.negated:
                break
            bare = not before.words and not group.words
            if group.joined == "and" and not (bare and before.region in OPTIONAL and group.region in OPTIONAL):
                break
            place -= 1
        self._adjacent, self._joined = False, ""

    # ------------------------------------------------------------ what is left over

    def _flush(self, region: str = "") -> None:
        """Words that no garment followed: of the garment before them, or of nothing in particular."""
        if not self._pending:
            return
        last = self.groups[-1] if self.groups else None
        if last is not None and self._belongs_to(last) and (not last.closed or self._names_only(last)):
            self._attach(last)
        else:
            self._stand_alone(region)
        self._negated = False

    def _belongs_to(self, last: Group) -> bool:
        kinds = {word.entry.kind for word in self._pending}
        regions = {word.entry.region for word in self._pending} - {""}
        if regions - {last.region}:
            return False
        return not last.words or bool(kinds & {"pattern", "length"}) or bool(regions)

    def _names_only(self, last: Group) -> bool:
        """Whether colours between commas are of the bare garment before the comma: "jacket, black"."""
        colours = all(word.entry.kind == "colour" and not word.entry.region for word in self._pending)
        return colours and bool(last.garments) and not last.words and not last.negated and last.region != ""

    def _attach(self, group: Group) -> None:
        place = len(self.groups) - 1
        words, self._pending, self._listed = self._pending, [], False
        group.words = [*group.words, *words]
        if self._everything:
            for other in self.groups:
                other.words = other.words or list(words)
        self._everything = False
        # 셔츠와 바지는 검정: of both.
        while self.groups[place].joined == "and" and place and not self.groups[place - 1].words:
            place -= 1
            self.groups[place].words = list(words)

    def _stand_alone(self, region: str) -> None:
        own = [word.entry.region for word in self._pending if word.entry.region]
        region = own[-1] if own else region
        words = [
            word for word in self._pending if word.entry.kind != "length" or (region and word.entry.lengths.get(region))
        ]
        self.unknown += [word.said for word in self._pending if word not in words]
        self._pending, self._listed = [], False
        if words:
            self.groups.append(Group(region, [], words))
        self._adjacent = False

    def _shift_back(self) -> None:
        """셔츠 검정 바지 파랑: a clause that starts with a garment and ends with a colour has its colours behind."""
        start = len(self.groups)
        while start and not self.groups[start - 1].closed:
            start -= 1
        clause = self.groups[start:]
        if len(clause) < 3 or clause[0].words or clause[-1].garments or not all(group.words for group in clause[1:]):
            return
        for group, after in pairwise(clause):
            group.words = after.words
        self.groups.pop()
