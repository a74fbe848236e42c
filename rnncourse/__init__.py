"""The helper package of the course on recurrent neural networks.

What lives where
----------------
``checks``, ``data``, ``plots``, ``quiz``, ``sound``
    What the chapters import. Light: TensorFlow and matplotlib load only when used.
``keras``
    Keras itself, imported without TensorFlow's start-up messages.
``check``
    `rnncourse check`: a student's look at their own notebook.
``course``
    For authors: chapters and solutions become the site, the student notebooks and the
    graded source; ``verify`` tells whether an exercise's tests are good enough.
``grading``
    For instructors: grade many submissions, give feedback, export marks.
``cli``
    The command line: one function call a command.
"""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "keras":  # only now: importing it takes seconds
        from rnncourse._keras import load_keras

        return load_keras()
    raise AttributeError(f"module 'rnncourse' has no attribute '{name}'")
