"""For authors: what becomes of a chapter and its solutions.

What lives where
----------------
``source``
    Reads chapters and solutions files into dataclasses.
``faults``
    What can be wrong with them, each as ``file:line: fault; mend``.
``assemble``
    Chapter + solutions -> solved notebook, student notebook, graded source.
``plain``
    MyST Markdown -> the plain Markdown that JupyterLab and Colab render.
``execute``
    Runs the solved notebooks and stores their outputs for the book.
``site``
    The whole way to ``_build/html`` and ``_build/release``.
``verify``, ``mutants``, ``trial``
    Are an exercise's tests good enough?
``quizzes``, ``glossary``, ``sphinx_ext``
    What the book shows beside the chapters.
"""

from rnncourse.course.source import (
    Chapter,
    Course,
    CourseError,
    Fault,
    find_root,
    read_course,
)

__all__ = ["Chapter", "Course", "CourseError", "Fault", "find_root", "read_course"]
