"""Settings: frozen dataclasses with bounds, and the one place that reads the environment and files for them.

May import: `engine.core.errors`.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from engine.core.errors import ConfigError

PROFILES = ("auto", "embedded", "pretrained")

LINKAGES = ("single", "average", "complete")
"""What the distance of two groups of tracklets is: of the nearest two, the mean of all, of the farthest two."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be, and its unit; sliders are built from this.

    Attributes:
        low: smallest allowed value.
        high: largest allowed value.
        unit: such as "s" or "px"; "" for ratios.
        help: one line for people.
    """

    low: float
    high: float
    unit: str
    help: str


def number(default: float, low: float, high: float, unit: str, help: str) -> Any:  # noqa: A002 - the word people read
    """A float field with bounds."""
    return field(default=default, metadata={"bounds": Bounds(low, high, unit, help)})


def whole(default: int, low: int, high: int, unit: str, help: str) -> Any:  # noqa: A002
    """An int field with bounds."""
    return field(default=default, metadata={"bounds": Bounds(low, high, unit, help)})


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A group of settings that checks itself against its fields' bounds.

    Raises:
        ConfigError: a number is out of bounds or not a number.
    """

    def __post_init__(self) -> None:
        for entry in dataclasses.fields(self):
            bounds = entry.metadata.get("bounds")
            value = getattr(self, entry.name)
            if bounds is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ConfigError(f"{entry.name} must be a number, got {value!r}.")
            if not bounds.low <= value <= bounds.high:
                unit = f" {bounds.unit}" if bounds.unit else ""
                raise ConfigError(
                    f"{entry.name} must be from {bounds.low:g} to {bounds.high:g}{unit}, got {value:g}. {bounds.help}"
                )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build from plain values, nested groups as nested mappings.

        Raises:
            ConfigError: a name is unknown or a value is out of bounds.
        """
        known = {entry.name: entry for entry in dataclasses.fields(cls)}
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise ConfigError(f"Unknown setting {unknown[0]!r}. Known are: {', '.join(sorted(known))}.")
        built = {}
        for name, value in values.items():
            group: Any = known[name].default_factory
            nested = isinstance(value, Mapping) and isinstance(group, type) and issubclass(group, Checked)
            built[name] = group.from_dict(value) if nested else value
        return cls(**built)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, nested; `from_dict` reads them back."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, kw_only=True)
class DetectConfig(Checked):
    """How people are looked for."""

    fps: float = number(5.0, 0.1, 120.0, "frames/s", "Analysed frames a second; more finds quicker movements, slower.")
    min_score: float = number(0.4, 0.05, 0.95, "", "Detections under this score are dropped.")
    chunk_s: float = number(20.0, 2.0, 600.0, "s", "Footage between two saved states of an unfinished analysis.")


@dataclass(frozen=True, kw_only=True)
class TrackConfig(Checked):
    """How detections become tracklets."""

    lost_s: float = number(1.6, 0.0, 60.0, "s", "How long somebody may go unseen within one tracklet.")
    min_seen: int = whole(3, 1, 100, "frames", "Tracklets seen in fewer analysed frames are dropped as false alarms.")
    min_mean_score: float = number(0.45, 0.0, 1.0, "", "Tracklets with a lower mean score are dropped.")


@dataclass(frozen=True, kw_only=True)
class LinkConfig(Checked):
    """How tracklets become persons, and when two may be offered as the same one."""

    max_gap_s: float = number(3.0, 0.0, 3600.0, "s", "Longest absence bridged by place and movement alone.")
    linkage: str = "average"
    min_score: float = number(
        0.9, 0.5, 1.0, "", "How sure appearance must be to link two. Lower: fewer split people, and more wrong ones."
    )
    doubtful_score: float = number(
        0.2, 0.0, 1.0, "", "From here on two who were not linked are offered to look at. Lower: more pairs to look at."
    )
    min_views: int = whole(2, 1, 32, "views", "Good views somebody needs before appearance may link them.")
    min_quality: float = number(0.3, 0.0, 1.0, "", "A view under this says nothing about who somebody is.")
    margin: float = number(
        1.0, 0.0, 10.0, "", "By how much the best partner must beat any other who cannot be the same, log odds."
    )
    place_weight: float = number(0.5, 0.0, 10.0, "", "Log odds for coming back where somebody was lost.")
    time_weight: float = number(0.3, 0.0, 10.0, "", "Log odds taken off for each factor e of minutes away.")
    clothing_weight: float = number(2.0, 0.0, 10.0, "", "Log odds taken off where clothes were read that differ.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.linkage not in LINKAGES:
            raise ConfigError(f"Linkage must be one of {', '.join(LINKAGES)}, got {self.linkage!r}.")


@dataclass(frozen=True, kw_only=True)
class CropConfig(Checked):
    """Which pictures of a tracklet are kept."""

    per_tracklet: int = whole(6, 1, 32, "pictures", "Best views kept of each tracklet.")
    apart_s: float = number(1.0, 0.0, 60.0, "s", "Shortest time between two kept views.")
    max_side: int = whole(512, 64, 4096, "px", "Longer pictures are scaled down to this.")


@dataclass(frozen=True, kw_only=True)
class EmotionConfig(Checked):
    """How readings of faces become stretches of one emotion."""

    min_quality: float = number(0.1, 0.0, 1.0, "", "Faces that can be read less well are left out.")
    window_s: float = number(2.0, 0.2, 60.0, "s", "Readings so close to an instant speak for it together.")
    min_coverage: float = number(0.25, 0.0, 1.0, "", "With a usable face in a smaller share of the time: unknown.")
    min_score: float = number(0.4, 0.0, 1.0, "", "Pooled probability under which the emotion is unknown.")
    min_s: float = number(1.0, 0.0, 60.0, "s", "Shorter stretches are joined to their neighbours.")
    crops: int = whole(3, 0, 20, "pictures", "Face pictures kept of each stretch.")


@dataclass(frozen=True, kw_only=True)
class AnomalyConfig(Checked):
    """When what is out of the ordinary becomes an event, and what a shop is watched by. Each says what it costs."""

    threshold: float = number(
        0.7, 0.3, 0.99, "", "How sure the model must be. Lower finds more, and gives people more to look at."
    )
    hold: float = number(
        0.8,
        0.3,
        1.0,
        "",
        "An event lasts until it is under this share of the threshold. Lower: longer clips, fewer cuts.",
    )
    min_s: float = number(2.0, 0.0, 60.0, "s", "Shorter events are dropped. Lower: more that is over in a moment.")
    smooth_s: float = number(
        4.0, 0.0, 30.0, "s", "Windows so close together speak as one. Lower: quicker events, and more false ones."
    )
    min_coverage: float = number(
        0.6, 0.0, 1.0, "", "Windows that saw less of the body say nothing. Lower: more guesses about hidden bodies."
    )
    join_s: float = number(
        3.0, 0.0, 60.0, "s", "Events of one kind so close together are one. Lower: more, shorter events to look at."
    )
    decided: float = number(
        0.5, 0.0, 1.0, "", "The likeliest kind must have this probability. Lower: more events of an uncertain kind."
    )
    shop: bool = False
    shop_threshold: float = number(
        0.5, 0.1, 0.99, "", "A hand at a shelf counts from this probability. Lower: more unpaid items to look at."
    )
    shop_window_s: float = number(4.0, 1.0, 30.0, "s", "Length of what is judged at a time in a shop.")
    shop_step_s: float = number(2.0, 0.5, 30.0, "s", "From one such window to the next; less is slower.")
    counter_s: float = number(
        4.0, 0.5, 600.0, "s", "A stay at the counter that pays. Shorter: passers-by count as having paid."
    )


@dataclass(frozen=True, kw_only=True)
class AnalysisConfig(Checked):
    """Everything that decides what an analysis answers. Stored with every run."""

    profile: str = "auto"
    person_model: str = ""
    emotion_model: str = ""
    action_model: str = ""
    identity_model: str = ""
    detect: DetectConfig = field(default_factory=DetectConfig)
    track: TrackConfig = field(default_factory=TrackConfig)
    link: LinkConfig = field(default_factory=LinkConfig)
    crops: CropConfig = field(default_factory=CropConfig)
    emotions: EmotionConfig = field(default_factory=EmotionConfig)
    anomalies: AnomalyConfig = field(default_factory=AnomalyConfig)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.profile not in PROFILES:
            raise ConfigError(f"Profile must be one of {', '.join(PROFILES)}, got {self.profile!r}.")


@dataclass(frozen=True, kw_only=True)
class Settings(Checked):
    """Where things are and how much they may use: the machine's side, never part of a result."""

    home: Path = Path("data")
    upload_limit_gib: float = number(16.0, 0.001, 1024.0, "GiB", "Largest file that may be uploaded.")
    decode_memory_mib: int = whole(2048, 256, 65536, "MiB", "Memory ceiling of the process that decodes footage.")
    decode_silence_s: float = number(30.0, 1.0, 600.0, "s", "A decoder silent for so long is taken for hung.")
    threads: int = whole(2, 1, 64, "threads", "Threads the models may use.")
    emotions: bool = True
    roots: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")

    @property
    def database(self) -> Path:
        """The results store."""
        return self.home / "sightline.db"

    @property
    def media(self) -> Path:
        """Footage and what is made of it, one folder per SHA-256."""
        return self.home / "media"

    @property
    def models(self) -> Path:
        """Weights that were fetched or imported."""
        return self.home / "models"

    def allows(self, path: Path) -> bool:
        """Whether a server path may be registered from the browser: it lies under one of `roots`."""
        resolved = path.resolve()
        return any(resolved.is_relative_to(Path(root).resolve()) for root in self.roots)


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `SIGHTLINE_HOME` and the optional `sightline.toml` inside it.

    Args:
        environment: stands in for `os.environ`.

    Raises:
        ConfigError: the file cannot be read, or holds an unknown name or a value out of bounds.
    """
    environment = os.environ if environment is None else environment
    home = Path(environment.get("SIGHTLINE_HOME") or "data").expanduser().resolve()
    file = home / "sightline.toml"
    values: dict[str, Any] = {"threads": max(1, min(os.cpu_count() or 1, 8))}
    try:
        values |= tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}. Mend it or move it away.") from error
    if "home" in values:
        raise ConfigError(f"{file} cannot say where it lies itself: take `home` out and set SIGHTLINE_HOME.")
    for name in ("roots", "hosts"):
        if name in values:
            values[name] = tuple(values[name])
    return Settings.from_dict({**values, "home": home})


def read_toml(file: Path) -> dict[str, Any]:
    """The values in a file of settings that somebody named on the command line.

    Raises:
        ConfigError: the file cannot be read.
    """
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}. Mend it or name another.") from error


def shared_material(environment: Mapping[str, str] | None = None) -> Path:
    """Folder of the test material (`SIGHTLINE_SHARED`, default `../shared`); it may be absent."""
    environment = os.environ if environment is None else environment
    return Path(environment.get("SIGHTLINE_SHARED") or "../shared").resolve()


def canonical_json(value: object) -> str:
    """One spelling per value, so that it can be hashed: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
