"""BLIP as a back end, number for number against transformers called directly, on tiny checkpoints of chance weights."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.config import Settings
from engine.core.errors import ModelError, ModelMissing
from engine.core.image_text import ImageTextModel
from engine.core.protocols import BackendOptions
from engine.core.types import Image
from engine.tiers import choose_clothing_text
from models.clothing import blip
from models.clothing.blip import BlipImageText, captions_folder
from models.clothing.blip_text import PROMPT
from tests.models.clothing.tiny_blip import VOCABULARY, WORDS, write_checkpoints, write_processor

ASKED = "a man in a black shirt, blue jeans"
ENCODE, DECODE = len(VOCABULARY) + 1, len(VOCABULARY)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are only slowed down by more."""
    from models.checkpoint import torch_threads

    with torch_threads(1):
        yield


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clothing_text")
    write_checkpoints(folder)
    return folder


@pytest.fixture(scope="module")
def model(root: Path) -> BlipImageText:
    return BlipImageText(BackendOptions(threads=1, weights=root / "tiny-itm"))


@pytest.fixture(scope="module")
def direct(root: Path) -> tuple[Any, Any, Any, Any]:
    """Both networks, the image processor and the tokenizer, straight from transformers."""
    from transformers import AutoTokenizer, BlipForConditionalGeneration, BlipForImageTextRetrieval
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    itm, writer = root / "tiny-itm", root / "tiny-captioning"
    return (
        BlipForImageTextRetrieval.from_pretrained(itm).eval(),
        BlipForConditionalGeneration.from_pretrained(writer).eval(),
        BlipImageProcessorPil.from_pretrained(itm),
        AutoTokenizer.from_pretrained(itm),
    )


@pytest.fixture(scope="module")
def crops() -> list[Image]:
    rng = np.random.default_rng(2)
    return [rng.integers(0, 256, (int(h), int(w), 3), dtype=np.uint8) for h, w in rng.integers(20, 90, (11, 2))]


def test_it_plays_the_role(model: BlipImageText) -> None:
    assert isinstance(model, ImageTextModel)


def test_likeness_is_that_of_transformers(
    model: BlipImageText, direct: tuple[Any, Any, Any, Any], crops: list[Image]
) -> None:
    import torch

    network, _, processor, tokenizer = direct
    inputs = {**processor(crops, return_tensors="pt"), **tokenizer(ASKED, return_tensors="pt")}
    with torch.inference_mode():
        inputs.pop("token_type_ids", None)
        expected = network(**inputs, use_itm_head=False).itm_score[:, 0].numpy()
    vectors, asked = model.encode_images(crops), model.encode_text(ASKED)
    assert (vectors.shape, vectors.dtype, asked.shape) == ((11, 16), np.float32, (16,))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(vectors @ asked, expected, atol=2e-6)
    assert np.ptp(expected) > 1e-3


def test_matching_is_that_of_transformers_asked_with_enc(
    model: BlipImageText, direct: tuple[Any, Any, Any, Any], crops: list[Image]
) -> None:
    import torch

    network, _, processor, tokenizer = direct
    tokens = tokenizer([ASKED] * len(crops), return_tensors="pt")["input_ids"]
    tokens[:, 0] = ENCODE
    pixels = processor(crops, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        logits = network(input_ids=tokens, pixel_values=pixels).itm_score
        tokens[:, 0] = tokenizer.cls_token_id
        otherwise = network(input_ids=tokens, pixel_values=pixels).itm_score
    expected = torch.softmax(logits, dim=-1)[:, 1].numpy()
    np.testing.assert_allclose(model.match(crops, ASKED), expected, atol=2e-6)
    assert np.abs(torch.softmax(otherwise, dim=-1)[:, 1].numpy() - expected).max() > 1e-3


def test_captions_are_those_of_transformers(
    model: BlipImageText, direct: tuple[Any, Any, Any, Any], crops: list[Image]
) -> None:
    import torch

    _, network, processor, tokenizer = direct
    prompt = tokenizer([PROMPT] * 3, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        answers = network.generate(
            pixel_values=processor(crops[:3], return_tensors="pt")["pixel_values"],
            input_ids=prompt,
            num_beams=3,
            do_sample=False,
            min_length=5,
            max_length=48,
        )
    assert (answers[:, 0] == DECODE).all()
    whole = [tokenizer.decode(answer, skip_special_tokens=True) for answer in answers]
    assert all(sentence.startswith(PROMPT) for sentence in whole)
    assert model.caption(crops[:3]) == [sentence.removeprefix(PROMPT) for sentence in whole]


@pytest.mark.parametrize("count", [0, 1, 3, 8, 9])
def test_batches_change_nothing(model: BlipImageText, crops: list[Image], count: int) -> None:
    np.testing.assert_allclose(model.encode_images(crops[:count]), model.encode_images(crops)[:count], atol=2e-6)
    np.testing.assert_allclose(model.match(crops[:count], ASKED), model.match(crops, ASKED)[:count], atol=2e-6)


def test_one_picture_against_many_sentences(model: BlipImageText, crops: list[Image]) -> None:
    sentences = [ASKED, "a woman in a long red dress", "a hat"] * 4
    expected = [float(model.match([crops[0]], sentence)[0]) for sentence in sentences]
    np.testing.assert_allclose(model.match_sentences(crops[0], sentences), expected, atol=2e-6)


def test_what_was_embedded_is_matched_without_looking_again(
    model: BlipImageText, crops: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = [np.asarray(crop ^ 7, np.uint8) for crop in crops[:2]]
    model.encode_images(fresh)
    expected = model.match(fresh, ASKED)
    monkeypatch.setattr(model._network.vision_model, "forward", None)
    np.testing.assert_array_equal(model.match(fresh, ASKED), expected)
    with pytest.raises(TypeError):
        model.match([np.asarray(fresh[0] ^ 9, np.uint8)], ASKED)


def test_only_so_many_pictures_are_remembered(
    model: BlipImageText, crops: list[Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blip, "_KEPT", 3)
    expected = model.encode_images(crops)
    assert len(model._patches) == 3
    np.testing.assert_allclose(model.encode_images(crops), expected, atol=2e-6)


def test_pictures_are_not_changed(model: BlipImageText, crops: list[Image]) -> None:
    before = [crop.copy() for crop in crops[:2]]
    model.match(crops[:2], ASKED)
    assert all((crop == was).all() for crop, was in zip(crops, before, strict=False))


@pytest.mark.parametrize(
    "crop",
    [
        pytest.param(np.zeros((4, 4), np.uint8), id="grey"),
        pytest.param(np.zeros((4, 4, 3), np.float32), id="floats"),
        pytest.param(np.zeros((0, 4, 3), np.uint8), id="empty"),
    ],
)
def test_what_is_no_picture_is_refused(model: BlipImageText, crop: Any) -> None:
    with pytest.raises(ValueError, match="crops must be"):
        model.encode_images([crop])


def test_long_sentences_are_cut_where_the_network_ends(model: BlipImageText) -> None:
    assert np.isfinite(model.encode_text(" ".join(WORDS.split()) * 20)).all()


def test_the_version_holds_weights_words_and_what_prepares_pictures(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(root / "tiny-itm", folder)
    options = BackendOptions(weights=folder)
    first = BlipImageText.describe(options)
    assert (first.name, first.tier) == ("blip", "pretrained")
    config = folder / "preprocessor_config.json"
    config.write_text(config.read_text("utf-8").replace("0.48", "0.49"), "utf-8")
    second = BlipImageText.describe(options)
    monkeypatch.setattr("models.checkpoint.PICTURES", "torchvision")
    assert len({first.version, second.version, BlipImageText.describe(options).version}) == 3


def test_captions_come_from_the_folder_inside_or_beside(root: Path, tmp_path: Path) -> None:
    assert captions_folder(root / "tiny-itm") == root / "tiny-captioning"
    alone = tmp_path / "models" / "alone"
    shutil.copytree(root / "tiny-itm", alone)
    assert captions_folder(alone) is None
    lonely = BlipImageText(BackendOptions(threads=1, weights=alone))
    assert (lonely.caption_card, lonely.caption([])) == (None, [])
    with pytest.raises(ModelMissing, match="models fetch blip-image-captioning-base"):
        lonely.caption([np.zeros((9, 9, 3), np.uint8)])
    shutil.copytree(root / "tiny-captioning", alone / "captioning")
    assert captions_folder(alone) == alone / "captioning"


def test_a_missing_checkpoint_says_what_to_fetch(tmp_path: Path, root: Path) -> None:
    for weights in (None, tmp_path / "nowhere", root / "tiny-captioning"):
        with pytest.raises(ModelMissing, match="models fetch blip-itm-base-coco"):
            BlipImageText.describe(BackendOptions(weights=weights))


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_broken_checkpoint_is_told(root: Path, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(root / "tiny-itm", folder)
    text = '{"architectures": ["BlipForImageTextRetrieval"], "model_type": "blip", "text_config": 3}'
    (folder / broken).write_text(text if broken == "config.json" else "{", "utf-8")
    with pytest.raises(ModelError):
        BlipImageText(BackendOptions(weights=folder))


def test_pickles_are_never_read(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(root / "tiny-itm", folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelMissing, match="safetensors"):
        BlipImageText(BackendOptions(weights=folder))


def test_a_checkpoint_without_a_place_for_enc_is_asked_with_cls(tmp_path: Path) -> None:
    # The words fill the network: transformers' own way of asking is all there is.
    folder, _ = write_checkpoints(tmp_path, vocab_size=len(VOCABULARY) + 1)
    small = BlipImageText(BackendOptions(threads=1, weights=folder))
    assert small._text.encode_id == VOCABULARY.index("[CLS]")


def test_the_network_is_not_asked_for_anything(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    import transformers

    load = transformers.AutoTokenizer.from_pretrained

    def spy(*args: Any, **settings: Any) -> Any:
        seen.update(settings, offline=os.environ.get("HF_HUB_OFFLINE"))
        return load(*args, **settings)

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", spy)
    BlipImageText(BackendOptions(threads=1, weights=root / "tiny-itm"))
    assert (seen["offline"], seen["local_files_only"], seen["trust_remote_code"]) == ("1", True, False)
    assert "HF_HUB_OFFLINE" not in os.environ


class TestChoosing:
    """Which checkpoint answers; configs alone decide, nothing is loaded."""

    @staticmethod
    def put(settings: Settings, name: str, kind: str, *, trained: bool = False) -> None:
        folder = settings.models / "clothing_text" / name
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps({"architectures": [kind]}), "utf-8")
        if trained:
            (folder / "sightline.json").write_text("{}", "utf-8")

    def test_none_where_there_is_none(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path)
        assert choose_clothing_text(settings) is None
        self.put(settings, "writer", blip.CAPTIONING)
        (settings.models / "clothing_text" / "broken").mkdir()
        (settings.models / "clothing_text" / "broken" / "config.json").write_text("[", "utf-8")
        assert choose_clothing_text(settings) is None

    def test_trained_ones_come_first(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path, threads=3)
        self.put(settings, "a-fetched", blip.RETRIEVAL)
        first = choose_clothing_text(settings)
        assert first is not None
        assert first.options.weights == settings.models / "clothing_text" / "a-fetched"
        self.put(settings, "z-trained", blip.RETRIEVAL, trained=True)
        second = choose_clothing_text(settings)
        assert second is not None
        assert (second.task, second.name, second.options.threads) == ("clothing_text", "blip", 3)
        assert second.options.weights == settings.models / "clothing_text" / "z-trained"

    def test_the_embedded_profile_asks_none(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path)
        self.put(settings, "fetched", blip.RETRIEVAL)
        assert choose_clothing_text(settings, "embedded") is None


def test_a_tokenizer_of_another_network_is_refused(root: Path, tmp_path: Path) -> None:
    folder, _ = write_checkpoints(tmp_path, vocab_size=len(VOCABULARY) - 3, bos_token_id=5)
    write_processor(folder)
    with pytest.raises(ModelError, match="tokenizer"):
        BlipImageText(BackendOptions(weights=folder))
