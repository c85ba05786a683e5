"""The inner layers of YOLO networks, from .pt and .tflite files: two maps of features of one square picture.

May import: `engine.core`, `models.person`; loads ultralytics and torch, or ai_edge_litert, when a network is opened.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.core.errors import ModelError, ModelMissing
from engine.core.types import FloatArray, Image
from models.checkpoint import torch_threads

STRIDES = (8, 16)
"""Pixels of a cell of the maps that are used: deep enough for textures, not so deep that all people are one thing."""


KINDS = (".pt", ".tflite")
"""Files whose inner layers can be read; what was exported to other formats has only its ends."""


class YoloLayers(Protocol):
    """A YOLO whose inner layers can be read.

    Attributes:
        side: of the pictures it sees, pixels; a multiple of 32.
        sizes: channels of each map.
    """

    side: int
    sizes: tuple[int, ...]

    def maps(self, picture: Image) -> list[FloatArray]:
        """Maps of a picture (side, side, 3) uint8 RGB: (side / stride, side / stride, channels) float32 each."""
        ...


def open_layers(weights: Path, threads: int) -> YoloLayers:
    """Open weights for their inner layers.

    Args:
        weights: a file that exists.
        threads: that may be used.

    Raises:
        ModelMissing: the package that runs them is not installed.
        ModelError: they cannot be read, or show no inner layers.
    """
    check_kind(weights)
    return TorchLayers(weights, threads) if weights.suffix.lower() == ".pt" else TfliteLayers(weights, threads)


def check_kind(weights: Path | None) -> None:
    """Refuse weights whose inner layers cannot be read, by their name.

    Raises:
        ModelError: they are neither .pt nor .tflite.
    """
    if weights is None or weights.suffix.lower() not in KINDS:
        raise ModelError(
            f"The YOLO weights {weights.name if weights else ''} cannot tell people apart: only {' and '.join(KINDS)} "
            "files show their inner layers. Choose such a file as the person model, or another identity model."
        )


class TorchLayers:
    """Layers of a .pt file, computed up to the deepest that is used.

    Args:
        weights: the file.
        threads: that torch may use.

    Raises:
        ModelError: it is no YOLO, or its first layers do not follow one another.
    """

    side = 640

    def __init__(self, weights: Path, threads: int) -> None:
        from models.person.yolo import load_network

        self._threads = threads
        network = load_network(weights, threads)
        self._layers: list[Any] = []
        strides: list[int] = []
        with torch_threads(threads):
            import torch

            shown = torch.zeros(1, 3, 64, 64)
            for layer in getattr(network, "model", ()):
                if getattr(layer, "f", None) != -1 or len(shown.shape) != 4:
                    break
                with torch.inference_mode():
                    shown = layer(shown)
                stride = 64 // shown.shape[3]
                if stride > STRIDES[-1]:
                    break
                self._layers.append(layer)
                strides.append(stride)
        if not set(STRIDES) <= set(strides):
            raise _no_layers(weights)
        # The last layer of each resolution has seen the most at it.
        self._kept = tuple(len(strides) - 1 - strides[::-1].index(stride) for stride in STRIDES)
        picture = np.zeros((64, 64, 3), np.uint8)
        self.sizes = tuple(each.shape[2] for each in self.maps(picture))

    def maps(self, picture: Image) -> list[FloatArray]:
        """See `YoloLayers`."""
        import torch

        found = []
        with torch.inference_mode(), torch_threads(self._threads):
            shown = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].float() / 255
            for number, layer in enumerate(self._layers):
                shown = layer(shown)
                if number in self._kept:
                    found.append(np.asarray(shown[0].permute(1, 2, 0).numpy(), np.float32))
        return found


class TfliteLayers:
    """Layers of a .tflite file; the whole network runs, and what lies between its ends is kept.

    Args:
        weights: the file.
        threads: that the runtime may use.

    Raises:
        ModelError: it cannot be read, takes no pictures of floating-point numbers, or shows no layers.
    """

    def __init__(self, weights: Path, threads: int) -> None:
        self._interpreter = _interpreter(weights, threads)
        (shown,) = self._interpreter.get_input_details()
        shape = tuple(int(length) for length in shown["shape"])
        self._input = shown["index"]
        if len(shape) != 4 or shape[0] != 1 or shape[3] != 3 or shape[1] != shape[2] or shown["dtype"] != np.float32:
            raise _no_layers(weights)
        self.side = shape[1]
        details = sorted(self._interpreter.get_tensor_details(), key=lambda each: int(each["index"]))
        self._kept = tuple(_last_map(details, self.side, stride) for stride in STRIDES)
        if not all(self._kept):
            raise _no_layers(weights)
        self.sizes = tuple(int(each["shape"][3]) for each in self._kept)

    def maps(self, picture: Image) -> list[FloatArray]:
        """See `YoloLayers`."""
        scaled: FloatArray = (picture[None].astype(np.float32)) / np.float32(255)
        self._interpreter.set_tensor(self._input, scaled)
        self._interpreter.invoke()
        return [self._map(each) for each in self._kept]

    def _map(self, detail: dict[str, Any]) -> FloatArray:
        values: NDArray[Any] = self._interpreter.get_tensor(detail["index"])[0]
        if values.dtype == np.float32:
            return np.array(values)
        scale, zero = detail["quantization"]
        return np.asarray((values.astype(np.float32) - zero) * scale, np.float32)


def _interpreter(weights: Path, threads: int) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        raise ModelMissing("The package ai-edge-litert is not installed here: run make run.") from error
    try:
        with warnings.catch_warnings():
            # It warns of the memory that this takes: some 100 MB, once.
            warnings.simplefilter("ignore", UserWarning)
            interpreter = Interpreter(
                model_path=str(weights), num_threads=threads, experimental_preserve_all_tensors=True
            )
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ModelError(
            f"The weights {weights.name} cannot be read: the file is broken or no YOLO model. Fetch it again.",
            detail=str(error),
        ) from error
    return interpreter


def _last_map(details: list[dict[str, Any]], side: int, stride: int) -> dict[str, Any]:
    """The last of the first maps with cells of so many pixels: what the network makes of that resolution on its way
    down. Empty where there is none.
    """
    last: dict[str, Any] = {}
    for each in details:
        shape = tuple(int(length) for length in each["shape"])
        if len(shape) != 4 or shape[0] != 1 or shape[1] != shape[2] or each["dtype"] not in (np.float32, np.int8):
            continue
        if shape[1] == side // stride:
            last = each
        elif last and shape[1] < side // stride:
            break
    return last


def _no_layers(weights: Path) -> ModelError:
    return ModelError(
        f"The YOLO weights {weights.name} show no inner layers that people could be told apart by. Choose another "
        "identity model."
    )
