"""Texts of the models screen, English and Korean. Imports nothing of ours but the tasks' texts."""

from __future__ import annotations

from pages import _text_model_tasks

TEXT: dict[str, tuple[str, str]] = {
    **_text_model_tasks.TEXT,
    "models.title": ("Models", "모델"),
    "models.summary": (
        "{here} models on this machine, {away} more can be fetched",
        "이 컴퓨터에 모델 {here}개, 추가로 {away}개를 내려받을 수 있습니다",
    ),
    # Which is used
    "models.use.all": ("All analyses", "모든 분석"),
    "models.use.part": ("Analyses do not ask for it by itself.", "분석에서 단독으로 쓰이지 않습니다."),
    "models.use.none": (
        "No model for this is on this machine; analyses go without.",
        "이 컴퓨터에 해당 모델이 없어 분석에서 빠집니다.",
    ),
    "models.why.chosen": ("chosen here", "직접 선택"),
    "models.why.best": ("the best one here", "이 컴퓨터에서 최선"),
    "models.why.built-in": ("built in, as asked", "내장 모델로 지정"),
    "models.why.nothing-else": ("no downloaded one is here", "내려받은 모델 없음"),
    "models.why.only": ("the only one there is", "유일한 모델"),
    "models.why.missing": ("none is on this machine", "이 컴퓨터에 없음"),
    "models.choice": ("Model of “{task}”", "‘{task}’ 모델"),
    "models.choice.auto": ("Automatic", "자동 선택"),
    "models.choice.lost": ("{name} (missing)", "{name} (없음)"),
    "models.choice.help": (
        "Holds for analyses with “{profile}”, for everybody who uses this server.",
        "‘{profile}’ 분석에 적용되며, 이 서버를 쓰는 모두에게 적용됩니다.",
    ),
    # A model
    "models.tier.embedded": ("built in", "내장"),
    "models.tier.pretrained": ("pretrained", "사전 학습"),
    "models.tier.trained": ("trained for Sightline", "자체 학습"),
    "models.origin.package": ("in the package {source}", "{source} 패키지에 포함"),
    "models.origin.project": ("comes with Sightline", "Sightline에 포함"),
    "models.origin.fetched": ("from {source}", "출처 {source}"),
    "models.origin.imported": ("imported", "가져온 파일"),
    "models.licence.unknown": ("licence not stated", "라이선스 미기재"),
    "models.code": ("code only", "코드만"),
    "models.here": ("on this machine", "설치됨"),
    "models.away": ("not here", "없음"),
    "models.sha.unknown": ("not known", "알 수 없음"),
    "models.card": ("Card", "설명"),
    "models.card.of": ("Model card: {name}", "모델 설명: {name}"),
    "models.card.none": ("Nobody wrote a card for this model.", "이 모델의 설명 문서가 없습니다."),
    "models.facts.file": ("File", "파일"),
    "models.facts.source": ("Source", "출처"),
    "models.facts.licence": ("Licence", "라이선스"),
    "models.facts.size": ("Size", "크기"),
    "models.facts.version": ("Version in use", "사용 중인 버전"),
    "models.more": ("More", "더보기"),
    "models.verify": ("Verify", "검증"),
    "models.verify.good": ("{name} is whole: its SHA-256 is the right one.", "{name} 파일이 온전합니다(SHA-256 일치)."),
    "models.verify.bad": (
        "{name}: {problem}. Remove it and fetch or import it again.",
        "{name}: {problem}. 삭제한 뒤 다시 받거나 가져오세요.",
    ),
    "models.remove": ("Remove from this machine", "이 컴퓨터에서 삭제"),
    "models.removed": ("{name} was removed.", "{name} 모델을 삭제했습니다."),
    # Fetching
    "models.fetch": ("Fetch · {size}", "받기 · {size}"),
    "models.fetch.about": (
        "{size} from {host}, under {licence}. The file is kept only if its SHA-256 is the pinned one. Nothing about "
        "your footage is sent.",
        "{host}에서 {size}를 내려받습니다(라이선스 {licence}). SHA-256이 일치할 때만 보관하며, 영상 정보는 보내지 "
        "않습니다.",
    ),
    "models.fetch.start": ("Fetch now", "지금 받기"),
    "models.fetch.cancel": ("Cancel", "취소"),
    "models.fetch.progress": ("{done} of {total}", "{total} 중 {done}"),
    "models.fetch.done": ("{name} was fetched and verified.", "{name} 모델을 받아 검증했습니다."),
    "models.fetch.cancelled": ("Fetching {name} was cancelled.", "{name} 받기를 취소했습니다."),
    # Importing
    "models.import": ("Import", "가져오기"),
    "models.import.of": ("Import a model for “{task}”", "‘{task}’ 모델 가져오기"),
    "models.import.accepts": ("Accepted: {suffixes}", "지원 형식: {suffixes}"),
    "models.import.folder": (
        "a folder with config.json and .safetensors",
        "config.json과 .safetensors가 든 폴더",
    ),
    "models.import.trust": ("I trust where a .pt file comes from", ".pt 파일의 출처를 신뢰합니다"),
    "models.import.trust.help": (
        "A .pt file can run any program on this machine when it is loaded.",
        ".pt 파일은 불러올 때 이 컴퓨터에서 어떤 프로그램이든 실행할 수 있습니다.",
    ),
    "models.import.path": ("Path on the server", "서버의 경로"),
    "models.import.path.none": (
        "No folder of the server is open to the browser. Name folders under `roots` in `sightline.toml`.",
        "브라우저에 허용된 서버 폴더가 없습니다. `sightline.toml`의 `roots`에 폴더를 적으세요.",
    ),
    "models.import.submit": ("Import from the path", "경로에서 가져오기"),
    "models.import.done": ("{name} was imported.", "{name} 모델을 가져왔습니다."),
    "model_upload.choose": ("Choose a file", "파일 선택"),
    "model_upload.sending": ("Sending {name}", "{name} 보내는 중"),
    "model_upload.checking": ("Checking", "확인 중"),
    "model_upload.cancel": ("Cancel", "취소"),
    "model_upload.done": ("{name} was imported.", "{name} 모델을 가져왔습니다."),
    "model_upload.untrusted": (
        "A .pt file can run code when it is loaded. Tick the box above if you trust where it comes from.",
        ".pt 파일은 불러올 때 코드를 실행할 수 있습니다. 출처를 신뢰하면 위의 상자를 선택하세요.",
    ),
    "model_upload.lost": ("The server could not be reached. Try again.", "서버에 연결할 수 없습니다. 다시 시도하세요."),
    # The machine
    "doctor.title": ("This machine", "이 컴퓨터"),
    "doctor.good": ("Nothing is wrong", "문제 없음"),
    "doctor.bad.one": ("One thing to look at", "확인할 사항 1건"),
    "doctor.bad.many": ("{count} things to look at", "확인할 사항 {count}건"),
    "doctor.look": ("Look again", "다시 점검"),
    "doctor.looking": ("Looking the machine over", "점검하는 중"),
    "doctor.home": ("Home folder", "데이터 폴더"),
    "doctor.python": ("Python", "파이썬"),
    "doctor.system": ("System", "운영체제"),
    "doctor.cores": ("Processor cores", "CPU 코어"),
    "doctor.packages": ("Packages", "패키지"),
    "doctor.missing": ("missing", "없음"),
    "doctor.tiers": ("What an analysis would use", "분석에 쓰일 모델"),
}
