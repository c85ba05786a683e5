"""The embedded emotion back end: its answers, its card, and what it says when its weights are not as they should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.core.errors import ModelError, ModelMissing
from engine.core.faces import Faces
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions, EmotionClassifier
from models.emotion.checkpoint import SHIPPED, Settings, load, save
from models.emotion.cnn import CALM_ODDS, CnnEmotionClassifier
from models.emotion.fer import CLASSES, EMOTION_OF, read_faces
from models.emotion.framing import cut_faces
from models.registry import resolve


@pytest.fixture(scope="module")
def network() -> CnnEmotionClassifier:
    built = resolve("emotion", "cnn")(BackendOptions(threads=2))
    assert isinstance(built, CnnEmotionClassifier)
    return built


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 255, (240, 320, 3), dtype=np.uint8)


def faces_at(centres: list[tuple[float, float]], size: float = 30.0) -> Faces:
    count = len(centres)
    shape = np.array([[-0.4, -0.3], [0.4, -0.3], [0, 0], [0, 0.5], [-0.8, 0], [0.8, 0]], np.float32) * size
    points = np.array(centres, np.float32).reshape(count, 1, 2) + shape
    return Faces(
        people=np.arange(count),
        boxes=np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1),
        points=points,
        angles=np.zeros((count, 3), np.float32),
        scores=np.ones(count, np.float32),
        quality=np.ones(count, np.float32),
    )


MANY = [(40.0 + 30 * index, 60.0 + 12 * index) for index in range(9)]


def test_it_plays_the_role(network: CnnEmotionClassifier) -> None:
    assert isinstance(network, EmotionClassifier)
    assert set(network.labels) == set(EMOTIONS) - {"confused"}
    assert CnnEmotionClassifier.describe(BackendOptions()) == network.card
    assert (network.card.name, network.card.tier) == ("cnn", "embedded")


@pytest.mark.parametrize("count", [0, 1, 9])
def test_a_row_per_face(network: CnnEmotionClassifier, picture: NDArray[np.uint8], count: int) -> None:
    before = picture.copy()
    answers = network.classify(picture, faces_at(MANY[:count]))
    assert answers.shape == (count, len(EMOTIONS))
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    assert (answers[:, EMOTIONS.index("confused")] == 0).all()
    np.testing.assert_array_equal(picture, before)


def test_answers_do_not_depend_on_company(network: CnnEmotionClassifier, picture: NDArray[np.uint8]) -> None:
    together = network.classify(picture, faces_at(MANY))
    np.testing.assert_array_equal(network.classify(picture, faces_at(MANY)), together)
    alone = np.concatenate([network.classify(picture, faces_at([centre])) for centre in MANY])
    np.testing.assert_allclose(alone, together, atol=1e-5)
    one_thread = CnnEmotionClassifier(BackendOptions(threads=1)).classify(picture, faces_at(MANY))
    np.testing.assert_allclose(one_thread, together, atol=1e-5)


def test_calm_is_likelier_in_footage(network: CnnEmotionClassifier, picture: NDArray[np.uint8]) -> None:
    plain = network.read(cut_faces(picture, faces_at(MANY).points))
    shifted = network.classify(picture, faces_at(MANY))
    calm, others = (
        EMOTIONS.index("calm"),
        [row for row, name in enumerate(EMOTIONS) if name not in ("calm", "confused")],
    )
    odds = (shifted[:, [calm]] / shifted[:, others]) / (plain[:, [calm]] / plain[:, others])
    np.testing.assert_allclose(odds, CALM_ODDS, rtol=1e-3)
    smile = 0.8 / (0.05 * CALM_ODDS)
    assert smile > 2, "an open smile stays one"


def test_mirrored_light_and_contrast_do_not_matter(network: CnnEmotionClassifier) -> None:
    chance = np.random.default_rng(4)
    cuts = (chance.random((3, 48, 48)) * 100 + 20).astype(np.uint8)
    answers = network.read(cuts)
    np.testing.assert_allclose(network.read(np.ascontiguousarray(cuts[:, :, ::-1])), answers, atol=1e-5)
    np.testing.assert_allclose(network.read(cuts * 2), answers, atol=1e-3)
    np.testing.assert_allclose(network.read(cuts + 30), answers, atol=1e-5)


def test_the_process_keeps_its_threads(network: CnnEmotionClassifier, picture: NDArray[np.uint8]) -> None:
    import torch

    before = torch.get_num_threads()
    CnnEmotionClassifier(BackendOptions(threads=before + 1)).classify(picture, faces_at(MANY[:1]))
    assert torch.get_num_threads() == before


def test_fusing_changes_no_answer() -> None:
    import torch

    from models.emotion.network import EmotionNet, fused

    torch.manual_seed(0)
    plain = EmotionNet(len(CLASSES), (4, 8), (1, 2))
    plain(torch.randn(8, 1, 48, 48))
    plain.eval()
    x = torch.randn(3, 1, 48, 48)
    with torch.inference_mode():
        np.testing.assert_allclose(fused(plain)(x).numpy(), plain(x).numpy(), atol=1e-5)
    assert not any(isinstance(part, torch.nn.BatchNorm2d) for part in fused(plain).modules())


def small_checkpoint(path: Path, temperature: float = 1.5) -> Path:
    import torch

    from models.emotion.network import EmotionNet

    torch.manual_seed(1)
    save(EmotionNet(len(CLASSES), (4, 8), (1, 1)).eval(), Settings(temperature, (4, 8), (1, 1)), path)
    return path


def test_own_weights_are_another_model(network: CnnEmotionClassifier, tmp_path: Path) -> None:
    path = small_checkpoint(tmp_path / "own.safetensors")
    own = CnnEmotionClassifier(BackendOptions(weights=path))
    assert own.card.tier == "trained"
    assert own.card.version != network.card.version
    assert load(path)[1] == Settings(1.5, (4, 8), (1, 1))


def test_the_same_network_is_the_same_file(tmp_path: Path) -> None:
    first, second = small_checkpoint(tmp_path / "a.safetensors"), small_checkpoint(tmp_path / "b.safetensors")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.safetensors", "b.safetensors"]


def test_a_higher_temperature_is_less_sure(tmp_path: Path) -> None:
    cuts = np.random.default_rng(5).integers(0, 255, (4, 48, 48), dtype=np.uint8)
    cold, hot = (
        CnnEmotionClassifier(BackendOptions(weights=small_checkpoint(tmp_path / f"{t}.safetensors", t))).read(cuts)
        for t in (0.01, 5.0)
    )
    assert (cold.max(axis=1) > hot.max(axis=1)).all()
    np.testing.assert_array_equal(cold.argmax(axis=1), hot.argmax(axis=1))


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    options = BackendOptions(weights=tmp_path / "none.safetensors")
    for ask in (CnnEmotionClassifier.describe, CnnEmotionClassifier):
        with pytest.raises(ModelMissing, match="train emotion"):
            ask(options)


@pytest.mark.parametrize("kind", ["cut", "noise", "empty", "foreign", "wrong-shape", "cold"])
def test_broken_weights_are_named(kind: str, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "emotion.safetensors"
    whole = small_checkpoint(path).read_bytes()
    if kind == "cut":
        path.write_bytes(whole[:-100])
    elif kind == "noise":
        path.write_bytes(b"\xff" * 500)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "foreign":
        save_file({"weight": torch.zeros(2)}, path, metadata={"format": "pt"})
    elif kind == "wrong-shape":
        path.write_bytes(whole.replace(b"[4,8]", b"[4,9]"))
    else:
        small_checkpoint(path, temperature=0.0)
    with pytest.raises(ModelError, match=r"emotion\.safetensors") as caught:
        CnnEmotionClassifier(BackendOptions(weights=path))
    assert not isinstance(caught.value, ModelMissing)


def test_weights_that_answer_nonsense_are_named(tmp_path: Path) -> None:
    import torch

    from models.emotion.network import EmotionNet

    broken = EmotionNet(len(CLASSES), (4, 8), (1, 1)).eval()
    torch.nn.init.constant_(broken.head.weight, float("nan"))
    path = tmp_path / "nan.safetensors"
    save(broken, Settings(1.0, (4, 8), (1, 1)), path)
    with pytest.raises(ModelError, match="not a number"):
        CnnEmotionClassifier(BackendOptions(weights=path)).read(np.zeros((1, 48, 48), np.uint8))


def test_the_shipped_network_is_small() -> None:
    assert SHIPPED.stat().st_size <= 4_000_000
    assert SHIPPED.with_suffix(".md").is_file()


@pytest.mark.footage
def test_the_shipped_network_reads_faces(network: CnnEmotionClassifier, shared: Path) -> None:
    archive = shared / "faces" / "fer2013_train_val.zip"
    if not archive.is_file():
        pytest.skip(f"the labelled faces are absent: {archive}")
    faces = read_faces(archive, ("validation",))
    rows = np.random.default_rng(11).permutation(len(faces))[:700]
    answers = network.read(faces.faces[rows]).argmax(axis=1)
    labels = [EMOTIONS.index(EMOTION_OF[CLASSES[label]]) for label in faces.labels[rows]]
    assert np.mean(answers == labels) > FLOOR


FLOOR = 0.70
"""The shipped network reaches .717 on these 700 faces (.678 on all 3,589); one standard error is .017."""
