"""The data sets of the chapters: generated, or bundled with a package that is installed anyway.

Nothing is downloaded. A generator that draws random numbers takes a ``numpy`` ``Generator``,
so that the same seed gives the same data.

Each module holds one kind of data; a chapter imports this face alone:
``from rnncourse import data``. A data set's docstring is its card: what it is, how it was
made, its size and its licence.
"""

from rnncourse.data._series import nile, sine
from rnncourse.data._tasks import adding_problem

__all__ = ["adding_problem", "nile", "sine"]
