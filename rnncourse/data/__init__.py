"""The data sets of the chapters: generated, or bundled with a package that is installed anyway.

Nothing is downloaded. A generator that draws random numbers takes a ``numpy`` ``Generator``,
so that the same seed gives the same data.

Each module holds one kind of data; a chapter imports this face alone:
``from rnncourse import data``. A data set's docstring is its card: what it is, how it was
made, its size and its licence.
"""

from rnncourse.data._images import digits
from rnncourse.data._series import nile, noisy_sines, sine
from rnncourse.data._tasks import adding_problem, bracketed_text, local_maxima, padded_recall
from rnncourse.data._text import spelled_numbers

__all__ = [
    "adding_problem",
    "bracketed_text",
    "digits",
    "local_maxima",
    "nile",
    "noisy_sines",
    "padded_recall",
    "sine",
    "spelled_numbers",
]
