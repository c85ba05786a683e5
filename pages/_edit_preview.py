"""What an edit would do, as the list of people shows it before it is applied; times in seconds.

Owns: that data. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.core.errors import SightlineError
from engine.core.identity import EditDraft, PersonChange, Preview
from engine.core.views import CropView, FootageView, PersonView, Presence, RunView
from pages import _edit_words, _ui, _view
from pages._data import media_url
from pages._tallies import shared, title_of
from pages._ui import t

SHOWN_TIMES = 2
"""Stretches spelled out in which two people are in view together."""

Picture = tuple[str, CropView | None, int]
"""Whose, the picture, and the person's place in the order of colours."""


def preview_data(footage: FootageView, run: RunView, people: Sequence[PersonView], draft: EditDraft) -> dict[str, Any]:
    """An edit before it is applied.

    Args:
        footage: what is shown.
        run: the run that the draft means.
        people: of the run, as the journal stands.
        draft: what is asked.

    Returns:
        The draft itself as "edit", so that what was looked at is what is applied; what it would do in words, pictures
        and times; or only why it cannot be, under "warnings", with no "edit".
    """
    words = _edit_words.said(draft, people)
    try:
        preview = _ui.engine().identity.preview(draft)
    except SightlineError as error:
        return {"edit": None, "words": words, "pictures": [], "warnings": [error.user_message], "changes": []}
    places = {person.label: place for place, person in enumerate(people)}
    possible = "together" not in preview.warnings  # nobody is in two places at once: applying it would be refused
    return {
        "edit": None
        if not possible
        else {
            "kind": draft.kind,
            "run": draft.run,
            "label": draft.label,
            "other": draft.other,
            "tracklets": list(draft.tracklets),
            "at_s": draft.at_s,
            "name": draft.name,
            "revision": draft.revision,
        },
        "words": words,
        "pictures": [
            [title, media_url(footage.id, crop.file) if crop else "", hue]
            for title, crop, hue in _pictures(draft, people)
        ],
        "warnings": warnings(preview, draft, people),
        "changes": [_change(change, footage, places) for change in preview.changes],
    }


def warnings(preview: Preview, draft: EditDraft, people: Sequence[PersonView]) -> list[str]:
    """What speaks against an edit, in sentences."""
    found = []
    for key in preview.warnings:
        pair = [person for person in people if person.label in (draft.label, draft.other)]
        times = shared(*pair) if len(pair) == 2 and draft.kind == "merge" else []
        if key == "together" and times:
            told = ", ".join(f"{_view.clock(start)} – {_view.clock(end)}" for start, end in times[:SHOWN_TIMES])
            found.append(t("edit.warn.together.when", times=told + (", …" if len(times) > SHOWN_TIMES else "")))
        else:
            found.append(t(f"edit.warn.{key}"))
    return found


def _pictures(draft: EditDraft, people: Sequence[PersonView]) -> list[Picture]:
    """The two whom an edit is about: two people, or what stays of one and what goes."""
    hues = {person.label: place for place, person in enumerate(people)}
    by_label = {person.label: person for person in people}
    who, other = by_label.get(draft.label), by_label.get(draft.other)
    if who is None:
        return []
    if other is not None:
        return [(title_of(one), next(iter(one.crops), None), hues[one.label]) for one in (who, other)]
    goes = [crop for crop in who.crops if _goes(draft, crop)]
    stays = [crop for crop in who.crops if not _goes(draft, crop)]
    first: Picture = (title_of(who), next(iter(stays), None), hues[who.label])
    return [first, (t("edit.somebody"), next(iter(goes), None), len(people))] if draft.kind != "rename" else [first]


def _goes(draft: EditDraft, crop: CropView) -> bool:
    return crop.tracklet in draft.tracklets or (draft.at_s is not None and crop.t >= draft.at_s)


def _change(change: PersonChange, footage: FootageView, places: dict[str, int]) -> dict[str, Any]:
    name = change.name_after or change.name_before
    elsewhere = change.footage != footage.id
    shown = _ui.engine().footage(change.footage) if elsewhere else footage
    return {
        "title": f"{name} ({change.label})" if name else change.label,
        "footage": shown.name if elsewhere else "",
        "duration": shown.media.duration_s,
        "hue": places.get(change.label, len(places)),
        "before": _spans(change.before),
        "after": _spans(change.after),
    }


def _spans(presence: Sequence[Presence]) -> list[list[float]]:
    return [[round(one.start_s, 3), round(one.end_s, 3)] for one in presence]
