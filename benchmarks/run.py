"""Measure this checkout on the shared material and write `benchmarks/<date>.md`: figures with the command behind each.

Run it as `.venv/bin/python benchmarks/run.py`; it takes some ten minutes and needs the machine for itself.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CLIPS = {
    "one-by-one-person-detection.mp4": 6,
    "store-aisle-detection.gif": 3,
    "face-demographics-walking.gif": 2,
    "classroom.gif": 4,
    "free-throw.mp4": 1,
}
"""Clip -> people in it, by eye (`truth.json`)."""


def engine(home: str, *arguments: str) -> Any:
    """Run one command; its last line of output as JSON."""
    answer = subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        env={**os.environ, "SIGHTLINE_HOME": home},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout.strip().splitlines()[-1])


def people_table(shared: Path, home: str, model: str) -> list[str]:
    """How many people each clip is said to hold, and how long the analysis took."""
    lines = [f"### Person model: {model}", "", "| clip | people | truth | analysis, s |", "|---|---|---|---|"]
    for clip, truth in CLIPS.items():
        done = engine(home, "analyze", str(shared / "footage" / clip), "--person-model", model, "--json")
        people = next(row["persons"] for row in engine(home, "list", "--json") if row["footage"] == done["footage"])
        lines.append(f"| {clip} | {people} | {truth} | {done['seconds']:.1f} |")
    return [*lines, ""]


def detection_table(scores: dict[str, Any]) -> list[str]:
    """Recall and precision against the reference detector."""
    lines = ["| clip | frames | recall | precision |", "|---|---|---|---|"]
    for clip in scores["clips"]:
        lines.append(f"| {clip['name']} | {clip['frames']} | {clip['recall']:.3f} | {clip['precision']:.3f} |")
    return [*lines, ""]


def quoted(title: str, figures: dict[str, Any]) -> list[str]:
    """A section that holds what a command printed, long lists of single cases left out."""
    kept = {key: value for key, value in figures.items() if not (isinstance(value, list) and len(value) > 40)}
    return [f"## {title}", "", "```json", json.dumps(kept, indent=1, ensure_ascii=False), "```", ""]


def main() -> None:
    """Measure and write."""
    shared = Path(os.environ.get("SIGHTLINE_SHARED", ROOT.parent / "shared")).resolve()
    weights = shared / "weights" / "yolov8n_int8.tflite"
    today = datetime.now(UTC).date().isoformat()
    lines = [
        f"# {today}",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, no GPU. Written by `benchmarks/run.py`.",
        "",
        "## Embedded person detector against COCO YOLOv8n (int8) at confidence .4, IoU .4",
        "",
        "`python -m engine evaluate person --footage DIR --reference WEIGHTS`: 2 frames a second, all frames of clips "
        "under 10 s. The reference is a detector, not truth.",
        "",
    ]
    with tempfile.TemporaryDirectory() as home:
        scores = engine(home, "evaluate", "person", "--footage", str(shared / "footage"), "--reference", str(weights))
        lines += [*detection_table(scores), "## Distinct people, defaults (5 frames a second)", ""]
        lines += people_table(shared, home, "blazepose")
        lines += people_table(shared, home, str(weights))
        lines = [line.replace(str(weights), weights.name) for line in lines]
        action = engine(home, "evaluate", "action", "--footage", str(shared / "footage"))
        emotion = engine(home, "evaluate", "emotion", "--data", str(shared / "faces" / "fer2013_train_val.zip"))
        bench = engine(home, "bench", "analyze", str(shared / "footage" / "one-by-one-person-detection.mp4"))
        pages = engine(home, "bench", "pages")
    lines += quoted("Actions: `python -m engine evaluate action --footage DIR`", action)
    lines += quoted("Emotions on `validation/`: `python -m engine evaluate emotion --data ZIP`", emotion)
    lines += quoted("Speed and memory, everything on: `python -m engine bench analyze one-by-one…`", bench)
    lines += quoted("The dashboard in Chromium: `python -m engine bench pages`", pages)
    (ROOT / "benchmarks" / f"{today}.md").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
