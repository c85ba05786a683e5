"""Who is who on the whole way: vectors of kept views, people who come back, models that are named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.api import Engine
from engine.core.config import AnalysisConfig, DetectConfig, LinkConfig, Settings
from engine.core.errors import ModelMissing
from engine.core.identity import CosineScale
from engine.core.protocols import BackendOptions
from engine.identity_step import embed
from engine.store.identity import IdentityTable
from engine.tiers import Backend, choose_identity
from models.fake_identity import FakeIdentityEmbedder
from tests.drawn import Walker, draw_clip
from tests.models.clothing.figures import Figure, picture

FAKE = AnalysisConfig(person_model="fake", detect=DetectConfig(fps=5, chunk_s=4.0))
RED, BLUE = (220, 20, 20), (20, 20, 220)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A red figure leaves through the right border and comes back from the left; a blue one comes between."""
    folder = tmp_path_factory.mktemp("home")
    walkers = [
        Walker(RED, leave_s=2.5, start=(200, 60), speed=(48, 0)),
        Walker(BLUE, enter_s=3.0, leave_s=5.0, start=(100, 70), speed=(5, 0)),
        Walker(RED, enter_s=6.0, start=(-28, 60), speed=(40, 0)),
    ]
    clip = draw_clip(folder / "back.mp4", walkers, seconds=9)
    with Engine(Settings(home=folder / "home", emotions=False)) as engine:
        engine.analyze_now(engine.register(clip).id, FAKE)
    return folder / "home"


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    with Engine(Settings(home=home, emotions=False)) as opened:
        yield opened


def test_who_comes_back_is_one_person(engine: Engine) -> None:
    run = engine.runs(engine.list_footage()[0].id)[0]
    people = engine.answers.people(run.id)
    assert [[stretch.tracklet for stretch in person.presence] for person in people] == [[1, 3], [2]]
    names = [stage.name for stage in run.stages]
    assert names.index("crops") < names.index("clothing") < names.index("identity") < names.index("link")
    assert names.index("link") < names.index("actions")


def test_every_kept_view_has_a_vector(engine: Engine) -> None:
    run = engine.runs(engine.list_footage()[0].id)[0]
    found = IdentityTable(engine._database).of_run(run.id)
    assert found is not None
    vectors, scale = found
    crops = [crop for person in engine.answers.people(run.id) for crop in person.crops]
    kept = zip(vectors.tracklets.tolist(), vectors.ranks.tolist(), strict=True)
    assert sorted(kept) == sorted((crop.tracklet, crop.rank) for crop in crops)
    assert scale == FakeIdentityEmbedder.scale
    assert (vectors.quality[vectors.ranks == 0] > 0).all()


def test_how_sure_looks_must_be_is_heeded_and_nothing_else_is_done_again(engine: Engine) -> None:
    view = engine.list_footage()[0]
    strict = AnalysisConfig(person_model="fake", detect=FAKE.detect, link=LinkConfig(min_views=32))
    run = engine.analyze_now(view.id, strict)
    assert [stage.name for stage in run.stages if not stage.cached] == ["link"]
    assert len(engine.answers.people(run.id)) == 3


def test_views_of_no_quality_say_nothing() -> None:
    class Silent(FakeIdentityEmbedder):
        def encode(self, pictures: object) -> np.ndarray:
            return np.stack([np.eye(self.size, dtype=np.float32)[0], np.zeros(self.size, np.float32)])

    good = picture(Figure())
    vectors = embed(Silent(BackendOptions()), [(1, 0, good), (1, 1, good)])
    assert vectors.quality.tolist() == [pytest.approx(0.8), 0.0]
    none = type(good)(**{name: getattr(good, name) for name in ("image", "mask", "pose", "white")}, quality=0.0)
    vectors = embed(Silent(BackendOptions()), [(1, 0, none), (1, 1, good)])
    assert not vectors.vectors.any()


@pytest.mark.parametrize(
    ("person", "config", "expected"),
    [
        pytest.param("fake", AnalysisConfig(), "fake", id="fake-goes-with-fake"),
        pytest.param("blazepose", AnalysisConfig(), "parts", id="parts-where-there-is-nothing-else"),
        pytest.param("blazepose", AnalysisConfig(profile="embedded"), "parts", id="embedded"),
        pytest.param("fake", AnalysisConfig(identity_model="parts"), "parts", id="by-name"),
    ],
)
def test_which_model_answers(person: str, config: AnalysisConfig, expected: str, tmp_path: Path) -> None:
    chosen = choose_identity(Backend("person", person, BackendOptions()), Settings(home=tmp_path), config)
    assert chosen.name == expected


def test_a_model_that_is_gone(tmp_path: Path) -> None:
    config = AnalysisConfig(identity_model=str(tmp_path / "gone"))
    with pytest.raises(ModelMissing, match="bring it back"):
        choose_identity(Backend("person", "blazepose", BackendOptions()), Settings(home=tmp_path), config)


def test_the_scale() -> None:
    scale = CosineScale(0.5, 0.9)
    assert [scale.score(cosine) for cosine in (0.5, 0.7, 0.9)] == pytest.approx([0.05, 0.5, 0.95])
    assert 0 <= scale.score(-1.0) < scale.score(1.0) <= 1
    with pytest.raises(ValueError, match="ascend"):
        CosineScale(0.9, 0.9)
