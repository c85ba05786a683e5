"""Which model people chose for a task, for everybody who uses this home.

Owns: the table `model_choices`. May import: `engine.core`, `engine.store`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from engine.store.database import Database


class ChoiceTable:
    """The choices of a store; a task without one is left to the program.

    Args:
        db: the store.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> dict[str, str]:
        """Task -> model, as it was chosen."""
        with self._db.read() as connection:
            rows = connection.execute("SELECT task, model FROM model_choices ORDER BY task").fetchall()
        return {str(task): str(model) for task, model in rows}

    def choose(self, task: str, model: str) -> None:
        """Choose a model for a task; it takes the place of an earlier choice.

        Args:
            task: such as "person".
            model: name or path, never empty.

        Raises:
            ValueError: task or model is empty.
        """
        if not task or not model:
            raise ValueError(f"a choice names a task and a model, got {task!r} and {model!r}")
        with self._db.write() as connection:
            connection.execute(
                "INSERT INTO model_choices (task, model, chosen_utc) VALUES (?, ?, ?) "
                "ON CONFLICT (task) DO UPDATE SET model = excluded.model, chosen_utc = excluded.chosen_utc",
                [task, model, datetime.now(UTC).isoformat(timespec="seconds")],
            )

    def forget(self, task: str) -> None:
        """Leave a task to the program again; nothing happens where nothing was chosen."""
        with self._db.write() as connection:
            connection.execute("DELETE FROM model_choices WHERE task = ?", [task])
