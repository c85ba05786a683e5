"""Carried bags: what the body mask takes along that is neither body nor clothes. May import: its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.clothing.body import ARMS, HIPS, LEGS, SEEN, SHOULDERS, Mask
from models.clothing.cloth import Cloths, dominant
from models.clothing.cutting import View
from models.clothing.part import Part
from models.clothing.skin import Skin

UNSEEN = 0.35
"""Probability of a bag where nothing speaks for one: many hang behind the body or are not in the mask."""


def read_bag(view: View, tone: Skin, cloths: Sequence[Cloths]) -> Part:
    """A carried bag; where none is found its colours are all alike, which says nothing.

    Args:
        view: the view.
        tone: the person's skin.
        cloths: everything else that was read.
    """
    body = view.body
    visible = float(np.mean(body.seen[[*SHOULDERS, *HIPS]] >= SEEN)) * 0.8
    if visible <= 0:
        return Part.hidden()
    found = _beside(view, tone, cloths) if view.masked else np.zeros(view.light.shape, np.bool_)
    size = float(found.sum()) / body.unit**2
    if size < 0.04:
        return Part(visible, np.full(15, 1.0 / 15.0), {"present": UNSEEN})
    stuff = dominant(view.lab[found], np.ones(int(found.sum())))
    present = float(np.clip(UNSEEN + 3.0 * (size - 0.04), UNSEEN, 0.8))
    return Part(visible, stuff.names, {"present": present}, stuff)


def _beside(view: View, tone: Skin, cloths: Sequence[Cloths]) -> Mask:
    """The largest piece of the mask near trunk and hands that is away from all limbs and like nothing worn."""
    import cv2

    body = view.body
    free = view.inside & (body.along > 0.0) & (body.along < 1.6) & (body.across > 1.0) & (body.across < 3.0)
    for limbs, reach in ((ARMS, 0.13), (LEGS, 0.17)):
        for first, middle, last in limbs:
            for start, end in ((first, middle), (middle, last)):
                free &= body.limb(body.points[start], body.points[end], reach * body.unit)[1] > reach * body.unit
    free &= ~view.skin(tone)
    lab = view.lab[free]
    other = np.ones(len(lab), np.bool_)
    for one in cloths:
        other &= ~one.like(lab, 0.1)
    left = np.zeros_like(free)
    left[free] = other
    count, labels, stats, _ = cv2.connectedComponentsWithStats(left.astype(np.uint8), connectivity=4)
    if count < 2:
        return np.zeros_like(free)
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), np.bool_)
