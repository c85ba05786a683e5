"""From clips to activities: what a video checkpoint says of tubelets, as segments of the channel "activity".

Labels that mean an action of ours are called by our name, others keep the checkpoint's; its own word is kept beside
each. May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.core.labels import ACTIONS
from engine.core.protocols import BackendOptions, ClipClassifier, ModelCard
from engine.core.segments import Segments
from engine.core.types import FloatArray, Frame, Tracklet
from models.action.tubelets import Window, cut_clips, sample_times, windows
from models.action.videomae import VideoMaeClassifier

REVISION = "2"
"""Changed whenever the same clips may give other segments."""

TABLE = Path(__file__).with_name("kinetics.toml")
"""What the labels of checkpoints mean in our words."""

MIN_SCORE = 0.4
"""Probability of an activity, over all labels that mean it, from which on it is reported."""

CHANNEL = "activity"

FramesByTime = Callable[[Sequence[float]], Iterator[Frame]]
"""Times, ascending, to frames: for each time the first frame at or after it, ascending, each frame once."""


class VideoMaeActions:
    """Recognizes activities by cutting clips and asking a video checkpoint.

    Args:
        options: `weights` is the checkpoint's folder; threads; the lowest score to report.

    Raises:
        ModelMissing: there is no such checkpoint, or not all of it.
        ModelError: it cannot be read.
    """

    def __init__(self, options: BackendOptions) -> None:
        self._classifier = VideoMaeClassifier(options)
        self._min_score = options.min_score
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of the checkpoint, without loading it.

        Raises:
            ModelMissing: there is no such checkpoint, or not all of it.
        """
        card = VideoMaeClassifier.describe(options)
        # The table and the bound decide the answer as much as the weights do.
        heeded = f"{card.version} {REVISION} {options.min_score} {TABLE.read_text('utf-8')}"
        return replace(card, version=hashlib.sha256(heeded.encode()).hexdigest()[:16])

    def recognize(self, tracklets: Sequence[Tracklet], frames_by_time: FramesByTime) -> Segments:
        """Segments of some tracklets, out of one pass over the footage; see `recognize_all`."""
        return recognize_all(tracklets, frames_by_time, self._classifier, min_score=self._min_score)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checkpoint says of one window.

    Attributes:
        window: when.
        label: the likeliest activity, an action of ours where the checkpoint's word means one, else that word.
        score: its probability over all labels that mean it, in [0, 1].
        source: of those labels the likeliest, in the checkpoint's own spelling.
    """

    window: Window
    label: str
    score: float
    source: str


def recognize_clips(
    tracklet: Tracklet, frames_by_time: FramesByTime, classifier: ClipClassifier, *, min_score: float = MIN_SCORE
) -> Segments:
    """Activities of one tracklet; see `recognize_all`."""
    return recognize_all([tracklet], frames_by_time, classifier, min_score=min_score)


def recognize_all(
    tracklets: Sequence[Tracklet], frames_by_time: FramesByTime, classifier: ClipClassifier, *, min_score: float
) -> Segments:
    """Activities of some tracklets, out of one pass over the footage.

    Args:
        tracklets: boxes over time.
        frames_by_time: yields the frames at given times; called once at most, with the times of all clips. Frames are
            cut as they come: at no time more is held than the clips of windows that are open, three a tracklet.
        classifier: says what happens in a clip.
        min_score: probability from which on an activity is reported, in [0, 1].

    Returns:
        Segments of the channel "activity", ordered by tracklet and start, without overlap within a tracklet; none
        where the checkpoint is not sure of anything.
    """
    wanted = [window for tracklet in tracklets for window in windows(tracklet, classifier.frames)]
    if not wanted:
        return Segments.empty()
    named = activity_names(classifier.labels)
    verdicts: dict[int, list[Verdict]] = {tracklet.number: [] for tracklet in tracklets}
    for window, clip in cut_clips(wanted, frames_by_time(sample_times(wanted)), classifier.side):
        (answer,) = classifier.classify(clip[None])
        verdicts[window.tracklet].append(verdict(window, answer, named, classifier.labels))
    return Segments.concatenate(
        merge(tracklet, verdicts[tracklet.number], min_score)
        for tracklet in sorted(tracklets, key=lambda one: one.number)
    )


def activity_names(labels: Sequence[str]) -> tuple[str, ...]:
    """What each label of a checkpoint is called here: an action of ours where it means one, else as it is."""
    words = (" ".join(label.lower().replace("_", " ").replace("-", " ").split()) for label in labels)
    return tuple(_meanings().get(word, label) for word, label in zip(words, labels, strict=True))


@cache
def _meanings() -> dict[str, str]:
    table = tomllib.loads(TABLE.read_text("utf-8"))["actions"]
    words = {action.replace("_", " "): action for action in ACTIONS}
    return words | {word.replace("-", " "): action for action, spelled in table.items() for word in spelled}


def verdict(window: Window, answer: FloatArray, named: Sequence[str], labels: Sequence[str]) -> Verdict:
    """What one answer comes to.

    Args:
        window: when.
        answer: (L,) float32, probabilities of the labels.
        named: L names of the labels, as `activity_names` gives them; several labels may have one.
        labels: L labels in the checkpoint's own spelling.
    """
    sums: dict[str, float] = {}
    for name, probability in zip(named, answer.tolist(), strict=True):
        sums[name] = sums.get(name, 0.0) + probability
    best = max(sums, key=lambda name: sums[name])
    source = max((row for row, name in enumerate(named) if name == best), key=lambda row: float(answer[row]))
    return Verdict(window, best, min(sums[best], 1.0), labels[source])


def merge(tracklet: Tracklet, verdicts: Sequence[Verdict], min_score: float) -> Segments:
    """Join neighbouring windows that say the same.

    Windows overlap, and each speaks for the time that is nearer to its middle than to another's.

    Args:
        tracklet: the one the windows are of.
        verdicts: of its windows, in any order.
        min_score: probability from which on an activity is reported.

    Returns:
        Segments in order of time, without overlap; the score is the mean over the time.
    """
    ordered = sorted(verdicts, key=lambda one: one.window.start_s)
    runs: list[list[tuple[Verdict, float, float]]] = []
    for one, (start, end) in zip(ordered, _borders(ordered), strict=True):
        if one.score < min_score:
            continue
        if runs and runs[-1][-1][0].label == one.label and runs[-1][-1][2] == start:
            runs[-1].append((one, start, end))
        else:
            runs.append([(one, start, end)])
    starts = np.array([run[0][1] for run in runs], np.float64)
    ends = np.array([run[-1][2] for run in runs], np.float64)
    means = [
        np.average([one.score for one, _, _ in run], weights=[end - start for _, start, end in run]) for run in runs
    ]
    return Segments(
        tracklets=np.full(len(runs), tracklet.number, np.int64),
        channels=(CHANNEL,) * len(runs),
        labels=tuple(run[0][0].label for run in runs),
        start_s=starts,
        end_s=ends,
        scores=np.array(means, np.float32),
        coverage=np.array([_seen(tracklet, *span) for span in zip(starts, ends, strict=True)], np.float32),
        sources=tuple(max(run, key=lambda part: part[0].score)[0].source for run in runs),
    )


def _borders(verdicts: Sequence[Verdict]) -> list[tuple[float, float]]:
    """The time each window speaks for; windows apart from each other leave a hole between."""
    spans = [[one.window.start_s, one.window.end_s] for one in verdicts]
    for (first, second), (before, after) in zip(pairwise(verdicts), pairwise(spans), strict=True):
        if second.window.start_s < first.window.end_s:
            middles = [(one.window.start_s + one.window.end_s) / 2 for one in (first, second)]
            before[1] = after[0] = sum(middles) / 2
    return [(start, end) for start, end in spans]


def _seen(tracklet: Tracklet, start_s: float, end_s: float) -> float:
    """Share of a tracklet's rows in a stretch in which a detector saw the person."""
    inside: NDArray[np.bool_] = (tracklet.t >= start_s) & (tracklet.t <= end_s)
    return float((~tracklet.interpolated[inside]).mean()) if inside.any() else 0.0
