from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import ConfigError, FootageError, StoreError
from engine.core.library import FootageDetails
from engine.core.views import JobState
from tests.seeded import Seeds, open_engine


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Seeds]:
    (tmp_path / "open").mkdir()
    with open_engine(tmp_path / "home", roots=(str(tmp_path / "open"),)) as engine:
        yield Seeds(engine)


def test_entries_put_together_what_is_known(seeds: Seeds) -> None:
    library = seeds.engine.library
    assert library.entries() == ()
    old, new = seeds.footage("old.mp4", recorded_utc="2024-03-01T09:00:00Z"), seeds.footage("new.mp4")
    run = seeds.run(old, people=3)
    seeds.job(old, state=JobState.DONE)
    newest = seeds.job(old, state=JobState.FAILED, error="It broke.")
    library.describe(new.id, FootageDetails(("gate",), start_utc="2026-01-01T00:00:00Z"))
    folder = seeds.engine.settings.media / old.sha256
    (folder / "thumbs").mkdir(parents=True)
    for name in ("0.jpg", "1.jpg", "3.jpg"):
        (folder / "thumbs" / name).write_bytes(b"x")
    (folder / "poster.jpg").write_bytes(b"x")
    second, first = library.entries()
    assert (first.footage.id, first.run, first.people, first.runs) == (old.id, run.id, 3, 1)
    assert first.job is not None
    assert (first.job.id, first.job.error) == (newest.id, "It broke.")
    assert (first.poster, first.thumbs) == (True, 2), "a strip with a hole ends at the hole"
    assert first.start_utc == "2024-03-01T09:00:00Z"
    assert (second.job, second.run, second.people, second.poster, second.thumbs) == (None, "", None, False, 0)
    assert second.start_utc == "2026-01-01T00:00:00+00:00"
    assert second.details.tags == ("gate",)


def test_tags_and_cameras_in_use(seeds: Seeds) -> None:
    library = seeds.engine.library
    for number, tags in enumerate([("gate", "night"), ("Night",), ()]):
        library.describe(seeds.footage(f"{number}.mp4").id, FootageDetails(tags, ("b", "A", "b")[number]))
    assert library.tags() == ("night", "gate")
    assert library.cameras() == ("A", "b")
    assert len(library.all_details()) == 3
    with pytest.raises(StoreError):
        library.describe("nobody", FootageDetails())


def test_holdings_tell_what_would_go(seeds: Seeds) -> None:
    uploaded, kept = seeds.footage("up.mp4"), seeds.footage("kept.mp4", in_place=True)
    seeds.run(uploaded, people=2, appearances=1, segments=0)
    folder = seeds.engine.settings.media / uploaded.sha256
    for name, size in (("original/up.mp4", 500), ("playback.mp4", 300), ("stages/k/1.bin", 70), ("poster.jpg", 20)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * size)
    holdings = seeds.engine.library.holdings(uploaded)
    pictures = list(folder.rglob("*.jpg"))
    assert (holdings.original, holdings.playback, holdings.others, holdings.runs) == (500, 300, 70, 1)
    assert holdings.pictures == len(pictures) > 1
    assert holdings.pictures_bytes == sum(path.stat().st_size for path in pictures)
    before = [path for path in folder.rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in before)
    assert total == holdings.original + holdings.playback + holdings.pictures_bytes + holdings.others
    empty = seeds.engine.library.holdings(kept)
    assert (empty.original, empty.pictures, empty.runs) == (0, 0, 0)


def test_the_pulse_beats_with_every_change(seeds: Seeds) -> None:
    library = seeds.engine.library
    beats = [library.pulse().revision]
    footage = seeds.footage()
    beats.append(library.pulse().revision)
    job = seeds.job(footage)
    beats.append(library.pulse().revision)
    assert [one.id for one in library.pulse().jobs] == [job.id]
    assert library.pulse().pictured == frozenset()
    poster = seeds.engine.settings.media / footage.sha256 / "poster.jpg"
    poster.parent.mkdir(parents=True)
    poster.write_bytes(b"x")
    assert library.pulse().pictured == {footage.id}
    assert library.pulse().revision == beats[-1], "progress alone is no change"
    seeds.engine.cancel(job.id)
    beats.append(library.pulse().revision)
    assert library.pulse().jobs == ()
    assert len(set(beats)) == len(beats)


def test_folders_are_noted_and_forgotten(seeds: Seeds, tmp_path: Path) -> None:
    library = seeds.engine.library
    folder = library.watch(tmp_path / "open", "embedded")
    assert (folder.path, folder.profile, folder.watched, folder.done) == (
        str(tmp_path / "open"),
        "embedded",
        True,
        False,
    )
    once = library.take_in(tmp_path / "open")
    assert [one.id for one in library.watched()] == [folder.id]
    assert [one.id for one in library.taken_in()] == [once.id]
    library.unwatch(folder.id)
    library.unwatch(folder.id)
    assert library.watched() == ()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("{open}/../x", "outside"),
        ("{open}/out", "outside"),
        ("{open}/none", "missing"),
        ("{open}/a.mp4", "not-a-folder"),
    ],
)
def test_folders_that_may_not_be_watched(seeds: Seeds, tmp_path: Path, path: str, kind: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "open" / "out").symlink_to(tmp_path / "x")
    (tmp_path / "open" / "a.mp4").write_bytes(b"x")
    with pytest.raises(FootageError) as caught:
        seeds.engine.library.watch(Path(path.replace("{open}", str(tmp_path / "open"))))
    assert caught.value.kind == kind
    assert seeds.engine.library.watched() == ()


def test_a_profile_has_to_be_one(seeds: Seeds, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        seeds.engine.library.watch(tmp_path / "open", "best")


def test_the_stages_are_those_that_take_time(seeds: Seeds) -> None:
    stages = seeds.engine.library.stages
    assert stages[0] == "playback"
    assert "detect" in stages
    assert "pose" not in stages
