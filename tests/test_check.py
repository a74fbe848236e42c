"""Does `rnncourse check` tell a student how far they are, whatever state the notebook is in?"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from rnncourse.check import CheckReport, ExerciseReport, check, show
from rnncourse.errors import UserError

SETUP = "import numpy as np\n\nfrom rnncourse import checks"
STUB = '''def step(x, h):
    """Add.

    x, h: numbers. Returns: a number.
    """
    raise NotImplementedError'''
STEP = "def step(x, h):\n    return x + h"
STEP_TESTS = 'checks.close(step(1, 2), 3, "h", hint="Is the state added?")'
FORWARD = "def forward(xs):\n    h = 0\n    for x in xs:\n        h = step(x, h)\n    return h"
FORWARD_TESTS = 'checks.close(forward([1, 2]), 3, "h")'


def code(source, **metadata):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


def exercise(name, answer, tests, points=2):
    return [code(answer, exercise=name), code(tests, tests=name, points=points)]


def markdown(source, **metadata):
    return {"cell_type": "markdown", "source": source, "metadata": metadata}


def setup():
    return code(SETUP, tags=["setup"])


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook of the given cells."""

    def write(*cells, name="02_rnn_cell.ipynb"):
        path = tmp_path / name
        content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def checked(notebook):
    """Check a notebook with a setup cell and the given ones."""

    def run(*cells, exercise=None, timeout=20.0):
        return check(notebook(setup(), *cells), exercise, timeout)

    return run


def only(report: CheckReport) -> ExerciseReport:
    assert len(report.exercises) == 1, report
    return report.exercises[0]


def shown(report) -> str:
    console = Console(file=io.StringIO(), width=60)
    show(report, console)
    return console.file.getvalue()


def statuses(report):
    return {exercise.name: exercise.status for exercise in report.exercises}


# --- what becomes of an exercise ------------------------------------------------------------


def test_a_right_answer_is_done(checked):
    report = checked(*exercise("step", STEP, STEP_TESTS))
    assert only(report).status == "done"
    assert report.ok
    assert report.summary == (
        "1 of 1 exercise done (2 of 2 points in the visible tests); hidden tests decide the mark."
    )


def test_an_untouched_stub_is_not_started(checked):
    report = checked(*exercise("step", STUB, STEP_TESTS))
    assert only(report).status == "not started"
    assert not report.ok
    assert "step  not started  (2 points)" in shown(report)


def test_a_stub_line_that_was_left_below_the_answer_is_pointed_at(checked):
    report = checked(
        *exercise("step", STUB.replace("    raise", "    h = x\n    raise"), STEP_TESTS)
    )
    assert only(report).status == "failed"
    assert only(report).message == "Line 7 still says 'raise NotImplementedError': take it out."


def test_a_wrong_answer_shows_the_checks_message_and_the_call(checked):
    report = checked(*exercise("step", "def step(x, h):\n    return x", STEP_TESTS))
    assert only(report).status == "failed"
    assert only(report).message == "h is 1, expected 3. Is the state added?"
    assert str(only(report).trace[-1]) == f"the tests of step, line 1: {STEP_TESTS}"


def test_an_error_points_at_the_students_own_line(checked):
    answer = "def step(x, h):\n    y = x\n    return np.dot(np.ones(3), np.ones(2))"
    report = checked(*exercise("step", answer, STEP_TESTS))
    assert only(report).message.startswith("ValueError: shapes (3,) and (2,)")
    place = only(report).trace[-1]
    assert (place.cell, place.line) == ("your step", 3)
    assert place.source == "return np.dot(np.ones(3), np.ones(2))"


def test_no_line_of_a_library_is_shown(checked):
    report = checked(
        *exercise("step", "def step(x, h):\n    return np.linalg.inv([1])", STEP_TESTS)
    )
    assert {place.cell for place in only(report).trace} == {"the tests of step", "your step"}


def test_an_error_is_shown_without_a_terminals_colours(checked):
    answer = "def step(x, h):\n    raise ValueError(chr(27) + '[1mno' + chr(27) + '[0m')"
    message = only(checked(*exercise("step", answer, STEP_TESTS))).message
    assert message == "ValueError: no"


def test_a_syntax_error_points_at_its_line(checked):
    broken = {
        "def step(x, h:\n    return x": 1,
        "def step(x, h):\nreturn x": 2,
        "def step(x, h):\n    return x +\n": 2,
        "def step(x, h):\n    return 'x": 2,
    }
    cells = []
    for number, answer in enumerate(broken):
        cells += exercise(f"step_{number}", answer, f"step_{number}(1, 2)")
    *reports, last = checked(*cells, *exercise("two", STEP, "step(1, 2)")).exercises
    for number, (found, line) in enumerate(zip(reports, broken.values(), strict=True)):
        assert found.status == "failed"
        assert "Error: " in found.message
        assert (found.trace[-1].cell, found.trace[-1].line) == (f"your step_{number}", line)
    assert last.status == "done"


def test_an_exercise_waits_for_one_that_is_not_started(checked):
    report = checked(
        *exercise("step", STUB, STEP_TESTS), *exercise("forward", FORWARD, FORWARD_TESTS)
    )
    assert statuses(report) == {"step": "not started", "forward": "waiting"}
    assert "waits for step" in shown(report)


def test_an_exercise_waits_for_one_that_is_wrong_and_still_shows_what_came(checked):
    report = checked(
        *exercise("step", "def step(x, h):\n    return x", STEP_TESTS),
        *exercise("forward", FORWARD, FORWARD_TESTS),
    )
    assert report.exercises[1].waits_for == ("step",)
    assert "For now: h is 2, expected 3." in shown(report)


def test_an_exercise_that_passes_does_not_wait_for_a_wrong_one(checked):
    report = checked(
        *exercise("step", "def step(x, h):\n    return x", STEP_TESTS),
        *exercise("forward", "def forward(xs):\n    return sum(xs)", FORWARD_TESTS),
    )
    assert statuses(report) == {"step": "failed", "forward": "done"}


def test_an_exercise_does_not_wait_for_one_that_it_does_not_call(checked):
    report = checked(
        *exercise("step", STUB, STEP_TESTS),
        *exercise("other", "def other():\n    return 1", "checks.equal(other(), 2)"),
    )
    assert report.exercises[1].status == "failed"


def test_waiting_goes_through_other_exercises(checked):
    report = checked(
        *exercise("step", "def step(x, h):\n    return x", STEP_TESTS),
        *exercise("forward", FORWARD, "assert forward([1])"),
        *exercise("last", "def last(xs):\n    return forward(xs)", "checks.close(last([1, 2]), 3)"),
    )
    assert report.exercises[2].waits_for == ("step",)


def test_what_only_a_demonstration_defines_is_missing_and_the_report_says_so(checked):
    demonstration = "# see\nscale = 2\nimport sys as system, math\nfrom math import tanh, hypot\n"
    returned = {
        "scale": "Only a demonstration defines it (the cell that begins '# see'), and grading "
        "skips demonstrations. Did you mean one of your function's own arguments or variables?",
        "system": "Only a demonstration imports it (the cell that begins '# see'), and grading "
        "skips demonstrations: if you need it, import it in your own cell, too.",
        "math.tanh(x)": "math works on one number at a time; for arrays use NumPy, such as "
        "np.tanh.",
        "tanh(x)": "math.tanh takes one number; for arrays use np.tanh.",
        "exp(x)": "Do you mean np.exp?",
        "nonsense": "",
    }
    cells = [code("\n\n" + demonstration, tags=["demonstration"])]
    for number, expression in enumerate(returned):
        answer = f"def step_{number}(x, h):\n    return {expression}"
        cells += exercise(f"step_{number}", answer, f"step_{number}(1, 2)")
    report = checked(*cells)
    for found, (expression, words) in zip(report.exercises, returned.items(), strict=True):
        name = expression.split("(")[0].split(".")[0]
        missing = f"NameError: name '{name}' is not defined"
        assert found.message == (f"{missing}. {words}" if words else missing)


def test_arrays_that_do_not_fit_get_a_plain_sentence(checked):
    returned = {
        "np.ones((2, 3)) @ np.ones((2, 1))": "as many columns in the left array as there are rows "
        "in the right one, and here they are 3 and 2: print the two shapes.",
        "np.dot(np.ones((2, 3)), np.ones((2, 1)))": "as many columns in the left array",
        "np.ones((2, 3)) @ x": "One side of @ is a single number",
        "[[1]] @ [[2]]": "np.array makes one from a list.",
        "np.ones((3, 2)) / np.ones(3)": "must be equal, or one of them 1. Print the two shapes.",
        "np.ones((3, 2)) / np.ones((3, 2)).sum(axis=1)": "if it is given keepdims=True.",
        "__import__('math').tanh(np.ones(2))": "takes one number and got an array",
        "np.ones((2, 3, 4)) @ np.ones((3, 4, 5))": "(2,newaxis,newaxis)",
    }
    cells = []
    for number, expression in enumerate(returned):
        answer = f"def step_{number}(x, h):\n    return {expression}"
        cells += exercise(f"step_{number}", answer, f"step_{number}(1, 2)")
    for found, words in zip(checked(*cells).exercises, returned.values(), strict=True):
        assert words in found.message
        assert ".." not in found.message
        assert "gufunc signature" not in found.message
        assert ("keepdims" in found.message) == ("keepdims" in words)


def test_demonstrations_do_not_run(checked, tmp_path):
    checked(
        code("open('ran', 'w')", tags=["mystnb", "demonstration"]),
        *exercise("step", STEP, STEP_TESTS),
    )
    assert not (tmp_path / "ran").exists()


def test_a_name_from_a_cell_that_failed_leads_to_that_cell(checked):
    report = checked(
        code("1 / 0\nscale = 2"),
        *exercise("step", "def step(x, h):\n    return scale * x", STEP_TESTS),
    )
    assert "It comes from the cell that begins '1 / 0', which failed" in only(report).message
    assert report.notes == (
        "the cell that begins '1 / 0' failed: ZeroDivisionError: division by zero (line 1: 1 / 0)",
    )


def test_a_name_that_is_defined_further_down(checked):
    report = checked(
        *exercise("step", "def step(x, h):\n    return scale * x", STEP_TESTS), code("scale = 2")
    )
    assert "further down, in the cell that begins 'scale = 2'" in only(report).message


def test_a_function_that_was_renamed(checked):
    report = checked(*exercise("step", "def my_step(x, h):\n    return x", STEP_TESTS))
    assert "does not define it: keep the function's name" in only(report).message


def test_cells_that_the_student_added_run_where_they_stand(checked):
    report = checked(
        code("def helper(x):\n    return x"),
        *exercise("step", "def step(x, h):\n    return helper(x) + h", STEP_TESTS),
    )
    assert report.ok


def test_prints_are_shown_only_for_what_failed(checked):
    report = checked(
        code("print('noise')"),
        *exercise("step", "def step(x, h):\n    print('quiet')\n    return x + h", STEP_TESTS),
        *exercise(
            "two", "def two():\n    print('loud', [0, 1])\n    return 1", "assert two() == 2"
        ),
    )
    text = shown(report)
    assert "noise" not in text
    assert "quiet" not in text
    assert "| loud [0, 1]" in text
    assert "The condition of this line does not hold." in text


def test_open_answers_are_written_or_not(checked):
    report = checked(
        markdown("*Your answer here.*", exercise="why", points=3),
        markdown("Because order matters.", exercise="how", points=2),
    )
    assert statuses(report) == {"why": "not written", "how": "written"}
    assert "why  not written yet  (3 points)" in shown(report)
    assert report.summary == "1 of 2 open answers written; a person reads and marks them."


def test_a_question_of_one_exercise_runs_only_the_tests_that_it_needs(checked):
    cells = [
        *exercise("step", STEP, STEP_TESTS),
        *exercise("slow", "def slow():\n    return 1", "import time; time.sleep(60)"),
        *exercise("forward", FORWARD, FORWARD_TESTS),
    ]
    started = time.monotonic()
    report = checked(*cells, exercise="forward")
    assert only(report).name == "forward"
    assert report.ok
    assert time.monotonic() - started < 20


# --- the tests cell -----------------------------------------------------------------------


def test_tests_that_are_gone_come_back_in_grading(checked):
    report = checked(code(STEP, exercise="step"))
    assert only(report).status == "untested"
    assert "grading puts them back" in only(report).message
    assert not report.ok


def test_an_answer_whose_cell_is_gone(checked):
    report = checked(code(STEP_TESTS, tests="step", points=2))
    assert only(report).status == "failed"
    assert "cell of step is gone" in only(report).message


def test_a_cell_that_was_duplicated_is_named(checked):
    report = checked(code(STEP, exercise="step"), *exercise("step", STEP, STEP_TESTS))
    assert report.notes == ("2 cells say that they are step; grading wants one: delete the others",)


def signed(source, grade_id, **flags):
    """A cell with nbgrader's metadata and its own checksum of it."""
    from nbformat.v4 import new_code_cell
    from nbgrader.utils import compute_checksum

    kinds = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    cell = new_code_cell(source, metadata={"nbgrader": kinds | {"grade_id": grade_id} | flags})
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return json.loads(json.dumps(cell))


def test_cells_with_nbgraders_metadata_alone_and_tests_that_were_edited(notebook):
    cells = [
        setup(),
        signed(STEP, "step", solution=True),
        signed(STEP_TESTS, "test-step", grade=True, locked=True, points=2),
    ]
    report = check(notebook(*cells))
    assert statuses(report) == {"step": "done"}
    assert report.notes == ()
    assert "2 of 2 points" in report.summary

    cells[2]["source"] = "pass"
    cells[1]["source"] += "  # mine"
    report = check(notebook(*cells))
    assert report.notes == (
        "the tests of step differ from what the course released; grading puts the original back",
    )


# --- cells that misbehave -----------------------------------------------------------------


PLAIN_TESTS = "assert step(1, 2) == 3"  # imports nothing, so that a short time limit is enough
PLAIN_GOOD = exercise("good", "def good():\n    return 1", "assert good() == 1")
GOOD = exercise("good", "def good():\n    return 1", "checks.equal(good(), 1)")


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("def step(x, h):\n    while True:\n        x += 1", (2, 3)),
        (
            "def step(x, h):\n  while True:\n    try:\n      while True:\n        pass\n"
            "    except:\n      pass",
            (4, 5),
        ),
        ("def step(x, h):\n    while True: print('x' * 1000)", (2,)),
        ("while True:\n    pass", (1, 2)),
    ],
)
def test_a_cell_that_never_ends_does_not_stop_the_others(notebook, answer, line):
    path = notebook(*exercise("step", answer, PLAIN_TESTS), *PLAIN_GOOD)
    first, second = check(path, timeout=0.8).exercises
    assert first.status == "failed"
    assert "still running after 0.8 s" in first.message
    assert first.trace[-1].cell == "your step"
    assert first.trace[-1].line in line
    assert len(first.printed) < 30_000
    assert second.status == "done"


@pytest.mark.parametrize(
    ("answer", "words", "line"),
    [
        ("def step(x, h):\n    import sys\n    sys.exit(0)", "calls exit()", (3,)),
        ("def step(x, h):\n    exit()", "calls exit()", (2,)),
        ("def step(x, h):\n    return int(input('x? '))", "waits for somebody to type", (2,)),
        ("import os\ndef step(x, h):\n    os._exit(0)", "ended Python itself (exit code 0)", ()),
        (
            "def step(x, h):\n    import ctypes\n    ctypes.string_at(0)",
            "ended Python itself (Segmentation fault)",
            (3,),
        ),
        ("import os\ndef step(x, h):\n    os.kill(os.getpid(), 9)", "(SIGKILL", ()),
        ("def step(x, h):\n    return step(x, h)", "RecursionError", (2,)),
        (
            "class Odd(Exception):\n    def __str__(self): 1 / 0\ndef step(x, h):\n    raise Odd",
            "Odd",
            (4,),
        ),
        (
            "def step(x, h):\n    import sys; sys.stdout.close(); sys.stderr.close()\n    return 0",
            "The condition of this line does not hold.",
            None,
        ),
        ("def step(x, h):\n    raise KeyboardInterrupt", "KeyboardInterrupt", (2,)),
    ],
)
def test_a_cell_that_misbehaves_does_not_stop_the_others(notebook, answer, words, line):
    path = notebook(*exercise("step", answer, PLAIN_TESTS), *PLAIN_GOOD)
    first, second = check(path, timeout=20.0).exercises
    assert first.status == "failed"
    assert words in first.message
    if line:
        assert first.trace[-1].cell == "your step"
        assert first.trace[-1].line in line
    assert second.status == "done"


def test_a_cell_that_leaves_a_process_behind_does_not_hold_us_up(checked):
    answer = (
        "import subprocess, sys\ndef step(x, h):\n"
        "    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "    import threading, time\n    threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "    return x + h"
    )
    started = time.monotonic()
    assert checked(*exercise("step", answer, STEP_TESTS)).ok
    assert time.monotonic() - started < 20


def test_a_cell_that_freezes_all_of_python_is_given_up(notebook, monkeypatch):
    monkeypatch.setattr("rnncourse.check.PATIENCE", 1.0)
    answer = "import os\ndef step(x, h):\n    os.kill(os.getpid(), 19)  # SIGSTOP"
    report = check(notebook(*exercise("step", answer, PLAIN_TESTS), *PLAIN_GOOD), timeout=1.0)
    assert "still running after 1 s" in report.exercises[0].message
    assert report.exercises[1].status == "done"


def test_what_other_programs_print_does_not_mix_with_the_report(checked):
    report = checked(code("import os; os.system('echo {'); os.write(1, b'[')"), *GOOD)
    assert report.ok
    assert report.notes == ()


def test_magics_and_await_run_and_nothing_is_installed(checked):
    report = checked(
        code("%matplotlib inline\n!pip install nonsense\n%pip install nonsense\na = 1"),
        code("%%time\nb = 2"),
        code("words = !echo hello\n%timeit -n1 -r1 sum([1])"),
        code("import asyncio\nawait asyncio.sleep(0)\nc = 3"),
        code("display(c)"),
        *exercise("step", "def step(x, h):\n    return a + b", STEP_TESTS),
        code("assert words == ['hello']"),
    )
    assert report.notes == ()
    assert report.ok


def test_cells_see_the_notebooks_folder_and_themselves_as_main(notebook, tmp_path):
    (tmp_path / "helper.py").write_text("def add(x, h):\n    return x + h\n")
    (tmp_path / "json.py").write_text("raise RuntimeError('mine')\n")
    path = notebook(
        setup(),
        code("import os, inspect\nfrom helper import add\nassert os.path.exists('helper.py')"),
        *exercise("step", "def step(x, h):\n    return add(x, h)", STEP_TESTS),
        code("assert __name__ == '__main__' and step.__module__ == '__main__'"),
        code("assert 'return add' in inspect.getsource(step)"),
    )
    report = check(path)
    assert report.notes == ()
    assert report.ok


def test_nothing_is_written_beside_the_notebook(notebook, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    (tmp_path / "helper.py").write_text("a = 1\n")
    path = notebook(setup(), code("import helper"), *exercise("step", STUB, STEP_TESTS))
    path.chmod(0o444)
    before = path.read_bytes(), path.stat().st_mtime_ns
    check(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["02_rnn_cell.ipynb", "helper.py"]


# --- files that are no notebook -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ipynb", None, "there is no such file"),
        ("a.ipynb", "", "the file is empty"),
        ("a.ipynb", '{"cells": [\n{"a":', ":2: this is not a whole notebook"),
        ("a.ipynb", "[1]", "the file has no cells"),
        ("a.ipynb", '{"cells": {}}', "the file has no cells"),
        ("a.ipynb", '{"cells": []}', "none of its cells belongs to an exercise"),
        ("a.ipynb", '{"cells": [1]}', "cell 1 is damaged"),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "source": 3}]}', "cell 1 is damaged"),
        ("a.ipynb", '{"worksheets": []}', "before 2014"),
        ("a.ipynb", b"\xff\xfe\x00", "it is not text"),
        ("a.ipynb", "[" * 100_000, "not a whole notebook"),
        ("a.md", "# Chapter", "this is not a notebook"),
        ("folder", "folder", "this is a folder"),
    ],
)
def test_a_file_that_is_no_notebook_is_one_clear_line(tmp_path, name, content, words):
    path = tmp_path / name
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.write_text(content)
    with pytest.raises(UserError) as caught:
        check(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert words in message
    assert "; " in message
    assert "\n" not in message


def test_a_misspelt_file_is_guessed(notebook, tmp_path):
    notebook(setup())
    with pytest.raises(UserError, match=r"did you mean .*02_rnn_cell.ipynb\?"):
        check(tmp_path / "02_rnn_cel.ipynb")


def test_an_unknown_exercise_is_guessed_and_the_others_are_listed(checked):
    with pytest.raises(UserError) as caught:
        checked(*exercise("step", STEP, STEP_TESTS), *GOOD, exercise="stepp")
    assert "did you mean step? Its exercises are: step, good" in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["cells", "cell_type", "source", "metadata", "exercise", "tests", "points", "nbgrader",
             "grade_id", "tags", "grade", "solution", "locked", "checksum"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(json_values)
def test_damaged_notebooks_are_reported_never_a_traceback(tmp_path, value):
    from rnncourse.check import _read_cells

    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [value]}))
    try:
        cells = _read_cells(path)
    except UserError as error:
        cells, message = [], str(error)
    else:
        message = str(path)
    assert message.startswith(str(path))
    assert all(isinstance(cell.source, str) for cell in cells)


# --- the command --------------------------------------------------------------------------


def run_command(*arguments):
    return subprocess.run(
        [sys.executable, "-c", "from rnncourse.cli import main; main()", "check", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )


def test_the_exit_code_says_whether_all_is_done(notebook):
    path = notebook(setup(), *GOOD, *exercise("step", STUB, STEP_TESTS))
    assert run_command(str(path)).returncode == 1
    assert run_command(str(path), "good").returncode == 0
    unknown = run_command(str(path), "nothing")
    assert unknown.returncode == 2
    assert unknown.stderr.count("\n") == 1
    assert "Traceback" not in unknown.stderr


def test_a_check_takes_less_than_two_seconds(notebook):
    cells = []
    for name in "abcdef":
        cells += exercise(name, STEP.replace("step", name), STEP_TESTS.replace("step", name))
    path = notebook(setup(), *cells)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run_command(str(path)).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # processor time, because other tests may run beside this one
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_what_is_shown_is_plain_where_nobody_sees_colours(checked):
    report = checked(*exercise("step", "def step(x, h):\n    return [x]", STEP_TESTS))
    text = shown(report)
    assert "\x1b" not in text
    assert "in the tests of step, line 1: " + STEP_TESTS in text  # not wrapped

    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="cp1252", write_through=True) as file:
        show(report, Console(file=file, width=60))
        assert b"x step" in raw.getvalue()

    console = Console(file=io.StringIO(), force_terminal=True, width=60)
    show(report, console)
    assert "\x1b[31m" in console.file.getvalue()


def test_an_untouched_student_notebook_of_each_chapter_is_not_started():
    releases = sorted((Path(__file__).parents[1] / "_build/release").glob("*/*.ipynb"))
    if not releases:
        pytest.skip("no student notebooks have been built")
    for path in releases:
        before = hashlib.md5(path.read_bytes()).digest()
        report = check(path)
        assert set(statuses(report).values()) <= {"not started", "not written", "waiting"}, path
        assert report.notes == (), path
        assert hashlib.md5(path.read_bytes()).digest() == before
