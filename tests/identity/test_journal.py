"""Which lines of the journal count, and what can be undone and redone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.identity import JournalLine
from engine.identity.journal import redoable, standing, undoable

A, B, BOTH = ("a",), ("b",), ("a", "b")


def lines(*told: tuple[str, ...] | int) -> list[JournalLine]:
    """Lines 1, 2, …: footages of an edit; or the edit that an undo takes back, or that a redo brings back as -edit."""
    made: list[JournalLine] = []
    for number, each in enumerate(told, 1):
        if isinstance(each, tuple):
            made.append(JournalLine(number, each))
        else:
            footage = made[abs(each) - 1].footage
            made.append(JournalLine(number, footage, *((each, None) if each > 0 else (None, -each))))
    return made


@pytest.mark.parametrize(
    ("told", "counts", "undo", "redo"),
    [
        pytest.param([], set(), None, None, id="nothing said"),
        pytest.param([A, A], {1, 2}, 2, None, id="two edits"),
        pytest.param([A, A, 2], {1}, 1, 2, id="one taken back"),
        pytest.param([A, A, 2, 1], set(), None, 1, id="both taken back, the first comes first"),
        pytest.param([A, A, 2, 1, -1], {1}, 1, 2, id="one brought back"),
        pytest.param([A, A, 2, 1, -1, -2], {1, 2}, 2, None, id="all brought back"),
        pytest.param([A, A, 2, A], {1, 4}, 4, None, id="a new edit ends it"),
        pytest.param([A, A, 2, B], {1, 4}, 1, 2, id="an edit of other footage does not"),
        pytest.param([BOTH, 1, B], {3}, None, None, id="an edit of the other footage of both does"),
        pytest.param([A, BOTH, 2, -2, 2], {1}, 1, 2, id="back and forth"),
    ],
)
def test_of_one_footage(
    told: list[tuple[str, ...] | int], counts: set[int], undo: int | None, redo: int | None
) -> None:
    made = lines(*told)
    assert standing(made) == counts
    assert (undoable(made, "a"), redoable(made, "a")) == (undo, redo)


def test_an_edit_about_two_belongs_to_both() -> None:
    made = lines(A, BOTH, B)
    assert (undoable(made, "a"), undoable(made, "b"), undoable(made, "c")) == (2, 3, None)
    made = lines(A, BOTH, B, 3, 2)
    assert (redoable(made, "a"), redoable(made, "b")) == (2, 2)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=14))
def test_as_an_editor_does(steps: list[str]) -> None:
    made: list[JournalLine] = []
    done: list[int] = []
    gone: list[int] = []
    for number, step in enumerate(steps, 1):
        if step == "edit":
            made.append(JournalLine(number, A))
            done.append(number)
            gone.clear()
        elif step == "undo" and done:
            assert undoable(made, "a") == done[-1]
            made.append(JournalLine(number, A, takes_back=done[-1]))
            gone.append(done.pop())
        elif step == "redo" and gone:
            assert redoable(made, "a") == gone[-1]
            made.append(JournalLine(number, A, brings_back=gone[-1]))
            done.append(gone.pop())
        assert standing(made) == set(done)
        assert undoable(made, "a") == (done[-1] if done else None)
        assert redoable(made, "a") == (gone[-1] if gone else None)
