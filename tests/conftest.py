"""What all tests may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from engine.core.config import shared_material
from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.footage import FootageTable
from tests.store import samples

# How long an example takes depends on what else the machine does; no test here is about time.
hypothesis.settings.register_profile("sightline", deadline=None)
hypothesis.settings.load_profile("sightline")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regen", action="store_true", help="write the golden files anew instead of comparing with them")


@pytest.fixture
def regen(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written anew."""
    return bool(request.config.getoption("--regen"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the project."""
    folder = shared_material()
    if not folder.is_dir():
        pytest.skip(f"the shared material is absent: {folder} (set SIGHTLINE_SHARED)")
    return folder


@pytest.fixture(scope="session")
def footage_dir(shared: Path) -> Path:
    """The real clips with their truth."""
    folder = shared / "footage"
    if not (folder / "truth.json").is_file():
        pytest.skip(f"the real clips are absent: {folder} (set SIGHTLINE_SHARED)")
    return folder


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An opened store, whole at the end of the test."""
    opened = Database(tmp_path / "home" / "sightline.db")
    yield opened
    assert opened.check() == "ok"
    opened.close()


@pytest.fixture
def clip(db: Database) -> FootageView:
    """Footage that is in the store."""
    return FootageTable(db).add(samples.footage())
