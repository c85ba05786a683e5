"""One worker per home, kept alive, and gone with its supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from engine.jobs.supervisor import Supervisor
from engine.store.workers import running
from tests.jobs.patience import expect_soon

ROOT = Path(__file__).parents[2]

SLEEPS = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(1000)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS
ENDS = "import os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')"


@pytest.fixture
def lives(tmp_path: Path) -> Callable[[], list[int]]:
    """Process numbers of all workers that ever began."""
    file = tmp_path / "lives"

    def read() -> list[int]:
        return [int(line) for line in file.read_text().splitlines()] if file.exists() else []

    return read


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[[str], Supervisor]]:
    made: list[Supervisor] = []

    def make(code: str) -> Supervisor:
        command: Sequence[str] = [sys.executable, "-c", code, str(tmp_path / "lives")]
        made.append(Supervisor(command, {**os.environ, "SIGHTLINE_HOME": str(tmp_path / "home")}))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


Lives = Callable[[], list[int]]
Supervise = Callable[[str], Supervisor]


def test_start_and_stop(supervise: Supervise, lives: Lives) -> None:
    supervisor = supervise(SLEEPS)
    assert supervisor.pid is None
    supervisor.start()
    supervisor.start()
    expect_soon(lambda: len(lives()) == 1)
    assert supervisor.pid == lives()[0]
    supervisor.stop()
    supervisor.stop()
    assert supervisor.pid is None
    assert not running(lives()[0], "")
    supervisor.start()
    expect_soon(lambda: len(lives()) == 2)


def test_a_worker_that_dies_is_started_again(supervise: Supervise, lives: Lives) -> None:
    supervisor = supervise(SLEEPS)
    supervisor.start()
    expect_soon(lambda: len(lives()) == 1)
    os.kill(lives()[0], signal.SIGKILL)
    expect_soon(lambda: len(lives()) == 2)
    expect_soon(lambda: supervisor.pid == lives()[1])


def test_a_worker_that_keeps_dying_is_started_ever_more_slowly(
    supervise: Supervise, lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("engine.jobs.supervisor.FIRST_PAUSE_S", 0.01)
    supervisor = supervise(ENDS)
    wait = supervisor._stop.wait

    def counted(seconds: float) -> bool:
        if seconds not in (0.2, 1.0):
            pauses.append(seconds)
        return wait(seconds)

    monkeypatch.setattr(supervisor._stop, "wait", counted)
    supervisor.start()
    expect_soon(lambda: len(lives()) >= 3)
    supervisor.stop()
    assert pauses[:3] == [0.01, 0.02, 0.04]


def test_a_program_that_is_not_there_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor([str(tmp_path / "nothing")], {"SIGHTLINE_HOME": str(tmp_path)})
    supervisor.start()
    expect_soon(lambda: "cannot be started" in caplog.text)
    supervisor.stop()


def test_a_worker_that_will_not_stop_is_killed(
    supervise: Supervise, lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.jobs.supervisor.STOP_S", 0.2)
    supervisor = supervise(DEAF)
    supervisor.start()
    expect_soon(lambda: len(lives()) == 1)
    supervisor.stop()
    assert not running(lives()[0], "")


def test_only_one_supervisor_of_a_home_has_a_worker(supervise: Supervise, lives: Lives) -> None:
    one, other = supervise(SLEEPS), supervise(SLEEPS)
    one.start()
    expect_soon(lambda: len(lives()) == 1)
    other.start()
    time.sleep(0.5)
    assert len(lives()) == 1
    assert other.pid is None
    one.stop()
    expect_soon(lambda: len(lives()) == 2)
    expect_soon(lambda: other.pid == lives()[1])


DASHBOARD = """
import os, sys, time
from pathlib import Path
from engine.jobs.supervisor import Supervisor

file = sys.argv[1]
command = [sys.executable, "-m", "tests.jobs.toy", file, "1", str(os.getpid())]
supervisor = Supervisor(command, {**os.environ, "SIGHTLINE_HOME": str(Path(file).parent)})
supervisor.start()
while supervisor.pid is None:
    time.sleep(0.01)
print(supervisor.pid, flush=True)
time.sleep(1000)
"""


def test_a_worker_ends_with_a_dashboard_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "home" / "sightline.db"
    command = [sys.executable, "-c", DASHBOARD, str(file)]
    dashboards = []
    try:
        for _ in range(2):
            dashboards.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
            worker = int(dashboards[-1].stdout.readline())
            expect_soon(lambda pid=worker: running(pid, ""))
            dashboards[-1].kill()
            dashboards[-1].wait()
            # The second round shows that the lock went with the first dashboard.
            expect_soon(lambda pid=worker: not running(pid, ""))
    finally:
        for dashboard in dashboards:
            dashboard.kill()
            dashboard.communicate()
