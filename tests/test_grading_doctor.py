"""Does `rnncourse doctor` find out what protects a machine, and what does not?"""

from __future__ import annotations

import os

import pytest

from rnncourse.grading import running
from rnncourse.grading.doctor import Diagnosis, examine
from rnncourse.grading.engine import walls

pytestmark = pytest.mark.xdist_group("engine")


def states(diagnosis: Diagnosis) -> dict[str, str]:
    return {finding.what: finding.state for finding in diagnosis.findings}


@pytest.fixture(autouse=True)
def fresh_engine():
    running.stop()
    yield
    running.stop()


def test_does_everything_hold_here():
    diagnosis = examine()
    assert not [finding for finding in diagnosis.findings if finding.state == "no"]
    assert diagnosis.ok
    found = states(diagnosis)
    assert found.pop("the time of others") in ("yes", "partly")  # a setting of the system
    assert set(found.values()) == {"yes"}
    assert len(found) == 11


def test_is_a_missing_bubblewrap_named_with_its_mend(monkeypatch):
    monkeypatch.setattr(walls, "bubblewrap", lambda: None)
    diagnosis = examine()
    assert not diagnosis.ok
    assert "install the Debian package bubblewrap" in diagnosis.findings[0].detail


def test_is_a_hole_for_the_environment_found(monkeypatch):
    monkeypatch.setenv("RNNCOURSE_CANARY", "yellow")
    meant = walls.environment()
    holed = {**meant, "RNNCOURSE_CANARY": "yellow"}
    calls = iter([holed, holed])  # the engine's start; the doctor's own look comes later
    monkeypatch.setattr(walls, "environment", lambda: next(calls, meant))
    assert states(examine())["the environment"] == "no"


def test_is_a_hole_for_files_found(monkeypatch, tmp_path):
    whole = walls.outer_wall
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))

    def holed(command):
        start, end = whole(command)[: -1 - len(command)], [*whole(command)[-1 - len(command) :]]
        at = start.index("--remount-ro")
        return [*start[:at], "--perms", "0777", "--tmpfs", "/opt/left-open", *start[at:], *end]

    monkeypatch.setenv("HOME", "/opt/left-open")
    monkeypatch.setattr(walls, "outer_wall", holed)
    assert states(examine())["files"] == "no"


def test_is_a_missing_filter_of_system_calls_no_reason_to_refuse(monkeypatch):
    # where pyseccomp cannot be imported, the warm process goes on without it
    whole = walls.outer_wall
    script = (
        "import sys; sys.modules['pyseccomp'] = None; sys.argv = ['warm', *sys.argv[1:]];"
        "import runpy; runpy.run_module('rnncourse.grading.engine.warm', run_name='__main__')"
    )

    def without(command):
        assert command[:3] == ["-I", "-m", "rnncourse.grading.engine.warm"]
        return whole(["-I", "-c", script, *command[3:]])

    monkeypatch.setattr(walls, "outer_wall", without)
    diagnosis = examine()
    assert states(diagnosis)["the kernel"] == "partly"
    assert diagnosis.ok


@pytest.mark.skipif(os.geteuid() != 0, reason="tells what root does")
def test_does_it_say_whose_user_id_a_submission_has():
    assert "a user id of its own" in examine().findings[0].detail
