"""A look over the machine: what is installed, which tier each task would use, what is wrong and what to do about it.

May import: `engine.core`, `engine.store`, `engine.model_list`, `engine.weights`.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine import model_list, weights
from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelMissing, SightlineError
from engine.store.choices import ChoiceTable
from engine.store.database import Database

PACKAGES = (
    "streamlit",
    "starlette",
    "av",
    "mediapipe",
    "ai-edge-litert",
    "ultralytics",
    "torch",
    "transformers",
    "numpy",
    "sqlite-utils",
)
_SCARCE_BYTES = 2 << 30


@dataclass(frozen=True, slots=True)
class Report:
    """What was found.

    Attributes:
        machine: Python, system, cores.
        home: where everything is kept.
        packages: name -> version, "" where missing.
        tiers: task -> name, version and tier of the model that `auto` would use.
        problems: one sentence each, with what to do; empty where all is well.
    """

    machine: dict[str, Any]
    home: str
    packages: dict[str, str]
    tiers: dict[str, dict[str, str]]
    problems: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The report for people."""
        machine = self.machine
        return [
            f"Python {machine['python']} on {machine['system']}, {machine['cores']} cores; home {self.home}",
            *(f"  {name:<16} {found or 'missing'}" for name, found in self.packages.items()),
            "Models that `auto` would use:",
            *(f"  {task:<12} {tier['name']} ({tier['tier']}, {tier['version']})" for task, tier in self.tiers.items()),
            *(f"Problem: {problem}" for problem in self.problems),
            *(() if self.problems else ("Nothing is wrong.",)),
        ]


def examine(settings: Settings) -> Report:
    """Look the machine over; changes nothing but creating an empty store where there is none."""
    problems: list[str] = []
    packages = {name: _version(name) for name in PACKAGES}
    problems += [f"{name} is not installed. Run `make run`." for name, found in packages.items() if not found]
    if packages["starlette"] and not (1, 5) <= _leading(packages["starlette"]) < (1, 8):
        problems.append("starlette is outside 1.5 to 1.7: pictures and videos will not load. Run `make run`.")
    for entry in weights.known():
        fault = entry.verify(settings)
        if fault and (entry.tier == "embedded" or fault != "not on this machine"):
            problems.append(f"The model file {entry.name} is unusable: {fault}. Install or fetch it again.")
    wrong, choices = _store_problems(settings)
    problems += wrong
    return Report(
        machine={
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count() or 1,
            "executable": sys.executable,
        },
        home=str(settings.home),
        packages=packages,
        tiers=_tiers(settings, choices, problems),
        problems=tuple(problems),
    )


def _tiers(settings: Settings, choices: dict[str, str], problems: list[str]) -> dict[str, dict[str, str]]:
    try:
        config = model_list.fill(AnalysisConfig(), choices, settings)
    except ModelMissing as error:
        problems.append(error.user_message)
        config = AnalysisConfig()
    tiers = {}
    for task in model_list.tasks():
        used = model_list.use(task, config, settings)
        if used is not None and used.problem:
            problems.append(used.problem)
        elif used is not None:
            tiers[task] = {"name": used.model, "version": used.version, "tier": used.tier}
    return tiers


def _store_problems(settings: Settings) -> tuple[list[str], dict[str, str]]:
    """What is wrong with the store, and the models chosen in it."""
    choices: dict[str, str] = {}
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.home).free
        database = Database(settings.database)
        try:
            answer = database.check()
            choices = ChoiceTable(database).all()
        finally:
            database.close()
    except OSError as error:
        sentence = f"The home {settings.home} cannot be used: {error}. Set SIGHTLINE_HOME to a folder you may write to."
        return [sentence], choices
    except SightlineError as error:
        return [error.user_message], choices
    problems = [] if answer == "ok" else [f"The store is damaged ({answer}). Move {settings.database} away."]
    if free < _SCARCE_BYTES:
        problems.append(f"Only {free / 1e9:.1f} GB are free where {settings.home} lies. Make room.")
    return problems, choices


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _leading(text: str) -> tuple[int, int]:
    major, minor, *_ = text.split(".")
    return int(major), int(minor)
