"""From quizzes/*.yml to what a reader answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncourse import quiz
from rnncourse.course.quizzes import course_faults, quiz_faults

CHOICE = {
    "question": "What is $h_t$?",
    "answers": [
        {"text": "a state", "correct": True, "why": "It is kept."},
        {
            "text": "a weight",
            "misconception": "takes states for weights",
            "why": "It is *not* learned.",
        },
    ],
}
NUMERIC = {
    "question": "How many?",
    "number": 1088,
    "why": "32 times 34.",
    "wrong": [
        {"number": 1120, "misconception": "one bias a step", "why": "One bias serves all steps."}
    ],
}


def test_does_every_choice_keep_its_own_explanation():
    (asked,) = quiz.questions([CHOICE])
    assert [answer["feedback"] for answer in asked["answers"]] == [
        "<strong>Right.</strong> It is kept.",
        "<strong>Not yet.</strong> It is <em>not</em> learned.",
    ]
    assert [answer["correct"] for answer in asked["answers"]] == [True, False]


def test_does_a_known_wrong_number_get_its_own_explanation_and_any_other_a_second_try():
    (asked,) = quiz.questions([NUMERIC])
    right, wrong, other = asked["answers"]
    assert (right["value"], right["correct"]) == (1088, True)
    assert (wrong["value"], wrong["correct"]) == (1120, False)
    assert "One bias serves" in wrong["feedback"]
    assert other["type"] == "default"


@pytest.mark.parametrize(
    ("number", "low", "high"), [(0.21, 0.205, 0.215), (-1.5, -1.55, -1.45), (1e-06, 5e-07, 1.5e-06)]
)
def test_is_a_decimal_right_to_the_digits_that_are_given(number, low, high):
    (asked,) = quiz.questions([{"question": "?", "number": number, "why": "."}])
    assert asked["answers"][0]["range"] == pytest.approx([low, high])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`x[:, 0]`", "<code>x&#91;:, 0]</code>"),
        ("**all** of *it*", "<strong>all</strong> of <em>it</em>"),
        ("a < b & c", "a &lt; b &amp; c"),
        (r"costs \$5, not \*", "costs &#36;5, not *"),
        ("2*3*4 and `a*b*c`", "2*3*4 and <code>a*b*c</code>"),
    ],
)
def test_does_inline_markdown_become_html(text, expected):
    assert quiz.to_html(text) == expected


def test_does_math_become_mathml_which_needs_no_script():
    html = quiz.to_html("so $h_t$ follows")
    assert "<math" in html
    assert "<msub><mi>h</mi><mi>t</mi></msub>" in html
    assert "$" not in html


@given(st.text(alphabet=st.sampled_from("ab <>&\"'[]()*`\\/\n")))
def test_can_no_text_smuggle_in_a_tag(text):
    html = quiz.to_html(text)
    for known in ("code", "strong", "em"):
        html = html.replace(f"<{known}>", "").replace(f"</{known}>", "")
    assert "<" not in html


def test_do_the_names_of_misconceptions_stay_out_of_the_page():
    html = quiz.render([CHOICE, NUMERIC])
    assert "takes states for weights" not in html
    assert "One bias serves all steps." in html


def test_does_a_quiz_name_no_other_host_that_it_could_load_from():
    """jupyterquiz knows one, and asks it only where it sees a MathJax; here it sees none."""
    html = quiz.render([CHOICE])
    assert html.count("(function (MathJax, console) {") == 1
    assert "})(undefined, {log() {}" in html
    assert "src=" not in html.split("<script>")[0]


def test_can_a_text_not_end_the_script_early():
    html = quiz.render([CHOICE | {"question": "Is `</script>` safe?"}])
    assert html.count("</script") == 1


def test_does_show_display_a_quiz_of_the_course(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    quiz.show("01_sequences", "warm-up")
    (data,) = shown
    assert 'aria-label="Warm-up quiz"' in data["text/html"]
    assert data["text/plain"] == "The warm-up quiz: 3 questions."


@pytest.mark.parametrize(
    ("chapter", "name", "said"),
    [
        ("99_none", "warm-up", "no quizzes for the chapter '99_none'"),
        ("01_sequences", "final", "'final'"),
    ],
)
def test_does_a_wrong_name_say_what_there_is(chapter, name, said):
    with pytest.raises(LookupError, match=said):
        quiz.show(chapter, name)


def test_are_the_quizzes_of_the_course_without_fault(root):
    assert course_faults(root) == []


BAD = """\
warm-up:
  - question: How many?
    answers:
      - text: one
        correct: true
        why: It is so.
        misconception: none
      - text: two
        why: ""
      - text: two
        misconception: doubles
        why: yes
  - question: Which $h_t
    number: many
    why: because
    worng: 3
closing:
  - question: A
    answers: [a, b]
extra: []
"""


def test_are_all_faults_of_a_file_reported_at_once_with_their_lines(tmp_path):
    file = tmp_path / "bad.yml"
    file.write_text(BAD)
    found = [str(fault) for fault in quiz_faults(file, Path("quizzes/bad.yml"))]
    assert found == [
        "quizzes/bad.yml:1: 'warm-up' has 2 questions; ask 3",
        "quizzes/bad.yml:7: a right answer with a misconception; drop the misconception",
        "quizzes/bad.yml:8: a wrong answer without its misconception; add 'misconception:'",
        "quizzes/bad.yml:9: 'why' is no text; write a sentence, in quotes",
        "quizzes/bad.yml:10: the answer 'two' stands twice; drop one",
        "quizzes/bad.yml:12: 'why' is no text; write a sentence, in quotes",
        "quizzes/bad.yml:13: an unpaired ` or $ in 'question'; pair or escape it",
        "quizzes/bad.yml:14: 'many' is no number; write digits alone",
        "quizzes/bad.yml:16: unknown key 'worng'; use question, number, why, wrong",
        "quizzes/bad.yml:17: 'closing' has 1 questions; ask 6",
        "quizzes/bad.yml:19: 'answers' is no list of mappings; begin each with '- '",
        "quizzes/bad.yml:20: a quiz 'extra'; call it warm-up or closing",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\n", "bad.yml:2: not YAML"),
        ("warm-up: []\nwarm-up: []\n", "bad.yml:2: not YAML: the key 'warm-up' stands twice"),
        ("- 1\n", "bad.yml:1: no quizzes"),
    ],
)
def test_is_a_file_that_is_no_quiz_a_fault_and_no_crash(tmp_path, text, said):
    file = tmp_path / "bad.yml"
    file.write_text(text)
    assert str(quiz_faults(file, Path("bad.yml"))[0]).startswith(said)


def test_do_a_missing_and_a_stray_quiz_file_count_as_faults(tmp_path):
    for folder in ("chapters", "quizzes"):
        (tmp_path / folder).mkdir()
    (tmp_path / "chapters" / "01_a.md").touch()
    (tmp_path / "quizzes" / "02_b.yml").write_text("warm-up: []\nclosing: []\n")
    found = [str(fault) for fault in course_faults(tmp_path)]
    assert "quizzes/01_a.yml:1: there is no such file; write the chapter's quizzes" in found
    assert found[1].startswith("quizzes/02_b.yml:1: no chapter has this name")
