"""Try code for an exercise as grading does: the tests outside, calls as plain data.

`rnncourse.course.trial` runs tests and answer in one process, as a notebook does. The judge
(`rnncourse.grading.engine`) keeps them apart, so a test that passes anything but plain data,
or looks at an answer otherwise than by calling it, works there and not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from rnncourse.course.source import Chapter
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Code, Known, Limits, Result, Task


def judged(chapter: Chapter, exercise: str, sources: Sequence[str], workers: int) -> list[Result]:
    """Let the judge test several answers to an exercise.

    Parameters
    ----------
    chapter
        The chapter with its solutions.
    exercise
        The name of the exercise; the others are solved by their answers.
    sources
        Code that defines the exercise's function. It is the author's own, so there is no
        sandbox around it.
    workers
        How many are tested side by side.

    Returns
    -------
    The results, in the order of the sources. One that the judge could not get to has the
    reason as its message.
    """

    def judge(source: str) -> Result:
        run = run_notebook(task_for(chapter, {exercise: source}), Limits(), sandbox=False)
        return run.results.get(exercise) or Result(0.0, run.message, error="NotRun")

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(judge, sources))


def task_for(chapter: Chapter, candidates: Mapping[str, str]) -> Task:
    """A notebook to judge.

    Parameters
    ----------
    chapter
        The chapter with its solutions.
    candidates
        Code by exercise. These exercises are tested; the others are solved by their answers.
    """
    cells = []
    for number, cell in enumerate(chapter.cells):
        name = cell.exercise or ""
        solution = chapter.solutions.get(name)
        if cell.role == "setup":
            cells.append(Code(number, cell.source, "setup"))
        elif cell.role == "stub" and name in candidates:
            cells.append(Code(number, candidates[name], "student"))
        elif cell.role == "stub" and solution is not None:
            cells.append(Code(number, solution.answer.source, "student"))
        elif cell.role == "tests" and name in candidates:
            assert solution is not None
            assert solution.hidden is not None
            tests = f"{cell.source}\n{solution.hidden.source}"
            cells.append(Code(number, tests, "tests", name, float(cell.points or 0)))
    return Task(tuple(cells), known=known_of(chapter))


def known_of(chapter: Chapter) -> dict[str, Known]:
    """What the judge is told of a chapter's exercises."""
    return {
        name: Known(
            solution.answer.source,
            tuple((wrong.hint, wrong.source) for wrong in solution.misconceptions),
        )
        for name, solution in chapter.solutions.items()
        if not chapter.exercises[name].is_open
    }
