"""The skeleton network's file: one or more networks in half precision with all that is needed to use them.

Imports torch when called. May import: `engine.core`, `models.anomaly`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.anomalies import ANOMALIES
from engine.core.config import canonical_json
from engine.core.errors import ModelError, ModelMissing
from models.anomaly.joints import JOINTS

if TYPE_CHECKING:
    from models.anomaly.network import SkeletonNet

FORMAT = "sightline-skeleton/1"
"""Written into every file; another number is another layout."""

_KEY = "sightline"

SHIPPED = Path(__file__).parents[1] / "weights" / "skeleton_lstm.safetensors"
"""The networks that come with the project."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file says beside its weights.

    Attributes:
        rate: steps a second.
        steps: of a window.
        hidden: features of the networks.
        temperature: logits are divided by it, > 0.
        members: networks whose answers are averaged.
    """

    rate: float
    steps: int
    hidden: int
    temperature: float
    members: int


def save(networks: Sequence[SkeletonNet], settings: Settings, path: Path) -> None:
    """Write networks in one piece: whoever reads sees the old file or the whole new one.

    Args:
        networks: on the CPU, `settings.members` of them.
        settings: how they are used.
        path: of the `.safetensors` file; its folder exists.
    """
    from safetensors.torch import save as as_bytes

    tensors = {
        f"{member}.{name}": value.detach().half().contiguous()
        for member, network in enumerate(networks)
        for name, value in network.state_dict().items()
    }
    about = {
        "format": FORMAT,
        "labels": ANOMALIES,
        "joints": JOINTS,
        "rate": settings.rate,
        "steps": settings.steps,
        "hidden": settings.hidden,
        "temperature": settings.temperature,
        "members": settings.members,
        "input": "hip-centred, torso-scaled, with change and path: models/anomaly/normalise.py",
    }
    part = path.with_name(path.name + ".part")
    part.write_bytes(as_bytes(tensors, metadata={_KEY: canonical_json(about)}))
    part.replace(path)


def load(path: Path) -> tuple[tuple[SkeletonNet, ...], Settings]:
    """Read the networks; they compute in single precision.

    Returns:
        The networks in evaluation mode, and their settings.

    Raises:
        ModelMissing: the file is not there.
        ModelError: it holds no skeleton network of this format, or it is broken.
    """
    from safetensors import SafetensorError, safe_open

    from models.anomaly.network import SkeletonNet

    must_exist(path)
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(_KEY, "{}"))
            if about.get("format") != FORMAT or about["labels"] != list(ANOMALIES) or about["joints"] != list(JOINTS):
                raise ModelError(f"{path} is no skeleton network of the format {FORMAT}. Choose another file.")
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - not a dict
        settings = Settings(
            rate=float(about["rate"]),
            steps=int(about["steps"]),
            hidden=int(about["hidden"]),
            temperature=float(about["temperature"]),
            members=int(about["members"]),
        )
        networks = []
        for member in range(settings.members):
            network = SkeletonNet(settings.hidden, len(ANOMALIES))
            mark = f"{member}."
            own = {name.removeprefix(mark): value for name, value in tensors.items() if name.startswith(mark)}
            network.load_state_dict(own)
            networks.append(network.eval())
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            f"The skeleton network {path} is broken. Put the right file there, or train it again.", detail=str(error)
        ) from error
    if not (settings.temperature > 0 and settings.rate > 0 and settings.steps > 1 and networks):
        raise ModelError(f"The skeleton network {path} names settings that cannot be. Train it again.")
    return tuple(networks), settings


def must_exist(path: Path) -> None:
    """Raise what a missing file is answered with.

    Raises:
        ModelMissing: the file is not there.
    """
    if not path.is_file():
        raise ModelMissing(
            f"The skeleton network {path} is not there. Restore the file, or train one with "
            "`python -m engine train skeleton-lstm`."
        )
