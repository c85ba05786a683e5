"""The decoding child: what it does when a decoder misbehaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from engine.core.config import Settings
from engine.core.errors import FootageError
from engine.media.sandbox import Child, run_child

HOSTILE = "tests.media.hostile"


def test_a_task_answers(settings: Settings) -> None:
    assert run_child(f"{HOSTILE}:answer", {"value": 41}, settings, name="a.mp4")["value"] == 42


@pytest.mark.parametrize(
    ("task", "kind", "word"),
    [
        pytest.param("refuse", "drawing", "It is a drawing.", id="its own error comes through"),
        pytest.param("fail", "decoder-crashed", "clip.mp4", id="python error"),
        pytest.param("be_killed", "decoder-crashed", "clip.mp4", id="killed"),
        pytest.param("jump_into_nowhere", "decoder-crashed", "clip.mp4", id="segmentation fault"),
        pytest.param("end_without_a_word", "decoder-crashed", "clip.mp4", id="gone"),
    ],
)
def test_a_crash_is_a_footage_error(settings: Settings, task: str, kind: str, word: str) -> None:
    with pytest.raises(FootageError) as caught:
        run_child(f"{HOSTILE}:{task}", {}, settings, name="clip.mp4")
    assert caught.value.kind == kind
    assert word in caught.value.user_message
    if task == "be_killed":
        assert str(-signal.SIGKILL) in caught.value.detail
    if task == "fail":
        assert "an accident" in caught.value.detail


@pytest.mark.parametrize("task", ["hang", "hang_in_c"])
def test_a_hang_is_ended(settings: Settings, task: str) -> None:
    with pytest.raises(FootageError, match="got stuck") as caught:
        run_child(f"{HOSTILE}:{task}", {}, replace(settings, decode_silence_s=1.5), name="clip.mp4")
    assert caught.value.kind == "decoder-hung"


def test_beats_keep_a_slow_child_alive(settings: Settings) -> None:
    assert run_child(f"{HOSTILE}:beat_for_long", {}, replace(settings, decode_silence_s=2.0), name="clip.mp4")


def test_memory_has_a_ceiling(settings: Settings) -> None:
    with pytest.raises(FootageError, match="needs more than the 256 MiB") as caught:
        run_child(f"{HOSTILE}:eat_memory", {}, replace(settings, decode_memory_mib=256), name="clip.mp4")
    assert caught.value.kind == "decoder-crashed"


def test_a_forgotten_child_ends(settings: Settings) -> None:
    child = Child(f"{HOSTILE}:hang", {}, settings, name="clip.mp4")
    pid = child.pid
    del child
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("task", ["hang", "hang_in_c"])
def test_a_child_dies_with_its_parent(task: str) -> None:
    program = (
        "import sys, time\n"
        "from engine.core.config import Settings\n"
        "from engine.media.sandbox import Child\n"
        f"child = Child('{HOSTILE}:{task}', {{}}, Settings(), name='clip.mp4')\n"
        "time.sleep(1.0)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    assert _is_gone(pid)


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.1)
    return False
