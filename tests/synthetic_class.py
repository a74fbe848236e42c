"""A class of any size, written straight into a gradebook and a journal: nothing is run."""

from __future__ import annotations

import json
import random
from pathlib import Path

from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook

from rnncourse.grading.directory import open_directory

#: What a hostile or careless student can put into names and messages.
SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd|'/c calc'!A1"

_HINTS = (
    "Squaring and doubling agree at two only.",
    "The hidden state meets W_h and the input meets W_x; here they are swapped.",
)
_MESSAGES = (
    ("double(x)[0] is 1.0, expected 2.0. Is each element doubled?", "values differ"),
    ("TypeError: unsupported operand type(s) for *: 'int' and 'NoneType'", "TypeError"),
    ("the shape is (3, 1), expected (3,)", "shape (n, 1)"),
)


def write_synthetic_class(
    directory: Path, students: int = 1000, seed: int = 0, assignments: tuple[str, ...] = ()
) -> None:
    """Give students marks that depend on how able they are, so that exercises discriminate.

    Every 50th is refused, every 40th is flagged. Student 7's name is a script, 8's a formula.
    """
    opened = open_directory(directory)
    names = assignments or tuple(opened.assignments())
    random_numbers = random.Random(seed)
    people = [_name(n) for n in range(students)]
    able = {person: random_numbers.gauss(0, 1) for person in people}
    lines = []
    with opened.gradebook() as gradebook, gradebook.db.no_autoflush:
        known = {student.id: student for student in gradebook.students}
        rows = {p: known.get(p) or Student(id=p, lms_user_id=str(n)) for n, p in enumerate(people)}
        for name in names:
            assignment = gradebook.find_assignment(name)
            notebook = assignment.notebooks[0]
            cells = notebook.grade_cells
            for n, person in enumerate(people):
                entry = _entry(
                    random_numbers, person, name, refused=n % 50 == 49, flagged=n % 40 == 9
                )
                lines.append(entry)
                if not entry["graded"]:
                    opened.path("submitted", f"student_{n:04}", name).mkdir(parents=True)
                    continue
                submitted = SubmittedAssignment(assignment=assignment, student=rows[person])
                own = SubmittedNotebook(notebook=notebook, assignment=submitted)
                gradebook.db.add(own)
                for number, cell in enumerate(cells):
                    grade = Grade(cell=cell, notebook=own, needs_manual_grade=False)
                    gradebook.db.add(grade)
                    if cell.cell_type == "markdown":
                        grade.needs_manual_grade = n % 3 > 0
                        grade.manual_score = None if n % 3 else cell.max_score
                    else:
                        hard = -1.2 + 1.8 * number / len(cells)
                        right = able[person] + random_numbers.gauss(0, 0.8) > hard
                        share = 1.0 if right else random_numbers.choice((0, 0, 0, 0.5))
                        grade.auto_score = share * cell.max_score
                        result = _result(random_numbers, share)
                        entry["results"][cell.name.removeprefix("test-")] = result
        gradebook.db.commit()
    (directory / ".rnncourse").mkdir(exist_ok=True)
    journal = directory / ".rnncourse" / "journal.jsonl"
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _name(n: int) -> str:
    return {7: SCRIPT.replace("/", "∕"), 8: FORMULA.replace("/", "∕")}.get(n, f"student_{n:04}")


def _entry(random_numbers, person, assignment, refused, flagged):
    seconds = random_numbers.lognormvariate(0.3, 0.5)
    return {
        "student": person,
        "assignment": assignment,
        "key": "0" * 64,
        "graded": not refused,
        "verdict": f"{assignment}.ipynb is broken: {SCRIPT}; ask for it again" if refused else "ok",
        "seconds": seconds,
        "cpu_seconds": 0.8 * seconds,
        "memory_bytes": int(random_numbers.lognormvariate(18, 0.3)),
        "sandbox": "bubblewrap",
        "flags": [f"A cell starts a process: {SCRIPT}"] if flagged else [],
        "results": {},
    }


def _result(random_numbers, share):
    empty = {"share": share, "message": "", "misconception": "", "behaviour": "", "error": ""}
    if share == 1:
        return empty
    kind = random_numbers.random()
    message, behaviour = random_numbers.choice(_MESSAGES)
    failed = empty | {"message": message, "behaviour": behaviour, "error": "CheckFailure"}
    if kind < 0.2 and share == 0:
        return empty | {"error": "NotImplementedError", "behaviour": "not started"}
    if kind < 0.6:
        return failed | {"misconception": random_numbers.choice(_HINTS)}
    return failed
