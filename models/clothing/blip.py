"""Pictures of people against sentences, by BLIP: embeddings for the shortlist, the matching head, captions.

A checkpoint is a folder as `save_pretrained` writes it. What writes captions lies in its folder `captioning`, or in a
folder beside it. May import: `engine.core`, `models.checkpoint`, this room; loads torch and transformers when built.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image
from models.checkpoint import (
    CONFIG,
    OURS,
    checkpoint_card,
    checkpoint_folder,
    compute_device,
    load_checkpoint,
    torch_threads,
)

REVISION = "1"
"""Changed whenever the same pictures may give other answers."""

RETRIEVAL, CAPTIONING = "BlipForImageTextRetrieval", "BlipForConditionalGeneration"
"""What a checkpoint's config names as its architecture."""

CAPTIONS = "captioning"
"""Folder inside a checkpoint with what writes captions."""

_KIND = "clothing checkpoint"
_FETCH = "Run `python -m engine models fetch {name}`, or train one with `python -m engine train blip`."

_BATCH = 8
_KEPT = 64
"""Pictures whose patches are remembered: what was just embedded, or asked about, is matched without looking again."""

_BEAMS, _SHORTEST, _LONGEST = 3, 5, 64
"""How captions are written: width of the search, tokens at least and at most, the prompt with them."""


class BlipImageText:
    """Compares pictures with sentences.

    Args:
        options: `weights` is the folder of a checkpoint that compares pictures with sentences; threads.

    Raises:
        ModelMissing: there is no such checkpoint, or not all of it.
        ModelError: it cannot be read, or is of another kind.

    Source: Li et al. 2022, arXiv 2201.12086; first tokens as in the code published with it, see `blip_text`.
    """

    def __init__(self, options: BackendOptions) -> None:
        from models.clothing.blip_text import BlipText

        folder = _folder(options)
        self._threads = options.threads
        self._network, self._processor = load_checkpoint(RETRIEVAL, folder)
        self._text = BlipText(folder, self._network.config)
        self._captions = captions_folder(folder)
        self._writer: tuple[Any, Any, Any] | None = None
        self._patches: OrderedDict[bytes, Any] = OrderedDict()
        self.card = self.describe(options)
        self.caption_card = self.describe_captions(options)

    @classmethod
    def describe(cls, options: BackendOptions) -> ModelCard:
        """The card of what compares, without loading it; its version holds the backend that prepares pictures.

        Raises:
            ModelMissing: there is no such checkpoint, or not all of it.
        """
        return checkpoint_card("blip", _folder(options), REVISION)

    @classmethod
    def describe_captions(cls, options: BackendOptions) -> ModelCard | None:
        """The card of what writes captions, None where there is none."""
        folder = captions_folder(_folder(options))
        return None if folder is None else checkpoint_card("blip", folder, f"{REVISION} {_BEAMS} {_LONGEST}")

    @classmethod
    def find(cls, root: Path) -> list[Path]:
        """Checkpoint folders in `root` that compare pictures with sentences: those trained here first, then by name."""
        if not root.is_dir():
            return []
        found = [folder for folder in sorted(root.iterdir()) if architecture(folder) == RETRIEVAL]
        return sorted(found, key=lambda folder: not (folder / OURS).is_file())

    def encode_images(self, crops: Sequence[Image]) -> FloatArray:
        """Embeddings (N, D) float32 of pictures, rows of length 1.

        Args:
            crops: N times (H, W, 3) uint8 RGB, of any sizes.

        Raises:
            ModelError: the network fails, or answers no numbers.
        """
        import torch

        size = int(self._network.config.image_text_hidden_size)
        rows = [np.zeros((0, size), np.float32)]
        for batch in _batches(crops):
            with torch.inference_mode(), torch_threads(self._threads):
                seen = self._see(batch)
                rows.append(_unit(self._network.vision_proj(seen[:, 0])))
        return np.concatenate(rows)

    def encode_text(self, text: str) -> FloatArray:
        """Embedding (D,) float32 of a sentence of English, of length 1.

        Raises:
            ModelError: the network fails, or answers no numbers.
        """
        import torch

        tokens, mask = (each.to(compute_device()) for each in self._text.tokens([text]))
        with torch.inference_mode(), torch_threads(self._threads):
            states = self._network.text_encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
            return np.asarray(_unit(self._network.text_proj(states[:, 0]))[0], np.float32)

    def match(self, crops: Sequence[Image], text: str) -> FloatArray:
        """Probability (N,) float32 that each picture shows what the sentence says, by the matching head.

        Args:
            crops: N times (H, W, 3) uint8 RGB, of any sizes.
            text: a sentence of English.

        Raises:
            ModelError: the network fails, or answers no numbers.
        """
        import torch

        tokens, mask = self._text.tokens([text])
        rows = [np.zeros(0, np.float32)]
        for batch in _batches(crops):
            with torch.inference_mode(), torch_threads(self._threads):
                rows.append(self._compare(self._see(batch), tokens.repeat(len(batch), 1), mask.repeat(len(batch), 1)))
        return np.concatenate(rows)

    def match_sentences(self, crop: Image, sentences: Sequence[str]) -> FloatArray:
        """Probability (T,) float32 that a picture shows what each sentence says; the picture is looked at once."""
        import torch

        rows = [np.zeros(0, np.float32)]
        for start in range(0, len(sentences), _BATCH):
            tokens, mask = self._text.tokens(sentences[start : start + _BATCH])
            with torch.inference_mode(), torch_threads(self._threads):
                rows.append(self._compare(self._see([crop]).repeat(len(tokens), 1, 1), tokens, mask))
        return np.concatenate(rows)

    def _compare(self, seen: Any, tokens: Any, mask: Any) -> FloatArray:
        """Probability (B,) that pictures fit sentences, row by row."""
        import torch

        states = self._network.text_encoder(
            input_ids=self._text.to_compare(tokens).to(seen.device),
            attention_mask=mask.to(seen.device),
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long, device=seen.device),
        ).last_hidden_state
        return _checked(torch.softmax(self._network.itm_head(states[:, 0]).float(), dim=-1)[:, 1])

    def caption(self, crops: Sequence[Image]) -> list[str]:
        """A sentence for each picture, by beam search; it goes on from the prompt and is told without it.

        Raises:
            ModelMissing: there is nothing that writes captions.
            ModelError: what there is cannot be read, or fails.
        """
        import torch

        from models.clothing.blip_text import PROMPT

        if not len(crops):
            return []
        network, processor, text = self._load_writer()
        tokens, mask = text.tokens([PROMPT])
        written: list[str] = []
        for batch in _batches(crops):
            pixels = processor(batch, return_tensors="pt")["pixel_values"].to(compute_device())
            with torch.inference_mode(), torch_threads(self._threads):
                answers = network.generate(
                    pixel_values=pixels,
                    input_ids=tokens.repeat(len(batch), 1).to(pixels.device),
                    attention_mask=mask.repeat(len(batch), 1).to(pixels.device),
                    num_beams=_BEAMS,
                    do_sample=False,
                    min_length=_SHORTEST,
                    max_length=min(_LONGEST, text.longest),
                )
            written += [text.sentence(answer) for answer in answers]
        return written

    def _load_writer(self) -> tuple[Any, Any, Any]:
        """Network, processor and tokens of what writes captions; loaded when it is first asked."""
        from models.clothing.blip_text import BlipText

        if self._writer is None:
            if self._captions is None:
                fetch = _FETCH.format(name="blip-image-captioning-base")
                raise ModelMissing(f"There is no model here that writes captions. {fetch}")
            network, processor = load_checkpoint(CAPTIONING, self._captions)
            self._writer = network, processor, BlipText(self._captions, network.config)
        return self._writer

    def _see(self, batch: Sequence[Image]) -> Any:
        """What the vision encoder makes of pictures, (B, P, V); remembered for a while."""
        import torch

        names = [_name(crop) for crop in batch]
        fresh = {name: crop for name, crop in zip(names, batch, strict=True) if name not in self._patches}
        found = {name: self._patches[name] for name in names if name in self._patches}
        if fresh:
            pixels = self._processor(list(fresh.values()), return_tensors="pt")["pixel_values"]
            states = self._network.vision_model(pixel_values=pixels.to(compute_device())).last_hidden_state
            found |= dict(zip(fresh, states, strict=True))
        for name in names:
            self._patches[name] = found[name]
            self._patches.move_to_end(name)
        while len(self._patches) > _KEPT:
            self._patches.popitem(last=False)
        return torch.stack([found[name] for name in names])


def architecture(folder: Path) -> str:
    """What a checkpoint folder holds, as its config names it; "" where that cannot be told."""
    try:
        named = json.loads((folder / CONFIG).read_text("utf-8")).get("architectures")
        return str(named[0]) if named else ""
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return ""


def captions_folder(folder: Path) -> Path | None:
    """What writes captions for a checkpoint: its own part, else the first folder beside it that can; None for none."""
    places = [folder / CAPTIONS, *sorted(folder.parent.iterdir())]
    return next((place for place in places if architecture(place) == CAPTIONING), None)


def _folder(options: BackendOptions) -> Path:
    """The checkpoint's folder with everything that is needed.

    Raises:
        ModelMissing: there is none, or a file is missing.
    """
    try:
        folder = checkpoint_folder(options, _KIND)
    except ModelMissing as error:
        fetch = _FETCH.format(name="blip-itm-base-coco")
        raise ModelMissing(f"{error.user_message} {fetch}") from error
    if architecture(folder) != RETRIEVAL:
        fetch = _FETCH.format(name="blip-itm-base-coco")
        raise ModelMissing(f"The checkpoint {folder.name} does not compare pictures with sentences. {fetch}")
    return folder


def _batches(crops: Sequence[Image]) -> list[list[Image]]:
    for crop in crops:
        if crop.ndim != 3 or crop.shape[2] != 3 or crop.dtype != np.uint8 or not crop.size:
            raise ValueError(f"crops must be (H, W, 3) uint8 and not empty, got {crop.shape} {crop.dtype}")
    return [list(crops[start : start + _BATCH]) for start in range(0, len(crops), _BATCH)]


def _name(crop: Image) -> bytes:
    """What a picture is remembered by."""
    told = hashlib.blake2b(repr(crop.shape).encode(), digest_size=16)
    told.update(np.ascontiguousarray(crop).tobytes())
    return told.digest()


def _unit(vectors: Any) -> FloatArray:
    import torch

    return _checked(torch.nn.functional.normalize(vectors.float(), dim=-1))


def _checked(values: Any) -> FloatArray:
    answers: FloatArray = values.cpu().numpy()
    if not np.isfinite(answers).all():
        raise ModelError("The clothing network answers no numbers: its weights are broken. Fetch it again.")
    return answers
