"""kill -9 at random points of a run, resumed each time: the same as a run in peace."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from databases import rows_of
from grading_class import quiet
from small_course import write_small_course

from rnncourse.course import read_course
from rnncourse.grading import demo, grade
from rnncourse.grading.journal import Journal

KILLS = 50
STUDENTS = 120


def test_does_a_run_that_is_killed_fifty_times_end_like_one_that_is_not(tmp_path):
    course = read_course(write_small_course(tmp_path))
    peace, war = tmp_path / "peace", tmp_path / "war"
    demo(course, peace, STUDENTS, report=quiet)
    shutil.copytree(peace, war)
    submitted = contents(war / "submitted")
    killed = subprocess.run([sys.executable, __file__, str(war), str(KILLS)])
    assert killed.returncode == 0
    journal = journal_of(war)
    done = sum(1 for _ in journal)
    assert 0 < done < STUDENTS
    report = grade(war, report=quiet)
    assert len(report.rows) == STUDENTS
    assert sum(row.state == "unchanged" for row in report.rows) > 0
    grade(peace, report=quiet)
    assert rows_of(f"sqlite:///{war}/gradebook.db") == rows_of(f"sqlite:///{peace}/gradebook.db")
    assert contents(war / "autograded") == contents(peace / "autograded")
    assert contents(war / "submitted") == submitted
    verdicts = {entry.student: (entry.key, entry.verdict) for entry in journal_of(peace)}
    assert {entry.student: (entry.key, entry.verdict) for entry in journal_of(war)} == verdicts
    # a line is written once a submission: nobody was graded twice
    lines = (war / ".rnncourse" / "journal.jsonl").read_text().splitlines()
    counts = Counter(line.split(",", 1)[0] for line in lines if line.endswith("}"))
    assert set(counts.values()) == {1}
    assert {path.name for path in (war / ".rnncourse").iterdir()} == {
        *("catalogue", "expected.json", "journal.jsonl", "lock")
    } & {path.name for path in (war / ".rnncourse").iterdir()}


def journal_of(directory):
    return Journal(directory / ".rnncourse" / "journal.jsonl")


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def kill_and_start_again(directory, kills):
    """Grade in a fork of this process, which has imported everything, and kill it."""
    journal = directory / ".rnncourse" / "journal.jsonl"
    chance = random.Random(0)
    for _ in range(kills):
        started = time.monotonic()
        size = journal.stat().st_size if journal.is_file() else 0
        pid = os.fork()
        if pid == 0:
            grade(directory, workers=2, report=quiet)
            os._exit(0)
        if chance.random() < 0.8:
            # somewhere after the next submission is finished
            while not journal.is_file() or journal.stat().st_size <= size:
                assert time.monotonic() < started + 60
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1))
        else:
            time.sleep(chance.uniform(0, 1.5))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status), "it ended before it was killed"


if __name__ == "__main__":
    import rnncourse.grading.marking  # noqa: F401

    kill_and_start_again(Path(sys.argv[1]), int(sys.argv[2]))
