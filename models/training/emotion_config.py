"""Settings of the emotion network's training. The defaults are what the shipped network was trained with.

May import: `engine.core`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from engine.core.config import Checked, number, whole
from engine.core.errors import ConfigError

PRECISIONS = ("bfloat16", "float32")


@dataclass(frozen=True, kw_only=True)
class EmotionTrainConfig(Checked):
    """Everything that decides what a training makes of its faces."""

    seed: int = whole(7, 0, 2**31 - 1, "", "Where chance starts.")
    epochs: int = whole(80, 1, 2000, "epochs", "Times the faces are gone through.")
    small_epochs: int = whole(20, 0, 2000, "epochs", "First epochs on scaled-down faces: quicker, nearly as good.")
    small_side: int = whole(32, 16, 48, "px", "Side of the scaled-down faces; an even number.")
    decay_epochs: int = whole(24, 0, 2000, "epochs", "Last epochs over which the learning rate falls to nothing.")
    warmup: float = number(1.0, 0.0, 50.0, "epochs", "First epochs over which the learning rate rises.")
    batch: int = whole(128, 4, 4096, "faces", "Faces a step; an even number.")
    learning_rate: float = number(0.1, 1e-5, 2.0, "", "Highest learning rate of Nesterov momentum.")
    momentum: float = number(0.9, 0.0, 0.999, "", "Momentum.")
    weight_decay: float = number(5e-4, 0.0, 0.1, "", "Pull of the weights towards 0.")
    average: float = number(0.998, 0.0, 0.99999, "", "Share of the averaged weights kept at each step.")
    held_out: float = number(0.05, 0.01, 0.5, "", "Share of the training faces kept for choosing and the temperature.")
    smoothing: float = number(0.1, 0.0, 0.5, "", "Share of each label spread over all classes.")
    balance: float = number(0.3, 0.0, 1.0, "", "Weight of rare classes: frequency to the power of minus this.")
    mixup: float = number(0.3, 0.0, 1.0, "", "Share of steps that mix faces in pairs.")
    rotation: float = number(8.0, 0.0, 45.0, "degrees", "Standard deviation of random turns.")
    scale: float = number(0.09, 0.0, 0.5, "", "Standard deviation of the random size, as a logarithm.")
    shift: float = number(0.05, 0.0, 0.3, "", "Standard deviation of random shifts, as a share of the side.")
    coarse: float = number(0.15, 0.0, 1.0, "", "Share of faces shown as if they had been smaller.")
    erase: float = number(0.3, 0.0, 1.0, "", "Share of faces with a rectangle erased.")
    dropout: float = number(0.2, 0.0, 0.9, "", "Share of features dropped before the last layer.")
    precision: str = "bfloat16"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.precision not in PRECISIONS:
            raise ConfigError(f"precision must be one of {', '.join(PRECISIONS)}, got {self.precision!r}.")
        if self.batch % 2 or self.small_side % 2:
            raise ConfigError("batch and small_side must be even numbers.")


def load_config(file: Path | None) -> EmotionTrainConfig:
    """The settings in a TOML file; what it leaves out keeps its default.

    Raises:
        ConfigError: the file cannot be read, or holds an unknown name or a value out of bounds.
    """
    if file is None:
        return EmotionTrainConfig()
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}. Mend it or name another.") from error
    return EmotionTrainConfig.from_dict(values)
