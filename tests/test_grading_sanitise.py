"""What students do to notebooks, and how it is undone before they run."""

import copy
import json

import nbformat
import pytest
from grading_class import ASSIGNMENT, RIGHT, cell_of, notebook_of, prepared_directory

from rnncourse.grading.sanitise import (
    Refusal,
    is_demonstration,
    mend,
    read_submission,
    released_cells,
)

pytestmark = pytest.mark.xdist_group("grading")


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return prepared_directory(tmp_path_factory)


@pytest.fixture(scope="module")
def released(directory):
    return released_cells(directory / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


@pytest.fixture
def notebook(directory):
    return notebook_of(directory, RIGHT)


def ids(notebook):
    return [
        cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata
    ]


def test_is_an_honest_notebook_left_as_it_is(notebook, released):
    mended, notes = mend(notebook, released)
    assert notes == []
    assert [cell.source for cell in mended.cells] == [cell.source for cell in notebook.cells]
    assert ids(mended) == list(released)


def test_do_the_released_cells_hold_no_hidden_test_and_no_answer(released):
    text = json.dumps(released)
    assert "_hidden" not in text
    assert "doubled_array" not in text
    assert released["double"].source.endswith("    raise NotImplementedError")


def test_is_a_copied_test_cell_dropped(notebook, released):
    place = notebook.cells.index(cell_of(notebook, "test-double"))
    notebook.cells.insert(place, copy.deepcopy(notebook.cells[place]))
    mended, notes = mend(notebook, released)
    assert ids(mended) == list(released)
    assert notes == ["a copy of the cell 'test-double' was dropped"]


def test_is_an_answer_preferred_to_a_later_copy_of_the_stub(notebook, released):
    notebook.cells.append(copy.deepcopy(released["double"]))
    mended, _ = mend(notebook, released)
    assert cell_of(mended, "double").source == RIGHT["double"]
    assert sum("def double" in cell.source for cell in mended.cells) == 1


def test_does_an_earlier_version_of_an_answer_still_run(notebook, released):
    first_try = copy.deepcopy(cell_of(notebook, "double"))
    first_try.source = "def double(x):\n    return x"
    notebook.cells.insert(2, first_try)
    mended, notes = mend(notebook, released)
    assert cell_of(mended, "double").source == RIGHT["double"]
    assert any(cell.source == first_try.source for cell in mended.cells)
    assert notes == ["a changed copy of the cell 'double' runs but is not graded"]


@pytest.mark.parametrize("grade_id", ["package", "test-double", "test-quadruple", "why_double"])
def test_is_a_deleted_cell_put_back_where_it_was(notebook, released, grade_id):
    notebook.cells.remove(cell_of(notebook, grade_id))
    mended, notes = mend(notebook, released)
    assert ids(mended) == list(released)
    assert notes == [f"the deleted cell '{grade_id}' was put back"]


def test_does_a_test_come_after_an_answer_that_moved_to_a_cell_of_its_own(notebook, released):
    for grade_id in ("double", "test-double"):
        notebook.cells.remove(cell_of(notebook, grade_id))
    place = notebook.cells.index(cell_of(notebook, "quadruple"))
    notebook.cells.insert(place, nbformat.v4.new_code_cell(RIGHT["double"]))
    mended, _ = mend(notebook, released)
    sources = [cell.source for cell in mended.cells]
    assert sources.index(RIGHT["double"]) < sources.index(released["test-double"].source)


def test_is_an_edited_test_reported_and_restored(notebook, released):
    cell_of(notebook, "test-double").source = "pass"
    mended, notes = mend(notebook, released)
    assert cell_of(mended, "test-double").source == released["test-double"].source
    assert notes == ["the cell 'test-double' had been edited: the original was used"]


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: cell.metadata.nbgrader.update(points=100),
        lambda cell: cell.metadata.nbgrader.update(schema_version=1),
        lambda cell: cell.metadata.nbgrader.update(grade=False, locked=False),
        lambda cell: cell.metadata.nbgrader.update(extra="x"),
        lambda cell: cell.metadata.update(tags=["demonstration", "skip-execution"]),
        lambda cell: cell.update(cell_type="markdown"),
    ],
    ids=["points", "old schema", "flags", "unknown key", "tags", "type"],
)
def test_is_every_change_of_a_test_cells_metadata_undone(notebook, released, change):
    change(cell_of(notebook, "test-double"))
    mended, _ = mend(notebook, released)
    cell = cell_of(mended, "test-double")
    assert cell.metadata == released["test-double"].metadata
    assert cell.cell_type == "code"
    assert not is_demonstration(cell)


def test_is_a_foreign_grade_id_ignored(notebook, released):
    own = nbformat.v4.new_code_cell("1 + 1")
    own.metadata["nbgrader"] = {"grade_id": "bonus", "grade": True, "points": 50}
    notebook.cells.append(own)
    mended, _ = mend(notebook, released)
    assert ids(mended) == list(released)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"cells": [', "not JSON from line 1"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[]", "not a notebook"),
        (b'{"nbformat": 4}', "not a notebook"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "heading"}]}', "not a notebook"),
        (b'{"nbformat": 4, "cells": [7]}', "not a notebook"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_does_a_broken_file_say_what_is_wrong_and_what_to_do(tmp_path, content, fault):
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=fault) as caught:
        read_submission(path)
    assert "ask for the notebook again" in str(caught.value)


def test_is_an_odd_but_readable_notebook_read(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": None, "outputs": 5},
        {"cell_type": "code", "source": "c", "metadata": {"tags": "setup"}, "id": "same"},
        {"cell_type": "markdown", "source": "d", "metadata": {"nbgrader": 3}, "id": "same"},
    ]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}), encoding="utf-8-sig")
    mended, _ = mend(read_submission(path), {})
    nbformat.validate(mended)
    assert [cell.source for cell in mended.cells] == ["a = 1\nb = 2", "c", "d"]
    assert len({cell.id for cell in mended.cells}) == 3


def test_is_a_notebook_in_the_format_of_2013_read(tmp_path):
    code = {"cell_type": "code", "language": "python", "input": ["x = 1"], "outputs": []}
    worksheets = [{"cells": [code | {"collapsed": False, "metadata": {}}], "metadata": {}}]
    path = tmp_path / "x.ipynb"
    path.write_text(
        json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": worksheets})
    )
    assert [cell.source for cell in read_submission(path).cells] == ["x = 1"]
