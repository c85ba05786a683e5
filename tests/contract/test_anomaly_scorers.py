"""Every registered scorer of movement keeps the promises of the role."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.anomalies import ANOMALIES, WindowScores
from engine.core.errors import ModelMissing
from engine.core.protocols import AnomalyScorer, BackendOptions
from engine.core.types import Poses, Tracklet
from models.anomaly.joints import JOINTS, to_landmarks
from models.registry import names, resolve
from tests.models.training.drawn_skeletons import moving

SIZE = (1920, 1080)


@pytest.fixture(scope="module", params=names("anomaly_scorer"))
def scorer(request: pytest.FixtureRequest) -> AnomalyScorer:
    try:
        built = resolve("anomaly_scorer", request.param)(BackendOptions(threads=1))
    except ModelMissing as missing:
        pytest.skip(missing.user_message)
    assert isinstance(built, AnomalyScorer)
    return built


def tracklet(count: int, *, fps: float = 5.0, label: str = "normal", posed: bool = True) -> Tracklet:
    points = moving(label, count, 4)
    seen = np.full((count, len(JOINTS)), 0.9 if posed else 0.0, np.float32)
    corners = np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1)
    return Tracklet(
        number=7,
        t=2.0 + np.arange(count) / fps,
        boxes=corners.astype(np.float32),
        scores=np.full(count, 0.9, np.float32),
        interpolated=np.zeros(count, np.bool_),
        poses=Poses(to_landmarks(points, seen), np.full(count, 0.9, np.float32)) if posed else Poses.missing(count),
        sharpness=np.zeros(count, np.float32),
    )


def check(scores: WindowScores, of: Tracklet) -> None:
    assert scores.tracklet == of.number and scores.labels == ANOMALIES
    assert (scores.start_s >= of.first_s - 1e-6).all()
    assert (np.diff(scores.start_s) > 0).all()
    assert ((scores.weights >= 0) & (scores.weights <= 1)).all()


def test_its_card_is_known_without_loading_it(scorer: AnomalyScorer) -> None:
    assert type(scorer).describe(BackendOptions(threads=1)) == scorer.card
    assert scorer.card.version and scorer.card.licence and scorer.labels == ANOMALIES


@pytest.mark.parametrize(
    ("count", "fps", "some"),
    [
        pytest.param(1, 5.0, False, id="one-instant"),
        pytest.param(40, 5.0, True, id="eight-seconds"),
        pytest.param(24, 3.0, True, id="at-the-skeletons-own-rate"),
        pytest.param(240, 30.0, True, id="every-frame"),
        pytest.param(600, 5.0, True, id="two-minutes"),
    ],
)
def test_windows_of_one_tracklet(scorer: AnomalyScorer, count: int, fps: float, some: bool) -> None:
    body = tracklet(count, fps=fps)
    scores = scorer.score(body, SIZE)
    check(scores, body)
    assert bool(len(scores)) == some
    if some:
        assert (scores.end_s <= body.last_s + 1.0).all() and scores.end_s[-1] >= body.last_s - 2.0


def test_answers_do_not_depend_on_what_was_asked_before(scorer: AnomalyScorer) -> None:
    first = scorer.score(tracklet(40), SIZE)
    scorer.score(tracklet(60, label="assault"), SIZE)
    again = scorer.score(tracklet(40), SIZE)
    np.testing.assert_array_equal(first.probabilities, again.probabilities)


def test_the_tracklet_is_not_changed(scorer: AnomalyScorer) -> None:
    body = tracklet(40)
    before = body.poses.landmarks.copy()
    scorer.score(body, SIZE)
    np.testing.assert_array_equal(body.poses.landmarks, before)


def test_a_body_that_was_never_seen_raises_no_alarm(scorer: AnomalyScorer) -> None:
    body = tracklet(40, posed=False)
    scores = scorer.score(body, SIZE)
    check(scores, body)
    assert (scores.probabilities.argmax(axis=1) == ANOMALIES.index("normal")).all()
