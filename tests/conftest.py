"""What several test files share: the course, the built site, a clean environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from rnncourse.course import Course, find_root, read_course

# at home, new examples each time; CI's verdict must not depend on which were drawn
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

ROOT = find_root(Path(__file__).parent)

# nbgrader calls alembic, and tests call rnncourse: both stand beside this Python
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def course(root) -> Course:
    return read_course(root)


@pytest.fixture(scope="session")
def site(root) -> Path:
    """The built site. `make test` builds it before the tests; a bare pytest asks for it."""
    html = root / "_build" / "html"
    if not (html / "index.html").is_file():
        pytest.fail("there is no site in _build/html: run make site, then the tests")
    return html


@pytest.fixture(scope="module")
def keras():
    """Keras, drawing the same weights in every run."""
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    return keras


@pytest.fixture
def rnncourse(tmp_path):
    """Run the command line as a user would; returns the finished process."""

    def run(*arguments, cwd=ROOT, **options):
        return subprocess.run(
            [str(Path(sys.executable).parent / "rnncourse"), *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            text=True,
            **options,
        )

    return run
