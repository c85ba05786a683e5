"""Texts of the footage screen, those of its parts from their own tables. English and Korean.

May import: `pages`' tables of texts.
"""

from __future__ import annotations

from pages import _text_adding, _text_bad, _text_details, _text_library

_SCREEN: dict[str, tuple[str, str]] = {
    "footage.title": ("Footage", "영상"),
    "footage.summary": ("{count} recordings, {length} in all", "영상 {count}개, 총 {length}"),
    "footage.summary.one": ("One recording, {length}", "영상 1개, {length}"),
    "footage.summary.none": ("Nothing here yet", "아직 영상이 없습니다"),
    "footage.empty.title": ("Start with a recording", "영상을 추가해 시작하세요"),
    "footage.empty.body": (
        "Drop a video into “Add footage”. Sightline finds the people in it and when each was in view. "
        "Everything stays on this machine.",
        "‘영상 추가’에 동영상을 놓으세요. 영상 속 인물과 등장 시간을 찾아 드립니다. 모든 데이터는 이 컴퓨터에만 "
        "저장됩니다.",
    ),
    "footage.gone": ("The recording in the address is not here any more.", "주소에 있는 영상은 더 이상 없습니다."),
    "footage.open": ("See people", "인물 보기"),
    "footage.analyse": ("Analyse", "분석"),
    "footage.again": ("Analyse again", "다시 분석"),
    "footage.again.help": ("What has not changed is not computed again.", "바뀌지 않은 단계는 다시 계산하지 않습니다."),
    "footage.cancel": ("Cancel", "취소"),
    "footage.retry": ("Retry", "재시도"),
    "footage.remove": ("Remove…", "삭제…"),
    "footage.in_place": ("in place", "원본 위치"),
    "footage.gap.one": ("one part unreadable", "일부 손상"),
    "footage.gap.many": ("{count} parts unreadable", "{count}곳 손상"),
}

TEXT: dict[str, tuple[str, str]] = {
    **_SCREEN,
    **_text_library.TEXT,
    **_text_adding.TEXT,
    **_text_details.TEXT,
    **_text_bad.TEXT,
}
"""key -> (English, Korean)."""
