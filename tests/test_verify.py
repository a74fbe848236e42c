"""Verification finds every weakness of an exercise's tests, and none where there is none."""

import io
import json

import pytest
from course_fixtures import ONE_EXERCISE, ONE_SOLUTION, SOLUTIONS, course_of, replaced
from rich.console import Console
from small_course import CHAPTER

from rnncourse.course import verify as verify_module
from rnncourse.course.verify import table, verify
from rnncourse.errors import UserError

HIDDEN = ONE_SOLUTION[
    ONE_SOLUTION.index("_hidden_inputs =") : ONE_SOLUTION.index("\n# %% also-correct")
]


@pytest.fixture
def verified(tmp_path):
    """Verify the one exercise, with parts of its chapter and its solutions replaced."""

    def run(*changes, chapter=(), **options):
        text = replaced(ONE_EXERCISE, *chapter)
        report = verify(course_of(tmp_path, text, replaced(ONE_SOLUTION, *changes)), **options)
        (exercise,) = report.exercises
        return report, exercise

    return run


def line_of(text, occurrence=1):
    """Where an author finds the n-th line with this text in the unchanged solutions."""
    lines = [n for n, line in enumerate(ONE_SOLUTION.splitlines(), 1) if text in line]
    return lines[occurrence - 1]


def only_fault(report):
    (fault,) = report.faults
    return fault


def test_are_good_tests_found_good(tmp_path):
    report = verify(course_of(tmp_path, CHAPTER, SOLUTIONS))
    assert report.ok
    assert [row.exercise for row in report.exercises] == ["double", "quadruple", "why_double"]
    double, quadruple, why = report.exercises
    assert (double.counts.right, double.counts.accepted) == (3, 3)
    assert (double.counts.misconceptions, double.counts.rejected) == (6, 6)
    assert double.counts.seen == 4
    assert double.counts.mutants == double.counts.killed == 4
    assert quadruple.ok
    assert why.is_open


def test_is_a_test_that_works_only_inside_the_notebook_told(verified):
    # in grading, the tests call the answer from outside: its code is not there to be read
    report, exercise = verified(
        ("_hidden_inputs =", "assert double.__code__.co_name == 'double'\n_hidden_inputs =")
    )
    faults = [fault for fault in report.faults if "from outside" in fault.fault]
    assert len(faults) == exercise.counts.right
    assert "plain data" in faults[0].mend


def test_is_each_misconception_named_by_what_it_does(tmp_path):
    double, *_ = verify(course_of(tmp_path, CHAPTER, SOLUTIONS)).exercises
    assert double.counts.named == double.counts.misconceptions


def test_is_an_accepted_misconception_told(verified):
    # the visible tests reject it; the hidden ones must do so alone
    weak = "# as long as\n# the tests it replaces\nassert len(double(np.ones(7))) == 7\n"
    weak += "assert double([3.0])[0] == 6\n"
    report, exercise = verified((HIDDEN, weak))
    told = [str(fault) for fault in report.faults]
    assert (
        f"solutions/01_doubling.py:{line_of('misconception', 4)}: the hidden tests of 'double' "
        "accept this misconception in 5 of 5 runs; add a hidden test that tells it apart" in told
    )
    assert exercise.counts.rejected < exercise.counts.misconceptions == 6


def test_is_an_answer_that_fails_told_and_nothing_else(verified):
    report, exercise = verified(("np.asarray(x) + x", "np.asarray(x) + 1"))
    fault = only_fault(report)
    assert fault.line == line_of("answer double")
    assert "this answer of 'double' is not accepted: the visible tests reject it" in fault.fault
    assert "double(x)[1] is 3, expected 4" in fault.fault
    assert exercise.counts.mutants == 0


def test_is_a_rejected_right_answer_told(verified):
    picky = f"{HIDDEN.rstrip()}\nassert isinstance(double(_hidden_inputs), np.ndarray), 'a list'\n"
    report, exercise = verified(
        (HIDDEN, picky), ("return np.multiply(x, 2.0)", "return list(np.multiply(x, 2.0))")
    )
    fault = only_fault(report)
    assert fault.line == line_of("also-correct", 2) + 1  # the hidden tests are a line longer
    assert fault.fault == (
        "this also-correct answer of 'double' is not accepted: the hidden tests reject it "
        f"(line {line_of('also-correct') - 1}): AssertionError: a list"
    )
    assert (exercise.counts.right, exercise.counts.accepted) == (3, 2)


def test_are_too_few_variants_told(verified):
    misconception = ONE_SOLUTION.rindex("# %% misconception")
    correct = ONE_SOLUTION.rindex("# %% also-correct")
    first = ONE_SOLUTION.index("# %% misconception")
    report, _ = verified((ONE_SOLUTION[misconception:], ""), (ONE_SOLUTION[correct:first], ""))
    faults = [fault.fault for fault in report.faults]
    assert faults == [
        "'double' has 1 also-correct cells, at least 2 are wanted",
        "'double' has 5 misconception cells, at least 6 are wanted",
    ]


#: A line that changes nothing for an array.
IDLE = ("# the sum of an array with itself is twice the array", "x = np.array(x)")


def marked(*mutants):
    """Add marks at the end of the solutions."""
    marks = "".join(f"# mutant: {line}\n# reason: A sum copies.\n" for line in mutants)
    return ("return 2 * np.asarray(x)[:-1]\n", f"return 2 * np.asarray(x)[:-1]\n\n{TITLE}{marks}")


TITLE = "# %% equivalent double\n"


def test_is_a_surviving_mutant_shown_with_its_line(verified):
    report, exercise = verified(IDLE)
    assert str(only_fault(report)) == (
        f"solutions/01_doubling.py:{line_of('# the sum')}: the tests of 'double' accept "
        "`pass  # x = np.array(x)` for `x = np.array(x)`; add a test that tells them apart, "
        "or simplify the answer, or mark it in '# %% equivalent double'"
    )
    assert exercise.counts.killed == exercise.counts.mutants - 1


def test_is_a_marked_mutant_no_fault(verified):
    report, exercise = verified(IDLE, marked("pass # x = np.array(x)"))
    assert report.ok, report.faults
    assert exercise.counts.equivalent == 1


def test_is_a_stale_mark_told(verified):
    report, _ = verified(marked("return 3 * x", "doubled_array = np.asarray(x) - x"))
    assert {fault.line for fault in report.faults} == {len(ONE_SOLUTION.rstrip().splitlines()) + 2}
    assert sorted(fault.fault for fault in report.faults) == [
        "`doubled_array = np.asarray(x) - x` is marked as equivalent, but the tests reject it",
        "`return 3 * x` is marked as equivalent, but is not a mutant of the answer",
    ]


def test_is_a_mutant_that_survives_now_and_then_told(verified):
    # x * x is 2 * x at two; these tests look at three when they meet a function first
    lucky = """\
from pathlib import Path
_met = Path(f"met-{hash(double.__code__.co_code)}")
_value = 2.0 if _met.exists() else 3.0
_met.touch()
checks.close(double(_value), 2 * _value)
"""
    blind = ("double(np.array([1.0, 2.0])), [2.0, 4.0]", "double(np.array([0.0, 2.0])), [0.0, 4.0]")
    report, _ = verified((HIDDEN, lucky), chapter=[blind])
    mutated = "`doubled_array = np.asarray(x) * x`"
    (told,) = [fault.fault for fault in report.faults if mutated in fault.fault]
    assert told.endswith("for `doubled_array = np.asarray(x) + x` in 2 of 3 runs")


def test_do_endless_mutants_and_misconceptions_count_as_rejected(verified, monkeypatch):
    monkeypatch.setattr(verify_module, "SHORTEST_LIMIT", 0.5)
    report, exercise = verified(
        (
            "doubled_array = np.asarray(x) + x",
            "doubled_array, n = 0, 0\n"
            "    while n < 2:\n"
            "        doubled_array, n = doubled_array + np.asarray(x), n + 1",
        ),
        ("return x**2", "while True: pass"),
        repeats=2,
    )
    assert report.ok, report.faults
    assert exercise.counts.timeouts >= 3
    assert exercise.counts.rejected == 6


def test_is_an_answer_that_warns_told(verified):
    report, _ = verified(("return doubled_array", "np.log(-np.ones(1))\n    return doubled_array"))
    fault = only_fault(report)
    assert fault.line == line_of("answer double")
    assert "wrote to standard error" in fault.fault
    assert "RuntimeWarning" in fault.fault


def test_are_flaky_tests_told(verified):
    # every third run fails; the runs share the folder that they start in
    flaky = """\
_runs = open("runs", "a+")
_runs.write("x")
_runs.seek(0)
assert len(_runs.read()) % 3, "bad luck"
"""
    report, exercise = verified((HIDDEN, f"{HIDDEN}\n{flaky}"))
    assert exercise.counts.accepted < exercise.counts.right
    assert "of 6 runs" in report.faults[0].fault
    assert report.faults[0].mend == "widen the tests' tolerances"


def test_is_a_rare_accident_found_by_many_runs(verified, tmp_path):
    # the twentieth run of these tests fails: one run of each right answer does not get there
    unlucky = f"""\
_runs = open({str(tmp_path / "runs")!r}, "ab", buffering=0)
_runs.write(b"x")
assert _runs.tell() != 20, "bad luck"
"""
    assert verified((HIDDEN, f"{HIDDEN}\n{unlucky}"), repeats=1)[0].ok
    (tmp_path / "runs").unlink()
    report, exercise = verified((HIDDEN, f"{HIDDEN}\n{unlucky}"), repeats=12)
    assert exercise.counts.accepted == exercise.counts.right - 1
    assert "in 1 of 13 runs (line 16): AssertionError: bad luck" in only_fault(report).fault


def test_is_what_few_runs_found_good_looked_at_again_by_many(verified):
    assert reused(verified(repeats=2)[0]) == []
    assert reused(verified(repeats=3)[0]) == []
    assert reused(verified(repeats=2)[0]) == ["double"]


def test_is_a_misconception_with_a_slip_told(verified):
    report, exercise = verified(("return x**2", "return xs**2"))
    fault = only_fault(report)
    assert fault.line == line_of("# hint: Squaring") - 1
    assert "fails for a slip in its code" in fault.fault
    assert exercise.counts.rejected == 5


def test_are_tests_that_accept_the_stub_told(verified):
    call = 'checks.close(double(np.array([1.0, 2.0])), [2.0, 4.0], "double(x)", '
    report, _ = verified(chapter=[(call, 'checks.true(double is not None, "")\nprint(')])
    fault = only_fault(report)
    assert fault.path.as_posix() == "chapters/01_doubling.md"
    assert fault.fault == "the visible tests of 'double' accept the unsolved stub"


def test_may_hidden_tests_use_helpers_but_not_results_of_visible_ones(verified):
    call = "checks.close(double(np.array([1.0, 2.0]))"
    shared = "_pair = np.array([1.0, 2.0])\n_pair_doubled = double(_pair)\n" + call
    report, _ = verified((HIDDEN, f"{HIDDEN}\ndouble(_pair)\n"), chapter=[(call, shared)])
    assert report.ok, report.faults
    report, _ = verified((HIDDEN, f"{HIDDEN}\n_pair_doubled + 1\n"), chapter=[(call, shared)])
    assert "the hidden tests fail without the visible ones" in report.faults[0].fault
    assert "'_pair_doubled' is not defined" in report.faults[0].fault


def test_are_missing_parts_told(tmp_path):
    bare = ONE_SOLUTION[: ONE_SOLUTION.index("# %% hidden")]
    report = verify(course_of(tmp_path / "hidden", solutions=bare))
    assert only_fault(report).fault == "'double' has no hidden tests"
    report = verify(course_of(tmp_path / "answer", solutions=""))
    assert only_fault(report).fault == "'double' has no answer"
    openless = SOLUTIONS[: SOLUTIONS.index("# %% answer why_double")]
    report = verify(course_of(tmp_path / "open", CHAPTER, openless))
    assert only_fault(report).fault == "the open exercise 'why_double' has no model answer"


def test_are_failing_setup_cells_told(verified):
    report, _ = verified(chapter=[("import numpy as np", "import nump as np")])
    fault = only_fault(report)
    assert fault.path.as_posix() == "chapters/01_doubling.md"
    assert ONE_EXERCISE.splitlines()[fault.line - 1] == "import numpy as np"
    assert "the setup cells fail: ModuleNotFoundError" in fault.fault


def reused(report):
    return [row.exercise for row in report.exercises if not row.seconds and not row.is_open]


def test_is_an_unchanged_exercise_not_verified_again(tmp_path):
    first = verify(course_of(tmp_path, CHAPTER, SOLUTIONS))
    assert reused(first) == []
    # prose and line numbers do not matter
    prose = replaced(CHAPTER, ("We double numbers", "\n\nWe like to double numbers"))
    second = verify(course_of(tmp_path, prose, "\n\n" + SOLUTIONS))
    assert reused(second) == ["double", "quadruple"]
    assert [row.counts for row in second.exercises] == [row.counts for row in first.exercises]


@pytest.mark.parametrize(
    ("old", "new", "still"),
    [
        ("checks.close(quadruple(_", "assert True\nchecks.close(quadruple(_", ["double"]),
        ("np.asarray(x) + x", "x + np.asarray(x)", []),
        ("hint: A fourth power", "hint: The fourth power", ["double"]),
    ],
)
def test_is_a_changed_exercise_verified_again(tmp_path, old, new, still):
    verify(course_of(tmp_path, CHAPTER, SOLUTIONS))
    report = verify(course_of(tmp_path, CHAPTER, replaced(SOLUTIONS, (old, new))))
    assert report.ok
    assert reused(report) == still


def test_is_a_faulty_exercise_verified_every_time(verified):
    for _ in range(2):
        report, exercise = verified(IDLE)
        assert not report.ok
        assert exercise.seconds > 0


def test_can_one_chapter_be_chosen(tmp_path):
    course = course_of(tmp_path)
    assert [row.chapter for row in verify(course, ["doubling"]).exercises] == ["01_doubling"]
    with pytest.raises(UserError, match="no chapter is called 'tripling'"):
        verify(course, ["tripling"])


def test_does_the_table_fit_a_terminal(tmp_path):
    report = verify(course_of(tmp_path, CHAPTER, SOLUTIONS))
    console = Console(width=80, file=io.StringIO())
    console.print(table(report))
    text = console.file.getvalue()
    assert "…" not in text
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}
    assert rows["double"][:6] == ["3/3", "6/6", "4/6", "6/6", "4/4", "0"]
    assert rows["why_double"] == ["open", "good"]


def test_does_the_json_hold_counts_and_places(verified):
    report, _ = verified(IDLE)
    content = json.loads(report.to_json())
    assert content["ok"] is False
    (exercise,) = content["exercises"]
    assert exercise["counts"]["mutants"] == 5
    (fault,) = exercise["faults"]
    assert (fault["path"], fault["line"]) == ("solutions/01_doubling.py", line_of("# the sum"))


def test_does_progress_go_to_standard_error(tmp_path, capfd):
    verify(course_of(tmp_path), progress=True)
    assert capfd.readouterr().out == ""
