"""Texts of what limits a search and of saved searches. English and Korean. Imports nothing of ours."""

TEXT: dict[str, tuple[str, str]] = {
    # Filters
    "search.filters": ("Filters", "필터"),
    "search.filters.clear": ("Clear filters", "필터 지우기"),
    "search.filter.drop": ("Remove filter: {filter}", "필터 지우기: {filter}"),
    "search.filter.footage": ("Recordings", "영상"),
    "search.filter.cameras": ("Cameras", "카메라"),
    "search.filter.hours": ("Time of day", "시간대"),
    "search.filter.from": ("from", "부터"),
    "search.filter.to": ("to", "까지"),
    "search.filter.seen": ("In view at least (s)", "최소 등장 시간(초)"),
    "search.filter.sure": ("Person confidence at least", "인물 검출 신뢰도 최소"),
    "search.filter.action": ("Action", "행동"),
    "search.filter.emotion": ("Emotion", "감정"),
    "search.filter.anomaly": ("Anomaly", "이상 행동"),
    "search.filter.any": ("any", "전체"),
    "search.active.hours": ("{from} to {to}", "{from}부터 {to}까지"),
    "search.active.seen": ("in view {value} s or longer", "{value}초 이상 등장"),
    "search.active.sure": ("person confidence from {value}", "인물 신뢰도 {value} 이상"),
    "search.anomaly.theft": ("theft", "절도"),
    "search.anomaly.assault": ("assault", "폭행"),
    "search.anomaly.damage": ("damage", "파손"),
    "search.anomaly.unpaid": ("not paid for", "미결제"),
    # Saved searches
    "search.saved": ("Saved searches", "저장한 검색"),
    "search.saved.none": (
        "None yet. Save a search to run it again later.",
        "아직 없습니다. 검색을 저장하면 다시 실행할 수 있습니다.",
    ),
    "search.saved.run": ("Run {name}", "{name} 실행"),
    "search.saved.limits": ("filters: {count}", "필터 {count}개"),
    "search.saved.new": ("{count} new", "새로 찾음 {count}명"),
    "search.saved.watch": ("Watch new footage", "새 영상 감시"),
    "search.saved.watching": ("Watch new footage by {name}", "새 영상 감시: {name}"),
    "search.saved.forget": ("Delete {name}", "{name} 삭제"),
    "search.save": ("Save this search", "이 검색 저장"),
    "search.save.name": ("Name of the search", "검색 이름"),
    "search.save.go": ("Save", "저장"),
    "search.save.done": ("Saved as “{name}”.", "“{name}”(으)로 저장했습니다."),
    "search.save.words": (
        "Searches in words can be saved; those by a picture cannot.",
        "말로 한 검색만 저장할 수 있습니다. 사진 검색은 저장하지 않습니다.",
    ),
}
"""key -> (English, Korean)."""
