from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.core.config import AnalysisConfig, DetectConfig, Settings, canonical_json, load_settings, shared_material
from engine.core.errors import ConfigError


def test_an_analysis_survives_the_way_to_json_and_back() -> None:
    config = AnalysisConfig(profile="embedded", detect=DetectConfig(fps=2.5))
    assert AnalysisConfig.from_dict(config.to_dict()) == config


@pytest.mark.parametrize(
    ("values", "word"),
    [
        pytest.param({"profile": "best"}, "best", id="unknown-profile"),
        pytest.param({"speed": 1}, "speed", id="unknown-name"),
        pytest.param({"detect": {"speed": 1}}, "speed", id="unknown-nested-name"),
        pytest.param({"detect": {"fps": 0}}, "fps", id="below-bounds"),
        pytest.param({"detect": {"fps": 1e9}}, "fps", id="above-bounds"),
        pytest.param({"detect": {"fps": "5"}}, "fps", id="text-for-a-number"),
        pytest.param({"detect": {"fps": True}}, "fps", id="bool-for-a-number"),
        pytest.param({"detect": {"fps": float("nan")}}, "fps", id="not-a-number"),
    ],
)
def test_bad_values_are_named(values: dict[str, Any], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        AnalysisConfig.from_dict(values)


def test_settings_come_from_the_home(tmp_path: Path) -> None:
    (tmp_path / "sightline.toml").write_text('threads = 3\nroots = ["/srv/footage"]\n')
    settings = load_settings({"SIGHTLINE_HOME": str(tmp_path)})
    assert (settings.home, settings.threads, settings.roots) == (tmp_path, 3, ("/srv/footage",))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("threds = 3", id="unknown"),
        pytest.param("threads = ", id="not-toml"),
        pytest.param("threads = 0", id="out-of-bounds"),
        pytest.param('home = "elsewhere"', id="home-inside-the-home"),
    ],
)
def test_a_bad_settings_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "sightline.toml").write_text(text)
    with pytest.raises(ConfigError):
        load_settings({"SIGHTLINE_HOME": str(tmp_path)})


def test_defaults_without_environment() -> None:
    assert load_settings({}).home == Path("data").resolve()
    assert shared_material({}) == Path("../shared").resolve()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        pytest.param("roots/a.mp4", True, id="inside"),
        pytest.param("roots/../a.mp4", False, id="climbs-out"),
        pytest.param("elsewhere/a.mp4", False, id="outside"),
        pytest.param("roots/link.mp4", False, id="link-that-leads-out"),
    ],
)
def test_only_allow_listed_roots(tmp_path: Path, path: str, allowed: bool) -> None:
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots/link.mp4").symlink_to(tmp_path / "elsewhere.mp4")
    settings = Settings(home=tmp_path, roots=(str(tmp_path / "roots"),))
    assert settings.allows(tmp_path / path) is allowed


def test_canonical_json_has_one_spelling() -> None:
    assert canonical_json({"b": 1, "a": [1, 2]}) == canonical_json({"a": [1, 2], "b": 1}) == '{"a":[1,2],"b":1}'
