"""Read chapters and solutions files; say what is wrong with them, all of it at once.

A chapter is a MyST notebook (``chapters/NN_name.md``); its answers and hidden tests stand
in ``solutions/NN_name.py``. `read_course` reads them all, and every other module of this
folder works on what it returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from rnncourse.errors import UserError
from rnncourse.files import read_text

Role = Literal["setup", "demonstration", "stub", "tests", "open", "text"]
VariantKind = Literal["answer", "hidden", "also-correct", "misconception"]

#: What stands in an open answer's cell until the student writes there.
OPEN_ANSWER_STUB = "*Your answer here.*"

_VARIANT_TITLE = re.compile(
    r"(?P<kind>answer|hidden|also-correct|misconception|equivalent) +(?P<exercise>\w+)"
)


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a source file: where, what, and how to mend it."""

    path: Path
    line: int
    fault: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.fault}; {self.mend}"


class CourseError(UserError):
    """The sources have faults; its text is one line for each."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter. ``line`` is where its source begins in the file."""

    role: Role
    source: str
    line: int
    metadata: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_code(self) -> bool:
        return self.role not in ("text", "open")

    @property
    def exercise(self) -> str | None:
        """The name of the exercise that the cell belongs to."""
        return self.metadata.get("exercise", self.metadata.get("tests"))

    @property
    def points(self) -> float:
        """What a graded cell is worth; a faulty one is worth nothing."""
        return self.metadata.get("points", 0)


@dataclass(frozen=True)
class Exercise:
    """A graded exercise. An open one is answered in prose and has no tests."""

    name: str
    points: float
    stub: Cell
    tests: Cell | None

    @property
    def is_open(self) -> bool:
        return self.tests is None


@dataclass(frozen=True)
class Variant:
    """One titled cell of a solutions file: an answer, right or wrong, or a hidden test."""

    kind: VariantKind
    exercise: str
    source: str
    line: int
    hint: str = ""


@dataclass(frozen=True)
class Equivalent:
    """A mutant of the answer that no test can tell from the answer, and why."""

    mutant: str
    reason: str
    line: int


@dataclass(frozen=True)
class Solution:
    """Everything that a solutions file holds about one exercise."""

    exercise: str
    answer: Variant
    hidden: Variant | None = None
    also_correct: tuple[Variant, ...] = ()
    misconceptions: tuple[Variant, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter and, where the solutions are at hand, its answers and hidden tests."""

    path: Path
    title: str
    cells: tuple[Cell, ...]
    metadata: dict[str, Any] = field(hash=False)
    solutions: dict[str, Solution] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """The chapter's file stem, which is also its assignment's name: ``02_rnn_cell``."""
        return self.path.stem

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """The exercises by name, in the order of the page."""
        tests = {cell.exercise: cell for cell in self.cells if cell.role == "tests"}
        found = {}
        for cell in self.cells:
            graded = cell if cell.role == "open" else tests.get(cell.exercise)
            if cell.role in ("stub", "open") and cell.exercise and graded:
                found[cell.exercise] = Exercise(
                    cell.exercise, graded.points, cell, tests.get(cell.exercise)
                )
        return found

    @property
    def setup(self) -> str:
        """The source of all setup cells."""
        return "\n".join(cell.source for cell in self.cells if cell.role == "setup")

    @property
    def max_points(self) -> float:
        return sum(exercise.points for exercise in self.exercises.values())


@dataclass(frozen=True)
class Course:
    """All chapters of a checkout, in the order of their numbers."""

    root: Path
    chapters: tuple[Chapter, ...]

    def __iter__(self) -> Iterator[Chapter]:
        return iter(self.chapters)

    def __getitem__(self, name: str) -> Chapter:
        """Find a chapter by its name, its number or the start of either.

        Raises
        ------
        UserError
            If no chapter, or more than one, matches.
        """
        wanted = Path(name).stem
        exact = [chapter for chapter in self if chapter.name == wanted]
        matches = exact or [
            chapter
            for chapter in self
            if chapter.name.startswith((wanted, wanted.zfill(2) + "_"))
            or chapter.name.split("_", 1)[1] == wanted
        ]
        if len(matches) != 1:
            names = ", ".join(chapter.name for chapter in self)
            raise UserError(f"no chapter is called '{name}'; the chapters are: {names}")
        return matches[0]

    @property
    def has_solutions(self) -> bool:
        """False in the public copy, which holds no answers."""
        return (self.root / "solutions").is_dir()


def find_root(start: Path | None = None) -> Path:
    """Find the checkout that ``start`` (default: the working directory) lies in.

    Raises
    ------
    UserError
        If no folder above holds ``chapters/`` and ``_config.yml``.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "chapters").is_dir() and (folder / "_config.yml").is_file():
            return folder
    raise UserError(
        f"{start} is not inside a checkout of the course; "
        "change to the folder that holds chapters/ and _config.yml"
    )


def read_course(root: Path) -> Course:
    """Read every chapter below ``root`` with its solutions.

    Raises
    ------
    CourseError
        If any file has a fault; it holds all the faults of all the files.
    """
    from rnncourse.course.faults import chapter_faults, solutions_faults

    with_solutions = (root / "solutions").is_dir()
    chapters: list[Chapter] = []
    faults: list[Fault] = []
    for path in sorted((root / "chapters").glob("*.md")):
        relative = path.relative_to(root)
        chapter, found = read_chapter(path, relative)
        found += chapter_faults(chapter)
        if with_solutions:
            solutions_path = root / "solutions" / f"{path.stem}.py"
            solutions, more = read_solutions(solutions_path, solutions_path.relative_to(root))
            chapter = Chapter(relative, chapter.title, chapter.cells, chapter.metadata, solutions)
            if chapter.cells and (solutions or not more):
                more += solutions_faults(chapter, solutions_path.relative_to(root))
            found += more
        faults += found
        chapters.append(chapter)
    if with_solutions:
        faults += [
            Fault(
                path.relative_to(root),
                1,
                "no chapter has this name",
                f"add chapters/{path.stem}.md",
            )
            for path in sorted((root / "solutions").glob("*.py"))
            if not (root / "chapters" / f"{path.stem}.md").is_file()
        ]
    if not chapters:
        faults.append(Fault(Path("chapters"), 1, "no chapters", "add chapters/01_name.md"))
    if faults:
        raise CourseError(faults)
    return Course(root, tuple(chapters))


def read_chapter(path: Path, shown_as: Path | None = None) -> tuple[Chapter, list[Fault]]:
    """Read one chapter without its solutions.

    Parameters
    ----------
    path
        The MyST notebook.
    shown_as
        The path that faults show; default: ``path``.

    Returns
    -------
    The chapter as far as it could be read, and the faults met while reading.
    """
    from jsonschema import ValidationError
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook

    shown = shown_as or path
    text = read_text(path)
    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except MystMetadataParsingError as error:
        numbered = re.search(r"line (\d+)", str(error))
        line = int(numbered.group(1)) if numbered else 1
        fault = Fault(shown, line, "the cell's metadata is not YAML", "mend the lines below it")
        return Chapter(shown, "", (), {}), [fault]
    except ValidationError as error:
        key = str(error.absolute_path[-1]) if error.absolute_path else ""
        value = str(error.instance)[:40]
        numbered = re.search(rf"^.*\b{re.escape(key)}\b.*{re.escape(value)}", text, re.MULTILINE)
        line = text[: numbered.start()].count("\n") + 1 if numbered else 1
        fault = Fault(shown, line, f"{key} {error.message}", "write it as nbformat wants it")
        return Chapter(shown, "", (), {}), [fault]
    cells = []
    for cell, start in zip(notebook.cells, notebook.metadata.pop("source_map"), strict=True):
        metadata = dict(cell.metadata)
        cells.append(
            Cell(
                _role(cell.cell_type, metadata),
                cell.source,
                _first_line(text, cell, start),
                metadata,
            )
        )
    title = re.search(r"^# (.+)$", cells[0].source, re.MULTILINE) if cells else None
    chapter = Chapter(shown, title.group(1) if title else "", tuple(cells), dict(notebook.metadata))
    return chapter, []


def read_solutions(
    path: Path, shown_as: Path | None = None
) -> tuple[dict[str, Solution], list[Fault]]:
    """Read one solutions file: its cells by exercise, and the faults met while reading."""
    import jupytext

    shown = shown_as or path
    if not path.is_file():
        return {}, [Fault(shown, 1, "there is no such file", "write the chapter's answers there")]
    text = read_text(path)
    notebook = jupytext.reads(text, fmt="py:percent")
    markers = [n for n, line in enumerate(text.splitlines(), start=1) if line.startswith("# %%")]
    starts = [1] * (len(notebook.cells) - len(markers)) + markers
    variants: dict[str, dict[str, list]] = {}
    faults = []
    for cell, line in zip(notebook.cells, starts, strict=True):
        title = cell.metadata.get("title", "")
        match = _VARIANT_TITLE.fullmatch(title.strip())
        if match is None:
            if title or (cell.cell_type == "code" and cell.source.strip()):
                faults.append(
                    Fault(
                        shown,
                        line,
                        f"the cell's title is '{title}'",
                        "begin it with answer, hidden, also-correct, misconception or equivalent",
                    )
                )
            continue
        kind, exercise = match["kind"], match["exercise"]
        kinds = variants.setdefault(exercise, {})
        if kind == "equivalent":
            found, more = _equivalents(cell.source, shown, line)
            kinds.setdefault(kind, []).extend(found)
            faults += more
            continue
        hint = re.match(r"# hint: (.+(?:\n# (?!%%).+)*)", cell.source)
        text_of_hint = re.sub(r"\n# ?", " ", hint.group(1)) if hint else ""
        kinds.setdefault(kind, []).append(
            Variant(kind, exercise, cell.source, line, text_of_hint)  # type: ignore[arg-type]
        )
    solutions = {}
    for exercise, kinds in variants.items():
        for kind in ("answer", "hidden"):
            for again in kinds.get(kind, [])[1:]:
                faults.append(
                    Fault(
                        shown,
                        again.line,
                        f"'{exercise}' has a second {kind}",
                        f"keep one '# %% {kind} {exercise}'",
                    )
                )
        if "answer" not in kinds:
            line = (
                min(v.line for found in kinds.values() for v in found) if any(kinds.values()) else 1
            )
            faults.append(
                Fault(shown, line, f"'{exercise}' has no answer", f"add '# %% answer {exercise}'")
            )
            continue
        solutions[exercise] = Solution(
            exercise,
            kinds["answer"][0],
            kinds["hidden"][0] if "hidden" in kinds else None,
            tuple(kinds.get("also-correct", ())),
            tuple(kinds.get("misconception", ())),
            tuple(kinds.get("equivalent", ())),
        )
    return solutions, faults


def _role(cell_type: str, metadata: dict[str, Any]) -> Role:
    if cell_type != "code":
        return "open" if "exercise" in metadata else "text"
    if "exercise" in metadata:
        return "stub"
    if "tests" in metadata:
        return "tests"
    return "setup" if "setup" in (metadata.get("tags") or ()) else "demonstration"


def _first_line(text: str, cell: Any, start: int) -> int:
    """Where a cell's source begins: below its fence and metadata."""
    lines = text.splitlines()
    first = cell.source.split("\n", 1)[0]
    for number in range(start, len(lines)):
        if first and lines[number] == first:
            return number + 1
    return start + 1


def _equivalents(source: str, path: Path, line: int) -> tuple[list[Equivalent], list[Fault]]:
    found, faults = [], []
    text = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
    for block in re.split(r"(?m)^(?=mutant:)", text):
        match = re.fullmatch(r"mutant:(.+)\nreason:\s*(.+)", block.strip(), re.DOTALL)
        if match and "\n" not in match[1].strip():
            found.append(Equivalent(match[1].strip(), " ".join(match[2].split()), line))
        elif block.strip():
            faults.append(
                Fault(
                    path,
                    line,
                    "an equivalent mutant without its reason",
                    "write '# mutant: LINE' and below it '# reason: WHY'",
                )
            )
    return found, faults
