"""Texts of recordings that show one place. English and Korean. Imports nothing of ours."""

TEXT: dict[str, tuple[str, str]] = {
    "cameras.title": ("Other cameras on this place", "같은 장소의 다른 카메라"),
    "cameras.help": (
        "Recordings of one place can be set side by side: what one camera shows is then found on the other.",
        "같은 장소를 찍은 영상을 연결하면 한 카메라의 장면을 다른 카메라에서 바로 찾을 수 있습니다.",
    ),
    "cameras.alone": ("There is no other recording yet.", "다른 영상이 아직 없습니다."),
    "cameras.other": ("Other recording", "다른 영상"),
    "cameras.align": ("Align by movement", "움직임으로 맞추기"),
    "cameras.align.help": (
        "Goes through both recordings and looks for the offset at which both show the same movement.",
        "두 영상을 훑어 같은 움직임이 나타나는 시간 차이를 찾습니다.",
    ),
    "cameras.by_hand": ("Set by hand", "직접 설정"),
    "cameras.working": ("Comparing the movement in both …", "두 영상의 움직임을 비교하는 중 …"),
    "cameras.done": ("Saved.", "저장했습니다."),
    "cameras.estimated": (
        "{name}: {offset} s, found by movement, give or take {off} s",
        "{name}: {offset}초, 움직임으로 추정, 오차 ±{off}초",
    ),
    "cameras.set": (
        "{name}: {offset} s, set by hand, give or take {off} s",
        "{name}: {offset}초, 직접 설정, 오차 ±{off}초",
    ),
    "cameras.drift.said": ("Gains {drift} s an hour.", "1시간에 {drift}초씩 빨라집니다."),
    "cameras.offset": ("Offset, s", "시간 차이 (초)"),
    "cameras.drift": ("Drift, s an hour", "드리프트 (초/시간)"),
    "cameras.save": ("Save", "저장"),
    "cameras.forget": ("Take apart", "연결 해제"),
}
