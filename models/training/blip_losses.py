"""The three losses of BLIP, and the momentum encoders and queue that the first of them needs. Imports torch.

Source: Li et al. 2022, arXiv 2201.12086, and the code published with it (`BLIP_Pretrain`, `BLIP_Retrieval`). Differs:
pictures with the same sentence, and sentences of the same picture, are never each other's wrong answers, neither in a
batch nor against the queue. May import: nothing of ours.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

NOBODY = -1
"""Stands in the queue where nothing has come in yet."""


class Queue:
    """Embeddings of earlier pictures and sentences, the oldest pushed out first.

    Args:
        length: how many are kept; 0 for none.
        size: of an embedding.
        generator: of the chance that it is filled with at first.
        device: where it lies.
    """

    def __init__(self, length: int, size: int, generator: torch.Generator, device: str) -> None:
        chance = torch.randn((2, length, size), generator=generator)
        self._rows = functional.normalize(chance, dim=-1).to(device)
        self._ids = torch.full((2, length), NOBODY, dtype=torch.long, device=device)
        self._next = 0

    @property
    def images(self) -> Tensor:
        """(Q, D) embeddings of pictures."""
        return self._rows[0]

    @property
    def texts(self) -> Tensor:
        """(Q, D) embeddings of sentences."""
        return self._rows[1]

    @property
    def ids(self) -> Tensor:
        """(2, Q) int64: the picture and the sentence of each row."""
        return self._ids

    @torch.no_grad()
    def push(self, images: Tensor, texts: Tensor, ids: Tensor) -> None:
        """Put a batch in.

        Args:
            images: (B, D), unit length.
            texts: likewise.
            ids: (2, B) int64.
        """
        length = self._rows.shape[1]
        if not length:
            return
        kept = slice(max(0, len(images) - length), None)
        rows = torch.stack([images[kept], texts[kept]])
        places = (self._next + torch.arange(rows.shape[1], device=rows.device)) % length
        self._rows[:, places] = rows
        self._ids[:, places] = ids[:, kept]
        self._next = int(self._next + rows.shape[1]) % length

    def state(self) -> dict[str, Any]:
        """What it takes to go on."""
        return {"rows": self._rows, "ids": self._ids, "next": self._next}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self._rows.copy_(state["rows"])
        self._ids.copy_(state["ids"])
        self._next = int(state["next"])


@torch.no_grad()
def follow(leaders: list[torch.nn.Module], followers: list[torch.nn.Module], momentum: float) -> None:
    """Draw the momentum encoders a little after those that learn."""
    for leader, follower in zip(leaders, followers, strict=True):
        for weight, slow in zip(leader.parameters(), follower.parameters(), strict=True):
            slow.mul_(momentum).add_(weight.detach(), alpha=1.0 - momentum)


def same(ids: Tensor, others: Tensor) -> Tensor:
    """Which pairs of rows belong together, (B, N) bool: one picture, or one sentence.

    Args:
        ids: (2, B) int64, picture and sentence.
        others: (2, N) int64; `NOBODY` belongs to nobody.
    """
    return (ids[:, :, None] == others[:, None, :]).any(dim=0)


def contrastive(likeness: Tensor, slow: Tensor, right: Tensor, alpha: float) -> Tensor:
    """Image-text contrastive loss in one direction, towards soft targets.

    Args:
        likeness: (B, N) logits of the encoders that learn.
        slow: (B, N) logits of the momentum encoders.
        right: (B, N) bool, right answers; at least one a row.
        alpha: share of the target that the momentum encoders say, in [0, 1].
    """
    hard = right.float() / right.sum(dim=1, keepdim=True)
    target = alpha * torch.softmax(slow.detach(), dim=1) + (1.0 - alpha) * hard
    return -(torch.log_softmax(likeness, dim=1) * target).sum(dim=1).mean()


@torch.no_grad()
def hard_negatives(likeness: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """A wrong answer for each row, the likelier the more alike.

    Args:
        likeness: (B, B) logits.
        right: (B, B) bool, right answers.

    Returns:
        Rows that have a wrong answer, and the wrong answer of each, (K,) int64, K <= B.
    """
    weights = (torch.softmax(likeness.float(), dim=1) + 1e-4).masked_fill(right, 0.0)
    rows = torch.nonzero(weights.sum(dim=1) > 0)[:, 0]
    if not len(rows):
        return rows, rows
    return rows, torch.multinomial(weights[rows], 1)[:, 0]


def next_words(logits: Tensor, tokens: Tensor, mask: Tensor, prompt: int, smoothing: float) -> Tensor:
    """Language-modelling loss: every token from those before it; the prompt is given, not learned.

    Args:
        logits: (B, T, V) of the decoder.
        tokens: (B, T) int64 as they were read.
        mask: (B, T), 0 where there is only filling.
        prompt: tokens of the prompt, the first one with it.
        smoothing: share of the target spread over all words.
    """
    targets = tokens.masked_fill(mask == 0, -100)
    targets[:, :prompt] = -100
    return functional.cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), targets[:, 1:].flatten(), label_smoothing=smoothing
    )
