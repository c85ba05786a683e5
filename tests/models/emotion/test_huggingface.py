from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import ModelError, ModelMissing
from engine.core.faces import Faces
from engine.core.labels import EMOTIONS
from engine.core.protocols import BackendOptions
from engine.core.types import Image
from models.emotion.huggingface import HuggingFaceEmotionClassifier, face_crops, label_table, to_emotions

SIX = ("anger", "contempt", "Neutral", "happiness", "Confused", "calm")


def save_tiny(folder: Path, labels: tuple[str, ...]) -> Path:
    """A random image classifier, saved the way the library saves them."""
    import torch
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

    torch.manual_seed(3)
    config = ViTConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        image_size=32,
        patch_size=8,
        id2label=dict(enumerate(labels)),
        label2id={label: row for row, label in enumerate(labels)},
        initializer_range=0.5,
    )
    ViTForImageClassification(config).save_pretrained(folder)
    ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def _options(folder: Path | None) -> BackendOptions:
    return BackendOptions(threads=1, weights=folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("emotion") / "tiny", SIX)


@pytest.fixture(scope="module")
def classifier(folder: Path) -> HuggingFaceEmotionClassifier:
    return HuggingFaceEmotionClassifier(_options(folder))


@pytest.fixture(scope="module")
def image() -> Image:
    return np.random.default_rng(2).integers(0, 256, (120, 160, 3), dtype=np.uint8)


def _faces(n: int, roll: float = 0.0) -> Faces:
    starts = np.array([(10 + 17 * row, 20 + 5 * row) for row in range(n)], np.float32).reshape(-1, 2)
    return Faces(
        people=np.arange(n),
        boxes=np.concatenate([starts, starts + 40], axis=1),
        points=np.zeros((n, 6, 2), np.float32),
        angles=np.tile(np.array([0, 0, roll], np.float32), (n, 1)),
        scores=np.ones(n, np.float32),
        quality=np.ones(n, np.float32),
    )


@pytest.mark.parametrize("count", [1, 3, 20])
def test_it_answers_what_transformers_answers(
    classifier: HuggingFaceEmotionClassifier, folder: Path, image: Image, count: int
) -> None:
    import torch
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    network = AutoModelForImageClassification.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    answers = classifier.classify(image, _faces(count))
    for row, crop in enumerate(face_crops(image, _faces(count), 32)):
        with torch.no_grad():
            logits = network(**processor(images=crop, return_tensors="pt")).logits
        anger, _, neutral, happiness, confused, calm = torch.softmax(logits, -1)[0].double().tolist()
        kept = anger + neutral + happiness + confused + calm
        wanted = {"angry": anger, "calm": neutral + calm, "happy": happiness, "confused": confused}
        np.testing.assert_allclose(
            answers[row], [wanted.get(label, 0.0) / kept for label in EMOTIONS], rtol=2e-5, atol=1e-6
        )
    assert answers.std(axis=0).max() > 0.01 or count == 1, "the network must tell faces apart for this to mean anything"


def test_the_labels_it_can_tell(classifier: HuggingFaceEmotionClassifier, image: Image) -> None:
    assert classifier.labels == ("calm", "happy", "confused", "angry")
    answers = classifier.classify(image, _faces(2))
    for column, label in enumerate(EMOTIONS):
        assert (answers[:, column] > 0).all() == (label in classifier.labels)


def test_the_card_follows_the_weights(folder: Path, tmp_path: Path) -> None:
    import shutil

    card = HuggingFaceEmotionClassifier.describe(_options(folder))
    copy = shutil.copytree(folder, tmp_path / "tiny")
    assert HuggingFaceEmotionClassifier.describe(_options(copy)).version == card.version
    assert card.tier == "pretrained"
    with (copy / "model.safetensors").open("r+b") as file:
        file.seek(-4, 2)
        file.write(b"\x11\x22\x33\x44")
    assert HuggingFaceEmotionClassifier.describe(_options(copy)).version != card.version
    (copy / "sightline.json").write_text("{}")
    assert HuggingFaceEmotionClassifier.describe(_options(copy)).tier == "trained"


def test_unknown_labels_are_named(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "cats", ("happy", "tabby", "LABEL_2"))
    with pytest.raises(ModelError) as raised:
        HuggingFaceEmotionClassifier(_options(folder))
    assert "tabby, LABEL_2" in raised.value.user_message and "happy," not in raised.value.user_message


@pytest.mark.parametrize("missing", ["config.json", "preprocessor_config.json", "model.safetensors", None])
def test_missing_files_are_named(folder: Path, tmp_path: Path, missing: str | None) -> None:
    import shutil

    copy = shutil.copytree(folder, tmp_path / "part") if missing else None
    if copy and missing:
        (copy / missing).unlink()
    with pytest.raises(ModelMissing) as raised:
        HuggingFaceEmotionClassifier.describe(_options(copy))
    assert (missing or "none was named").replace("model.", "*.") in raised.value.user_message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("model.safetensors", b"nonsense", id="weights"),
        pytest.param("config.json", b"{", id="no-json"),
        pytest.param("config.json", b'{"model_type": "no-such-model"}', id="foreign"),
        pytest.param("preprocessor_config.json", b"[]", id="processor"),
    ],
)
def test_a_broken_checkpoint_is_a_clear_error(folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
    import shutil

    copy = shutil.copytree(folder, tmp_path / "broken")
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError) as raised:
        HuggingFaceEmotionClassifier(_options(copy))
    assert "broken" in raised.value.user_message


def test_code_in_a_checkpoint_is_never_run(folder: Path, tmp_path: Path) -> None:
    import json
    import shutil

    copy = shutil.copytree(folder, tmp_path / "evil")
    config = json.loads((copy / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": dict.fromkeys(("AutoConfig", "AutoModel"), "evil.Evil")}
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Evil: pass\n")
    with pytest.raises(ModelError):
        HuggingFaceEmotionClassifier(_options(copy))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("labels", "emotions"),
    [
        pytest.param(
            ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"),
            ("angry", "disgusted", "fearful", "happy", "calm", "sad", "surprised"),
            id="fer-2013",
        ),
        pytest.param(
            ("Neutral", "Happy", "Sad", "Surprise", "Fear", "Disgust", "Anger", "Contempt"),
            ("calm", "happy", "sad", "surprised", "fearful", "disgusted", "angry", None),
            id="affectnet",
        ),
        pytest.param(
            ("기쁨", "당황", "분노", "불안", "상처", "슬픔", "중립"),
            ("happy", "confused", "angry", "fearful", "sad", "sad", "calm"),
            id="korean",
        ),
        pytest.param(("HAPPINESS", "no_face"), ("happy", None), id="case-and-underscores"),
    ],
)
def test_spellings(labels: tuple[str, ...], emotions: tuple[str | None, ...]) -> None:
    table = label_table(labels, "x")
    assert tuple(EMOTIONS[int(row.argmax())] if row.any() else None for row in table) == emotions
    assert (table.sum(axis=1) <= 1).all()


def test_labels_without_an_emotion() -> None:
    with pytest.raises(ModelError):
        label_table(("contempt", "other"), "x")


def test_what_is_left_out_is_shared() -> None:
    table = label_table(("happy", "sad", "contempt"), "x")
    answers = np.array([[0.3, 0.1, 0.6], [0.0, 0.0, 1.0]], np.float32)
    rows = to_emotions(answers, table)
    assert rows[0, EMOTIONS.index("happy")] == pytest.approx(0.75)
    assert rows[1].sum() == pytest.approx(1.0) and rows[1, EMOTIONS.index("sad")] == pytest.approx(0.5)


@pytest.mark.parametrize("roll", [0.0, 30.0, -90.0])
def test_crops_are_upright_by_the_eyes(roll: float) -> None:
    import cv2

    upright = np.full((200, 200, 3), 100, np.uint8)
    upright[78:84, 84:90] = upright[78:84, 110:116] = (250, 0, 0)
    matrix = cv2.getRotationMatrix2D((99.5, 99.5), -roll, 1.0)
    image = np.asarray(cv2.warpAffine(upright, matrix, (200, 200), borderValue=(100, 100, 100)), np.uint8)
    faces = Faces(
        people=np.zeros(1, np.int64),
        boxes=np.array([[70, 70, 130, 130]], np.float32),
        points=np.zeros((1, 6, 2), np.float32),
        angles=np.array([[0, 0, roll]], np.float32),
        scores=np.ones(1, np.float32),
        quality=np.ones(1, np.float32),
    )
    (crop,) = face_crops(image, faces, 72)
    rows, columns = np.nonzero(crop[:, :, 0] > crop[:, :, 1].astype(int) + 80)
    assert rows.max() - rows.min() < 8, "both eyes lie at one height"
    assert abs(columns.mean() - 35.5) < 1.5
    # 1.2 times the box, its middle .09 above the box's: the eyes' 81 - 58.6 pixels down.
    assert rows.mean() == pytest.approx(81 - (100 - 0.09 * 60 - 36), abs=1.5)


def test_no_faces(classifier: HuggingFaceEmotionClassifier, image: Image) -> None:
    assert classifier.classify(image, Faces.empty()).shape == (0, 8)
