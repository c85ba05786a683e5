"""When to search the whole picture and when to follow the bodies already known.

May import: `engine.core`, its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.person.candidates import Lead, circle_overlap
from models.person.finding import BodyFinder, Memories
from models.person.geometry import Pyramid, Square
from models.person.grid import Grid
from models.person.merging import Person, Sighting, is_body, merge, sight
from models.person.tiles import tile_levels, whole

SEARCH_EVERY_S = 0.99
"""Longest time between two searches of the whole picture, seconds of footage."""

_SEARCH_APART_S = 0.3
_SEVERAL = 2
_LEAST_SUPPORT = 0.5
_GLANCE_SUPPORT = 0.5
_SURE = 0.5
_FADE_SURE = 0.4
_FADE_UNSURE = 2.5
"""Log odds lost in a second of being followed only, while the landmark network is sure or unsure of the body."""

_AROUND = 1.3


class Follower:
    """Knows who was in the last picture.

    Args:
        finder: finds and reads bodies.
    """

    def __init__(self, finder: BodyFinder) -> None:
        self._finder = finder
        self._memories = Memories()
        self._known: list[Person] = []
        self._searched_at: float | None = None
        self._t: float | None = None
        self._searches = 0

    def step(self, pyramid: Pyramid, t: float) -> list[Person]:
        """People in the next picture, best first.

        Args:
            pyramid: the picture.
            t: its time, seconds, later than the last one's.
        """
        passed = t - self._t if self._t is not None else 0.0
        self._t = t
        followed = self._follow(pyramid, passed)
        since = t - self._searched_at if self._searched_at is not None else SEARCH_EVERY_S
        sightings: Sequence[Sighting] = followed
        if since >= SEARCH_EVERY_S or (since >= _SEARCH_APART_S and self._restless(pyramid, followed)):
            self._searched_at = t
            # People hide one another: where there are several, each search looks with all sizes of tiles.
            levels = tile_levels(pyramid.width, pyramid.height, self._searches, thorough=len(self._known) >= _SEVERAL)
            tiles = [tile for level in levels for tile in level]
            self._searches += 1
            leads = [one for one in self._finder.leads(pyramid, tiles, self._memories) if one.support >= _LEAST_SUPPORT]
            leads += self._finder.rescue(pyramid, [tile for level in levels[:2] for tile in level], leads)
            found = self._finder.check(pyramid, leads, self._memories)
            sightings = [*followed, *(one for one in found if is_body(one))]
        self._known = merge(sightings, Grid(pyramid.width, pyramid.height))
        return self._known

    def _follow(self, pyramid: Pyramid, passed: float) -> list[Sighting]:
        """Known bodies found again, first where they were going, then in a tile around."""
        bodies = self._finder.follow(pyramid, [person.sighting.body.following for person in self._known])
        kept, lost = [], []
        for person, body in zip(self._known, bodies, strict=True):
            fade = (_FADE_SURE if body.presence >= _SURE else _FADE_UNSURE) * passed
            carried = person.evidence - fade
            sighting = sight(body, pyramid.width, pyramid.height, carried=carried, established=person.established)
            if is_body(sighting):
                kept.append(sighting)
            else:
                lost.append(person)
        for person in lost:
            square = person.sighting.body.following
            tile = Square(square.x, square.y, _AROUND * square.side)
            near = [one for one in self._finder.leads(pyramid, [tile], Memories()) if not _taken(one, kept)]
            again = [one for one in self._finder.check(pyramid, near[:1], Memories()) if is_body(one)]
            carried = person.evidence - _FADE_UNSURE * passed
            kept += [replace(one, support=0.0, carried=carried, established=person.established) for one in again]
        return kept

    def _restless(self, pyramid: Pyramid, followed: Sequence[Sighting]) -> bool:
        """Somebody was lost, or one look at the whole picture shows somebody new."""
        if len(followed) < len(self._known):
            return True
        leads = self._finder.leads(pyramid, [whole(pyramid.width, pyramid.height)], self._memories)
        fresh = [one for one in leads if one.support >= _GLANCE_SUPPORT and not _taken(one, followed)]
        return any(is_body(one) for one in self._finder.check(pyramid, fresh, self._memories))


def _taken(lead: Lead, sightings: Sequence[Sighting]) -> bool:
    return any(circle_overlap(lead.best.square, one.body.following) >= 0.4 for one in sightings)
