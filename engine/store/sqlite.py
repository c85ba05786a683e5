"""sqlite-utils, loaded without pandas.

sqlite-utils loads pandas wherever that is installed, for the sake of column types that are not used here. That takes
about a second, more than most commands take altogether. May import: nothing of ours.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _NoPandas(MetaPathFinder):
    """Hides pandas from the thread that made it; another thread that loads pandas meanwhile finds it."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas" and threading.get_ident() == self._thread:
            raise ModuleNotFoundError("pandas is hidden while sqlite-utils loads", name="pandas")
        return None


_hidden = _NoPandas()
sys.meta_path.insert(0, _hidden)
try:
    from sqlite_utils import Database as Connection
    from sqlite_utils import Migrations
finally:
    sys.meta_path.remove(_hidden)

__all__ = ["Connection", "Migrations"]
