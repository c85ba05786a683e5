"""Texts of the timeline and its charts, English and Korean. Imports nothing of ours."""

from __future__ import annotations

_BOARD: dict[str, tuple[str, str]] = {
    "timeline.title": ("Timeline of people", "인물 타임라인"),
    "timeline.keys": (
        "Arrow up and down go through the lanes, left and right through the segments, Page Up and Page Down through "
        "the people. Enter plays from the segment, Home and End go to the first and the last, F folds the row, plus "
        "and minus zoom, 0 shows everything, Escape takes the choice back.",
        "위·아래 화살표로 줄을, 왼쪽·오른쪽 화살표로 구간을, Page Up·Page Down으로 인물을 이동합니다. Enter는 해당 "
        "구간부터 재생, Home·End는 처음·마지막 구간, F는 접기, +·−는 확대·축소, 0은 전체 보기, Esc는 선택 해제입니다.",
    ),
    "timeline.search": ("Find a person", "인물 찾기"),
    "timeline.sort": ("Order", "정렬"),
    "timeline.sort.first": ("First seen", "등장 순"),
    "timeline.sort.time": ("Time in view", "등장 시간 순"),
    "timeline.sort.name": ("Name", "이름 순"),
    "timeline.score": ("Score from", "최소 점수"),
    "timeline.window": ("In this stretch", "이 구간만"),
    "timeline.window.help": (
        "Only people, and in the list only segments, within the time that is shown",
        "화면에 보이는 시간대의 인물과 구간만 표시",
    ),
    "timeline.count": ("{shown} of {all} people", "{all}명 중 {shown}명"),
    "timeline.into": ("Zoom in", "확대"),
    "timeline.out": ("Zoom out", "축소"),
    "timeline.fit": ("All", "전체"),
    "timeline.fit.help": ("Show the whole recording", "전체 영상 보기"),
    "timeline.fold": ("Fold", "접기"),
    "timeline.unfold": ("Unfold", "펼치기"),
    "timeline.fold.one": ("Lanes of {person}", "{person} 세부 줄"),
    "timeline.list": ("List", "목록"),
    "timeline.rows": ("Timeline", "타임라인"),
    "timeline.chip.help": ("Show only what is chosen here", "선택한 항목만 표시"),
    "timeline.gap": ("unreadable part of the recording", "영상을 읽을 수 없는 구간"),
    "timeline.loading": ("Loading the timeline …", "타임라인을 불러오는 중…"),
    "timeline.failed": ("The timeline could not be loaded.", "타임라인을 불러오지 못했습니다."),
    "timeline.retry": ("Try again", "다시 시도"),
    "timeline.none": ("Nobody matches.", "조건에 맞는 인물이 없습니다."),
    "timeline.clear": ("Clear the filter", "필터 지우기"),
    "timeline.say": (
        "{person}, {channel}: {label}, {from} to {to}, score {score} percent, coverage {coverage} percent, "
        "{number} of {all}",
        "{person}, {channel}: {label}, {from}부터 {to}까지, 점수 {score}퍼센트, 관찰 비율 {coverage}퍼센트, "
        "{all}개 중 {number}번째",
    ),
    "timeline.say.unknown": (
        "{person}, {channel}: {label}, {from} to {to}, {number} of {all}",
        "{person}, {channel}: {label}, {from}부터 {to}까지, {all}개 중 {number}번째",
    ),
    "timeline.say.present": (
        "{person} in view, {from} to {to}, {number} of {all}",
        "{person} 등장, {from}부터 {to}까지, {all}개 중 {number}번째",
    ),
    "timeline.present": ("in view", "화면에 있음"),
    "timeline.seconds": ("{seconds} s", "{seconds}초"),
    "timeline.card.time": ("Time", "시간"),
    "timeline.card.model": ("Model", "모델"),
    "timeline.card.source": ("Model's word", "모델 표현"),
    "timeline.card.detection": ("Detection", "검출 점수"),
    "timeline.play": ("Play {person} from {time}", "{person}, {time}부터 재생"),
}

_LIST: dict[str, tuple[str, str]] = {
    "timeline.list.count": ("{first}–{last} of {all}", "{all}개 중 {first}–{last}"),
    "timeline.previous": ("Previous page", "이전 페이지"),
    "timeline.next": ("Next page", "다음 페이지"),
    "timeline.copy": ("Copy as CSV", "CSV로 복사"),
    "timeline.copied": ("{count} rows copied.", "{count}개 행을 복사했습니다."),
    "timeline.copied.not": ("The browser did not allow copying.", "브라우저가 복사를 허용하지 않았습니다."),
    "timeline.col.person": ("Person", "인물"),
    "timeline.col.channel": ("What", "항목"),
    "timeline.col.label": ("Label", "내용"),
    "timeline.col.from": ("From", "시작"),
    "timeline.col.to": ("To", "끝"),
    "timeline.col.length": ("Length", "길이"),
    "timeline.col.score": ("Score", "점수"),
    "timeline.col.coverage": ("Coverage", "관찰 비율"),
}

_CHARTS: dict[str, tuple[str, str]] = {
    "charts.show": ("Charts", "차트"),
    "charts.nobody": ("Nobody was found, so there is nothing to count.", "찾은 인물이 없어 집계할 내용이 없습니다."),
    "charts.table": ("As a table", "표로 보기"),
    "charts.person": ("Person", "인물"),
    "charts.people": ("People", "인원"),
    "charts.seconds": ("Seconds", "초"),
    "charts.length": ("Length", "길이"),
    "charts.from": ("From", "시작"),
    "charts.to": ("To", "끝"),
    "charts.most": ("Most at once", "최대 인원"),
    "charts.view": ("Time in view", "등장 시간"),
    "charts.view.help": (
        "How long each person was in the picture, all appearances added up.",
        "각 인물이 화면에 나온 시간을 모두 더한 값입니다.",
    ),
    "charts.view.says": ("Longest in view: {person}, {length}.", "가장 오래 등장: {person}, {length}."),
    "charts.longest": (
        "Shown are the {shown} of {all} people who were in view longest.",
        "전체 {all}명 중 등장 시간이 긴 {shown}명만 표시합니다.",
    ),
    "charts.count": ("People over time", "시간별 인원"),
    "charts.count.help": (
        "How many people were in the picture at once.",
        "같은 시각에 화면에 있던 인원수입니다.",
    ),
    "charts.count.says": ("Most at once: {count}, from {time}.", "최대 동시 인원: {count}명, {time}부터."),
    "charts.heat": ("When it was busy", "붐빈 시간대"),
    "charts.heat.help": (
        "Mean number of people in the picture in each stretch of time; empty where there is no footage.",
        "각 시간대에 화면에 있던 평균 인원수입니다. 영상이 없는 시간대는 비어 있습니다.",
    ),
    "charts.heat.day": ("By hour and day, on the clock of {zone}.", "날짜와 시각별, {zone} 시간 기준."),
    "charts.heat.footage": (
        "By time within the recording: when it was recorded is not known.",
        "녹화 시각을 알 수 없어 영상 안의 시간으로 표시합니다.",
    ),
    "charts.action": ("Time per action", "동작별 시간"),
    "charts.action.help": (
        "Postures and gestures of each person added up. A gesture comes on top of a posture, so a bar can be longer "
        "than the time in view.",
        "인물별 자세와 동작 시간의 합입니다. 동작은 자세와 겹칠 수 있어 막대가 등장 시간보다 길 수 있습니다.",
    ),
    "charts.emotion": ("Time per emotion", "감정별 시간"),
    "charts.emotion.help": (
        "What faces showed, added up; time without a usable face is counted as not visible.",
        "얼굴에 나타난 감정의 시간 합입니다. 얼굴을 볼 수 없던 시간은 확인 불가로 셉니다.",
    ),
}

TEXT: dict[str, tuple[str, str]] = {**_BOARD, **_LIST, **_CHARTS}
