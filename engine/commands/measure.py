"""Commands that measure: `evaluate`, `bench`.

May import: `assets`, `engine.core`, `engine.evaluation`, `engine.media`, `engine.tiers`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil

from engine.commands.output import put, say
from engine.core.config import AnalysisConfig, DetectConfig, Settings
from engine.core.errors import FootageError, JobError
from engine.core.types import Frame
from engine.evaluation.person import LONG_CLIP_FPS, SHORT_CLIP_S
from engine.evaluation.person import evaluate_person as score_clips
from engine.media.probe import probe
from engine.media.reader import FrameReader, decode_rate
from engine.tiers import choose_person

CLIPS = (".mp4", ".gif", ".mov", ".mkv", ".webm", ".avi")
_SAMPLE_S = 1.0


def evaluate_person(arguments: argparse.Namespace) -> int:
    """Score a person detector against a reference; a line per clip, one JSON object last."""
    settings: Settings = arguments.settings
    clips = sorted(path for path in arguments.footage.glob("*") if path.suffix in CLIPS)
    if not clips:
        raise FootageError(f"There are no clips in {arguments.footage}. Name a folder of video files.", kind="missing")
    scored = choose_person(AnalysisConfig(person_model=arguments.person_model), settings)
    reference = choose_person(
        AnalysisConfig(person_model=str(arguments.reference), detect=DetectConfig(min_score=0.4)), settings
    )
    result = score_clips(
        {path.name: _frames(path, arguments.fps, settings) for path in clips}, scored.build(), reference.build()
    )
    rows = [
        {
            "name": name,
            "frames": score.frames,
            "recall": round(score.recall, 4),
            "precision": round(score.precision, 4),
            "reference": score.reference,
            "found": score.found,
            "matched": score.matched,
        }
        for name, score in result.items()
    ]
    for row in rows:
        say(f"{row['name']:<36} recall {row['recall']:.3f}  precision {row['precision']:.3f}  {row['frames']} frames")
    put({"task": "person", "model": asdict(scored.card), "reference": asdict(reference.card), "clips": rows})
    return 0


def _frames(path: Path, fps: float | None, settings: Settings) -> Iterator[Frame]:
    """The frames of a clip that are scored: so many a second, or all where it is short."""
    if fps is None and probe(path, settings).duration_s > SHORT_CLIP_S:
        fps = LONG_CLIP_FPS
    with FrameReader(path, settings, fps=fps) as reader:
        yield from reader


def bench(arguments: argparse.Namespace) -> int:
    """Analyse one clip in a fresh home and print speed and memory beside pure decoding in the same run."""
    settings: Settings = arguments.settings
    source = arguments.source
    if source is None:
        from assets.sample_clip import build_sample

        source = build_sample(settings.home / "sample.mp4")
    media = probe(source, settings)
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "engine", "analyze", str(source), "--profile", "embedded", "--json"]
        begun = time.monotonic()
        child = subprocess.Popen(command, env={**os.environ, "SIGHTLINE_HOME": home}, stdout=subprocess.PIPE, text=True)
        peak = _peak_memory(child)
        seconds = time.monotonic() - begun
        answer = child.communicate()[0]
    if child.returncode != 0:
        raise JobError(f"The analysis of {source} failed; the lines above say why.")
    stages = {stage["name"]: stage["seconds"] for stage in json.loads(answer)["stages"]}
    rate = decode_rate(source, settings)
    put(
        {
            "bench": "analyze",
            "clip_s": round(media.duration_s, 2),
            "width": media.width,
            "height": media.height,
            "seconds": round(seconds, 2),
            "real_time_factor": round(seconds / media.duration_s, 3),
            "decode_frames_per_s": round(rate, 1),
            "analysis_to_decode_ratio": round(seconds / (media.duration_s * media.fps / rate), 2),
            "peak_memory_mb": round(peak / 1e6),
            "stages": stages,
        }
    )
    return 0


def _peak_memory(child: subprocess.Popen[str]) -> int:
    """Largest proportional set size of a process and its children until it ends, bytes."""
    process, peak = psutil.Process(child.pid), 0
    while child.poll() is None:
        total = 0
        try:
            for member in (process, *process.children(recursive=True)):
                total += member.memory_full_info().pss
        except psutil.Error:
            # A member ended while it was being looked at: this sample is not whole.
            continue
        finally:
            time.sleep(_SAMPLE_S)
        peak = max(peak, total)
    return peak
