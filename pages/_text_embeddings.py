"""Texts of the map of looks, English and Korean. Imports nothing of ours."""

from __future__ import annotations

TEXT: dict[str, tuple[str, str]] = {
    "map.title": ("Embeddings", "임베딩"),
    "map.method": ("Map", "지도 방식"),
    "map.method.pca": ("PCA", "PCA"),
    "map.method.umap": ("UMAP", "UMAP"),
    "map.method.tsne": ("t-SNE", "t-SNE"),
    "map.dimensions": ("Axes", "축"),
    "map.dimensions.2": ("2-D", "2차원"),
    "map.dimensions.3": ("3-D", "3차원"),
    "map.unit": ("A point is", "점의 의미"),
    "map.unit.view": ("A picture", "사진"),
    "map.unit.person": ("A person", "인물"),
    "map.color": ("Colour", "색상 기준"),
    "map.color.person": ("Person", "인물"),
    "map.color.footage": ("Recording", "영상"),
    "map.color.upper": ("Upper clothing", "상의"),
    "map.color.lower": ("Lower clothing", "하의"),
    "map.color.action": ("Most frequent action", "주요 동작"),
    "map.embedder": ("Model", "모델"),
    "map.unknown": ("not known", "알 수 없음"),
    "map.others": ("others", "기타"),
    "map.working": (
        "Working out the map. The first one after a start takes longest.",
        "지도를 계산하는 중입니다. 시작 후 첫 계산이 가장 오래 걸립니다.",
    ),
    "map.none.title": ("No vectors yet", "아직 벡터가 없습니다"),
    "map.none.body": (
        "Analyse a recording: what everybody looks like is then laid out here.",
        "영상을 분석하면 인물의 외모가 여기에 배치됩니다.",
    ),
    "map.none.link": ("Go to footage", "영상 페이지로"),
    "map.says.pca": (
        "Distances are those of the vectors as far as {share} of their differences go: far apart is unlike, but what "
        "lies on one spot may still differ in what is not shown.",
        "벡터 차이의 {share}까지 실제 거리를 보여 줍니다. 멀수록 다르지만, 한곳에 겹쳐도 표시되지 않은 차이가 있을 수 "
        "있습니다.",
    ),
    "map.says.umap": (
        "Neighbours are kept together: close points look alike. How far groups lie apart, and how large they are, "
        "means little.",
        "이웃 관계를 유지합니다. 가까운 점은 외모가 비슷합니다. 무리 사이의 거리와 크기는 큰 의미가 없습니다.",
    ),
    "map.says.tsne": (
        "Neighbours are kept together: close points look alike. Distances between groups, and their sizes, mean "
        "nothing.",
        "이웃 관계를 유지합니다. 가까운 점은 외모가 비슷합니다. 무리 사이의 거리와 크기는 의미가 없습니다.",
    ),
    "map.made": (
        "{points} points of {people} people, made by {model} {version}.",
        "인물 {people}명의 점 {points}개, 모델 {model} {version}.",
    ),
    "map.sample": (
        "An even sample of {points} of {total} points is shown.",
        "전체 {total}개 중 고르게 뽑은 {points}개를 표시합니다.",
    ),
    "map.select": (
        "Draw a box or a lasso around points to list them, or choose people below.",
        "점 둘레에 상자나 올가미를 그리거나 아래에서 인물을 선택하면 목록이 나옵니다.",
    ),
    "map.select.3": (
        "Turn the map with the mouse. To draw around points, change to 2-D; or choose people below.",
        "마우스로 지도를 돌려 보세요. 점을 둘러 선택하려면 2차원으로 바꾸거나 아래에서 인물을 선택하세요.",
    ),
    "map.chart": ("Map of what people look like", "인물 외모 지도"),
    "map.list": ("People to list", "목록에 표시할 인물"),
    "map.list.none": ("Nobody chosen", "선택된 인물 없음"),
    "map.picked": ("{count} pictures of {people} people", "인물 {people}명의 사진 {count}장"),
    "map.more": ("{count} more", "{count}장 더"),
    "map.dossier": ("Dossier", "상세 정보"),
    "map.merge": ("Same person", "같은 사람으로 합치기"),
    "map.merge.help": (
        "What would change if all of these were one person is shown first.",
        "모두 한 사람으로 합치면 무엇이 바뀌는지 먼저 보여 줍니다.",
    ),
    "map.merge.do": ("Merge", "합치기"),
    "map.merge.drop": ("Cancel", "취소"),
    "map.merge.into": ("All become {person} of {footage}:", "모두 {footage}의 {person}이(가) 됩니다."),
    "map.merge.one": (
        "{person} of {footage}, in view for {length}",
        "{footage}의 {person}, 등장 시간 {length}",
    ),
    "map.merge.together": (
        "in view at the same time as the first: this cannot be merged",
        "첫 인물과 동시에 등장하므로 합칠 수 없습니다",
    ),
    "map.merge.distinct": ("an analyst said they are not the same", "분석가가 다른 사람이라고 했습니다"),
    "map.merge.two-names": ("both have a name; one is lost from view", "둘 다 이름이 있어 하나는 보이지 않게 됩니다"),
    "map.merged": ("{count} people are one now.", "{count}명을 한 사람으로 합쳤습니다."),
    "map.undo": ("Undo", "되돌리기"),
    "map.undone": ("The merge was taken back.", "합치기를 되돌렸습니다."),
}
"""Key -> English, Korean."""
