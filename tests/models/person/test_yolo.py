from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions
from engine.core.types import Frame
from models.person.yolo import YoloDetector


@pytest.mark.parametrize("weights", [pytest.param(None, id="none-named"), pytest.param("absent.pt", id="absent")])
def test_missing_weights_say_what_to_do(tmp_path: Path, weights: str | None) -> None:
    with pytest.raises(ModelMissing) as raised:
        YoloDetector(BackendOptions(weights=tmp_path / weights if weights else None))
    assert "--person-model" in raised.value.user_message


@pytest.mark.parametrize("suffix", [".pt", ".tflite", ".txt", ""])
def test_broken_weights_are_a_clear_error(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(b"these are no weights " * 50)
    with pytest.raises(ModelError) as raised:
        YoloDetector(BackendOptions(weights=path))
    assert path.name in raised.value.user_message


@pytest.fixture(scope="module")
def weights(shared: Path) -> Path:
    path = shared / "weights" / "yolov8n_int8.tflite"
    if not path.is_file():
        pytest.skip(f"the YOLO weights are absent: {path}")
    return path


def test_it_answers_what_ultralytics_answers(weights: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import cv2
    import torch

    before = torch.get_num_threads(), cv2.getNumThreads(), os.environ.get("OMP_NUM_THREADS")
    detector = YoloDetector(BackendOptions(weights=weights, threads=1))
    import ultralytics
    from PIL import Image

    assets = Path(ultralytics.__file__).parent / "assets"
    with Image.open(assets / "bus.jpg") as picture:
        image = np.asarray(picture.convert("RGB"))
    small = np.ascontiguousarray(image[::2, ::2])
    found = detector.predict([Frame(index=0, t=0.0, image=small)] * 9)
    assert (torch.get_num_threads(), cv2.getNumThreads(), os.environ.get("OMP_NUM_THREADS")) == before
    assert capfd.readouterr().out == ""

    direct = ultralytics.YOLO(str(weights), task="detect")
    (result,) = direct.predict(np.ascontiguousarray(small[:, :, ::-1]), conf=0.4, classes=[0], verbose=False)
    assert len(result.boxes) >= 3
    for answer in (found[0], found[-1]):
        np.testing.assert_array_equal(answer.boxes, result.boxes.xyxy.numpy())
        np.testing.assert_array_equal(answer.scores, result.boxes.conf.numpy())


def test_neither_network_nor_installation(weights: Path) -> None:
    YoloDetector(BackendOptions(weights=weights))
    assert os.environ["YOLO_AUTOINSTALL"] == "false"
    assert os.environ["YOLO_OFFLINE"] == "true"
    assert not sys.modules["ultralytics.utils"].ONLINE
