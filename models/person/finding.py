"""The two BlazePose networks together: find bodies in a picture, and look again at squares where bodies were.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.core.types import FloatArray
from models.face.mediapipe import FaceFinder
from models.person import candidates as detector
from models.person import landmarks as reader
from models.person.candidates import Candidate, Lead, circle_overlap, find_candidates, gather, lead_from_face, same_head
from models.person.files import FACE_FULL_RANGE, FACE_SHORT_RANGE, POSE_DETECTION, POSE_LANDMARKS, network_file
from models.person.geometry import Pyramid, Square
from models.person.landmarks import Body, read_body
from models.person.litert import Network, Workers
from models.person.memory import PixelMemory, blocks
from models.person.merging import Sighting, sight

_CANDIDATE_SCORE = 0.3
_FACE_SCORE = 0.75
_SETTLED = 0.85
_PASSES = 2


class Memories:
    """What was answered for squares of the last pictures."""

    def __init__(self) -> None:
        self.tiles: PixelMemory[list[Candidate]] = PixelMemory()
        self.leads: PixelMemory[Body] = PixelMemory()


class BodyFinder:
    """Finds bodies in single pictures; what it may remember is handed to it.

    Args:
        threads: how many threads may work.

    Raises:
        ModelMissing: the networks are not on this machine.
        ModelError: they cannot be read.
    """

    def __init__(self, threads: int) -> None:
        import cv2

        # Its pool waits by spinning, which takes the cores from the networks.
        cv2.setNumThreads(1)
        self._workers = Workers(threads)
        self._detector = Network(network_file(POSE_DETECTION), threads)
        self._landmarks = Network(network_file(POSE_LANDMARKS), threads)

        self._faces = FaceFinder(self._workers)

    @staticmethod
    def files() -> tuple[Path, ...]:
        """The network files used."""
        return tuple(network_file(name) for name in (POSE_DETECTION, POSE_LANDMARKS, FACE_SHORT_RANGE, FACE_FULL_RANGE))

    def leads(self, pyramid: Pyramid, tiles: Sequence[Square], memories: Memories) -> list[Lead]:
        """Where bodies may be, most supported first.

        Args:
            pyramid: the picture.
            tiles: upright squares of it to look at.
            memories: of the same footage.
        """

        def ask(tile: Square) -> tuple[FloatArray, list[Candidate]]:
            crop = pyramid.crop(tile, detector.SIZE)
            look = blocks(crop)
            known = memories.tiles.find(tile, look)
            return look, find_candidates(self._detector, crop, tile, _CANDIDATE_SCORE) if known is None else known

        for tile in tiles:
            pyramid.prepare(tile.side / detector.SIZE)
        parts = self._workers.map(ask, tiles)
        # Kept only now and in order: what one thread learns must not depend on how far the other has got.
        for tile, (look, found) in zip(tiles, parts, strict=True):
            memories.tiles.keep(tile, look, found)
        return gather(candidate for _, found in parts for candidate in found)

    def rescue(self, pyramid: Pyramid, tiles: Sequence[Square], leads: Sequence[Lead]) -> list[Lead]:
        """Leads from faces whose head no other lead has: of some people only the head shows.

        Args:
            pyramid: the picture.
            tiles: upright squares of it to look at.
            leads: what is known already.
        """
        faces, scores = self._faces.find(pyramid, tiles, _FACE_SCORE)
        fresh = [lead_from_face(face, float(score)) for face, score in zip(faces, scores, strict=True)]
        return [one for one in fresh if not any(same_head(one.best.head, lead.best.head) for lead in leads)]

    def check(self, pyramid: Pyramid, leads: Sequence[Lead], memories: Memories) -> list[Sighting]:
        """What the landmark network says of leads.

        Args:
            pyramid: the picture.
            leads: where to look.
            memories: of the same footage.
        """

        def ask(lead: Lead) -> tuple[FloatArray, Body]:
            square = lead.best.square
            look = blocks(pyramid.crop(square, reader.SIZE))
            known = memories.leads.find(square, look)
            return look, self._settle(pyramid, square) if known is None else known

        for lead in leads:
            pyramid.prepare(2 * lead.best.square.side / reader.SIZE)
        parts = self._workers.map(ask, leads)
        for lead, (look, body) in zip(leads, parts, strict=True):
            memories.leads.keep(lead.best.square, look, body)
        return [
            sight(body, pyramid.width, pyramid.height, support=lead.support)
            for lead, (_, body) in zip(leads, parts, strict=True)
        ]

    def follow(self, pyramid: Pyramid, squares: Sequence[Square]) -> list[Body]:
        """The bodies that stand where bodies were going, row by row; whether they do is for the caller to judge."""
        for square in squares:
            pyramid.prepare(2 * square.side / reader.SIZE)
        return self._workers.map(lambda square: self._settle(pyramid, square), squares)

    def _settle(self, pyramid: Pyramid, square: Square) -> Body:
        """Look at a square, and again at where the body really is unless that is the same place."""
        body = read_body(self._landmarks, pyramid, square)
        for _ in range(_PASSES - 1):
            if circle_overlap(body.square, body.following) >= _SETTLED or body.presence < 0.02:
                break
            body = read_body(self._landmarks, pyramid, body.following)
        return body
