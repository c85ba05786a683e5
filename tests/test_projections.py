"""Maps of looks: PCA as the algebra says, others handed to a process of their own, samples, caching."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import reduction
from engine.api import Engine
from engine.core.errors import ConfigError, SearchError
from engine.core.projection import ProjectionConfig
from engine.projections import Projections
from engine.reduction import principal
from tests.looks import embed
from tests.seeded import Seeds, open_engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two recordings of two and three people; tests leave them as they are."""
    with open_engine(tmp_path_factory.mktemp("maps") / "home") as engine:
        seeds = Seeds(engine)
        for name, looks in (("hall.mp4", (1, 2)), ("yard.mp4", (2, 4, 5))):
            run = seeds.run(seeds.footage(name), people=len(looks), pictures=False)
            embed(engine, run, {f"P{n}": (look, 0.0) for n, look in enumerate(looks, 1)})
        yield engine


def test_principal_axes_keep_distances_and_order() -> None:
    draw = np.random.default_rng(1)
    flat = draw.normal(size=(40, 2)) * (5.0, 2.0)
    turned = (flat @ np.linalg.qr(draw.normal(size=(9, 9)))[0][:2]).astype(np.float32)
    places, shares = principal(turned, 2)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.testing.assert_allclose(apart, np.linalg.norm(flat[:, None] - flat[None], axis=2), atol=1e-3)
    assert shares[0] > shares[1] > 0
    assert sum(shares) == pytest.approx(1.0, abs=1e-5)
    assert principal(turned[::-1].copy(), 2)[0][::-1] == pytest.approx(places, abs=1e-3)


@pytest.mark.parametrize(
    ("points", "axes"),
    [pytest.param(0, 2, id="none"), pytest.param(1, 3, id="one"), pytest.param(2, 3, id="fewer than axes")],
)
def test_few_points(points: int, axes: int) -> None:
    places, shares = principal(np.eye(4, dtype=np.float32)[:points], axes)
    assert places.shape == (points, axes)
    assert len(shares) == axes
    assert np.isfinite(places).all()


def test_views_and_people(engine: Engine) -> None:
    views = engine.maps.project(ProjectionConfig())
    assert len(views) == views.total == 5 * 6
    assert len(views.people) == 5
    people = engine.maps.project(ProjectionConfig(unit="person", dimensions=3))
    assert people.places.shape == (5, 3)
    assert sorted(people.owner.tolist()) == [0, 1, 2, 3, 4]
    best = {(ref.footage, ref.label): crop for ref, crop in zip(people.people, people.crops, strict=True)}
    for ref in people.people:
        person = next(one for one in engine.answers.people(ref.run) if one.label == ref.label)
        assert best[ref.footage, ref.label] == person.crops[0]
    assert engine.maps.embedders() == (f"{views.model} {views.version}",)
    hall = engine.footage("hall.mp4").id
    assert {ref.footage for ref in engine.maps.project(ProjectionConfig(footage=(hall,))).people} == {hall}


def test_of_very_many_an_even_sample(engine: Engine) -> None:
    made = engine.maps.project(ProjectionConfig(most=10))
    assert (len(made), made.total) == (10, 30)


def test_a_map_is_made_once_and_points_too_few_are_refused(engine: Engine) -> None:
    asked: list[str] = []

    def laid(vectors: np.ndarray, dimensions: int, method: str) -> np.ndarray:
        asked.append(method)
        return np.zeros((len(vectors), dimensions), np.float32)

    maps = Projections(engine.gallery, laid)
    wish = ProjectionConfig(method="umap")
    assert maps.project(wish) is maps.project(wish)
    maps.project(ProjectionConfig(method="tsne"))
    assert asked == ["umap", "tsne"]
    hall = engine.footage("hall.mp4").id
    with pytest.raises(SearchError, match="at least 5"):
        maps.project(ProjectionConfig(method="umap", unit="person", footage=(hall,)))


def test_nothing_to_show(tmp_path: Path) -> None:
    with open_engine(tmp_path / "home") as empty:
        made = empty.maps.project(ProjectionConfig(method="umap"))
        assert (len(made), made.total, made.model, made.embedders) == (0, 0, "", ())


@pytest.mark.parametrize("wrong", [{"method": "lda"}, {"unit": "pixel"}, {"dimensions": 4}])
def test_wishes_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        ProjectionConfig(**wrong)  # type: ignore[arg-type]


def test_the_process_of_its_own_reads_a_task_and_writes_places(monkeypatch: pytest.MonkeyPatch) -> None:
    def reduced(vectors: np.ndarray, dimensions: int, method: str) -> np.ndarray:
        assert method == "tsne"
        return vectors[:, :dimensions]

    monkeypatch.setattr(reduction, "reduced", reduced)
    task, answer = io.BytesIO(), io.BytesIO()
    vectors = np.arange(20, dtype=np.float32).reshape(5, 4)
    np.savez(task, vectors=vectors, dimensions=np.array(2), method=np.array("tsne"))
    reduction.main(io.BytesIO(task.getvalue()), answer)
    np.testing.assert_array_equal(np.load(io.BytesIO(answer.getvalue())), vectors[:, :2])


def test_a_process_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reduction.sys, "executable", "/nonexistent/python")
    with pytest.raises(SearchError, match="Choose PCA"):
        reduction.neighbourly(np.zeros((6, 3), np.float32), 2, "tsne")
