"""From glossary.yml to terms that chapters can link."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnncourse.course.glossary import Term, read_glossary

GOOD = """\
- term: cell state
  ja: セル状態
  definition: What an LSTM keeps beside its state.

- term: hidden state
  ja: 隠れ状態
  also: [recurrent state]
  also_ja: [内部状態]
  contrast: cell state
  definition: >
    What a network
    remembers.
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        file = tmp_path / "glossary.yml"
        file.write_text(text, encoding="utf-8")
        terms, faults = read_glossary(file, Path("glossary.yml"))
        return terms, [str(fault) for fault in faults]

    return read_text


def test_does_a_term_carry_all_that_it_may_be_called(read):
    terms, faults = read(GOOD)
    assert faults == []
    assert terms[1] == Term(
        term="hidden state",
        ja="隠れ状態",
        definition="What a network remembers.",
        line=5,
        also=("recurrent state",),
        also_ja=("内部状態",),
        contrast="cell state",
    )
    assert terms[1].names == ("hidden state", "recurrent state", "隠れ状態", "内部状態")


def test_may_a_name_be_the_same_in_both_languages(read):
    terms, faults = read("- {term: Keras, ja: Keras, definition: A library.}\n")
    assert faults == []
    assert terms[0].names == ("Keras",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            GOOD.replace("cell state\n  ja", "zoo\n  ja"),
            "glossary.yml:5: 'hidden state' stands after",
        ),
        (
            GOOD.replace("contrast: cell", "contrast: sell"),
            "glossary.yml:5: the contrast 'sell",
        ),
        (
            GOOD.replace("内部状態", "セル状態"),
            "glossary.yml:5: 'セル状態' stands for 'cell",
        ),
        (GOOD.replace("recurrent state", "Cell State"), "glossary.yml:5: 'Cell State' stands for"),
        (GOOD.replace("  ja: 隠れ状態\n", ""), "glossary.yml:5: no 'ja'; add 'ja: ...'"),
        (GOOD.replace("ja: 隠れ状態", "ja:"), "glossary.yml:6: no 'ja'; add 'ja: ...'"),
        (GOOD.replace("also_ja", "ja_also"), "glossary.yml:8: unknown key 'ja_also'"),
        (GOOD.replace("[recurrent state]", "recurrent"), "glossary.yml:7: 'also' is no list"),
        (GOOD + "  term: again\n", "glossary.yml:13: not YAML: the key 'term' stands twice"),
        ("terms: []\n", "glossary.yml:1: no list of terms"),
        ("- hidden state\n", "glossary.yml:1: 'hidden state' is no term"),
    ],
)
def test_does_a_fault_say_where_it_is(read, text, expected):
    _, faults = read(text)
    assert [fault for fault in faults if fault.startswith(expected)], faults


def test_is_a_file_of_comments_an_empty_glossary(read):
    assert read("# nothing yet\n") == ([], [])


def test_is_the_glossary_of_the_course_without_fault(root):
    terms, faults = read_glossary(root / "glossary.yml", Path("glossary.yml"))
    assert faults == []
    assert len(terms) >= 20
