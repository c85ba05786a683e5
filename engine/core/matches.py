"""What two analyses of one piece of footage have in common, and what differs.

Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that two analyses were told, or used, differently.

    Attributes:
        name: a setting such as "detect.fps", or a stage such as "detect".
        first: in the first analysis; "" where it has none.
        second: in the second.
    """

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """One human, found by both analyses.

    Attributes:
        first: label in the first.
        second: label in the second.
        agreement: overlap of their boxes in space and time, in [0, 1]: intersection over union, summed over the
            instants both see them, over the instants either does.
        first_s: time in view, seconds, by the first.
        second_s: by the second.
        shared_s: time in which both see them in the same place, seconds.
    """

    first: str
    second: str
    agreement: float
    first_s: float
    second_s: float
    shared_s: float


@dataclass(frozen=True, slots=True)
class Lonely:
    """Somebody whom only one of two analyses counts as a person of their own.

    Attributes:
        label: in the analysis that does.
        visible_s: time in view, seconds.
        part_of: whom the other analysis sees in the same places, "" where it sees nobody: the same human, split in two
            by one of the analyses, where it is somebody who is matched already.
    """

    label: str
    visible_s: float
    part_of: str


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two analyses of the same footage beside one another.

    Attributes:
        settings: what they were told differently, by name.
        stages: stages whose model or version differs, in the order of the first.
        matches: the people both found, in the first's order.
        only_first: people of the first without a match, in its order.
        only_second: of the second.
    """

    settings: tuple[Difference, ...]
    stages: tuple[Difference, ...]
    matches: tuple[PersonMatch, ...]
    only_first: tuple[Lonely, ...]
    only_second: tuple[Lonely, ...]
