"""The whole way from the sources to the site and the student notebooks.

sources -> checked -> solved notebooks run where stale -> student notebooks -> Jupyter Book
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from rnncourse.course.assemble import Publication, student_notebook, wheel_name
from rnncourse.course.execute import Executed, execute_course
from rnncourse.course.glossary import read_glossary
from rnncourse.course.leaks import find_leaks
from rnncourse.course.plain import PlainContext, PlainError, plain_context, plain_markdown
from rnncourse.course.quizzes import course_faults
from rnncourse.course.source import Chapter, Course, CourseError, Fault, read_course
from rnncourse.errors import UserError
from rnncourse.files import locked, temporary_folder, write_atomically

Report = Callable[[str], None]


class BuildError(UserError):
    """The site could not be built; its text says where, why and what to do."""


@dataclass(frozen=True)
class Site:
    """What a build made."""

    html: Path
    release: Path
    executed: list[Executed]


def build_site(root: Path, report: Report = print) -> Site:
    """Build the site into ``_build/html`` and the student notebooks into ``_build/release``.

    Parameters
    ----------
    root
        The checkout.
    report
        Called with a line of text at each step.

    Raises
    ------
    CourseError
        If a source file has faults, or a chapter does not run.
    BuildError
        If Jupyter Book warns, would run a notebook, or the site shows an answer.
    """
    build = root / "_build"
    build.mkdir(exist_ok=True)
    busy = BuildError(f"{build}: another build is at work; wait for its end")
    with locked(build / ".lock", busy):
        course, context = checked_course(root)
        executed = execute_course(course, context, report)
        _drop_removed_chapters(course)
        release = release_notebooks(course, context, report)
        _jupyter_book(root, report)
        html = build / "html"
        for path, line in find_leaks(html, course):
            raise BuildError(
                f"{path.relative_to(root)}: shows a line of a solutions file: {line}; "
                "take it out of the page that it comes from"
            )
        return Site(html, release, executed)


def checked_course(root: Path) -> tuple[Course, PlainContext]:
    """Read the course and what its links need, and raise the faults of all files at once."""
    _, faults = read_glossary(root / "glossary.yml", Path("glossary.yml"))
    faults += course_faults(root)
    try:
        course = read_course(root)
    except CourseError as error:
        raise CourseError([*error.faults, *faults]) from None
    if faults:
        raise CourseError(faults)
    context = plain_context(root)
    if faults := [fault for chapter in course for fault in _plain_faults(chapter, context)]:
        raise CourseError(faults)
    return course, context


def _plain_faults(chapter: Chapter, context: PlainContext) -> Iterator[Fault]:
    """What the student notebook could not show, because only the site knows it."""
    for cell in chapter.cells:
        if cell.role == "text":
            try:
                plain_markdown(cell.source, context)
            except PlainError as error:
                for problem in error.problems:
                    line = cell.line + problem.line
                    yield Fault(chapter.path, line, problem.fault, problem.mend)


def release_notebooks(course: Course, context: PlainContext, report: Report = print) -> Path:
    """Write the student notebooks and the package's wheel; returns their folder.

    They go to ``_build/release/NN_name/NN_name.ipynb``, and again to ``_build/extra``, whose
    content Sphinx copies to the root of the site.
    """
    publication = Publication.read(course.root)
    release = course.root / "_build" / "release"
    extra = course.root / "_build" / "extra" / "notebooks"
    for chapter in course:
        text = nbformat.writes(student_notebook(chapter, context, publication)) + "\n"
        write_atomically(release / chapter.name / f"{chapter.name}.ipynb", text)
        write_atomically(extra / f"{chapter.name}.ipynb", text)
    _wheel(course.root, release, extra)
    report(f"wrote {len(course.chapters)} student notebooks")
    return release


def _drop_removed_chapters(course: Course) -> None:
    """Take out what was made from chapters that are no longer there, or have another name."""
    build = course.root / "_build"
    names = {chapter.name for chapter in course}
    made = [
        *(build / "release").glob("*/"),
        *(build / "solved").glob("*.ipynb"),
        *(build / "outputs").glob("*.json"),
        *(build / "extra" / "notebooks").glob("*.ipynb"),
        *(build / "html" / "notebooks").glob("*.ipynb"),
    ]
    for path in made:
        if path.stem not in names:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _wheel(root: Path, release: Path, extra: Path) -> None:
    """Build the package's wheel if a file that goes into it has changed since the last one."""
    wheel, record = release / wheel_name(), root / "_build" / "wheel.sha256"
    sources = [root / "pyproject.toml", root / "README.md", *(root / "quizzes").glob("*.yml")]
    sources += [path for path in (root / "rnncourse").rglob("[!.]*") if path.suffix != ".pyc"]
    digest = hashlib.sha256()
    for path in sorted(path for path in sources if path.is_file()):
        digest.update(f"{path.relative_to(root)} ".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    content = digest.hexdigest()
    if not wheel.is_file() or not record.is_file() or record.read_text() != content:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
        with temporary_folder(root / "_build" / "wheel") as folder:
            done = subprocess.run(
                [*command, "--directory", str(folder)], cwd=root, capture_output=True, text=True
            )
            if done.returncode:
                raise BuildError(f"the wheel could not be built: {done.stderr.strip()[-500:]}")
            write_atomically(wheel, (folder / wheel_name()).read_bytes())
        write_atomically(record, content)
    write_atomically(extra / wheel_name(), wheel.read_bytes())
    for folder in (release, extra, root / "_build" / "html" / "notebooks"):
        for other in folder.glob("*.whl"):
            if other.name != wheel_name():
                other.unlink()


def _jupyter_book(root: Path, report: Report) -> None:
    """Run ``jupyter-book build`` with warnings as errors; its words go to ``_build/site.log``."""
    log = root / "_build" / "site.log"
    command = [
        str(Path(sys.executable).parent / "jupyter-book"),
        *("build", ".", "-n", "-W", "--keep-going"),
    ]
    lines: list[str] = []
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        plain = re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip()
        lines.append(plain)
        if plain.startswith("building [html]"):
            report(plain.replace("building [html]", "building pages"))
    write_atomically(log, "\n".join(lines) + "\n")
    # a page with a warning is not read again, so the next build would not warn: start afresh
    doctrees = root / "_build" / ".doctrees"
    ran = [line for line in lines if "Executing notebook" in line]
    if ran:
        shutil.rmtree(doctrees, ignore_errors=True)
        raise BuildError(
            f"Jupyter Book executed a notebook ({ran[0].strip()}): its stored outputs are "
            "missing; remove _build/.jupyter_cache and build again"
        )
    if process.wait() != 0:
        shutil.rmtree(doctrees, ignore_errors=True)
        warnings = [line for line in lines if "WARNING" in line or "ERROR" in line]
        shown = "\n".join(line.replace(f"{root}/", "") for line in warnings or lines[-15:])
        raise BuildError(f"Jupyter Book is not content (all it said: _build/site.log):\n{shown}")
