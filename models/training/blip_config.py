"""Settings of the fine-tuning of BLIP on pictures of people with sentences.

May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.config import Checked, number, whole
from engine.core.errors import ConfigError

LAYOUTS = ("auto", "folder", "peta", "deepfashion")


@dataclass(frozen=True, kw_only=True)
class BlipTrainConfig(Checked):
    """Where a training reads and writes, and everything that decides what it makes of its pictures.

    Paths are absolute, or start from the folder of the file that names them.
    """

    data: str = ""
    layout: str = "auto"
    retrieval: str = ""
    captioning: str = ""
    out: str = ""
    seed: int = whole(7, 0, 2**31 - 1, "", "Where chance starts.")
    epochs: int = whole(10, 1, 1000, "epochs", "Times the pictures are gone through at most.")
    patience: int = whole(3, 1, 1000, "epochs", "Epochs without getting better after which it stops.")
    batch: int = whole(16, 2, 512, "pictures", "Pictures a step; the others of a step are each one's wrong answers.")
    learning_rate: float = number(1e-5, 1e-7, 1.0, "", "Highest learning rate.")
    weight_decay: float = number(0.05, 0.0, 1.0, "", "Pull of the weights towards 0.")
    warmup: float = number(0.05, 0.0, 0.9, "", "Share of all steps over which the learning rate rises.")
    held_out: float = number(0.1, 0.01, 0.5, "", "Share of the people or pictures that is kept for choosing.")
    momentum: float = number(0.995, 0.0, 0.99999, "", "Share of itself that a momentum encoder keeps each step.")
    queue: int = whole(4096, 0, 1 << 20, "pictures", "Earlier pictures that count as wrong answers too.")
    alpha: float = number(0.4, 0.0, 1.0, "", "Share of the contrastive target that the momentum encoders say.")
    temperature: float = number(0.07, 0.001, 0.5, "", "What likenesses are divided by at first; it is learned.")
    smoothing: float = number(0.1, 0.0, 0.5, "", "Share of the next word's target spread over all words.")
    caption_tokens: int = whole(60, 8, 512, "tokens", "Longer sentences are cut off.")
    crop: float = number(0.85, 0.3, 1.0, "", "Pictures are cut down to no less than this share of each side.")
    light: float = number(0.1, 0.0, 0.5, "", "They become lighter or darker by up to this share; colours stay.")
    top: int = whole(16, 1, 1000, "pictures", "Likeliest pictures that the matching head looks at when measuring.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("data", "retrieval", "captioning", "out"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ConfigError(f"{name} must name a folder, got {value!r}. Put it into the file of settings.")
        if self.layout not in LAYOUTS:
            raise ConfigError(f"layout must be one of {', '.join(LAYOUTS)}, got {self.layout!r}.")
