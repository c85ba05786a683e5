"""Which edits of the identity journal count: undo and redo are lines of it themselves.

Undo and redo go footage by footage; an edit about two footages belongs to both. A new edit ends what could have been
redone of the footages it is about. May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.core.identity import JournalLine


def standing(lines: Iterable[JournalLine]) -> frozenset[int]:
    """Ids of the edits that were not undone, or were brought back.

    Args:
        lines: oldest first.
    """
    return frozenset(number for number, undone in _undone_by(lines).items() if undone is None)


def undoable(lines: Sequence[JournalLine], footage: str) -> int | None:
    """Id of the last edit of a footage that counts, None where none does.

    Args:
        lines: all of the journal, oldest first.
        footage: its id.
    """
    counts = standing(lines)
    return max((line.id for line in lines if line.id in counts and footage in line.footage), default=None)


def redoable(lines: Sequence[JournalLine], footage: str) -> int | None:
    """Id of the edit of a footage that was undone last and that no new edit came after, None where there is none.

    Args:
        lines: all of the journal, oldest first.
        footage: its id.
    """
    undone = {number: by for number, by in _undone_by(lines).items() if by is not None}
    last_edit: dict[str, int] = {}
    for line in lines:
        if _is_edit(line):
            last_edit.update(dict.fromkeys(line.footage, line.id))
    open_ = [
        (undone[line.id], line.id)
        for line in lines
        if line.id in undone
        and footage in line.footage
        and all(last_edit[each] < undone[line.id] for each in line.footage)
    ]
    return max(open_, default=(0, None))[1]


def _is_edit(line: JournalLine) -> bool:
    return line.takes_back is None and line.brings_back is None


def _undone_by(lines: Iterable[JournalLine]) -> dict[int, int | None]:
    """Every edit, with the line that undid it, None where it counts."""
    state: dict[int, int | None] = {}
    for line in lines:
        if line.takes_back is not None:
            state[line.takes_back] = line.id
        elif line.brings_back is not None:
            state[line.brings_back] = None
        else:
            state[line.id] = None
    return state
