"""Every text of the interface, in English and Korean.

Owns: the look-up and the texts of the frame; each screen has its own table beside. Imports nothing of ours but those.
Braces are filled by `str.format`.
"""

from __future__ import annotations

from pages import (
    _text_cameras,
    _text_compare,
    _text_dossier,
    _text_edit,
    _text_embeddings,
    _text_export,
    _text_footage,
    _text_gallery,
    _text_history,
    _text_labels,
    _text_models,
    _text_pairs,
    _text_people,
    _text_player,
    _text_review,
    _text_review_event,
    _text_review_tools,
    _text_search,
    _text_search_limits,
    _text_timeline,
)

LANGUAGES = ("en", "ko")

_FRAME: dict[str, tuple[str, str]] = {
    "nav.footage": ("Footage", "영상"),
    "nav.people": ("People", "인물"),
    "nav.gallery": ("Gallery", "갤러리"),
    "nav.embeddings": ("Embeddings", "임베딩"),
    "nav.doubtful": ("Doubtful pairs", "확인할 쌍"),
    "nav.history": ("History", "편집 기록"),
    "nav.compare": ("Compare", "비교"),
    "nav.models": ("Models", "모델"),
    "nav.review": ("Review", "검토"),
    "nav.section.analysis": ("Analysis", "분석"),
    "nav.section.identity": ("Identity", "인물 식별"),
    "nav.section.review": ("Anomalies", "이상 행동"),
    "nav.search": ("Search", "검색"),
    "nav.section.search": ("Search", "검색"),
    "nav.section.system": ("System", "시스템"),
    "frame.skip": ("Skip to the page", "본문으로 건너뛰기"),
    "language.other": ("한국어", "English"),
    "guard.title": ("That did not work", "처리하지 못했습니다"),
    "guard.again": ("Try again", "다시 시도"),
    "guard.unknown": (
        "Something went wrong that Sightline did not expect. Reload the page; if it comes back, the server's log has "
        "the details under {reference}.",
        "예상하지 못한 오류가 발생했습니다. 페이지를 새로고침하세요. 다시 나타나면 서버 로그에서 {reference} 항목을 "
        "찾아보세요.",
    ),
    # Jobs, on every screen
    "jobs.title": ("In progress", "진행 중"),
    "jobs.waiting": ("{count} more waiting", "{count}건 더 대기 중"),
    "jobs.failed": ("Analysis failed", "분석 실패"),
    "jobs.seen": ("Dismiss", "확인함"),
}

TEXT: dict[str, tuple[str, str]] = {
    **_FRAME,
    **_text_labels.TEXT,
    **_text_cameras.TEXT,
    **_text_footage.TEXT,
    **_text_people.TEXT,
    **_text_gallery.TEXT,
    **_text_dossier.TEXT,
    **_text_embeddings.TEXT,
    **_text_edit.TEXT,
    **_text_pairs.TEXT,
    **_text_history.TEXT,
    **_text_player.TEXT,
    **_text_timeline.TEXT,
    **_text_compare.TEXT,
    **_text_export.TEXT,
    **_text_models.TEXT,
    **_text_search.TEXT,
    **_text_search_limits.TEXT,
    **_text_review.TEXT,
    **_text_review_event.TEXT,
    **_text_review_tools.TEXT,
}
"""key -> (English, Korean)."""


def say(language: str, key: str, **values: object) -> str:
    """The text of `key` in a language, its braces filled.

    Raises:
        KeyError: there is no such text.
        ValueError: the language is not one of `LANGUAGES`.
    """
    return TEXT[key][LANGUAGES.index(language)].format(**values)


def group(language: str, prefix: str) -> dict[str, str]:
    """All texts under `prefix.`, unfilled and without it: what a component in the browser is handed."""
    column = LANGUAGES.index(language)
    return {key.removeprefix(prefix + "."): pair[column] for key, pair in TEXT.items() if key.startswith(prefix + ".")}
