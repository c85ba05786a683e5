"""The losses of BLIP against what they are made of, and the queue that remembers."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from models.training.blip_losses import (  # noqa: E402 - behind the check that torch is there
    NOBODY,
    Queue,
    contrastive,
    follow,
    hard_negatives,
    next_words,
    same,
)


def ids(*columns: tuple[int, int]) -> Any:
    return torch.tensor(columns).T


def test_same_picture_or_same_sentence_belongs_together() -> None:
    own = ids((0, 0), (1, 1), (2, 0))
    others = torch.cat([own, ids((1, 9), (NOBODY, NOBODY))], dim=1)
    told = same(own, others)
    assert told.tolist() == [
        [True, False, True, False, False],
        [False, True, False, True, False],
        [True, False, True, False, False],
    ]


def test_without_soft_targets_it_is_cross_entropy() -> None:
    torch.manual_seed(1)
    logits = torch.randn(4, 7)
    right = torch.eye(4, 7).bool()
    expected = torch.nn.functional.cross_entropy(logits, torch.arange(4))
    assert contrastive(logits, torch.randn(4, 7), right, 0.0) == pytest.approx(float(expected), abs=1e-6)


def test_targets_are_shared_by_all_that_are_right() -> None:
    logits = torch.zeros(1, 4)
    right = torch.tensor([[True, True, False, False]])
    assert contrastive(logits, logits, right, 0.0) == pytest.approx(math.log(4))
    sure = torch.tensor([[5.0, 5.0, -5.0, -5.0]])
    assert contrastive(sure, sure, right, 0.0) == pytest.approx(math.log(2), abs=1e-3)


def test_momentum_encoders_soften_the_target() -> None:
    logits, right = torch.tensor([[3.0, 0.0]]), torch.tensor([[True, False]])
    doubtful = torch.tensor([[0.0, 0.0]])
    assert contrastive(logits, doubtful, right, 0.4) > contrastive(logits, doubtful, right, 0.0)
    # 0.4 of even, 0.6 of right.
    log = torch.log_softmax(logits, dim=1)[0]
    expected = -(0.8 * log[0] + 0.2 * log[1])
    assert contrastive(logits, doubtful, right, 0.4) == pytest.approx(float(expected), abs=1e-6)


def test_hard_negatives_are_wrong_and_mostly_the_likeliest() -> None:
    torch.manual_seed(0)
    logits = torch.tensor([[9.0, 8.0, -9.0], [0.0, 9.0, 6.0], [5.0, -5.0, 9.0]])
    chosen = torch.stack([hard_negatives(logits, torch.eye(3).bool())[1] for _ in range(50)])
    assert not (chosen == torch.arange(3)).any()
    assert (chosen == torch.tensor([1, 2, 0])).float().mean() > 0.9


def test_rows_without_a_wrong_answer_are_left_out() -> None:
    right = torch.tensor([[True, True], [True, False]])
    rows, chosen = hard_negatives(torch.zeros(2, 2), right)
    assert (rows.tolist(), chosen.tolist()) == ([1], [1])
    rows, chosen = hard_negatives(torch.zeros(2, 2), torch.ones(2, 2).bool())
    assert (len(rows), len(chosen)) == (0, 0)


def test_the_queue_pushes_the_oldest_out() -> None:
    queue = Queue(5, 2, torch.Generator().manual_seed(1), "cpu")
    assert (queue.ids == NOBODY).all()
    assert torch.allclose(queue.images.norm(dim=1), torch.ones(5))
    for start in (0, 3):
        batch = torch.arange(start, start + 3)
        vectors = batch[:, None].repeat(1, 2).float()
        queue.push(vectors, -vectors, torch.stack([batch, batch + 100]))
    assert queue.ids.tolist() == [[5, 1, 2, 3, 4], [105, 101, 102, 103, 104]]
    assert queue.images[:, 0].tolist() == [5.0, 1.0, 2.0, 3.0, 4.0]
    assert queue.texts[:, 0].tolist() == [-5.0, -1.0, -2.0, -3.0, -4.0]
    other = Queue(5, 2, torch.Generator().manual_seed(2), "cpu")
    other.restore(queue.state())
    other.push(torch.zeros(1, 2), torch.zeros(1, 2), ids((7, 7)))
    assert other.ids[0].tolist() == [5, 7, 2, 3, 4]


def test_a_batch_longer_than_the_queue_leaves_its_end() -> None:
    queue = Queue(2, 1, torch.Generator(), "cpu")
    batch = torch.arange(3)
    queue.push(batch[:, None].float(), batch[:, None].float(), torch.stack([batch, batch]))
    assert sorted(queue.ids[0].tolist()) == [1, 2]
    none = Queue(0, 1, torch.Generator(), "cpu")
    none.push(batch[:, None].float(), batch[:, None].float(), torch.stack([batch, batch]))
    assert none.images.shape == (0, 1)


def test_followers_are_drawn_after() -> None:
    leader, follower = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    with torch.no_grad():
        leader.weight.fill_(1.0)
        follower.weight.fill_(0.0)
    follow([leader], [follower], 0.75)
    assert follower.weight.detach().item() == pytest.approx(0.25)
    assert leader.weight.detach().item() == 1.0


def test_the_prompt_and_the_filling_are_not_learned() -> None:
    torch.manual_seed(3)
    tokens = torch.tensor([[9, 1, 2, 3, 4, 0], [9, 1, 2, 5, 0, 0]])
    mask = (tokens > 0).long()
    logits = torch.randn(2, 6, 10)
    picked = [(0, 2, 3), (0, 3, 4), (1, 2, 5)]  # row, place read, token to write
    expected = -sum(float(torch.log_softmax(logits[row, place], dim=0)[token]) for row, place, token in picked) / 3
    assert next_words(logits, tokens, mask, 3, 0.0) == pytest.approx(expected, abs=1e-6)
