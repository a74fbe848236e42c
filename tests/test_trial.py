"""Trying code for an exercise: what counts as passed, and what can go wrong on the way."""

import os
import time
from dataclasses import replace

import pytest
from course_fixtures import SOLUTIONS, course_of, replaced
from small_course import CHAPTER

from rnncourse.course.trial import Bench, BenchError, Trial, helpers

RIGHT = "def double(x):\n    return 2 * np.asarray(x)\n"
WRONG = "def double(x):\n    return x + 2\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    course = course_of(tmp_path_factory.mktemp("trial"), CHAPTER, SOLUTIONS)
    with Bench(course["1"]) as bench:
        yield bench


def on_call(statements):
    """A right answer that does something else first."""
    body = "".join(f"    {line}\n" for line in statements.splitlines())
    return f"def double(x):\n{body}    return 2 * np.asarray(x)\n"


@pytest.mark.parametrize("which", ["visible", "hidden", "both"])
def test_does_a_right_answer_pass(bench, which):
    outcome = bench.run("double", RIGHT, which)
    assert outcome.passed
    assert outcome.clean
    assert str(outcome) == "passed"


def test_does_a_failure_say_what_failed_and_where(bench):
    outcome = bench.run("double", WRONG, "visible")
    assert (outcome.status, outcome.stage, outcome.line) == ("failed", "visible", 1)
    assert outcome.exception == "CheckFailure"
    assert outcome.message == "double(x)[0] is 3, expected 2. Is each element doubled?"


def test_do_the_hidden_tests_run_without_the_visible_ones(bench):
    assert bench.run("double", WRONG, "hidden").stage == "hidden"
    assert bench.run("double", WRONG, "both").stage == "visible"


def test_are_the_answers_of_earlier_exercises_there(bench):
    assert bench.run("quadruple", "def quadruple(x): return double(double(x))").passed


def test_are_later_answers_not_there(bench):
    outcome = bench.run("double", "def double(x): return quadruple(x) / 2")
    assert outcome.exception == "NameError"


@pytest.mark.parametrize(
    ("source", "exception"),
    [
        ("def double(x:", "SyntaxError"),
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("x = bytearray(3 * 1024**3)", "MemoryError"),
    ],
)
def test_is_code_that_does_not_run_told_from_a_wrong_result(bench, source, exception):
    outcome = bench.run("double", source)
    assert (outcome.status, outcome.stage, outcome.exception) == ("failed", "candidate", exception)


def test_does_an_endless_loop_end_at_its_limit(bench):
    started = time.monotonic()
    outcome = bench.run("double", on_call("while True: pass"), limit=0.5)
    assert outcome.status == "timed out"
    assert 0.4 < time.monotonic() - started < 5


def test_do_child_processes_end_with_their_trial(bench, tmp_path):
    note = tmp_path / "pid"
    source = on_call(
        f"import os, pathlib, time\npathlib.Path({str(note)!r}).write_text(str(os.fork()))\n"
        "while True: time.sleep(1)"
    )
    assert bench.run("double", source, limit=1.0).status == "timed out"
    texts = [text for text in note.read_text().split() if text != "0"]
    for _ in range(50):
        if not any(is_running(int(text)) for text in texts):
            return
        time.sleep(0.1)
    pytest.fail("a child process outlived its trial")


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("death", "message"),
    [("os.abort()", "killed by SIGABRT"), ("os._exit(0)", "exit code 0")],
)
def test_is_a_dead_process_a_crash_and_not_a_pass(bench, death, message):
    outcome = bench.run("double", on_call(f"import os; {death}"))
    assert (outcome.status, outcome.message) == ("crashed", message)


@pytest.mark.parametrize(
    "noise",
    [
        "import sys; sys.stderr.write('hm')",
        "import os; os.write(2, b'hm')",
        "import warnings; warnings.warn('hm')",
        "np.log(-np.ones(1))",
    ],
)
def test_is_an_answer_that_writes_to_standard_error_not_clean(bench, noise):
    outcome = bench.run("double", on_call(noise))
    assert outcome.passed
    assert not outcome.clean
    assert str(outcome).startswith("wrote to standard error: ")


def test_does_a_trial_keep_silent(bench, capfd):
    noise = "import os; print('hm'); os.write(1, b'hm'); os.write(2, b'hm')"
    assert bench.run("double", on_call(noise)).passed
    assert capfd.readouterr() == ("", "")


def test_does_a_flood_of_output_end(bench):
    flood = "import sys\nwhile True: sys.stderr.write('x' * 10**6)"
    assert bench.run("double", on_call(flood), limit=20).exception == "OSError"


def test_does_a_trial_change_nothing_for_the_next(bench):
    assert bench.run("double", f"checks.close = lambda *a, **k: None\n{WRONG}").passed
    assert not bench.run("double", WRONG).passed


@pytest.mark.parametrize("draw", ["np.random.default_rng()", "np.random", "__import__('random')"])
def test_does_each_trial_draw_its_own_numbers(bench, draw):
    source = f"raise ValueError({draw}.random())"
    messages = {bench.run("double", source).message for _ in range(3)}
    assert len(messages) == 3


def test_do_outcomes_keep_the_order_of_the_trials(bench):
    sources = [f"raise ValueError({number})" for number in range(12)]
    sources[0] = "import time; time.sleep(0.3)\n" + sources[0]
    ended = []
    outcomes = bench.run_all(
        [Trial("double", source) for source in sources], lambda: ended.append(1)
    )
    assert [outcome.message for outcome in outcomes] == [str(number) for number in range(12)]
    assert len(ended) == 12


def test_is_what_the_tests_import_loaded_before_the_fork(tmp_path):
    slow = ("_hidden_inputs =", "import wave\n_hidden_inputs =")
    course = course_of(tmp_path, solutions=replaced(SOLUTIONS, slow), chapter=CHAPTER)
    with Bench(course["1"]) as bench:
        loaded = "import sys; raise ValueError('wave' in sys.modules)"
        assert bench.run("double", loaded).message == "True"


def test_do_failing_setup_cells_say_so(tmp_path):
    course = course_of(tmp_path, replaced(CHAPTER, ("import numpy as np", "import nump as np")))
    with pytest.raises(BenchError, match=r"setup cells fail: ModuleNotFoundError.*line 1"):
        Bench(course["1"]).__enter__()


def test_does_a_dying_warm_process_say_so(tmp_path):
    course = course_of(tmp_path, replaced(CHAPTER, ("import numpy as np", "import os; os.abort()")))
    with pytest.raises(BenchError, match="died"):
        Bench(course["1"]).__enter__()


def test_does_nothing_stay_behind_when_the_bench_closes(bench):
    with Bench(bench.chapter) as other:
        pid, folder = other._process.pid, other._folder.name
        assert is_running(pid)
    assert not is_running(pid)
    assert not os.path.exists(folder)


def test_can_visible_tests_be_run_without_hidden_ones(bench):
    solutions = bench.chapter.solutions
    public = replace(
        bench.chapter,
        solutions={"double": replace(solutions["double"], hidden=None)},
    )
    with Bench(public) as other:
        assert other.run("double", RIGHT, "visible").passed


def test_do_helpers_leave_out_what_depends_on_the_answer():
    visible = """\
import numpy as np
_rng = np.random.default_rng(0)
_x = _rng.normal(size=3)
_y = double(_x)
_first = _y[0]
for _n in range(3):
    checks.close(double(_n), 2 * _n)
def _twice(x):
    return double(double(x))
_z = _twice(_x)
checks.close(_y, 2 * _x)
"""
    kept = helpers(visible, "double")
    for name in ("import numpy", "_rng =", "_x =", "def _twice"):
        assert name in kept
    for name in ("_y =", "_first =", "_z =", "for _n", "checks"):
        assert name not in kept
