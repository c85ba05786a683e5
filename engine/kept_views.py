"""The kept views of people with all that is needed to read their clothes: picture, body mask, landmarks, light.

Nothing of the footage itself is decoded again: crops, masks and thumbnails lie beside it since it was analysed.
May import: `engine.core`, `engine.tracking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from engine.core.clothing import PersonPicture
from engine.core.errors import FootageError
from engine.core.types import FloatArray, Image, Poses, Tracklet
from engine.core.views import CropView
from engine.tracking.crops import shown

NEUTRAL = 0.3
"""Difference of linear channels, over the largest, that still counts as nearly grey; what has more, such as the sky,
speaks little for the light."""

OFF_DAYLIGHT = 0.5
"""Of a cast towards green or magenta that is believed: daylight and lamps differ from blue to yellow."""

STRONGEST_CAST = 1.7
"""The light's channels are never taken to differ by more than this: beyond it the scene itself is coloured."""

BRIGHT_SHARE = 0.05
"""Of the pixels, the brightest, that stand for white."""

BRIGHTEST_BLACK = 0.05
"""Linear light of black in thick haze; where all is brighter, nothing black is in view."""

LOCAL_SHARE = 0.5
"""What the surroundings of a person say of the light, against the scene, where half of a view shows them."""

DIMMEST_AROUND = 0.03
"""Linear luminance under which surroundings say nothing of the light."""

CLIPPED = 250
"""Grey level from which on a channel no longer tells the light's colour."""


@dataclass(frozen=True, slots=True, eq=False)
class SceneLight:
    """The light of a scene.

    Attributes:
        white: (3,) float32 in (0, 1], linear RGB of what is white, largest channel 1.
        black: linear RGB of what is black.
        full: linear luminance of what is white, above black.
    """

    white: FloatArray
    black: tuple[float, float, float]
    full: float

    @classmethod
    def unknown(cls) -> SceneLight:
        """Daylight over the full range: what is assumed where there are no pictures."""
        return cls(np.ones(3, np.float32), (0.0, 0.0, 0.0), 1.0)


def footage_light(folder: Path) -> SceneLight:
    """The light of a piece of footage, by its thumbnails and poster.

    Args:
        folder: where files made of the footage lie.

    Returns:
        The light; `SceneLight.unknown()` where there are no thumbnails.
    """
    files = [*sorted((folder / "thumbs").glob("*.jpg")), folder / "poster.jpg"]
    pictures = [_opened(file, "RGB") for file in files if file.is_file()]
    return scene_light(pictures) if pictures else SceneLight.unknown()


def scene_light(pictures: Sequence[Image]) -> SceneLight:
    """The light of a scene, between what its greys and what its brightest parts say.

    Args:
        pictures: P of the scene, (H, W, 3) uint8 RGB each, P >= 1.

    Returns:
        White, black and how bright white is. The cast is bounded, and drawn towards none where little of the scene is
        nearly grey.

    Source: grey-world (Buchsbaum 1980) and white-patch (Land 1977). Differs: both look at nearly grey pixels only,
    so that grass, a red wall or people's clothes do not pass for light.
    """
    # Every third pixel of every third row is plenty for statistics.
    pixels = np.concatenate([picture[::3, ::3].reshape(-1, 3) for picture in pictures])
    linear = to_linear(pixels)
    luminance = linear @ LUMINANCE
    low, full = (float(level) for level in np.percentile(luminance, (1.0, 99.0)))
    darkest = np.minimum(np.median(linear[luminance <= low], axis=0), BRIGHTEST_BLACK)
    black = (float(darkest[0]), float(darkest[1]), float(darkest[2]))
    full = min(max(full, 0.1), 1.0)
    usable = (pixels.max(axis=1) < CLIPPED) & (luminance > 0.01)
    if usable.sum() < 50:
        return SceneLight(np.ones(3, np.float32), black, full)
    kept, bright = linear[usable], luminance[usable]
    first = _cast(kept, bright, np.ones(3))
    # Once more under the light found: what is nearly grey is known better now.
    second = _cast(kept, bright, first)
    bounded = np.clip(second / second.max(), 1.0 / STRONGEST_CAST, 1.0)
    return SceneLight(bounded.astype(np.float32), black, full)


def _cast(
    linear: NDArray[np.float64], luminance: NDArray[np.float64], white: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Linear RGB of white, by nearly grey pixels under an assumed white."""
    balanced = linear / white
    spread = balanced.max(axis=1) - balanced.min(axis=1)
    weight = np.exp(-((spread / (NEUTRAL * np.maximum(balanced.max(axis=1), 1e-6))) ** 2))
    shares = linear / np.maximum(linear.sum(axis=1, keepdims=True), 1e-9)
    grey = _weighted(shares, weight * np.minimum(luminance, 0.3))
    top = luminance >= np.quantile(luminance, 1.0 - BRIGHT_SHARE)
    patch = _weighted(shares[top], weight[top])
    blend = (grey + patch) / 2.0
    trust = float(weight.mean()) / (float(weight.mean()) + 0.1)
    cast: NDArray[np.float64] = trust * blend + (1.0 - trust) / 3.0
    green = np.log(cast[1]) - (np.log(cast[0]) + np.log(cast[2])) / 2.0
    cast[1] *= np.exp(-(1.0 - OFF_DAYLIGHT) * green)
    brightest: NDArray[np.float64] = cast / float(cast.max())
    return brightest


def light_around(picture: Image, mask: NDArray[np.uint8], light: SceneLight) -> FloatArray:
    """White where somebody stands: lamps and windows light parts of a scene differently.

    Args:
        picture: (H, W, 3) uint8 RGB, a view of them.
        mask: (H, W) uint8, the body, which says nothing of the light.
        light: of the scene.

    Returns:
        (3,) float32 in (0, 1], largest 1: between the scene's white and that of nearly grey surroundings.
    """
    around = picture[::2, ::2][mask[::2, ::2] < 64]
    linear = to_linear(around)
    luminance = linear @ LUMINANCE
    usable = (around.max(axis=1) < CLIPPED) & (luminance > DIMMEST_AROUND)
    scene = light.white.astype(np.float64)
    if usable.sum() < 50:
        return light.white
    share = LOCAL_SHARE * float(usable.sum()) / mask[::2, ::2].size * 2.0
    local = _cast(linear[usable], luminance[usable], scene)
    white = scene ** (1.0 - min(share, LOCAL_SHARE)) * local ** min(share, LOCAL_SHARE)
    return np.asarray(np.clip(white / white.max(), 1.0 / STRONGEST_CAST, 1.0), np.float32)


def _weighted(shares: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(weight.sum())
    if total < 1e-6:
        return np.full(3, 1.0 / 3.0)
    mean: NDArray[np.float64] = (shares * weight[:, None]).sum(axis=0) / total
    return mean


LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def to_linear(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Linear light in [0, 1] of sRGB grey levels, any shape. Source: IEC 61966-2-1."""
    linear: NDArray[np.float64] = np.asarray(_LINEAR[pixels], np.float64)
    return linear


_LEVELS = np.arange(256) / 255.0
_LINEAR: NDArray[np.float64] = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)


def tracklet_pictures(
    folder: Path, size: tuple[int, int], tracklet: Tracklet, crops: Iterable[CropView], light: SceneLight
) -> list[PersonPicture]:
    """The kept views of one tracklet, the best first.

    Args:
        folder: where files made of the footage lie.
        size: width and height of the footage, pixels.
        tracklet: its boxes and poses.
        crops: kept views, of any tracklets; those of others are passed over.
        light: of the scene.

    Returns:
        A picture for every view of the tracklet, in order of rank.

    Raises:
        FootageError: a picture is no longer there or damaged.
    """
    mine = sorted((crop for crop in crops if crop.tracklet == tracklet.number), key=lambda crop: crop.rank)
    return [_picture(folder, size, tracklet, crop, light) for crop in mine]


def all_pictures(
    folder: Path, size: tuple[int, int], tracklets: Iterable[Tracklet], crops: Sequence[CropView]
) -> Iterator[tuple[int, list[PersonPicture]]]:
    """Number and kept views of every tracklet that has any, one tracklet in memory at a time; see above."""
    light = footage_light(folder)
    for tracklet in tracklets:
        pictures = tracklet_pictures(folder, size, tracklet, crops, light)
        if pictures:
            yield tracklet.number, pictures


def _picture(
    folder: Path, size: tuple[int, int], tracklet: Tracklet, crop: CropView, light: SceneLight
) -> PersonPicture:
    image = _opened(folder / crop.file, "RGB")
    height, width = image.shape[:2]
    mask = _opened((folder / crop.file).with_suffix("").with_name(f"{Path(crop.file).stem}-mask.png"), "L")
    # Bilinear: the mask is kept small, and stretched over the picture's own shape.
    stretched = np.asarray(Pillow.fromarray(mask).resize((width, height), Pillow.Resampling.BILINEAR), np.uint8)
    return PersonPicture(
        image=image,
        mask=stretched,
        pose=_pose(size, tracklet, crop.t, (width, height)),
        white=light_around(image, stretched, light),
        quality=float(np.clip(crop.quality, 0.0, 1.0)),
        black=light.black,
        full=light.full,
    )


def _pose(size: tuple[int, int], tracklet: Tracklet, t: float, shape: tuple[int, int]) -> Poses:
    """The pose at a view's time, in the view's pixels; missing where there is none."""
    row = int(np.argmin(np.abs(tracklet.t - t)))
    pose = tracklet.poses[np.array([row])]
    if pose.scores[0] <= 0:
        return Poses.missing(1)
    box = shown(tracklet.boxes[row], size)
    scale = np.asarray(shape, np.float32) / (box[2:] - box[:2])
    landmarks = pose.landmarks.copy()
    landmarks[0, :, :2] = (landmarks[0, :, :2] - box[:2]) * scale
    return Poses(landmarks=landmarks, scores=pose.scores)


def _opened(file: Path, mode: str) -> Image:
    try:
        with Pillow.open(file) as picture:
            return np.asarray(picture.convert(mode), np.uint8)
    except (OSError, UnidentifiedImageError) as error:
        raise FootageError(
            "A kept picture of this footage is missing or damaged. Analyse the footage again.",
            kind="missing",
            detail=f"{file.name}: {error!r}",
        ) from error
