"""What a hostile or broken submission gets: no unearned point, no line of a test, no neighbour.

Each file of tests/hostile/ is one submission. All of them are graded in one run, with honest
ones among them.
"""

import contextlib
import copy
import ctypes
import json
import os
import re
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from grading_class import ASSIGNMENT, quiet
from hostile_class import (
    CONTROLS,
    LIMITS,
    POINTS,
    PROBED,
    RIGHT,
    World,
    active,
    contents,
    descendants,
    earned,
    hand_in_all,
    is_clear,
    leaks,
    listening,
    make_course,
    outputs_of,
    read_submissions,
    traces,
)

from rnncourse import checks
from rnncourse.course import Course
from rnncourse.grading import feedback, grade, prepare
from rnncourse.grading.reporting import Row

pytestmark = pytest.mark.xdist_group("hostile")

SUBMISSIONS = read_submissions()

INSTALLED = [Path(module.__file__) for module in (checks, np, copy)]


@dataclass
class Graded:
    """One run over all submissions, and what it has left behind."""

    world: World
    course: Course
    rows: dict[str, Row]
    journal: dict[str, dict]
    said: list[str]
    changed: list[str]
    traces: list[str]
    processes: set[int]
    seconds: float

    def path(self, step: str, student: str, suffix: str) -> Path:
        return self.world.directory / step / student / ASSIGNMENT / f"{ASSIGNMENT}{suffix}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("hostile"))
    course = make_course(world.root / "book")
    said: list[str] = []
    with (
        pytest.MonkeyPatch.context() as patch,
        adopting_orphans(),
        listening(world),
    ):
        patch.setenv("RNNCOURSE_CANARY", world.canary)
        prepare(course, world.directory, report=quiet)
        hand_in_all(world, SUBMISSIONS)
        submitted = contents(world.directory / "submitted")
        installed = [path.read_bytes() for path in INSTALLED]
        running = descendants(os.getpid())
        started = time.monotonic()
        report = grade(world.directory, workers=2, limits=LIMITS, report=quiet)
        feedback(world.directory, report=said.append)
        seconds = time.monotonic() - started
        processes = remaining(running)
        now = contents(world.directory / "submitted")
    changed = [path for path in submitted | now if submitted.get(path) != now.get(path)]
    changed += [
        str(path)
        for path, was in zip(INSTALLED, installed, strict=True)
        if path.read_bytes() != was
    ]
    lines = (world.directory / ".rnncourse" / "journal.jsonl").read_text().splitlines()
    entries = [json.loads(line) for line in lines if line]
    yield Graded(
        world,
        course,
        {row.student: row for row in report.rows},
        {entry["student"]: entry for entry in entries},
        said,
        changed,
        traces(world, places(world)),
        processes,
        seconds,
    )
    # a file that nobody may read is in the way of whoever clears the folder
    for path in world.directory.rglob("*.ipynb"):
        if not path.is_symlink():
            path.chmod(0o600)


@contextlib.contextmanager
def adopting_orphans():
    """Whatever outlives its parent becomes a child of this process, where it is found."""
    subreaper = 36
    libc = ctypes.CDLL(None)
    libc.prctl(subreaper, 1, 0, 0, 0)
    yield
    libc.prctl(subreaper, 0, 0, 0, 0)


def remaining(running):
    """The new processes below this one, after a moment to end in."""
    deadline = time.monotonic() + 5
    while (left := descendants(os.getpid()) - running) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def places(world):
    packages = Path(sysconfig.get_path("purelib"))
    return [
        *map(Path, ("/", "/tmp", "/var/tmp", "/dev/shm", "/run")),
        *(Path.home(), Path.cwd(), world.root, packages, Path(checks.__file__).parent),
    ]


def student_of(graded, submission):
    return graded.world.fill(submission.student)


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=[one.name for one in SUBMISSIONS])
def test_does_it_get_what_its_file_says_and_nothing_else(graded, submission):
    student, parts = student_of(graded, submission), submission.parts
    row = graded.rows[student]
    assert is_clear(row.verdict), row.verdict
    entry = {k: v for k, v in graded.journal.get(student, {}).items() if k != "student"}
    said = json.dumps([row.verdict, entry], ensure_ascii=False)
    assert re.search(parts.VERDICT, said), said
    is_graded = row.score is not None
    if parts.GRADED is not None:
        assert is_graded == parts.GRADED, row.verdict
    if is_graded and parts.EARNED is not None:
        marks = {name: mark.score for name, mark in row.exercises.items()}
        assert marks == earned(submission) | {"why": 0.0}, row.verdict
        assert row.max_score == POINTS * len(RIGHT) + 1
    secret = graded.world.secrets(graded.course, student)
    assert not leaks(said, secret)
    notebook, page = (
        graded.path("autograded", student, ".ipynb"),
        graded.path("feedback", student, ".html"),
    )
    assert notebook.is_file() == is_graded
    if is_graded:
        outputs = outputs_of(notebook)
        assert not leaks(outputs, secret)
        assert "REACHED" not in outputs
        assert page.is_file(), graded.said
        text = page.read_text(encoding="utf-8")
        assert not leaks(text, secret)
        assert not active(text, graded.world.token)
        assert len(text) < 5_000_000


@pytest.mark.parametrize("student", CONTROLS)
def test_is_an_honest_student_among_them_marked_as_ever(graded, student):
    row = graded.rows[student]
    marks = {name: POINTS * (name in CONTROLS[student]) for name in RIGHT}
    assert {name: mark.score for name, mark in row.exercises.items()} == marks | {"why": 0.0}
    assert row.verdict == "ok"
    cells = json.loads(graded.path("autograded", student, ".ipynb").read_text())["cells"]
    assert "".join("".join(output["text"]) for output in cells[-1]["outputs"]) == PROBED
    assert graded.path("feedback", student, ".html").is_file()


def test_does_every_submission_get_a_row(graded):
    students = {student_of(graded, one) for one in SUBMISSIONS} | set(CONTROLS)
    assert set(graded.rows) == students


def test_is_nothing_changed_that_was_handed_in_or_is_installed(graded):
    assert graded.changed == []


def test_is_no_process_left(graded):
    assert graded.processes == set()


def test_is_no_file_socket_key_or_memory_left(graded):
    assert graded.traces == []


def test_does_nothing_reach_a_server_on_this_machine(graded):
    assert graded.world.heard == []


def test_does_no_message_about_feedback_tell_a_secret(graded):
    secret = graded.world.secrets(graded.course, "") - set(CONTROLS)
    assert not leaks("\n".join(graded.said), secret)


def test_are_there_enough_of_them():
    assert len(SUBMISSIONS) >= 64
    assert all(len(one.tries) < 120 for one in SUBMISSIONS)
