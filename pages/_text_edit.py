"""Texts of saying who is who: edit mode, what an edit would do, taking back. English and Korean. Imports nothing."""

from __future__ import annotations

_BAR: dict[str, tuple[str, str]] = {
    "edit.bar": ("Who is who", "인물 구분"),
    "edit.mode": ("Edit", "편집"),
    "edit.mode.help": (
        "Say who is who: merge, cut, swap and split people. Every edit can be undone.",
        "인물을 합치고, 나누고, 바꿉니다. 모든 편집은 되돌릴 수 있습니다.",
    ),
    "edit.undo": ("Undo: {what}", "되돌리기: {what}"),
    "edit.redo": ("Redo: {what}", "다시 하기: {what}"),
    "edit.go.doubtful": ("Doubtful pairs", "확인할 쌍"),
    "edit.go.doubtful.help": (
        "{count} pairs that may be the same person and wait for an answer",
        "같은 사람일 수 있어 답을 기다리는 {count}쌍",
    ),
    "edit.go.history": ("History", "편집 기록"),
    "edit.go.history.of": ("History of {person}", "{person} 편집 기록"),
    "edit.hint": (
        "Open a person to say who else they are, or drag one card onto another.",
        "인물을 열어 누구와 같은지 정하거나, 카드를 다른 카드 위로 끌어 놓으세요.",
    ),
    "edit.hint.chosen": (
        "Say on a card whether it is the person who is open above.",
        "위에 열린 인물과 같은 사람인지 카드에서 정하세요.",
    ),
    "edit.by": ("By", "작성자"),
    "edit.by.change": ("Change your name: {name}", "이름 바꾸기: {name}"),
    "edit.by.field": ("Your name", "이름 입력"),
    "edit.by.help": ("Edits are kept under this name.", "편집은 이 이름으로 기록됩니다."),
    "edit.same": ("Same as {other}", "{other}와(과) 같음"),
    "edit.same.of": ("{person} is the same person as {other}", "{person}은(는) {other}와(과) 같은 사람"),
    "edit.maybe": ("{other}?", "{other}?"),
    "edit.maybe.of": (
        "{person} may be the same person as {other} ({score} likely): look at it",
        "{person}은(는) {other}와(과) 같은 사람일 수 있음 (가능성 {score}): 확인하기",
    ),
    "edit.differs": ("Not the same", "다른 사람"),
    "edit.differs.of": ("{person} and {other} are not the same person", "{person}와(과) {other}은(는) 다른 사람"),
}

_TOOLS: dict[str, tuple[str, str]] = {
    "edit.tools": ("Say who {person} is", "{person} 편집"),
    "edit.cut": ("From {time} on somebody else", "{time}부터 다른 사람"),
    "edit.cut.help": (
        "Whoever is in view from here on, where the player stands, is another person.",
        "재생 위치부터 보이는 사람은 다른 사람입니다.",
    ),
    "edit.cut.not": (
        "Move the player to a time between this person's first and last appearance.",
        "재생 위치를 이 인물이 처음 나온 뒤, 마지막으로 나오기 전으로 옮기세요.",
    ),
    "edit.swap": ("Swap from {time} on", "{time}부터 서로 바꾸기"),
    "edit.swap.help": (
        "The two were mistaken for each other from where the player stands.",
        "재생 위치부터 두 사람이 서로 뒤바뀌었습니다.",
    ),
    "edit.swap.with": ("Swap with", "바꿀 인물"),
    "edit.split": ("Ticked are somebody else ({count})", "선택한 등장은 다른 사람 ({count})"),
    "edit.split.help": (
        "Tick the appearances above that are not this person.",
        "이 인물이 아닌 등장을 위에서 선택하세요.",
    ),
    "edit.tick": ("Appearance of {person} at {time}", "{person}의 {time} 등장 선택"),
}

_PREVIEW: dict[str, tuple[str, str]] = {
    "edit.preview": ("What would change", "변경 내용 미리 보기"),
    "edit.apply": ("Apply", "적용"),
    "edit.cancel": ("Cancel", "취소"),
    "edit.working": ("Working out what would change …", "변경 내용을 계산하는 중 …"),
    "edit.applying": ("Applying …", "적용하는 중 …"),
    "edit.person": ("Person", "인물"),
    "edit.before": ("Before", "변경 전"),
    "edit.after": ("After", "변경 후"),
    "edit.fresh": ("new person", "새 인물"),
    "edit.gone": ("nothing left", "남은 등장 없음"),
    "edit.strip": ("{count} × in view, {length} s", "{count}회 등장, {length}초"),
    "edit.unknown": ("somebody", "누군가"),
    "edit.somebody": ("somebody else", "다른 사람"),
    "edit.nothing": (
        "Nobody's times change. The answer is remembered, also when the recording is analysed again.",
        "등장 시간은 바뀌지 않습니다. 이 답은 다시 분석할 때도 기억됩니다.",
    ),
    "edit.warn.together": (
        "They are in view at the same time, and one person cannot be in two places. If one of them is two people from "
        "some time on, cut there first.",
        "두 사람이 같은 시각에 함께 보여 한 사람일 수 없습니다. 한쪽이 도중에 다른 사람으로 바뀐다면 먼저 그 시각에서 "
        "나누세요.",
    ),
    "edit.warn.together.when": (
        "They are in view at the same time ({times}), and one person cannot be in two places. If one of them is two "
        "people from some time on, cut there first.",
        "두 사람이 같은 시각({times})에 함께 보여 한 사람일 수 없습니다. 한쪽이 도중에 다른 사람으로 바뀐다면 먼저 그 "
        "시각에서 나누세요.",
    ),
    "edit.warn.distinct": (
        "Somebody has said that they are not the same person.",
        "두 사람이 서로 다른 사람이라는 답이 이미 있습니다.",
    ),
    "edit.warn.two-names": (
        "Both have a name; one of the two names is no longer shown.",
        "두 사람 모두 이름이 있습니다. 한쪽 이름은 더 이상 표시되지 않습니다.",
    ),
    "edit.gone.person": (
        "{person} is no longer in this recording: somebody has said who is who. The history tells.",
        "{person}은(는) 더 이상 이 영상에 없습니다. 누군가 인물을 편집했습니다. 편집 기록을 확인하세요.",
    ),
    "edit.stale": (
        "Somebody else has edited these people in the meantime. Look at what stands now, then try again.",
        "그사이 다른 사람이 인물을 편집했습니다. 지금 상태를 확인한 뒤 다시 시도하세요.",
    ),
}

_WORDS: dict[str, tuple[str, str]] = {
    "edit.do.merge": ("merge {who} into {other}", "{who} → {other} 합치기"),
    "edit.do.distinct": ("keep {who} and {other} apart", "{who}, {other} 다른 사람으로 두기"),
    "edit.do.split": ("take appearances from {who}", "{who} 등장 분리"),
    "edit.do.cut": ("{who} is somebody else from {time} on", "{time}부터 {who} 분리"),
    "edit.do.swap": ("swap {who} and {other} from {time} on", "{time}부터 {who}, {other} 바꾸기"),
    "edit.do.rename": ("call {who} “{name}”", "{who} 이름을 “{name}”(으)로"),
    "edit.do.unname": ("take the name of {who} away", "{who} 이름 지우기"),
}
"""What an edit does, as an order: after "Undo:", and over a preview."""

TEXT: dict[str, tuple[str, str]] = {**_BAR, **_TOOLS, **_PREVIEW, **_WORDS}
