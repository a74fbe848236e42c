"""One connection to nbgrader's gradebook for a whole run, and one transaction a submission.

Every step of nbgrader's opens the gradebook anew: a connection, a look at all tables, an empty
cache of statements, a dozen times a submission. And it commits after every cell. Within
`one_gradebook` all of them share one connection, and a submission's rows are written together
or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import event, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from rnncourse.grading.directory import Opened

#: nbgrader's own steps know the course by this name, whatever it is called.
_NBGRADERS_COURSE = "default_course"

#: How long SQLite waits for the formgrader to finish writing.
_BUSY_SECONDS = 60


class _Session(Session):
    """A session whose commits wait for the end of the transaction."""

    def commit(self) -> None:
        self.flush()

    def commit_all(self) -> None:
        super().commit()


class _Rows:
    """All grades, or comments, of one submission; nbgrader asks for one after the other."""

    def __init__(self, gradebook: Gradebook, kind: Any, find_one: Callable[..., Any]) -> None:
        self._gradebook, self._kind, self._find_one = gradebook, kind, find_one
        self.forget()

    def forget(self) -> None:
        """Ask again the next time."""
        self._submission: tuple[str, ...] = ()
        self._found: dict[str, Any] = {}

    def find(self, cell: str, *submission: str) -> Any:
        """What nbgrader's own method of the gradebook finds."""
        if submission != self._submission:
            self._submission = submission
            self._found = dict(self._gradebook.db.execute(self._query(*submission)).all())
        return self._found[cell] if cell in self._found else self._find_one(cell, *submission)

    def _query(self, notebook: str, assignment: str, student: str) -> Any:
        kind = self._kind
        return (
            select(BaseCell.name, kind)
            .join(kind, BaseCell.id == kind.cell_id)
            .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(
                SubmittedAssignment.student_id == student,
                Assignment.name == assignment,
                Notebook.name == notebook,
            )
        )


class OneGradebook:
    """The gradebook that all steps share."""

    def __init__(self, gradebook: Gradebook) -> None:
        self._gradebook = gradebook
        self._session = gradebook.db
        self._rows = (
            _Rows(gradebook, Grade, gradebook.find_grade),
            _Rows(gradebook, Comment, gradebook.find_comment),
        )
        gradebook.find_grade, gradebook.find_comment = (rows.find for rows in self._rows)

    def forget(self) -> None:
        """Let the next step read anew, as with a gradebook of its own."""
        self._session.flush()
        self._session.expire_all()
        for rows in self._rows:
            rows.forget()

    @contextmanager
    def transaction(self) -> Iterator[Gradebook]:
        """Write what is written within together; an exception undoes it."""
        session = self._session()
        try:
            yield self._gradebook
            session.commit_all()
        except BaseException:
            session.rollback()
            raise
        finally:
            # nothing stays open while the coordinator waits
            self._session.remove()
            for rows in self._rows:
                rows.forget()


@contextmanager
def one_gradebook(opened: Opened) -> Iterator[OneGradebook]:
    """Let every ``Gradebook(url)`` of this process be the same one until the block ends.

    Raises
    ------
    GradingError
        If the database cannot be reached.
    """
    shared = opened.gradebook()
    shared.check_course(_NBGRADERS_COURSE)
    shared.db.remove()
    url, engine = opened.courses.db_url, shared.engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _be_patient)
        engine.dispose()
    shared.db = scoped_session(sessionmaker(bind=engine, future=True, class_=_Session))
    one = OneGradebook(shared)
    thread = get_ident()
    original = Gradebook.__init__, Gradebook.close

    def init(self: Gradebook, db_url: str, *arguments: Any, **options: Any) -> None:
        # another thread knows nothing of our transactions
        if db_url == url and get_ident() == thread:
            self.__dict__.update(shared.__dict__)
        else:
            original[0](self, db_url, *arguments, **options)

    def close(self: Gradebook) -> None:
        if self.engine is engine:
            one.forget()
        else:
            original[1](self)

    Gradebook.__init__, Gradebook.close = init, close
    try:
        yield one
    finally:
        Gradebook.__init__, Gradebook.close = original
        shared.close()


def _be_patient(connection: Any, _: Any) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
