"""A home with something of everything, for tests that look at screens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.core.config import AnalysisConfig
from engine.core.identity import EditDraft
from engine.core.types import Gap
from engine.core.views import JobState
from tests.drawn import draw_clip
from tests.looks import embed
from tests.seeded import Seeds, open_engine

AFAR = 1e7
"""Seconds from now until which the worker elsewhere counts as alive."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is in the home.

    Attributes:
        played: id of footage that was really analysed and can be played: two drawn figures, each with an event.
        hall: id of footage with two runs, events of which two were judged, and people without pictures of the recording
            itself.
        running: id of footage whose analysis is under way, on another machine as far as this one knows.
        broken: id of footage whose analysis failed a moment ago.
        address: of the dashboard on it, "" before it runs.
    """

    played: str
    hall: str
    running: str
    broken: str
    address: str = ""


def build_scene(home: Path) -> Scene:
    """Fill a home."""
    with open_engine(home) as engine:
        (home / "elsewhere").mkdir()
        clip = draw_clip(home / "elsewhere" / "two people.mp4")
        played = engine.register(clip)
        seen = engine.analyze_now(played.id, AnalysisConfig(person_model="fake"))
        seeds = Seeds(engine)
        seen = seeds.dressed(seen)
        seen = seeds.events(seen, ("theft", "damage"), scores=(0.92, 0.81))
        hall = seeds.footage("hall.mp4", gaps=(Gap(40.0, 52.0, "corrupt"),))
        seeds.run(hall, people=5)
        newest = seeds.run(hall, people=4, model="yolo", profile="auto", shift_s=2.0)
        newest = seeds.dressed(newest, captions=["a man in a black shirt and blue jeans"])
        newest = seeds.events(newest)
        newest = seeds.events(newest, ("unpaid",), scores=(0.66,), model="wrists")
        for item, verdict in zip(engine.anomalies.events(hall.id), ("confirmed", "dismissed"), strict=False):
            engine.anomalies.say(item.event.id, "Mina Kim", verdict, "staff", "Restocking the shelf.")
        embed(engine, newest, {"P1": (1, 0.0), "P2": (2, 0.0)})
        embed(engine, seen, {"P1": (1, 0.8), "P2": (2, 0.8)})
        engine.identity.apply(EditDraft("distinct", newest.id, "P1", "P2"), "Mina Kim")
        running = seeds.footage("back entrance.mp4")
        working = {"state": JobState.RUNNING, "stage": "detect", "fraction": 0.42, "left_s": 75.0}
        seeds.job(running, **working, worker="1 - elsewhere", heartbeat=time.time() + AFAR)
        broken = seeds.footage("broken.avi")
        ended = {"error": "“broken.avi” breaks off after 12 seconds.", "finished_utc": _now()}
        seeds.job(broken, state=JobState.FAILED, **ended)
    return Scene(played.id, hall.id, running.id, broken.id)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
