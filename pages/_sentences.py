"""What is wrong, in the reader's language: by the error's kind, or as the engine says it.

Owns: that choice. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.core.errors import FootageError
from pages import _ui
from pages._text import LANGUAGES, TEXT, say

ENGINE_SPEAKS = LANGUAGES[0]


def sentence(kind: str, own: str, language: str, **blanks: str) -> str:
    """One clear sentence for a kind of failure.

    Args:
        kind: of the `FootageError`.
        own: what the engine says, in its own language; it knows more of the case, so it goes first there.
        language: of the reader.
        **blanks: `name` of the file or folder and the like; a sentence that wants one that is missing is not used.

    Returns:
        The sentence; the engine's own where the language has none for this kind.
    """
    if (language == ENGINE_SPEAKS and own) or f"bad.{kind}" not in TEXT:
        return own
    try:
        return say(language, f"bad.{kind}", **blanks)
    except KeyError:
        return own


@contextmanager
def told(**blanks: str) -> Iterator[None]:
    """For callbacks: what goes wrong with footage is shown at the next drawing, in the reader's language."""
    with _ui.guarded_action():
        try:
            yield
        except FootageError as error:
            _ui.notice("error", sentence(error.kind, error.user_message, _ui.language(), **blanks))
