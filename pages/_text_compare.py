"""Texts of comparing people and runs, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "compare.title": ("Compare", "비교"),
    "compare.help": (
        "Two people of one recording, or two analyses of it, side by side.",
        "한 영상의 두 인물 또는 두 분석 결과를 나란히 살펴봅니다.",
    ),
    "compare.view": ("What to compare", "비교 대상"),
    "compare.people": ("Two people", "두 인물"),
    "compare.runs": ("Two analyses", "두 분석"),
    "compare.first": ("First", "첫째"),
    "compare.second": ("Second", "둘째"),
    "compare.few.title": ("There are not two people to compare", "비교할 인물이 두 명 이상 없습니다"),
    "compare.few.body": (
        "This analysis found fewer than two people. Choose another recording.",
        "이 분석에서 찾은 인물이 두 명 미만입니다. 다른 영상을 선택하세요.",
    ),
    "compare.single.title": ("Analysed only once so far", "아직 분석이 하나뿐입니다"),
    "compare.single.body": (
        "Analyse this recording again with another profile or model, then compare the two here.",
        "다른 프로필이나 모델로 다시 분석하면 두 결과를 여기에서 비교할 수 있습니다.",
    ),
    "compare.footage": ("Go to footage", "영상 페이지로"),
    "compare.unknown": (
        "Not in this analysis: {person}. Somebody else is shown.",
        "이 분석에 없는 인물입니다: {person}. 다른 인물을 표시합니다.",
    ),
    "compare.unknown.run": (
        "No such analysis of this recording: {run}. Another one is shown.",
        "이 영상에 없는 분석입니다: {run}. 다른 분석을 표시합니다.",
    ),
    "compare.fact": ("Fact", "항목"),
    "compare.difference": ("Difference", "차이"),
    "compare.seen.first": ("First seen", "첫 등장"),
    "compare.seen.last": ("Last seen", "마지막 등장"),
    "compare.visible": ("Time in view", "등장 시간"),
    "compare.appearances": ("Appearances", "등장 횟수"),
    "compare.score": ("Detection score", "검출 점수"),
    "compare.link": ("Same-person score", "동일인 점수"),
    "compare.label": ("Label", "라벨"),
    "compare.action": ("Time per action", "동작별 시간"),
    "compare.emotion": ("Time per emotion", "감정별 시간"),
    "compare.together": ("Both in view", "함께 등장"),
    "compare.together.total": (
        "{length} together, in {count} stretches.",
        "함께 등장한 시간 {length}, {count}개 구간.",
    ),
    "compare.together.one": ("{length} together, in one stretch.", "함께 등장한 시간 {length}, 1개 구간."),
    "compare.together.never": ("Never in view at the same time.", "동시에 등장한 적이 없습니다."),
    "compare.together.more": ("{count} more", "{count}개 더"),
    "compare.strip": ("When {person} is in view", "{person} 등장 시간"),
    "compare.working": ("Comparing …", "비교하는 중…"),
    "compare.says": (
        "Found by both: {both}. Only by the first: {first}. Only by the second: {second}.",
        "두 분석 모두: {both}명, 첫째에만: {first}명, 둘째에만: {second}명.",
    ),
    "compare.differs": ("What differs between the two", "두 분석의 설정과 모델 차이"),
    "compare.same": ("The same settings and the same models.", "설정과 모델이 모두 같습니다."),
    "compare.setting": ("Setting or stage", "설정 또는 단계"),
    "compare.none": ("none", "없음"),
    "compare.matched": ("People found by both", "두 분석이 모두 찾은 인물"),
    "compare.matched.help": (
        "The same human: at the same time in the same place. Agreement is the overlap of the boxes, over the time "
        "either analysis sees the person.",
        "같은 시각, 같은 위치에 있던 동일 인물입니다. 일치도는 어느 한쪽이라도 인물을 본 시간 동안 박스가 겹친 "
        "비율입니다.",
    ),
    "compare.agreement": ("Agreement", "일치도"),
    "compare.shared": ("Seen by both", "함께 본 시간"),
    "compare.only.first": ("Only in the first", "첫째 분석에만 있는 인물"),
    "compare.only.second": ("Only in the second", "둘째 분석에만 있는 인물"),
    "compare.only.part": (
        "{person}, {length}: in the places of {other} of the other analysis",
        "{person}, {length}: 다른 분석의 {other}와 같은 위치",
    ),
    "compare.only.alone": (
        "{person}, {length}: the other analysis sees nobody there",
        "{person}, {length}: 다른 분석에서는 아무도 없음",
    ),
}
