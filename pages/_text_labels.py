"""Words for what recognition says, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "label.standing": ("standing", "서 있음"),
    "label.walking": ("walking", "걷기"),
    "label.running": ("running", "뛰기"),
    "label.sitting": ("sitting", "앉아 있음"),
    "label.bending": ("bending", "허리 굽힘"),
    "label.crouching": ("crouching", "쪼그려 앉음"),
    "label.lying": ("lying", "누워 있음"),
    "label.reaching": ("reaching", "손 뻗기"),
    "label.arms_raised": ("arms raised", "팔 들기"),
    "label.calm": ("calm", "평온"),
    "label.happy": ("happy", "기쁨"),
    "label.surprised": ("surprised", "놀람"),
    "label.confused": ("confused", "혼란"),
    "label.angry": ("angry", "분노"),
    "label.disgusted": ("disgusted", "혐오"),
    "label.sad": ("sad", "슬픔"),
    "label.fearful": ("fearful", "두려움"),
    "label.unknown": ("not visible", "확인 불가"),
    "channel.presence": ("In view", "화면에 있음"),
    "channel.posture": ("Posture", "자세"),
    "channel.gesture": ("Gesture", "동작"),
    "channel.emotion": ("Emotion", "감정"),
}
