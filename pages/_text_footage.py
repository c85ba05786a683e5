"""Texts of the footage screen: adding, uploading, jobs. English and Korean. Imports nothing of ours."""

TEXT: dict[str, tuple[str, str]] = {
    "footage.title": ("Footage", "영상"),
    "footage.summary": ("{count} recordings, {length} in all", "영상 {count}개, 총 {length}"),
    "footage.summary.one": ("One recording, {length}", "영상 1개, {length}"),
    "footage.summary.none": ("Nothing here yet", "아직 영상이 없습니다"),
    "footage.empty.title": ("Start with a recording", "영상을 추가해 시작하세요"),
    "footage.empty.body": (
        "Drop a video into “Add footage”. Sightline finds the people in it and when each was in view. Everything stays "
        "on this machine.",
        "‘영상 추가’에 동영상을 놓으세요. 영상 속 인물과 등장 시간을 찾아 드립니다. 모든 데이터는 이 컴퓨터에만 "
        "저장됩니다.",
    ),
    "footage.more": ("Show {count} more", "{count}개 더 보기"),
    "footage.open": ("See people", "인물 보기"),
    "footage.analyse": ("Analyse", "분석"),
    "footage.again": ("Analyse again", "다시 분석"),
    "footage.again.help": ("What has not changed is not computed again.", "바뀌지 않은 단계는 다시 계산하지 않습니다."),
    "footage.cancel": ("Cancel", "취소"),
    "footage.retry": ("Retry", "재시도"),
    "footage.options": ("More", "더보기"),
    "footage.remove": ("Remove", "삭제"),
    "footage.remove.help": (
        "Removes the footage and everything found in it.",
        "영상과 분석 결과를 모두 삭제합니다.",
    ),
    "footage.remove.help.in_place": (
        "Removes what was found in it. The file itself stays where it lies.",
        "분석 결과를 삭제합니다. 원본 파일은 그대로 남습니다.",
    ),
    "footage.in_place": ("in place", "원본 위치"),
    "footage.gap.one": ("one part unreadable", "일부 손상"),
    "footage.gap.many": ("{count} parts unreadable", "{count}곳 손상"),
    # Adding
    "add.title": ("Add footage", "영상 추가"),
    "add.profile": ("Analysis", "분석 방식"),
    "add.profile.auto": ("Best on this machine", "이 컴퓨터에서 최선"),
    "add.profile.embedded": ("Built-in models", "내장 모델"),
    "add.profile.pretrained": ("Downloaded models", "내려받은 모델"),
    "add.profile.help": (
        "Built-in models need no download. Downloaded ones find more where they are present. Analysis itself never "
        "downloads anything.",
        "내장 모델은 내려받을 필요가 없습니다. 내려받은 모델이 있으면 더 많이 찾습니다. 분석 중에는 아무것도 내려받지 "
        "않습니다.",
    ),
    "add.path": ("A file on this machine", "이 컴퓨터에 있는 파일"),
    "add.path.label": ("Full path", "전체 경로"),
    "add.path.help": ("It is read where it lies and not copied.", "복사하지 않고 원래 위치에서 읽습니다."),
    "add.path.submit": ("Register", "등록"),
    "add.path.none": (
        "No folder is open to the browser. Name folders under `roots` in `sightline.toml`, or register a file with "
        "`python -m engine analyze PATH`.",
        "브라우저에 허용된 폴더가 없습니다. `sightline.toml`의 `roots`에 폴더를 적거나 "
        "`python -m engine analyze 경로`로 등록하세요.",
    ),
    "add.path.outside": (
        "That path is outside the folders open to the browser: {roots}. Choose a file inside one of them.",
        "허용된 폴더 밖의 경로입니다: {roots}. 이 안에 있는 파일을 선택하세요.",
    ),
    "add.path.done": ("{name} was registered.", "{name}을(를) 등록했습니다."),
    "upload.drop": ("Drop videos here", "여기에 동영상을 놓으세요"),
    "upload.choose": ("or choose files", "또는 파일 선택"),
    "upload.limit": ("Up to {limit} each", "파일당 최대 {limit}"),
    "upload.queue": ("Uploads", "업로드"),
    "upload.waiting": ("waiting", "대기 중"),
    "upload.checking": ("checking", "확인 중"),
    "upload.retrying": ("connection lost, trying again", "연결이 끊겨 다시 시도 중"),
    "upload.done": ("added", "추가됨"),
    "upload.cancel": ("Cancel upload of {name}", "{name} 업로드 취소"),
    "upload.again": ("Try again", "다시 시도"),
    "upload.dismiss": ("Dismiss {name}", "{name} 알림 닫기"),
    "upload.lost": (
        "The server could not be reached. What arrived is kept: try again when it is back.",
        "서버에 연결할 수 없습니다. 받은 부분은 보관되므로 연결되면 다시 시도하세요.",
    ),
    "upload.empty": ("The file is empty. Choose another one.", "빈 파일입니다. 다른 파일을 선택하세요."),
    "upload.large": ("The file is larger than {limit}.", "파일이 {limit}보다 큽니다."),
    # Jobs
    "job.new": ("Not analysed yet", "분석 전"),
    "job.queued": ("Waiting its turn", "대기 중"),
    "job.running": ("Analysing", "분석 중"),
    "job.done": ("Analysed", "분석 완료"),
    "job.failed": ("Failed", "실패"),
    "job.cancelled": ("Cancelled", "취소됨"),
    "job.left": ("{length} left", "{length} 남음"),
    "job.people.none": ("Nobody seen", "인물 없음"),
    "job.people.one": ("1 person", "1명"),
    "job.people.many": ("{count} people", "{count}명"),
    "stage.decode": ("reading", "읽는 중"),
    "stage.playback": ("preparing playback", "재생 준비"),
    "stage.detect": ("finding people", "인물 찾는 중"),
    "stage.pose": ("reading poses", "자세 분석"),
    "stage.track": ("following people", "인물 추적"),
    "stage.link": ("telling people apart", "인물 구분"),
    "stage.crops": ("choosing pictures", "사진 고르는 중"),
}
"""key -> (English, Korean)."""
