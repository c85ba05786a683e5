"""Runs one TensorFlow Lite network, several pictures at a time.

A network this small gains little from two threads inside one call; two interpreters side by side, each with one
thread, do. May import: `engine.core`; loads `ai_edge_litert` when a network is built.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from engine.core.errors import ModelError
from engine.core.types import FloatArray

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOADING = threading.Lock()


class Workers:
    """A few threads shared by the networks of one back end.

    Args:
        threads: how many, >= 1; with one, everything runs in the caller's thread.
    """

    def __init__(self, threads: int) -> None:
        if threads < 1:
            raise ValueError(f"threads must be at least 1, got {threads}")
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="litert") if threads > 1 else None

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Results of `work` for each item, in order; an exception of any is raised here."""
        todo = list(items)
        if self._pool is None or len(todo) < 2:
            return [work(item) for item in todo]
        return list(self._pool.map(work, todo))


class Network:
    """One network, as many interpreters as there are workers; safe to call from several threads.

    Args:
        path: the .tflite file.
        copies: interpreters to build, >= 1.

    Raises:
        ModelError: the file is no network this runtime can read.
    """

    def __init__(self, path: Path, copies: int) -> None:
        self.path = path
        self._free: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(copies):
            self._free.put(_interpreter(path))

    def __call__(self, picture: FloatArray) -> list[FloatArray]:
        """Outputs for one input.

        Args:
            picture: (1, height, width, 3) float32, in the range the network was trained on.

        Returns:
            One float32 array per output, in the file's order.
        """
        interpreter = self._free.get()
        try:
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
            interpreter.invoke()
            return [np.array(interpreter.get_tensor(output["index"])) for output in interpreter.get_output_details()]
        finally:
            self._free.put(interpreter)


def _interpreter(path: Path) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    try:
        with _LOADING:
            interpreter = Interpreter(model_path=str(path), num_threads=1)
            interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ModelError(
            f"The network {path.name} cannot be read. Install its package again.", detail=str(error)
        ) from error
    return interpreter
