"""A view made ready to be looked at: perceptual colours, the body's depth, skin, and the parts cut out of it.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow

from engine.core.clothing import PersonPicture
from models.clothing.body import ARMS, FINGERS, Body, Mask, read_body
from models.clothing.light import Array, balanced, oklab
from models.clothing.skin import NOT_HAIR, Skin, face_tone, log_chroma

LOOKED_AT = 192
"""Longer sides are scaled down to this, pixels."""

EDGE = 0.05
"""Trunks by which the mask's edge is not trusted: it was kept small, and it is drawn generously."""

MASK_FROM = 128


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One view of a person.

    Attributes:
        body: where its parts are.
        lab: (H, W, 3) OKLab under neutral light.
        chroma: (H, W, 2) what skin is told by, see `log_chroma`.
        light: (H, W) luminance, linear.
        depth: (H, W) trunks inside the body mask; where there is no mask as if all were deep inside.
        masked: there is a mask.
        tone: skin of the face and hands, where it could be told.
    """

    body: Body
    lab: Array
    chroma: Array
    light: Array
    depth: Array
    masked: bool
    tone: Skin | None

    @property
    def inside(self) -> Mask:
        """Pixels that are the person for sure."""
        return np.asarray(self.depth >= EDGE, np.bool_)

    @property
    def within(self) -> Mask:
        """Pixels that the mask calls the person."""
        return np.asarray(self.depth > 0, np.bool_)

    def skin(self, tone: Skin) -> Mask:
        """Pixels that could be skin of a tone."""
        return tone.like(self.chroma, self.light)

    def face(self, tone: Skin) -> Mask:
        """The same of the head, where hair of skin's hue is darker."""
        return tone.like(self.chroma, self.light, NOT_HAIR)


def read_view(picture: PersonPicture) -> View | None:
    """A kept view, made ready.

    Returns:
        The view; None where no body was found in it.
    """
    height, width = picture.mask.shape
    scale = min(1.0, LOOKED_AT / max(height, width))
    shape = max(1, round(height * scale)), max(1, round(width * scale))
    body = read_body(picture.pose, shape, scale)
    if body is None:
        return None
    image, mask = picture.image, np.asarray(picture.mask, np.uint8)
    if scale < 1.0:
        image = np.asarray(Pillow.fromarray(image).resize(shape[::-1], Pillow.Resampling.BOX), np.uint8)
        mask = np.asarray(Pillow.fromarray(mask).resize(shape[::-1], Pillow.Resampling.BOX), np.uint8)
    linear = balanced(picture, image)
    depth, masked = _depth(mask >= MASK_FROM, body)
    chroma, light = log_chroma(linear)
    tone = face_tone(body, chroma, light, depth > 0)
    return View(body, oklab(linear), chroma, light, depth, masked, tone)


def _depth(mask: Mask, body: Body) -> tuple[Array, bool]:
    import cv2

    trunk = (body.along > 0.1) & (body.along < 0.8) & (body.across < 0.6)
    if not trunk.any() or mask[trunk].mean() < 0.4:
        return np.ones(mask.shape), False
    pixels = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    return np.asarray(pixels, np.float64) / body.unit, True


def trunk_zone(view: View) -> Mask:
    """Trunk from under the collar to above the hips, without its sides, arms and hands excepted later."""
    body = view.body
    reach = 0.85 if view.masked else 0.7
    return (body.along > 0.1) & (body.along < 0.85) & (body.across < reach) & view.inside


def hands_zone(view: View) -> Mask:
    """Lower arms and hands, generously: where skin in front of cloth is looked for."""
    body, zone = view.body, np.zeros(view.light.shape, np.bool_)
    for (_, elbow, wrist), (_, finger) in zip(ARMS, FINGERS, strict=True):
        _, away = body.limb(body.points[elbow], body.points[wrist], 0.12 * body.unit)
        zone |= away < 0.12 * body.unit
        zone |= body.disk((body.points[wrist] + body.points[finger]) / 2.0, 0.16 * body.unit)
    return zone
