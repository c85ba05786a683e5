"""Checkpoint folders as Hugging Face's `save_pretrained` writes them: found, told apart, loaded without any network.

May import: `engine.core`, `models.person` for fingerprints; loads torch and transformers when a checkpoint is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.errors import ModelError, ModelMissing
from engine.core.protocols import BackendOptions, ModelCard
from engine.core.types import FloatArray, Image
from models.person.files import fingerprint

CONFIG = "config.json"
PROCESSOR = "preprocessor_config.json"
OURS = "sightline.json"
"""Lies in checkpoints that `python -m engine train` wrote."""

PICTURES = "pil"
"""The image-processor backend; transformers would take torchvision where it is installed, with other last digits."""


def checkpoint_folder(options: BackendOptions, kind: str) -> Path:
    """The folder a back end is to be loaded from, with everything it needs.

    Args:
        options: `weights` names the folder.
        kind: what the model is, in words, for the message.

    Raises:
        ModelMissing: there is no such folder, or a file of it is missing.
    """
    if options.weights is None:
        raise ModelMissing(
            f"The {kind} needs a checkpoint folder, and none was named. Choose one on the Models page, or put a folder "
            f"with {CONFIG}, {PROCESSOR} and *.safetensors into the models folder of SIGHTLINE_HOME."
        )
    folder = options.weights
    lacking = [name for name in (CONFIG, PROCESSOR) if not (folder / name).is_file()]
    if not any(folder.glob("*.safetensors")):
        lacking.append("*.safetensors")
    if lacking:
        raise ModelMissing(
            f"The {kind} at {folder} lacks {', '.join(lacking)}. Fetch the whole checkpoint into that folder (older "
            "ones as .bin files must be converted to safetensors first); analysis never downloads."
        )
    return folder


def checkpoint_card(name: str, folder: Path, revision: str) -> ModelCard:
    """The card of a checkpoint: its version is the hash of its weights and settings.

    Args:
        name: registry name of the back end.
        folder: as `checkpoint_folder` gives it.
        revision: of the code that reads it.
    """
    files = sorted(
        path for pattern in ("*.safetensors", "*.json") for path in folder.glob(pattern) if path.name != OURS
    )
    ours = (folder / OURS).is_file()
    return ModelCard(
        name=name,
        version=fingerprint(tuple(files), f"{name} {revision} {PICTURES}"),
        tier="trained" if ours else "pretrained",
        licence="NOASSERTION",
        source=f"checkpoint {folder.name}, {'trained with Sightline' if ours else 'through transformers'}",
    )


def load_checkpoint(kind: str, folder: Path, **settings: object) -> tuple[Any, Any]:
    """The network, ready to answer, and its image processor.

    Args:
        kind: transformers' auto class, such as "AutoModelForImageClassification".
        folder: as `checkpoint_folder` gives it.
        settings: for the network's `from_pretrained`, such as other labels to be trained.

    Raises:
        ModelMissing: the package transformers is not installed.
        ModelError: the checkpoint is broken, of another kind, or wants code of its own to be run.
    """
    with offline():
        transformers = _library()
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        safe = {"local_files_only": True, "trust_remote_code": False}
        try:
            network = getattr(transformers, kind).from_pretrained(folder, use_safetensors=True, **safe, **settings)
            processor = transformers.AutoImageProcessor.from_pretrained(folder, backend=PICTURES, **safe)
        except _load_errors() as error:
            raise ModelError(
                f"The checkpoint {folder.name} cannot be loaded: it is broken, or not for this task. Fetch it again, "
                "or choose another.",
                detail=f"{type(error).__name__}: {error}",
            ) from error
    network.eval()
    return network.to(compute_device()), processor


def _library() -> Any:
    """The package transformers; half of what is used of it has no types."""
    try:
        import transformers
    except ImportError as error:
        raise ModelMissing("The package transformers is not installed here: run make run.") from error
    return transformers


def _load_errors() -> tuple[type[Exception], ...]:
    """What broken and foreign checkpoints have been seen to raise."""
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    return OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, SafetensorError, StrictDataclassError


def checkpoint_labels(network: Any) -> tuple[str, ...]:
    """The checkpoint's own labels, in order of its outputs."""
    names = {int(number): str(label) for number, label in network.config.id2label.items()}
    return tuple(names[number] for number in sorted(names))


def compute_device() -> str:
    """Where networks of this size run: the graphics card if there is one."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


@contextmanager
def offline() -> Iterator[None]:
    """Keep the hub's client from the network, whatever a checkpoint names."""
    wanted = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    """Let torch use so many threads, and put back what was set before."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def probabilities(network: Any, processor: Any, pictures: Sequence[Image], threads: int, kind: str) -> FloatArray:
    """The checkpoint's own softmax.

    Args:
        network: as `load_checkpoint` gives it.
        processor: likewise.
        pictures: (H, W, 3) uint8 RGB each; for a video network those of one clip.
        threads: that torch may use.
        kind: what the model is, in words, for the message.

    Returns:
        (N, L) float32, each row summing to 1; of a video network one row.

    Raises:
        ModelError: the network fails, or answers no numbers.
    """
    import torch

    inputs = processor(list(pictures), return_tensors="pt").to(compute_device())
    try:
        with torch.inference_mode(), torch_threads(threads):
            logits = network(**inputs).logits.float()
    except RuntimeError as error:
        raise ModelError(f"The {kind} fails on these pictures. Choose another one.", detail=str(error)) from error
    answers: FloatArray = torch.softmax(logits, dim=-1).cpu().numpy()
    if not np.isfinite(answers).all():
        raise ModelError(f"The {kind} answers no numbers: its weights are broken. Fetch it again.")
    return answers
