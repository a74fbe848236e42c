"""The instructor's page: is what it says right, harmless, offline, readable, printable?"""

import json
import re
import shutil
import statistics
import time
from html.parser import HTMLParser

import pytest
from browser import DESK, PHONE, Visit, chromium, served
from grading_class import ASSIGNMENT, fresh_directory, graded_class
from postgresql import postgresql
from synthetic_class import SCRIPT, write_synthetic_class

from rnncourse.grading import GradingError, write_report
from rnncourse.grading.directory import open_directory
from rnncourse.grading.journal import Entry
from rnncourse.grading.marks import Person, Submission, read_submissions
from rnncourse.grading.overview import (
    FEWEST,
    discrimination,
    histogram,
    render,
    seconds,
    summarise,
    summarise_exercise,
    usage,
)
from rnncourse.grading.reporting import Mark, row_of

pytestmark = pytest.mark.xdist_group("grading")


class Page(HTMLParser):
    """The text of each table row, of each headline number, and every tag with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.numbers, self.tags, self.words = [], {}, [], []
        self._term = self._inside = None
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._inside = tag if tag in ("dt", "dd", "style") else self._inside
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        self._in_cell = self._in_cell and tag not in ("td", "th")
        self._inside = None if tag == self._inside else self._inside

    def handle_data(self, text):
        if self._inside == "style":
            return
        self.words.append(text)
        if self._inside == "dt":
            self._term = text
        elif self._inside == "dd":
            self.numbers[self._term] = self.numbers.get(self._term, "") + text
        elif self._in_cell:
            self.rows[-1][-1] += text.strip()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The graded sample class and its page."""
    graded = graded_class(tmp_path_factory)
    path = tmp_path_factory.mktemp("report") / "report.html"
    return graded, Page(write_report(graded.directory, path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    """1,000 students without a run; some are hostile."""
    root = tmp_path_factory.mktemp("thousand")
    directory = fresh_directory(tmp_path_factory, root / "course")
    write_synthetic_class(directory)
    return directory


@pytest.fixture(scope="module")
def page_of_thousand(thousand):
    return write_report(thousand, thousand.parent / "report.html")


def test_are_the_headline_numbers_those_of_the_class(real):
    graded, page = real
    marked = [one for one in graded.expected if one.exercises is not None]
    assert page.numbers["submissions"] == str(len(graded.expected))
    assert page.numbers["graded"] == str(len(marked))
    assert page.numbers["refused"] == str(len(graded.expected) - len(marked))
    by_hand = sum(bool(one.by_hand) for one in marked)
    assert page.numbers["with answers to mark by hand"] == str(by_hand)
    median = statistics.median(one.score for one in marked)
    assert page.numbers["median mark"] == f"{median:g} of 6"


def test_is_every_student_listed_with_the_mark(real):
    graded, page = real
    rows = {row[0]: row for row in page.rows if len(row) == 3}
    for one in graded.expected:
        assert rows[one.student][1] == ("–" if one.score is None else f"{one.score:g}")


def test_are_the_outcomes_of_an_exercise_those_of_the_class(real):
    graded, page = real
    shares = [one.exercises["double"] / 2 for one in graded.expected if one.exercises]
    row = next(row for row in page.rows if row[0] == "double")
    assert row[1:4] == ["2", f"{100 * statistics.fmean(shares):.0f} %", f"fewer than {FEWEST}"]
    assert f"{sum(share == 1 for share in shares)} full marks" in row[4]


def test_does_a_refusal_stand_there_with_its_verdict(real):
    graded, page = real
    broken = {one.student for one in graded.expected if one.kind == "broken JSON"}
    refused = {row[0] for row in page.rows if len(row) == 2 and "is broken" in row[1]}
    assert broken == refused


def test_are_the_marks_read_at_once_those_read_one_by_one(real):
    opened = open_directory(real[0].directory)
    (found,) = read_submissions(opened).values()
    with opened.gradebook() as gradebook:
        for one in found:
            row = row_of(opened, gradebook, one.person.id, ASSIGNMENT, "unchanged", "ok")
            assert (one.marks, one.score, one.max_score) == (
                row.exercises,
                row.score,
                row.max_score,
            )
            assert list(one.marks) == list(row.exercises)


def test_is_a_submission_without_marks_if_nbgrader_was_stopped_before_it_marked(real, tmp_path):
    graded, _ = real
    shutil.copytree(graded.directory, tmp_path / "course")
    student = next(e.student for e in graded.expected if e.exercises is not None)
    opened = open_directory(tmp_path / "course")
    with opened.gradebook() as gradebook:
        grade = gradebook.find_grade("test-double", ASSIGNMENT, ASSIGNMENT, student)
        grade.auto_score, grade.needs_manual_grade = None, False
        gradebook.db.commit()
    found = {one.person.id: one for one in read_submissions(opened)[ASSIGNMENT]}
    assert found[student].marks == {}
    assert sum(bool(one.marks) for one in found.values()) == int(real[1].numbers["graded"]) - 1


def test_are_manual_marks_and_late_penalties_in_the_page(real, tmp_path):
    graded, _ = real
    shutil.copytree(graded.directory, tmp_path / "course")
    one = next(e for e in graded.expected if e.exercises is not None and e.by_hand)
    with open_directory(tmp_path / "course").gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, one.student)
        notebook.late_submission_penalty = 0.25
        grade = gradebook.find_grade("why_double", ASSIGNMENT, ASSIGNMENT, one.student)
        grade.manual_score, grade.needs_manual_grade = 1, False
        gradebook.db.commit()
    page = Page(write_report(tmp_path / "course", tmp_path / "r.html").read_text("utf-8"))
    row = [row for row in page.rows if row[0] == one.student and len(row) == 3][-1]
    assert row[1] == f"{one.score + 0.75:g}late −0.25"


def entry(student="a", **fields):
    return Entry(student, ASSIGNMENT, "", True, "ok", 1.0, **{"sandbox": "bubblewrap", **fields})


def submission(student, most=1.0, waiting=(), results=None, **scores):
    marks = {name: Mark(score, most, name in waiting) for name, score in scores.items()}
    return Submission(Person(student), ASSIGNMENT, marks, 0.0, entry(results=results or {}))


def test_is_discrimination_the_correlation_with_the_others_and_not_with_itself():
    scores = [(n % 2, n % 3, n % 5) for n in range(FEWEST)]
    graded = [submission(str(n), a=a, b=b, c=c) for n, (a, b, c) in enumerate(scores)]
    value, why = discrimination("a", graded)
    expected = statistics.correlation([a for a, _, _ in scores], [b + c for _, b, c in scores])
    assert why == ""
    assert value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("graded", "why"),
    [
        ([submission(str(n), a=n % 2, b=n % 3) for n in range(FEWEST - 1)], f"fewer than {FEWEST}"),
        ([submission(str(n), a=n % 2) for n in range(FEWEST)], "no other exercise"),
        ([submission(str(n), a=1, b=n % 3) for n in range(FEWEST)], "all alike"),
        ([submission(str(n), a=n % 2, b=1) for n in range(FEWEST)], "all alike"),
        ([submission(str(n), waiting="a", a=0, b=n % 3) for n in range(99)], "after marking"),
        ([submission(str(n), waiting="b", a=n % 2, b=0) for n in range(99)], "no other exercise"),
    ],
)
def test_is_it_said_why_there_is_no_discrimination(graded, why):
    assert discrimination("a", graded) == (None, why)


@pytest.mark.parametrize("most", [1, 6, 12, 13, 40, 2.5])
def test_does_every_mark_fall_into_one_bar(most):
    scores = [most * n / 40 for n in range(41)] + [most + 1]  # the last one has extra credit
    bins = histogram(scores, most, most)
    assert sum(one.count for one in bins) == len(scores)
    assert max(one.percent for one in bins) == 100
    assert [one.holds_median for one in bins].index(True) == len(bins) - 1
    if most <= 12 and most == int(most):
        assert [one.label for one in bins] == [str(n) for n in range(int(most) + 1)]


def result(share, **fields):
    return {"a": {"share": share, "message": "", "misconception": "", "behaviour": "", "error": ""}
            | fields}  # fmt: skip


def test_is_an_exercise_counted_by_what_became_of_it():
    graded = [
        submission("full", a=1.0, results=result(1)),
        submission("part", a=0.5, results=result(0.5, misconception="Add, not multiply.")),
        submission("hint", a=0.0, results=result(0, misconception="Add, not multiply.")),
        submission("odd 1", a=0.0, results=result(0, message="1 is not 2", behaviour="values")),
        submission("odd 2", a=0.0, results=result(0, message="3 is not 4", behaviour="values")),
        submission("odd 3", a=0.0, results=result(0, error="ZeroDivisionError")),
        submission("idle", a=0.0, results=result(0, error="NotImplementedError")),
        submission("open", a=0.0, waiting="a"),
        submission("mercy", a=1.0, results=result(0, message="1 is not 2", behaviour="values")),
    ]
    one = summarise_exercise("a", graded)
    counts = {"full": 2, "part": 1, "none": 4, "unstarted": 1, "waiting": 1}
    assert {kind: count for kind, _, count in one.outcomes} == counts
    assert one.difficulty == pytest.approx(2.5 / 8)
    assert [(f.count, f.text) for f in one.misconceptions] == [(2, "Add, not multiply.")]
    assert [(f.count, f.text, f.student) for f in one.unexplained] == [
        (3, "1 is not 2", "odd 1"),
        (1, "ZeroDivisionError", "odd 3"),
    ]


def test_do_rare_failures_not_fill_the_page():
    graded = [
        submission(f"{n}", a=0.0, results=result(0, message=f"{n}", behaviour=f"{n}"))
        for n in range(30)
    ]
    one = summarise_exercise("a", graded)
    assert len(one.unexplained) == 8
    assert one.more_unexplained == 22


def test_are_time_and_memory_summed_up_over_all_that_ran():
    ran = [entry(cpu_seconds=n, memory_bytes=n * 10**6) for n in range(1, 102)]
    wall, processor, memory = usage(ran)
    assert (processor.median, processor.high, processor.most) == (
        "51.0 s",
        "1 min 36 s",
        "1 min 41 s",
    )
    assert (memory.median, memory.most) == ("51 MB", "101 MB")
    assert wall.most == "1.0 s"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "–"), (0.042, "0.04 s"), (1.26, "1.3 s"), (59.96, "1 min 0 s"), (61, "1 min 1 s")],
)
def test_is_a_time_one_for_people(value, text):
    assert seconds(value) == text


def test_does_a_journal_of_an_earlier_version_do(real, tmp_path):
    shutil.copytree(real[0].directory, tmp_path / "course")
    journal = tmp_path / "course" / ".rnncourse" / "journal.jsonl"
    old = ("student", "assignment", "key", "graded", "verdict", "seconds")
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines() if line]
    journal.write_text("".join(json.dumps({k: e[k] for k in old}) + "\n" for e in lines))
    page = Page(write_report(tmp_path / "course", tmp_path / "r.html").read_text("utf-8"))
    assert page.numbers["graded"] == real[1].numbers["graded"]


@pytest.mark.parametrize(("sandbox", "is_warned"), [("none", True), ("bubblewrap", False)])
def test_is_there_a_warning_if_something_ran_unprotected(sandbox, is_warned, thousand):
    opened = open_directory(thousand)
    one = Submission(Person("a"), ASSIGNMENT, {"double": Mark(1, 2)}, 0.0, entry(sandbox=sandbox))
    text = render([summarise(opened, ASSIGNMENT, [one])])
    assert ("1 of 1 ran without a sandbox" in text) == is_warned


def test_is_what_students_wrote_text_and_nothing_else(page_of_thousand):
    text = page_of_thousand.read_text(encoding="utf-8")
    page = Page(text)
    assert SCRIPT not in text
    assert any(SCRIPT in word for word in page.words)  # seen, as text
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "object", "form"})
    assert not [a for _, attributes in page.tags for a in attributes if a.startswith("on")]


def test_do_names_from_another_encoding_or_direction_do_no_harm(thousand, tmp_path):
    odd = "a\udcff\x1b[2J\u202egnp.exe" + "x" * 5000
    one = Submission(Person(odd), ASSIGNMENT, {"double": Mark(1, 2)}, 0.0, entry(odd, flags=[odd]))
    text = render([summarise(open_directory(thousand), ASSIGNMENT, [one])])
    assert not re.search("[\x1b\u202e]", text)
    assert len(text) < 40_000
    text.encode("utf-8", "replace")


def test_is_a_flag_shown_with_its_student(page_of_thousand):
    page = Page(page_of_thousand.read_text(encoding="utf-8"))
    flagged = [row for row in page.rows if len(row) == 2 and "starts a process" in row[1]]
    assert len(flagged) == 25 == int(page.numbers["flagged"])
    assert flagged[0][0] == "student_0009"


def test_does_a_page_of_a_thousand_take_less_than_five_seconds(thousand, tmp_path):
    started = time.monotonic()
    write_report(thousand, tmp_path / "report.html")
    assert time.monotonic() - started < 5


def test_is_there_a_section_across_several_assignments(thousand):
    opened = open_directory(thousand)
    first, second = (
        [
            Submission(Person(student), name, {"a": Mark(score, 2.0)}, 0.0, entry(student))
            for student, score in scores.items()
        ]
        for name, scores in (("01", {"x": 1.0, "y": 2.0}), ("02", {"y": 0.5}))
    )
    page = Page(render([summarise(opened, "01", first), summarise(opened, "02", second)]))
    assert ["x", "1", "–", "1"] in page.rows
    assert ["y", "2", "0.5", "2.5"] in page.rows
    assert next(row for row in page.rows if row[0] == "02")[1:3] == ["1", "1"]


def test_does_postgresql_give_the_same_page(tmp_path_factory, tmp_path):
    pages = []
    with postgresql() as url:
        for name in ("sqlite", "postgresql"):
            directory = fresh_directory(tmp_path_factory, tmp_path / name)
            if name == "postgresql":
                _move_gradebook(directory, url)
            write_synthetic_class(directory, students=60)
            text = write_report(directory, tmp_path / f"{name}.html").read_text(encoding="utf-8")
            pages.append(re.sub(r"Written [^.]*\.", "", text))
    assert pages[0] == pages[1]


def _move_gradebook(directory, url):
    """Point a course directory at another database, with the same assignment in it."""
    opened = open_directory(directory)
    with opened.gradebook() as gradebook:
        notebook = gradebook.find_notebook(ASSIGNMENT, ASSIGNMENT)
        cells = [(c.name, c.max_score, c.cell_type) for c in notebook.grade_cells]
    with (directory / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    with open_directory(directory).gradebook() as gradebook:
        gradebook.add_assignment(ASSIGNMENT)
        gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
        for name, points, kind in cells:
            gradebook.add_grade_cell(name, ASSIGNMENT, ASSIGNMENT, max_score=points, cell_type=kind)


@pytest.mark.parametrize(
    ("target", "assignment", "expected"),
    [
        ("nowhere/report.html", None, "its folder does not exist"),
        (".", None, "is a folder"),
        ("report.html", "nope", "no assignment is called 'nope'"),
    ],
)
def test_does_a_mistake_cost_one_clear_line_and_no_file(
    target, assignment, expected, thousand, tmp_path
):
    with pytest.raises(GradingError, match=expected):
        write_report(thousand, tmp_path / target, assignment)
    assert list(tmp_path.iterdir()) == []


def test_does_an_empty_class_get_one_clear_line(tmp_path_factory, tmp_path):
    directory = fresh_directory(tmp_path_factory, tmp_path / "course")
    with pytest.raises(GradingError, match="run 'rnncourse grade'"):
        write_report(directory, tmp_path / "report.html")


def test_does_the_command_line_write_what_it_says(thousand, tmp_path, rnncourse):
    done = rnncourse("report", ASSIGNMENT, "--to", tmp_path / "r.html", "--course", thousand)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"report: {tmp_path / 'r.html'}\n"


@pytest.fixture(scope="module")
def visit(page_of_thousand):
    with served(page_of_thousand.parent) as address, chromium() as browser:
        visit = Visit(browser, address, page_of_thousand.name)
        yield visit
        visit.close()


def test_does_the_page_ask_for_nothing_and_complain_of_nothing(visit):
    loaded = visit.page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    assert visit.foreign == visit.errors == loaded == []
    policy = visit.page.evaluate("document.querySelector('meta[http-equiv]').content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_can_everyone_read_it_in_any_light_on_any_screen(visit, scheme, size):
    visit.page.set_viewport_size(size)
    visit.page.emulate_media(color_scheme=scheme, media="screen")
    assert visit.overflow() <= 0
    assert visit.barriers(rules="wcag2a wcag2aa wcag21aa best-practice") + visit.faint() == []
    background = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(re.search(r"\d+", background).group()) < 60) == (scheme == "dark")


def test_does_it_print_all_students_on_white_paper(visit):
    visit.page.emulate_media(color_scheme="dark", media="print")
    style = "getComputedStyle(document.{}).{}"
    assert visit.page.evaluate(style.format("body", "backgroundColor")) == "rgb(255, 255, 255)"
    hidden = (
        "[...document.querySelectorAll('.scroll')].filter(s => s.scrollHeight > s.clientHeight + 1)"
    )
    assert visit.page.evaluate(f"{hidden}.length") == 0
    paper = visit.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 10
    visit.page.emulate_media(color_scheme="light", media="screen")
