from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions, IdentityEmbedder
from models.identity.yolo_features import YoloEmbedder, framed
from tests.models.identity.tiny import picture


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_view_lies_in_the_middle_of_a_square() -> None:
    view = picture(1, (80, 40), masked=(0, 20))
    shown, body = framed(view, 320)
    assert (shown[:, :80] == 114).all() and (shown[:, 240:] == 114).all() and not (shown[:, 100:220] == 114).all()
    assert not body[:, :80].any() and body[10, 160] == pytest.approx(1.001) and body[200, 160] == pytest.approx(0.001)


@pytest.mark.parametrize("name", ["model.onnx", "model_openvino_model"])
def test_weights_without_inner_layers_are_a_clear_error(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"anything")
    for act in (YoloEmbedder, YoloEmbedder.describe):
        with pytest.raises(ModelError) as raised:
            act(BackendOptions(weights=tmp_path / name))
        assert "only .pt and .tflite files" in raised.value.user_message


def test_without_weights_it_says_so(tmp_path: Path) -> None:
    for weights in (None, tmp_path / "absent.pt"):
        with pytest.raises(ModelMissing):
            YoloEmbedder(BackendOptions(weights=weights))


@pytest.mark.parametrize("name", ["broken.pt", "broken.tflite"])
def test_a_broken_file_is_a_clear_error(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"nonsense")
    with pytest.raises(ModelError) as raised:
        YoloEmbedder(BackendOptions(weights=tmp_path / name))
    assert "broken" in raised.value.user_message


def test_features_of_a_pt_file_are_those_that_the_library_embeds(tmp_path: Path) -> None:
    import torch
    from ultralytics import YOLO

    torch.manual_seed(3)
    YOLO("yolov8n.yaml", task="detect", verbose=False).save(tmp_path / "random.pt")
    embedder = YoloEmbedder(BackendOptions(threads=1, weights=tmp_path / "random.pt"))
    assert embedder.size == 64 + 128
    # A square with a body from edge to edge: the mean over the body is the mean over all, as the library takes it.
    view = picture(1, (640, 640))
    library = YOLO(tmp_path / "random.pt", verbose=False)
    (direct,) = library.embed(np.ascontiguousarray(view.image[:, :, ::-1]), embed=[4, 6], verbose=False, save=False)
    parts = [part / np.linalg.norm(part) for part in np.split(direct.cpu().numpy(), [64])]
    (vector,) = embedder.encode([view])
    np.testing.assert_allclose(vector, np.concatenate(parts) / np.sqrt(2), atol=2e-5)


def _dressed(upper: tuple[int, int, int], ground: int, shift: int) -> Pillow.Image:
    drawn = Pillow.new("RGB", (60, 140), (ground, ground, ground))
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((22 + shift, 4, 38 + shift, 24), fill=(205, 160, 130))
    draw.rectangle((14 + shift, 25, 46 + shift, 75), fill=upper)
    draw.rectangle((18 + shift, 75, 42 + shift, 136), fill=(40, 40, 50))
    return drawn


@pytest.mark.footage
def test_a_real_network_finds_the_same_clothes_again(shared: Path) -> None:
    embedder = YoloEmbedder(BackendOptions(threads=1, weights=shared / "weights" / "yolov8n_int8.tflite"))
    assert isinstance(embedder, IdentityEmbedder)
    views = []
    for upper in ((200, 30, 30), (40, 60, 190)):
        for ground, shift in ((90, -3), (150, 4)):
            image = np.asarray(_dressed(upper, ground, shift))
            mask = np.where((image == ground).all(axis=2), 0, 255).astype(np.uint8)
            views.append(replace(picture(1, (140, 60)), image=image, mask=mask))
    vectors = embedder.encode([*views, picture(9, (20, 8))])
    assert vectors.shape == (5, 192) and not vectors[4].any()
    np.testing.assert_allclose(np.linalg.norm(vectors[:4], axis=1), 1, atol=1e-5)
    alike = vectors[:4] @ vectors[:4].T
    assert min(alike[0, 1], alike[2, 3]) > max(alike[0, 2], alike[0, 3], alike[1, 2], alike[1, 3])
    np.testing.assert_array_equal(embedder.encode([views[2]])[0], vectors[2])
