"""What one view says of one part of a person. May import: `engine.core`, its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.clothing.cloth import Cloths
from models.clothing.light import Array


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part in one view.

    Attributes:
        visible: in [0, 1]; 0: not seen, and nothing else counts.
        names: (15,) shares of the names of colours, summing to 1 where it was seen.
        traits: probabilities by name of `TRAITS`; what is left out could not be told.
        cloths: what it is made of.
    """

    visible: float
    names: Array
    traits: Mapping[str, float] = field(default_factory=dict)
    cloths: Cloths | None = None

    @classmethod
    def hidden(cls) -> Part:
        """Not seen."""
        return cls(0.0, np.zeros(15))
