"""Task and name -> back end, imported only when it is built.

Adding a back end is one file, one line here, a `weights.toml` entry, a model card and green contract tests.
May import: `engine.core`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.core.errors import ConfigError

BACKENDS: dict[str, dict[str, str]] = {
    "person": {
        "blazepose": "models.person.blazepose:BlazePoseDetector",
        "yolo": "models.person.yolo:YoloDetector",
        "fake": "models.fake:FakeDetector",
    },
    "pose": {
        "blazepose": "models.person.blazepose_pose:BlazePosePoseEstimator",
        "fake": "models.fake:FakePoseEstimator",
    },
    "tracker": {
        "bytetrack": "models.tracker.bytetrack:ByteTrackTracker",
    },
    "face": {
        "mediapipe": "models.face.mediapipe:MediaPipeFaceDetector",
    },
    "face_reader": {
        "facemesh": "models.face.reader:FaceMeshReader",
        "fake": "models.fake_recognition:FakeFaceReader",
    },
    "emotion": {
        "cnn": "models.emotion.cnn:CnnEmotionClassifier",
        "huggingface": "models.emotion.huggingface:HuggingFaceEmotionClassifier",
        "fake": "models.fake_recognition:FakeEmotionClassifier",
    },
    "action": {
        "geometry": "models.action.geometry:GeometryActionRecognizer",
        "fake": "models.fake_recognition:FakeActionRecognizer",
    },
    "clothing": {
        "slots": "models.clothing.slots:SlotReader",
        "fake": "models.fake_clothing:FakeClothingReader",
    },
    "clip": {
        "videomae": "models.action.videomae:VideoMaeClassifier",
    },
    "activity": {
        "videomae": "models.action.videomae_actions:VideoMaeActions",
    },
    "clothing_text": {
        "blip": "models.clothing.blip:BlipImageText",
    },
    "anomaly_scorer": {
        "skeleton-lstm": "models.anomaly.skeleton_lstm:SkeletonLstmScorer",
        "fake": "models.fake_anomalies:FakeAnomalyScorer",
    },
    "behaviour": {
        "wrists": "models.anomaly.wrists:WristReader",
        "videomae": "models.anomaly.behaviours:VideoMaeBehaviours",
        "fake": "models.fake_anomalies:FakeBehaviourReader",
    },
    "identity": {
        "parts": "models.identity.parts:PartsIdentityEmbedder",
        "mobilenetv3": "models.identity.timm_embedder:MobileNetV3Embedder",
        "squeezenet": "models.identity.timm_embedder:SqueezeNetEmbedder",
        "mobilevitv2": "models.identity.timm_embedder:MobileViTv2Embedder",
        "convnextv2": "models.identity.timm_embedder:ConvNeXtV2Embedder",
        "yolo": "models.identity.yolo_features:YoloEmbedder",
        "fake": "models.fake_identity:FakeIdentityEmbedder",
    },
    "training": {
        "emotion": "models.training.emotion:train",
        "videomae": "models.training.videomae:train",
        "blip": "models.training.blip:train",
        "skeleton-lstm": "models.training.skeleton:train",
        "reid": "models.training.reid:train",
    },
    "measuring": {
        "emotion": "models.training.emotion_measure:evaluate",
        "blip": "models.training.blip_measure:evaluate",
        "skeleton-lstm": "models.training.skeleton_measure:evaluate",
        "reid": "models.training.reid_measure:evaluate",
    },
}
"""task -> name -> "module:callable"."""

WEIGHTS = Path(__file__).parent / "weights" / "weights.toml"
"""Every file of weights known by name."""


def names(task: str) -> tuple[str, ...]:
    """Names of the back ends of a task, in order of registration.

    Raises:
        ConfigError: there is no such task.
    """
    if task not in BACKENDS:
        raise ConfigError(f"Unknown task {task!r}. Known are: {', '.join(BACKENDS)}.")
    return tuple(BACKENDS[task])


def resolve(task: str, name: str) -> Callable[..., Any]:
    """The callable that builds a back end.

    Raises:
        ConfigError: no such task or name.
    """
    if name not in names(task):
        raise ConfigError(f"Unknown {task} model {name!r}. Known are: {', '.join(names(task))}.")
    module, _, attribute = BACKENDS[task][name].partition(":")
    built: Callable[..., Any] = getattr(import_module(module), attribute)
    return built
