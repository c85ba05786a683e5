"""Files of labelled skeletons: recordings told apart, bodies followed, wrong files refused in plain words."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import FootageError
from models.anomaly.skeleton_csv import COLUMNS, read_skeletons
from tests.models.training.drawn_skeletons import STANDING


def write(path: Path, rows: list[tuple[float | str, float, int]]) -> Path:
    """Rows of frame number, x of the body and label."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow([*COLUMNS, "FRAME_NUM", "label"])
        for frame, x, label in rows:
            out.writerow([*(STANDING * 100 + np.array([x, 500])).ravel().tolist(), frame, label])
    return path


def found(path: Path) -> list[tuple[str, int, list[int]]]:
    return [(each.label, each.group, each.rows.tolist()) for each in read_skeletons(path)]


def test_columns_are_named_as_in_the_files() -> None:
    assert COLUMNS[:2] == ("SHOULDER_LEFT_X", "SHOULDER_LEFT_Y") and COLUMNS[-1] == "HEAD_Y" and len(COLUMNS) == 26


def test_recordings_are_cut_where_frame_numbers_fall_and_labels_change(tmp_path: Path) -> None:
    rows = [(10, 500, 0), (20, 500, 0), (10, 500, 0), (20, 500, 0), (30, 500, 1), (40, 500, 1)]
    assert found(write(tmp_path / "a.csv", rows)) == [
        ("theft", 0, [0, 1]),
        ("theft", 1, [2, 3]),
        ("assault", 2, [4, 5]),
    ]


def test_times_are_the_frame_numbers_at_thirty_a_second(tmp_path: Path) -> None:
    (body,) = read_skeletons(write(tmp_path / "a.csv", [(90, 500, 2), (100, 500, 2), (120, 500, 2)]))
    np.testing.assert_allclose(body.motion.t, [3, 3 + 1 / 3, 4])
    assert body.motion.points.shape == (3, 13, 2) and body.motion.seen.all()


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([(10, 300), (10, 900), (20, 910), (20, 310), (30, 320), (30, 920)], id="two-in-each-frame"),
        pytest.param([(10, 300), (20, 900), (30, 310), (40, 910), (50, 320), (60, 920)], id="one-or-the-other"),
    ],
)
def test_two_bodies_are_followed_by_their_place(tmp_path: Path, places: list[tuple[int, int]]) -> None:
    bodies = read_skeletons(write(tmp_path / "a.csv", [(frame, x, 1) for frame, x in places]))
    assert len(bodies) == 2 and {each.group for each in bodies} == {0}
    for each in bodies:
        assert np.ptp(each.motion.points[:, 0, 0]) == pytest.approx(20)


def test_a_body_that_was_away_for_long_starts_anew(tmp_path: Path) -> None:
    bodies = found(write(tmp_path / "a.csv", [(10, 500, 2), (20, 500, 2), (200, 500, 2), (210, 500, 2)]))
    assert bodies == [("damage", 0, [0, 1]), ("damage", 0, [2, 3])]


def test_rows_without_numbers_are_cut_where_the_body_leaps(tmp_path: Path) -> None:
    rows: list[tuple[float | str, float, int]] = [("", 100, 3), ("", 110, 3), ("", 900, 3), ("", 910, 3)]
    path = write(tmp_path / "a.csv", rows)
    assert found(path) == [("normal", 0, [0, 1]), ("normal", 1, [2, 3])]
    np.testing.assert_allclose(read_skeletons(path)[0].motion.t, [0, 0.2])


def test_an_empty_cell_is_a_joint_that_was_not_seen(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [(10, 500, 0), (20, 500, 0)])
    lines = path.read_text().splitlines()
    lines[2] = "," + lines[2].partition(",")[2]
    path.write_text("\n".join(lines))
    (body,) = read_skeletons(path)
    assert body.motion.seen[1].tolist() == [0.0] + [1.0] * 12


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "lacks the column SHOULDER_LEFT_X", id="empty-file"),
        pytest.param("a,b\n1,2\n", "lacks the column SHOULDER_LEFT_X", id="other-columns"),
        pytest.param(",".join((*COLUMNS, "label")) + "\n", "holds no rows", id="no-rows"),
        pytest.param(",".join(COLUMNS) + "\n" + ",".join(["1"] * 26), "lacks the column label", id="no-labels"),
        pytest.param(
            ",".join((*COLUMNS, "label")) + "\n" + ",".join(["1"] * 25) + ",hip,0",
            "line 2: HEAD_Y must be a number, got 'hip'",
            id="words",
        ),
        pytest.param(
            ",".join((*COLUMNS, "label")) + "\n" + ",".join(["1"] * 26) + ",7",
            "line 2: the label must be a number from 0 to 3",
            id="unknown-label",
        ),
        pytest.param("\x00\xff", "cannot be read|lacks the column", id="binary"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(FootageError, match=told):
        read_skeletons(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="cannot be read"):
        read_skeletons(tmp_path / "none.csv")


def test_without_frame_numbers_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join((*COLUMNS, "label")) + "\n" + "\n".join([",".join(["5"] * 26) + ",0"] * 3))
    (body,) = read_skeletons(path)
    np.testing.assert_allclose(body.motion.t, [0, 0.2, 0.4])


@pytest.mark.footage
def test_the_shared_file(shared: Path) -> None:
    path = shared / "skeletons" / "skeletons_train.csv"
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    motions = read_skeletons(path)
    rows = np.concatenate([each.rows for each in motions])
    assert len(rows) == len(np.unique(rows)) == 12834, "every row belongs to one body"
    for label in ("theft", "assault", "damage"):
        assert len({each.group for each in motions if each.label == label}) == 25
