from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions, ClipClassifier
from models.action.videomae import VideoMaeClassifier, clip_shape

LABELS = ("walking the dog", "situp", "eating cake")


def save_tiny(folder: Path, architecture: str = "videomae", labels: tuple[str, ...] = LABELS) -> Path:
    """A random video classifier of four 32-pixel pictures, saved the way the library saves them."""
    import torch
    import transformers

    torch.manual_seed(11)
    shared = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "image_size": 32,
        "num_frames": 4,
        "initializer_range": 0.3,
        "id2label": dict(enumerate(labels)),
        "label2id": {label: row for row, label in enumerate(labels)},
    }
    if architecture == "vivit":
        config = transformers.VivitConfig(tubelet_size=(2, 8, 8), **shared)
        network = transformers.VivitForVideoClassification(config)
        processor = transformers.VivitImageProcessor(size={"shortest_edge": 36}, crop_size={"height": 32, "width": 32})
    else:
        config = transformers.VideoMAEConfig(patch_size=8, tubelet_size=2, **shared)
        network = transformers.VideoMAEForVideoClassification(config)
        processor = transformers.VideoMAEImageProcessor(
            size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
        )
    network.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["videomae", "vivit"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("video") / request.param, request.param)


@pytest.fixture(scope="module")
def classifier(folder: Path) -> VideoMaeClassifier:
    return VideoMaeClassifier(BackendOptions(threads=1, weights=folder))


@pytest.fixture(scope="module")
def clips() -> np.ndarray:
    noise = np.random.default_rng(4).integers(0, 256, (3, 4, 4, 4, 3), dtype=np.uint8)
    return np.kron(noise, np.ones((1, 1, 8, 8, 1), np.uint8))


def test_it_answers_what_transformers_answers(classifier: VideoMaeClassifier, folder: Path, clips: np.ndarray) -> None:
    import torch
    from transformers import AutoImageProcessor, AutoModelForVideoClassification

    network = AutoModelForVideoClassification.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    answers = classifier.classify(clips)
    for clip, answer in zip(clips, answers, strict=True):
        with torch.no_grad():
            logits = network(**processor(list(clip), return_tensors="pt")).logits
        np.testing.assert_array_equal(answer, torch.softmax(logits, -1)[0].numpy())
    assert answers.std(axis=0).max() > 0.01, "the network must tell clips apart for this to mean anything"


def test_the_config_says_what_it_wants(classifier: VideoMaeClassifier) -> None:
    assert isinstance(classifier, ClipClassifier)
    assert (classifier.labels, classifier.frames, classifier.side) == (LABELS, 4, 32)


def test_the_order_of_pictures_matters(classifier: VideoMaeClassifier, clips: np.ndarray) -> None:
    forwards, backwards = classifier.classify(clips), classifier.classify(clips[:, ::-1].copy())
    assert np.abs(forwards - backwards).max() > 1e-4


def test_clips_do_not_influence_each_other(classifier: VideoMaeClassifier, clips: np.ndarray) -> None:
    before = clips.copy()
    together = classifier.classify(clips)
    for row in range(len(clips)):
        np.testing.assert_array_equal(classifier.classify(clips[row : row + 1])[0], together[row])
    np.testing.assert_array_equal(clips, before)
    assert classifier.classify(clips[:0]).shape == (0, 3)


@pytest.mark.parametrize("shape", [(1, 3, 32, 32, 3), (1, 4, 32, 30, 3), (4, 32, 32, 3)])
def test_other_shapes_are_refused(classifier: VideoMaeClassifier, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="clips must be"):
        classifier.classify(np.zeros(shape, np.uint8))


def test_missing_and_foreign_checkpoints(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as missing:
        VideoMaeClassifier(BackendOptions(weights=tmp_path / "absent"))
    assert "config.json" in missing.value.user_message and "never downloads" in missing.value.user_message
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

    config = ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=1, image_size=16, intermediate_size=16)
    ViTForImageClassification(config).save_pretrained(tmp_path / "pictures")
    ViTImageProcessor().save_pretrained(tmp_path / "pictures")
    with pytest.raises(ModelError) as foreign:
        VideoMaeClassifier(BackendOptions(weights=tmp_path / "pictures"))
    assert "pictures" in foreign.value.user_message


def test_pickles_are_not_loaded(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "old")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelMissing) as raised:
        VideoMaeClassifier(BackendOptions(weights=folder))
    assert "safetensors" in raised.value.user_message


@pytest.mark.parametrize(
    "config", [SimpleNamespace(), SimpleNamespace(num_frames=16, image_size=(224, 160)), SimpleNamespace(image_size=9)]
)
def test_a_config_that_does_not_say(config: SimpleNamespace) -> None:
    with pytest.raises(ModelError):
        clip_shape(config, "x")


def test_a_list_of_equal_sides_is_a_square() -> None:
    assert clip_shape(SimpleNamespace(num_frames=8, image_size=[64, 64]), "x") == (8, 64)
