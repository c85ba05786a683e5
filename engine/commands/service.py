"""Commands that keep Sightline going: `worker`, `doctor`. May import: `engine.api`, `engine.core`, `engine.doctor`."""

from __future__ import annotations

import argparse

from engine.api import Engine
from engine.commands.output import put
from engine.core.errors import ExitCode
from engine.doctor import examine


def worker(arguments: argparse.Namespace) -> int:
    """Work through the queue until stopped, or until it is empty."""
    with Engine(arguments.settings) as engine:
        engine.work(once=arguments.once, parent=arguments.parent)
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Say what is installed, which tier each task would use and what is wrong."""
    report = examine(arguments.settings)
    if arguments.json:
        put(report.to_dict())
    else:
        for line in report.lines():
            put(line)
    return int(ExitCode.FAILED if report.problems else ExitCode.DONE)
