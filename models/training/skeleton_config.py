"""Settings of the skeleton network's training. The defaults are what the shipped network was trained with.

May import: `engine.core`.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.config import Checked, number, whole


@dataclass(frozen=True, kw_only=True)
class SkeletonTrainConfig(Checked):
    """Everything that decides what a training makes of its skeletons."""

    seed: int = whole(7, 0, 2**31 - 1, "", "Where chance starts.")
    rate: float = number(3.0, 1.0, 30.0, "steps/s", "Joints are laid on an even grid of so many steps a second.")
    steps: int = whole(16, 8, 128, "steps", "Length of a window.")
    stride: int = whole(4, 1, 128, "steps", "From the start of a window to that of the next.")
    hidden: int = whole(64, 4, 512, "features", "Width of the network.")
    members: int = whole(3, 1, 32, "networks", "Networks whose answers are averaged.")
    checked_members: int = whole(1, 1, 32, "networks", "Networks averaged in cross-validation: fewer are quicker.")
    probes: int = whole(1, 0, 1, "", "1: also train without motion, without poses and without further normal bodies.")
    epochs: int = whole(24, 1, 2000, "epochs", "Times the windows are gone through.")
    shown: int = whole(1, 1, 100, "times", "Times the same random changes are shown: more is quicker.")
    batch: int = whole(64, 4, 4096, "windows", "Windows a step.")
    learning_rate: float = number(0.004, 1e-6, 1.0, "", "Highest learning rate.")
    weight_decay: float = number(0.05, 0.0, 10.0, "", "Pull of the weights towards 0.")
    dropout: float = number(0.4, 0.0, 0.9, "", "Share of features dropped.")
    smoothing: float = number(0.1, 0.0, 0.9, "", "Share of each label spread over all labels.")
    balance: float = number(1.0, 0.0, 1.0, "", "Weight of rare labels: frequency to the power of minus this.")
    stretch: float = number(0.06, 0.0, 1.0, "", "Spread of the picture's width: people seen more from the side.")
    turn: float = number(2.0, 0.0, 45.0, "degrees", "Spread of turns: cameras that hang askew.")
    lean: float = number(0.01, 0.0, 1.0, "", "Spread of shear.")
    tempo: float = number(0.08, 0.0, 1.0, "", "Spread of tempo.")
    bones: float = number(0.01, 0.0, 1.0, "", "Spread of the lengths of bones: other bodies, other pose networks.")
    exchange: float = number(
        0.2, 0.0, 1.0, "", "Share of windows given the typical bones of the other source, normal or not."
    )
    behind: float = number(0.0, 0.0, 1.0, "", "Share of bodies shown from behind: left and right exchanged.")
    jitter: float = number(0.005, 0.0, 1.0, "torsos", "Strongest noise on joints, step by step.")
    offset: float = number(0.0, 0.0, 1.0, "torsos", "Spread of joints' lasting displacement.")
    gaps: float = number(0.03, 0.0, 1.0, "", "Share of windows with steps lost and filled in on straight lines.")
    partial: float = number(0.03, 0.0, 1.0, "", "Share of windows cut short, and most joints that are hidden.")
