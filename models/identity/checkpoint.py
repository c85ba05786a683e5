"""Checkpoint folders of the networks that tell people apart: what they say of themselves, written and read.

A folder holds `config.json` as timm writes it (architecture, input size, mean, deviation) and `model.safetensors`;
what timm has no word for lies in `config.json` under "sightline". Folders as timm publishes them on the hub are read
too. May import: `engine.core`, `models.identity`, `models.checkpoint`, `models.person` for fingerprints; torch when
called.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import ModelError, ModelMissing
from engine.core.identity import CosineScale
from engine.core.protocols import ModelCard
from models.checkpoint import CONFIG, OURS
from models.person.files import fingerprint

if TYPE_CHECKING:
    from models.identity.network import IdentityNet

FORMAT = "sightline-identity/1"
"""Written into every folder of ours; another number is another layout."""

FAMILIES = {
    "mobilenetv3": "mobilenetv3_large_100",
    "squeezenet": "squeezenet1_1",
    "mobilevitv2": "mobilevitv2_050",
    "convnextv2": "convnextv2_atto",
}
"""Registry name -> the architecture it is trained in by default. Others of a family begin with its name."""

WEIGHTS = "model.safetensors"
INTERPOLATIONS = ("bilinear", "bicubic")

_OWN = "sightline"
_SIDES = (16, 1024)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a network is and how pictures are put before it.

    Attributes:
        architecture: name in timm, or "squeezenet1_1" of torchvision.
        height: of its pictures, pixels.
        width: likewise.
        mean: of each channel, in [0, 1]; taken away.
        std: of each channel, > 0; divided by.
        interpolation: of `INTERPOLATIONS`.
        embedding: numbers of its vectors; 0 for the features of the architecture as they are.
        cbam: attention over channels and place behind every block.
        masked: the background is painted over with `mean` where a body mask is known.
        scale: cosines of two persons' mean vectors at which hardly anybody is the same, and another, person; see
            `engine.core.identity.CosineScale`.
    """

    architecture: str
    height: int
    width: int
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    interpolation: str = "bilinear"
    embedding: int = 0
    cbam: bool = False
    masked: bool = False
    scale: tuple[float, float] = (CosineScale().different, CosineScale().same)

    def __post_init__(self) -> None:
        if not family_of(self.architecture):
            raise ValueError(f"architecture must begin with one of {', '.join(FAMILIES)}, got {self.architecture!r}")
        if not all(_SIDES[0] <= side <= _SIDES[1] for side in (self.height, self.width)):
            raise ValueError(f"sides must be from {_SIDES[0]} to {_SIDES[1]}, got {self.height}x{self.width}")
        if not all(math.isfinite(part) for part in (*self.mean, *self.std)) or min(self.std) <= 0:
            raise ValueError(f"mean and std must be finite, std above 0, got {self.mean}, {self.std}")
        if len(self.mean) != 3 or len(self.std) != 3:
            raise ValueError("mean and std must have three channels")
        if self.interpolation not in INTERPOLATIONS or not 0 <= self.embedding <= 8192:
            raise ValueError(f"got interpolation {self.interpolation!r}, embedding {self.embedding}")
        CosineScale(*self.scale)
        if self.cbam and self.family != "squeezenet":
            raise ValueError(f"attention blocks are put into squeezenet only, got {self.architecture!r}")

    @property
    def family(self) -> str:
        """Registry name of the back end that runs it."""
        return family_of(self.architecture)


def family_of(architecture: str) -> str:
    """Registry name of the back end that runs an architecture, "" where none does."""
    return next((family for family in FAMILIES if architecture.startswith(family)), "")


def existing_folder(folder: Path | None, family: str) -> Path:
    """The folder of a checkpoint, with everything it needs.

    Args:
        folder: that was named, None for none.
        family: registry name of the back end, for the message.

    Raises:
        ModelMissing: there is no such folder, or a file of it is missing.
    """
    if folder is None:
        raise ModelMissing(
            f"The identity model {family} needs a checkpoint folder, and none was named. Train one with `python -m "
            f"engine train reid --model {family}`, or fetch a folder of timm with config.json and {WEIGHTS}; put it "
            "into models/identity of SIGHTLINE_HOME and choose it on the Models page. Analysis never downloads."
        )
    lacking = [name for name in (CONFIG, WEIGHTS) if not (folder / name).is_file()]
    if lacking:
        raise ModelMissing(
            f"The identity model at {folder} lacks {', '.join(lacking)}. Train it again with `python -m engine train "
            "reid`, or fetch the whole folder; analysis never downloads."
        )
    return folder


def read_recipe(folder: Path) -> Recipe:
    """What a checkpoint says of itself.

    Args:
        folder: as `existing_folder` gives it.

    Raises:
        ModelError: its `config.json` is broken, or names an architecture that is not known here.
    """
    try:
        told: Mapping[str, Any] = json.loads((folder / CONFIG).read_text("utf-8"))
        shown: Mapping[str, Any] = told.get("pretrained_cfg") or told
        own: Mapping[str, Any] = told.get(_OWN) or {}
        architecture = str(told.get("architecture") or shown.get("architecture") or "")
        if not family_of(architecture):
            raise ModelError(
                f"The checkpoint {folder.name} is of the architecture {architecture or 'unknown'}. Choose one of "
                f"{', '.join(FAMILIES)}."
            )
        if own and own.get("format") != FORMAT:
            raise ModelError(f"The checkpoint {folder.name} is not of the format {FORMAT}. Train it again.")
        _, height, width = shown["input_size"]
        interpolation = str(shown.get("interpolation", "bilinear"))
        return Recipe(
            architecture=architecture,
            height=int(height),
            width=int(width),
            mean=_channels(shown["mean"]),
            std=_channels(shown["std"]),
            interpolation=interpolation if interpolation in INTERPOLATIONS else "bilinear",
            embedding=int(own.get("embedding", 0)),
            cbam=bool(own.get("cbam", False)),
            masked=bool(own.get("masked", False)),
            **({"scale": _pair(own["scale"])} if "scale" in own else {}),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The config.json of the checkpoint {folder.name} is broken. Fetch or train it again.", detail=repr(error)
        ) from error


def _channels(values: Any) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def _pair(values: Any) -> tuple[float, float]:
    different, same = (float(value) for value in values)
    return different, same


def write(network: IdentityNet, folder: Path) -> None:
    """Write a checkpoint; the weights last, so that a folder without them is known to be unfinished.

    Args:
        network: with its recipe.
        folder: made if it is not there.
    """
    from safetensors.torch import save as as_bytes

    recipe = network.recipe
    told = {
        "architecture": recipe.architecture,
        "num_classes": 0,
        "pretrained_cfg": {
            "input_size": [3, recipe.height, recipe.width],
            "mean": recipe.mean,
            "std": recipe.std,
            "interpolation": recipe.interpolation,
        },
        _OWN: {
            "format": FORMAT,
            "embedding": recipe.embedding,
            "cbam": recipe.cbam,
            "masked": recipe.masked,
            "scale": recipe.scale,
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(json.dumps(told, indent=1), "utf-8")
    # Copies: weights that share memory are refused, and those on a graphics card must come down.
    tensors = {name: value.detach().cpu().clone().contiguous() for name, value in network.state_dict().items()}
    part = folder / (WEIGHTS + ".part")
    part.write_bytes(as_bytes(tensors, metadata={"format": "pt"}))
    part.replace(folder / WEIGHTS)


def read(folder: Path) -> IdentityNet:
    """The network of a checkpoint, ready to answer, on the CPU.

    Args:
        folder: as `existing_folder` gives it.

    Raises:
        ModelError: it is broken, or not of its architecture.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from models.identity.network import IdentityNet

    recipe = read_recipe(folder)
    try:
        network = IdentityNet(recipe)
        tensors = load_file(folder / WEIGHTS)
        if any(name.startswith("backbone.") for name in tensors):
            left, unknown = network.load_state_dict(tensors, strict=False)
        else:
            # A folder of timm's own: the classifier behind the features is left out.
            left, unknown = network.backbone.load_state_dict(tensors, strict=False)
            unknown = [name for name in unknown if not name.startswith(("classifier.", "head.fc.", "fc."))]
            left = [*left, *(f"head.{name}" for name in network.head.state_dict())]
    except (SafetensorError, OSError, ValueError, RuntimeError, TypeError) as error:
        raise ModelError(
            f"The checkpoint {folder.name} is broken, or not of the architecture {recipe.architecture}. Fetch or train "
            "it again.",
            detail=str(error),
        ) from error
    left = [name for name in left if not name.endswith("num_batches_tracked")]
    if left or unknown:
        raise ModelError(
            f"The checkpoint {folder.name} does not hold the weights of {recipe.architecture}. Fetch or train it "
            "again.",
            detail=f"missing {left[:3]}, unknown {unknown[:3]}",
        )
    return network.eval()


def describe(folder: Path, name: str, revision: str) -> ModelCard:
    """The card of a checkpoint: its version is the hash of its weights and settings.

    Args:
        folder: as `existing_folder` gives it.
        name: registry name of the back end.
        revision: of the code that reads it.
    """
    ours = (folder / OURS).is_file()
    return ModelCard(
        name=name,
        version=fingerprint((folder / CONFIG, folder / WEIGHTS), f"{name} {revision}"),
        tier="trained" if ours else "pretrained",
        licence="NOASSERTION",
        source=f"checkpoint {folder.name}, {'trained with Sightline' if ours else 'through timm'}",
    )
