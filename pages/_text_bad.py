"""Texts that say what is wrong with a file, by the kind of the error. English and Korean. Imports nothing of ours."""

TEXT: dict[str, tuple[str, str]] = {
    "bad.empty": ("“{name}” is empty. Copy it again.", "‘{name}’은(는) 빈 파일입니다. 다시 복사해 주세요."),
    "bad.text": (
        "“{name}” is a text file. Add the video itself.",
        "‘{name}’은(는) 텍스트 파일입니다. 동영상 파일을 추가하세요.",
    ),
    "bad.not-video": (
        "“{name}” is no video. Choose a video file.",
        "‘{name}’은(는) 동영상이 아닙니다. 동영상 파일을 선택하세요.",
    ),
    "bad.no-video-stream": (
        "“{name}” holds no picture, only sound or data. Choose another file.",
        "‘{name}’에는 영상 없이 소리나 데이터만 있습니다. 다른 파일을 선택하세요.",
    ),
    "bad.no-index": (
        "The recording of “{name}” broke off before its end was written. Export it again from the camera.",
        "‘{name}’은(는) 녹화가 끝까지 저장되지 않았습니다. 카메라에서 다시 내보내 주세요.",
    ),
    "bad.single-frame": (
        "“{name}” holds a single picture. Choose a video.",
        "‘{name}’에는 화면이 한 장뿐입니다. 동영상을 선택하세요.",
    ),
    "bad.zero-duration": (
        "“{name}” has no length. Copy it again.",
        "‘{name}’은(는) 길이가 0입니다. 다시 복사해 주세요.",
    ),
    "bad.encrypted": (
        "“{name}” is encrypted. Decrypt it first.",
        "‘{name}’은(는) 암호화되어 있습니다. 암호를 푼 파일을 추가하세요.",
    ),
    "bad.playlist": (
        "“{name}” only lists other files. Add those files themselves.",
        "‘{name}’은(는) 재생 목록입니다. 목록에 있는 동영상을 직접 추가하세요.",
    ),
    "bad.too-large": (
        "The picture of “{name}” is too large. Scale it down first.",
        "‘{name}’의 화면이 너무 큽니다. 해상도를 줄여 주세요.",
    ),
    "bad.undecodable": (
        "Not one picture of “{name}” can be decoded. Copy it again from its source.",
        "‘{name}’에서 읽을 수 있는 화면이 없습니다. 원본에서 다시 복사해 주세요.",
    ),
    "bad.unknown-codec": (
        "“{name}” is coded in a way that is not known here. Convert it to H.264.",
        "‘{name}’은(는) 지원하지 않는 코덱입니다. H.264로 변환해 주세요.",
    ),
    "bad.decoder-crashed": (
        "“{name}” broke the decoder: it is damaged. Copy it again from its source.",
        "‘{name}’을(를) 읽다가 디코더가 중단되었습니다. 파일이 손상되었으니 원본에서 다시 복사해 주세요.",
    ),
    "bad.decoder-hung": (
        "The decoder got no further with “{name}”: it is damaged. Copy it again from its source.",
        "‘{name}’을(를) 읽다가 디코더가 멈추었습니다. 파일이 손상되었으니 원본에서 다시 복사해 주세요.",
    ),
    "bad.over-limit": (
        "“{name}” is larger than what may be uploaded. Cut it into shorter pieces.",
        "‘{name}’은(는) 업로드 한도보다 큽니다. 더 짧게 나누어 주세요.",
    ),
    "bad.disk-full": (
        "There is no room left for “{name}” on the server's disk. Free some space.",
        "서버 디스크에 ‘{name}’을(를) 저장할 공간이 없습니다. 공간을 확보해 주세요.",
    ),
    "bad.unwritable": (
        "“{name}” cannot be written on the server. Check the rights of its folder.",
        "서버에 ‘{name}’을(를) 저장할 수 없습니다. 폴더 권한을 확인하세요.",
    ),
    "bad.unreadable": (
        "“{name}” cannot be read to its end. Check the disk or the network drive.",
        "‘{name}’을(를) 끝까지 읽을 수 없습니다. 디스크나 네트워크 드라이브를 확인하세요.",
    ),
    "bad.no-permission": (
        "“{name}” may not be read. Give the account that runs Sightline permission.",
        "‘{name}’을(를) 읽을 권한이 없습니다. Sightline을 실행하는 계정에 권한을 주세요.",
    ),
    "bad.not-a-file": ("“{name}” is no ordinary file.", "‘{name}’은(는) 일반 파일이 아닙니다."),
    "bad.no-frames": (
        "There is no picture in that stretch of {name}. Choose another one.",
        "{name}의 그 구간에는 화면이 없습니다. 다른 구간을 고르세요.",
    ),
    "bad.no-alignment": (
        "The clocks cannot be aligned: no movement stands out that both recordings show. Set the offset by hand.",
        "시계를 맞출 수 없습니다. 두 영상에 공통된 움직임이 뚜렷하지 않습니다. 시간 차이를 직접 입력하세요.",
    ),
    "bad.missing": (
        "There is nothing at {name}. Check the path.",
        "{name}에 파일이나 폴더가 없습니다. 경로를 확인하세요.",
    ),
    "bad.incomplete": (
        "Parts of “{name}” are missing. Go on with the upload.",
        "‘{name}’의 일부가 아직 도착하지 않았습니다. 업로드를 계속하세요.",
    ),
    "bad.unknown-upload": (
        "This upload is not known any more. Upload “{name}” again.",
        "더 이상 유효하지 않은 업로드입니다. ‘{name}’을(를) 다시 올려 주세요.",
    ),
    "bad.outside": (
        "{name} is outside the folders open to the browser: {roots}. Choose one inside them.",
        "{name}은(는) 허용된 폴더 밖에 있습니다: {roots}. 이 안에서 선택하세요.",
    ),
    "bad.link-outside": (
        "“{name}” is a link that leads outside the folders open to the browser.",
        "‘{name}’은(는) 허용된 폴더 밖을 가리키는 링크입니다.",
    ),
    "bad.not-a-folder": (
        "{name} is a file. Only a folder can be watched.",
        "{name}은(는) 파일입니다. 폴더만 감시할 수 있습니다.",
    ),
    "bad.bad-start": (
        "“{text}” is no date and time. Write it as 2026-11-20 18:41 or 2026-11-20 18:41:05.",
        "‘{text}’은(는) 날짜와 시각이 아닙니다. 2026-11-20 18:41 또는 2026-11-20 18:41:05처럼 적어 주세요.",
    ),
    "bad.no-such-hour": (
        "{text} never happened in {zone}: the clocks were put forward over it. Check the hour.",
        "{zone}에서 {text}은(는) 없는 시각입니다. 서머타임으로 시계를 앞당긴 시간이니 시각을 확인하세요.",
    ),
    "bad.bad-zone": (
        "“{zone}” is no time zone. Choose one of the form Area/City.",
        "‘{zone}’은(는) 시간대가 아닙니다. Asia/Seoul처럼 지역/도시로 선택하세요.",
    ),
    "bad.bad-tag": (
        "Tags are at most 40 characters long, without commas, and at most 20 in number.",
        "태그는 쉼표 없이 40자까지, 모두 20개까지 넣을 수 있습니다.",
    ),
    "bad.bad-camera": ("The camera's name is at most 80 characters long.", "카메라 이름은 80자까지 쓸 수 있습니다."),
    "bad.bad-note": ("The note is at most 2000 characters long.", "메모는 2000자까지 쓸 수 있습니다."),
}
"""key -> (English, Korean)."""
