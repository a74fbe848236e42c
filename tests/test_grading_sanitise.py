"""What students do to notebooks, and how it is undone before they run."""

import copy
import json
import shutil
from types import SimpleNamespace

import nbformat
import pytest
from grading_class import ASSIGNMENT, RIGHT, cell_of, notebook_of, prepared_directory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnncourse.grading import sanitise
from rnncourse.grading.sanitise import (
    FLAGGED,
    MENDED,
    MendCells,
    Refusal,
    grade_ids_in,
    is_demonstration,
    mend,
    read_submission,
    released_cells,
)

pytestmark = pytest.mark.xdist_group("grading")

NAME = f"{ASSIGNMENT}.ipynb"
FUZZ = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return prepared_directory(tmp_path_factory)


@pytest.fixture(scope="module")
def released(directory):
    return released_cells(directory / "source" / ASSIGNMENT / NAME)


@pytest.fixture
def notebook(directory):
    return notebook_of(directory, RIGHT)


def ids(notebook):
    return [
        cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata
    ]


def read(content, **changes):
    """Read a notebook that is given as text, bytes or as a dictionary."""
    if isinstance(content, dict):
        content = json.dumps(content | changes)
    return read_submission(NAME, content if isinstance(content, bytes) else content.encode())


def is_a_verdict(refusal):
    """Check that it is one line that a terminal shows as it is, with a mend."""
    assert str(refusal).isprintable()
    assert ";" in str(refusal)


def is_as_released(notebook, released):
    """Check that every graded cell is there once, in order, with all that nbgrader trusts."""
    nbformat.validate(notebook, relax_add_props=False)
    found = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    # a code stub that was deleted is an answer that moved elsewhere
    optional = {name for name, c in released.items() if not c.metadata.nbgrader.locked}
    optional -= {name for name, c in released.items() if c.metadata.nbgrader.grade}
    names = [cell.metadata.nbgrader.grade_id for cell in found]
    assert [name for name in released if name in names or name not in optional] == names
    for cell in found:
        ours = released[cell.metadata.nbgrader.grade_id]
        assert cell.metadata == ours.metadata
        assert cell.cell_type == ours.cell_type
        assert ours.metadata.nbgrader.solution or cell.source == ours.source
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"} or cell in found
        cell.source.encode()
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    return True


def test_is_an_honest_notebook_left_as_it_is(notebook, released):
    mended = mend(notebook, released)
    assert (mended.notes, mended.flags) == ([], [])
    assert [cell.source for cell in mended.notebook.cells] == [c.source for c in notebook.cells]
    assert ids(mended.notebook) == list(released)
    assert is_as_released(mended.notebook, released)


def test_are_demonstrations_still_known_after_reading_and_mending(notebook, released):
    before = [is_demonstration(cell) for cell in notebook.cells]
    mended = mend(read(nbformat.writes(notebook)).notebook, released).notebook
    assert [is_demonstration(cell) for cell in mended.cells] == before
    assert any(before)


def test_does_the_notebook_that_came_in_stay_as_it_was(notebook, released):
    notebook.cells.append(copy.deepcopy(notebook.cells[3]))
    before = copy.deepcopy(notebook)
    mend(notebook, released)
    assert notebook == before


def test_do_the_released_cells_hold_no_hidden_test_and_no_answer(released):
    text = json.dumps(released)
    assert "_hidden" not in text
    assert "doubled_array" not in text
    assert released["double"].source.endswith("    raise NotImplementedError")


def test_is_a_copied_test_cell_dropped(notebook, released):
    place = notebook.cells.index(cell_of(notebook, "test-double"))
    notebook.cells.insert(place, copy.deepcopy(notebook.cells[place]))
    mended = mend(notebook, released)
    assert ids(mended.notebook) == list(released)
    assert mended.notes == ["a copy of the cell 'test-double' was dropped"]


def test_is_an_answer_preferred_to_a_later_copy_of_the_stub(notebook, released):
    notebook.cells.append(copy.deepcopy(released["double"]))
    mended = mend(notebook, released).notebook
    assert cell_of(mended, "double").source == RIGHT["double"]
    assert sum("def double" in cell.source for cell in mended.cells) == 1


def test_does_an_earlier_version_of_an_answer_still_run(notebook, released):
    first_try = copy.deepcopy(cell_of(notebook, "double"))
    first_try.source = "def double(x):\n    return x"
    notebook.cells.insert(2, first_try)
    mended = mend(notebook, released)
    assert cell_of(mended.notebook, "double").source == RIGHT["double"]
    assert any(cell.source == first_try.source for cell in mended.notebook.cells)
    assert mended.notes == ["a changed copy of the cell 'double' runs but is not graded"]


def test_does_a_students_cell_with_the_id_of_a_locked_one_keep_its_text(notebook, released):
    own = nbformat.v4.new_code_cell("helper = 3", metadata=cell_of(notebook, "package").metadata)
    notebook.cells.append(own)
    mended = mend(notebook, released).notebook
    assert any(cell.source == "helper = 3" for cell in mended.cells)
    assert is_as_released(mended, released)


@pytest.mark.parametrize("grade_id", ["package", "test-double", "test-quadruple", "why_double"])
def test_is_a_deleted_cell_put_back_where_it_was(notebook, released, grade_id):
    notebook.cells.remove(cell_of(notebook, grade_id))
    mended = mend(notebook, released)
    assert ids(mended.notebook) == list(released)
    assert mended.notes == [f"the deleted cell '{grade_id}' was put back"]


def test_does_a_test_come_after_an_answer_that_moved_to_a_cell_of_its_own(notebook, released):
    for grade_id in ("double", "test-double"):
        notebook.cells.remove(cell_of(notebook, grade_id))
    place = notebook.cells.index(cell_of(notebook, "quadruple"))
    notebook.cells.insert(place, nbformat.v4.new_code_cell(RIGHT["double"]))
    mended = mend(notebook, released).notebook
    sources = [cell.source for cell in mended.cells]
    assert sources.index(RIGHT["double"]) < sources.index(released["test-double"].source)


def test_are_moved_cells_put_back_in_order(notebook, released):
    place = [notebook.cells.index(cell_of(notebook, n)) for n in ("double", "test-double")]
    notebook.cells[place[0]], notebook.cells[place[1]] = (
        notebook.cells[place[1]],
        notebook.cells[place[0]],
    )
    mended = mend(notebook, released)
    assert is_as_released(mended.notebook, released)
    assert cell_of(mended.notebook, "double").source == RIGHT["double"]
    assert mended.notes == [
        "graded cells stood in another order (the first of them 'double'): put back"
    ]


def test_is_a_notebook_turned_upside_down_put_back(notebook, released):
    notebook.cells.reverse()
    assert is_as_released(mend(notebook, released).notebook, released)


def test_is_an_edited_test_flagged_and_restored(notebook, released):
    cell_of(notebook, "test-double").source = "pass"
    mended = mend(notebook, released)
    assert cell_of(mended.notebook, "test-double").source == released["test-double"].source
    assert mended.flags == ["the cell 'test-double' had been edited: the original was used"]


def test_is_an_edited_setup_cell_no_reason_to_suspect_anybody(notebook, released):
    cell_of(notebook, "package").source += "\nimport math"
    mended = mend(notebook, released)
    assert mended.notes == ["the cell 'package' had been edited: the original was used"]
    assert mended.flags == []


def test_are_other_ends_of_lines_no_edit(notebook, released):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", " \r\n") + "\n"
    mended = mend(notebook, released)
    assert (mended.notes, mended.flags) == ([], [])
    assert is_as_released(mended.notebook, released)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda cell: cell.metadata.nbgrader.update(points=100), "flag"),
        (lambda cell: cell.metadata.nbgrader.update(points="a\nb"), "flag"),
        (lambda cell: cell.metadata.nbgrader.update(grade=False, locked=False), "flag"),
        (lambda cell: cell.metadata.nbgrader.update(solution=True), "flag"),
        (lambda cell: cell.metadata.nbgrader.update(schema_version=1), "note"),
        (lambda cell: cell.metadata.nbgrader.update(schema_version=99), "note"),
        (lambda cell: cell.metadata.nbgrader.pop("schema_version"), "note"),
        (lambda cell: cell.metadata.update(tags=["demonstration", "skip-execution"]), "note"),
        (lambda cell: cell.update(cell_type="markdown"), "note"),
        (lambda cell: cell.update(cell_type="raw"), "note"),
        (lambda cell: cell.metadata.update(nbgrader="forged"), "note"),
        (lambda cell: cell.metadata.nbgrader.update(grade_id=["test-double"]), "note"),
        (lambda cell: cell.update(metadata=7), "note"),
        (lambda cell: cell.metadata.nbgrader.update(extra="x", points=2.0), "nothing"),
        (lambda cell: cell.update(id="!!", outputs={"a": 1}, execution_count="x"), "nothing"),
    ],
)
def test_is_every_change_of_a_test_cell_undone_and_told(notebook, released, change, told):
    change(cell_of(notebook, "test-double"))
    mended = mend(notebook, released)
    assert is_as_released(mended.notebook, released)
    assert bool(mended.notes) == (told == "note")
    assert bool(mended.flags) == (told == "flag")
    assert "\n" not in "".join([*mended.notes, *mended.flags])


def test_does_a_foreign_grade_id_count_nothing(notebook, released):
    own = nbformat.v4.new_code_cell("1 + 1")
    own.metadata["nbgrader"] = {"grade_id": "bonus", "grade": True, "points": 50}
    notebook.cells.append(own)
    mended = mend(notebook, released)
    assert ids(mended.notebook) == list(released)
    assert "'bonus'" in mended.flags[0]
    assert "counts nothing" in mended.flags[0]


def test_do_a_students_own_cells_say_nothing_to_nbgrader_nor_to_us(notebook, released):
    own = nbformat.v4.new_code_cell("1 + 1")
    own.metadata.update(tags=["setup", "demonstration"], exercise="double", editable=False)
    notebook.cells.append(own)
    mended = mend(notebook, released).notebook
    assert mended.cells[-1].metadata == {"tags": ["demonstration"]}


def test_is_another_language_told_and_undone(notebook, released):
    notebook.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    notebook.metadata.language_info = {"name": ["x"]}
    mended = mend(read(nbformat.writes(notebook)).notebook, released)
    assert mended.notes == ["the notebook was set to the language R: it ran as Python"]
    assert mended.notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize("name", ["python3", "conda-env-rnn-py", ".venv"])
def test_is_the_name_of_a_students_environment_no_news(notebook, released, name):
    notebook.metadata.kernelspec.name = name
    assert mend(read(nbformat.writes(notebook)).notebook, released).notes == []


def test_are_many_faults_told_briefly(notebook, released):
    place = cell_of(notebook, "test-double")
    notebook.cells += [copy.deepcopy(place) for _ in range(500)]
    mended = mend(notebook, released)
    assert mended.notes == ["a copy of the cell 'test-double' was dropped (500 times)"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\0" * 100, "is empty"),
        (b'{"cells": [', "not JSON from line 1"),
        (b"<html>", "not JSON from line 1"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"{\x80}", "not text in UTF-8"),
        (b"[]", "not a notebook"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": "4", "cells": []}', "does not say its format"),
        (b'{"nbformat": true, "cells": []}', "does not say its format"),
        (b'{"nbformat": 1e999, "cells": []}', "does not say its format"),
        (b'{"nbformat": 1, "cells": []}', "its format is 1"),
        (b'{"nbformat": 3, "worksheets": [7]}', "of format 3"),
        (b'{"nbformat": 2, "worksheets": [{"cells": [{"cell_type": 5}]}]}', "of format 2"),
        (b'{"nbformat": 4, "cells": {"0": 1}}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "heading"}]}', "cell 1 is of the type"),
        (b'{"nbformat": 4, "cells": [{"cell_type": []}]}', "cell 1 is of the type"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}', "cell 1 has no text"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [7]}]}', "has no text"),
        (b'{"nbformat": 4, "cells": [7]}', "cell 1 is none"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_does_a_broken_file_say_what_is_wrong_and_what_to_do(content, fault):
    with pytest.raises(Refusal, match=fault) as caught:
        read(content)
    assert "ask for the notebook again" in str(caught.value)
    assert str(caught.value).startswith(f"{NAME} ")
    assert str(caught.value).isprintable()


def test_is_a_huge_number_read_at_once(released):
    content = b'{"nbformat": 4, "nbformat_minor": ' + b"9" * 5_000_000 + b', "cells": []}'
    assert is_as_released(mend(read(content).notebook, released).notebook, released)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_is_a_file_of_another_encoding_read(notebook, released, encoding):
    read_back = read(nbformat.writes(notebook).encode(encoding))
    assert is_as_released(mend(read_back.notebook, released).notebook, released)
    assert read_back.notes == (
        [] if encoding == "utf-8-sig" else [f"the file was in {encoding.upper()} instead of UTF-8"]
    )


def test_does_a_key_that_stands_twice_get_a_flag(notebook):
    text = nbformat.writes(notebook).replace('"source":', '"source": "", "source":', 1)
    found = read(text)
    assert found.flags == ["the file says 'source' twice in one place"]
    assert found.notebook.cells[0].source == notebook.cells[0].source


def test_are_characters_replaced_that_no_file_can_hold(released):
    cell = {"cell_type": "code", "source": "a = '\ud800\0'"}
    found = read({"nbformat": 4, "cells": [cell]})
    assert found.notebook.cells[0].source == "a = '\ufffd\ufffd'"
    assert "cell 1 had characters" in found.notes[0]
    found.notebook.cells[0].source.encode()


def test_is_an_odd_but_readable_notebook_read(released):
    cells = [
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": None, "outputs": 5},
        {"cell_type": "code", "source": "c", "metadata": {"tags": "setup"}, "id": "same"},
        {"cell_type": "markdown", "source": "d", "metadata": {"nbgrader": 3}, "id": "same"},
        {"cell_type": "markdown", "source": "e", "attachments": {"a": 1, "b": {"c": "d", "e": 2}}},
        {"cell_type": "raw", "attachments": []},
    ]
    text = json.dumps({"nbformat": 4, "cells": cells, "metadata": [float("nan")]})
    mended = mend(read(text).notebook, {}).notebook
    nbformat.validate(mended)
    assert [cell.source for cell in mended.cells] == ["a = 1\nb = 2", "c", "d", "e", ""]
    assert mended.cells[3].attachments == {"b": {"c": "d"}}
    assert len({cell.id for cell in mended.cells}) == 5


@pytest.mark.parametrize("version", [2, 3])
def test_is_a_notebook_in_an_old_format_read(version):
    code = {"cell_type": "code", "language": "python", "input": ["x = 1"], "outputs": {"bad": 1}}
    if version == 3:
        code |= {"collapsed": False, "metadata": {}}
    content = {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}}
    found = read(content | {"worksheets": [{"cells": [code], "metadata": {}}]})
    assert [cell.source for cell in found.notebook.cells] == ["x = 1"]
    assert found.notes == [f"the notebook was in the old format {version}"]


def test_does_a_notebook_of_a_hundred_thousand_empty_cells_cost_nothing(notebook, released):
    empty = {"cell_type": "code", "source": [], "metadata": {}, "outputs": []}
    content = json.loads(nbformat.writes(notebook))
    content["cells"] += [empty] * 100_000
    mended = mend(read(content).notebook, released).notebook
    assert is_as_released(mended, released)
    assert len(mended.cells) < 100


def test_is_a_notebook_of_too_many_or_too_long_cells_refused():
    cell = {"cell_type": "code", "source": "1"}
    with pytest.raises(Refusal, match="has 2001 cells, where 2000 is the most"):
        read({"nbformat": 4, "cells": [cell] * 2001})
    with pytest.raises(Refusal, match="cell 1 has 1000001 characters of code"):
        read({"nbformat": 4, "cells": [cell | {"source": "x" * 1_000_001}]})


def test_is_a_huge_file_not_parsed(monkeypatch):
    monkeypatch.setattr(sanitise, "MAX_BYTES", 10)
    with pytest.raises(Refusal, match="larger than"):
        read(b"[" * 11)


def test_are_the_ids_of_a_notebook_found(notebook, released):
    assert grade_ids_in(nbformat.writes(notebook).encode()) == set(released)
    assert grade_ids_in(b"no notebook") == set()


def test_does_nbgraders_own_step_tell_notes_and_flags(directory, notebook, caplog):
    from nbgrader.coursedir import CourseDirectory

    command = SimpleNamespace(coursedir=CourseDirectory(root=str(directory)))
    step = MendCells()
    step.parent = None
    step.__dict__["_trait_values"]["parent"] = SimpleNamespace(parent=command)
    cell_of(notebook, "test-double").source = "pass"
    notebook.cells.append(copy.deepcopy(cell_of(notebook, "package")))
    resources = {"nbgrader": {"assignment": ASSIGNMENT, "notebook": ASSIGNMENT}}
    mended, resources = step.preprocess(notebook, resources)
    assert resources[MENDED] == ["a copy of the cell 'package' was dropped"]
    assert resources[FLAGGED] == ["the cell 'test-double' had been edited: the original was used"]
    assert ids(mended)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["test-double", "double", "code", "markdown", "raw", "\ud800", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "nbgrader",
                    "grade_id",
                    "points",
                    "grade",
                    "solution",
                    "locked",
                    "task",
                    "schema_version",
                    "tags",
                    "source",
                    "metadata",
                    "cell_type",
                    "id",
                ]
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def spots(value, path=()):
    """Every place in a JSON value that can be exchanged."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from spots(inner, (*path, key))
        else:
            yield (*path, key)


@pytest.fixture(scope="module")
def gradebook(directory, tmp_path_factory):
    """The address of a gradebook that knows the assignment and a student."""
    from nbgrader.api import Gradebook

    copied = shutil.copy(directory / "gradebook.db", tmp_path_factory.mktemp("gradebook"))
    with Gradebook(f"sqlite:///{copied}", "rnncourse") as opened:
        opened.add_student("anna")
        opened.add_submission(ASSIGNMENT, "anna")
    return f"sqlite:///{copied}"


def nbgrader_takes(notebook, url):
    """Run nbgrader's own steps on a mended notebook, as they come before and after a run."""
    from nbconvert.preprocessors import ClearMetadataPreprocessor
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearOutput,
        DeduplicateIds,
        LimitOutput,
        OverwriteCells,
        OverwriteKernelspec,
        SaveAutoGrades,
    )

    about = {"notebook": ASSIGNMENT, "assignment": ASSIGNMENT, "student": "anna", "db_url": url}
    steps = [ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
    steps += [ClearMetadataPreprocessor, LimitOutput, SaveAutoGrades, CheckCellMetadata]
    for step in steps:
        notebook, _ = step(enabled=True).preprocess(notebook, {"nbgrader": about})
    nbformat.writes(notebook).encode()
    return True


@FUZZ
@given(data=st.data())
def test_does_any_edit_of_a_notebook_end_in_order_or_in_a_verdict(directory, released, data):
    notebook = notebook_of(directory, RIGHT)
    cells = notebook.cells
    graded = st.sampled_from(sorted(released))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(cells) - 1))
        other = data.draw(st.integers(0, len(cells) - 1))
        edit = data.draw(
            st.sampled_from(
                ["delete", "copy", "move", "id", "points", "type", "text", "tags", "meta"]
            )
        )
        cell = cells[place]
        if edit == "delete" and len(cells) > 1:
            del cells[place]
        elif edit == "copy":
            cells.insert(other, copy.deepcopy(cell))
        elif edit == "move":
            cells.insert(other, cells.pop(place))
        elif edit == "id":
            cell.metadata["nbgrader"] = {"grade_id": data.draw(graded), "grade": True}
        elif edit == "points":
            cell.metadata["nbgrader"] = {"grade_id": data.draw(graded), "points": data.draw(JSON)}
        elif edit == "type":
            cell.cell_type = data.draw(st.sampled_from(["code", "markdown", "raw"]))
        elif edit == "text":
            cell.source = data.draw(st.text(max_size=20))
        elif edit == "tags":
            cell.metadata["tags"] = data.draw(JSON)
        elif edit == "meta":
            cell.metadata["nbgrader"] = data.draw(JSON)
    mended = mend(notebook, released)
    assert is_as_released(mended.notebook, released)
    again = mend(read(json.dumps(mended.notebook)).notebook, released)
    assert (again.notes, again.flags) == ([], [])
    assert [c.source for c in again.notebook.cells] == [c.source for c in mended.notebook.cells]


@settings(FUZZ, max_examples=40)
@given(data=st.data())
def test_does_nbgrader_take_whatever_passes(directory, released, gradebook, data):
    content = json.loads(json.dumps(notebook_of(directory, RIGHT)))
    for _ in range(data.draw(st.integers(1, 6))):
        change_somewhere(content, data)
    try:
        mended = mend(read(json.dumps(content)).notebook, released)
    except Refusal:
        return
    assert nbgrader_takes(mended.notebook, gradebook)


def change_somewhere(content, data):
    """Exchange or delete one value anywhere in a notebook."""
    places = [spot for spot in spots(content) if spot]
    if not places:
        return
    path = data.draw(st.sampled_from(places))
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    if data.draw(st.booleans()):
        holder[path[-1]] = data.draw(JSON)
    else:
        del holder[path[-1]]


@FUZZ
@given(data=st.data())
def test_does_any_change_of_the_json_end_in_order_or_in_a_verdict(directory, released, data):
    content = json.loads(json.dumps(notebook_of(directory, RIGHT)))
    for _ in range(data.draw(st.integers(1, 6))):
        change_somewhere(content, data)
    try:
        found = read(json.dumps(content))
    except Refusal as refusal:
        is_a_verdict(refusal)
        return
    nbformat.validate(found.notebook)
    mended = mend(found.notebook, released)
    assert is_as_released(mended.notebook, released)
    assert all(line.isprintable() for line in (*mended.notes, *mended.flags, *found.flags))


@settings(FUZZ, max_examples=300)
@given(data=st.data())
def test_do_changed_bytes_end_in_order_or_in_a_verdict(directory, released, data):
    content = bytearray(nbformat.writes(notebook_of(directory, RIGHT)).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(content)))
        end = start + data.draw(st.integers(0, 3) | st.integers(0, len(content)))
        content[start:end] = data.draw(
            st.binary(max_size=5) | st.sampled_from([b'"', b"[", b"}", b",", b"NaN", b"\\ud800"])
        )
    try:
        found = read(bytes(content))
    except Refusal as refusal:
        is_a_verdict(refusal)
        return
    assert is_as_released(mend(found.notebook, released).notebook, released)


def test_does_a_cell_keep_its_own_id_and_two_never_share_one(notebook, released):
    added = [nbformat.v4.new_markdown_cell(text, id="mine") for text in ("one", "two")]
    notebook.cells[:0] = added
    ids = [cell.id for cell in mend(notebook, released).notebook.cells]
    assert ids[0] == "mine"
    assert len(set(ids)) == len(ids)
