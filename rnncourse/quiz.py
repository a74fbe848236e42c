"""Show a chapter's self-check questions: ``quiz.show("01_sequences", "warm-up")``.

The questions stand in ``quizzes/NN_name.yml``. jupyterquiz draws them; ``quiz.css`` and
``quiz.js`` beside this file add what it lacks: labels, announced feedback, a button where
a number is typed, colours with enough contrast in light and dark, widths of 375 px. All of
it travels in the cell's output, so a quiz works on a page and in a notebook, with no kernel
and no network.
"""

from __future__ import annotations

import html
import re
import secrets
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from rnncourse.mathml import to_mathml

__all__ = ["questions", "render", "show", "to_html"]

_HERE = resources.files("rnncourse")
_MARKUP = re.compile(
    r"(?P<escaped>\\[\\`*$])"
    r"|`(?P<code>[^`]+)`"
    r"|\$(?P<math>(?:[^$\\]|\\.)+)\$"
    r"|\*\*(?P<strong>.+?)\*\*"
    r"|(?<!\w)\*(?P<emphasis>[^*\s](?:[^*]*[^*\s])?)\*(?!\w)"
)
#: jupyterquiz's colours, given over to quiz.css, which knows the page's theme.
_COLOURS = {
    "--jq-multiple-choice-bg": "transparent",
    "--jq-numeric-bg": "transparent",
    "--jq-mc-button-bg": "var(--quiz-choice)",
    "--jq-mc-button-border": "var(--quiz-border)",
    "--jq-mc-button-inset-shadow": "transparent",
    "--jq-numeric-input-bg": "var(--quiz-choice)",
    "--jq-numeric-input-label": "var(--quiz-text)",
    "--jq-numeric-input-shadow": "transparent",
    "--jq-incorrect-color": "var(--quiz-wrong)",
    "--jq-correct-color": "var(--quiz-right)",
    "--jq-text-color": "var(--quiz-text)",
    "--jq-link-color": "var(--quiz-text)",
}


def show(chapter: str, quiz: str) -> None:
    """Display a quiz below the cell.

    Parameters
    ----------
    chapter
        The chapter's file stem, such as ``"01_sequences"``.
    quiz
        ``"warm-up"`` or ``"closing"``.

    Raises
    ------
    LookupError
        If there is no such chapter or quiz.
    """
    from IPython.display import display

    asked = _load(chapter, quiz)
    display(
        {
            "text/html": render(asked, f"{quiz} quiz".capitalize()),
            "text/plain": f"The {quiz} quiz: {len(asked)} questions.",
        },
        raw=True,
    )


def render(asked: list[dict[str, Any]], label: str = "Quiz") -> str:
    """Make the HTML of a quiz: its styles, its script and an element that the script fills.

    Parameters
    ----------
    asked
        Questions as they stand in a quiz file.
    label
        What a screen reader calls the quiz.
    """
    from jupyterquiz.dynamic.loader import load_questions_script
    from jupyterquiz.dynamic.renderer import build_script, build_styles, render_div

    name = f"quiz_{secrets.token_hex(6)}"
    prefix, static, url = load_questions_script(questions(asked), name)
    place = render_div(name, False, True, False, len(asked), 800, 6, "left")
    script = build_script(prefix, static, url, name, load_js=True)
    mend = (_HERE / "quiz.js").read_text(encoding="utf-8")
    # jupyterquiz would fetch MathJax from afar and log its every step: it sees neither here
    script = (
        f"(function (MathJax, console) {{\n{script}\n{mend}\nmend({name!r});\n}})"
        "(undefined, {log() {}, error: window.console.error});"
    )
    style = build_styles(name, _COLOURS).removesuffix("</style>")
    style += (_HERE / "quiz.css").read_text(encoding="utf-8") + "</style>"
    return (
        f'<div class="rnn-quiz" role="group" aria-label="{html.escape(label)}">\n'
        f"{style}\n{place}</div>\n<noscript>This quiz needs JavaScript.</noscript>\n"
        # a closing tag in a text would end the script early
        f"<script>{re.sub('</(?=script)', '<' + chr(92) + '/', script)}</script>\n</div>"
    )


def questions(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turn the questions of a quiz file into jupyterquiz's.

    The names of the misconceptions stay behind: they are for authors.
    """
    return [_numeric(one) if "number" in one else _choice(one) for one in asked]


def to_html(text: str) -> str:
    """Turn inline Markdown (code, math, strong, emphasis) into HTML that needs no MathJax."""
    parts = []
    end = 0
    for match in _MARKUP.finditer(text):
        parts += [_plain(text[end : match.start()]), _marked(match)]
        end = match.end()
    return "".join([*parts, _plain(text[end:])])


def _load(chapter: str, quiz: str) -> list[dict[str, Any]]:
    import yaml

    checkout = Path(__file__).parents[1] / "quizzes"
    folder: Traversable = checkout if checkout.is_dir() else _HERE / "quizzes"
    file = folder / f"{chapter}.yml"
    if not file.is_file():
        raise LookupError(f"no quizzes for the chapter '{chapter}'")
    quizzes = yaml.safe_load(file.read_text(encoding="utf-8"))
    if quiz not in quizzes:
        raise LookupError(f"{chapter} has no quiz '{quiz}', only: {', '.join(quizzes)}")
    return quizzes[quiz]


def _choice(asked: dict[str, Any]) -> dict[str, Any]:
    answers = [
        {
            "answer": to_html(str(answer["text"])),
            "correct": bool(answer.get("correct")),
            "feedback": _feedback(bool(answer.get("correct")), answer["why"]),
        }
        for answer in asked["answers"]
    ]
    return {
        "type": "multiple_choice",
        "question": to_html(asked["question"]),
        "answers": answers,
        "answer_cols": 1,
    }


def _numeric(asked: dict[str, Any]) -> dict[str, Any]:
    answers = [_number(asked["number"], True, asked["why"])]
    answers += [_number(wrong["number"], False, wrong["why"]) for wrong in asked.get("wrong", ())]
    answers.append({"type": "default", "feedback": _feedback(False, "Try once more.")})
    return {"type": "numeric", "question": to_html(asked["question"]), "answers": answers}


def _number(number: float, correct: bool, why: str) -> dict[str, Any]:
    """An integer must be met exactly; a decimal to the digits that are given."""
    answer: dict[str, Any] = {"correct": correct, "feedback": _feedback(correct, why)}
    if isinstance(number, int):
        return answer | {"type": "value", "value": number}
    written = Decimal(repr(number))
    half = Decimal((0, (5,), int(written.as_tuple().exponent) - 1))
    return answer | {"type": "range", "range": [float(written - half), float(written + half)]}


def _feedback(correct: bool, why: str) -> str:
    return f"<strong>{'Right.' if correct else 'Not yet.'}</strong> {to_html(why)}"


def _marked(match: re.Match[str]) -> str:
    kind, inner = match.lastgroup, match[match.lastgroup or 0]
    if kind == "code":
        return f"<code>{_plain(inner)}</code>"
    if kind == "math":
        return to_mathml(inner)
    if kind == "strong":
        return f"<strong>{to_html(inner)}</strong>"
    if kind == "emphasis":
        return f"<em>{to_html(inner)}</em>"
    return _plain(inner[1:])


def _plain(text: str) -> str:
    """Escape HTML, and what jupyterquiz would take for math or a link."""
    return html.escape(text).replace("$", "&#36;").replace("[", "&#91;")
