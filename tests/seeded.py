"""A real engine in a temporary home, its store filled by hand: footage without files behind it, and runs of it.

seeds = Seeds(engine)
hall = seeds.footage("hall.mp4")
run = seeds.run(hall, people=3)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from engine.api import Engine
from engine.core.anomalies import ANOMALIES, BEHAVIOURS, EventDraft, Reason, WindowScores
from engine.core.clothing import COLOURS, REGIONS, TRAITS, ClothingReadings
from engine.core.config import AnalysisConfig, Settings, canonical_json
from engine.core.faces import FaceReadings
from engine.core.labels import EMOTIONS, UNKNOWN
from engine.core.segments import Segments
from engine.core.types import Gap, MediaInfo, PersonLink, Poses, Tracklet
from engine.core.views import CropView, FaceCropView, FootageView, JobState, JobView, RunView, StageView
from engine.store.anomalies import AnomalyTable
from engine.store.clothing import ClothingTable
from engine.store.footage import FootageTable
from engine.store.recognition import RecognitionTable
from engine.store.results import ResultTable
from engine.store.stages import StageRecord

MEDIA = MediaInfo("mov,mp4,m4a,3gp,3g2,mj2", "h264", "yuv420p", 768, 432, 0, 139.4, 10.0, False, False)
NOW = "2026-11-20T09:41:00+00:00"
STAGES = {
    "playback": "pyav",
    "detect": "blazepose",
    "faces": "facemesh",
    "expressions": "cnn",
    "track": "bytetrack",
    "link": "place-and-time",
    "crops": "best-views",
    "actions": "geometry",
    "emotions": "cnn",
    "face_crops": "best-faces",
}
"""Stage -> model, in the order of an analysis."""

POSTURES = ("walking", "standing", "walking", "sitting")
JOINTS = ("head", "left shoulder", "right shoulder", "left wrist", "right wrist", "left hip", "right hip")
OUTFITS: tuple[dict[str, str], ...] = (
    {"hair": "black", "upper": "black long", "lower": "blue long", "shoes": "white", "head": "no", "bag": "no"},
    {"hair": "brown long", "upper": "red", "lower": "black long", "shoes": "black", "bag": "brown present"},
    {"head": "navy present", "upper": "white navy long striped", "lower": "beige"},
)
"""What people wear where nothing else is said: see `Seeds.dressed`."""

FEELINGS = ("calm", "happy", "calm", UNKNOWN)


def open_engine(home: Path, **settings: object) -> Engine:
    """An engine over an empty home."""
    return Engine(Settings(home=home, **settings))  # type: ignore[arg-type]


class Seeds:
    """Puts footage and results into an engine's store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._footage = FootageTable(engine._database)
        self._results = ResultTable(engine._database)
        self._recognition = RecognitionTable(engine._database)
        self._anomalies = AnomalyTable(engine._database)
        self._clothing = ClothingTable(engine._database)

    def footage(
        self,
        name: str = "hall.mp4",
        *,
        seconds: float = MEDIA.duration_s,
        gaps: tuple[Gap, ...] = (),
        in_place: bool = False,
        recorded_utc: str = "",
        added_utc: str = NOW,
    ) -> FootageView:
        """Footage of a known length; its file is there but holds no video."""
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        path = self.engine.settings.home / "elsewhere" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        media = replace(MEDIA, duration_s=seconds, recorded_utc=recorded_utc)
        view = FootageView(sha256[:12], sha256, name, str(path), in_place, 9_100_000, media, gaps, added_utc)
        self._footage.add(view)
        if gaps:
            self._footage.set_gaps(view.id, gaps)
        return view

    def job(self, footage: FootageView, **changes: object) -> JobView:
        """A queued job, or one in another state: `state=JobState.RUNNING, stage="detect", fraction=0.4`."""
        job = self.engine.submit(footage.id, AnalysisConfig(profile="embedded"))
        if changes:
            sets = ", ".join(f"{name} = ?" for name in changes)
            values = [str(value) if isinstance(value, JobState) else value for value in changes.values()]
            with self.engine._database.write() as connection:
                connection.execute(f"UPDATE jobs SET {sets} WHERE id = ?", [*values, job.id])
        return next(each for each in self.engine.jobs() if each.id == job.id)

    def run(
        self,
        footage: FootageView,
        people: int = 3,
        *,
        appearances: int = 2,
        segments: int = 4,
        profile: str = "embedded",
        model: str = "blazepose",
        pictures: bool = True,
        shift_s: float = 0.0,
    ) -> RunView:
        """A finished run.

        Args:
            footage: of what.
            people: how many.
            appearances: tracklets of each person.
            segments: postures of each tracklet; 0 leaves actions and emotions out.
            profile: of the run.
            model: person model that it names.
            pictures: write crops as files; else only their rows.
            shift_s: everybody comes so much later; with another model it makes a run that differs.
        """
        keys = {
            stage: hashlib.sha256(
                f"{footage.id}{stage}{model}{profile}{people}{segments}{shift_s}".encode()
            ).hexdigest()
            for stage in STAGES
        }
        stages = [stage for stage in STAGES if segments or stage not in ("actions", "emotions", "face_crops")]
        records = {
            stage: StageRecord(
                keys[stage], footage.id, stage, model if stage == "detect" else STAGES[stage], "0" * 16, "{}", 1.25
            )
            for stage in stages
        }
        tracklets = _tracklets(footage, people, appearances, shift_s)
        key = keys["track"]
        for stage in ("playback", "detect", "faces", "expressions"):
            self._results.save_plain(records[stage])
        self._results.save_tracklets(records["track"], tracklets)
        links = [
            PersonLink(f"P{n + 1}", tuple(t.number for t in tracklets if (t.number - 1) % people == n), 0.84)
            for n in range(people)
        ]
        self._results.save_links(records["link"], links, key)
        self._results.save_crops(records["crops"], self._crops(footage, tracklets, pictures), key)
        if segments:
            found = Segments.concatenate(_segments(t, segments) for t in tracklets)
            actions = np.array([channel != "emotion" for channel in found.channels], np.bool_)
            self._recognition.save_segments(records["actions"], found[actions], key)
            readings = {tracklet.number: _readings(tracklet) for tracklet in tracklets}
            self._recognition.save_segments(records["emotions"], found[~actions], key, readings)
            faces = self._face_crops(footage, tracklets, pictures)
            self._recognition.save_face_crops(records["face_crops"], faces, key)
        config = AnalysisConfig(profile=profile, person_model="" if model == "blazepose" else model)
        run = RunView(
            id=hashlib.sha256("".join(keys[stage] for stage in stages).encode()).hexdigest()[:12],
            footage=footage.id,
            profile=profile,
            config_json=canonical_json(config.to_dict()),
            stages=tuple(
                StageView(stage, records[stage].model, "0" * 16, 1.25, False, keys[stage]) for stage in stages
            ),
            finished_utc=NOW,
        )
        self._results.save_run(run)
        return run

    def events(
        self,
        run: RunView,
        labels: Sequence[str] = ("theft", "assault", "damage"),
        *,
        scores: Sequence[float] = (0.92, 0.84, 0.76),
        model: str = "skeleton-lstm",
        shift_s: float = 0.0,
    ) -> RunView:
        """Give a run anomalies: an event with its curve for each label, one after another on tracklets 1, 2, 3 ….

        Each lies in the middle third of its tracklet. `engine.anomalies` then has them; verdicts are said through it.
        "unpaid" is an event of the shop rules; a run has either kind, call it again for the other.

        Args:
            run: of `run()`; as many tracklets as labels.
            labels: of `EVENT_LABELS`.
            scores: of the events, one each.
            model: that found them.
            shift_s: all events are so much later; with another model it makes events that differ.

        Returns:
            The run as it is now: the same id, with the stage on top.
        """
        stage = "behaviours" if "unpaid" in labels else "anomalies"
        track = next(each.key for each in run.stages if each.name == "track")
        tracklets = {each.number: each for each in self._results.tracklets(track)}
        drafts, windows = [], []
        for number, (label, score) in enumerate(zip(labels, scores, strict=True), 1):
            tracklet = tracklets[number]
            span = np.linspace(tracklet.first_s, tracklet.last_s, 4)[1:3] + shift_s
            drafts.append(_event(tracklet, label, score, span))
            windows.append(_windows(tracklet, label, score, span))
        key = hashlib.sha256(f"{track}{stage}{model}{shift_s}{labels}{scores}".encode()).hexdigest()
        record = StageRecord(key, run.footage, stage, model, "0" * 16, "{}", 0.5)
        self._anomalies.save(record, windows, drafts, track)
        kept = tuple(each for each in run.stages if each.name != stage)
        run = replace(run, stages=(*kept, StageView(stage, model, "0" * 16, 0.5, False, key)))
        self._results.save_run(run)
        self.engine.anomalies.carry(run)
        return run

    def dressed(
        self, run: RunView, outfits: Sequence[Mapping[str, str]] = OUTFITS, *, captions: Sequence[str] = ()
    ) -> RunView:
        """Say what the people of a run wear, as if it had been read in every one of their views.

        Args:
            run: of `run()`.
            outfits: of P1, P2, …; region -> words, colours of `COLOURS` and traits of `TRAITS`: "black long",
                "red white striped", "present". A region that is left out was never seen; "no" was seen, and nothing
                is there. More people than outfits: from the first again.
            captions: of the best views of P1, P2, …, as a captioning network writes them.

        Returns:
            The run as it is now: the same id, with the stage on top.
        """
        link, track = (next(each.key for each in run.stages if each.name == name) for name in ("link", "track"))
        rows = [
            dressed_view(number, rank, outfits[place % len(outfits)])
            for place, person in enumerate(self._results.links(link))
            for number in sorted(person.tracklets)
            for rank in range(3)
        ]
        key = hashlib.sha256(f"{track}clothing{outfits}".encode()).hexdigest()
        record = StageRecord(key, run.footage, "clothing", "slots", "0" * 16, "{}", 0.5)
        self._clothing.save_readings(record, ClothingReadings.concatenate(rows), track)
        written = {
            (min(person.tracklets), 0): text for person, text in zip(self._results.links(link), captions, strict=False)
        }
        self._clothing.save_captions(key, track, written)
        kept = tuple(each for each in run.stages if each.name != "clothing")
        run = replace(run, stages=(*kept, StageView("clothing", "slots", "0" * 16, 0.5, False, key)))
        self._results.save_run(run)
        return run

    def _crops(self, footage: FootageView, tracklets: Sequence[Tracklet], pictures: bool) -> list[CropView]:
        crops = []
        for tracklet in tracklets:
            for rank, row in enumerate(np.linspace(0, len(tracklet) - 1, 3).astype(int)):
                file = f"crops/seed/{tracklet.number}-{rank}.jpg"
                if pictures:
                    self._picture(footage, file, (64, 128), tracklet.number)
                crops.append(CropView(tracklet.number, rank, float(tracklet.t[row]), 0.9 - rank / 10, file, 64, 128))
        return crops

    def _face_crops(self, footage: FootageView, tracklets: Sequence[Tracklet], pictures: bool) -> list[FaceCropView]:
        crops = []
        for tracklet in tracklets:
            file = f"crops/faces/{tracklet.number}-0.jpg"
            if pictures:
                self._picture(footage, file, (64, 64), tracklet.number)
            middle = float(tracklet.t[len(tracklet) // 2])
            crops.append(FaceCropView(tracklet.number, middle, 0.7, file, 64, 64))
        return crops

    def _picture(self, footage: FootageView, file: str, size: tuple[int, int], number: int) -> None:
        path = self.engine.settings.media / footage.sha256 / file
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (40 * number % 256, 90, 200 - 30 * number % 200)).save(path)


def _tracklets(footage: FootageView, people: int, appearances: int, shift_s: float) -> list[Tracklet]:
    """People cross the picture from left to right, one after another, again and again."""
    slot = footage.media.duration_s / (appearances + 0.2)
    tracklets = []
    for again in range(appearances):
        for person in range(people):
            start = again * slot + 0.4 * slot * person / max(people, 1) + shift_s
            t = np.round(start + np.arange(0.0, 0.5 * slot, 0.2), 3)
            tracklets.append(_walk(len(tracklets) + 1, t, footage.media, person, people))
    return tracklets


def _walk(number: int, t: np.ndarray, media: MediaInfo, person: int, people: int) -> Tracklet:
    width, height = 0.08 * media.width, 0.5 * media.height
    x = np.linspace(0.02, 0.88, len(t)) * media.width
    y = (0.05 + 0.4 * person / max(people, 1)) * media.height
    boxes = np.stack([x, np.full_like(x, y), x + width, np.full_like(x, y + height)], axis=1).astype(np.float32)
    landmarks = np.zeros((len(t), 33, 3), np.float32)
    landmarks[:, :, 0] = x[:, None] + width * np.linspace(0.2, 0.8, 33)
    landmarks[:, :, 1] = y + height * np.linspace(0.05, 0.95, 33)
    landmarks[:, :, 2] = 0.9
    interpolated = np.zeros(len(t), np.bool_)
    interpolated[3:-1:7] = True
    scores = np.full(len(t), 0.9, np.float32)
    landmarks[interpolated] = 0.0
    poses = Poses(landmarks, np.where(interpolated, 0.0, scores).astype(np.float32))
    return Tracklet(number, t, boxes, scores, interpolated, poses, np.where(interpolated, 0, 30.0).astype(np.float32))


def _segments(tracklet: Tracklet, count: int) -> Segments:
    """Postures and emotions one after another, and one gesture in the middle."""
    edges = np.linspace(tracklet.first_s, tracklet.last_s, count + 1)
    postures = tuple(POSTURES[n % len(POSTURES)] for n in range(count))
    feelings = tuple(FEELINGS[n % len(FEELINGS)] for n in range(count))
    labels = (*feelings, "reaching", *postures)
    start = np.concatenate([edges[:-1], [edges[count // 2]], edges[:-1]])
    end = np.concatenate([edges[1:], [edges[count // 2 + 1]], edges[1:]])
    known = np.array([label != UNKNOWN for label in labels], np.float32)
    return Segments(
        tracklets=np.full(len(labels), tracklet.number, np.int64),
        channels=("emotion",) * count + ("gesture",) + ("posture",) * count,
        labels=labels,
        start_s=start,
        end_s=end,
        scores=(0.8 * known).astype(np.float32),
        coverage=(0.1 + 0.5 * known).astype(np.float32),
        sources=("",) * len(labels),
    )


def dressed_view(number: int, rank: int, outfit: Mapping[str, str]) -> ClothingReadings:
    """One view of somebody: a row for each region, told outright."""
    seen = np.array([region in outfit for region in REGIONS], np.float32)
    colours = np.zeros((len(REGIONS), len(COLOURS)), np.float32)
    traits = np.full((len(REGIONS), len(TRAITS)), np.nan, np.float32)
    told = {"head": ("present",), "bag": ("present",), "hair": ("long",), "shoes": ()}
    for row, region in enumerate(REGIONS):
        words = outfit.get(region, "").split()
        if not words:
            continue
        named = [COLOURS.index(word) for word in words if word in COLOURS] or [COLOURS.index("black")]
        colours[row, named] = 1.0 / len(named)
        for name in told.get(region, TRAITS[1:]):
            traits[row, TRAITS.index(name)] = 0.95 if name in words else 0.05
    return ClothingReadings(
        tracklets=np.full(len(REGIONS), number, np.int64),
        ranks=np.full(len(REGIONS), rank, np.int64),
        regions=REGIONS,
        visible=(0.9 * seen).astype(np.float32),
        weights=((0.8 - 0.1 * rank) * seen).astype(np.float32),
        colours=colours,
        traits=traits,
    )


def _event(tracklet: Tracklet, label: str, score: float, span: np.ndarray) -> EventDraft:
    start_s, end_s = (float(t) for t in span)
    row = int(np.abs(tracklet.t - span.mean()).argmin())
    x1, y1, x2, y2 = (float(side) for side in tracklet.boxes[row])
    if label == "unpaid":
        reasons = (
            Reason("rule", "catch", 0.6, start_s, start_s + 1.0),
            Reason("rule", "insert", 0.55, end_s - 1.0, end_s),
            Reason("rule", "not-paid", 1.0, start_s, end_s),
        )
    else:
        reasons = (
            Reason("joint", "right wrist", 0.42, start_s, end_s),
            Reason("joint", "left wrist", 0.21, start_s, end_s),
            Reason("window", label, score, start_s, start_s + 2.0),
        )
    return EventDraft(
        kind="behaviour" if label == "unpaid" else "skeleton",
        label=label,
        tracklet=tracklet.number,
        start_s=start_s,
        end_s=end_s,
        score=score,
        severity={"assault": 0.9, "theft": 0.75, "damage": 0.65}.get(label, 0.55),
        t=float(tracklet.t[row]),
        box=(x1, y1, x2, y2),
        reasons=reasons,
    )


def _windows(tracklet: Tracklet, label: str, score: float, span: np.ndarray) -> WindowScores:
    """Windows of four seconds every second: the label inside the event, normal outside of it."""
    start = np.arange(tracklet.first_s, max(tracklet.last_s - 4.0, tracklet.first_s + 0.5), 1.0)
    end = start + 4.0
    labels = BEHAVIOURS if label == "unpaid" else ANOMALIES
    inside = ((start + end) / 2 >= span[0]) & ((start + end) / 2 <= span[1])
    column = labels.index("insert" if label == "unpaid" else label)
    sure = np.where(inside, score, 0.1)
    probabilities = np.full((len(start), len(labels)), 0.0)
    probabilities[:, column], probabilities[:, labels.index("normal")] = sure, 1.0 - sure
    weights = np.full((len(start), len(JOINTS)), 0.06)
    weights[:, JOINTS.index("right wrist")] = 0.64
    return WindowScores(
        tracklet=tracklet.number,
        labels=labels,
        start_s=start,
        end_s=end,
        probabilities=probabilities.astype(np.float32),
        coverage=np.full(len(start), 0.9, np.float32),
        joints=JOINTS,
        weights=weights.astype(np.float32),
    )


def _readings(tracklet: Tracklet) -> FaceReadings:
    rows = slice(0, None, 2)
    t = tracklet.t[rows]
    emotions = np.full((len(t), len(EMOTIONS)), 0.02, np.float32)
    emotions[:, 0] = 1.0 - 0.02 * (len(EMOTIONS) - 1)
    box = tracklet.boxes[rows].copy()
    box[:, 3] = box[:, 1] + 0.15 * (box[:, 3] - box[:, 1])
    return FaceReadings(
        t=t,
        boxes=box,
        angles=np.zeros((len(t), 3), np.float32),
        quality=np.full(len(t), 0.7, np.float32),
        emotions=emotions,
    )
