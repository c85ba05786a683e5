"""What reviews teach: measured precision of each model, and the threshold that the verdicts speak for.

Owns: that panel; the looks are in `assets/review.css`. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.core.reviews import MeasuredPrecision, ReviewItem, ThresholdAdvice
from pages import _compare, _ui
from pages._ui import t

Model = tuple[str, str]
COLUMNS = ("seen", "kept", "precision", "unsure", "waiting", "missed")


def lessons(items: Sequence[ReviewItem], floors: dict[str, float], standard: float) -> None:
    """Draw the panel.

    Args:
        items: all events, for the names of footage.
        floors: model -> lowest score that its analyses kept.
        standard: threshold of an analysis that asks for nothing else.
    """
    room = _ui.engine().anomalies
    measured, advice = room.precision(), room.suggested_threshold()
    names = {item.event.footage: item.footage_name for item in items}
    models = dict.fromkeys((row.model, row.version) for row in measured)
    judged = [model for model in models if any(_of(row, model) and row.seen + row.unsure for row in measured)]
    with st.container(key="sl_lessons"):
        if not judged:
            st.caption(t("review.lessons.none"))
        for model in judged:
            floor = floors.get(model[0], standard)
            rows = [row for row in measured if _of(row, model) and row.threshold >= floor - 1e-6]
            st.html(_model(model, rows, [one for one in advice if (one.model, one.version) == model], names))
            st.caption(t("review.lessons.floor", threshold=f"{floor:.2f}"))


def _of(row: MeasuredPrecision, model: Model) -> bool:
    return (row.model, row.version) == model


def _model(model: Model, rows: list[MeasuredPrecision], advice: list[ThresholdAdvice], names: dict[str, str]) -> str:
    overall = [row for row in rows if not row.footage and row.seen + row.unsure + row.waiting]
    if not overall:
        return ""
    lowest = overall[0]
    said = [_sentence(lowest), _advice(advice[0]) if advice else t("review.lessons.few", judged=lowest.seen)]
    heads = (t("review.lessons.threshold"), *(t(f"review.lessons.{column}") for column in COLUMNS))
    by_threshold = _compare.table(
        heads, (_cells(f"{row.threshold:.2f}", row, lowest.seen) for row in overall), heads[0]
    )
    first = t("review.lessons.footage", threshold=f"{lowest.threshold:.2f}")
    single = [row for row in rows if row.footage and row.threshold == lowest.threshold]
    by_footage = _compare.table(
        (first, *heads[1:]),
        (_cells(escape(names.get(row.footage, row.footage)), row, lowest.seen) for row in single),
        first,
    )
    title = t("review.lessons.model", model=model[0], version=model[1][:12])
    return (
        f'<section class="sl-lesson"><h4>{escape(title)}</h4>'
        f'<p class="sl-lesson-says">{escape(said[0])}</p><p>{escape(said[1])}</p>'
        f"{by_threshold}{by_footage if len(single) > 1 else ''}</section>"
    )


def _sentence(row: MeasuredPrecision) -> str:
    return t(
        "review.lessons.at",
        threshold=f"{row.threshold:.2f}",
        seen=row.seen,
        kept=row.kept,
        precision=_percent(row.precision),
    )


def _advice(one: ThresholdAdvice) -> str:
    told = {name: getattr(one, name) for name in ("judged", "seen", "kept", "lost")}
    return t("review.lessons.advice", threshold=f"{one.threshold:.2f}", **told)


def _percent(share: float | None) -> str:
    return t("review.lessons.unjudged") if share is None else f"{100 * share:.0f} %"


def _cells(first: str, row: MeasuredPrecision, most: int) -> list[str]:
    wide = 100 * row.seen / max(most, 1)
    kept = 100 * row.kept / max(row.seen, 1)
    bar = f'<span class="sl-lesson-bar" style="width:{wide:.0f}%"><i style="width:{kept:.0f}%"></i></span>'
    share = _percent(row.precision) if row.seen else "–"
    told = [f'<div class="sl-lesson-seen">{row.seen}{bar}</div>', str(row.kept), share]
    return [first, *map(str, told), str(row.unsure), str(row.waiting), str(row.missed)]
