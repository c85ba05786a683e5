"""How well a checkpoint finds pictures of people by sentences, and how well it writes captions.

May import: `engine.core`, `models.clothing`, this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.core.protocols import BackendOptions
from engine.core.types import FloatArray
from models.clothing.blip import BlipImageText
from models.training.blip_data import Pair, answers, open_picture, read_pairs
from models.training.blip_scores import REFERENCE, bleu, recall

_OPEN = 32
"""Pictures that are in memory at a time."""


def evaluate(data: Path, options: BackendOptions, *, layout: str = "auto", top: int = 16) -> dict[str, Any]:
    """Measure a checkpoint on a data set.

    Args:
        data: the data set, in a layout of `models.training.blip_data`.
        options: `weights` names the checkpoint.
        layout: of the data set, "auto" to look.
        top: likeliest pictures of each sentence that the matching head looks at, and the other way round.

    Returns:
        Plain figures, see `measure`, with the model's card and the published figures to put beside.

    Raises:
        FootageError: there are no pictures with sentences.
        ModelMissing: the checkpoint is not there.
    """
    pairs = read_pairs(data, layout)
    told = measure(pairs, options, top)
    return {**told, "model": asdict(BlipImageText.describe(options)), "reference": REFERENCE}


def measure(pairs: Sequence[Pair], options: BackendOptions, top: int) -> dict[str, Any]:
    """How a checkpoint does on pairs.

    Args:
        pairs: pictures with sentences; equal sentences, and sentences of one picture, answer one another.
        options: `weights` names the checkpoint.
        top: as above.

    Returns:
        "pictures" and "sentences"; "likeness": recall of pictures by their sentences, by embeddings alone, in percent;
        "matching": with the matching head's probability added for the likeliest `top`; "sentences_by_picture": the
        same two the other way round; "bleu" of captions against all sentences of a picture, None where nothing here
        writes captions.
    """
    model = BlipImageText(options)
    said_by, shown_by, right = answers(pairs)
    sentences, pictures = [pairs[row].sentence for row in said_by], [pairs[row].picture for row in shown_by]
    images = [model.encode_images([open_picture(path) for path in part]) for part in _parts(pictures)]
    texts = np.stack([model.encode_text(sentence) for sentence in sentences])
    likeness = texts @ np.concatenate(images).T
    asked = _likeliest(likeness, top) | _likeliest(likeness.T, top).T
    chances = _match(model, pictures, sentences, asked)
    said: dict[str, Any] = {"pictures": len(pictures), "sentences": len(sentences), "top": top}
    for name, scores, own, true, within in (
        ("", likeness, chances, right, _likeliest(likeness, top)),
        ("sentences_by_picture", likeness.T, chances.T, right.T, _likeliest(likeness.T, top)),
    ):
        # As in search: likeness from [-1, 1] to [0, 1], the probability added, those not looked at behind.
        added = np.where(within, (scores + 1) / 2 + own, (scores - 3) / 2)
        part = {"likeness": recall(scores, true), "matching": recall(added.astype(np.float32), true)}
        said |= {name: part} if name else part
    return {**said, "bleu": _bleu(model, pictures, sentences, right)}


def _likeliest(scores: FloatArray, top: int) -> NDArray[np.bool_]:
    """(T, P), the likeliest `top` of each row."""
    chosen = np.zeros(scores.shape, np.bool_)
    np.put_along_axis(chosen, np.argsort(-scores, axis=1, kind="stable")[:, :top], True, axis=1)
    return chosen


def _match(model: BlipImageText, pictures: list[Path], sentences: list[str], asked: NDArray[np.bool_]) -> FloatArray:
    """(T, P) float32 probability that a sentence fits a picture, 0 where it was not asked."""
    chances = np.zeros(asked.shape, np.float32)
    for column, path in enumerate(pictures):
        rows = np.flatnonzero(asked[:, column])
        if len(rows):
            chances[rows, column] = model.match_sentences(open_picture(path), [sentences[row] for row in rows])
    return chances


def _bleu(model: BlipImageText, pictures: list[Path], sentences: list[str], right: NDArray[np.bool_]) -> float | None:
    if model.caption_card is None:
        return None
    written = [caption for part in _parts(pictures) for caption in model.caption([open_picture(path) for path in part])]
    references = [[sentences[row] for row in np.flatnonzero(column)] for column in right.T]
    return bleu(written, references)


def _parts(pictures: list[Path]) -> list[list[Path]]:
    return [pictures[start : start + _OPEN] for start in range(0, len(pictures), _OPEN)]
