"""Texts of the gallery and its dossiers, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "gallery.title": ("Gallery", "갤러리"),
    "gallery.help": (
        "Everybody in the newest analysis of all footage, each once where looks are sure enough or an analyst said so.",
        "모든 영상의 최신 분석에 나온 인물입니다. 외모가 충분히 확실하거나 분석가가 확인한 경우 한 사람으로 묶습니다.",
    ),
    "gallery.count.one": ("1 person", "1명"),
    "gallery.count.many": ("{count} people", "{count}명"),
    "gallery.count.of": ("{count} of {all} people", "{all}명 중 {count}명"),
    "gallery.none.title": ("Nobody in the gallery yet", "아직 갤러리에 인물이 없습니다"),
    "gallery.none.body": (
        "Add a recording and analyse it: everybody who is found appears here.",
        "영상을 추가하고 분석하면 찾은 인물이 모두 여기에 나타납니다.",
    ),
    "gallery.none.link": ("Go to footage", "영상 페이지로"),
    "gallery.nobody.title": ("Nobody fits", "조건에 맞는 인물이 없습니다"),
    "gallery.nobody.body": ("Take a filter away to see more people.", "필터를 줄이면 더 많은 인물이 보입니다."),
    "gallery.clear": ("Clear all filters", "필터 모두 지우기"),
    "gallery.loading": ("Comparing everybody …", "모든 인물을 비교하는 중…"),
    "gallery.find": ("Find", "찾기"),
    "gallery.find.help": ("Name, label or recording", "이름, 라벨 또는 영상"),
    "gallery.footage": ("Recordings", "영상"),
    "gallery.camera": ("Cameras", "카메라"),
    "gallery.any": ("All", "전체"),
    "gallery.days": ("Days", "날짜"),
    "gallery.days.help": (
        "In view on these days. Recordings whose start is not known are left out.",
        "이 기간에 화면에 나온 인물입니다. 시작 시각을 모르는 영상은 제외됩니다.",
    ),
    "gallery.only": ("Only", "조건"),
    "gallery.only.named": ("Named", "이름 있음"),
    "gallery.only.several": ("In several recordings", "여러 영상"),
    "gallery.only.alarms": ("With alarms", "이상 행동"),
    "gallery.sort": ("Order", "정렬"),
    "gallery.sort.first": ("First seen", "첫 등장"),
    "gallery.sort.visible": ("Time in view", "등장 시간"),
    "gallery.sort.appearances": ("Recordings", "영상 수"),
    "gallery.sort.name": ("Name", "이름"),
    "gallery.more": ("Show more", "더 보기"),
    "gallery.map": ("Map of looks", "외모 지도"),
    "gallery.pairs": ("Doubtful pairs", "확인할 쌍"),
    "gallery.card.list": ("People", "인물 목록"),
    "gallery.card.spoken": (
        "{person}, in {count} recordings, in view for {length}",
        "{person}, 영상 {count}개, 등장 시간 {length}",
    ),
    "gallery.card.alarms": ("Alarms:", "이상 행동:"),
    "gallery.card.recordings": ("recordings", "개 영상"),
    "gallery.card.nopicture": ("No picture", "사진 없음"),
}
"""Key -> English, Korean."""
