"""What can be wrong with the quizzes, each as ``file:line: fault; mend``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rnncourse.course.located import Mapping, read_yaml
from rnncourse.course.source import Fault
from rnncourse.quiz import to_html

#: The quizzes of every chapter, and how many questions each asks.
SIZES = {"warm-up": 3, "closing": 6}

_CHOICE = {"question": True, "answers": True}
_ANSWER = {"text": True, "correct": False, "misconception": False, "why": True}
_NUMERIC = {"question": True, "number": True, "why": True, "wrong": False}
_WRONG_NUMBER = {"number": True, "misconception": True, "why": True}


def course_faults(root: Path) -> list[Fault]:
    """Check the quiz file of every chapter, and that none is without its chapter."""
    faults = []
    chapters = {path.stem for path in (root / "chapters").glob("*.md")}
    quizzes = {path.stem for path in (root / "quizzes").glob("*.yml")}
    for name in sorted(chapters | quizzes):
        shown = Path("quizzes") / f"{name}.yml"
        if name not in chapters:
            faults.append(
                Fault(shown, 1, "no chapter has this name", f"add chapters/{name}.md or rename")
            )
        if name not in quizzes:
            faults.append(Fault(shown, 1, "there is no such file", "write the chapter's quizzes"))
        else:
            faults += quiz_faults(root / shown, shown)
    return faults


def quiz_faults(path: Path, shown_as: Path | None = None) -> list[Fault]:
    """Check one quiz file.

    Parameters
    ----------
    path
        The file.
    shown_as
        The path that the faults show; default: ``path``.
    """
    content, faults = read_yaml(path, shown_as)
    if faults:
        return faults
    return sorted(set(_Check(shown_as or path).quizzes(content)))


class _Check:
    """Collects the faults of one file."""

    def __init__(self, path: Path):
        self.path = path
        self.faults: list[Fault] = []

    def quizzes(self, content: Any) -> list[Fault]:
        if not isinstance(content, Mapping):
            self.add(1, "no quizzes", f"write the mappings {' and '.join(SIZES)}")
            return self.faults
        for name in sorted(set(SIZES) - set(content)):
            self.add(1, f"no quiz '{name}'", f"add '{name}:' with {SIZES[name]} questions")
        for name, asked in content.items():
            line = content.lines[name]
            if name not in SIZES:
                self.add(line, f"a quiz '{name}'", f"call it {' or '.join(SIZES)}")
            elif not isinstance(asked, list) or not all(isinstance(q, Mapping) for q in asked):
                self.add(line, f"'{name}' is no list of questions", "begin each with '- question:'")
            else:
                if len(asked) != SIZES[name]:
                    self.add(line, f"'{name}' has {len(asked)} questions", f"ask {SIZES[name]}")
                for question in asked:
                    self.question(question)
        return self.faults

    def question(self, question: Mapping) -> None:
        if "number" in question:
            self.keys(question, _NUMERIC)
            self.texts(question, "question", "why")
            self.numbers(question)
        elif self.keys(question, _CHOICE):
            self.texts(question, "question")
            self.answers(question)

    def answers(self, question: Mapping) -> None:
        answers = self.mappings(question, "answers")
        line = question.lines["answers"]
        if not answers and question["answers"]:
            return
        if len(answers) < 2:
            self.add(line, "fewer than two answers", "add wrong answers that someone would give")
        right = [answer for answer in answers if answer.get("correct") is True]
        if len(right) != 1:
            self.add(line, f"{len(right)} right answers", "mark one of them 'correct: true'")
        seen: set[str] = set()
        for answer in answers:
            if not self.keys(answer, _ANSWER):
                continue
            self.texts(answer, "text", "why")
            text = str(answer["text"])
            if text in seen:
                self.add(answer.lines["text"], f"the answer '{text}' stands twice", "drop one")
            seen.add(text)
            if "correct" in answer and not isinstance(answer["correct"], bool):
                self.add(answer.lines["correct"], "neither true nor false", "write 'correct: true'")
            if answer.get("correct") is True:
                if "misconception" in answer:
                    self.add(
                        answer.lines["misconception"],
                        "a right answer with a misconception",
                        "drop the misconception",
                    )
            elif "misconception" not in answer:
                self.add(
                    answer.line, "a wrong answer without its misconception", "add 'misconception:'"
                )
            else:
                self.texts(answer, "misconception")

    def numbers(self, question: Mapping) -> None:
        self.number(question)
        seen = {question["number"]}
        for wrong in self.mappings(question, "wrong"):
            if not self.keys(wrong, _WRONG_NUMBER):
                continue
            self.number(wrong)
            self.texts(wrong, "misconception", "why")
            if wrong["number"] in seen:
                self.add(wrong.lines["number"], f"{wrong['number']} stands twice", "drop one")
            seen.add(wrong["number"])

    def number(self, mapping: Mapping) -> None:
        value = mapping["number"]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(mapping.lines["number"], f"'{value}' is no number", "write digits alone")
            mapping["number"] = str(value)  # so that it can be compared

    def mappings(self, mapping: Mapping, key: str) -> list[Mapping]:
        """The items of a list of mappings; none if it is anything else."""
        items = mapping.get(key, [])
        if isinstance(items, list) and all(isinstance(item, Mapping) for item in items):
            return items
        self.add(mapping.lines[key], f"'{key}' is no list of mappings", "begin each with '- '")
        return []

    def keys(self, mapping: Mapping, known: dict[str, bool]) -> bool:
        """Check a mapping's keys (True: needed); False if a needed one is missing."""
        for key in mapping:
            if key not in known:
                self.add(mapping.lines[key], f"unknown key '{key}'", f"use {', '.join(known)}")
        missing = [key for key, needed in known.items() if needed and key not in mapping]
        for key in missing:
            self.add(mapping.line, f"no '{key}'", f"add '{key}:'")
        return not missing

    def texts(self, mapping: Mapping, *keys: str) -> None:
        for key in keys:
            if key not in mapping:
                continue
            text = mapping[key]
            is_number = isinstance(text, int | float) and not isinstance(text, bool)
            if not is_number and not (isinstance(text, str) and text.strip()):
                self.add(mapping.lines[key], f"'{key}' is no text", "write a sentence, in quotes")
                continue
            try:
                shown = to_html(str(text))
            except Exception as error:
                self.add(mapping.lines[key], f"math that cannot be read ({error!r})", "mend it")
                continue
            if "`" in shown or ("&#36;" in shown and "\\$" not in str(text)):
                self.add(mapping.lines[key], f"an unpaired ` or $ in '{key}'", "pair or escape it")

    def add(self, line: int, fault: str, mend: str) -> None:
        self.faults.append(Fault(self.path, line, fault, mend))
