"""Texts of the doubtful pairs. English and Korean. Imports nothing of ours."""

from __future__ import annotations

_PAGE: dict[str, tuple[str, str]] = {
    "pairs.title": ("Doubtful pairs", "확인할 쌍"),
    "pairs.help": (
        "They look alike, but not surely enough to be joined. Your answer is kept, also for later analyses.",
        "닮았지만 한 사람으로 이을 만큼 확실하지 않은 쌍입니다. 답은 기억되며 이후 분석에도 쓰입니다.",
    ),
    "pairs.where": ("Recording", "영상"),
    "pairs.everywhere": ("All recordings", "모든 영상"),
    "pairs.none.title": ("Nothing is doubtful", "확인할 쌍이 없습니다"),
    "pairs.none.body": (
        "Either everybody was told apart surely, or no recording has been analysed with its people's looks yet.",
        "모두 확실히 구분되었거나, 아직 인물의 겉모습을 비교한 영상이 없습니다.",
    ),
    "pairs.people": ("Go to people", "인물 페이지로"),
    "pairs.stale": (
        "Somebody has edited these people in the meantime; this pair was left as it is.",
        "그사이 이 인물들이 편집되어 이 쌍은 그대로 두었습니다.",
    ),
}

_PAIR: dict[str, tuple[str, str]] = {
    "pairs.count": ("Pair {place} of {all}", "{all}쌍 중 {place}번째"),
    "pairs.by": ("answers by {name}", "작성자: {name}"),
    "pairs.undo": ("Undo: {what}", "되돌리기: {what}"),
    "pairs.answers": ("Are they the same person?", "같은 사람인가요?"),
    "pairs.same": ("Same person", "같은 사람"),
    "pairs.different": ("Not the same", "다른 사람"),
    "pairs.skip": ("Skip", "건너뛰기"),
    "pairs.said.same": ("{first} and {second}: same person", "{first}, {second}: 같은 사람"),
    "pairs.said.different": ("{first} and {second}: not the same", "{first}, {second}: 다른 사람"),
    "pairs.said.skip": ("{first} and {second}: skipped", "{first}, {second}: 건너뜀"),
    "pairs.keys": (
        "Keys: 1 same person, 2 not the same, 3 skip, J and K next and previous, U undo.",
        "단축키: 1 같은 사람, 2 다른 사람, 3 건너뛰기, J·K 다음·이전, U 되돌리기.",
    ),
    "pairs.queue": ("Most worth answering first", "답의 효과가 큰 순서"),
    "pairs.open": ("{first} and {second}, {score}", "{first}, {second}, {score}"),
    "pairs.done": ("Every pair has its answer.", "모든 쌍에 답했습니다."),
    "pairs.side": ("{person}, in {footage}", "{footage}의 {person}"),
    "pairs.picture": ("{person}", "{person}"),
    "pairs.picture.at": ("Picture of {person} at {time}", "{person}, {time}의 사진"),
    "pairs.watch": ("Watch at {time}", "{time}부터 보기"),
    "pairs.clothes": ("Clothes", "옷차림"),
    "pairs.clothes.none": ("Clothes were not read.", "옷차림 정보가 없습니다."),
    "pairs.times": ("When they were in view", "등장 시각"),
    "pairs.times.two": (
        "Two recordings: each bar is one of them, from beginning to end.",
        "서로 다른 영상입니다. 각 막대는 해당 영상의 처음부터 끝까지입니다.",
    ),
    "pairs.strip": ("{count} × in view, {length} s", "{count}회 등장, {length}초"),
    "pairs.length": ("{length} s", "{length}초"),
    "pairs.score": ("Same person?", "동일인 가능성"),
    "pairs.score.help": (
        "How likely it is that they are the same person, by looks, times and places.",
        "겉모습과 시각, 위치로 볼 때 같은 사람일 가능성입니다.",
    ),
    "pairs.similarity": ("Alike", "닮은 정도"),
    "pairs.similarity.help": (
        "Cosine of what they look like: 1 is the same look, 0 nothing in common.",
        "겉모습의 코사인 유사도입니다. 1이면 같은 모습, 0이면 닮지 않은 모습입니다.",
    ),
    "pairs.seconds": ("At stake", "달라지는 시간"),
    "pairs.seconds.help": (
        "Time in view that would belong to somebody else by your answer.",
        "답에 따라 다른 인물의 것이 되는 등장 시간입니다.",
    ),
    "pairs.region.hair": ("Hair", "머리"),
    "pairs.region.head": ("Head", "모자"),
    "pairs.region.upper": ("Top", "상의"),
    "pairs.region.lower": ("Bottom", "하의"),
    "pairs.region.shoes": ("Shoes", "신발"),
    "pairs.region.bag": ("Bag", "가방"),
}

TEXT: dict[str, tuple[str, str]] = {**_PAGE, **_PAIR}
