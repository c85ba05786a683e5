"""Telling a dead worker from a busy one."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import pytest

from engine.store.workers import WorkerId, running, started


def test_current_is_alive_and_survives_spelling() -> None:
    worker = WorkerId.current()
    assert worker.pid == os.getpid()
    assert not worker.gone()
    assert WorkerId.parse(worker.text()) == worker


@pytest.mark.parametrize("mark", ["", "boot:77"])
def test_parse_reads_text(mark: str) -> None:
    worker = WorkerId(host="a host with blanks", pid=7, started=mark)
    assert WorkerId.parse(worker.text()) == worker


def test_a_worker_elsewhere_is_never_known_to_be_gone() -> None:
    assert not WorkerId(host="far away", pid=2**22 + 1, started="x").gone()


def test_a_child_is_running_until_it_ends_even_before_it_is_asked_for() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    mark = started(child.pid)
    worker = dataclasses.replace(WorkerId.current(), pid=child.pid, started=mark)
    assert running(child.pid, mark)
    assert not worker.gone()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not running(child.pid, mark)
    assert worker.gone()
    child.communicate()
    assert not running(child.pid, mark)
    assert started(child.pid) == ""
