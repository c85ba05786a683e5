"""BLIP in training: one vision encoder, a text encoder that compares, a text decoder that writes. Imports torch.

May import: `engine.core`, `models.checkpoint`, `models.clothing`, this room.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image as Pillow
from PIL import ImageEnhance
from torch import Tensor
from torch.nn import functional

from engine.core.types import Image
from models.checkpoint import compute_device
from models.clothing.blip_text import PROMPT, BlipText
from models.training.blip_config import BlipTrainConfig
from models.training.blip_data import Pair, open_picture
from models.training.blip_losses import (
    Queue,
    contrastive,
    follow,
    hard_negatives,
    next_words,
    same,
)
from models.training.rates import rise_and_fall

_HOTTEST, _COLDEST = 0.5, 0.001


@dataclass(frozen=True, slots=True)
class Networks:
    """What is trained, and what prepares its inputs.

    Attributes:
        retrieval: the network that compares, with the vision encoder.
        decoder: the text decoder of the network that writes.
        processor: prepares pictures.
        text: prepares sentences.
    """

    retrieval: Any
    decoder: Any
    processor: Any
    text: BlipText


@dataclass(frozen=True, slots=True)
class Losses:
    """Mean losses of an epoch, or of the pictures held out.

    Attributes:
        contrastive: pictures and sentences are told apart.
        matching: a picture and a sentence fit.
        writing: the next word.
    """

    contrastive: float
    matching: float
    writing: float

    @property
    def total(self) -> float:
        """Their sum."""
        return self.contrastive + self.matching + self.writing


class Trainer:
    """Networks that are being trained; restored ones go on as if they had never been interrupted.

    Args:
        networks: where it starts.
        pairs: what it learns from.
        config: how.
    """

    def __init__(self, networks: Networks, pairs: Sequence[Pair], config: BlipTrainConfig) -> None:
        self.networks = networks
        self.epoch = 0
        self._config = config
        self._pairs = list(pairs)
        self._ids = ids_of(pairs)
        self._steps = max(1, math.ceil(len(pairs) / config.batch))
        self._device = compute_device()
        generator = torch.Generator().manual_seed(config.seed)
        model = networks.retrieval
        self._leaders = [model.vision_model, model.vision_proj, model.text_encoder, model.text_proj]
        self._followers = [copy.deepcopy(part).requires_grad_(False).eval() for part in self._leaders]
        self._queue = Queue(config.queue, int(model.config.image_text_hidden_size), generator, self._device)
        self._temperature = torch.nn.Parameter(torch.tensor(config.temperature, device=self._device))
        weights = [*model.parameters(), *networks.decoder.parameters()]
        groups = [
            {"params": [weight for weight in weights if weight.ndim > 1], "weight_decay": config.weight_decay},
            {"params": [*(w for w in weights if w.ndim <= 1), self._temperature], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=config.learning_rate)

    def run_epoch(self) -> Losses:
        """Go through all pairs once.

        Returns:
            Mean losses of the steps.
        """
        rng = np.random.default_rng((self._config.seed, self.epoch))
        torch.manual_seed(int(rng.integers(2**31)))
        order = rng.permutation(len(self._pairs))
        self.networks.retrieval.train()
        self.networks.decoder.train()
        told = []
        for step in range(self._steps):
            rows = order[step * self._config.batch : (step + 1) * self._config.batch]
            at = self.epoch * self._steps + step
            self._set_rate(at)
            told.append(self._step([int(row) for row in rows], min(1.0, at / self._steps)))
        self.epoch += 1
        return Losses(*(float(value) for value in np.mean(told, axis=0)))

    def _step(self, rows: list[int], ramp: float) -> tuple[float, float, float]:
        pictures = [self._shown(row) for row in rows]
        sentences = [self._pairs[row].sentence for row in rows]
        ids = self._ids[:, rows].to(self._device)
        self._optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            self._temperature.clamp_(_COLDEST, _HOTTEST)
        losses = self._losses(pictures, sentences, ids, ramp * self._config.alpha)
        torch.stack(losses).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([w for group in self._optimizer.param_groups for w in group["params"]], 1.0)
        self._optimizer.step()
        first, second, third = (float(loss.detach()) for loss in losses)
        return first, second, third

    def _losses(self, pictures: list[Image], sentences: list[str], ids: Tensor, alpha: float) -> list[Tensor]:
        model, text, device = self.networks.retrieval, self.networks.text, self._device
        pixels = self.networks.processor(pictures, return_tensors="pt")["pixel_values"].to(device)
        tokens, mask = (each.to(device) for each in text.tokens(sentences, self._config.caption_tokens))
        seen = model.vision_model(pixel_values=pixels).last_hidden_state
        image = _unit(model.vision_proj(seen[:, 0]))
        words = model.text_encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        sentence = _unit(model.text_proj(words[:, 0]))
        slow_image, slow_sentence = self._follow(pixels, tokens, mask)
        images = torch.cat([slow_image, self._queue.images])
        texts = torch.cat([slow_sentence, self._queue.texts])
        right = same(ids, torch.cat([ids, self._queue.ids], dim=1))
        heat = self._temperature
        ways = ((image, slow_image, texts), (sentence, slow_sentence, images))
        told = [contrastive(own @ others.T / heat, slow @ others.T / heat, right, alpha) for own, slow, others in ways]
        self._queue.push(slow_image, slow_sentence, ids)
        likeness = (image @ sentence.T / heat).detach()
        return [
            (told[0] + told[1]) / 2,
            self._matching(seen, tokens, mask, likeness, same(ids, ids)),
            self._writing(seen, sentences),
        ]

    @torch.no_grad()
    def _follow(self, pixels: Tensor, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """What the momentum encoders make of a batch, once they have followed."""
        follow(self._leaders, self._followers, self._config.momentum)
        eye, eye_out, reader, reader_out = self._followers
        image = _unit(eye_out(eye(pixel_values=pixels).last_hidden_state[:, 0]))
        return image, _unit(reader_out(reader(input_ids=tokens, attention_mask=mask).last_hidden_state[:, 0]))

    def _matching(self, seen: Tensor, tokens: Tensor, mask: Tensor, likeness: Tensor, right: Tensor) -> Tensor:
        """Each pair against the picture, and against the sentence, that is most easily taken for its own."""
        texts, pictures = hard_negatives(likeness.T, right.T)
        images, sentences = hard_negatives(likeness, right)
        whole = torch.arange(len(seen), device=seen.device)
        which = torch.cat([whole, pictures, images])
        said = torch.cat([whole, texts, sentences])
        states = self._compare(seen[which], tokens[said], mask[said])
        answers = torch.zeros(len(which), dtype=torch.long, device=seen.device)
        answers[: len(whole)] = 1
        return functional.cross_entropy(self.networks.retrieval.itm_head(states[:, 0]).float(), answers)

    def _compare(self, seen: Tensor, tokens: Tensor, mask: Tensor) -> Tensor:
        states: Tensor = self.networks.retrieval.text_encoder(
            input_ids=self.networks.text.to_compare(tokens),
            attention_mask=mask,
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long, device=seen.device),
        ).last_hidden_state
        return states

    def _writing(self, seen: Tensor, sentences: list[str]) -> Tensor:
        text = self.networks.text
        told = text.tokens([PROMPT + sentence for sentence in sentences], self._config.caption_tokens)
        tokens, mask = (each.to(seen.device) for each in told)
        tokens = text.to_write(tokens)
        logits = self.networks.decoder(
            input_ids=tokens,
            attention_mask=mask,
            encoder_hidden_states=seen,
            encoder_attention_mask=torch.ones(seen.shape[:2], dtype=torch.long, device=seen.device),
        ).logits
        smoothing = self._config.smoothing if self.networks.decoder.training else 0.0
        return next_words(logits, tokens, mask, text.prompt_length, smoothing)

    def _shown(self, row: int) -> Image:
        # Its own chance for every picture of every epoch: the order of steps changes nothing.
        rng = np.random.default_rng((self._config.seed, self.epoch, row))
        return vary(open_picture(self._pairs[row].picture), self._config, rng)

    def _set_rate(self, step: int) -> None:
        share = rise_and_fall(step, self._config.epochs * self._steps, self._config.warmup)
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.learning_rate * share

    @torch.inference_mode()
    def check(self, pairs: Sequence[Pair]) -> tuple[Losses, Tensor]:
        """Other pairs, as they are.

        Returns:
            Mean losses (the contrastive one within batches), and likeness (N, N) of each sentence to each picture.
        """
        self.networks.retrieval.eval()
        self.networks.decoder.eval()
        model, text, ids = self.networks.retrieval, self.networks.text, ids_of(pairs)
        images, sentences, told, weights = [], [], [], []
        for start in range(0, len(pairs), self._config.batch):
            batch = pairs[start : start + self._config.batch]
            pictures = [open_picture(pair.picture) for pair in batch]
            pixels = self.networks.processor(pictures, return_tensors="pt")["pixel_values"].to(self._device)
            own = [pair.sentence for pair in batch]
            tokens, mask = (each.to(self._device) for each in text.tokens(own, self._config.caption_tokens))
            seen = model.vision_model(pixel_values=pixels).last_hidden_state
            images.append(_unit(model.vision_proj(seen[:, 0])))
            states = model.text_encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
            sentences.append(_unit(model.text_proj(states[:, 0])))
            here = ids[:, start : start + len(batch)].to(self._device)
            right, logits = same(here, here), images[-1] @ sentences[-1].T / self._temperature
            both = contrastive(logits, logits, right, 0.0) + contrastive(logits.T, logits.T, right, 0.0)
            # The same chance every time: epochs are compared by it.
            torch.manual_seed(self._config.seed)
            match = self._matching(seen, tokens, mask, logits, right)
            told.append([float(both) / 2, float(match), float(self._writing(seen, own))])
            weights.append(len(batch))
        likeness = torch.cat(sentences) @ torch.cat(images).T
        return Losses(*(float(value) for value in np.average(told, axis=0, weights=weights))), likeness.cpu()

    def state(self) -> dict[str, Any]:
        """What it takes to go on."""
        return {
            "epoch": self.epoch,
            "retrieval": self.networks.retrieval.state_dict(),
            "decoder": self.networks.decoder.state_dict(),
            "followers": [part.state_dict() for part in self._followers],
            "queue": self._queue.state(),
            "temperature": self._temperature.detach(),
            "optimizer": self._optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state of the same training."""
        self.epoch = int(state["epoch"])
        self.networks.retrieval.load_state_dict(state["retrieval"])
        self.networks.decoder.load_state_dict(state["decoder"])
        for part, saved in zip(self._followers, state["followers"], strict=True):
            part.load_state_dict(saved)
        self._queue.restore(state["queue"])
        with torch.no_grad():
            self._temperature.copy_(state["temperature"])
        self._optimizer.load_state_dict(state["optimizer"])


def ids_of(pairs: Sequence[Pair]) -> Tensor:
    """(2, N) int64: numbers of pictures and of sentences; the same number for the same."""
    columns = []
    for values in ([pair.picture.as_posix() for pair in pairs], [pair.sentence.lower() for pair in pairs]):
        numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
        columns.append([numbers[value] for value in values])
    return torch.tensor(columns, dtype=torch.long)


def vary(picture: Image, config: BlipTrainConfig, rng: np.random.Generator) -> Image:
    """A varied copy: mirrored or not, cut down a little, lighter or darker. Colours are what is learned, so they stay.

    Args:
        picture: (H, W, 3) uint8 RGB.
        config: how far it may be varied.
        rng: draws evenly within the bounds.
    """
    height, width = picture.shape[:2]
    share = rng.uniform(config.crop, 1.0, 2)
    high, wide = max(1, round(height * share[0])), max(1, round(width * share[1]))
    top, left = int(rng.integers(height - high + 1)), int(rng.integers(width - wide + 1))
    cut = picture[top : top + high, left : left + wide]
    if rng.random() < 0.5:
        cut = cut[:, ::-1]
    lit = ImageEnhance.Brightness(Pillow.fromarray(np.ascontiguousarray(cut))).enhance(
        1.0 + float(rng.uniform(-config.light, config.light))
    )
    return np.asarray(lit, np.uint8)


def _unit(vectors: Tensor) -> Tensor:
    return functional.normalize(vectors, dim=-1)
