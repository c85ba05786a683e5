"""Stages that a run comes by after it was finished: footage need not be analysed again for what a new network adds.

Owns: adding to `run_stages`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from engine.core.errors import StoreError
from engine.core.views import StageView
from engine.store.database import Database
from engine.store.runs import run_with_id
from engine.store.stages import require_stage


class LaterStages:
    """Adds stages to finished runs.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, run: str, stage: StageView) -> None:
        """Add a stage that is in the store to a run; one of the same name takes the place of the earlier one.

        Args:
            run: its id.
            stage: with the key of its result.

        Raises:
            StoreError: the run or the stage's result is not in the store.
        """
        with self._db.write() as connection:
            known = run_with_id(connection, run)
            if stage.key in {each.key for each in known.stages}:
                return
            require_stage(connection, stage.key)
            connection.execute("DELETE FROM run_stages WHERE run = ? AND name = ?", [run, stage.name])
            last = connection.execute("SELECT MAX(position) FROM run_stages WHERE run = ?", [run]).fetchone()[0]
            if last is None:
                raise StoreError("This analysis has no stages. Analyse the footage again.", detail=f"run {run}")
            connection.execute(
                "INSERT INTO run_stages (run, position, key, name, model, version, seconds, cached) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    run,
                    last + 1,
                    stage.key,
                    stage.name,
                    stage.model,
                    stage.version,
                    stage.seconds,
                    int(stage.cached),
                ],
            )
