"""Stock nbgrader, set up for this course; its commands work from the root of the checkout."""

from pathlib import Path

from rnncourse.grading import configure

c = get_config()  # noqa: F821
configure(c, Path(__file__).parent / "course")
