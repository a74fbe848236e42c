"""Reading chapters and solutions, and every fault that can be in them."""

import re
from pathlib import Path

import jupytext
import pytest
from small_course import CHAPTER, HEADER, SOLUTIONS, write_small_course

from rnncourse.course import Course, CourseError, read_course
from rnncourse.course.source import find_root
from rnncourse.errors import UserError

ROOT = Path(__file__).parent.parent


def faults_of(tmp_path: Path, chapter: str = CHAPTER, solutions: str = SOLUTIONS) -> str:
    write_small_course(tmp_path, chapter, solutions)
    with pytest.raises(CourseError) as caught:
        read_course(tmp_path)
    return str(caught.value)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.md")), ids=lambda p: p.stem)
def test_does_a_chapter_survive_a_jupytext_round_trip_byte_for_byte(path):
    text = path.read_text(encoding="utf-8")
    assert jupytext.writes(jupytext.reads(text, fmt="md:myst"), fmt="md:myst") == text


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("*.py")), ids=lambda p: p.stem)
def test_does_a_solutions_file_survive_a_jupytext_round_trip(path):
    first = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    again = jupytext.reads(jupytext.writes(first, fmt="py:percent"), fmt="py:percent")
    assert [cell.source for cell in again.cells] == [cell.source for cell in first.cells]


def test_is_the_course_itself_without_faults():
    assert len(read_course(ROOT).chapters) >= 2


def test_does_a_chapter_know_its_exercises_in_order(tmp_path):
    (chapter,) = read_course(write_small_course(tmp_path))
    assert [(e.name, e.points, e.is_open) for e in chapter.exercises.values()] == [
        ("double", 2, False),
        ("quadruple", 3, False),
        ("why_double", 1, True),
    ]
    assert chapter.title == "Doubling"
    assert chapter.max_points == 6


def test_does_a_solution_hold_its_variants_and_hints(tmp_path):
    (chapter,) = read_course(write_small_course(tmp_path))
    solution = chapter.solutions["double"]
    assert len(solution.also_correct) == 2
    assert len(solution.misconceptions) == 6
    assert solution.misconceptions[0].hint == "Squaring and doubling agree at two only."
    assert solution.misconceptions[0].line == line_of(SOLUTIONS, "# %% misconception double")


def test_may_a_hint_run_over_two_lines(tmp_path):
    solutions = SOLUTIONS.replace("agree at two only.", "agree at\n# two only.")
    (chapter,) = read_course(write_small_course(tmp_path, solutions=solutions))
    hint = chapter.solutions["double"].misconceptions[0].hint
    assert hint == "Squaring and doubling agree at two only."


def test_is_an_equivalent_mutant_read_with_its_reason(tmp_path):
    marked = SOLUTIONS + (
        "\n# %% equivalent double\n# mutant: return x - -x\n# reason: the same\n# number\n"
    )
    (chapter,) = read_course(write_small_course(tmp_path, solutions=marked))
    (equivalent,) = chapter.solutions["double"].equivalents
    assert (equivalent.mutant, equivalent.reason) == ("return x - -x", "the same number")


def test_is_the_public_copy_read_without_solutions(tmp_path):
    course = read_course(write_small_course(tmp_path, solutions=None))
    assert not course.has_solutions
    assert course.chapters[0].solutions == {}


TESTS_OF_DOUBLE = ":tests: double\n:points: 2"

CHAPTER_FAULTS = {
    "unknown exercise": (
        (":tests: double", ":tests: dubble"),
        "checks.close(double(",
        "tests for an unknown exercise 'dubble'; add a stub cell with exercise: dubble above",
    ),
    "exercise without tests": (
        (":tests: double\n:points: 2\n\n", ""),
        "def double(x)",
        "exercise 'double' has no tests",
    ),
    "duplicate exercise": (
        (":exercise: quadruple\n\ndef quadruple", ":exercise: double\n\ndef double"),
        'def quadruple(x):\n    """Four',
        "a second exercise 'double'",
    ),
    "duplicate tests": (
        (":tests: quadruple\n", ":tests: double\n"),
        "checks.close(quadruple",
        "a second tests cell 'double'",
    ),
    "no points": ((":points: 2\n", ""), "checks.close(double(", "no points; write points: 2"),
    "points of zero": ((":points: 2", ":points: 0"), "checks.close(double(", "points are 0, not"),
    "points below zero": ((":points: 2", ":points: -1"), "checks.close(double(", "points are -1"),
    "points in words": ((":points: 2", ":points: two"), "checks.close(double(", "points are 'two'"),
    "true points": ((":points: 2", ":points: true"), "checks.close(double(", "points are True"),
    "nan points": ((":points: 2", ":points: .nan"), "checks.close(double(", "points are nan"),
    "infinite points": ((":points: 2", ":points: .inf"), "checks.close(double(", "points are inf"),
    "unknown metadata": (
        (":tests: double\n", ":tests: double\n:hidden: true\n"),
        "checks.close(double(",
        "unknown cell metadata 'hidden'",
    ),
    "tags that are no list": (
        (":tags: [setup]", ":tags: setup"),
        "import numpy as np",
        "tags 'setup' is not of type 'array'",
    ),
    "both exercise and tests": (
        (TESTS_OF_DOUBLE, TESTS_OF_DOUBLE + "\n:exercise: double"),
        "checks.close(double(",
        "a cell is both an exercise and its tests",
    ),
    "points on a demonstration": (
        ("demo_value =", ":points: 1\n\ndemo_value ="),
        "demo_value =",
        "points on a cell that is not graded",
    ),
    "a stub with another name": (
        ("def double(x):", "def dooble(x):"),
        "def double(x):",
        "the stub of 'double' is not one function of that name",
    ),
    "a stub that does something": (
        (
            "    raise NotImplementedError\n```\n\n```{code-cell} ipython3\n:tests: double",
            "    return x\n```\n\n```{code-cell} ipython3\n:tests: double",
        ),
        "def double(x):",
        "does not end with raise NotImplementedError",
    ),
    "a stub without docstring": (
        ('    """Four times an array. x: (batch,). Returns: (batch,)."""\n', ""),
        "def quadruple",
        "the stub of 'quadruple' has no docstring",
    ),
    "a heading without label": (
        ("(doubling-once)=\n", ""),
        "(doubling-once)=",
        "the heading '## Once' has no label",
    ),
    "a label twice": (
        ("(doubling-twice)=", "(doubling-once)="),
        "(doubling-twice)=",
        "the label (doubling-once)= stands at line",
    ),
    "no Python": (
        ("print(demo_value)", "print(demo_value"),
        "print(demo_value",
        "not Python: '(' was never closed",
    ),
    "a long cell": (
        ("print(demo_value)", "print(demo_value)\n" * 25),
        "demo_value =",
        "a code cell of 26 lines",
    ),
    "an answer in the open question": (
        ("*Your answer here.*", "It does."),
        "*Your answer here.*",
        "the open answer 'why_double' holds other text",
    ),
    "an exercise name that is none": (
        (":exercise: double", ":exercise: 2x"),
        "def double(x)",
        "the exercise name '2x' is not a Python name",
    ),
    "a demonstration's name in a test": (
        ("double(np.array([1.0, 2.0]))", "double(demo_value)"),
        "checks.close(double(",
        "a graded cell uses 'demo_value', which a demonstration cell defines",
    ),
}


@pytest.mark.parametrize("case", CHAPTER_FAULTS)
def test_is_a_fault_of_a_chapter_reported_with_its_line(case, tmp_path):
    (old, new), at, expected = CHAPTER_FAULTS[case]
    assert CHAPTER.count(old) >= 1
    chapter = CHAPTER.replace(old, new, 1)
    found = faults_of(tmp_path, chapter)
    fault = next(line for line in found.splitlines() if expected in line)
    path, line, _ = fault.split(":", 2)
    assert path == "chapters/01_doubling.md"
    assert abs(int(line) - line_of(CHAPTER, at)) <= 3
    assert re.search(r"; \S", fault), "a fault comes with its mend"


SOLUTION_FAULTS = {
    "no hidden tests": (
        (
            "# %% hidden double",
            "# %% misconception double\n# hint: x\ndef double(x): pass\n# %% equivalent double",
        ),
        "tests for 'double' have no hidden tests; add '# %% hidden double' to solutions/",
    ),
    "no answer": (("# %% answer double", "# %% also-correct double"), "'double' has no answer"),
    "unknown exercise": (
        ("# %% answer why_double", "# %% answer why_not"),
        "an answer to an unknown exercise 'why_not'",
    ),
    "open exercise without answer": (
        ("# %% answer why_double", "# %% answer why_not"),
        "exercise 'why_double' has no answer",
    ),
    "two answers": (
        ("# %% also-correct double", "# %% answer double"),
        "'double' has a second answer",
    ),
    "unknown title": (("# %% hidden double", "# %% hiden double"), "the cell's title is 'hiden"),
    "no hint": (
        ("# hint: Adding two is not doubling.\n", ""),
        "a misconception without a hint",
    ),
    "another signature": (
        ("def double(x):\n    return x + 2", "def double(y):\n    return y + 2"),
        "the misconception for 'double' has the signature 'double(y)'; the stub's is 'double(x)'",
    ),
    "not Python": (("return x**2", "return x**"), "not Python"),
    "a hidden test that looks inside": (
        ("double(_hidden_inputs),", "double.__code__ and double(_hidden_inputs),"),
        "a hidden test uses 'double' without calling it",
    ),
    "a hidden test that never calls": (
        ("double(_hidden_inputs),", "_hidden_inputs,"),
        "the hidden tests never call 'double'",
    ),
    "an answer of two functions": (
        ("# %% hidden double", "def helper():\n    pass\n\n\n# %% hidden double"),
        "the answer to 'double' is more than one function",
    ),
    "a demonstration's name in an answer": (
        ("doubled_array = np.asarray(x) + x", "doubled_array = demo_value"),
        "a graded cell uses 'demo_value'",
    ),
    "an equivalent mutant without reason": (
        (
            "# %% answer quadruple",
            "# %% equivalent double\n# mutant: return x\n\n# %% answer quadruple",
        ),
        "an equivalent mutant without its reason",
    ),
}


@pytest.mark.parametrize("case", SOLUTION_FAULTS)
def test_is_a_fault_of_a_solutions_file_reported(case, tmp_path):
    (old, new), expected = SOLUTION_FAULTS[case]
    assert old in SOLUTIONS
    found = faults_of(tmp_path, solutions=SOLUTIONS.replace(old, new, 1))
    assert expected in found
    for line in found.splitlines():
        assert re.fullmatch(r"(chapters|solutions)/01_doubling\.(md|py):\d+: .+; .+", line)


def test_are_all_faults_of_all_files_reported_at_once(tmp_path):
    found = faults_of(
        tmp_path,
        CHAPTER.replace(":points: 2", ":points: 0").replace(":points: 3", ":points: none"),
        SOLUTIONS.replace("# hint: Three doublings make eight.\n", ""),
    )
    assert len(found.splitlines()) == 3


def test_is_metadata_that_is_not_yaml_a_fault_with_its_line(tmp_path):
    broken = CHAPTER.replace(":tests: double\n:points: 2\n", "---\ntests: [double\n---\n")
    found = faults_of(tmp_path, broken)
    assert "the cell's metadata is not YAML" in found


def test_is_a_chapter_without_solutions_file_a_fault(tmp_path):
    write_small_course(tmp_path)
    (tmp_path / "solutions" / "01_doubling.py").rename(tmp_path / "solutions" / "02_other.py")
    with pytest.raises(CourseError) as caught:
        read_course(tmp_path)
    assert "solutions/01_doubling.py:1: there is no such file" in str(caught.value)
    assert "solutions/02_other.py:1: no chapter has this name" in str(caught.value)


def test_is_a_chapter_without_setup_or_title_a_fault(tmp_path):
    found = faults_of(tmp_path, HEADER + "\nText.\n", "")
    assert "the chapter has no title" in found
    assert "the chapter has no setup cell" in found


def test_is_a_file_name_outside_the_scheme_a_fault(tmp_path):
    write_small_course(tmp_path)
    (tmp_path / "chapters" / "01_doubling.md").rename(tmp_path / "chapters" / "Doubling.md")
    (tmp_path / "solutions" / "01_doubling.py").rename(tmp_path / "solutions" / "Doubling.py")
    with pytest.raises(CourseError, match=r"the file's name is not NN_name\.md"):
        read_course(tmp_path)


@pytest.mark.parametrize("name", ["01_doubling", "1", "01", "doubling", "chapters/01_doubling.md"])
def test_is_a_chapter_found_by_what_people_call_it(name, tmp_path):
    course: Course = read_course(write_small_course(tmp_path))
    assert course[name].name == "01_doubling"


def test_does_an_unknown_chapter_name_list_the_chapters(tmp_path):
    course = read_course(write_small_course(tmp_path))
    with pytest.raises(
        UserError, match="no chapter is called 'lstm'; the chapters are: 01_doubling"
    ):
        course["lstm"]


def test_is_the_checkout_found_from_a_folder_inside(tmp_path):
    root = write_small_course(tmp_path)
    assert find_root(root / "chapters") == root.resolve()


def test_is_a_folder_outside_a_checkout_refused(tmp_path):
    with pytest.raises(UserError, match="not inside a checkout"):
        find_root(tmp_path)
