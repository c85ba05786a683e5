"""The two BlazePose networks together: find bodies in a picture, and look again at squares where bodies were.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.person import candidates as detector
from models.person import landmarks as reader
from models.person.candidates import Candidate, Lead, circle_overlap, find_candidates, gather
from models.person.files import POSE_DETECTION, POSE_LANDMARKS, network_file
from models.person.geometry import Pyramid, Square
from models.person.landmarks import Body, read_body
from models.person.litert import Network, Workers
from models.person.memory import PixelMemory, blocks
from models.person.merging import Sighting, sight

_CANDIDATE_SCORE = 0.3
_SETTLED = 0.85
_PASSES = 2
_REMEMBERED = 96


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
        self._workers = Workers(threads)
        self._detector = Network(network_file(POSE_DETECTION), threads)
        self._landmarks = Network(network_file(POSE_LANDMARKS), threads)

    @staticmethod
    def files() -> tuple[Path, ...]:
        """The network files used."""
        return network_file(POSE_DETECTION), network_file(POSE_LANDMARKS)

    def leads(self, pyramid: Pyramid, tiles: Sequence[Square], memories: Memories) -> list[Lead]:
        """Where bodies may be, most supported first.

        Args:
            pyramid: the picture.
            tiles: upright squares of it to look at.
            memories: of the same footage.
        """

        def ask(tile: Square) -> list[Candidate]:
            crop = pyramid.crop(tile, detector.SIZE)
            look = blocks(crop)
            known = memories.tiles.find(tile, look)
            if known is not None:
                return known
            found = find_candidates(self._detector, crop, tile, _CANDIDATE_SCORE)
            memories.tiles.keep(tile, look, found)
            return found

        for tile in tiles:
            pyramid.prepare(tile.side / detector.SIZE)
        parts = self._workers.map(ask, tiles)
        memories.tiles.trim(_REMEMBERED)
        return gather(candidate for part in parts for candidate in part)

    def check(self, pyramid: Pyramid, leads: Sequence[Lead], memories: Memories) -> list[Sighting]:
        """What the landmark network says of leads.

        Args:
            pyramid: the picture.
            leads: where to look.
            memories: of the same footage.
        """

        def ask(lead: Lead) -> Sighting:
            look = blocks(pyramid.crop(lead.best.square, reader.SIZE))
            body = memories.leads.find(lead.best.square, look)
            if body is None:
                body = self._settle(pyramid, lead.best.square)
                memories.leads.keep(lead.best.square, look, body)
            return sight(body, lead.support, pyramid.width, pyramid.height)

        for lead in leads:
            pyramid.prepare(2 * lead.best.square.side / reader.SIZE)
        sightings = self._workers.map(ask, leads)
        memories.leads.trim(_REMEMBERED)
        return sightings

    def follow(self, pyramid: Pyramid, known: Sequence[Sighting]) -> list[Sighting]:
        """The same bodies in the next picture, row by row; whether they are still there is for the caller to judge."""
        for one in known:
            pyramid.prepare(2 * one.body.following.side / reader.SIZE)
        bodies = self._workers.map(lambda one: self._settle(pyramid, one.body.following), known)
        return [
            sight(body, one.support, pyramid.width, pyramid.height) for body, one in zip(bodies, known, strict=True)
        ]

    def _settle(self, pyramid: Pyramid, square: Square) -> Body:
        """Look at a square, and again at where the body really is unless that is the same place."""
        body = read_body(self._landmarks, pyramid, square)
        for _ in range(_PASSES - 1):
            if circle_overlap(body.square, body.following) >= _SETTLED or body.presence < 0.02:
                break
            body = read_body(self._landmarks, pyramid, body.following)
        return body
