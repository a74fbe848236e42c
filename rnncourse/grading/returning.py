"""Give students their marks back: one HTML page a submission, by nbgrader's own machinery.

What a page looks like is in ``page``, what makes it safe in ``markup`` and ``secrecy``. Here
pages are made one by one, so that one that must not be written is in nobody else's way, and
put in place as a whole.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.writers import FilesWriter
from nbgrader.converters import GenerateFeedback

from rnncourse.files import write_atomically
from rnncourse.grading.directory import OWN_FOLDER, GradingError, Opened, open_directory
from rnncourse.grading.reporting import Progress, read_marks

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

_STAGING = "feedback"

#: Goes up when the pages themselves change, so that they are written again.
_PAGE_VERSION = 2


@dataclass(frozen=True)
class Returned:
    """What became of the pages.

    Parameters
    ----------
    pages
        The pages that are there now, those included that were up to date.
    refused
        A sentence for each that could not be written.
    """

    pages: tuple[Path, ...]
    refused: tuple[str, ...]


def feedback(
    directory: str | Path,
    assignment: str | None = None,
    report: Callable[[str], None] = print,
) -> Returned:
    """Write a page for every graded submission into ``feedback/``.

    A page is written again if the graded notebook, a mark or a comment has changed. One that
    must not be written is removed if there is an old one: it may show what it must not.

    Parameters
    ----------
    directory
        The course directory.
    assignment
        A chapter such as ``02_rnn_cell``; default: all.
    report
        Called with a line about progress, and about each page that was not written.

    Raises
    ------
    GradingError
        If it is no course directory, has no such assignment, or another run is at work.
    """
    opened = open_directory(directory)
    assignment = opened.require(assignment)
    pairs = [
        pair
        for pair in opened.submissions("autograded")
        if assignment in (None, pair[1]) and pair[1] in opened.assignments()
    ]
    if not pairs:
        raise GradingError(f"{directory}: nothing is graded yet; run 'rnncourse grade' first")
    converter = _Feedback(
        coursedir=opened.with_folders(feedback=f"{OWN_FOLDER}/{_STAGING}"), config=opened.config
    )
    pages: list[Path] = []
    refused: list[str] = []
    with (
        opened.lock(),
        opened.staging(_STAGING) as staging,
        opened.gradebook() as gradebook,
        Progress("feedback", len(pairs), report) as progress,
    ):
        record = _Record(opened, gradebook)
        for student, name in sorted(pairs, key=lambda pair: pair[::-1]):
            place = opened.path("feedback", student, name)
            key = record.key(student, name)
            if record.is_current(student, name, key):
                pages.append(place / f"{name}.html")
                progress.advance("unchanged")
                continue
            try:
                if key is None:
                    raise LookupError("it is not graded to its end; run 'rnncourse grade' again")
                page = converter.write(student, name)
            except Exception as error:
                reason = (str(error).splitlines() or [type(error).__name__])[0][:300]
                refused.append(f"{student}: {name}: no feedback: {reason}")
                report(refused[-1])
                progress.advance("not written")
                _clear(place, staging)
                continue
            _clear(place, staging)
            place.parent.mkdir(parents=True, exist_ok=True)
            page.parent.rename(place)
            record.add(student, name, key)
            pages.append(place / page.name)
            progress.advance("written")
    return Returned(tuple(pages), tuple(refused))


def _clear(place: Path, staging: Path) -> None:
    """Take away what is in a place, at once; the staging folder is removed in the end."""
    if place.exists():
        place.rename(staging / f"old-{time.monotonic_ns()}")


class _Record:
    """Remembers what each page was made from."""

    def __init__(self, opened: Opened, gradebook: Gradebook) -> None:
        self._opened = opened
        self._gradebook = gradebook
        self._path = opened.own / "feedback.json"
        self._keys: dict[str, str] = {}
        if self._path.is_file():
            self._keys = json.loads(self._path.read_text(encoding="utf-8"))

    def key(self, student: str, assignment: str) -> str | None:
        """Hash what the page shows; None if the submission has no marks."""
        marks = read_marks(self._gradebook, student, assignment)
        if marks is None:
            return None
        notebook = self._gradebook.find_submission_notebook(assignment, assignment, student)
        comments = sorted((c.name, c.auto_comment, c.manual_comment) for c in notebook.comments)
        shown = (_PAGE_VERSION, marks, comments, notebook.late_submission_penalty)
        graded = self._opened.path("autograded", student, assignment) / f"{assignment}.ipynb"
        digest = hashlib.sha256(repr(shown).encode())
        if not graded.is_file():
            return None
        for path in (graded, self._opened.source(assignment)):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def is_current(self, student: str, assignment: str, key: str | None) -> bool:
        """Tell whether the page is there and shows what it should."""
        page = self._opened.path("feedback", student, assignment) / f"{assignment}.html"
        return (
            key is not None and self._keys.get(f"{student}/{assignment}") == key and page.is_file()
        )

    def add(self, student: str, assignment: str, key: str) -> None:
        """Note that a page was written."""
        self._keys[f"{student}/{assignment}"] = key
        write_atomically(self._path, json.dumps(self._keys, indent=1, sort_keys=True) + "\n")


class _Feedback(GenerateFeedback):
    """nbgrader's generate_feedback, one submission at a time."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        for preprocessor in self.preprocessors:
            self.exporter.register_preprocessor(preprocessor)

    def write(self, student: str, assignment: str) -> Path:
        """Write the page and the files beside it; returns the page."""
        folder = Path(self._format_source(assignment, student))
        path = folder / f"{assignment}.ipynb"
        self.notebooks = [str(path)]
        self.init_assignment(assignment, student)
        self.convert_single_notebook(str(path))
        self.set_permissions(assignment, student)
        return Path(self._format_dest(assignment, student)) / f"{assignment}.html"
