"""Many submissions, many workers, other machines, another database: the same marks."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
import pytest
from databases import rows_of
from grading_class import (
    ASSIGNMENT,
    RIGHT,
    cell_of,
    fresh_directory,
    graded_class,
    nbgrader,
    notebook_of,
    quiet,
    submit,
)
from postgresql import postgresql

from rnncourse.grading import GradingError, demo, feedback, grade, journal, watch
from rnncourse.grading.directory import open_directory

pytestmark = pytest.mark.xdist_group("scale")

BINARIES = Path(sys.executable).parent


@pytest.fixture
def ungraded(tmp_path_factory, tmp_path):
    """The sample class before it was graded, and what it got."""
    graded = graded_class(tmp_path_factory)
    shutil.copytree(graded.directory, tmp_path / "course")
    shutil.rmtree(tmp_path / "course" / "autograded")
    (tmp_path / "course" / "gradebook.db").unlink()
    (tmp_path / "course" / ".rnncourse" / "journal.jsonl").unlink()
    (tmp_path / "course" / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").unlink()
    demo(graded.course, tmp_path / "course", students=12, report=quiet)
    return tmp_path / "course", graded


def gradebook_of(directory):
    return rows_of(f"sqlite:///{directory}/gradebook.db")


@pytest.mark.parametrize("workers", [1, 5])
def test_does_any_number_of_workers_give_the_same_gradebook(ungraded, workers):
    directory, graded = ungraded
    grade(directory, workers=workers, report=quiet)
    assert gradebook_of(directory) == gradebook_of(graded.directory)


def test_is_no_port_open_while_it_grades(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    slow = {**RIGHT, "double": f"import time\ntime.sleep(2)\n\n{RIGHT['double']}"}
    submit(directory, "slow", nbformat.writes(notebook_of(directory, slow)))
    seen = []

    def look():
        connections = psutil.Process().net_connections("inet")
        seen.append({c.laddr for c in connections if c.status == psutil.CONN_LISTEN})

    before = {c.laddr for c in psutil.Process().net_connections("inet") if c.status == "LISTEN"}
    timer = threading.Timer(1.5, look)
    timer.start()
    grade(directory, report=quiet)
    timer.join()
    assert seen == [before]


# 300 submissions, 30 of them corrupt


def corrupt(content, kind, chance):
    """The bytes of a notebook that nobody can read any more."""
    middle = len(content) // 2
    return [
        content[: chance.randrange(1, len(content) - 2)],
        b"",
        content[:middle] + b"\xff\xfe" + content[middle:],
        b"PK\x03\x04" + os.urandom(500),
        b"[" * 100_000,
        b'{"cells": 3, "nbformat": 4}',
    ][kind % 6]


def test_do_thirty_corrupt_submissions_of_three_hundred_cost_nobody_else(
    tmp_path_factory, tmp_path
):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    chance = random.Random(0)
    wrong = {
        "double": "def double(x):\n    return x",
        "quadruple": "def quadruple(x):\n    return x",
    }
    wanted = {}
    bad = set(chance.sample(range(300), 30))
    for number in range(300):
        answers = {name: chance.choice((RIGHT, wrong))[name] for name in RIGHT}
        content = nbformat.writes(notebook_of(directory, answers)).encode()
        name = f"s{number:03}"
        if number in bad:
            content = corrupt(content, number, chance)
        else:
            points = {"double": 2, "quadruple": 3}
            wanted[name] = {n: p * (answers[n] == RIGHT[n]) for n, p in points.items()}
        submit(directory, name, content)
    report = grade(directory, report=quiet)
    rows = {row.student: row for row in report.rows}
    assert len(rows) == 300
    assert {s: r.state for s, r in rows.items() if r.state != "graded"} == {
        f"s{number:03}": "not graded" for number in bad
    }
    for name, marks in wanted.items():
        got = {n: mark.score for n, mark in rows[name].exercises.items()}
        assert got == {**marks, "why_double": 0}
    for number in bad:
        verdict = rows[f"s{number:03}"].verdict
        assert re.fullmatch(rf"{ASSIGNMENT}\.ipynb .+; ask for the notebook again.*", verdict)
    assert not report.ok


# Dask


@contextmanager
def scheduler_with_workers(tmp_path, count=2):
    """A scheduler and its workers as processes of their own, as on other machines."""
    address_file = tmp_path / "scheduler.json"
    quiet_streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    options = ["--no-dashboard", "--host", "127.0.0.1", "--port", "0"]
    scheduler = subprocess.Popen(
        [BINARIES / "dask", "scheduler", *options, "--scheduler-file", address_file],
        cwd=tmp_path,
        **quiet_streams,
    )
    started = [scheduler]
    try:
        deadline = time.monotonic() + 60
        while not address_file.is_file() or not address_file.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        address = json.loads(address_file.read_text())["address"]
        for number in range(count):
            # a folder of its own: nothing is shared
            folder = tmp_path / f"worker-{number}"
            folder.mkdir()
            options = ["--no-dashboard", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"]
            started.append(
                subprocess.Popen(
                    [BINARIES / "dask", "worker", address, *options],
                    cwd=folder,
                    **quiet_streams,
                )
            )
        yield address, started
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_do_workers_in_other_processes_give_the_same_gradebook(ungraded, tmp_path):
    directory, graded = ungraded
    with scheduler_with_workers(tmp_path) as (address, _):
        report = grade(directory, scheduler=address, report=quiet)
    assert [row.score for row in report.rows] == [row.score for row in graded.report.rows]
    assert gradebook_of(directory) == gradebook_of(graded.directory)


def kill_once_one_is_graded(directory, process):
    written = directory / ".rnncourse" / "journal.jsonl"
    while not written.is_file() or not written.stat().st_size:
        time.sleep(0.05)
    process.kill()


def test_does_a_worker_that_dies_cost_no_submission(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    slow = {**RIGHT, "double": f"import time\ntime.sleep(1)\n\n{RIGHT['double']}"}
    for number in range(8):
        submit(directory, f"s{number}", nbformat.writes(notebook_of(directory, slow)))
    with scheduler_with_workers(tmp_path) as (address, processes):
        killer = threading.Thread(target=kill_once_one_is_graded, args=(directory, processes[1]))
        killer.start()
        report = grade(directory, scheduler=address, report=quiet)
        killer.join()
    assert {row.score for row in report.rows} == {5.0}


def test_does_a_scheduler_that_dies_end_the_run_with_one_line(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    slow = {**RIGHT, "double": f"import time\ntime.sleep(1)\n\n{RIGHT['double']}"}
    for number in range(6):
        submit(directory, f"s{number}", nbformat.writes(notebook_of(directory, slow)))
    with scheduler_with_workers(tmp_path) as (address, processes):
        killer = threading.Thread(target=kill_once_one_is_graded, args=(directory, processes[0]))
        killer.start()
        with pytest.raises(GradingError, match="the scheduler is gone"):
            grade(directory, scheduler=address, report=quiet)
        killer.join()
    report = grade(directory, report=quiet)
    assert {row.score for row in report.rows} == {5.0}
    assert "unchanged" in {row.state for row in report.rows}


def test_are_workers_of_another_version_refused_in_one_line(ungraded, tmp_path, monkeypatch):
    directory, _ = ungraded
    with scheduler_with_workers(tmp_path, 1) as (address, _):
        monkeypatch.setattr(journal, "version", lambda name: "0.1")
        journal.environment.cache_clear()
        with pytest.raises(GradingError, match=r"has rnncourse .*, this machine 0\.1; ") as caught:
            grade(directory, scheduler=address, report=quiet)
    journal.environment.cache_clear()
    assert len(str(caught.value).splitlines()) == 1


def test_is_a_scheduler_that_is_not_there_named(ungraded):
    directory, _ = ungraded
    with pytest.raises(GradingError, match=r"tcp://127\.0\.0\.1:1: no Dask scheduler answers"):
        grade(directory, scheduler="tcp://127.0.0.1:1", report=quiet)
    with pytest.raises(GradingError, match="nonsense: no Dask scheduler answers"):
        grade(directory, scheduler="nonsense", report=quiet)


# PostgreSQL


@pytest.fixture(scope="module")
def server():
    with postgresql() as url:
        yield url


def test_does_postgresql_hold_the_same_as_sqlite(ungraded, server):
    directory, graded = ungraded
    with (directory / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {server!r}\n")
    (directory / "gradebook.db").unlink()
    demo(graded.course, directory, students=12, report=quiet)
    report = grade(directory, workers=3, report=quiet)
    assert [row.score for row in report.rows] == [row.score for row in graded.report.rows]
    assert rows_of(server) == gradebook_of(graded.directory)
    assert not (directory / "gradebook.db").exists()
    assert {row.state for row in grade(directory, report=quiet).rows} == {"unchanged", "not graded"}
    feedback(directory, report=quiet)
    assert len(list((directory / "feedback").rglob("*.html"))) == 11
    for command in (["generate_feedback", ASSIGNMENT, "--force"], ["export"], ["db", "upgrade"]):
        done = nbgrader(*command, cwd=directory)
        assert done.returncode == 0, done.stderr[-2000:]
    with open_directory(directory).gradebook() as gradebook:
        whole = next(row.student for row in report.rows if row.state == "graded")
        gradebook.remove_submission(ASSIGNMENT, whole)


def test_is_a_database_that_is_away_named_without_its_password(ungraded):
    directory, _ = ungraded
    with (directory / "nbgrader_config.py").open("a") as config:
        url = "postgresql+psycopg://teacher:geheim@127.0.0.1:1/marks"
        config.write(f"c.CourseDirectory.db_url = {url!r}\n")
    with pytest.raises(GradingError, match="the gradebook cannot be opened") as caught:
        grade(directory, report=quiet)
    assert "geheim" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


# --watch


def test_does_watching_grade_what_arrives_and_what_changes_once(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    notebook = nbformat.writes(notebook_of(directory, RIGHT))
    rows = watch(directory, workers=1)
    submit(directory, "first", notebook)
    row = next(rows)
    assert (row.student, row.state, row.score) == ("first", "graded", 5.0)
    submit(directory, "broken", "{")
    assert (row := next(rows)).student == "broken"
    assert row.state == "not graded"
    stub = nbformat.writes(notebook_of(directory))
    submit(directory, "first", stub)
    row = next(rows)
    assert (row.student, row.state, row.score) == ("first", "graded", 0.0)
    rows.close()
    lines = (directory / ".rnncourse" / "journal.jsonl").read_text().split("\n")
    assert sum(bool(line) for line in lines) == 3


def test_does_watching_wait_for_a_submission_that_is_still_copied(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    content = nbformat.writes(notebook_of(directory, RIGHT)).encode()
    path = submit(directory, "slow", b"")

    def copy():
        with path.open("wb") as file:
            for start in range(0, len(content), len(content) // 8 + 1):
                file.write(content[start : start + len(content) // 8 + 1])
                file.flush()
                time.sleep(0.9)

    copier = threading.Thread(target=copy)
    copier.start()
    rows = watch(directory, workers=1)
    row = next(rows)
    assert not copier.is_alive()
    rows.close()
    assert (row.student, row.state, row.score) == ("slow", "graded", 5.0)


def test_does_ctrl_c_end_watching_at_once(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    submit(directory, "first", nbformat.writes(notebook_of(directory, RIGHT)))
    process = subprocess.Popen(
        [BINARIES / "rnncourse", "grade", "01", "--watch", "--course", directory],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == f"first: {ASSIGNMENT}: 5 / 6: ok\n"
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert process.stderr.read().strip() == "stopped; run the same command again to continue"
    assert not psutil.wait_procs(children, timeout=30)[1]


def test_does_the_exit_code_say_that_something_could_not_be_graded(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    command = [BINARIES / "rnncourse", "grade", "1", "--course", directory, "--workers", "1"]
    submit(directory, "first", nbformat.writes(notebook_of(directory, RIGHT)))
    assert subprocess.run(command, capture_output=True).returncode == 0
    broken = notebook_of(directory, RIGHT)
    cell_of(broken, "double").source = "while True: pass"
    submit(directory, "endless", nbformat.writes(broken))
    command += ["--cell-seconds", "2"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    submit(directory, "second", "{")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "1 not graded" in done.stdout
