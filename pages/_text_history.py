"""Texts of the history of who is who. English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "history.title": ("History", "편집 기록"),
    "history.help": (
        "Everything that was said of who is who, newest first. Nothing is ever removed from it.",
        "인물 구분에 대해 남긴 모든 기록입니다. 최신순이며 삭제되지 않습니다.",
    ),
    "history.who": ("Person", "인물"),
    "history.everybody": ("Everybody", "모든 인물"),
    "history.none.title": ("Nothing has been said yet", "아직 기록이 없습니다"),
    "history.none.body": (
        "Merge, cut, swap, split or name people on the people page: every edit is written down here.",
        "인물 페이지에서 합치기, 나누기, 바꾸기, 이름 짓기를 하면 모두 여기에 기록됩니다.",
    ),
    "history.none.person": ("Nothing has been said of {person}.", "{person}에 대한 기록이 없습니다."),
    "history.unknown": (
        "{person} is no longer in this recording; this is the whole history of it.",
        "{person}은(는) 더 이상 이 영상에 없습니다. 영상 전체의 기록을 표시합니다.",
    ),
    "history.people": ("Go to people", "인물 페이지로"),
    "history.watch": ("Watch at {time}", "{time}부터 보기"),
    "history.back": ("Take this back", "이 편집 되돌리기"),
    "history.back.help": (
        "Only the newest edit that stands can be taken back; take several back one after another.",
        "유효한 편집 중 가장 최근 것만 되돌릴 수 있습니다. 차례로 여러 번 되돌릴 수 있습니다.",
    ),
    "history.again": ("Do it again: {what}", "다시 하기: {what}"),
    "history.stands": ("stands", "유효"),
    "history.undone": ("taken back", "되돌림"),
    "history.more": ("Show earlier lines", "이전 기록 더 보기"),
    "history.by": ("{author} · {when}", "{author} · {when}"),
    "history.nobody": ("nobody named", "이름 없음"),
    "history.picture": ("{person} at {time}", "{time}의 {person}"),
    "history.line.merge": ("{who} was merged into {other}", "{who}이(가) {other}에 합쳐짐"),
    "history.line.distinct": (
        "{who} and {other} were said to be different people",
        "{who}와(과) {other}은(는) 다른 사람으로 답함",
    ),
    "history.line.split": ("Some appearances were taken from {who}", "{who}에게서 일부 등장을 분리함"),
    "history.line.cut": (
        "From {time} on, {who} was said to be somebody else",
        "{time}부터 {who}을(를) 다른 사람으로 나눔",
    ),
    "history.line.swap": (
        "{who} and {other} were swapped from {time} on",
        "{time}부터 {who}와(과) {other}을(를) 서로 바꿈",
    ),
    "history.line.rename": ("{who} was named “{name}”", "{who}의 이름을 “{name}”(으)로 지음"),
    "history.line.unname": ("The name of {who} was taken away", "{who}의 이름을 지움"),
    "history.took": ("Taken back: {what}", "되돌림: {what}"),
    "history.brought": ("Done again: {what}", "다시 함: {what}"),
}
