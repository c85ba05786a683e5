"""The command `analyze`: sources in, a line per footage out.

May import: `engine.api`, `engine.core`, `engine.export`, `engine.media`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from engine.api import Engine
from engine.commands.output import meter, put, say
from engine.core.config import AnalysisConfig, DetectConfig
from engine.core.errors import ExitCode, JobCancelled, SightlineError
from engine.core.views import FootageView
from engine.export.json import stage_entry
from engine.media.sources import LocalSource, Source, download, expand


def config_from(arguments: argparse.Namespace) -> AnalysisConfig:
    """The analysis that the options ask for.

    Raises:
        ConfigError: a value is out of bounds.
    """
    detect = DetectConfig() if arguments.fps is None else DetectConfig(fps=arguments.fps)
    return AnalysisConfig(profile=arguments.profile, person_model=arguments.person_model, detect=detect)


def analyze(arguments: argparse.Namespace) -> int:
    """Analyse every source, a line each; bad ones are named and do not keep the others from being done."""
    config = config_from(arguments)
    code = ExitCode.DONE
    with Engine(arguments.settings) as engine:
        for text in arguments.sources:
            try:
                sources = expand(text)
            except SightlineError as error:
                say(f"sightline: {error.user_message}")
                code = error.exit_code
                continue
            for source in sources:
                try:
                    _analyze_one(engine, source, config, as_json=arguments.json)
                except JobCancelled:
                    raise
                except SightlineError as error:
                    say(f"sightline: {source.name}: {error.user_message}")
                    code = error.exit_code
    return int(code)


def _analyze_one(engine: Engine, source: Source, config: AnalysisConfig, *, as_json: bool) -> None:
    with meter(source.name) as show:
        begun = time.monotonic()
        view = _bring(engine, source, show)
        run = engine.analyze_now(view.id, config, show)
        seconds = time.monotonic() - begun
    cached = all(stage.cached for stage in run.stages)
    if not as_json:
        people = len(engine.answers.people(run.id))
        put(f"{view.id}  {people} people  {seconds:.1f} s{'  (cached)' if cached else ''}  {view.name}")
        return
    stages = [stage_entry(stage) for stage in run.stages]
    put({"footage": view.id, "run": run.id, "seconds": round(seconds, 3), "cached": cached, "stages": stages})


def _bring(engine: Engine, source: Source, show: Callable[[str, float], None]) -> FootageView:
    """Register a file where it lies, or download one and take it over."""
    if isinstance(source, LocalSource):
        size = max(source.path.stat().st_size, 1)
        return engine.register(source.path, lambda done: show("reading", done / size))

    def heard(done: int, total: int) -> None:
        show("downloading", done / max(total, done, 1))

    path, sha256 = download(source, engine.settings, heard)
    return engine.adopt(path, sha256, source.name)
