"""The store loads nothing it can do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_store_loads_no_pandas_and_leaves_it_loadable() -> None:
    code = (
        "import sys, engine.store.results, engine.store.jobs; assert 'pandas' not in sys.modules;"
        "assert not [finder for finder in sys.meta_path if 'Pandas' in type(finder).__name__]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
