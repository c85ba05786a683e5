"""The words of the models screen: which model is used and why, and the facts of each.

Owns: their markup. May import: `engine.core`, `pages`.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from engine.core.config import PROFILES
from engine.core.models import ModelView, Origin, TaskView, UseView
from pages import _ui, _view
from pages._text import TEXT
from pages._ui import t

NAMES = {
    "blazepose": "BlazePose",
    "bytetrack": "ByteTrack",
    "cnn": "Sightline CNN",
    "facemesh": "MediaPipe Face Mesh",
    "geometry": "Sightline geometry",
    "huggingface": "Hugging Face",
    "mediapipe": "MediaPipe",
    "videomae": "VideoMAE",
    "yolo": "YOLO",
}
"""Registry name -> name for people; the same in every language."""


def word(prefix: str, key: str) -> str:
    """The text of `prefix.key`, or the key itself where it is too new to have one."""
    return t(f"{prefix}.{key}") if f"{prefix}.{key}" in TEXT else key


def named(name: str) -> str:
    """A back end's name for people; others as they are."""
    return NAMES.get(name, name)


def uses_html(task: TaskView) -> str:
    """Which model each profile uses and why; one line where all use the same."""
    if not task.uses:
        missing = not any(model.present for model in task.models)
        return f'<p class="sl-uses sl-small">{escape(t("models.use.none" if missing else "models.use.part"))}</p>'
    if len({(use.model, use.file, use.why) for use in task.uses}) == 1 and len(task.uses) == len(PROFILES):
        return f'<dl class="sl-uses">{_use_html(t("models.use.all"), task.uses[0])}</dl>'
    rows = (_use_html(_view.profile_word(use.profile, _ui.language()), use) for use in task.uses)
    return f'<dl class="sl-uses">{"".join(rows)}</dl>'


def _use_html(who: str, use: UseView) -> str:
    if use.problem:
        sentence = t("models.why.missing") if use.why == "missing" else use.problem
        answer = f'<span class="sl-warning" title="{escape(use.problem)}">{escape(sentence)}</span>'
    else:
        version = f'<code title="{escape(use.version)}">{escape(use.version[:8])}</code>'
        name = escape(NAMES.get(use.model, use.model) + (f" · {use.file}" if use.file else ""))
        answer = f'<b>{name}</b> {version} <span class="sl-small">{escape(t(f"models.why.{use.why}"))}</span>'
    return f"<div><dt>{escape(who)}</dt><dd>{answer}</dd></div>"


def facts_html(model: ModelView) -> str:
    """Name, tier, size, licence and origin in two lines."""
    source = urlsplit(model.source).hostname or model.source
    parts = [
        _view.size(model.bytes) if model.bytes else t("models.code"),
        model.licence or t("models.licence.unknown"),
        t(f"models.origin.{model.origin}", source=source),
    ]
    reader = NAMES.get(model.backend, model.backend)
    name = NAMES.get(model.name, model.name)
    tag = word("models.tier", model.tier)
    return (
        f'<div class="sl-name">{escape(name)} <span class="sl-tag sl-tier-{escape(model.tier)}">{escape(tag)}</span>'
        f"</div>"
        f'<div class="sl-small">{escape(" · ".join([*([reader] if reader != name else []), *parts]))}</div>'
    )


def card_html(model: ModelView, task: TaskView) -> str:
    """The facts of a model's file as a list."""
    used = next((use.version for use in task.uses if use.model == model.backend and use.version), "")
    return facts_list(
        {
            t("models.facts.file"): Path(model.source).name if model.origin is Origin.IMPORTED else model.name,
            t("models.facts.source"): model.source,
            t("models.facts.licence"): model.licence or t("models.licence.unknown"),
            t("models.facts.size"): _view.size(model.bytes) if model.bytes else t("models.code"),
            "SHA-256": model.sha256 or t("models.sha.unknown"),
            t("models.facts.version"): used or "\N{EN DASH}",
        }
    )


def facts_list(facts: dict[str, str]) -> str:
    """Names and values, one pair a line."""
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    return f'<dl class="sl-pairs">{rows}</dl>'


def slug(name: str) -> str:
    """A name as part of a key, which becomes part of a class in the document."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in name)
