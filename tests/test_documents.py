"""README, CONTRIBUTING and the pages for takers and teachers: do their commands exist?"""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from rnncourse.cli import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "how-to-take.md", "how-to-teach.md")
DOCUMENTS += ("how-grading-is-safe.md", "how-grading-scales.md")
COMMANDS = get_command(app).commands


def command_lines(name):
    """The lines of the document's bash blocks."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL):
        yield from block.splitlines()


RNNCOURSE_LINES = sorted(
    {line for name in DOCUMENTS for line in command_lines(name) if "rnncourse " in line}
)


@pytest.mark.parametrize("line", RNNCOURSE_LINES)
def test_is_a_command_in_the_documents_one_that_there_is(line):
    words = shlex.split(line.split("rnncourse ", 1)[1], comments=True)
    command = COMMANDS[words[0]]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words[1:] if word.startswith("--")} <= options


@pytest.mark.parametrize("name", DOCUMENTS)
def test_is_a_make_target_in_the_documents_one_that_there_is(name):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in command_lines(name):
        words = shlex.split(line, comments=True)
        if words[:1] == ["make"]:
            assert set(words[1:]) <= targets


def test_does_make_help_list_every_target():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE).group(1).split()
    assert phony == re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_do_files_that_the_documents_link_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / target).is_file(), target


def test_does_ci_call_the_readmes_test_command():
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in set(command_lines("README.md"))


def test_do_the_documents_name_the_wheel_of_this_version():
    from rnncourse.course.assemble import wheel_name

    named = set(
        re.findall(r"rnncourse-[\w.]+?-py3-none-any\.whl", (ROOT / "how-to-take.md").read_text())
    )
    assert named == {wheel_name()}


def test_are_the_versions_pinned_without_naming_a_host():
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[\w.-]+==[\w.+]+", line), line
