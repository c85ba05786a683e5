"""The room of who is who: what analysts say of identities, each word a line of a journal that can be undone.

A line, and all that follows from it for every analysis of its footage, are written in one transaction, so that whatever
reads persons (timelines, search, anomalies, exports) is right at once and need not know of the journal.
May import: `engine.core`, `engine.drafting`, `engine.folding`, `engine.identity`, `engine.mentions`,
`engine.store`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.core.errors import ConfigError, StoreError
from engine.core.identity import LONGEST_NAME, Edit, EditDraft, JournalEntry, Mention, PersonRef, Preview
from engine.core.views import RunView
from engine.drafting import Side, changes, edit_of, in_view_together, refuse_together, unchanged
from engine.folding import Bench, Newest, Owners, footages_of, link_stage, links_people
from engine.identity.journal import redoable, standing, undoable
from engine.mentions import mentions
from engine.store.database import Database
from engine.store.journal import JournalDesk, JournalTable, LinkStage
from engine.store.results import ResultTable

log = logging.getLogger(__name__)

Pairs = frozenset[frozenset[PersonRef]]


class Constraints(NamedTuple):
    """What analysts said of people of different footage, of whom the newest analyses are meant.

    Attributes:
        must: two who are the same.
        cannot: two who are not.
    """

    must: Pairs
    cannot: Pairs


@dataclass(frozen=True, slots=True)
class _Drafted:
    """A draft made into an edit, not yet applied."""

    edit: Edit
    one: Side
    other: Side | None

    @property
    def across(self) -> bool:
        """It is about two footages."""
        return len(footages_of(self.edit)) > 1


class Identities:
    """Who is who, and who said so.

    Args:
        database: the store.
    """

    def __init__(self, database: Database) -> None:
        self._journal = JournalTable(database)
        self._results = ResultTable(database)

    # Saying

    def preview(self, draft: EditDraft) -> Preview:
        """What an edit would do; nothing is written.

        Args:
            draft: in labels and numbers of a run.

        Returns:
            The changes; none where `apply` would refuse it because the two were in view together, and then the
            warnings say so. Of an edit about two footages both people are told, as they are.

        Raises:
            ConfigError: the edit makes no sense.
            StoreError: it names somebody who is no longer there.
        """
        drafted = self._drafted(draft)
        one, other = drafted.one, drafted.other
        if drafted.across:
            assert other is not None
            return Preview((unchanged(one), unchanged(other)), self._warnings(drafted))
        warnings = self._warnings(drafted)
        if "together" in warnings:
            return Preview((), warnings)
        before = one.bench.fold.persons()
        one.bench.fold.say(one.bench.said(drafted.edit))
        return Preview(changes(one.footage, before, one.bench.fold.persons()), warnings)

    def apply(self, draft: EditDraft, author: str = "") -> JournalEntry:
        """Say something, with all that follows from it.

        Args:
            draft: in labels and numbers of a run.
            author: who says it.

        Returns:
            The new line.

        Raises:
            ConfigError: the edit makes no sense, would change nothing, or would put somebody in two places at once.
            StoreError: it names somebody who is no longer there, or the store cannot be written.
        """
        author = _author(author)
        with self._journal.writing() as desk:
            drafted = self._drafted(draft)
            bench, footages = drafted.one.bench, footages_of(drafted.edit)
            if not drafted.across:
                self._take(drafted)
            line = desk.add(drafted.edit, author)
            for side in (drafted.one, drafted.other):
                if side is not None:
                    desk.note(side.bench.stage.tracklets_key, side.bench.spots.learnt)
            if not drafted.across:
                desk.settle(bench.stage, bench.fold.persons())
                edits = [*self._edits(footages), drafted.edit]
                self._settle(desk, footages, edits, done=bench.stage)
        log.info("journal line %d: %s", line, drafted.edit.kind)
        return self._entry(line)

    def undo(self, footage: str, author: str = "") -> JournalEntry | None:
        """Take back the last edit of a footage that counts.

        Returns:
            The new line; None where nothing was left to take back.

        Raises:
            StoreError: the store cannot be written.
        """
        return self._turn("undo", footage, author)

    def redo(self, footage: str, author: str = "") -> JournalEntry | None:
        """Bring back the edit of a footage that was taken back last, unless something new was said since.

        Returns:
            The new line; None where there is nothing to bring back.

        Raises:
            StoreError: the store cannot be written.
        """
        return self._turn("redo", footage, author)

    def settle(self, run: RunView) -> None:
        """Bring the persons of an analysis to what was said of its footage.

        Args:
            run: whose stages are in the store; it need not be saved itself.
        """
        if links_people(run):
            with self._journal.writing() as desk:
                self._settle_stage(desk, link_stage(run), self._edits((run.footage,)))

    # Reading

    def undoable(self, footage: str) -> JournalEntry | None:
        """What `undo` would take back."""
        found = undoable(self._journal.lines(), footage)
        return None if found is None else self._entry(found)

    def redoable(self, footage: str) -> JournalEntry | None:
        """What `redo` would bring back."""
        found = redoable(self._journal.lines(), footage)
        return None if found is None else self._entry(found)

    def journal(self, footage: str = "") -> tuple[JournalEntry, ...]:
        """All lines, of one footage or of all, newest first."""
        lines = self._journal.lines()
        ids = [line.id for line in lines if not footage or footage in line.footage]
        return self._journal.entries(standing(lines), ids)[::-1]

    def history(self, run: str, label: str) -> tuple[JournalEntry, ...]:
        """Lines that were about somebody's appearances, also those that were taken back, newest first.

        Args:
            run: id of the run.
            label: of the person in it.

        Raises:
            StoreError: there is no such run or person.
        """
        view = self._results.run(run)
        person = next((each for each in self._results.people(run) if each.label == label), None)
        if person is None:
            raise StoreError(f"There is no {label} in this analysis any more. Reload the page.")
        owners = Owners(self._journal, self._results, view)

        def about(entry: JournalEntry) -> bool:
            # Whose best view went to somebody else since still has the name from that line.
            named = entry.stands and entry.edit.kind == "rename" and entry.edit.name == person.name != ""
            return named or label in owners.labels((*entry.edit.first, *entry.edit.second))

        return tuple(entry for entry in self.journal(view.footage) if about(entry))

    def mentions(self, run: str) -> dict[int, tuple[Mention, ...]]:
        """Whom every edit of a run's footage was about when it was said: id of the line -> the one, and the other.

        Args:
            run: id of the run in whose labels they are named.

        Raises:
            StoreError: there is no such run.
        """
        view = self._results.run(run)
        return mentions(self._journal, self._results, view, self.journal(view.footage)[::-1])

    def revision(self, footage: str = "") -> int:
        """Another number after every line about a footage, or about any."""
        return self._journal.revision(footage)

    def constraints(self) -> Constraints:
        """What was said of people of different footage, in the newest run of each.

        Of two contradicting words the later counts.
        """
        lines = self._journal.lines()
        counting = standing(lines)
        across = [line.id for line in lines if len(line.footage) > 1 and line.id in counting]
        must: set[frozenset[PersonRef]] = set()
        cannot: set[frozenset[PersonRef]] = set()
        refs = Newest(self._journal, self._results)
        for entry in self._journal.entries(counting, across):
            first, second = refs.people(entry.edit.first), refs.people(entry.edit.second)
            if entry.edit.kind == "merge" and first and second:
                pair = frozenset((first[0], second[0]))
                must.add(pair)
                cannot.discard(pair)
            elif entry.edit.kind == "distinct":
                pairs = {frozenset((one, other)) for one in first for other in second}
                cannot |= pairs
                must -= pairs
        return Constraints(frozenset(must), frozenset(cannot))

    # Inside

    def _drafted(self, draft: EditDraft) -> _Drafted:
        run = self._results.run(draft.run)
        if draft.revision is not None and draft.revision != self._journal.revision(run.footage):
            raise StoreError("Somebody has changed who is who meanwhile. Reload the page and look again.")
        bench = self._bench(run)
        one = Side.of(run.footage, bench, draft.label)
        other = None
        if draft.other:
            other_run = self._results.run(draft.other_run) if draft.other_run not in ("", run.id) else run
            other = Side.of(other_run.footage, bench if other_run is run else self._bench(other_run), draft.other)
        return _Drafted(edit_of(draft, one, other), one, other)

    def _take(self, drafted: _Drafted) -> None:
        """Fold an edit in, once it is clear that it can be."""
        bench, kind = drafted.one.bench, drafted.edit.kind
        if kind == "merge" and drafted.other is not None:
            refuse_together(drafted.one, drafted.other)
        before = bench.fold.persons()
        bench.fold.say(bench.said(drafted.edit))
        if kind != "distinct" and bench.fold.persons() == before:
            raise ConfigError("Nothing would be different after this.")

    def _warnings(self, drafted: _Drafted) -> tuple[str, ...]:
        one, other = drafted.one, drafted.other
        if drafted.edit.kind != "merge" or other is None:
            return ()
        names = {one.person.name, other.person.name} - {""}
        if drafted.across:
            constraints = self.constraints()
            refs = Newest(self._journal, self._results)
            pairs = {
                frozenset((first, second))
                for first in refs.people(drafted.edit.first)
                for second in refs.people(drafted.edit.second)
            }
            contradicted = not pairs.isdisjoint(constraints.cannot)
        else:
            contradicted = one.bench.fold.contradicted(one.points, other.points)
        together = not drafted.across and in_view_together(one, other) is not None
        told = {"together": together, "distinct": contradicted, "two-names": len(names) > 1}
        return tuple(key for key, holds in told.items() if holds)

    def _turn(self, kind: str, footage: str, author: str) -> JournalEntry | None:
        author = _author(author)
        with self._journal.writing() as desk:
            lines = self._journal.lines()
            meant = (undoable if kind == "undo" else redoable)(lines, footage)
            if meant is None:
                return None
            line = desk.turn(kind, meant, author)
            counting = standing(lines)
            counting = counting - {meant} if kind == "undo" else counting | {meant}
            footages = next(each.footage for each in lines if each.id == meant)
            if len(footages) == 1:
                of_it = [each.id for each in lines if each.id in counting and footage in each.footage]
                edits = [entry.edit for entry in self._journal.entries(counting, of_it)]
                self._settle(desk, footages, edits)
        log.info("journal line %d: %s of %d", line, kind, meant)
        return self._entry(line)

    def _settle(
        self, desk: JournalDesk, footages: Iterable[str], edits: Sequence[Edit], done: LinkStage | None = None
    ) -> None:
        for footage in footages:
            for stage in self._journal.stages(footage):
                if stage != done:
                    self._settle_stage(desk, stage, edits)

    def _settle_stage(self, desk: JournalDesk, stage: LinkStage, edits: Sequence[Edit]) -> None:
        bench = Bench(self._journal, self._results, stage, edits)
        desk.note(stage.tracklets_key, bench.spots.learnt)
        desk.settle(stage, bench.fold.persons())

    def _bench(self, run: RunView) -> Bench:
        return Bench(self._journal, self._results, link_stage(run), self._edits((run.footage,)))

    def _edits(self, footages: Sequence[str]) -> list[Edit]:
        """The edits of some footages that count, oldest first."""
        lines = self._journal.lines()
        counting = standing(lines)
        ids = [line.id for line in lines if line.id in counting and not set(footages).isdisjoint(line.footage)]
        return [entry.edit for entry in self._journal.entries(counting, ids)]

    def _entry(self, line: int) -> JournalEntry:
        return self._journal.entries(standing(self._journal.lines()), [line])[0]


def _author(author: str) -> str:
    author = author.strip()
    if len(author) > LONGEST_NAME or not author.isprintable():
        raise ConfigError(f"Your name has at most {LONGEST_NAME} letters and no line breaks. Choose a shorter one.")
    return author
