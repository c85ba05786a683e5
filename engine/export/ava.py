"""Actions in the format of the AVA data set: one line for each person, second and action.

AVA knows no reaching and no raised arms; those have no lines. May import: `engine.core`, `engine.export`.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.core.findings import Findings
from engine.core.types import FloatArray, Tracklet
from engine.export.files import write_atomically
from engine.export.provenance import provenance

ACTION_IDS: dict[str, tuple[int, str]] = {
    "bending": (1, "bend/bow (at the waist)"),
    "crouching": (3, "crouch/kneel"),
    "lying": (8, "lie/sleep"),
    "running": (10, "run/jog"),
    "sitting": (11, "sit"),
    "standing": (12, "stand"),
    "walking": (14, "walk"),
}
"""Our posture -> its id and name in AVA's action list, version 2.2."""

TIME_BASE = "whole seconds from the start of the stream: each line stands for the middle frame of the second around it"
BOXES = "x1, y1, x2, y2 as shares of the picture's width and height, the origin at its upper left corner"


def write_ava(findings: Findings, path: Path) -> None:
    """Write `path` without a header, `<path>-metadata.json`, and AVA's list of actions as `<stem>_action_list.pbtxt`.

    Raises:
        ExportError: one of them cannot be written.

    Source: Gu et al. 2018, "AVA"; the format of its version 2.2 annotations.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    for second, person, box, action in _lines(findings):
        table.writerow([findings.footage.id, f"{second:04d}", *(f"{side:.4f}" for side in box), action, person])
    about = provenance(findings, boxes=BOXES, time_base=TIME_BASE)
    about["columns"] = "video_id, middle_frame_timestamp, x1, y1, x2, y2, action_id, person_id"
    about["actions"] = {label: {"id": number, "name": name} for label, (number, name) in ACTION_IDS.items()}
    write_atomically(path.with_name(path.name + "-metadata.json"), json.dumps(about, ensure_ascii=False, indent=1))
    write_atomically(path.with_name(path.stem + "_action_list.pbtxt"), _action_list())
    write_atomically(path, out.getvalue())


def _lines(findings: Findings) -> Iterator[tuple[int, int, FloatArray, int]]:
    """(second, number of the person, box in shares, action) in AVA's order."""
    media = findings.footage.media
    size = np.array([media.width, media.height] * 2, np.float32)
    numbered = {tracklet.number: tracklet for tracklet in findings.tracklets}
    lines = []
    for number, person in enumerate(findings.people, 1):
        for stay in person.presence:
            tracklet = numbered[stay.tracklet]
            for row in np.flatnonzero(findings.segments.tracklets == stay.tracklet):
                action = ACTION_IDS.get(findings.segments.labels[row])
                if action is None:
                    continue
                start, end = findings.segments.start_s[row], findings.segments.end_s[row]
                for second in range(math.ceil(start), math.ceil(end)):
                    box = np.clip(_box_at(tracklet, second) / size, 0.0, 1.0)
                    lines.append((second, number, box, action[0]))
    yield from sorted(lines, key=lambda line: (line[0], line[1], line[3]))


def _box_at(tracklet: Tracklet, t: float) -> FloatArray:
    """The box at a time within the tracklet, between its rows in a straight line."""
    sides = [np.interp(t, tracklet.t, tracklet.boxes[:, side]) for side in range(4)]
    return np.array(sides, np.float32)


def _action_list() -> str:
    """AVA's label map: protocol buffer text of those actions that can occur."""
    return "".join(
        f'label {{\n  name: "{name}"\n  label_id: {number}\n  label_type: PERSON_MOVEMENT\n}}\n'
        for number, name in sorted(ACTION_IDS.values())
    )
