"""The learning rate over a training."""

from __future__ import annotations

import pytest

from models.training.rates import rise_and_fall


@pytest.mark.parametrize(
    ("step", "steps", "warmup", "share"),
    [
        pytest.param(0, 10, 0.2, 0.5, id="rising"),
        pytest.param(1, 10, 0.2, 1.0, id="at-the-top"),
        pytest.param(6, 10, 0.2, 0.5, id="half-way-down"),
        pytest.param(10, 10, 0.2, 0.0, id="over"),
        pytest.param(0, 1, 0.0, 1.0, id="one-step"),
    ],
)
def test_it_rises_and_falls(step: int, steps: int, warmup: float, share: float) -> None:
    assert rise_and_fall(step, steps, warmup) == pytest.approx(share)
