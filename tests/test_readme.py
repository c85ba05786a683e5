"""The README's commands exist: every `python -m engine …` line parses, every `make …` target is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from engine.cli import build_parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = "\n".join(re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL))


def commands(start: str) -> list[str]:
    return [line.partition("#")[0].strip() for line in BLOCKS.splitlines() if line.startswith(start)]


@pytest.mark.parametrize("line", commands("python -m engine"))
def test_engine_commands_parse(line: str) -> None:
    parsed = build_parser().parse_args(shlex.split(line)[3:])
    assert ":" in parsed.command


@pytest.mark.parametrize("line", commands("make"))
def test_make_targets_exist(line: str) -> None:
    assert re.search(rf"^{line.split()[1]}:", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_first_screen_says_how_to_start() -> None:
    first = README.splitlines()[:20]
    assert any(line.startswith("make run") for line in first)
    assert any(line.startswith("make test") for line in first)
