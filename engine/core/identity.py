"""Who is who: what people look like as vectors, who they are across footage, and what analysts said of it.

Owns: the values of identity. May import: `engine.core`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.core.columns import check_unit, checked
from engine.core.types import FloatArray
from engine.core.views import CropView, PersonView, Presence

PIECE = 1_000_000
"""A tracklet that an analyst cut is shown as pieces: the first keeps its number, the k-th after it has this times k
more. Tracklets themselves are never changed."""

EDITS = ("merge", "split", "cut", "swap", "rename", "distinct")
"""What an analyst may say of identities: two are one person; some appearances are somebody else; from an instant on it
is somebody else; from an instant on two people are each other; what somebody is called; two are never the same."""

LONGEST_NAME = 80
"""Characters of a name at most."""

SURE = math.log(19.0)
"""Logarithm of the odds nineteen to one, the ends of a `CosineScale`."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class IdentityVectors:
    """What kept views of people look like, as vectors: more alike, smaller angle.

    Attributes:
        tracklets: (N,) int64, whose view.
        ranks: (N,) int64, which of the tracklet's views; with the tracklet it names a `CropView`.
        vectors: (N, D) float32, each of length 1, or all 0 where the view shows too little to say anything.
        quality: (N,) float32 in [0, 1], how far a view may speak for somebody; 0 for vectors of 0.
    """

    tracklets: NDArray[np.int64]
    ranks: NDArray[np.int64]
    vectors: FloatArray
    quality: FloatArray

    def __post_init__(self) -> None:
        vectors = checked("vectors", self.vectors, (None, None), np.float32)
        n = len(vectors)
        columns = {
            "tracklets": checked("tracklets", self.tracklets, (n,), np.int64),
            "ranks": checked("ranks", self.ranks, (n,), np.int64),
            "vectors": vectors,
            "quality": checked("quality", self.quality, (n,), np.float32),
        }
        check_unit("quality", np.asarray(self.quality, np.float32))
        lengths = np.linalg.norm(np.asarray(self.vectors, np.float32), axis=1)
        usable = np.asarray(self.quality) > 0
        if not (np.abs(lengths[usable] - 1) < 1e-3).all() or (lengths[~usable] > 1e-6).any():
            raise ValueError("vectors must have length 1, or be 0 where the quality is 0")
        for name, column in columns.items():
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.ranks)

    def __getitem__(self, rows: NDArray[np.generic]) -> IdentityVectors:
        return IdentityVectors(self.tracklets[rows], self.ranks[rows], self.vectors[rows], self.quality[rows])

    @classmethod
    def empty(cls, size: int) -> Self:
        """No views, of vectors of `size` numbers."""
        none = np.zeros(0, np.int64)
        return cls(none, none, np.zeros((0, size), np.float32), np.zeros(0, np.float32))

    @classmethod
    def concatenate(cls, parts: Iterable[IdentityVectors], size: int) -> Self:
        """All views of several, in order; `size` is that of their vectors."""
        every: list[IdentityVectors] = [cls.empty(size), *parts]
        return cls(
            np.concatenate([part.tracklets for part in every]),
            np.concatenate([part.ranks for part in every]),
            np.concatenate([part.vectors for part in every]),
            np.concatenate([part.quality for part in every]),
        )


@dataclass(frozen=True, slots=True)
class CosineScale:
    """What the cosines of a back end mean: they lie differently for every network.

    An embedder may carry one as `scale`; one that does not is taken to have the default. It is kept with the vectors.

    Attributes:
        different: cosine of the mean vectors of two runs of views at which hardly anybody is the same person.
        same: cosine at which hardly anybody is another one; larger than `different`.
    """

    different: float = 0.5
    same: float = 0.85

    def __post_init__(self) -> None:
        if not -1.0 <= self.different < self.same <= 1.0:
            raise ValueError(f"a scale must ascend within [-1, 1], got {self.different}, {self.same}")

    def odds(self, cosine: NDArray[np.float64]) -> NDArray[np.float64]:
        """Logarithm of the odds that two are the same person by looks alone; NaN stays NaN."""
        middle, half = (self.same + self.different) / 2.0, (self.same - self.different) / 2.0
        odds: NDArray[np.float64] = SURE * (cosine - middle) / half
        return odds

    def score(self, cosine: float) -> float:
        """How likely two are the same person by looks alone, in [0, 1]: .05 at `different`, .95 at `same`."""
        odds = float(self.odds(np.array(cosine, np.float64)))
        return 1.0 / (1.0 + math.exp(-max(min(odds, 50.0), -50.0)))


@dataclass(frozen=True, slots=True)
class Spot:
    """Somebody, at an instant of a piece of footage: a box outlives every analysis, a label does not.

    Attributes:
        footage: footage id.
        t: seconds.
        box: xyxy pixels of the person at that time.
    """

    footage: str
    t: float
    box: Box


@dataclass(frozen=True, slots=True)
class Edit:
    """What an analyst said of identities, in terms that outlive analyses.

    Attributes:
        kind: of `EDITS`.
        first: where one person is, a spot for every appearance that is meant.
        second: where the other is; of a split, the appearances that stay; empty for rename and cut.
        at_s: instant of a cut or swap, seconds; None otherwise.
        name: of a rename, "" to take the name away.
    """

    kind: str
    first: tuple[Spot, ...]
    second: tuple[Spot, ...] = ()
    at_s: float | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in EDITS:
            raise ValueError(f"kind must be one of {EDITS}, got {self.kind!r}")
        if not self.first or (not self.second and self.kind not in ("rename", "cut")):
            raise ValueError(f"a {self.kind} needs spots")
        if (self.at_s is None) == (self.kind in ("cut", "swap")):
            raise ValueError(f"at_s belongs to cuts and swaps, got {self.at_s} for {self.kind}")


@dataclass(frozen=True, slots=True)
class EditDraft:
    """An edit as a page asks for it: in labels and numbers of the run on the screen.

    Attributes:
        kind: of `EDITS`.
        run: the run whose labels are meant.
        label: of the person.
        other: label of the other person of a merge, swap or distinct.
        other_run: run of the other person, where it is another footage's; "" for the same run.
        tracklets: of a split, numbers (as in `Presence`) of the appearances that are somebody else.
        at_s: of a cut or swap, seconds.
        name: of a rename.
        revision: the footage's journal as the page shows it; where it has gone on since, nothing is done. None: any.
    """

    kind: str
    run: str
    label: str
    other: str = ""
    other_run: str = ""
    tracklets: tuple[int, ...] = ()
    at_s: float | None = None
    name: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What it takes to tell which edits count: a line of the journal without what was said.

    Attributes:
        id: ascending.
        footage: ids of the footages it is about, one or two.
        takes_back: as in `JournalEntry`.
        brings_back: as in `JournalEntry`.
    """

    id: int
    footage: tuple[str, ...]
    takes_back: int | None = None
    brings_back: int | None = None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of the identity journal. Lines are only ever added.

    Attributes:
        id: ascending.
        author: who said it, "" where nobody said who they are.
        made_utc: ISO 8601.
        edit: what was said; of an undo or redo, the edit that is meant.
        takes_back: the line that an undo takes back, None otherwise.
        brings_back: the line that a redo brings back, None otherwise.
        stands: it counts now: an edit that was not undone, or was brought back; never of an undo or redo.
    """

    id: int
    author: str
    made_utc: str
    edit: Edit
    takes_back: int | None = None
    brings_back: int | None = None
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """Whom a line of the journal was about, as it stood when it was said.

    Attributes:
        footage: footage id.
        label: of the person, "" where an analysis knows nobody there.
        name: what they were called, "" where nobody had said.
        t: instant at which they were meant, seconds.
        now: label of who is there as it stands today, "" for nobody.
    """

    footage: str
    label: str
    name: str
    t: float
    now: str


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What an edit does to one person.

    Attributes:
        footage: footage id.
        label: of the person; one that comes into being has its new label.
        before: when in view before; empty for a new person.
        after: when in view after; empty where nothing is left of the person.
        name_before: what they were called.
        name_after: what they will be called.
    """

    footage: str
    label: str
    before: tuple[Presence, ...]
    after: tuple[Presence, ...]
    name_before: str = ""
    name_after: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, before it does.

    Attributes:
        changes: the people that would change, in order of footage and label.
        warnings: keys of what speaks against it: "together" (in view at the same time), "distinct" (somebody said they
            are not the same), "two-names" (both are named, one name is lost from view).
    """

    changes: tuple[PersonChange, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person of a footage's newest analysis.

    Attributes:
        footage: footage id.
        run: id of the run.
        label: P1, P2, …
    """

    footage: str
    run: str
    label: str


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two that may be the same person, and nobody knows: not linked, but offered.

    Attributes:
        first: one.
        second: the other; of the same footage or another.
        similarity: cosine of what they look like, in [-1, 1].
        score: how likely they are the same, in [0, 1].
        seconds: time in view that would change its owner, seconds: what the answer is worth.
        first_crops: views to look at, the best first.
        second_crops: likewise.
    """

    first: PersonRef
    second: PersonRef
    similarity: float
    score: float
    seconds: float
    first_crops: tuple[CropView, ...] = ()
    second_crops: tuple[CropView, ...] = ()


@dataclass(frozen=True, slots=True)
class Appearance:
    """One person of one footage, as a part of an identity.

    Attributes:
        ref: who.
        footage_name: what the footage is called.
        person: when and how they were seen there.
        score: how sure it is that this is the identity, in [0, 1]; 1 for the only one.
        by: "analyst" where somebody said so, "appearance" where looks decided, "" for the only one.
    """

    ref: PersonRef
    footage_name: str
    person: PersonView
    score: float
    by: str


@dataclass(frozen=True, slots=True)
class IdentityView:
    """Somebody, in all footage.

    Attributes:
        id: stands as long as its first appearance does: "<footage>-<label>" of that.
        name: what an analyst calls them in any footage, "" where nobody has said.
        appearances: at least one, in order of footage.
    """

    id: str
    name: str
    appearances: tuple[Appearance, ...]

    @property
    def visible_s(self) -> float:
        """Time in view in all footage, seconds."""
        return sum(each.person.visible_s for each in self.appearances)
