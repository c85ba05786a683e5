"""A store with footage and a queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.footage import FootageTable
from engine.store.jobs import JobTable
from tests.store import samples


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def db(home: Path) -> Iterator[Database]:
    opened = Database(home / "sightline.db")
    yield opened
    assert opened.check() == "ok"
    opened.close()


@pytest.fixture
def clip(db: Database) -> FootageView:
    return FootageTable(db).add(samples.footage())


@pytest.fixture
def jobs(db: Database, clip: FootageView) -> JobTable:
    return JobTable(db)
