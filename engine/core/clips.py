"""Short pieces cut out of footage for people to watch.

Owns: what a clip is. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClipView:
    """A clip of an event, with the people drawn into the picture.

    Attributes:
        event: id of the event.
        footage: footage id.
        file: path of the MP4 relative to the media folder of its footage.
        sheet: of the contact sheet, a JPEG, likewise.
        start_s: time of the clip's first frame in the footage, seconds; the clip's own time 0.
        end_s: time of its last frame in the footage, seconds.
    """

    event: str
    footage: str
    file: str
    sheet: str
    start_s: float
    end_s: float
