"""Settings of the emotion network's training. The defaults are what the shipped network was trained with.

May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.config import Checked, number, whole
from engine.core.errors import ConfigError

PRECISIONS = ("bfloat16", "float32")


@dataclass(frozen=True, kw_only=True)
class EmotionTrainConfig(Checked):
    """Everything that decides what a training makes of its faces."""

    seed: int = whole(7, 0, 2**31 - 1, "", "Where chance starts.")
    epochs: int = whole(34, 1, 2000, "epochs", "Times the faces are gone through at first.")
    small_epochs: int = whole(12, 0, 2000, "epochs", "First epochs on small faces: quicker, nearly as good.")
    small_side: int = whole(32, 16, 48, "px", "Side of the small faces; an even number.")
    middle_epochs: int = whole(12, 0, 2000, "epochs", "Epochs after those, on faces of middling size.")
    middle_side: int = whole(40, 16, 48, "px", "Side of the middling faces; an even number.")
    decay_epochs: int = whole(12, 0, 2000, "epochs", "Last of them, over which the learning rate falls to nothing.")
    more_epochs: int = whole(17, 0, 2000, "epochs", "Epochs after those: the learning rate leaps up and falls again.")
    more_rate: float = number(0.5, 0.0, 1.0, "", "Where it leaps to, as a share of the highest.")
    warmup: float = number(0.5, 0.0, 50.0, "epochs", "First epochs over which the learning rate rises.")
    width: int = whole(
        32, 4, 256, "channels", "Channels of the network's first stage; each later one has twice as many."
    )
    batch: int = whole(128, 4, 4096, "faces", "Faces a step; an even number.")
    learning_rate: float = number(0.005, 1e-5, 1.0, "", "Highest learning rate.")
    momentum: float = number(0.95, 0.0, 0.999, "", "Momentum.")
    weight_decay: float = number(0.05, 0.0, 1.0, "", "Pull of the weights towards 0.")
    average: float = number(0.998, 0.0, 0.99999, "", "Share of the averaged weights kept at each step.")
    held_out: float = number(0.05, 0.01, 0.5, "", "Share of the training faces kept for choosing and the temperature.")
    smoothing: float = number(0.1, 0.0, 0.5, "", "Share of each label spread over all classes.")
    balance: float = number(0.3, 0.0, 1.0, "", "Weight of rare classes: frequency to the power of minus this.")
    mixup: float = number(0.2, 0.0, 1.0, "", "Share of steps that mix faces in pairs.")
    rotation: float = number(8.0, 0.0, 45.0, "degrees", "Standard deviation of random turns.")
    scale: float = number(0.09, 0.0, 0.5, "", "Standard deviation of the random size, as a logarithm.")
    shift: float = number(0.05, 0.0, 0.3, "", "Standard deviation of random shifts, as a share of the side.")
    coarse: float = number(0.1, 0.0, 1.0, "", "Share of faces shown as if they had been smaller.")
    erase: float = number(0.25, 0.0, 1.0, "", "Share of faces with a rectangle erased.")
    dropout: float = number(0.1, 0.0, 0.9, "", "Share of features dropped before the last layer.")
    precision: str = "bfloat16"

    @property
    def all_epochs(self) -> int:
        """Times the faces are gone through in all."""
        return self.epochs + self.more_epochs

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.precision not in PRECISIONS:
            raise ConfigError(f"precision must be one of {', '.join(PRECISIONS)}, got {self.precision!r}.")
        for name in ("batch", "small_side", "middle_side"):
            if getattr(self, name) % 2:
                raise ConfigError(f"{name} must be an even number, got {getattr(self, name)}.")
