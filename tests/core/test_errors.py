from __future__ import annotations

import pickle

import pytest

from engine.core import errors


def test_a_footage_error_crosses_a_process_border() -> None:
    sent = errors.FootageError("This file is empty. Copy it again.", kind="empty", detail="0 bytes")
    got = pickle.loads(pickle.dumps(sent))
    assert (got.user_message, got.kind, got.detail) == (sent.user_message, sent.kind, sent.detail)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(errors.ConfigError("x"), 2, id="usage"),
        pytest.param(errors.FootageError("x", kind="empty"), 3, id="bad-input"),
        pytest.param(errors.ModelMissing("x"), 4, id="model-missing"),
        pytest.param(errors.ModelError("x"), 1, id="model-broken"),
        pytest.param(errors.JobError("x"), 1, id="job"),
    ],
)
def test_exit_codes_are_the_contract(error: errors.SightlineError, code: int) -> None:
    assert error.exit_code == code
