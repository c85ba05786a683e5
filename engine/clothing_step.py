"""The stages that look at what people wear: readings of colours and traits, and a pretrained network's embeddings.

Both look only at kept views, once, and never at the footage again. May import: `engine.core`, `engine.kept_views`,
`engine.steps`, `engine.store`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.clothing import ClothingReadings
from engine.core.image_text import ImageTextModel
from engine.core.protocols import ClothingReader, Observer
from engine.core.types import FloatArray
from engine.kept_views import all_pictures
from engine.steps import Save
from engine.store.clothing import ClothingTable
from engine.store.results import ResultTable


@dataclass(frozen=True, slots=True)
class KeptViews:
    """The views that are looked at.

    Attributes:
        folder: where files made of the footage lie.
        size: width and height of the footage, pixels.
        tracklets_key: key of the stage that found the tracklets.
        crops_key: key of the stage that kept the views.
    """

    folder: Path
    size: tuple[int, int]
    tracklets_key: str
    crops_key: str


def read_clothing(
    results: ResultTable, clothing: ClothingTable, kept: KeptViews, build: Callable[[], Any], observer: Observer
) -> Save:
    """Read the clothes in all kept views of a footage.

    Args:
        results: tracklets and views.
        clothing: where readings go.
        kept: which views.
        build: makes the `ClothingReader`.
        observer: hears the progress in tracklets, stage "clothing".

    Returns:
        What saves the readings.

    Raises:
        FootageError: a picture is missing or damaged.
        ModelError: the reader cannot be made.
        JobCancelled: the observer said so.
    """
    reader: ClothingReader = build()
    tracklets, crops = results.tracklets(kept.tracklets_key), results.crops(kept.crops_key)
    found = []
    for number, pictures in all_pictures(kept.folder, kept.size, tracklets, crops):
        observer.checkpoint()
        found.append(reader.read(number, pictures))
        observer.progress("clothing", len(found), len(tracklets))
    readings = ClothingReadings.concatenate(found)
    return lambda record: clothing.save_readings(record, readings, kept.tracklets_key)


def embed_clothing(
    results: ResultTable, clothing: ClothingTable, kept: KeptViews, build: Callable[[], Any], observer: Observer
) -> Save:
    """Embed all kept views of a footage with a network that compares pictures with sentences.

    Every tracklet's best view gets a caption where something on this machine writes them.

    Args:
        results: tracklets and views.
        clothing: where vectors and captions go.
        kept: which views.
        build: makes the `ImageTextModel`.
        observer: hears the progress in tracklets, stage "embeddings".

    Returns:
        What saves them.

    Raises:
        FootageError: a picture is missing or damaged.
        ModelError: the network cannot be loaded, or fails.
        JobCancelled: the observer said so.
    """
    network: ImageTextModel = build()
    tracklets, crops = results.tracklets(kept.tracklets_key), results.crops(kept.crops_key)
    vectors: dict[int, FloatArray] = {}
    captions: dict[tuple[int, int], str] = {}
    for number, pictures in all_pictures(kept.folder, kept.size, tracklets, crops):
        observer.checkpoint()
        vectors[number] = network.encode_images([picture.image for picture in pictures])
        if network.caption_card is not None:
            captions[number, 0] = network.caption([pictures[0].image])[0]
        observer.progress("embeddings", len(vectors), len(tracklets))
    return lambda record: clothing.save_vectors(record, vectors, kept.tracklets_key, captions)
