"""Texts of adding footage: uploads, paths, folders. English and Korean. Imports nothing of ours."""

TEXT: dict[str, tuple[str, str]] = {
    "add.title": ("Add footage", "영상 추가"),
    "add.profile": ("Analysis", "분석 방식"),
    "add.profile.auto": ("Best on this machine", "이 컴퓨터에서 최선"),
    "add.profile.embedded": ("Built-in models", "내장 모델"),
    "add.profile.pretrained": ("Downloaded models", "내려받은 모델"),
    "add.profile.help": (
        "Built-in models need no download. Downloaded ones find more where they are present. Analysis itself "
        "never downloads anything.",
        "내장 모델은 내려받을 필요가 없습니다. 내려받은 모델이 있으면 더 많이 찾습니다. 분석 중에는 아무것도 내려받지 "
        "않습니다.",
    ),
    "add.path": ("From this machine", "이 컴퓨터에서 추가"),
    "add.path.label": ("File or folder", "파일 또는 폴더"),
    "add.path.help": (
        "Full path. It is read where it lies and not copied; folders inside a folder belong to it.",
        "전체 경로를 입력하세요. 복사하지 않고 원래 위치에서 읽으며, 하위 폴더도 포함합니다.",
    ),
    "add.path.roots": ("Open to the browser: {roots}", "브라우저에 허용된 폴더: {roots}"),
    "add.path.empty": ("Type the full path of a file or folder first.", "파일이나 폴더의 전체 경로를 먼저 입력하세요."),
    "add.path.submit": ("Add", "추가"),
    "add.path.watch": ("Watch folder", "폴더 감시"),
    "add.path.watch.help": (
        "New recordings in the folder are added and analysed as soon as they are complete, also after a restart.",
        "폴더에 새로 들어온 영상이 완성되면 바로 추가해 분석합니다. 다시 시작한 뒤에도 계속됩니다.",
    ),
    "add.path.none": (
        "No folder is open to the browser. Name folders under `roots` in `sightline.toml`, or register a file "
        "with `python -m engine analyze PATH`.",
        "브라우저에 허용된 폴더가 없습니다. `sightline.toml`의 `roots`에 폴더를 적거나 "
        "`python -m engine analyze 경로`로 등록하세요.",
    ),
    "add.path.done": ("{name} was added.", "{name}을(를) 추가했습니다."),
    "add.path.begun": ("{name} is being taken in.", "{name}을(를) 가져오는 중입니다."),
    "add.watch.begun": ("{name} is being watched.", "{name} 폴더를 감시합니다."),
    "folder.watched": ("Watched folder", "감시 중인 폴더"),
    "folder.busy": ("Taking in", "가져오는 중"),
    "folder.done": ("Taken in", "가져오기 완료"),
    "folder.found": ("{count} found", "발견 {count}개"),
    "folder.added": ("{count} added", "추가 {count}개"),
    "folder.known": ("{count} known before", "기존 {count}개"),
    "folder.waiting": ("{count} to go", "남은 파일 {count}개"),
    "folder.refused": ("{count} files cannot be used", "사용할 수 없는 파일 {count}개"),
    "folder.refused.one": ("One file cannot be used", "사용할 수 없는 파일 1개"),
    "folder.more": ("and {count} more", "외 {count}개"),
    "folder.unwatch": ("Stop watching", "감시 중지"),
    "folder.stop": ("Stop taking in", "가져오기 중지"),
    "folder.forget": ("Dismiss", "닫기"),
    "bad.folder.missing": (
        "The folder is not there any more. Connect its drive or put it back, and it goes on by itself.",
        "폴더가 더 이상 없습니다. 드라이브를 연결하거나 폴더를 되돌려 놓으면 자동으로 계속됩니다.",
    ),
    "bad.folder.outside": (
        "The folder is no longer open to the browser. Name it under roots in sightline.toml.",
        "더 이상 허용되지 않는 폴더입니다. sightline.toml의 roots에 폴더를 적어 주세요.",
    ),
    "bad.folder.no-permission": (
        "The folder may not be read. Give the account that runs Sightline permission to read it.",
        "폴더를 읽을 권한이 없습니다. Sightline을 실행하는 계정에 읽기 권한을 주세요.",
    ),
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
    "upload.pace": ("{rate}/s, {length} left", "초당 {rate}, {length} 남음"),
    "upload.seconds": ("{s} s", "{s}초"),
    "upload.minutes": ("{min} min", "{min}분"),
    "upload.parted": (
        "Interrupted at {percent} %. Choose the same file again to go on.",
        "{percent}%에서 중단되었습니다. 같은 파일을 다시 선택하면 이어서 올립니다.",
    ),
    "upload.forget": ("Give up the upload of {name}", "{name} 업로드 포기"),
    "upload.anywhere": ("Let go to add the videos", "놓으면 동영상을 추가합니다"),
}
"""key -> (English, Korean)."""
