"""Scores the gallery on footage made of a clip with hand-made truth: cut in two, mirrored, dimmed, badly compressed.

Everything is analysed with the rest of the clips in one store, once; what is asked of some recordings is matched among
those alone. May import: `engine.core`, its neighbours; PyAV inside functions. The engine is handed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.core.config import AnalysisConfig
from engine.core.errors import FootageError
from engine.core.identity import IdentityView, PersonRef
from engine.core.views import PersonView

if TYPE_CHECKING:
    from engine.api import Engine

CLIP = "one-by-one-person-detection.mp4"
"""The clip that is cut and worsened: several people, one after another."""

CUT_PERSON = "e"
"""The clip is cut in the middle of this person's time."""

DIMMED = 0.7
"""Of the light that is left in the worsened clip."""

GOOD, BAD = "18", "36"
"""Quality of the cut and of the worsened clip, x264's constant rate factor: 18 looks like the original, 36 is poor."""

RULES = (
    "a found person is whoever of the truth is in view for most of their time; nobody of two different clips is one "
    "person, so every identity over two clips is wrong; found themselves first: of all people of the original, the "
    "one whose views look most alike on average is the same person"
)

Heard = Callable[[str, float], None]
Change = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class TruthSpan:
    """Somebody in the truth of a clip.

    Attributes:
        id: what truth calls them.
        start_s: first in view, seconds.
        end_s: last in view.
    """

    id: str
    start_s: float
    end_s: float


def measure_gallery(
    engine: Engine, folder: Path, config: AnalysisConfig, show: Heard = lambda stage, fraction: None
) -> dict[str, Any]:
    """Analyse all clips of a folder and those made of one of them, and ask the gallery who is who.

    Args:
        engine: on a home of its own; what was analysed before is found again.
        folder: of the clips and their truth.json.
        config: of the analyses.
        show: hears the clip at work and the share of it that is done.

    Returns:
        "across": of the clips as they are, "people", "identities", and "wrong", identities over two clips.
        "cut": "person" who should be "linked", and "others" who were linked wrongly.
        "worsened": "first" of so many "people" found themselves first, and "linked", matched by the gallery itself;
        "wrong" of those.
        "rules".

    Raises:
        FootageError: there is no truth.json, or it says nothing of the clip that is cut.
    """
    truth = read_spans(folder)
    spans = truth.get(CLIP, ())
    middle = next(((one.start_s + one.end_s) / 2.0 for one in spans if one.id == CUT_PERSON), None)
    if middle is None:
        raise FootageError(f"truth.json in {folder} says nothing of {CUT_PERSON} in {CLIP}.", kind="truth")
    made = made_clips(folder / CLIP, engine.settings.home / "made", middle)
    places: dict[str, str] = {}
    for path in (*(folder / name for name in truth), *made.values()):
        view = engine.register(path)
        engine.analyze_now(view.id, config, lambda stage, fraction, name=path.name: show(name, fraction))  # type: ignore[misc]
        places[path.name] = view.id
    clips = [places[name] for name in truth]
    halves = {places[made["first"].name]: 0.0, places[made["second"].name]: middle}
    worse, whole = places[made["worsened"].name], places[CLIP]
    return {
        "across": _across(engine.gallery.among(clips), len(clips)),
        "cut": _cut(engine.gallery.among([*halves]), halves, spans),
        "worsened": _worsened(engine, (whole, worse), spans),
        "rules": RULES,
    }


def read_spans(folder: Path) -> dict[str, tuple[TruthSpan, ...]]:
    """When the people of every clip of a folder are in view, by the clip's file name.

    Raises:
        FootageError: there is no truth.json, or it is not what it should be.
    """
    file = folder / "truth.json"
    try:
        clips = json.loads(file.read_text("utf-8"))["clips"]
        return {
            str(name): tuple(TruthSpan(str(one["id"]), float(one["from"]), float(one["to"])) for one in clip["persons"])
            for name, clip in clips.items()
            if "persons" in clip
        }
    except FileNotFoundError as error:
        raise FootageError(f"There is no truth.json in {folder}. Name another folder.", kind="missing") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FootageError(f"{file} cannot be read. Mend it.", kind="truth", detail=repr(error)) from error


def made_clips(clip: Path, folder: Path, cut_s: float) -> dict[str, Path]:
    """The clip cut in two, and worsened; made once.

    Args:
        clip: the original.
        folder: where they go.
        cut_s: where it is cut, seconds.

    Returns:
        "first", "second" and "worsened".
    """
    folder.mkdir(parents=True, exist_ok=True)
    tasks: dict[str, tuple[tuple[float, float], str, Change]] = {
        "first": ((0.0, cut_s), GOOD, lambda picture: picture),
        "second": ((cut_s, float("inf")), GOOD, lambda picture: picture),
        "worsened": ((0.0, float("inf")), BAD, worsened),
    }
    made = {}
    for name, (span, quality, change) in tasks.items():
        made[name] = folder / f"{clip.stem}-{name}-{cut_s:g}-{quality}.mp4"
        if not made[name].exists():
            unfinished = made[name].with_suffix(".part.mp4")
            _encode(clip, unfinished, span, quality, change)
            unfinished.replace(made[name])
    return made


def worsened(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (H, W, 3) mirrored and dimmed."""
    return np.asarray(picture[:, ::-1] * DIMMED, np.uint8)


def _encode(source: Path, target: Path, span: tuple[float, float], quality: str, change: Change) -> None:
    import av

    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        shown = given.streams.video[0]
        stream = made.add_stream("libx264", rate=shown.average_rate, options={"crf": quality})
        stream.width, stream.height, stream.pix_fmt = shown.width, shown.height, "yuv420p"
        number = 0
        for frame in given.decode(shown):
            if frame.time is None or not span[0] <= frame.time < span[1]:
                continue
            picture = np.ascontiguousarray(change(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
            again = av.VideoFrame.from_ndarray(picture, format="rgb24")
            again.pts, number = number, number + 1
            made.mux(stream.encode(again))
        made.mux(stream.encode(None))


def whom(person: PersonView, spans: Sequence[TruthSpan], later_s: float = 0.0) -> str:
    """Who of the truth a found person is: whoever is in view for most of their time; "" where nobody is.

    Args:
        person: found.
        spans: the truth.
        later_s: the footage begins so much later than the truth's clip.
    """

    def shared(span: TruthSpan) -> float:
        return sum(
            max(0.0, min(one.end_s + later_s, span.end_s) - max(one.start_s + later_s, span.start_s))
            for one in person.presence
        )

    best = max(spans, key=shared, default=None)
    return best.id if best is not None and shared(best) > 0 else ""


def _across(identities: Sequence[IdentityView], clips: int) -> dict[str, int]:
    people = sum(len(each.appearances) for each in identities)
    wrong = sum(len(_footage_of(each)) > 1 for each in identities)
    return {"clips": clips, "people": people, "identities": len(identities), "wrong": wrong}


def _cut(identities: Sequence[IdentityView], halves: Mapping[str, float], spans: Sequence[TruthSpan]) -> dict[str, Any]:
    linked, others = False, 0
    for each in identities:
        if len(_footage_of(each)) < len(halves):
            continue
        who = {whom(one.person, spans, halves[one.ref.footage]) for one in each.appearances}
        linked |= who == {CUT_PERSON}
        others += who != {CUT_PERSON}
    return {"person": CUT_PERSON, "linked": linked, "others": others}


def _worsened(engine: Engine, pair: tuple[str, str], spans: Sequence[TruthSpan]) -> dict[str, Any]:
    """How many find themselves in a worsened copy: by likeness alone, and as the gallery matches them."""
    identities = engine.gallery.among(list(pair))
    longest: dict[tuple[str, str], tuple[PersonRef, float]] = {}
    for each in (one for identity in identities for one in identity.appearances):
        key = (each.ref.footage, whom(each.person, spans))
        if key[1] and each.person.visible_s > longest.get(key, (None, 0.0))[1]:
            longest[key] = (each.ref, each.person.visible_s)
    known = {who: ref for (footage, who), (ref, _) in longest.items() if footage == pair[0]}
    asked = {who: ref for (footage, who), (ref, _) in longest.items() if footage == pair[1]}
    ranks = {}
    for who, ref in asked.items():
        likeness = dict(zip(known, engine.gallery.likeness(ref, list(known.values())), strict=True))
        order = sorted(known, key=lambda other: -likeness[other])
        ranks[who] = order.index(who) + 1 if who in order else 0
    groups = [
        {whom(one.person, spans) for one in each.appearances} for each in identities if len(_footage_of(each)) > 1
    ]
    return {
        "people": len(spans),
        "found": len(asked),
        "first": sum(rank == 1 for rank in ranks.values()),
        "ranks": ranks,
        "linked": sum(len(group) == 1 for group in groups),
        "wrong": sum(len(group) > 1 for group in groups),
    }


def _footage_of(identity: IdentityView) -> set[str]:
    return {each.ref.footage for each in identity.appearances}
