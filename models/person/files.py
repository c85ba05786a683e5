"""Where the networks inside the mediapipe wheel lie, and the fingerprint of those a back end uses.

The package is located, never imported: importing mediapipe costs seconds and loads what is not needed here.
May import: `engine.core`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from engine.core.errors import ModelMissing

POSE_DETECTION = "pose_detection/pose_detection.tflite"
POSE_LANDMARKS = "pose_landmark/pose_landmark_full.tflite"
FACE_SHORT_RANGE = "face_detection/face_detection_short_range.tflite"
FACE_FULL_RANGE = "face_detection/face_detection_full_range_sparse.tflite"
FACE_MESH = "face_landmark/face_landmark.tflite"

SOURCE = "mediapipe 0.10.21 wheel, modules/"
LICENCE = "Apache-2.0"


def network_file(name: str) -> Path:
    """Path of a network file inside the installed mediapipe package.

    Args:
        name: relative to the package's `modules/` folder.

    Raises:
        ModelMissing: the package is not installed, or its wheel does not carry the file.
    """
    spec = find_spec("mediapipe")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(place) / "modules" / name
        if path.is_file():
            return path
    raise ModelMissing(
        "The embedded person models come with the package mediapipe 0.10.21, and it is not installed here. "
        "Install it with `pip install mediapipe==0.10.21`; later releases do not carry the models.",
        detail=f"modules/{name} not found",
    )


@cache
def _digest(path: Path, size: int, changed_ns: int) -> str:
    # Size and time of change are part of the key: weights may be replaced under a running worker.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(paths: tuple[Path, ...], revision: str) -> str:
    """First 16 hex digits of a SHA-256 over the files' contents and the revision of the code that reads them.

    Args:
        paths: the network files, in a fixed order.
        revision: any text that changes whenever the answers to the same picture may change.
    """
    whole = hashlib.sha256(revision.encode())
    for path in paths:
        state = path.stat()
        whole.update(_digest(path, state.st_size, state.st_mtime_ns).encode())
    return whole.hexdigest()[:16]
