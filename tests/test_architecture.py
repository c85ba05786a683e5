"""The house rules that a machine can check: import arrows, sizes, names, and what a page may load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("media", "tracking", "recognition", "identity", "store", "search", "review", "export", "evaluation")
JOINERS = (
    "dossiers",
    "doubtful_pairs",
    "everybody",
    "gallery",
    "gallery_query",
    "projections",
    "reduction",
    "event_people",
    "anomaly_steps",
    "anomalies",
    "doctor",
    "fetching",
    "model_intake",
    "model_list",
    "pipeline",
    "steps",
    "frame_pass",
    "pictures",
    "kept_views",
    "answers",
    "cameras",
    "clips",
    "library",
    "model_room",
    "identities",
    "folding",
    "drafting",
    "spots",
    "mentions",
    "searching",
    "wardrobe",
    "blip_search",
    "lookalikes",
    "photographs",
    "second_opinion",
    "rankings",
    "hits",
    "clothing_step",
    "identity_step",
    "overlay",
    "comparison",
    "timeline",
    "uploads",
    "watching",
    "jobs",
    "api",
    "cli",
    "commands",
    "tiers",
    "weights",
    "weight_folders",
    "__main__",
)
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}
HEAVY = (
    "torch",
    "cv2",
    "ultralytics",
    "ai_edge_litert",
    "mediapipe",
    "av",
    "transformers",
    "scipy",
    "faiss",
    "umap",
    "sklearn",
    "numba",
    "timm",
)
NEVER_IN_PAGES = {"torch", "cv2", "sqlite3", "sqlite_utils", "ultralytics", "av"}


def sources() -> list[Path]:
    folders = ("engine", "models", "pages", "assets")
    return [ROOT / "app.py", *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[str]:
    """Every module named in an import anywhere in the file, those only for type checkers left out."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            # `from engine import weights` names a module in its second half.
            yield from (f"{node.module}.{name.name}" for name in node.names)


def may_import(importer: str, imported: str) -> bool:
    """Whether an arrow of the house is allowed; both are dotted module names of ours."""
    source, target = importer.split("."), imported.split(".")
    if target == ["engine"]:
        return True
    room, goal = target[0], target[1] if len(target) > 1 else ""
    allowed = {
        "app": room == "pages" or (room == "engine" and goal in ("web", "api", "core")),
        "pages": room == "pages" or (room == "engine" and goal in ("api", "core")),
        "assets": room == "assets",
        "models": room == "models" or (room, goal) == ("engine", "core"),
    }
    if source[0] in allowed:
        return allowed[source[0]]
    return _engine_may_import(source[1] if len(source) > 1 else "", room, goal)


def _engine_may_import(source: str, room: str, goal: str) -> bool:
    if room == "models":
        return goal in ("", "registry")
    if room == "assets":
        return source == "commands"
    if source == "core":
        return (room, goal) == ("engine", "core")
    if source == "web":
        return room == "engine" and goal in ("web", "core", "api")
    if source in STAGES:
        return room == "engine" and goal in (source, "core")
    return room == "engine" and goal != "web"


def arrows() -> Iterator[tuple[str, str]]:
    ours = {"engine", "models", "pages", "app", "assets"}
    for path in sources():
        for imported in imports_of(path):
            if imported.split(".")[0] in ours:
                yield module_of(path), imported


def test_imports_follow_the_arrows() -> None:
    wrong = sorted({f"{source} -> {target}" for source, target in arrows() if not may_import(source, target)})
    assert not wrong


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        pytest.param("engine.core.types", "engine.media.probe", id="core-imports-a-stage"),
        pytest.param("engine.media.reader", "engine.store.database", id="stage-imports-a-stage"),
        pytest.param("pages.people", "engine.store.results", id="page-imports-the-store"),
        pytest.param("engine.pipeline", "models.person.yolo", id="engine-imports-a-model"),
        pytest.param("models.person.yolo", "engine.media.probe", id="model-imports-a-stage"),
        pytest.param("engine.api", "pages.people", id="engine-imports-a-page"),
        pytest.param("engine.jobs.worker", "engine.web.routes", id="engine-imports-the-web"),
        pytest.param("app", "models.fake", id="app-imports-a-model"),
    ],
)
def test_the_arrow_check_catches(importer: str, imported: str) -> None:
    assert not may_import(importer, imported)


def test_every_room_is_known() -> None:
    rooms = {path.relative_to(ROOT / "engine").parts[0].removesuffix(".py") for path in (ROOT / "engine").rglob("*.py")}
    assert rooms <= {*STAGES, *JOINERS, "core", "web", "__init__"}


def test_streamlit_stays_outside() -> None:
    inside = [module_of(path) for path in sources() if "streamlit" in {name.split(".")[0] for name in imports_of(path)}]
    assert all(module == "app" or module.startswith("pages") for module in inside)


def test_pages_name_no_heavy_import() -> None:
    named = {
        f"{module_of(path)}: {name}"
        for path in sources()
        if module_of(path).startswith("pages")
        for name in imports_of(path)
        if name.split(".")[0] in NEVER_IN_PAGES
    }
    assert not named


def test_pages_load_nothing_heavy() -> None:
    # Read, not run: a page draws when it is run, and drawing needs a session. One after another in one interpreter:
    # who is named first brought it in.
    code = (
        "import ast, importlib, pathlib, sys\n"
        "for page in sorted(pathlib.Path('pages').glob('*.py')):\n"
        "    for node in ast.walk(ast.parse(page.read_text('utf-8'))):\n"
        "        if isinstance(node, ast.Import): [importlib.import_module(name.name) for name in node.names]\n"
        "        if isinstance(node, ast.ImportFrom): importlib.import_module(node.module)\n"
        f"    loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "    if loaded: sys.exit(f'{page} loads {loaded}')\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr


def test_sizes() -> None:
    wrong = []
    for path in sources():
        text = path.read_text("utf-8")
        cap = 150 if path.name == "app.py" or "pages" in path.relative_to(ROOT).parts else 400
        if text.count("\n") > cap:
            wrong.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines, at most {cap}")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            length = (node.end_lineno or 0) - node.lineno + 1
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = len([entry for entry in parameters if entry.arg not in ("self", "cls")])
            if length > 60:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines, at most 60")
            if count > 6:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {count} parameters, at most 6")
    assert not wrong


def test_modules_are_named_for_what_they_own() -> None:
    assert not [path for path in sources() if path.stem in FORBIDDEN_NAMES]


def test_opencv_opens_no_files() -> None:
    calls = ("cv2.imread", "cv2.imdecode", "cv2.VideoCapture")
    assert not [path for path in sources() if any(call in path.read_text("utf-8") for call in calls)]


def test_broad_excepts_only_where_they_are_legal() -> None:
    broad = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                caught = "bare" if node.type is None else ast.unparse(node.type)
                # Cleaning up on the way out and letting the exception pass swallows nothing.
                passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                if caught in ("bare", "Exception") or (caught == "BaseException" and not passes_on):
                    broad.append(path.relative_to(ROOT).as_posix())
    assert not [place for place in broad if not place.startswith("engine/jobs/") and place != "pages/_ui.py"]
