"""Any YOLO that ultralytics loads, as a person detector: no network, no self-installation, no printing.

May import: `engine.core`, its neighbours; loads ultralytics and torch when a detector is built.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import Detections, FloatArray, Frame
from models.person.files import fingerprint

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

_BATCH = 8
_QUIET = {"YOLO_AUTOINSTALL": "false", "YOLO_OFFLINE": "true", "YOLO_VERBOSE": "false"}


class YoloDetector:
    """Finds people with YOLO weights; remembers nothing from frame to frame.

    Args:
        options: `weights` is a .pt, .onnx or .tflite file, an OpenVINO folder, or whatever else ultralytics loads.

    Raises:
        ModelMissing: there are no such weights, or the package that runs them is not installed.
        ModelError: the weights cannot be read, or know no class called "person".
    """

    finds_poses: ClassVar[bool] = False

    def __init__(self, options: BackendOptions) -> None:
        weights = _existing(options.weights)
        self._threads = options.threads
        self._min_score = options.min_score
        with _own_threads(self._threads):
            self._model, names = _load(weights)
        self._classes = [number for number, name in names.items() if name.strip().lower() == "person"]
        if not self._classes:
            known = ", ".join(list(names.values())[:5])
            raise ModelError(f"The weights {weights.name} cannot find people: the classes they know are {known} ….")
        self.card = self.describe(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of these weights, without loading them.

        Raises:
            ModelMissing: there are no such weights.
        """
        weights = _existing(options.weights)
        return ModelCard(
            name="yolo",
            version=fingerprint(_files(weights), f"yolo {REVISION}"),
            tier="pretrained",
            licence="AGPL-3.0-only",
            source=f"{weights.name}, through ultralytics",
        )

    def reset(self) -> None:
        """Nothing to forget."""

    def predict(self, frames: Sequence[Frame]) -> list[Detections]:
        """People in each frame, in order.

        Args:
            frames: any number; they go through the network in batches, so memory does not grow with them.

        Returns:
            Boxes and scores, best first; no poses.

        Raises:
            ModelError: the network fails on these pictures.
        """
        found: list[Detections] = []
        with _own_threads(self._threads):
            for start in range(0, len(frames), _BATCH):
                found += self._batch(frames[start : start + _BATCH])
        return found

    def _batch(self, frames: Sequence[Frame]) -> list[Detections]:
        # Arrays handed to ultralytics are taken for OpenCV's: blue first.
        pictures = [np.ascontiguousarray(frame.image[:, :, ::-1]) for frame in frames]
        try:
            results = self._model.predict(
                pictures, conf=self._min_score, classes=self._classes, verbose=False, save=False, stream=False
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError("The YOLO weights fail on this footage. Try other weights.", detail=str(error)) from error
        return [_detections(result, frame.size) for result, frame in zip(results, frames, strict=True)]


def _detections(result: Any, size: tuple[int, int]) -> Detections:
    boxes: FloatArray = result.boxes.xyxy.cpu().numpy().astype(np.float32).reshape(-1, 4)
    scores: FloatArray = result.boxes.conf.cpu().numpy().astype(np.float32)
    boxes = np.clip(boxes, 0, np.array([*size, *size], np.float32)).astype(np.float32)
    whole = np.isfinite(boxes).all(axis=1) & np.isfinite(scores) & (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return Detections.of_boxes(boxes[whole], np.clip(scores[whole], 0.0, 1.0).astype(np.float32))


def _existing(weights: Path | None) -> Path:
    if weights is None:
        raise ModelMissing(
            "The YOLO detector needs weights, and none were named. Name a file with --person-model, for example "
            "yolov8n.pt or its .onnx or .tflite export, or put one into the models folder of SIGHTLINE_HOME."
        )
    if not weights.exists():
        raise ModelMissing(
            f"There are no YOLO weights at {weights}. Put the file there, or name another with --person-model; "
            "analysis never downloads."
        )
    return weights


def _files(weights: Path) -> tuple[Path, ...]:
    if weights.is_dir():
        return tuple(sorted(file for file in weights.rglob("*") if file.is_file()))
    return (weights,)


def _load(weights: Path) -> tuple[Any, dict[int, str]]:
    os.environ.update(_QUIET)
    import torch  # noqa: F401 - before ultralytics, which would hold it to one thread for good
    from PIL import Image

    open_image = Image.open
    from ultralytics import YOLO

    Image.open = open_image  # it puts its own in place, which tries to install a package for every broken picture
    logging.getLogger("ultralytics").setLevel(logging.ERROR)
    try:
        model = YOLO(str(weights), task=None if weights.suffix == ".pt" else "detect", verbose=False)
        # The first picture loads the network; exported files show only then whether they can be read.
        model.predict(np.zeros((64, 64, 3), np.uint8), verbose=False, save=False)
        return model, {int(number): str(name) for number, name in model.names.items()}
    except ImportError as error:
        raise ModelMissing(
            f"Weights of the kind {weights.suffix or 'in ' + weights.name} need a package that is not installed here. "
            "Install it, or use a .pt or .tflite file.",
            detail=str(error),
        ) from error
    except _load_errors() as error:
        raise ModelError(
            f"The weights {weights.name} cannot be read: the file is broken or no YOLO model. Fetch it again.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def load_network(weights: Path, threads: int) -> Any:
    """The torch network inside a .pt file, on the CPU, ready to answer, its layers in order in `model`.

    Raises:
        ModelMissing: there is no such file.
        ModelError: it cannot be read.
    """
    with _own_threads(threads):
        model, _ = _load(_existing(weights))
    return model.model.cpu().float().eval()


def _load_errors() -> tuple[type[Exception], ...]:
    """What loading a broken or foreign file has been seen to raise, by kind of file."""
    errors: list[type[Exception]] = [
        OSError, EOFError, RuntimeError, ValueError, TypeError, AttributeError, LookupError, AssertionError,
        pickle.UnpicklingError, zipfile.BadZipFile,
    ]  # fmt: skip
    state = sys.modules.get("onnxruntime.capi.onnxruntime_pybind11_state")
    errors += [getattr(state, name) for name in ("InvalidProtobuf", "Fail", "InvalidGraph") if hasattr(state, name)]
    return tuple(errors)


@contextmanager
def _own_threads(threads: int) -> Iterator[None]:
    """Let ultralytics and torch use so many threads, and put everything back that they set for the whole process."""
    import cv2
    import torch

    before = os.environ.get("OMP_NUM_THREADS"), torch.get_num_threads(), cv2.getNumThreads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        if before[0] is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before[0]
        torch.set_num_threads(before[1])
        cv2.setNumThreads(before[2])
