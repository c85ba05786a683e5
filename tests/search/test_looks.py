"""Vectors of looks: alike where colours are, whatever else was out of sight."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.clothing import ClothingReadings
from engine.search.crops import CropBook
from engine.search.looks import COLUMNS, looks
from tests.seeded import dressed_view


def vectors(*outfits: dict[str, str]) -> np.ndarray:
    rows = ClothingReadings.concatenate(dressed_view(1, rank, outfit) for rank, outfit in enumerate(outfits))
    return looks(rows)[2]


RED = {"upper": "red long", "lower": "black long", "shoes": "white"}


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        pytest.param(RED, {**RED, "upper": "blue long"}, id="another-colour"),
        pytest.param({**RED, "shoes": "black"}, {**RED, "upper": "green long"}, id="shoes-tell-less"),
        pytest.param({**RED, "upper": "red white long"}, {**RED, "upper": "white long"}, id="half-of-two-colours"),
        pytest.param({"upper": "red long"}, {"upper": "blue long"}, id="less-was-seen"),
        pytest.param({**RED, "upper": "red"}, {**RED, "upper": "navy long"}, id="sleeves-tell-less"),
    ],
)
def test_who_is_more_alike(nearer: dict[str, str], farther: dict[str, str]) -> None:
    asked, near, far = vectors(RED, nearer, farther)
    assert asked @ near > asked @ far + 0.05


def test_every_vector_has_length_one_and_unseen_views_have_none() -> None:
    rows = ClothingReadings.concatenate(
        [dressed_view(4, 0, RED), dressed_view(4, 1, {}), dressed_view(4, 2, {"bag": "no"}), dressed_view(5, 0, RED)]
    )
    tracklets, ranks, found = looks(rows)
    assert (tracklets.tolist(), ranks.tolist()) == ([4, 4, 5], [0, 2, 0])
    assert found.shape == (3, COLUMNS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert found[0] @ found[2] == pytest.approx(1, abs=1e-5)
    assert len(looks(ClothingReadings.concatenate([]))[2]) == 0


def test_the_book_leads_from_views_to_people() -> None:
    book = CropBook.ordered(
        np.array([30, 10, 20, 40]), np.array([1, 0, 1, 3]), np.array([[3, 0], [1, 0], [2, 0], [4, 1]])
    )
    assert book.of(np.array([1, 3]), 4).tolist() == [20, 30, 40]
    scores, places = book.best(np.array([20, 99, 30, 10]), np.array([1.2, 0.9, 0.8, -0.1], np.float32), 5)
    assert scores.tolist() == pytest.approx([0.0, 1.0, np.nan, 0.0, np.nan], nan_ok=True)
    assert [book.views[at].tolist() if at >= 0 else None for at in places] == [[1, 0], [2, 0], None, None, None]
