from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import ConfigError, FootageError
from engine.core.types import FloatArray, Frame
from models.training.videomae_augment import vary
from models.training.videomae_clips import clips_of, find_files, prepare, spans
from models.training.videomae_config import VideoTrainConfig

CONFIG = VideoTrainConfig()


def _frames(seconds: float, fps: float = 10.0) -> Iterator[Frame]:
    for row in range(round(seconds * fps) + 1):
        yield Frame(index=row, t=3.0 + row / fps, image=np.full((60, 80, 3), row % 256, np.uint8))


class Drawn:
    """Senses for text files that say how long they are; the person is a box that is known."""

    version = "drawn"

    def __init__(self, box: tuple[float, ...] | None = (20, 10, 40, 50)) -> None:
        self.box = box
        self.read_files: list[str] = []

    def read(self, path: Path) -> Iterator[Frame]:
        self.read_files.append(path.name)
        try:
            seconds = float(path.read_text())
        except ValueError as error:
            raise FootageError("It is no footage.", kind="not-video") from error
        yield from _frames(seconds)

    def people(self, frames: Sequence[Frame]) -> list[FloatArray]:
        boxes = [] if self.box is None else [self.box, (0, 0, 5, 5)]
        return [np.array(boxes, np.float32).reshape(-1, 4) for _ in frames]


def _folder(root: Path, **labels: int) -> Path:
    for label, count in labels.items():
        (root / label).mkdir(parents=True)
        for number in range(count):
            # Leading blanks: every file its own content, whatever its length.
            (root / label / f"{number}.mp4").write_text(" " * len(list(root.rglob("*.mp4"))) + f"{2 + number}")
    return root


@pytest.mark.parametrize(
    ("seconds", "starts"),
    [
        pytest.param(0.3, [], id="too-short"),
        pytest.param(1.0, [0.0], id="short"),
        pytest.param(2.0, [0.0], id="one"),
        pytest.param(4.0, [0.0, 1.0, 2.0], id="every-second"),
        pytest.param(4.6, [0.0, 1.0, 2.0, 2.6], id="and-the-rest"),
        pytest.param(4.05, [0.0, 1.0, 2.0], id="next-to-nothing-left"),
    ],
)
def test_where_stretches_start(seconds: float, starts: list[float]) -> None:
    found = list(spans(_frames(seconds, 20.0), 2.0, 1.0))
    assert [span[0].t - 3.0 for span in found] == pytest.approx(starts)
    for span in found:
        assert span[-1].t - span[0].t <= 2.0 + 1e-6


def test_long_footage_is_not_held() -> None:
    held: list[int] = []

    def frames() -> Iterator[Frame]:
        import weakref

        alive: list[weakref.ref[np.ndarray]] = []
        for frame in _frames(60):
            alive = [ref for ref in alive if ref() is not None]
            alive.append(weakref.ref(frame.image))
            held.append(len(alive))
            yield frame

    for _ in spans(frames(), 2.0, 1.0):
        pass
    assert max(held) < 50


def test_footage_with_a_hole() -> None:
    frames = [frame for frame in _frames(20) if not 6.0 < frame.t < 15.0]
    found = list(spans(iter(frames), 2.0, 1.0))
    assert all(len(span) >= 1 and span[-1].t - span[0].t <= 2.0 for span in found)
    assert found[0][0].t == 3.0 and found[-1][-1].t == pytest.approx(23.0, abs=0.2)


def test_clips_show_the_person_with_context(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("4")
    clips = list(clips_of(Drawn(), tmp_path / "a.mp4", (4, 32), CONFIG))
    assert [clip.shape for clip in clips] == [(4, 32, 32, 3)] * 3
    # Grey level is the number of the picture: 10 a second, evenly spaced over two seconds.
    assert clips[0][:, 0, 0, 0].tolist() == pytest.approx([3, 8, 12, 17], abs=1)
    assert clips[1][0, 0, 0, 0] - clips[0][0, 0, 0, 0] == 10


def test_without_a_person_the_whole_picture(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("2")

    class Bright(Drawn):
        def read(self, path: Path) -> Iterator[Frame]:
            for frame in _frames(2):
                image = np.zeros((60, 80, 3), np.uint8)
                image[0:10, 0:10] = 255
                yield Frame(index=frame.index, t=frame.t, image=image)

    (nobody,) = clips_of(Bright(None), tmp_path / "a.mp4", (2, 40), CONFIG)
    (somebody,) = clips_of(Bright((50, 30, 70, 50)), tmp_path / "a.mp4", (2, 40), CONFIG)
    assert nobody.max() > 200 and somebody.max() < 30


def test_files_are_split_by_label_and_always_alike(tmp_path: Path) -> None:
    data = _folder(tmp_path, walk=10, fall=3, sit=2)
    files = find_files(data, CONFIG)
    assert files.labels == ("fall", "sit", "walk")
    assert len(files.training) == 8 + 2 + 1 and len(files.held) == 2 + 1 + 1
    assert not {path for path, _ in files.training} & {path for path, _ in files.held}
    assert find_files(data, CONFIG) == files
    assert {number for _, number in files.held} == {0, 1, 2}


def test_a_split_made_by_hand_is_kept(tmp_path: Path) -> None:
    _folder(tmp_path / "train", a=3, b=2)
    _folder(tmp_path / "val", a=1, b=1)
    files = find_files(tmp_path, CONFIG)
    assert len(files.training) == 5 and [path.parent.parent.name for path, _ in files.held] == ["val", "val"]


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        pytest.param({"a": 3}, "too-few-labels", id="one-label"),
        pytest.param({"a": 3, "b": 1}, "too-few-clips", id="one-file"),
        pytest.param({"a": 3, "b": 0}, "too-few-labels", id="an-empty-label"),
    ],
)
def test_too_little_to_learn_from(tmp_path: Path, labels: dict[str, int], kind: str) -> None:
    with pytest.raises(FootageError) as raised:
        find_files(_folder(tmp_path, **labels), CONFIG)
    assert raised.value.kind == kind


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(FootageError):
        find_files(tmp_path / "absent", CONFIG)


def test_footage_is_cut_once(tmp_path: Path) -> None:
    data = _folder(tmp_path / "data", a=2, b=2)
    (data / "a" / "broken.mp4").write_text("nonsense")
    (data / "a" / "blink.mp4").write_text("0.2")
    senses, files = Drawn(), [(path, int(path.parent.name == "b")) for path in sorted(data.rglob("*.mp4"))]
    first = prepare(files, senses, (4, 16), CONFIG, tmp_path / "clips")
    assert len(senses.read_files) == 6
    assert [line.split(":")[0] for line in first.skipped] == ["blink.mp4", "broken.mp4"]
    assert len(first) == (1 + 2) * 2 and first.labels == (0, 0, 0, 1, 1, 1)
    again = prepare(files, senses, (4, 16), CONFIG, tmp_path / "clips")
    assert senses.read_files[6:] == ["broken.mp4"], "only what failed is tried again"
    np.testing.assert_array_equal(first.clip(2), again.clip(2))
    assert not np.array_equal(first.clip(1), first.clip(2))
    prepare(files[-1:], senses, (4, 16), VideoTrainConfig(step_s=0.5), tmp_path / "clips")
    assert len(senses.read_files) == 8, "other settings, other clips"


def test_what_is_learnt_from_is_not_measured_on(tmp_path: Path) -> None:
    data = _folder(tmp_path / "data", a=2)
    copy = data / "a" / "copy.mp4"
    copy.write_bytes((data / "a" / "0.mp4").read_bytes())
    senses, clips = Drawn(), tmp_path / "clips"
    learned = prepare([(data / "a" / "0.mp4", 0)], senses, (4, 16), CONFIG, clips)
    held = prepare([(copy, 0), (data / "a" / "1.mp4", 0)], senses, (4, 16), CONFIG, clips, known=learned)
    assert len(held.files) == 1 and held.skipped[0].startswith("copy.mp4")


def test_nothing_but_broken_footage(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_text("nonsense")
    with pytest.raises(FootageError) as raised:
        prepare([(tmp_path / "x.mp4", 0)], Drawn(), (4, 16), CONFIG, tmp_path / "clips")
    assert "x.mp4" in raised.value.user_message


def _dot() -> np.ndarray:
    clip = np.full((3, 41, 41, 3), 100, np.uint8)
    clip[:, 2:7, 18:23] = 200
    return clip


def test_all_pictures_of_a_clip_are_varied_alike_and_within_bounds() -> None:
    clip, before = _dot(), _dot()
    angles, lights = [], []
    for seed in range(40):
        varied = vary(clip, CONFIG, np.random.default_rng(seed))
        assert varied.shape == clip.shape and varied.dtype == np.uint8
        assert (varied == varied[0]).all()
        lights.append(varied[0, 35, 20].astype(int) - 100)
        rows, columns = np.nonzero(varied[0, :, :, 1] > varied[0, 35, 20, 1] + 40)
        angles.append(np.degrees(np.arctan2(columns.mean() - 20, 20 - rows.mean())))
    np.testing.assert_array_equal(clip, before)
    assert 5 < np.abs(angles).max() < 11.5
    assert 40 < np.abs(lights).max() <= 80
    assert 10 < np.ptp(lights, axis=1).max() <= 61, "colours are shifted apart from each other"


def test_nothing_to_vary() -> None:
    still = VideoTrainConfig(rotation=0.0, brightness=0.0, colour=0.0)
    np.testing.assert_array_equal(vary(_dot(), still, np.random.default_rng(1)), _dot())


@pytest.mark.parametrize("wrong", [{"copies": 3}, {"architecture": "resnet"}, {"epochs": 0}, {"rotations": 5}])
def test_settings_out_of_bounds(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        VideoTrainConfig.from_dict(wrong)
