"""What each task of a model is called and does, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "models.task.person": ("Finding people", "인물 찾기"),
    "models.task.pose": ("Body points", "신체 지점"),
    "models.task.tracker": ("Following people", "인물 추적"),
    "models.task.face": ("Finding faces", "얼굴 찾기"),
    "models.task.face_reader": ("Reading faces", "얼굴 읽기"),
    "models.task.emotion": ("Emotions", "감정"),
    "models.task.action": ("Postures and gestures", "자세와 동작"),
    "models.task.clip": ("Activities", "활동"),
    "models.task.clothing_text": ("Clothes in words", "문장으로 찾는 옷차림"),
    "models.about.person": ("Looks for people in every analysed picture.", "분석하는 화면마다 사람을 찾습니다."),
    "models.about.pose": ("Reads 33 points of each body.", "사람마다 신체 지점 33개를 읽습니다."),
    "models.about.tracker": (
        "Joins what was found from picture to picture.",
        "화면마다 찾은 사람을 시간 순서로 이어 줍니다.",
    ),
    "models.about.face": ("Looks for faces in a picture.", "화면에서 얼굴을 찾습니다."),
    "models.about.face_reader": (
        "Finds each person's face and says how well it can be read.",
        "사람마다 얼굴을 찾고 얼마나 잘 보이는지 판단합니다.",
    ),
    "models.about.emotion": ("Reads the expression of a face.", "얼굴의 표정을 읽습니다."),
    "models.about.action": ("Tells from body points what somebody does.", "신체 지점으로 무엇을 하는지 구분합니다."),
    "models.about.clip": (
        "Names what happens in short clips of a person.",
        "사람이 나온 짧은 장면의 활동을 구분합니다.",
    ),
    "models.about.clothing_text": (
        "Compares pictures of people with sentences, and writes captions.",
        "인물 사진을 문장과 비교하고 설명을 씁니다.",
    ),
    "models.task.clothing": ("Clothing", "옷차림"),
    "models.task.anomaly_scorer": ("Anomalies in movement", "움직임의 이상"),
    "models.task.behaviour": ("Hands in a shop", "매장 안 손동작"),
    "models.task.identity": ("Telling people apart", "인물 구별"),
    "models.about.identity": (
        "Says of two views how alike the people in them are.",
        "두 사진 속 인물이 얼마나 닮았는지 판단합니다.",
    ),
    "models.about.clothing": (
        "Reads colours, lengths and patterns of clothes from kept views.",
        "보관된 사진에서 옷의 색과 길이, 무늬를 읽습니다.",
    ),
    "models.about.anomaly_scorer": (
        "Says from body points how likely theft, assault or damage is.",
        "신체 지점으로 절도, 폭행, 파손 가능성을 판단합니다.",
    ),
    "models.about.behaviour": (
        "Tells taking, putting back and putting away. Asked only where a counter was drawn.",
        "집기, 되돌려 놓기, 넣기를 구분합니다. 계산대를 그린 영상에서만 쓰입니다.",
    ),
}
