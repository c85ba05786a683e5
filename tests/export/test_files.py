"""Files that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import ExportError
from engine.export.files import write_atomically


def test_write_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_atomically(path, "old")
    write_atomically(path, "새\n")
    assert path.read_bytes() == "새\n".encode()
    assert [file.name for file in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda folder: folder / "nowhere" / "out.json", id="no folder"),
        pytest.param(lambda folder: folder, id="a folder itself"),
    ],
)
def test_write_that_fails_leaves_nothing(tmp_path: Path, spoil: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(ExportError, match="cannot be written"):
        write_atomically(spoil(folder), "text")
    assert list(tmp_path.iterdir()) == [folder]
    assert list(folder.iterdir()) == []
