"""The seam: what a kernel of its own does with code cells, however they behave."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rnncourse.grading.running import Limits, Task, kernels_end_here, run_notebook

pytestmark = pytest.mark.xdist_group("grading")


def run(*sources, files=(), **limits):
    return run_notebook(Task(tuple(enumerate(sources)), files), Limits(**limits))


def errors(run, number):
    return [o["ename"] for o in run.cells[number].outputs if o["output_type"] == "error"]


def test_do_cells_run_in_order_with_their_files_and_past_an_error():
    result = run(
        "x = open('data/a.txt').read()", "1 / 0", "print(x)", files=(("data/a.txt", b"hello"),)
    )
    assert result.ended == "finished"
    assert errors(result, 1) == ["ZeroDivisionError"]
    assert result.cells[2].outputs[0]["text"] == "hello\n"
    assert [result.cells[n].execution_count for n in range(3)] == [1, 2, 3]


def test_is_a_cell_that_runs_too_long_interrupted_and_the_next_one_run():
    result = run("while True: pass", "41 + 1", cell_seconds=1)
    assert "CellTimeoutError" in errors(result, 0)
    assert result.cells[1].outputs[0]["data"] == {"text/plain": "42"}


def test_is_a_notebook_that_runs_too_long_killed():
    result = run("import time; time.sleep(60)", "1", notebook_seconds=1)
    assert (result.ended, result.cell, list(result.cells)) == ("killed", 0, [])
    assert result.seconds < 20


def test_does_a_dead_kernel_leave_what_came_before():
    result = run("1", "import os; os._exit(1)", "2")
    assert (result.ended, result.cell, list(result.cells)) == ("died", 1, [0])


def test_is_a_flood_of_output_cut_and_its_error_kept():
    source = "for _ in range(500): print('x' * 1000)\n1 / 0"
    result = run(source, output_bytes=10_000)
    assert errors(result, 0) == ["ZeroDivisionError"]
    assert len(str(result.cells[0].outputs)) < 20_000


def test_is_nothing_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = run("import subprocess; print(subprocess.Popen(['sleep', '300']).pid)")
    pid = int(result.cells[0].outputs[0]["text"])
    assert list(tmp_path.iterdir()) == []
    assert is_gone(pid)


def is_gone(pid):
    """A killed orphan may wait for its new parent for a moment, or as a zombie for longer."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_do_all_kernels_end_when_the_coordinator_is_interrupted():
    results = []

    def work():
        results.append(run("import time; time.sleep(60)"))

    def interrupted():
        thread.start()
        time.sleep(2.5)
        raise KeyboardInterrupt

    thread = threading.Thread(target=work)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt), kernels_end_here():
        interrupted()
    thread.join(timeout=20)
    assert time.monotonic() - started < 20
    assert results[0].ended != "finished"


def test_does_importing_the_package_leave_nbgrader_alone():
    code = (
        "import sys, rnncourse.grading\n"
        "slow = {'nbgrader', 'nbformat', 'sqlalchemy', 'nbconvert'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
