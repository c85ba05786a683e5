"""What every export says of where its numbers come from: footage, time base, boxes, models, settings.

May import: `engine.core`.
"""

from __future__ import annotations

import json
from typing import Any

from engine.core.findings import Findings
from engine.core.views import StageView

TIME_BASE = "seconds from the start of the stream, by the frames' own presentation times"
BOXES = "x1, y1, x2, y2 in pixels of the upright picture, the origin at its upper left corner"

STAGE_OF_CHANNEL = {
    "presence": "detect",
    "posture": "actions",
    "gesture": "actions",
    "activity": "activities",
    "emotion": "expressions",
}
"""Which stage's model told a channel."""


def provenance(findings: Findings, *, boxes: str = BOXES, time_base: str = TIME_BASE) -> dict[str, Any]:
    """Where the numbers of an export come from, as plain values.

    Args:
        findings: what is exported.
        boxes: the convention its boxes follow.
        time_base: what its times count from.
    """
    footage, run = findings.footage, findings.run
    start = footage.media.recorded_utc
    return {
        "footage": {
            "id": footage.id,
            "name": footage.name,
            "sha256": footage.sha256,
            "duration_s": round(footage.media.duration_s, 6),
            "width": footage.media.width,
            "height": footage.media.height,
            "recorded_utc": start or None,
            "gaps": [
                {"start_s": round(gap.start_s, 6), "end_s": round(gap.end_s, 6), "reason": gap.reason}
                for gap in footage.gaps
            ],
        },
        "run": run.id,
        "profile": run.profile,
        "time_base": time_base,
        "boxes": boxes,
        "models": [{"stage": stage.name, "model": stage.model, "version": stage.version} for stage in run.stages],
        "thresholds": json.loads(run.config_json),
    }


def model_of(findings: Findings, channel: str) -> StageView | None:
    """The stage whose model told a channel, None where the run had none."""
    wanted = STAGE_OF_CHANNEL[channel]
    return next((stage for stage in findings.run.stages if stage.name == wanted), None)
