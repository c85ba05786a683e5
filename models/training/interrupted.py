"""What an interrupted training goes on from: read back, and refused where it belongs to another one.

May import: `engine.core`. Imports torch where it is used.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from engine.core.errors import ConfigError

Epoch = TypeVar("Epoch")


def go_on(
    path: Path, identity: str, restore: Callable[[dict[str, Any]], None], epoch: Callable[..., Epoch], shown: str
) -> list[Epoch]:
    """Bring a trainer to where an interrupted training was.

    Args:
        path: the saved state; nothing happens where there is none.
        identity: of the training that is to go on.
        restore: takes the trainer's part of the state.
        epoch: makes one of a saved row.
        shown: what was trained on, in a word, such as "footage".

    Returns:
        The epochs so far.

    Raises:
        ConfigError: the state is broken, or belongs to another training.
    """
    import torch

    if not path.is_file():
        return []
    try:
        saved = torch.load(path, weights_only=True, map_location="cpu")
        history = [epoch(**row) for row in json.loads(saved["history"])]
        same = saved["identity"] == identity
        if same:
            restore(saved["trainer"])
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise ConfigError(
            f"{path} is broken, so that training cannot go on. Take it away and start again.", detail=str(error)
        ) from error
    if not same:
        raise ConfigError(
            f"The training in {path.parent.parent} had other settings, another start or other {shown}. Name another "
            "folder, or the same as then."
        )
    return history
