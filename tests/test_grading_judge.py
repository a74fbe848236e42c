"""Do the tests of every chapter judge from outside as they do inside a notebook?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest

from rnncourse.course.judging import task_for
from rnncourse.course.source import Chapter, Course, Variant
from rnncourse.grading.running import run_notebook
from rnncourse.grading.task import Limits, Result, Run

Batch = dict[str, Variant]


def judged(course: Course, kind: str) -> Iterator[tuple[str, str, Variant, Result]]:
    """Every variant of a kind, and what the judge says of it."""
    batches = [(chapter, batch) for chapter in course for batch in notebooks(chapter, kind)]

    def judge(item: tuple[Chapter, Batch]) -> Run:
        chapter, batch = item
        sources = {name: variant.source for name, variant in batch.items()}
        return run_notebook(task_for(chapter, sources), Limits())

    with ThreadPoolExecutor(2) as pool:
        for (chapter, batch), run in zip(batches, pool.map(judge, batches), strict=True):
            assert run.ended == "finished", f"{chapter.name}: {list(batch)}: {run.message}"
            for name, variant in batch.items():
                yield chapter.name, name, variant, run.results[name]


def notebooks(chapter: Chapter, kind: str) -> Iterator[Batch]:
    """The variants of a kind, as notebooks with one for each exercise that uses no other one.

    An exercise whose tests or answers call another exercise would be judged by two variants
    at a time, so those two never share a notebook.
    """
    variants, uses = {}, {}
    for name, solution in chapter.solutions.items():
        tests = chapter.exercises[name].tests
        if tests is not None and solution.hidden is not None:
            right = [solution.answer, *solution.also_correct]
            variants[name] = right if kind == "right" else list(solution.misconceptions)
            sources = [tests, solution.hidden, *right, *solution.misconceptions]
            uses[name] = set(re.findall(r"\w+", "\n".join(one.source for one in sources)))
    groups: list[list[str]] = []
    for name in variants:
        for group in groups:
            if not any(name in uses[other] or other in uses[name] for other in group):
                group.append(name)
                break
        else:
            groups.append([name])
    for group in groups:
        for row in zip_longest(*(variants[name] for name in group)):
            yield {name: one for name, one in zip(group, row, strict=True) if one is not None}


def test_is_every_variant_in_one_notebook_and_never_beside_an_exercise_that_it_calls(
    course: Course,
) -> None:
    batches = [batch for chapter in course for batch in notebooks(chapter, "misconceptions")]
    met = [variant for batch in batches for variant in batch.values()]
    solutions = [solution for chapter in course for solution in chapter.solutions.values()]
    assert len(set(map(id, met))) == len(met)
    assert len(met) == sum(len(solution.misconceptions) for solution in solutions)
    for batch in batches:
        for name, variant in batch.items():
            assert not set(re.findall(r"\w+", variant.source)) & (set(batch) - {name})


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
