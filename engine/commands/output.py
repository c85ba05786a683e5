"""Where commands write: results to standard output, words for people to standard error. Imports nothing of ours."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def say(text: str) -> None:
    """A line for people, on standard error."""
    sys.stderr.write(text + "\n")


def put(value: object) -> None:
    """A result, on standard output: text as it is, anything else as one line of JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def meter(title: str) -> Iterator[Callable[[str, float], None]]:
    """A progress bar on a terminal, silence elsewhere; what it yields takes the stage at work and the share done."""
    if not sys.stderr.isatty():
        yield lambda stage, fraction: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[stage]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=1.0, stage="")
        yield lambda stage, fraction: bar.update(task, completed=fraction, stage=stage)
