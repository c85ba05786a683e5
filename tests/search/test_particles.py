"""Korean runs are cut into words of the lexicon, particles and what is not understood."""

from __future__ import annotations

import pytest

from engine.search.particles import cut


def shown(run: str) -> list[str]:
    return [piece.text if piece.entry else f"?{piece.text}" for piece in cut(run)]


@pytest.mark.parametrize(
    ("run", "pieces"),
    [
        pytest.param("셔츠", ["셔츠"], id="word"),
        pytest.param("셔츠를", ["셔츠", "를"], id="particle"),
        pytest.param("가방에서만", ["가방", "에서", "만"], id="particles"),
        pytest.param("검은셔츠", ["검은", "셔츠"], id="no-blank"),
        pytest.param("빨간모자를쓴사람", ["빨간", "모자", "를", "쓴", "사람"], id="sentence"),
        pytest.param("청바지", ["청바지"], id="longest-word"),
        pytest.param("청자켓", ["청", "자켓"], id="prefix"),
        pytest.param("진청자켓", ["진청", "자켓"], id="longer-prefix"),
        pytest.param("연회색", ["연", "회색"], id="shade-prefix"),
        pytest.param("모자하고", ["모자", "하고"], id="and"),
        pytest.param("나이키운동화", ["?나이키", "운동화"], id="unknown-before"),
        pytest.param("한국", ["?한국"], id="short-words-in-unknown-are-chance"),
        pytest.param("학교에는", ["?학교에는"], id="particles-in-unknown-are-chance"),
        pytest.param("청", ["?청"], id="prefix-alone"),
        pytest.param("을", ["?을"], id="particle-alone"),
        pytest.param("", [], id="empty"),
    ],
)
def test_cut(run: str, pieces: list[str]) -> None:
    assert shown(run) == pieces


def test_pieces_are_the_run() -> None:
    run = "검은셔츠를입고퀙뷁나이키운동화신은여자" * 50
    assert "".join(piece.text for piece in cut(run)) == run


def test_particles_know_what_they_join() -> None:
    assert [piece.entry.value for piece in cut("모자하고가방이랑") if piece.entry] == [
        "hat",
        "particle-and",
        "bag",
        "particle-and",
    ]
