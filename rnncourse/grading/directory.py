"""Make a course directory, and open one that is there."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rnncourse.errors import UserError
from rnncourse.files import locked, temporary_folder, write_atomically
from rnncourse.grading.configuration import prepare_environment

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    from rnncourse.course.source import Chapter, Course

#: Our own files inside a course directory: the journal, the lock, what is half done.
OWN_FOLDER = ".rnncourse"

CONFIG_NAME = "nbgrader_config.py"

_CONFIG_TEXT = '''\
"""nbgrader's settings in this course directory. What you set below `configure` wins."""

from pathlib import Path

from rnncourse.grading import configure

c = get_config()  # noqa: F821
configure(c, Path(__file__).parent)
'''


class GradingError(UserError):
    """Something that the instructor has to mend: one line with place, fault and mend."""


class BusyError(GradingError):
    """Another run is at work in the course directory."""


@dataclass(frozen=True)
class Opened:
    """A course directory with its settings."""

    root: Path
    config: Config
    courses: CourseDirectory

    @property
    def own(self) -> Path:
        """Where our own files lie."""
        return self.root / OWN_FOLDER

    def path(self, step: str, student: str, assignment: str) -> Path:
        """Where nbgrader keeps a step's files: ``submitted``, ``autograded``, ...

        Parameters
        ----------
        step
            The name of the step; the folder's own name may be another.
        student
            The student's id; ``"."`` for source and release.
        assignment
            The assignment's name.
        """
        folder = getattr(self.courses, f"{step}_directory")
        return Path(self.courses.format_path(folder, student, assignment))

    def source(self, assignment: str) -> Path:
        """The graded source of an assignment."""
        return self.path("source", ".", assignment) / f"{assignment}.ipynb"

    def assignments(self) -> list[str]:
        """The assignments that have a graded source."""
        folders = self.path("source", ".", "x").parent.glob("*/")
        return sorted(f.name for f in folders if (f / f"{f.name}.ipynb").is_file())

    def require(self, assignment: str | None) -> str | None:
        """The full name of an assignment that somebody typed: its name, number or beginning.

        Raises
        ------
        GradingError
            If no assignment, or more than one, matches.
        """
        if assignment is None:
            return None
        names = self.assignments()
        wanted = Path(assignment).stem
        matches = [name for name in names if name == wanted] or [
            name for name in names if name.startswith((wanted, f"{wanted.zfill(2)}_"))
        ]
        if len(matches) != 1:
            raise GradingError(
                f"{self.root}: no assignment is called '{assignment}'; "
                f"there are: {', '.join(names) or 'none'}"
            )
        return matches[0]

    def catalogue(self, assignment: str) -> Path:
        """What is known of an assignment's exercises: answers, and wrong answers with hints."""
        return catalogue_path(self.root, assignment)

    def submissions(self, step: str = "submitted") -> list[tuple[str, str]]:
        """Every pair of student and assignment that has a folder in this step."""
        import re
        from glob import glob

        folder = getattr(self.courses, f"{step}_directory")
        pattern = self.courses.format_path(
            folder, "(?P<student>[^/]*)", "(?P<assignment>[^/]*)", escape=True
        )
        matches = (
            re.fullmatch(pattern, path)
            for path in glob(self.courses.format_path(folder, "*", "*"))
            if Path(path).is_dir()
        )
        return sorted((m["student"], m["assignment"]) for m in matches if m)

    def gradebook(self) -> Gradebook:
        """Open the gradebook; close it after use.

        Raises
        ------
        GradingError
            If the database cannot be reached.
        """
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SQLAlchemyError

        try:
            return Gradebook(self.courses.db_url, self.courses.course_id)
        except SQLAlchemyError as error:
            # the first line names the fault; the URL may hold a password
            raise GradingError(
                f"{self.root}: the gradebook cannot be opened: {str(error).splitlines()[0]}; "
                "is CourseDirectory.db_url in nbgrader_config.py right?"
            ) from None

    def with_folders(self, **steps: str) -> CourseDirectory:
        """The course directory with other folders for some steps."""
        from nbgrader.coursedir import CourseDirectory

        folders = {f"{step}_directory": folder for step, folder in steps.items()}
        return CourseDirectory(config=self.config, **folders)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep a second run out of this course directory."""
        self.own.mkdir(mode=0o700, exist_ok=True)
        busy = BusyError(f"{self.root}: another run is at work here; wait for its end")
        with locked(self.own / "lock", busy):
            yield

    def staging(self, name: str) -> AbstractContextManager[Path]:
        """An empty folder for what is not finished yet, gone afterwards."""
        return temporary_folder(self.own / name)


def file_to_write(path: str | Path) -> Path:
    """Check where somebody wants a file written.

    Raises
    ------
    GradingError
        If it cannot be there.
    """
    path = Path(path)
    if not path.resolve().parent.is_dir():
        raise GradingError(f"{path}: its folder does not exist; make it, or choose another")
    if path.is_dir():
        raise GradingError(f"{path}: is a folder; give the name of a file")
    return path


def catalogue_path(root: Path, assignment: str) -> Path:
    """Where a course directory keeps what is known of an assignment's exercises."""
    return root / OWN_FOLDER / "catalogue" / f"{assignment}.json"


def open_directory(directory: str | Path) -> Opened:
    """Read a course directory's settings.

    Raises
    ------
    GradingError
        If it is not a course directory, or its settings cannot be read.
    """
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    prepare_environment()
    root = Path(directory).resolve()
    if not (root / CONFIG_NAME).is_file():
        raise GradingError(
            f"{directory}: is not a course directory (it has no {CONFIG_NAME}); "
            "make one with 'rnncourse release'"
        )
    _quieten_nbgrader()
    try:
        config = PyFileConfigLoader(CONFIG_NAME, path=str(root)).load_config()
    except Exception as error:
        raise GradingError(
            f"{directory}/{CONFIG_NAME}: {type(error).__name__}: {error}; mend the file"
        ) from None
    config.CourseDirectory.root = str(root)
    return Opened(root, config, CourseDirectory(config=config))


def _quieten_nbgrader() -> None:
    """Drop nbgrader's log lines: what matters in them stands in our verdicts.

    It warns, for one, of every honest submission whose tests have a hidden part.
    """
    import warnings

    from sqlalchemy.exc import SAWarning

    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)


def prepare(
    course: Course,
    directory: str | Path,
    assignment: str | None = None,
    report: Callable[[str], None] = print,
) -> Path:
    """Make or update a course directory: settings, graded sources, releases, gradebook.

    Nothing that an instructor put there is removed, and what is up to date is not touched.

    Parameters
    ----------
    course
        The course, with its solutions.
    directory
        The course directory.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.
    report
        Called with a line of text for each assignment that changed.

    Returns
    -------
    The course directory.

    Raises
    ------
    GradingError
        If the folder is no place for marks, the checkout has no solutions, or nbgrader
        refuses an assignment.
    """
    import nbformat

    from rnncourse.course.assemble import Publication, graded_notebook
    from rnncourse.course.plain import plain_context

    root = Path(directory).resolve()
    if "_build" in root.parts:
        raise GradingError(
            f"{directory}: lies below _build/, which may be deleted at any time; "
            "choose another folder"
        )
    if not course.has_solutions:
        raise GradingError(
            f"{course.root}: has no solutions/, so there is nothing to grade with; "
            "use the instructors' repository"
        )
    chapters = list(course) if assignment is None else [course[assignment]]
    root.mkdir(parents=True, exist_ok=True)
    if not (root / CONFIG_NAME).exists():
        write_atomically(root / CONFIG_NAME, _CONFIG_TEXT)
    opened = open_directory(root)
    context, publication = plain_context(course.root), Publication.read(course.root)
    with opened.lock():
        known = _known_assignments(opened)
        for chapter in chapters:
            notebook = graded_notebook(chapter, context, publication)
            source = opened.source(chapter.name)
            old = source.read_bytes() if source.is_file() else None
            changed = write_atomically(source, nbformat.writes(notebook) + "\n")
            if changed or chapter.name not in known or not _release_of(opened, chapter).is_file():
                try:
                    _release(opened, chapter.name)
                except GradingError:
                    # the next run must not take the refused source for the released one
                    if old is not None:
                        write_atomically(source, old)
                    elif changed:
                        source.unlink()
                    raise
                report(f"prepared {chapter.name}")
            # it holds answers
            write_atomically(opened.catalogue(chapter.name), _catalogue(chapter), mode=0o600)
    return root


def _catalogue(chapter: Chapter) -> str:
    """The answers to the exercises and their misconceptions, for the judge's diagnosis."""
    from rnncourse.course.judging import known_of

    catalogue = {name: asdict(known) for name, known in known_of(chapter).items()}
    return json.dumps(catalogue, indent=1, ensure_ascii=False) + "\n"


def _known_assignments(opened: Opened) -> set[str]:
    with opened.gradebook() as gradebook:
        return {assignment.name for assignment in gradebook.assignments}


def _release_of(opened: Opened, chapter: Chapter) -> Path:
    return opened.path("release", ".", chapter.name) / f"{chapter.name}.ipynb"


def _release(opened: Opened, assignment: str) -> None:
    """Run nbgrader's generate_assignment, which records the cells and writes the release."""
    from nbgrader.converters import GenerateAssignment

    release = opened.path("release", ".", assignment)
    # into a folder of its own: nbgrader would first remove all that lies in release/
    courses = opened.with_folders(release=f"{OWN_FOLDER}/release")
    courses.assignment_id = assignment
    with opened.staging("release") as staged:
        converter = GenerateAssignment(coursedir=courses, config=opened.config)
        converter.log.addFilter(collected := _Collect())
        converter.log.setLevel(logging.ERROR)
        try:
            converter.start()
        except Exception as error:
            tracebacks = [text for text in collected.errors if "Traceback" in text]
            fault = (tracebacks or collected.errors or [str(error)])[-1].strip().splitlines()[-1]
            raise GradingError(
                f"{opened.source(assignment)}: nbgrader refuses it: {fault}; "
                "mend the chapter, or use a new course directory"
            ) from None
        finally:
            converter.log.removeFilter(collected)
            converter.log.setLevel(logging.CRITICAL)
        made = staged / assignment
        for path in made.rglob("*"):
            if path.is_file():
                write_atomically(release / path.relative_to(made), path.read_bytes())


class _Collect(logging.Filter):
    """Keeps what nbgrader logs before it gives up; its exception says only "see above"."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.ERROR:
            self.errors.append(record.getMessage())
        return True
