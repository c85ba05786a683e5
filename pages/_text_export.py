"""Texts of the export menu, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "export.title": ("Export", "내보내기"),
    "export.csv": ("Table (CSV)", "표 (CSV)"),
    "export.csv.what": (
        "Who did what from when to when, for spreadsheets",
        "누가 언제부터 언제까지 무엇을 했는지, 스프레드시트용",
    ),
    "export.json": ("Everything (JSON)", "전체 결과 (JSON)"),
    "export.json.what": ("Boxes, actions, emotions, models and settings", "위치, 동작, 감정, 모델과 설정"),
    "export.webvtt": ("Subtitles (WebVTT)", "자막 (WebVTT)"),
    "export.webvtt.what": ("The labels as a track for any player", "어느 재생기에서나 볼 수 있는 라벨 자막"),
    "export.eaf": ("ELAN document", "ELAN 문서"),
    "export.eaf.what": ("A tier for each person and channel", "인물과 항목마다 층 하나"),
    "export.ava": ("AVA actions", "AVA 동작"),
    "export.ava.what": ("A line a second, person and action", "초, 인물, 동작마다 한 줄"),
    "export.parquet": ("Boxes (Parquet)", "위치 (Parquet)"),
    "export.parquet.what": ("Every box with its labels, for data frames", "라벨이 붙은 모든 위치, 데이터 분석용"),
}
