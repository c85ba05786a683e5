from __future__ import annotations

from pathlib import Path

import pytest

from engine.store.choices import ChoiceTable
from engine.store.database import Database


def test_a_choice_is_kept_replaced_and_forgotten(db: Database) -> None:
    choices = ChoiceTable(db)
    assert choices.all() == {}
    choices.choose("person", "yolo11n.pt")
    choices.choose("emotion", "cnn")
    choices.choose("person", "blazepose")
    assert choices.all() == {"emotion": "cnn", "person": "blazepose"}
    choices.forget("person")
    choices.forget("person")
    assert choices.all() == {"emotion": "cnn"}


def test_a_choice_outlives_the_process(tmp_path: Path) -> None:
    for task in ("person", "clip"):
        opened = Database(tmp_path / "sightline.db")
        ChoiceTable(opened).choose(task, "mine")
        opened.close()
    opened = Database(tmp_path / "sightline.db")
    assert set(ChoiceTable(opened).all()) == {"person", "clip"}
    opened.close()


@pytest.mark.parametrize(("task", "model"), [pytest.param("", "x", id="no-task"), pytest.param("x", "", id="no-model")])
def test_nothing_is_no_choice(db: Database, task: str, model: str) -> None:
    with pytest.raises(ValueError, match="names a task and a model"):
        ChoiceTable(db).choose(task, model)
