"""How well a back end tells people apart, on a data set with folders `query` and `gallery`.

May import: `engine.core`, this room.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.errors import FootageError
from engine.core.types import FloatArray, Image
from models.training.reid_data import GALLERY, QUERY, Shot, open_picture, read_part
from models.training.reid_pictures import DISTANCES, RANKED, draw_distances, draw_ranked, histogram
from models.training.reid_scores import score, trial

_OPEN = 32
"""Pictures that are in memory at a time."""


def evaluate(
    data: Path,
    encode: Callable[[Sequence[Image]], FloatArray],
    pictures: Path,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Ask for every picture of `query` among those of `gallery`.

    Args:
        data: the data set, see `models.training.reid_data`.
        encode: pictures (H, W, 3) uint8 RGB to vectors (N, D) float32 of length 1, or 0 where nothing can be said.
        pictures: folder that the two pictures are drawn into; made if it is not there.
        on_progress: hears how many pictures of how many are done.

    Returns:
        Plain figures: "map", "rank1", "rank5", "rank10" in [0, 1] over the "queries" that have a right answer;
        "unanswerable" queries that have none; sizes; "cameras": names carry one, so that pictures by the camera of the
        query did not count; "silent": pictures nothing could be said of; "distances"; where the pictures are.

    Raises:
        FootageError: a folder is not there, or holds nothing that can be used, or nobody asked for is there to
            be found.
        ModelError: the back end fails.
    """
    asked, offered = read_part(data, QUERY), read_part(data, GALLERY)
    total = len(asked.kept) + len(offered.kept)
    queries = _vectors(asked.kept, encode, lambda done: on_progress(done, total))
    gallery = _vectors(offered.kept, encode, lambda done: on_progress(len(asked.kept) + done, total))
    found = trial(
        queries,
        gallery,
        ([shot.person for shot in asked.kept], [shot.person for shot in offered.kept]),
        ([shot.camera for shot in asked.kept], [shot.camera for shot in offered.kept]),
    )
    scores = score(found)
    if not scores.asked:
        raise FootageError(
            f"Nobody in {data / QUERY} can be found in {data / GALLERY}: they share no people, or only pictures by the "
            "same camera.",
            kind="too-few",
        )
    shares = histogram(found)
    pictures.mkdir(parents=True, exist_ok=True)
    draw_distances(shares, pictures / DISTANCES)
    shown = draw_ranked(found, scores, (asked.kept, offered.kept), pictures / RANKED)
    return {
        **scores.to_dict(),
        "unanswerable": len(asked.kept) - scores.asked,
        "gallery": len(offered.kept),
        "people": len({shot.person for shot in asked.kept}),
        "cameras": any(shot.camera for shot in asked.kept),
        "silent": int((~queries.any(axis=1)).sum() + (~gallery.any(axis=1)).sum()),
        "skipped": [*asked.skipped, *offered.skipped],
        "shown": list(shown),
        "pictures": {"distances": str(pictures / DISTANCES), "ranked": str(pictures / RANKED)},
        "distances": shares,
    }


def _vectors(
    shots: Sequence[Shot], encode: Callable[[Sequence[Image]], FloatArray], on_progress: Callable[[int], None]
) -> FloatArray:
    found = []
    for start in range(0, len(shots), _OPEN):
        part = shots[start : start + _OPEN]
        found.append(encode([open_picture(shot.path) for shot in part]))
        on_progress(start + len(part))
    return np.concatenate(found)
