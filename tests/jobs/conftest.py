"""A store with footage and a queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.jobs import JobTable


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def jobs(db: Database, clip: FootageView) -> JobTable:
    return JobTable(db)
