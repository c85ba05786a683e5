"""What the media tests share: clips made once, and a check that no child process and no file stays behind."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.core.config import Settings, shared_material
from tests import corpus


def children() -> set[int]:
    """Process ids of this process's own children, ended ones that nobody waited for included."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found


@pytest.fixture(autouse=True)
def no_leftovers() -> Iterator[None]:
    """Every test ends with the child processes and open files it began with."""
    before, files = children(), open_files()
    yield
    for _ in range(40):
        gc.collect()
        if children() <= before and open_files() <= files:
            return
        # A server's thread may still be closing its connection.
        time.sleep(0.05)
    assert children() <= before
    assert open_files() <= files


def open_files() -> int:
    """How many file descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", decode_silence_s=20.0)


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a good, bad or damaged clip by its name, once."""
    folder = tmp_path_factory.mktemp("corpus")
    good = {clip.name: clip for clip in corpus.GOOD}

    def make(name: str) -> Path:
        path = folder / name
        if not path.exists():
            if name in good:
                corpus.make(good[name], folder)
            elif name in corpus.BAD:
                corpus.BAD[name][0](path)
            else:
                corpus.DAMAGED[name](path)
        return path

    return make


@pytest.fixture(scope="session")
def real_clips() -> Path:
    """Folder of the real clips, or skip."""
    folder = shared_material() / "footage"
    if not folder.is_dir():
        pytest.skip(f"no real clips at {folder} (SIGHTLINE_SHARED)")
    return folder
