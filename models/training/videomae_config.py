"""Settings of the fine-tuning of a video classifier.

May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.config import Checked, number, whole
from engine.core.errors import ConfigError

ARCHITECTURES = ("videomae", "vivit")
COPIES = (1, 2, 4, 6)


@dataclass(frozen=True, kw_only=True)
class VideoTrainConfig(Checked):
    """Everything that decides what a training makes of its clips."""

    architecture: str = "videomae"
    seed: int = whole(7, 0, 2**31 - 1, "", "Where chance starts.")
    epochs: int = whole(20, 1, 1000, "epochs", "Times the clips are gone through at most.")
    patience: int = whole(5, 1, 1000, "epochs", "Epochs without getting better after which it stops.")
    batch: int = whole(4, 1, 256, "clips", "Clips a step.")
    learning_rate: float = number(5e-5, 1e-7, 1.0, "", "Highest learning rate.")
    weight_decay: float = number(0.05, 0.0, 1.0, "", "Pull of the weights towards 0.")
    warmup: float = number(0.1, 0.0, 0.9, "", "Share of all steps over which the learning rate rises.")
    held_out: float = number(0.2, 0.05, 0.5, "", "Share of each label's files that is kept for choosing.")
    window_s: float = number(2.0, 0.5, 30.0, "s", "Long files are cut into clips of this length.")
    step_s: float = number(1.0, 0.1, 30.0, "s", "From the start of a clip to that of the next.")
    copies: int = whole(4, 1, 6, "times", "Times each clip is shown in an epoch, all but one varied: 1, 2, 4 or 6.")
    rotation: float = number(10.0, 0.0, 45.0, "degrees", "Clips are turned by up to this much.")
    brightness: float = number(50.0, 0.0, 128.0, "levels", "They become lighter or darker by up to this much.")
    colour: float = number(30.0, 0.0, 128.0, "levels", "Red, green and blue are shifted by up to this much each.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.architecture not in ARCHITECTURES:
            raise ConfigError(f"architecture must be one of {', '.join(ARCHITECTURES)}, got {self.architecture!r}.")
        if self.copies not in COPIES:
            raise ConfigError(f"copies must be one of {', '.join(map(str, COPIES))}, got {self.copies}.")
