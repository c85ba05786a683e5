"""Texts of the player, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "player.region": ("Player: {name}", "재생기: {name}"),
    "player.place": ("Place in the recording", "재생 위치"),
    "player.play": ("Play (space)", "재생 (스페이스)"),
    "player.pause": ("Pause (space)", "일시정지 (스페이스)"),
    "player.back": ("One frame back (comma)", "이전 프레임 (쉼표)"),
    "player.on": ("One frame on (full stop)", "다음 프레임 (마침표)"),
    "player.speed": ("Playback speed", "재생 속도"),
    "player.mute": ("Mute", "음소거"),
    "player.unmute": ("Unmute", "음소거 해제"),
    "player.volume": ("Volume", "음량"),
    "player.full": ("Full screen (F)", "전체 화면 (F)"),
    "player.small": ("Leave full screen (F)", "전체 화면 끝내기 (F)"),
    "player.toggles": ("Drawn over the picture", "화면 위 표시"),
    "player.boxes": ("Boxes", "상자"),
    "player.boxes.help": (
        "A box around each person. Dashed: nobody was detected in that frame, the box lies between its neighbours.",
        "인물마다 상자를 그립니다. 점선은 그 프레임에서 검출되지 않아 앞뒤 상자로 이은 것입니다.",
    ),
    "player.names": ("Names", "이름"),
    "player.names.help": ("Who it is, above each box", "상자 위에 이름을 표시합니다"),
    "player.labels": ("Labels", "라벨"),
    "player.labels.help": (
        "What they do and how they look, as the analysis judged it",
        "분석이 판단한 동작과 감정을 표시합니다",
    ),
    "player.skeletons": ("Skeletons", "골격"),
    "player.skeletons.help": (
        "Body landmarks that were seen with at least 50 % visibility",
        "가시성 50 % 이상인 신체 관절을 표시합니다",
    ),
    "player.only": ("Only {person}", "{person}만 보기"),
    "player.only.help": (
        "Dims everyone else and skips to the next time this person is in view (Escape ends it)",
        "다른 사람은 어둡게 하고 이 인물이 나오는 장면만 이어서 재생합니다 (Esc로 해제)",
    ),
    "player.overlay": (
        "Boxes could not be loaded; trying again.",
        "상자를 불러오지 못했습니다. 다시 시도합니다.",
    ),
    "player.unplayable": ("This browser cannot play the recording.", "이 브라우저에서 재생할 수 없는 영상입니다."),
    "player.missing": ("No playback copy was made of this recording.", "재생용 사본이 없습니다."),
    "player.gap": ("unreadable", "손상 구간"),
}
"""key -> (English, Korean)."""
