"""Settings of the training of a network that tells people apart.

May import: `engine.core`, `models.identity`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.config import Checked, number, whole
from engine.core.errors import ConfigError
from models.identity.checkpoint import FAMILIES, family_of

LOSSES = ("triplet", "quadruplet")
MINING = ("hard", "semihard", "all")
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True, kw_only=True)
class ReidTrainConfig(Checked):
    """Everything that decides what a training makes of its pictures."""

    model: str = "mobilenetv3"
    architecture: str = ""
    cbam: bool = True
    loss: str = "triplet"
    mining: str = "all"
    precision: str = "auto"
    height: int = whole(256, 32, 1024, "px", "Height of the pictures the network sees.")
    width: int = whole(128, 16, 1024, "px", "Their width.")
    embedding: int = whole(256, 8, 4096, "numbers", "Length of the vectors.")
    seed: int = whole(7, 0, 2**31 - 1, "", "Where chance starts.")
    epochs: int = whole(60, 1, 1000, "epochs", "Times the pictures are gone through at most.")
    patience: int = whole(15, 1, 1000, "epochs", "Epochs without getting better after which it stops.")
    people: int = whole(16, 3, 256, "people", "Different people a step.")
    views: int = whole(4, 2, 64, "pictures", "Pictures of each of them.")
    learning_rate: float = number(1e-3, 1e-7, 1.0, "", "Highest learning rate.")
    weight_decay: float = number(0.01, 0.0, 1.0, "", "Pull of the weights towards 0.")
    warmup: float = number(0.1, 0.0, 0.9, "", "Share of all steps over which the learning rate rises.")
    margin: float = number(0.3, 0.0, 2.0, "", "How much farther another person must be than the same one.")
    push: float = number(0.15, 0.0, 2.0, "", "The same between two people who are both others; quadruplet only.")
    held_out: float = number(0.15, 0.02, 0.5, "", "Share of the people that is kept for choosing the best epoch.")
    flip: float = number(0.5, 0.0, 1.0, "", "Share of the pictures that are mirrored.")
    shift: float = number(0.05, 0.0, 0.3, "", "Pictures are moved by up to this share of each side.")
    light: float = number(0.2, 0.0, 0.8, "", "They become lighter or darker by up to this share.")
    colour: float = number(0.05, 0.0, 0.5, "", "Red, green and blue change by up to this share each.")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (
            ("model", tuple(FAMILIES)), ("loss", LOSSES), ("mining", MINING), ("precision", PRECISIONS),
        ):  # fmt: skip
            if getattr(self, name) not in known:
                raise ConfigError(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}.")
        if not isinstance(self.cbam, bool):
            raise ConfigError(f"cbam must be true or false, got {self.cbam!r}.")
        if self.architecture and family_of(self.architecture) != self.model:
            raise ConfigError(f"architecture must begin with {self.model}, got {self.architecture!r}.")
