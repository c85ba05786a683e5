"""An opened store for each test."""

from __future__ import annotations

import pytest

from engine.core.views import FootageView
from engine.store.database import Database
from engine.store.results import ResultTable
from tests.store import samples


@pytest.fixture
def filled(db: Database, clip: FootageView) -> ResultTable:
    """Results of a whole run of `clip` in the store."""
    results = ResultTable(db)
    results.save_plain(samples.record("key-detect", "detect", clip))
    tracklets = [samples.tracklet(n, start=float(n)) for n in (1, 2, 3)]
    results.save_tracklets(samples.record("key-track", "track", clip), tracklets)
    results.save_links(samples.record("key-link", "link", clip), samples.LINKS, "key-track")
    results.save_crops(samples.record("key-crops", "crops", clip), samples.CROPS, "key-track")
    results.save_run(samples.run(clip))
    return results
