from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.training.reid_config import ReidTrainConfig

torch = pytest.importorskip("torch")

from models.training.reid_losses import IdentityLoss, push_apart  # noqa: E402 - needs torch

POINTS = [[0.0], [1.0], [3.0], [3.5], [6.0], [7.0]]
PEOPLE = [1, 1, 2, 2, 3, 3]
"""On a line, by hand. Squared distances of one person: 1 (0-1), 0.25 (3-3.5), 1 (6-7).

Nearest two of other people: of 1 those at 3.5 and 6: 6.25; of 2 those at 1 and 6: 25; of 3 those at 1 and 3: 4.
"""


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        pytest.param(0.0, 0.0, id="far-enough"),
        pytest.param(4.0, 1.0, id="one-term"),  # 3: 1 - 4 + 4 = 1; 1: 1 - 6.25 + 4 < 0; 2: far
        pytest.param(6.0, (0.75 + 3.0) / 2, id="two-terms"),  # 1: 1 - 6.25 + 6; 3: 1 - 4 + 6; 2: .25 - 25 + 6 < 0
        pytest.param(25.0, (19.75 + 0.25 + 22.0) / 3, id="three-terms"),
    ],
)
def test_the_nearest_quadruplets_by_hand(margin: float, expected: float) -> None:
    vectors, people = torch.tensor(POINTS, requires_grad=True), torch.tensor(PEOPLE)
    loss = push_apart(vectors, people, margin, hard=True)
    assert float(loss.detach()) == pytest.approx(expected, abs=1e-5)
    loss.backward()
    assert bool(vectors.grad.any()) == (expected > 0)


def test_all_quadruplets_by_hand() -> None:
    line, terms = np.array(POINTS)[:, 0], []
    for i, j, first, second in product(range(6), repeat=4):
        who = [PEOPLE[row] for row in (i, j, first, second)]
        if i < j and first < second and who[0] == who[1] and len({who[0], who[2], who[3]}) == 3:
            terms.append((line[i] - line[j]) ** 2 - (line[first] - line[second]) ** 2 + 8.0)
    above = [term for term in terms if term > 0]
    # Of person 1: 9 - 6.25, and 3 to 6 lie 9 apart, 9 - 9 = 0; of 3: 9 - 4 and 9 - 6.25, 0 to 3 again 9 apart.
    assert sorted(above) == pytest.approx([2.75, 2.75, 5.0]) and len(terms) == 12
    loss = push_apart(torch.tensor(POINTS), torch.tensor(PEOPLE), 8.0)
    assert float(loss) == pytest.approx(np.mean(above), abs=1e-5)


@pytest.mark.parametrize(
    "people", [pytest.param([1, 1, 2, 2, 2, 2], id="two-people"), pytest.param([1, 2, 3, 4, 5, 6], id="nobody-twice")]
)
def test_without_quadruplets_there_is_nothing_to_learn(people: list[int]) -> None:
    vectors = torch.tensor(POINTS, requires_grad=True)
    loss = push_apart(vectors, torch.tensor(people), 100.0)
    loss.backward()
    assert float(loss.detach()) == 0.0 and not vectors.grad.any()


def test_both_terms_by_hand() -> None:
    # The hardest triplets, squared, each + 5. 0: 1 - 9, 1: 1 - 4, 3: .25 - 4, 3.5: .25 - 6.25, 6: 1 - 6.25,
    # 7: 1 - 12.25. Above 0 are 2 and 1.25. The second term as above, with margin 4: 1.
    config = ReidTrainConfig(loss="quadruplet", mining="hard", margin=2.0, push=2.0)
    object.__setattr__(config, "margin", 5.0)
    object.__setattr__(config, "push", 4.0)
    loss = IdentityLoss(config)(torch.tensor(POINTS), torch.tensor(PEOPLE))
    assert float(loss) == pytest.approx((2.0 + 1.25) / 2 + 1.0, abs=1e-5)


def test_triplets_by_hand() -> None:
    # All triplets, not squared: |a - p| - |a - n| + margin over those above 0.
    config = ReidTrainConfig(loss="triplet", mining="all", margin=1.8)
    loss = IdentityLoss(config)(torch.tensor(POINTS), torch.tensor(PEOPLE))
    line, terms = np.array(POINTS)[:, 0], []
    for anchor in range(6):
        for same in range(6):
            for other in range(6):
                if anchor != same and PEOPLE[anchor] == PEOPLE[same] and PEOPLE[anchor] != PEOPLE[other]:
                    terms.append(abs(line[anchor] - line[same]) - abs(line[anchor] - line[other]) + 1.8)
    above = [term for term in terms if term > 0]
    assert 0 < len(above) < len(terms)
    assert float(loss) == pytest.approx(np.mean(above), abs=1e-5)
