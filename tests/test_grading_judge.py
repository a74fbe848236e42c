"""Do the tests of every chapter judge from outside as they do inside a notebook?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rnncourse.course.judging import task_for
from rnncourse.course.source import Course, Variant
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Limits, Result

pytestmark = pytest.mark.xdist_group("engine")


def judged(course: Course, kind: str) -> Iterator[tuple[str, str, Variant, Result]]:
    """Every variant of a kind, and what the judge says of it."""
    tasks = []
    for chapter in course:
        for name, solution in chapter.solutions.items():
            if not chapter.exercises[name].is_open:
                right = (solution.answer, *solution.also_correct)
                for variant in right if kind == "right" else solution.misconceptions:
                    task = task_for(chapter, name, variant.source)
                    tasks.append((chapter.name, name, variant, task))
    with ThreadPoolExecutor(2) as pool:
        runs = pool.map(lambda item: run_notebook(item[3], Limits()), tasks)
        for (chapter_name, name, variant, _), run in zip(tasks, runs, strict=True):
            assert run.ended == "finished", f"{chapter_name}: {name}: {run.message}"
            yield chapter_name, name, variant, run.results[name]


def test_does_every_right_answer_get_full_marks(course: Course) -> None:
    failed = [
        f"{chapter}: {name}, line {variant.line}: {result.message}"
        for chapter, name, variant, result in judged(course, "right")
        if result.share != 1
    ]
    assert not failed


def test_does_every_misconception_fail_and_get_its_own_hint(course: Course) -> None:
    passed, named, others = [], 0, []
    for chapter, name, variant, result in judged(course, "misconceptions"):
        place = f"{chapter}: {name}, line {variant.line}"
        if result.share:
            passed.append(place)
        elif result.misconception == variant.hint:
            named += 1
        else:
            others.append(f"{place}: {result}")
    assert not passed
    print(f"diagnosed: {named} of {named + len(others)}", *others, sep="\n")
    assert named >= 0.95 * (named + len(others)), "\n".join(others)
