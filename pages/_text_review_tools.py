"""Texts of what is drawn and marked by hand on the review screen. English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "review.mark.title": ("Mark an event by hand", "직접 표시하기"),
    "review.mark.footage": ("Recording", "영상"),
    "review.mark.person": ("Person", "인물"),
    "review.mark.anybody": ("Nobody in particular", "지정 안 함"),
    "review.mark.label": ("What happened", "내용"),
    "review.mark.start": ("From (s)", "시작 (초)"),
    "review.mark.end": ("To (s)", "끝 (초)"),
    "review.mark.here.start": ("Start here", "여기서 시작"),
    "review.mark.here.end": ("End here", "여기서 끝"),
    "review.mark.save": ("Add the event", "추가"),
    "review.mark.cancel": ("Cancel", "취소"),
    "review.mark.order": ("The end must come after the start.", "끝은 시작보다 뒤여야 합니다."),
    "review.mark.added": ("The event was added.", "항목을 추가했습니다."),
    "review.zones": ("Shop zones", "매장 구역"),
    "review.zones.help": (
        "A counter makes a recording a shop: whoever stays there has paid. Shelves, where drawn, are where hands reach "
        "for goods. Zones take effect with the next analysis.",
        "계산대를 그리면 매장 영상으로 분석하며, 계산대에 머문 사람은 결제한 것으로 봅니다. 진열대를 그리면 그곳에 "
        "손을 뻗는 행동을 봅니다. 구역은 다음 분석부터 적용됩니다.",
    ),
    "review.zones.zone.counter": ("Counter", "계산대"),
    "review.zones.zone.shelf": ("Shelf", "진열대"),
    "review.zones.add.counter": ("Add a counter", "계산대 추가"),
    "review.zones.add.shelf": ("Add a shelf", "진열대 추가"),
    "review.zones.remove": ("Remove {zone}", "{zone} 삭제"),
    "review.zones.corner": (
        "{zone}, corner {number} of {all}: arrow keys move it, Insert adds one after it, Delete takes it away",
        "{zone} 모서리 {all}개 중 {number}번: 화살표로 이동, Insert로 추가, Delete로 삭제",
    ),
    "review.zones.save": ("Save the zones", "구역 저장"),
    "review.zones.saved": (
        "Saved. They take effect with the next analysis.",
        "저장했습니다. 다음 분석부터 적용됩니다.",
    ),
    "review.zones.changed": ("Not saved yet", "저장 전"),
    "review.zones.picture": ("Picture of {name} with its zones", "{name} 화면과 구역"),
    "review.zones.nopicture": ("There is no picture of this recording.", "이 영상의 화면이 없습니다."),
}
"""key -> (English, Korean)."""
