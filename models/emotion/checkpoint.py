"""The emotion network's file: weights in half precision with what is needed to use them. Imports torch when called.

May import: `engine.core`, `models.emotion`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.config import canonical_json
from engine.core.errors import ModelError, ModelMissing
from models.emotion.fer import CLASSES, SIDE

if TYPE_CHECKING:
    from models.emotion.network import EmotionNet

FORMAT = "sightline-emotion/1"
"""Written into every file; another number is another layout."""

_KEY = "sightline"
# One entry only: the format keeps entries in no order, and the same network should be the same file.

SHIPPED = Path(__file__).parents[1] / "weights" / "emotion.safetensors"
"""The network that comes with the project."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file says beside its weights.

    Attributes:
        temperature: logits are divided by it, > 0.
        widths: channels of the network's stages.
        blocks: residual blocks of each stage.
    """

    temperature: float
    widths: tuple[int, ...]
    blocks: tuple[int, ...]


def save(network: EmotionNet, settings: Settings, path: Path) -> None:
    """Write a network in one piece: whoever reads sees the old file or the whole new one.

    Args:
        network: weights as they are used, on the CPU.
        settings: how they are used.
        path: of the `.safetensors` file; its folder exists.
    """
    from safetensors.torch import save as as_bytes

    tensors = {
        name: value.detach().half().contiguous()
        for name, value in network.state_dict().items()
        if value.is_floating_point()
    }
    about = {
        "format": FORMAT,
        "labels": CLASSES,
        "temperature": settings.temperature,
        "widths": settings.widths,
        "blocks": settings.blocks,
        "input": f"grey {SIDE}x{SIDE}, mean 0 and contrast 1 picture by picture; framing in models/emotion/framing.py",
    }
    part = path.with_name(path.name + ".part")
    part.write_bytes(as_bytes(tensors, metadata={_KEY: canonical_json(about)}))
    part.replace(path)


def load(path: Path) -> tuple[EmotionNet, Settings]:
    """Read a network; it computes in single precision.

    Returns:
        The network in evaluation mode, and its settings.

    Raises:
        ModelMissing: the file is not there.
        ModelError: it is no emotion network of this format, or it is broken.
    """
    from safetensors import SafetensorError, safe_open

    from models.emotion.network import EmotionNet

    must_exist(path)
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(_KEY, "{}"))
            if about.get("format") != FORMAT or about["labels"] != list(CLASSES):
                raise ModelError(f"{path} is no emotion network of the format {FORMAT}. Choose another file.")
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - not a dict
        settings = Settings(
            temperature=float(about["temperature"]),
            widths=tuple(about["widths"]),
            blocks=tuple(about["blocks"]),
        )
        network = EmotionNet(len(CLASSES), settings.widths, settings.blocks)
        left, unknown = network.load_state_dict(tensors, strict=False)
        # Counters of batches are the only thing not stored.
        if unknown or any(not name.endswith("num_batches_tracked") for name in left):
            raise ModelError(f"{path} does not hold all weights of its network. Train it again or choose another.")
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            f"The emotion network {path} is broken. Put the right file there, or train it again.", detail=str(error)
        ) from error
    if not settings.temperature > 0:
        raise ModelError(f"The emotion network {path} names a temperature that is not above 0. Train it again.")
    return network.eval(), settings


def must_exist(path: Path) -> None:
    """Raise what a missing file is answered with.

    Raises:
        ModelMissing: the file is not there.
    """
    if not path.is_file():
        raise ModelMissing(
            f"The emotion network {path} is not there. Restore the file, or train one with "
            "`python -m engine train emotion`."
        )
