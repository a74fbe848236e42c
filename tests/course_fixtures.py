"""The small course cut down to one exercise, whose parts a test replaces by worse ones."""

from __future__ import annotations

from pathlib import Path

from small_course import CHAPTER, SOLUTIONS, write_small_course

from rnncourse.course import Course
from rnncourse.course.source import Chapter, read_chapter, read_solutions


def _without(text: str, first: str, behind: str) -> str:
    return text[: text.index(first)] + text[text.index(behind) :]


ONE_EXERCISE = _without(CHAPTER, "(doubling-twice)=", "(doubling-summary)=")
ONE_SOLUTION = SOLUTIONS[: SOLUTIONS.index("# %% answer quadruple")]


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """Replace each old text, which must be there, by the new one, once."""
    for old, new in changes:
        assert old in text, f"not in the text: {old}"
        text = text.replace(old, new, 1)
    return text


def course_of(root: Path, chapter: str = ONE_EXERCISE, solutions: str = ONE_SOLUTION) -> Course:
    """Write the course and read it without looking for faults, which verify is to find."""
    write_small_course(root, chapter, solutions)
    path = Path("chapters") / "01_doubling.md"
    read, faults = read_chapter(root / path, path)
    solved, more = read_solutions(root / "solutions" / "01_doubling.py")
    assert not faults + more, faults + more
    return Course(root, (Chapter(path, read.title, read.cells, read.metadata, solved),))
