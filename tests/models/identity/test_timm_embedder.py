from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from engine.core.config import AnalysisConfig, Settings
from engine.core.errors import ModelError, ModelMissing
from engine.core.identity import CosineScale
from engine.core.protocols import BackendOptions, IdentityEmbedder
from engine.model_list import candidates
from engine.tiers import Backend, choose_identity
from models.identity.checkpoint import FAMILIES, Recipe, read
from models.identity.timm_embedder import MobileNetV3Embedder, SqueezeNetEmbedder, TimmEmbedder
from models.registry import resolve
from tests.models.identity.tiny import RECIPE, picture, save_timm, save_tiny


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    # Networks as small as these only wait for each other's threads.
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("identity") / "tiny")


def _options(folder: Path | None) -> BackendOptions:
    return BackendOptions(threads=1, weights=folder)


@pytest.mark.parametrize("architecture", ["mobilenetv3_small_050", "mobilevitv2_050", "convnextv2_atto"])
def test_answers_are_those_of_timm_itself(architecture: str, tmp_path: Path) -> None:
    import timm
    import torch
    from safetensors.torch import load_file

    folder = save_timm(tmp_path / "hub", architecture)
    embedder = resolve("identity", architecture.split("_")[0])(_options(folder))
    direct = timm.create_model(architecture, pretrained=False, num_classes=7)
    direct.load_state_dict(load_file(folder / "model.safetensors"))
    direct.reset_classifier(0)
    view = picture(1)
    shown = Pillow.fromarray(view.image).resize((48, 64), Pillow.Resampling.BICUBIC)
    scaled = (np.asarray(shown, np.float32) / 255 - np.float32([0.4, 0.5, 0.6])) / np.float32([0.2, 0.25, 0.3])
    with torch.inference_mode():
        features = direct.eval()(torch.from_numpy(scaled.transpose(2, 0, 1)[None]))[0].numpy()
    (vector,) = embedder.encode([view])
    assert embedder.size == len(features)
    np.testing.assert_allclose(vector, features / np.linalg.norm(features), atol=2e-6)


def test_squeezenet_is_that_of_torchvision(tmp_path: Path) -> None:
    import torch
    from torchvision.models import squeezenet1_1

    recipe = Recipe("squeezenet1_1", 64, 32, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    folder = save_tiny(tmp_path / "tiny", recipe)
    direct = squeezenet1_1(weights=None).eval()
    direct.features.load_state_dict(read(folder).backbone.features.state_dict())
    view = picture(2, (64, 32))
    with torch.inference_mode():
        maps = direct.features(torch.from_numpy(view.image.transpose(2, 0, 1)[None].astype(np.float32) / 255))
    features = maps.mean(dim=(2, 3))[0].numpy()
    (vector,) = SqueezeNetEmbedder(_options(folder)).encode([view])
    np.testing.assert_allclose(vector, features / np.linalg.norm(features), atol=2e-6)


def test_attention_stands_behind_every_block_and_changes_the_answers(tmp_path: Path) -> None:
    recipe = Recipe("squeezenet1_1", 64, 32, embedding=8, cbam=True)
    folder = save_tiny(tmp_path / "with", recipe)
    network = read(folder)
    blocks = [type(block).__name__ for block in network.backbone.features]
    assert blocks.count("CbamModule") == blocks.count("Fire") == 8
    assert all(blocks[place + 1] == "CbamModule" for place, block in enumerate(blocks) if block == "Fire")
    embedder = SqueezeNetEmbedder(_options(folder))
    before = embedder.encode([picture(1)])
    for block in network.backbone.features:
        if type(block).__name__ == "CbamModule":
            block.channel.fc2.weight.data.mul_(-20)
    from models.identity.checkpoint import write

    write(network, tmp_path / "other")
    after = SqueezeNetEmbedder(_options(tmp_path / "other")).encode([picture(1)])
    assert np.abs(before - after).max() > 1e-3


def test_views_are_independent_and_small_ones_say_nothing(tiny: Path) -> None:
    embedder = MobileNetV3Embedder(_options(tiny))
    assert isinstance(embedder, IdentityEmbedder)
    views = [picture(1), picture(2, (20, 40)), picture(3, (90, 8)), picture(4, (24, 10)), *map(picture, range(5, 45))]
    images = [view.image.copy() for view in views]
    vectors = embedder.encode(views)
    assert vectors.shape == (44, 16) and vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[1] == lengths[2] == 0
    np.testing.assert_allclose(np.delete(lengths, (1, 2)), 1, atol=1e-5)
    np.testing.assert_allclose(
        np.concatenate([embedder.encode([view]) for view in views[::-1]])[::-1], vectors, atol=1e-5
    )
    for view, image in zip(views, images, strict=True):
        np.testing.assert_array_equal(view.image, image)
    assert embedder.encode([]).shape == (0, 16)


def test_the_background_counts_unless_the_checkpoint_paints_it_over(tiny: Path, tmp_path: Path) -> None:
    first = picture(1, masked=(0, 90))
    other = picture(2).image
    other[30:60] = first.image[30:60]
    one = replace(first, mask=picture(1, masked=(30, 60)).mask)
    two = replace(one, image=other)
    plain = MobileNetV3Embedder(_options(tiny))
    painting = MobileNetV3Embedder(_options(save_tiny(tmp_path / "masked", replace(RECIPE, masked=True))))
    assert not plain.needs_body and painting.needs_body
    assert np.abs(np.subtract(*plain.encode([one, two]))).max() > 1e-3
    np.testing.assert_array_equal(*painting.encode([one, two]))
    assert not painting.encode([replace(first, mask=np.zeros_like(first.mask))]).any()


def test_the_card_follows_the_files(tiny: Path, tmp_path: Path) -> None:
    card = MobileNetV3Embedder.describe(_options(tiny))
    assert (card.name, card.tier) == ("mobilenetv3", "pretrained")
    assert MobileNetV3Embedder(_options(tiny)).scale == CosineScale(0.3, 0.7)
    copy = Path(shutil.copytree(tiny, tmp_path / "copy"))
    (copy / "sightline.json").write_text("{}", "utf-8")
    again = MobileNetV3Embedder.describe(_options(copy))
    assert again.version == card.version and again.tier == "trained"
    told = json.loads((copy / "config.json").read_text("utf-8"))
    told["sightline"]["masked"] = True
    (copy / "config.json").write_text(json.dumps(told), "utf-8")
    assert MobileNetV3Embedder.describe(_options(copy)).version != card.version


@pytest.mark.parametrize("family", list(FAMILIES))
def test_a_missing_model_says_what_to_train_or_fetch(family: str, tmp_path: Path) -> None:
    build = resolve("identity", family)
    with pytest.raises(ModelMissing) as none:
        build(_options(None))
    assert f"train reid --model {family}" in none.value.user_message and "models/identity" in none.value.user_message
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelMissing) as half:
        build.describe(_options(tmp_path / "half"))
    assert "lacks model.safetensors" in half.value.user_message


def _spoil(folder: Path, **changes: object) -> None:
    told = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**told, **changes}), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda f: (f / "config.json").write_text("[", "utf-8"), "config.json", id="broken-config"),
        pytest.param(lambda f: _spoil(f, architecture="resnet50"), "architecture resnet50", id="unknown-architecture"),
        pytest.param(lambda f: _spoil(f, architecture="squeezenet1_1"), "is a squeezenet", id="another-family"),
        pytest.param(lambda f: _spoil(f, architecture="mobilenetv3_huge"), "broken", id="no-such-architecture"),
        pytest.param(lambda f: _spoil(f, architecture="mobilenetv3_small_100"), "broken", id="other-weights"),
        pytest.param(lambda f: _spoil(f, sightline={"format": "other/9"}), "format", id="other-format"),
        pytest.param(lambda f: _spoil(f, pretrained_cfg={"input_size": [3, 9, 9]}), "config.json", id="bad-size"),
        pytest.param(lambda f: (f / "model.safetensors").write_bytes(b"nonsense"), "broken", id="broken-weights"),
    ],
)
def test_what_cannot_be_used_is_a_clear_error(tiny: Path, tmp_path: Path, spoil: object, said: str) -> None:
    folder = Path(shutil.copytree(tiny, tmp_path / "copy"))
    spoil(folder)  # type: ignore[operator]
    with pytest.raises(ModelError) as raised:
        MobileNetV3Embedder(_options(folder))
    assert said in raised.value.user_message
    assert not isinstance(raised.value, ModelMissing)


def test_missing_weights_of_layers_are_noticed(tiny: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = Path(shutil.copytree(tiny, tmp_path / "copy"))
    tensors = load_file(folder / "model.safetensors")
    tensors.pop("head.0.weight")
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelError) as raised:
        MobileNetV3Embedder(_options(folder))
    assert "does not hold the weights" in raised.value.user_message


def test_a_folder_among_the_models_is_found_listed_and_chosen(tiny: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    root = settings.models / "identity"
    shutil.copytree(tiny, root / "a-fetched")
    ours = Path(shutil.copytree(tiny, root / "z-trained"))
    (ours / "sightline.json").write_text("{}", "utf-8")
    (root / "broken").mkdir()
    (root / "broken" / "config.json").write_text("[", "utf-8")
    assert TimmEmbedder.find(root) == [("mobilenetv3", ours), ("mobilenetv3", root / "a-fetched")]
    assert TimmEmbedder.find(tmp_path / "absent") == []
    listed = {model.name: model.backend for model in candidates("identity", "", settings)}
    assert listed == {"a-fetched": "mobilenetv3", "z-trained": "mobilenetv3", "broken": "mobilenetv3", "parts": "parts"}
    person = Backend("person", "blazepose", BackendOptions())
    for config, expected in (
        (AnalysisConfig(), ours),
        (AnalysisConfig(identity_model=str(root / "a-fetched")), root / "a-fetched"),
    ):
        chosen = choose_identity(person, settings, config)
        assert isinstance(chosen.options, BackendOptions)
        assert (chosen.name, chosen.options.weights) == ("mobilenetv3", expected.resolve())
