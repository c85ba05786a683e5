"""Texts of the review screen: its frame, its queue, its lessons. English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "review.title": ("Review", "검토"),
    "review.line": ("{open} to review · {done} reviewed", "검토할 항목 {open}건 · 검토 완료 {done}건"),
    "review.none.title": ("No footage yet", "아직 영상이 없습니다"),
    "review.none.body": (
        "Add a recording first. Once it is analysed, whatever stands out is listed here.",
        "먼저 영상을 추가하세요. 분석이 끝나면 눈에 띄는 장면이 여기에 나열됩니다.",
    ),
    "review.none.link": ("Go to footage", "영상 페이지로"),
    "review.unread.title": ("Nothing has been looked at yet", "아직 살펴본 영상이 없습니다"),
    "review.unread.body": (
        "No recording here has been analysed for anomalies. Analyse one on the Footage page; older analyses did not "
        "look for them.",
        "이상 행동을 분석한 영상이 없습니다. 영상 페이지에서 분석하세요. 이전에 한 분석에는 이 단계가 없습니다.",
    ),
    "review.quiet.title": ("No alarm was raised", "발생한 경보가 없습니다"),
    "review.quiet.body": (
        "{models} looked at {count} of {all} recordings, {length} in all, in which people were in view for "
        "{seen}; enough of them was seen to judge {judged} of it. This does not mean that nothing happened: bodies "
        "that are hidden or small cannot be judged, and weaker signs stay under the threshold.",
        "{models} 모델이 전체 영상 {all}개 중 {count}개({length})를 살펴보았고, 사람이 보인 시간은 모두 {seen}이며 "
        "그중 {judged}을(를) 판단할 수 있었습니다. "
        "아무 일도 없었다는 뜻은 아닙니다. 가려지거나 작게 보이는 사람은 판단할 수 없고, 약한 징후는 기준값에 미치지 "
        "않습니다.",
    ),
    "review.quiet.model": ("{model} (threshold {threshold})", "{model}(기준값 {threshold})"),
    "review.done.title": ("Everything is reviewed", "모두 검토했습니다"),
    "review.done.body": (
        "All {count} events in this list have a verdict of yours. U takes the last one back; any of them can be "
        "opened again on the left.",
        "목록의 {count}건을 모두 판정했습니다. U 키로 마지막 판정을 되돌릴 수 있고, 왼쪽 목록에서 다시 열 수 있습니다.",
    ),
    "review.nomatch.title": ("No event matches", "조건에 맞는 항목이 없습니다"),
    "review.nomatch.body": ("Take a filter away to see more.", "필터를 줄이면 더 볼 수 있습니다."),
    "review.unknown": ("No event with that link is here: {event}.", "이 링크의 항목이 없습니다: {event}."),
    "review.undone.none": ("There is no verdict of yours to take back.", "되돌릴 판정이 없습니다."),
    "review.person": ("Timeline of {person}", "{person} 타임라인"),
    "review.recording": ("Whole recording", "전체 영상"),
    "review.marking": ("Mark an event", "직접 표시"),
    "review.queue": ("Events", "항목"),
    "review.by": ("Reviewing as", "검토자"),
    "review.by.field": ("Your name", "내 이름"),
    "review.by.help": (
        "Verdicts are kept under this name, and each reviewer has a queue of their own.",
        "판정은 이 이름으로 저장되며, 검토자마다 자신의 목록을 가집니다.",
    ),
    "review.by.change": ("Change the reviewer's name", "검토자 이름 바꾸기"),
    "review.state": ("Which events", "항목 종류"),
    "review.state.all": ("All", "전체"),
    "review.state.open": ("To review", "검토 전"),
    "review.state.confirmed": ("Confirmed", "확인"),
    "review.state.dismissed": ("Dismissed", "기각"),
    "review.state.unsure": ("Unsure", "보류"),
    "review.state.contested": ("Contested", "의견 갈림"),
    "review.filter": ("Filter", "필터"),
    "review.filter.active": ("Filter, {count} in use", "필터 {count}개 사용 중"),
    "review.filter.clear": ("Clear", "지우기"),
    "review.filter.footage": ("Recording", "영상"),
    "review.filter.label": ("What", "내용"),
    "review.filter.kind": ("Found by", "찾은 방법"),
    "review.filter.model": ("Model", "모델"),
    "review.filter.least": ("Score from", "최소 점수"),
    "review.filter.any": ("All", "전체"),
    "review.todo": ("To review", "검토 전"),
    "review.reviewed": ("Reviewed", "검토 완료"),
    "review.more": (
        "{count} more events are not listed; filter to see them.",
        "{count}건이 더 있습니다. 필터로 좁히세요.",
    ),
    "review.empty": ("No event matches.", "조건에 맞는 항목이 없습니다."),
    "review.nothing": ("Nothing is waiting for a verdict.", "판정을 기다리는 항목이 없습니다."),
    "review.row": (
        "{label}, {person}, {time}, score {score}, {footage}, {verdict}",
        "{label}, {person}, {time}, 점수 {score}, {footage}, {verdict}",
    ),
    "review.nobody": ("nobody in particular", "특정 인물 없음"),
    "review.refused": (
        "Not counted: no event is open that could be judged.",
        "판정하지 않았습니다. 열려 있는 항목이 없습니다.",
    ),
    "review.others": ("others: {verdict}", "다른 검토자: {verdict}"),
    "review.contested": ("contested", "의견 갈림"),
    "review.cameras": ("cameras disagree", "카메라 불일치"),
    "review.severity": ("Severity {percent}", "심각도 {percent}"),
    "review.mark": ("Mark an event", "직접 표시"),
    "review.keys": ("Keys", "단축키"),
    "review.keys.move": ("next, previous", "다음, 이전"),
    "review.keys.judge": ("confirm, dismiss, unsure", "확인, 기각, 보류"),
    "review.keys.reason": ("reason", "사유"),
    "review.keys.play": ("play or pause", "재생·정지"),
    "review.keys.undo": ("undo", "되돌리기"),
    "review.keys.note": ("note", "메모"),
    "review.keys.loop": ("loop", "반복"),
    "review.keys.mark": ("mark an event", "직접 표시"),
    "review.keys.space": ("space", "스페이스"),
    "review.lessons": ("What reviews teach", "검토로 알 수 있는 것"),
    "review.lessons.none": (
        "No event of a model has been judged yet. Once some are, this shows how many of its alarms were worth a look.",
        "아직 판정한 모델 경보가 없습니다. 판정이 쌓이면 경보 중 얼마나 의미가 있었는지 보여 줍니다.",
    ),
    "review.lessons.model": ("{model} {version}", "{model} {version}"),
    "review.lessons.at": (
        "At {threshold} you would have seen {seen} and kept {kept} ({precision}).",
        "기준값 {threshold}이면 {seen}건을 보고 {kept}건을 확인했을 것입니다({precision}).",
    ),
    "review.lessons.few": (
        "Judged so far: {judged}. That is too few to suggest a threshold.",
        "지금까지 판정한 경보는 {judged}건입니다. 기준값을 제안하기에는 적습니다.",
    ),
    "review.lessons.advice": (
        "Suggested threshold: {threshold}. Of {judged} judged events it would have shown {seen} and kept {kept}; "
        "{lost} confirmed ones would have been missed.",
        "제안 기준값: {threshold}. 판정한 {judged}건 중 {seen}건을 보여 주고 {kept}건이 확인된 것입니다. 확인된 "
        "{lost}건은 놓쳤을 것입니다.",
    ),
    "review.lessons.floor": (
        "The analyses kept events from {threshold} on; what lies below was never shown, so nothing is known of it.",
        "분석은 {threshold} 이상만 남겼습니다. 그 아래는 보여 준 적이 없어 알 수 없습니다.",
    ),
    "review.lessons.threshold": ("Threshold", "기준값"),
    "review.lessons.seen": ("Judged", "판정"),
    "review.lessons.kept": ("Confirmed", "확인"),
    "review.lessons.precision": ("Precision", "정밀도"),
    "review.lessons.unsure": ("Unsure", "보류"),
    "review.lessons.waiting": ("Waiting", "대기"),
    "review.lessons.missed": ("Missed", "놓침"),
    "review.lessons.footage": ("Recording, at {threshold}", "영상별, 기준값 {threshold}"),
    "review.lessons.all": ("All recordings", "전체 영상"),
    "review.lessons.unjudged": ("none judged", "판정 없음"),
}
"""key -> (English, Korean)."""
