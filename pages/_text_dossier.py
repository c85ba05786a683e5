"""Texts of the dossier of somebody, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "dossier.back": ("Everybody", "전체 인물"),
    "dossier.print": ("Print", "인쇄"),
    "dossier.name": ("Name", "이름"),
    "dossier.visible": ("Time in view", "등장 시간"),
    "dossier.recordings": ("Recordings", "영상"),
    "dossier.times": ("Appearances", "등장 횟수"),
    "dossier.first": ("First seen", "첫 등장"),
    "dossier.last": ("Last seen", "마지막 등장"),
    "dossier.alarms": ("Alarms", "이상 행동"),
    "dossier.totals": ("All recordings together", "전체 영상 합계"),
    "dossier.appearances": ("Every appearance", "모든 등장"),
    "dossier.action": ("Action", "동작"),
    "dossier.emotion": ("Emotion", "감정"),
    "dossier.action.none": ("No actions were recognised.", "인식된 동작이 없습니다."),
    "dossier.emotion.none": (
        "No emotions: no face could be read, or they are switched off on this site.",
        "감정 정보가 없습니다. 얼굴을 읽지 못했거나 이 사이트에서 꺼져 있습니다.",
    ),
    "dossier.time": ("Time", "시간"),
    "dossier.coverage": ("Seen", "확인된 비율"),
    "dossier.picture": ("{person} at {time}", "{person}, {time}"),
    "dossier.more": ("{count} more", "{count}개 더"),
    "dossier.clothing": ("Clothing", "옷차림"),
    "dossier.clothing.unread": ("not read in this analysis", "이 분석에서 읽지 않음"),
    "dossier.clothing.unseen": ("nothing could be made out", "알아볼 수 없음"),
    "dossier.alarms.none": ("none", "없음"),
    "dossier.company": ("In view at the same time", "함께 등장한 인물"),
    "dossier.company.none": ("nobody", "없음"),
    "dossier.here": ("Actions and emotions in this recording", "이 영상의 동작과 감정"),
    "dossier.by.analyst": ("an analyst said so", "분석가 확인"),
    "dossier.by.appearance": ("matched by looks, {score} sure", "외모로 연결, 확신도 {score}"),
    "dossier.apart": ("Not the same person", "다른 사람입니다"),
    "dossier.apart.help": (
        "This appearance is somebody else. It stays apart when footage is analysed again.",
        "이 등장은 다른 사람입니다. 다시 분석해도 분리된 상태로 유지됩니다.",
    ),
    "dossier.parted": (
        "{person} of {footage} is somebody else now.",
        "{footage}의 {person}을(를) 다른 사람으로 분리했습니다.",
    ),
    "dossier.renamed": ("This person is called {person} now.", "이제 이 인물을 {person}(이)라고 부릅니다."),
    "dossier.undo": ("Undo", "되돌리기"),
    "dossier.undone": ("Taken back: {what}", "되돌림: {what}"),
    "dossier.gone": (
        "This person is no longer in the gallery: an analysis or an analyst changed who they are.",
        "이 인물은 갤러리에 더 이상 없습니다. 새 분석이나 편집으로 바뀌었습니다.",
    ),
}
"""Key -> English, Korean."""
