"""nbgrader's formgrader, in a real browser, on a class that was graded by us."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from browser import chromium
from grading_class import ASSIGNMENT, RIGHT, cell_of, graded_class, notebook_of, submit

from rnncourse.grading.reporting import Row

pytestmark = pytest.mark.xdist_group("grading")


@contextmanager
def formgrader(directory: Path) -> Iterator[str]:
    """Serve a course directory as an instructor does; yields the address of the formgrader."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--ServerApp.port={port}", "--ServerApp.token=x", "--no-browser", "--allow-root"]
    server = subprocess.Popen(
        [sys.executable, "-m", "notebook", *options],
        cwd=directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/formgrader"
    try:
        _wait_for(f"{address}?token=x", seconds=90)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    """The graded class, and one who came late and asks where the code runs."""
    place = tmp_path_factory.mktemp("formgrader") / "course"
    shutil.copytree(graded_class(tmp_path_factory).directory, place)
    notebook = notebook_of(place, RIGHT)
    cell_of(notebook, "double").source += "\nimport os\nprint('running in', os.getcwd())"
    submit(place, "latecomer", notebook)
    return place


@pytest.fixture(scope="module")
def page(directory):
    with formgrader(directory) as address, chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}?token=x")
        page.goto(f"{address}/manage_submissions/{ASSIGNMENT}")
        page.wait_for_selector("text=latecomer")
        yield page


def row_of(page, student: str):
    return page.locator("tr", has=page.locator(".student-id", has_text=student)).first


def test_does_the_formgrader_show_the_marks_of_the_class(page, tmp_path_factory):
    rows: tuple[Row, ...] = graded_class(tmp_path_factory).report.rows
    marked = [row for row in rows if row.score is not None]
    assert marked
    for row in marked:
        assert f"{row.score:g} / {row.max_score:g}" in row_of(page, row.student).inner_text()


def test_does_its_button_grade_in_the_sandbox(page, directory):
    row_of(page, "latecomer").locator(".autograde a").click()
    page.wait_for_selector("text=Successfully autograded")
    path = directory / "autograded" / "latecomer" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    assert cell_of(notebook, "double").outputs[0].text == "running in /tmp/work\n"
    page.reload()
    page.wait_for_selector("text=latecomer")
    assert "5 / 6" in row_of(page, "latecomer").inner_text()
