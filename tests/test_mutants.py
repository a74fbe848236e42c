"""Automatic mutants: which are made, which are skipped, and how a mark finds them."""

import ast

import pytest
from cosmic_ray.mutating import mutate_code

from rnncourse.course import mutants as mutants_module
from rnncourse.course.mutants import mark_key, mutants

OWN = [
    mutants_module.NumberReplacer,
    mutants_module.ReplaceAugmentedAssignment,
    mutants_module.DropKeyword,
    mutants_module.DropCall,
    mutants_module.DropTranspose,
    mutants_module.DropStatement,
]

ANSWER = '''\
def step(x, h, W, n=1):
    """Advance 1 + 1 steps.

    x: (batch, 3).
    """
    if n < 1 and not h.size:
        raise ValueError(f"n is {n + 1}")
    h = np.asarray(h)
    total: int = 0
    for t in range(n):
        h = np.tanh(x @ W.T + h)  # (batch, units)
        total += h.sum(axis=-1)
    return -total
'''


def body(*lines):
    return "def f(x):\n" + "".join(f"    {line}\n" for line in lines)


def lines_of(source):
    return [mutant.mutated for mutant in mutants(source)]


@pytest.mark.parametrize(
    ("operator", "example"),
    [
        pytest.param(operator, example, id=f"{operator.__name__}-{example.post_mutation_code}")
        for operator in OWN[1:]
        for example in operator.examples()
    ],
)
def test_do_our_operators_do_what_their_examples_say(operator, example):
    mutated = mutate_code(example.pre_mutation_code, operator(), example.occurrence)
    assert mutated == example.post_mutation_code


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return x[1:-2]", ["x[2:-2]", "x[0:-2]", "x[1:-3]", "x[1:-1]", "x[1:2]"]),
        ("return x + 1", ["x - 1", "x * 1", "x + 2", "x + 0"]),
        ("return x // y", ["x / y", "x * y", "x % y"]),
        ("return x <= y", ["x < y", "x >= y"]),
        ("return a if x else b", ["a if not x else b"]),
        ("return x and True", ["x or True", "x and False"]),
        ("return x.max(axis=0)", ["x.max()", "x.max(axis=1)", "x.max(axis=-1)"]),
        ("return np.exp(x)", ["(x)"]),
        ("return x.copy()", ["x"]),
        ("return x.T", ["x"]),
    ],
)
def test_are_the_usual_slips_made(line, expected):
    made = lines_of(body(line))
    for text in expected:
        assert f"return {text}" in made
    assert f"pass  # {line}" in made
    assert len(made) == len(expected) + 1


def test_are_loops_and_updates_mutated():
    made = lines_of(
        body(
            "for t in x:", "    if t:", "        break", "    s += t", "    out[t] = s", "return s"
        )
    )
    for line in ("for t in []:", "continue", "s = t", "s -= t", "if not t:", "pass  # out[t] = s"):
        assert line in made


def test_is_every_mutant_a_new_program_that_differs_in_the_line_it_names():
    found = mutants(ANSWER)
    programs = {ast.dump(ast.parse(mutant.source)) for mutant in found}
    assert len(programs) == len(found) > 20
    assert ast.dump(ast.parse(ANSWER)) not in programs
    for mutant in found:
        assert ANSWER.splitlines()[mutant.line - 1].strip() == mutant.original
        assert mutant.source.splitlines()[mutant.line - 1].strip() == mutant.mutated
        assert mutant.original != mutant.mutated


def test_does_the_same_answer_give_the_same_mutants():
    assert mutants(ANSWER) == mutants(ANSWER)


def test_does_a_missing_line_end_lose_no_mutant():
    assert lines_of(ANSWER) == lines_of(ANSWER.rstrip("\n"))


@pytest.mark.parametrize("place", ["def step", '"""Advance', "x: (batch", "n is"])
def test_are_signature_docstring_and_messages_left_alone(place):
    changed = [
        mutant
        for mutant in mutants(ANSWER)
        if place in mutant.original and not mutant.mutated.startswith("pass  #")
    ]
    assert not changed


def test_are_type_hints_left_alone():
    made = lines_of(body("n: Annotated[int, 3 + 4] = x", "return n"))
    assert all(line.startswith("pass  #") for line in made)


def test_are_conversions_left_alone():
    assert "h = (h)" not in lines_of(ANSWER)


def test_does_an_index_keep_its_look():
    assert "return x[:, 2]" in lines_of(body("return x[:, 1]"))


def test_does_a_mark_survive_reformatting():
    assert mark_key("return  x[1 :]") == mark_key("return x[1:]")
    assert mark_key("return x[1:]") != mark_key("return x[2:]")
