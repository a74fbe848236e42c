"""What `rnncourse grade` prints when it is done."""

from io import StringIO

from rich.console import Console

from rnncourse.grading.reporting import LONG, OK, Mark, Report, Row


def _row(number: int, state="graded", verdict=OK) -> Row:
    marks = {"step": Mark(1, 2)}
    return Row(f"student_{number:03}", "02_rnn_cell", state, verdict, marks, 1, 2)


def _printed(report: Report) -> str:
    console = Console(width=160, record=True, file=StringIO())
    console.print(report.table())
    return console.export_text()


def test_does_the_table_of_a_small_class_list_everybody():
    text = _printed(Report(tuple(_row(number) for number in range(LONG))))
    assert all(f"student_{number:03}" in text for number in range(LONG))
    assert "not listed" not in text


def test_does_the_table_of_a_large_class_list_only_what_needs_a_look():
    rows = [_row(number) for number in range(300)]
    rows[7] = _row(7, verdict="a test was deleted; it was put back")
    rows[9] = _row(9, "not graded", "the file is not a notebook; ask for another one")
    text = _printed(Report(tuple(rows)))
    assert "student_007" in text
    assert "student_009" in text
    assert "student_008" not in text
    assert "298 with nothing to say are not listed; 'rnncourse report' shows all" in text
    assert "299 graded, 0 unchanged, 1 not graded" in text
