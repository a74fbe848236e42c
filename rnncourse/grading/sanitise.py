"""Mend a submission before it runs.

nbgrader puts the original text of test and set-up cells back. It gives up, for the whole
class, when a cell has been copied, and it does not notice one that was deleted. `MendCells`
runs before it, in `rnncourse grade` and in `nbgrader autograde`, and leaves a notebook that
has every graded cell exactly once, in the released order, as nbgrader expects it.

What was mended is told in two ways: a note is an accident such as happens to honest students;
a flag is what nobody does by accident, and a person should look at it.
"""

from __future__ import annotations

import codecs
import copy
import itertools
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from rnncourse.course.assemble import CODE_STUB, DEMONSTRATION_TAG, TEXT_STUB

#: Under these keys of nbconvert's resources stand the sentences that say what was mended.
MENDED = "rnncourse_mended"
FLAGGED = "rnncourse_flagged"

#: A notebook larger than this is not opened; honest ones with all outputs are below 20 MB.
MAX_BYTES = 100_000_000

#: A notebook with more cells is not graded, empty ones left out; chapters have about 100.
MAX_CELLS = 2_000

#: A code cell with more characters is not run; honest ones have at most some thousands.
MAX_CODE = 1_000_000

_AGAIN = "ask for the notebook again, saved by JupyterLab or downloaded as .ipynb"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its mark begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# neither a file nor a database can hold them
#: What nbformat takes for the id of a cell.
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_MAX_SENTENCES = 12


class Refusal(Exception):
    """A submission that cannot be graded; its text is the verdict: the fault and the mend."""


@dataclass(frozen=True)
class Mended:
    """A notebook, and what had to be done to it.

    Parameters
    ----------
    notebook
        The result.
    notes
        Sentences about honest accidents, for the verdict that everybody may read.
    flags
        Sentences about what looks like tampering, for the instructor: an edited test, other
        points, forged metadata. All of it was undone.
    """

    notebook: NotebookNode
    notes: list[str]
    flags: list[str]


class MendCells(Preprocessor):
    """nbgrader's step that makes the graded cells complete and unique."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Mend a submitted notebook.

        What was done stands under `MENDED` and `FLAGGED` in the resources, and in the log.
        """
        courses = coursedir_of(self)
        assignment = resources["nbgrader"]["assignment"]
        name = resources["nbgrader"]["notebook"]
        folder = courses.format_path(courses.source_directory, ".", assignment)
        released = released_cells(Path(folder) / f"{name}.ipynb")
        mended = mend(nb, released)
        for sentence in (*mended.notes, *mended.flags):
            self.log.warning("%s", sentence)
        resources[MENDED] = mended.notes
        resources[FLAGGED] = mended.flags
        return mended.notebook, resources


def coursedir_of(preprocessor: Preprocessor) -> Any:
    """The course directory of the nbgrader command that a preprocessor works for."""
    exporter: Any = preprocessor.parent
    return exporter.parent.coursedir


def read_submission(name: str, content: bytes) -> Mended:
    """Read a submitted notebook, whatever a student's tools have done to it.

    Outputs and unknown fields are left behind; the source of every cell is kept. The result
    is a valid notebook of format 4.5, not looked at yet by `mend`.

    Parameters
    ----------
    name
        What the notebook is called, for the verdict.
    content
        The file.

    Raises
    ------
    Refusal
        If it is no notebook.
    """
    name = shown(name)
    if len(content) > MAX_BYTES:
        raise Refusal(f"{name} is larger than {MAX_BYTES // 1_000_000} MB; {_AGAIN}")
    notes: list[str] = []
    repeated: set[str] = set()
    try:
        parsed = _upgraded(_parsed(_decoded(content, notes), repeated), notes)
        notebook = _clean(parsed, notes)
    except _Fault as fault:
        raise Refusal(f"{name} {fault}; {_AGAIN}") from None
    flags = [f"the file says '{shown(key)}' twice in one place" for key in sorted(repeated)[:3]]
    return Mended(notebook, _briefly(notes), flags)


def grade_ids_in(content: bytes) -> set[str]:
    """The ids of graded cells in a file; empty if it is no notebook."""
    try:
        notebook = read_submission("notebook", content).notebook
    except Refusal:
        return set()
    return {grade_id for cell in notebook.cells if (grade_id := _grade_id(cell)) is not None}


def mend(notebook: NotebookNode, released: dict[str, NotebookNode]) -> Mended:
    """Give a notebook every graded cell exactly once, in the released order.

    The text of an answer is the student's; everything else of a graded cell is as released.
    The student's own cells keep their text and their place; of their metadata no more than
    the mark of a demonstration is left.

    Parameters
    ----------
    notebook
        As submitted: by `read_submission`, or as nbformat reads it.
    released
        The cells that nbgrader knows, by their ids, as students got them; see
        `released_cells`.

    Raises
    ------
    Refusal
        If it is too broken or too large to be mended.
    """
    notes: list[str] = []
    flags: list[str] = []
    try:
        notebook = _clean(notebook, notes)
    except _Fault as fault:
        raise Refusal(f"the notebook {fault}; {_AGAIN}") from None
    _check_language(notebook, notes)
    places = _places(notebook, released, flags)
    dropped: set[int] = set()
    kept: dict[str, int] = {}
    for grade_id, found in places.items():
        kept[grade_id] = _choose(notebook, places, grade_id, released)
        for place in found:
            if place == kept[grade_id]:
                continue
            cell = notebook.cells[place]
            cell.metadata = _own_metadata(cell)
            if _same_text(cell, released[grade_id]) or _same_text(
                cell, notebook.cells[kept[grade_id]]
            ):
                dropped.add(place)
                notes.append(f"a copy of the cell '{grade_id}' was dropped")
            else:
                notes.append(f"a changed copy of the cell '{grade_id}' runs but is not graded")
    for grade_id, place in kept.items():
        notebook.cells[place] = _restored(notebook.cells[place], released[grade_id], notes, flags)
    _put_in_order(notebook, kept, list(released), notes)
    notebook.cells = [cell for n, cell in enumerate(notebook.cells) if n not in dropped]
    notes += _add_missing(notebook, released)
    _renew_ids(notebook)
    return Mended(notebook, _briefly(notes), _briefly(flags))


@lru_cache(maxsize=64)
def _released_cells(path: Path, modified: int) -> dict[str, NotebookNode]:
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, LockCells

    clear = ClearSolutions(code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB)
    notebook = nbformat.read(path, as_version=4)
    for preprocessor in (LockCells(), clear, ClearHiddenTests()):
        notebook, _ = preprocessor.preprocess(notebook, {})
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if _grade_id(cell)}


def released_cells(source: Path) -> dict[str, NotebookNode]:
    """The cells of a graded source that nbgrader knows, as students got them, in order."""
    return _released_cells(source, source.stat().st_mtime_ns)


def is_demonstration(cell: NotebookNode) -> bool:
    """Tell whether a cell may be left out: tagged as such, and nothing of it is graded."""
    return DEMONSTRATION_TAG in cell.metadata.get("tags", ()) and _grade_id(cell) is None


def shown(text: str) -> str:
    """A student's word, such as a file name, as a terminal, a log and a table can show it."""
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 80 else f"{text[:60]}...{text[-15:]}"


class _Fault(Exception):
    """Why something is no notebook; the end of a sentence that begins with its name."""


def _decoded(content: bytes, notes: list[str]) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise _Fault("is not text in UTF-8") from None
    if not text.strip("\0 \t\r\n\ufeff"):
        raise _Fault("is empty")
    if encoding in ("utf-16", "utf-32"):
        notes.append(f"the file was in {encoding.upper()} instead of UTF-8")
    return text


def _parsed(text: str, repeated: set[str]) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        # the last one counts, as in Jupyter
        made = dict(items)
        if len(made) < len(items):
            repeated.update(key for key, n in Counter(key for key, _ in items).items() if n > 1)
        return made

    try:
        # a number of a million digits takes Python minutes; none of the notebook's matters
        return json.loads(text, object_pairs_hook=pairs, parse_int=_small_int)
    except json.JSONDecodeError as error:
        raise _Fault(f"is broken: not JSON from line {error.lineno} on") from None
    except RecursionError:
        raise _Fault("is nested too deeply") from None


def _small_int(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0


def _upgraded(content: Any, notes: list[str]) -> Any:
    """Bring a notebook of format 2 or 3 to format 4."""
    version = content.get("nbformat") if isinstance(content, dict) else None
    if type(version) is not int:
        raise _Fault("is not a notebook (it does not say its format)")
    if version >= 4:
        return content
    if version < 2:
        raise _Fault(f"is not a notebook (its format is {version})")
    try:
        for sheet in content["worksheets"]:
            for cell in sheet["cells"]:
                # outputs are made anew, and old ones convert badly
                cell["outputs"] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgraded = nbformat.convert(nbformat.from_dict(content), 4)
    except Exception as error:  # nbformat raises whatever comes of odd content
        raise _Fault(f"is not a notebook of format {version} ({_first_line(error)})") from None
    notes.append(f"the notebook was in the old format {version}")
    return upgraded


def _clean(content: Any, notes: list[str]) -> NotebookNode:
    """A valid notebook of nothing but what is known and needed, made anew."""
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise _Fault("is not a notebook (it has no list of cells)")
    if len(cells) > MAX_CELLS:
        cells = [cell for cell in cells if not _is_empty(cell)]
        notes.append("empty cells were left out, as there were so many")
    if len(cells) > MAX_CELLS:
        raise _Fault(f"has {len(cells)} cells, where {MAX_CELLS} is the most")
    clean = [_clean_cell(cell, number, notes) for number, cell in enumerate(cells)]
    metadata = content.get("metadata")
    languages = _languages(metadata if isinstance(metadata, dict) else {})
    # nbformat's own maker validates, as others do later
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=languages, cells=clean)


def _is_empty(cell: Any) -> bool:
    if not isinstance(cell, dict) or "nbgrader" in str(cell.get("metadata")):
        return False
    source = _text(cell.get("source", ""))
    return source is not None and not source.strip()


def _text(source: Any) -> str | None:
    """A cell's text, which may be a list of lines; None if it is neither."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _languages(metadata: dict[str, Any]) -> dict[str, Any]:
    """What a notebook says of its kernel, as far as it is text."""
    kept = {}
    for key, names in (
        ("kernelspec", ("name", "display_name", "language")),
        ("language_info", ("name",)),
    ):
        said = metadata.get(key)
        if isinstance(said, dict):
            texts = {name: said.get(name) for name in names}
            kept[key] = {n: t[:100] if isinstance(t, str) else "" for n, t in texts.items()}
    return kept


def _clean_cell(cell: Any, number: int, notes: list[str]) -> NotebookNode:
    place = f"its cell {number + 1}"
    if not isinstance(cell, dict):
        raise _Fault(f"is not a notebook ({place} is none)")
    kind, source = cell.get("cell_type"), _text(cell.get("source", ""))
    if kind not in ("code", "markdown", "raw"):
        raise _Fault(f"is not a notebook ({place} is of the type {shown(repr(kind))})")
    if source is None:
        raise _Fault(f"is not a notebook ({place} has no text)")
    if kind == "code" and len(source) > MAX_CODE:
        raise _Fault(f"is too large: {place} has {len(source)} characters of code")
    source, count = _UNWRITABLE.subn("\ufffd", source)
    if count:
        notes.append(f"cell {number + 1} had characters that no file can hold: they were replaced")
    metadata = cell.get("metadata")
    clean = NotebookNode(
        cell_type=kind,
        id=_clean_id(cell.get("id"), number),
        metadata=_clean_metadata(metadata if isinstance(metadata, dict) else {}),
        source=source,
    )
    if kind == "code":
        clean.update(execution_count=None, outputs=[])
    elif attachments := _attachments(cell.get("attachments")):
        clean.attachments = attachments
    return clean


def _clean_id(given: Any, number: int) -> str:
    """A cell's id, by which feedback knows the chapter's own cells again."""
    is_valid = isinstance(given, str) and _ID.fullmatch(given)
    return given if is_valid else f"cell-{number}"


def _clean_metadata(metadata: dict[str, Any]) -> NotebookNode:
    """A cell's tags, and those of nbgrader's fields that are of the right type."""
    clean = NotebookNode()
    tags = metadata.get("tags")
    if isinstance(tags, list):
        # as nbformat wants them
        clean.tags = [tag for tag in tags if isinstance(tag, str) and tag and "," not in tag][:100]
    nbgrader = metadata.get("nbgrader")
    if isinstance(nbgrader, dict) and isinstance(nbgrader.get("grade_id"), str):
        plain = (str, int, float, bool)
        clean.nbgrader = NotebookNode(
            {key: value for key, value in nbgrader.items() if isinstance(value, plain)}
        )
    return clean


def _attachments(attachments: Any) -> NotebookNode:
    """Pictures in a text cell: file name -> type -> content."""
    clean = NotebookNode()
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        if isinstance(bundle, dict):
            texts = {
                _UNWRITABLE.sub("", kind): _UNWRITABLE.sub("", data)
                for kind, data in bundle.items()
                if isinstance(data, str)
            }
            clean[_UNWRITABLE.sub("", name)] = NotebookNode(texts)
    return clean


def _grade_id(cell: NotebookNode) -> str | None:
    metadata = cell.metadata.get("nbgrader")
    grade_id = metadata.get("grade_id") if isinstance(metadata, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _is_locked(released: NotebookNode) -> bool:
    return not released.metadata.nbgrader.solution


def _same_text(one: NotebookNode, other: NotebookNode) -> bool:
    """Equal, but for what editors change on their own: ends of lines and of the cell."""
    return _lines(one.source) == _lines(other.source)


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.rstrip().splitlines()]


def _own_metadata(cell: NotebookNode) -> NotebookNode:
    """What is left of the metadata of a cell that is not graded."""
    is_shown = DEMONSTRATION_TAG in cell.metadata.get("tags", ())
    return NotebookNode(tags=[DEMONSTRATION_TAG]) if is_shown else NotebookNode()


def _check_language(notebook: NotebookNode, notes: list[str]) -> None:
    said = notebook.metadata
    languages = {
        said.get("kernelspec", {}).get("language", "python"),
        said.get("language_info", {}).get("name", "python"),
    }
    for language in sorted(languages - {"python", "ipython", "Python", ""}):
        notes.append(f"the notebook was set to the language {shown(language)}: it ran as Python")
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(name="python3", display_name="Python 3", language="python"),
        language_info=NotebookNode(name="python"),
    )


def _places(
    notebook: NotebookNode, released: dict[str, NotebookNode], flags: list[str]
) -> dict[str, list[int]]:
    """Where each graded cell stands; the other cells lose what they say of themselves."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(notebook.cells):
        grade_id = _grade_id(cell)
        if grade_id in released:
            places.setdefault(grade_id, []).append(place)
            continue
        if grade_id is not None and cell.metadata.nbgrader.get("points"):
            flags.append(
                f"the cell '{shown(grade_id)}', which is none of the assignment's, "
                "says that it has points: it counts nothing"
            )
        cell.metadata = _own_metadata(cell)
    return places


def _choose(
    notebook: NotebookNode,
    places: dict[str, list[int]],
    grade_id: str,
    released: dict[str, NotebookNode],
) -> int:
    """The place of the copy to grade.

    Of an answer it is the last one that is more than the stub. Of a locked cell it is one
    with the original text, so that a student's own cell that got its id by accident stays in
    the notebook; of several the one that stands right between the other graded cells.
    """
    found, cell = places[grade_id], released[grade_id]
    if len(found) == 1:
        return found[0]
    if not _is_locked(cell):
        worked_on = [n for n in found if not _same_text(notebook.cells[n], cell)]
        return (worked_on or found)[-1]
    fitting = [n for n in found if _same_text(notebook.cells[n], cell)] or found
    order = list(released)
    own = order.index(grade_id)
    others = [(order.index(g), n[0]) for g, n in places.items() if len(n) == 1]

    def misplaced(place: int) -> int:
        return sum((number < own) != (other < place) for number, other in others)

    return min(reversed(fitting), key=misplaced)


def _restored(
    submitted: NotebookNode, released: NotebookNode, notes: list[str], flags: list[str]
) -> NotebookNode:
    """The released cell, with the student's text where that is an answer."""
    ours = released.metadata.nbgrader
    name = f"the cell '{ours.grade_id}'"
    cell = copy.deepcopy(released)
    if not _is_locked(released):
        cell.source = submitted.source
        if "attachments" in submitted and cell.cell_type == "markdown":
            cell.attachments = submitted.attachments
    elif not _same_text(submitted, released):
        sentence = f"{name} had been edited: the original was used"
        # whoever edits a set-up cell wants another import; a test is another thing
        (flags if ours.grade else notes).append(sentence)
    if submitted.cell_type != released.cell_type:
        notes.append(f"{name} had become {submitted.cell_type}: undone")
    if sorted(submitted.metadata.get("tags", ())) != sorted(released.metadata.get("tags", ())):
        notes.append(f"{name} had other tags: undone")
    theirs = submitted.metadata.nbgrader
    if theirs.get("schema_version") != ours.schema_version:
        notes.append(f"{name} was marked for another version of nbgrader: undone")
    for key in ("points", "grade", "solution", "locked", "task"):
        # an older version of nbgrader says less
        if key in ours and key in theirs and theirs[key] != ours[key]:
            flags.append(
                f"{name} said {key} = {shown(str(theirs[key]))} instead of {ours[key]}: undone"
            )
    return cell


def _put_in_order(
    notebook: NotebookNode, kept: dict[str, int], order: list[str], notes: list[str]
) -> None:
    """Let the graded cells fill the places that they have, in the released order."""
    places = sorted(kept.values())
    wanted = [grade_id for grade_id in order if grade_id in kept]
    cells = [notebook.cells[kept[grade_id]] for grade_id in wanted]
    moved = [g for g, place in zip(wanted, places, strict=True) if kept[g] != place]
    for place, cell in zip(places, cells, strict=True):
        notebook.cells[place] = cell
    if moved:
        notes.append(
            f"graded cells stood in another order (the first of them '{moved[0]}'): put back"
        )


def _add_missing(notebook: NotebookNode, released: dict[str, NotebookNode]) -> list[str]:
    """Put deleted cells back: set-up as early, tests as late as their neighbours allow."""
    notes = []
    order = list(released)
    present = _present(notebook)
    for number, (grade_id, cell) in enumerate(released.items()):
        is_graded = cell.metadata.nbgrader.grade
        if grade_id in present or not (is_graded or _is_locked(cell)):
            continue
        before = [present[name] for name in order[:number] if name in present]
        after = [present[name] for name in order[number + 1 :] if name in present]
        earliest = max(before, default=-1) + 1
        place = max(earliest, min(after, default=len(notebook.cells))) if is_graded else earliest
        notebook.cells.insert(place, copy.deepcopy(cell))
        present = _present(notebook)
        notes.append(f"the deleted cell '{grade_id}' was put back")
    return notes


def _present(notebook: NotebookNode) -> dict[str | None, int]:
    """The places of the graded cells."""
    return {_grade_id(cell): place for place, cell in enumerate(notebook.cells)}


def _renew_ids(notebook: NotebookNode) -> None:
    """Make cell ids unique: graded cells have the released ones, the others follow."""
    notebook.nbformat, notebook.nbformat_minor = 4, max(5, notebook.nbformat_minor)
    taken = {cell.id for cell in notebook.cells if _grade_id(cell)}
    for number, cell in enumerate(notebook.cells):
        if _grade_id(cell):
            continue
        names = itertools.chain([cell.id], (f"cell-{number}-{n}" for n in itertools.count()))
        cell.id = next(name for name in names if name not in taken)
        taken.add(cell.id)


def _briefly(sentences: Iterable[str]) -> list[str]:
    """Each sentence once, and no more than a person will read."""
    counts = Counter(sentences)
    brief = [text if n == 1 else f"{text} ({n} times)" for text, n in counts.items()]
    if len(brief) > _MAX_SENTENCES:
        brief[_MAX_SENTENCES:] = [f"and {len(brief) - _MAX_SENTENCES} more such things"]
    return brief


def _first_line(error: Exception) -> str:
    first = (str(error).splitlines() or [""])[0]
    return shown(f"{type(error).__name__}: {first}")
