"""What comes back from a blob: exact columns exactly, rounded ones within the stated tolerance, and only once."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.core.errors import StoreError
from engine.core.types import Detections, Observation, Poses, Tracklet
from engine.store.packing import (
    LANDMARK_REACH,
    SHARPNESS_LIMIT,
    pack_observations,
    pack_tracklet,
    unpack_observations,
    unpack_tracklet,
)
from tests.store import samples

SCORE = 1 / 131070 + 1e-7
VISIBILITY = 1 / 510 + 1e-7
LANDMARK_PX = 1 / 16

unit = st.floats(0, 1, width=32)
pixel = st.floats(-20000, 20000, width=32)


@st.composite
def _rows(draw: st.DrawFn, n: int) -> dict[str, object]:
    corners = draw(arrays(np.float32, (n, 4), elements=pixel))
    boxes = np.concatenate(
        [np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:])], axis=1
    )
    points = draw(arrays(np.float32, (n, 33, 2), elements=st.floats(-1e7, 1e7, width=32), fill=pixel))
    seen = draw(arrays(np.float32, (n, 33, 1), elements=unit))
    pose_scores = draw(arrays(np.float32, n, elements=unit))
    landmarks = np.concatenate([points, seen], axis=2)
    landmarks[pose_scores == 0] = 0
    return {
        "boxes": boxes,
        "scores": draw(arrays(np.float32, n, elements=unit)),
        "sharpness": draw(arrays(np.float32, n, elements=st.floats(0, 1e6, width=32))),
        "poses": Poses(landmarks=landmarks, scores=pose_scores),
    }


@st.composite
def tracklets(draw: st.DrawFn) -> Tracklet:
    n = draw(st.integers(1, 12))
    t = draw(st.lists(st.floats(0, 1e9), min_size=n, max_size=n, unique=True))
    return Tracklet(
        number=draw(st.integers(1, 2**40)),
        t=np.array(sorted(t), np.float64),
        interpolated=draw(arrays(np.bool_, n)),
        **draw(_rows(n)),
    )


@st.composite
def chunks(draw: st.DrawFn) -> list[Observation]:
    found = []
    for frame in range(draw(st.integers(0, 4))):
        rows = draw(_rows(draw(st.integers(0, 3))))
        sharpness = rows.pop("sharpness")
        t = draw(st.floats(0, 1e6))
        found.append(Observation(index=frame * 3, t=t, detections=Detections(**rows), sharpness=sharpness))
    return found


def _check_rows(got: object, put: object) -> None:
    assert np.array_equal(got.boxes.view(np.uint32), put.boxes.view(np.uint32)), "boxes come back bit for bit"
    assert np.abs(got.scores - put.scores).max(initial=0) <= SCORE
    assert np.abs(got.poses.scores - put.poses.scores).max(initial=0) <= SCORE
    assert np.abs(got.poses.landmarks[..., 2] - put.poses.landmarks[..., 2]).max(initial=0) <= VISIBILITY
    reachable = np.clip(put.poses.landmarks[..., :2], -LANDMARK_REACH, LANDMARK_REACH)
    assert np.abs(got.poses.landmarks[..., :2] - reachable).max(initial=0) <= LANDMARK_PX


def _check_sharpness(got: np.ndarray, put: np.ndarray) -> None:
    assert np.array_equal(got, np.clip(put, 0, SHARPNESS_LIMIT).astype(np.float16).astype(np.float32))


@given(tracklets())
def test_unpack_tracklet_gives_what_was_packed(put: Tracklet) -> None:
    got = unpack_tracklet(pack_tracklet(put))
    assert got.number == put.number
    assert np.array_equal(got.t.view(np.uint64), put.t.view(np.uint64)), "times come back bit for bit"
    assert np.array_equal(got.interpolated, put.interpolated)
    _check_rows(got, put)
    _check_sharpness(got.sharpness, put.sharpness)


@given(tracklets())
def test_pack_tracklet_rounds_only_once(put: Tracklet) -> None:
    blob = pack_tracklet(put)
    assert pack_tracklet(unpack_tracklet(blob)) == blob


@given(chunks())
def test_unpack_observations_gives_what_was_packed(put: list[Observation]) -> None:
    got = unpack_observations(pack_observations(put))
    assert [(each.index, each.t) for each in got] == [(each.index, each.t) for each in put]
    for one, other in zip(got, put, strict=True):
        _check_rows(one.detections, other.detections)
        _check_sharpness(one.sharpness, other.sharpness)


@given(chunks())
def test_pack_observations_rounds_only_once(put: list[Observation]) -> None:
    blob = pack_observations(put)
    assert pack_observations(unpack_observations(blob)) == blob


def test_a_tracklet_of_unpacked_observations_loses_nothing_more() -> None:
    seen = [each for each in unpack_observations(pack_observations(samples.observations(60))) if len(each.detections)]
    put = Tracklet(
        number=1,
        t=np.array([each.t for each in seen]),
        boxes=np.stack([each.detections.boxes[0] for each in seen]),
        scores=np.stack([each.detections.scores[0] for each in seen]),
        interpolated=np.zeros(len(seen), np.bool_),
        poses=Poses.concatenate(each.detections.poses[:1] for each in seen),
        sharpness=np.stack([each.sharpness[0] for each in seen]),
    )
    got = unpack_tracklet(pack_tracklet(put))
    for name in ("t", "boxes", "scores", "sharpness"):
        assert np.array_equal(getattr(got, name), getattr(put, name)), name
    assert np.array_equal(got.poses.landmarks, put.poses.landmarks)
    assert np.array_equal(got.poses.scores, put.poses.scores)


def test_missing_poses_stay_missing_and_take_no_room() -> None:
    rows = 500
    bare = samples.tracklet(rows=rows)
    without = Tracklet(
        number=1,
        t=bare.t,
        boxes=bare.boxes,
        scores=bare.scores,
        interpolated=bare.interpolated,
        poses=Poses.missing(rows),
        sharpness=bare.sharpness,
    )
    assert not unpack_tracklet(pack_tracklet(without)).poses.landmarks.any()
    assert len(pack_tracklet(without)) < 30 * rows < len(pack_tracklet(bare))


BLOBS = [
    pytest.param(pack_tracklet(samples.tracklet()), unpack_tracklet, id="tracklet"),
    pytest.param(pack_observations(samples.observations()), unpack_observations, id="observations"),
]


@pytest.mark.parametrize(("blob", "unpack"), BLOBS)
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda blob: b"", id="empty"),
        pytest.param(lambda blob: blob[: len(blob) // 2], id="half"),
        pytest.param(lambda blob: blob[:-1], id="last byte gone"),
        pytest.param(lambda blob: blob[:4], id="head only"),
        pytest.param(lambda blob: b"NOPE" + blob[4:], id="other magic"),
        pytest.param(lambda blob: blob[:3] + b"\x7f" + blob[4:], id="other version"),
        pytest.param(lambda blob: blob[:60] + bytes([blob[60] ^ 255]) + blob[61:], id="a byte flipped"),
        pytest.param(lambda blob: blob[:4] + zlib.compress(zlib.decompress(blob[4:])[:-1]), id="column cut off"),
        pytest.param(lambda blob: blob[:4] + zlib.compress(zlib.decompress(blob[4:]) + b"0"), id="too much"),
        pytest.param(lambda blob: blob[:4] + zlib.compress(b"\xff" * 8 + zlib.decompress(blob[4:])), id="negative"),
        pytest.param(lambda blob: blob[:4] + zlib.compress(b"\x01"), id="no counts"),
        pytest.param(lambda blob: blob[:4] + zlib.compress(b"\xff\xff\xff\xff\xff\xff\xff\x7f" * 2), id="too many"),
        pytest.param(lambda blob: bytes(1000), id="zeros"),
    ],
)
def test_a_damaged_blob_says_so(blob: bytes, unpack: object, damage: object) -> None:
    with pytest.raises(StoreError, match="damaged"):
        unpack(damage(blob))
