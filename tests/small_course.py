"""A course of one tiny chapter, for tests that must break things or be fast."""

from __future__ import annotations

from pathlib import Path

HEADER = """\
---
jupytext:
  notebook_metadata_filter: -jupytext.text_representation.jupytext_version
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""

CHAPTER = (
    HEADER
    + '''
(doubling)=
# Doubling

We double numbers, with a {term}`neuron` in mind.

```{code-cell} ipython3
:tags: [setup]

import numpy as np

from rnncourse import checks
```

(doubling-once)=
## Once

:::{exercise} Double
:label: ex-double

Write `double(x)`: twice every element of `x`, which has shape `(batch,)`.
:::

```{code-cell} ipython3
:exercise: double

def double(x):
    """Double an array.

    x: (batch,). Returns: (batch,).
    """
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: double
:points: 2

checks.close(double(np.array([1.0, 2.0])), [2.0, 4.0], "double(x)", "Is each element doubled?")
```

```{code-cell} ipython3
demo_value = double(np.array([21.0]))
print(demo_value)
```

(doubling-twice)=
## Twice

:::{exercise} Quadruple
:label: ex-quadruple

Write `quadruple(x)`, which calls `double` twice.
:::

```{code-cell} ipython3
:exercise: quadruple

def quadruple(x):
    """Four times an array. x: (batch,). Returns: (batch,)."""
    raise NotImplementedError
```

```{code-cell} ipython3
:tests: quadruple
:points: 3

checks.close(quadruple(np.array([1.0])), [4.0], "quadruple(x)", "Is double called twice?")
```

:::{exercise} Why?
:label: ex-why_double

Why does doubling twice quadruple? Rubric: 1 point for the product.
:::

+++ {"exercise": "why_double", "points": 1}

*Your answer here.*

+++

(doubling-summary)=
## Summary

Doubling doubles.
'''
)

SOLUTIONS = """\
# %% answer double
def double(x):
    # the sum of an array with itself is twice the array
    doubled_array = np.asarray(x) + x
    return doubled_array


# %% hidden double
_hidden_inputs = np.random.default_rng().normal(size=70)
checks.close(
    double(_hidden_inputs), [2 * value for value in _hidden_inputs], hint="Each element doubles."
)

# %% also-correct double
def double(x):
    return np.array([2 * element for element in x])


# %% also-correct double
def double(x):
    return np.multiply(x, 2.0)


# %% misconception double
# hint: Squaring and doubling agree at two only.
def double(x):
    return x**2


# %% misconception double
# hint: Adding two is not doubling.
def double(x):
    return x + 2


# %% misconception double
# hint: Each element is doubled on its own; nothing is summed.
def double(x):
    return 2 * np.sum(x) + 0 * x


# %% misconception double
# hint: The sign must survive.
def double(x):
    return 2 * np.abs(x)


# %% misconception double
# hint: The numbers need not be whole.
def double(x):
    return 2 * np.round(x)


# %% misconception double
# hint: Every element counts, the last one too.
def double(x):
    return 2 * np.asarray(x)[:-1]


# %% answer quadruple
def quadruple(x):
    return double(double(x))


# %% hidden quadruple
_hidden_fours = np.random.default_rng().normal(size=50)
checks.close(quadruple(_hidden_fours), _hidden_fours / 0.25, hint="Four times each element.")

# %% also-correct quadruple
def quadruple(x):
    once_doubled = double(x)
    return once_doubled + once_doubled


# %% also-correct quadruple
def quadruple(x):
    return 4.0 * np.asarray(x)


# %% misconception quadruple
# hint: Doubling once gives twice the input.
def quadruple(x):
    return double(x)


# %% misconception quadruple
# hint: Three doublings make eight.
def quadruple(x):
    return double(double(double(x)))


# %% misconception quadruple
# hint: A fourth power is not a fourfold.
def quadruple(x):
    return np.asarray(x) ** 4


# %% misconception quadruple
# hint: Adding four is not multiplying by four.
def quadruple(x):
    return np.asarray(x) + 4


# %% misconception quadruple
# hint: Return all elements.
def quadruple(x):
    return double(double(x))[:1]


# %% misconception quadruple
# hint: The sign must survive.
def quadruple(x):
    return np.abs(double(double(x)))


# %% answer why_double [markdown]
# Because $2 \\cdot 2 = 4$. Rubric: 1 point for the product.
"""

CONFIG = "title: A small course\nhtml:\n  baseurl: ''\nrepository:\n  url: ''\n"

GLOSSARY = """\
- term: neuron
  ja: ニューロン
  definition: A unit that adds up its inputs.
"""

_QUESTION = """\
  - question: What is {n} doubled?
    answers:
      - text: "{twice}"
        correct: true
        why: It is {n} and {n}.
      - text: "{n}"
        misconception: doubling keeps a number
        why: That is the number itself.
"""


def _questions(count: int) -> str:
    return "".join(_QUESTION.format(n=n, twice=2 * n) for n in range(1, count + 1))


QUIZZES = f"warm-up:\n{_questions(3)}closing:\n{_questions(6)}"


def write_small_course(
    root: Path, chapter: str = CHAPTER, solutions: str | None = SOLUTIONS
) -> Path:
    """Write the course below ``root``; without solutions it is the public copy."""
    (root / "chapters").mkdir(parents=True, exist_ok=True)
    (root / "quizzes").mkdir(exist_ok=True)
    (root / "chapters" / "01_doubling.md").write_text(chapter, encoding="utf-8")
    if solutions is not None:
        (root / "solutions").mkdir(exist_ok=True)
        (root / "solutions" / "01_doubling.py").write_text(solutions, encoding="utf-8")
    (root / "quizzes" / "01_doubling.yml").write_text(QUIZZES, encoding="utf-8")
    (root / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (root / "glossary.yml").write_text(GLOSSARY, encoding="utf-8")
    (root / "references.bib").write_text("", encoding="utf-8")
    return root
