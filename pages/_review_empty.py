"""What the review screen says where there is no event to look at.

Owns: which empty state holds. May import: `engine.core`, `pages`, Streamlit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from engine.core.config import AnalysisConfig, AnomalyConfig
from engine.core.views import FootageView, RunView
from pages import _panels, _ui, _view
from pages._ui import language, t

THRESHOLDS = {"anomalies": "threshold", "behaviours": "shop_threshold", "unpaid": "shop_threshold"}
"""Stage that looks for what is out of the ordinary -> its threshold in the settings."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A recording that a model looked at.

    Attributes:
        footage: which.
        run: its newest analysis.
        models: model -> threshold.
    """

    footage: FootageView
    run: RunView
    models: dict[str, float]


@st.cache_data(show_spinner=False, max_entries=256)
def models_of(run: RunView) -> dict[str, float]:
    """Models of a run that look for what is out of the ordinary, each with the threshold it was asked for."""
    stages = [stage for stage in run.stages if stage.name in THRESHOLDS]
    if not stages:
        return {}
    asked = AnalysisConfig.from_dict(json.loads(run.config_json)).anomalies
    return {stage.model: float(getattr(asked, THRESHOLDS[stage.name])) for stage in stages}


@st.cache_data(show_spinner=False, max_entries=256)
def _judged_s(run: RunView) -> float:
    return float(_ui.engine().anomalies.judged_s(run))


def looked_at(all_footage: Sequence[FootageView]) -> list[Looked]:
    """The recordings whose newest analysis looked for what is out of the ordinary."""
    newest = ((one, next(iter(_ui.engine().runs(one.id)), None)) for one in all_footage)
    return [Looked(one, run, models_of(run)) for one, run in newest if run is not None and models_of(run)]


def floors(looked: Sequence[Looked]) -> dict[str, float]:
    """Model -> lowest threshold that an analysis with it was asked for."""
    pairs = [pair for one in looked for pair in one.models.items()]
    return {model: min(value for name, value in pairs if name == model) for model, _ in pairs}


def standard_threshold() -> float:
    """Threshold of an analysis that asks for nothing else."""
    return float(AnomalyConfig().threshold)


def no_footage() -> None:
    """There is nothing at all."""
    _panels.empty_state(t("review.none.title"), t("review.none.body"))
    _ui.link_to("footage", t("review.none.link"))


def no_events(looked: Sequence[Looked], everything: Sequence[FootageView]) -> None:
    """Nothing was analysed, or no model raised an alarm; says who looked, at what, and what that does not mean."""
    if not looked:
        _panels.empty_state(t("review.unread.title"), t("review.unread.body"))
        _ui.link_to("footage", t("review.none.link"))
        return
    seen = sum(person.visible_s for one in looked for person in _ui.people(one.run.id))
    judged = min(sum(_judged_s(one.run) for one in looked), seen)
    models = [
        t("review.quiet.model", model=model, threshold=f"{threshold:.2f}")
        for model, threshold in floors(looked).items()
    ]
    body = t(
        "review.quiet.body",
        models=", ".join(models),
        count=len(looked),
        all=len(everything),
        length=_view.length(sum(one.footage.media.duration_s for one in looked), language()),
        seen=_view.length(seen, language()),
        judged=_view.length(judged, language()),
    )
    _panels.empty_state(t("review.quiet.title"), body)
