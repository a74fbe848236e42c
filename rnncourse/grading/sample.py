"""A made-up class, to try grading with: its marks are known before it is graded.

Every notebook is put together from the variants of the solutions files, so an exercise gets
its points exactly if its variant is the answer or an also-correct one. An exercise whose
variant, or whose tests, call an exercise that is wrong is made wrong as well.
"""

from __future__ import annotations

import ast
import json
import random
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import nbformat
from nbformat import NotebookNode

from rnncourse.course.source import Chapter, Course, Exercise, Solution, Variant
from rnncourse.files import write_atomically
from rnncourse.grading.directory import (
    CONFIG_NAME,
    GradingError,
    Opened,
    open_directory,
    prepare,
)
from rnncourse.grading.journal import work_cells

Kind = Literal[
    "right answers",
    "other right answers",
    "misconceptions",
    "untouched",
    "half finished",
    "duplicated cell",
    "deleted test",
    "broken JSON",
]

KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]

#: How often each kind comes in a class that is larger than the list of kinds.
_WEIGHTS = (4, 4, 8, 1, 3, 1, 1, 1)

#: In the course directory, which no student sees: what the class should get.
EXPECTED_NAME = "expected.json"

#: Family name, given name, and the two in Latin letters. None of them exists.
_PEOPLE = (
    ("佐藤", "陽翔", "sato_haruto"),
    ("Okafor", "Amara", "okafor_amara"),
    ("田中", "愛子", "tanaka_aiko"),
    ("Lindqvist", "Nils", "lindqvist_nils"),
    ("鈴木", "蓮", "suzuki_ren"),
    ("Moreau", "Élodie", "moreau_elodie"),
    ("高橋", "結衣", "takahashi_yui"),
    ("Rossi", "Matteo", "rossi_matteo"),
    ("伊藤", "美咲", "ito_misaki"),
    ("Nguyễn", "Lan", "nguyen_lan"),
    ("渡辺", "大翔", "watanabe_hiroto"),
    ("Castillo", "Inés", "castillo_ines"),
    ("山本", "葵", "yamamoto_aoi"),
    ("Haddad", "Samir", "haddad_samir"),
    ("中村", "悠真", "nakamura_yuma"),
    ("Kowalska", "Zofia", "kowalska_zofia"),
    ("小林", "さくら", "kobayashi_sakura"),
    ("Brandt", "Jonas", "brandt_jonas"),
    ("加藤", "湊", "kato_minato"),
    ("Iyer", "Meera", "iyer_meera"),
)

_PROSE = (
    "I think it follows from the definition above: what comes later is computed from what came "
    "earlier, so it cannot be swapped.",
    "Because the shapes only fit that way. I tried a small example by hand and it agreed.",
    "It depends on the data. In the figure above both happen.",
)


@dataclass(frozen=True)
class Expected:
    """What one submission must get.

    Parameters
    ----------
    student, assignment
        Whose submission, and for what.
    kind
        What is the matter with it.
    exercises
        Points by exercise; None if there is nothing to mark. An open answer has 0 points
        until a person has read it.
    by_hand
        The open answers that wait for a person.
    """

    student: str
    assignment: str
    kind: Kind
    exercises: dict[str, float] | None
    by_hand: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """The sum of the points."""
        return None if self.exercises is None else float(sum(self.exercises.values()))


@dataclass(frozen=True)
class Choice:
    """What a student did with an exercise: the cell's text, and is it right."""

    source: str
    right: bool = False


def demo(
    course: Course,
    directory: str | Path,
    students: int = 12,
    seed: int = 0,
    assignments: Iterable[str] | None = None,
    report: Callable[[str], None] = print,
) -> tuple[Expected, ...]:
    """Write a made-up class's submissions into a course directory.

    Parameters
    ----------
    course
        The course, with its solutions.
    directory
        The course directory; made if it is not there.
    students
        How many. With eight or more, every kind occurs in every assignment.
    seed
        The same seed gives the same files.
    assignments
        Names of chapters; default: all.
    report
        Called with a line about what was done.

    Returns
    -------
    What each submission must get, which ``expected.json`` holds, too.

    Raises
    ------
    GradingError
        If the course directory has submissions that this function did not write.
    """
    if students < 1:
        raise GradingError(f"a class of {students} students: ask for one or more")
    chapters = [course[name] for name in assignments] if assignments else list(course)
    if (Path(directory) / CONFIG_NAME).is_file():
        _refuse_real_students(open_directory(directory))
    opened = open_directory(prepare(course, directory, report=report))
    old = _written(opened)
    people = _people(students, random.Random(f"{seed}"))
    submissions = [
        (expected, text)
        for chapter in chapters
        for expected, text in _assignment(opened, chapter, list(people), seed)
    ]
    expected = tuple(one for one, _ in submissions)
    # first the list: a killed run must not leave submissions that nobody claims
    wanted = {(one.student, one.assignment) for one in expected}
    _write_expected(opened, expected, old - wanted)
    for student, assignment in sorted(old - wanted):
        shutil.rmtree(opened.path("submitted", student, assignment), ignore_errors=True)
    for one, text in submissions:
        folder = opened.path("submitted", one.student, one.assignment)
        path = folder / f"{one.assignment}.ipynb"
        if not _is_same_work(path, text):
            write_atomically(path, text)
    _write_expected(opened, expected, set())
    with opened.gradebook() as gradebook:
        for student, (family, given) in people.items():
            gradebook.update_or_create_student(student, last_name=family, first_name=given)
    report(f"wrote {len(submissions)} submissions of {students} students into {opened.root}")
    return expected


def read_expected(directory: str | Path) -> tuple[Expected, ...]:
    """What the sample class in a course directory must get; empty if there is none."""
    path = Path(directory) / EXPECTED_NAME
    if not path.is_file():
        return ()
    content = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Expected(**{**one, "by_hand": tuple(one["by_hand"])}) for one in content["submissions"]
    )


def _refuse_real_students(opened: Opened) -> None:
    foreign = [pair for pair in opened.submissions() if pair not in _written(opened)]
    if foreign:
        student, assignment = foreign[0]
        raise GradingError(
            f"{opened.root}: has submissions that are not of a sample class "
            f"({student}/{assignment}); choose another course directory"
        )


def _written(opened: Opened) -> set[tuple[str, str]]:
    path = opened.root / EXPECTED_NAME
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    pairs = [(one["student"], one["assignment"]) for one in content.get("submissions", ())]
    return {*pairs, *((student, name) for student, name in content.get("earlier", ()))}


def _write_expected(
    opened: Opened, expected: Iterable[Expected], earlier: set[tuple[str, str]]
) -> None:
    content = {"submissions": [asdict(one) for one in expected], "earlier": sorted(earlier)}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    write_atomically(opened.root / EXPECTED_NAME, text)


def _is_same_work(path: Path, text: str) -> bool:
    """Tell whether a submission differs in prose at most: then its mark stands."""
    try:
        return work_cells(path.read_text(encoding="utf-8")) == work_cells(text)
    except (OSError, ValueError):
        return False


def _people(count: int, rng: random.Random) -> dict[str, tuple[str, str]]:
    """Names by student id."""
    people = {}
    order = rng.sample(_PEOPLE, len(_PEOPLE))
    for number in range(count):
        family, given, name = order[number % len(order)]
        turn = number // len(order)
        people[f"{name}_{turn + 1}" if turn else name] = (family, given)
    return people


def _assignment(
    opened: Opened, chapter: Chapter, students: list[str], seed: int
) -> Iterable[tuple[Expected, str]]:
    rng = random.Random(f"{seed} {chapter.name}")
    kinds = rng.sample(KINDS, min(len(students), len(KINDS)))
    kinds += rng.choices(KINDS, _WEIGHTS, k=len(students) - len(kinds))
    release = opened.path("release", ".", chapter.name) / f"{chapter.name}.ipynb"
    for student, kind in zip(students, kinds, strict=True):
        notebook = nbformat.read(release, as_version=4)
        choices = _choose(chapter, kind, rng)
        _fill_in(notebook, choices)
        _disturb(notebook, chapter, kind, rng)
        text = nbformat.writes(notebook) + "\n"
        points: dict[str, float] | None = {
            name: float(exercise.points) if choices[name].right and not exercise.is_open else 0.0
            for name, exercise in chapter.exercises.items()
        }
        by_hand = tuple(n for n, e in chapter.exercises.items() if e.is_open and choices[n].right)
        if kind == "broken JSON":
            text = text[: len(text) * rng.randint(40, 90) // 100]
            points, by_hand = None, ()
        yield Expected(student, chapter.name, kind, points, by_hand), text


def _choose(chapter: Chapter, kind: Kind, rng: random.Random) -> dict[str, Choice]:
    """What a student of this kind did with each exercise."""
    exercises = chapter.exercises
    # half finished: the first ones are done, the next one is begun
    done = rng.randrange(len(exercises)) if kind == "half finished" else len(exercises)
    coded = [name for name, exercise in exercises.items() if not exercise.is_open]
    must_fail = rng.choice(coded) if kind == "misconceptions" and coded else None
    choices: dict[str, Choice] = {}
    for number, (name, exercise) in enumerate(exercises.items()):
        if kind == "untouched" or number > done:
            choices[name] = Choice(exercise.stub.source)
        elif number == done:
            choices[name] = Choice(_begun(exercise))
        elif exercise.is_open:
            choices[name] = Choice(rng.choice(_PROSE), right=True)
        else:
            wrong = [n for n, choice in choices.items() if not choice.right]
            fails = name == must_fail or (kind == "misconceptions" and rng.random() < 0.5)
            choices[name] = _variant(chapter, exercise, kind, wrong, fails, rng)
    return choices


def _variant(
    chapter: Chapter,
    exercise: Exercise,
    kind: Kind,
    wrong: list[str],
    fails: bool,
    rng: random.Random,
) -> Choice:
    """A variant that is certainly right or certainly wrong, given the exercises before it."""
    solution = chapter.solutions[exercise.name]
    right = {
        "right answers": (solution.answer,),
        "other right answers": solution.also_correct or (solution.answer,),
    }.get(kind, (solution.answer, *solution.also_correct))
    if not fails:
        usable = [v for v in right if _is_certain(exercise, solution, v, wrong)]
        if usable:
            return Choice(rng.choice(usable).source, right=True)
    usable = [v for v in solution.misconceptions if _is_certain(exercise, solution, v, wrong)]
    if not usable:
        return Choice(exercise.stub.source)
    source = rng.choice(usable).source
    return Choice(re.sub(r"\A# hint: .+(?:\n# (?!%%).+)*\n", "", source))


def _is_certain(exercise: Exercise, solution: Solution, variant: Variant, wrong: list[str]) -> bool:
    """Tell whether neither the variant nor its tests call an exercise that is wrong."""
    sources = [variant.source, exercise.tests.source if exercise.tests else ""]
    sources += [solution.hidden.source] if solution.hidden else []
    return all(_names(source).isdisjoint(wrong) for source in sources)


@cache
def _names(source: str) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name))


def _begun(exercise: Exercise) -> str:
    """An answer that somebody stopped writing in the middle of a line."""
    if exercise.is_open:
        return exercise.stub.source
    lines = exercise.stub.source.splitlines()
    return "\n".join([*lines[:-1], "    result ="])


def _fill_in(notebook: NotebookNode, choices: dict[str, Choice]) -> None:
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("solution") and nbgrader["grade_id"] in choices:
            cell.source = choices[nbgrader["grade_id"]].source


def _disturb(notebook: NotebookNode, chapter: Chapter, kind: Kind, rng: random.Random) -> None:
    """Copy or delete a cell, as the student's editor lets them."""
    graded = {f"test-{name}" for name, e in chapter.exercises.items() if not e.is_open}
    if kind == "duplicated cell":
        graded |= {name for name, e in chapter.exercises.items() if not e.is_open}
    places = [
        place
        for place, cell in enumerate(notebook.cells)
        if cell.metadata.get("nbgrader", {}).get("grade_id") in graded
    ]
    if kind == "duplicated cell" and places:
        place = rng.choice(places)
        copied = nbformat.from_dict(notebook.cells[place])
        copied["id"] = f"{copied['id']}-copy"
        notebook.cells.insert(place + 1, copied)
    elif kind == "deleted test" and places:
        del notebook.cells[rng.choice(places)]
