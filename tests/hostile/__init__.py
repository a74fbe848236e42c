"""Hostile and broken submissions, one a file: what each tries, and what must happen.

A file's docstring says both. Whatever it does not say, its exercises are wrong: each point is
unearned, and so is each line of a test, each file of the course, each word of another student
that it gets to see. A function that is wrong is right for the inputs of the visible tests, which
everybody knows. ``hostile_class.py`` makes a class of them; ``test_hostile.py`` grades it.

What a file may set
-------------------
``FIRST``, ``LAST``
    A code cell before the first exercise, and one after the last.
``ANSWERS``
    Exercise -> the text of its cell.
``EARNED``
    The exercises that are right and must get their points; None: whatever they get is right.
``FILES``
    Path -> content, to lie beside the notebook.
``STUDENT``
    The name of the student's folder; default: the name of the file.
``edit(notebook, cell)``
    Changes the notebook; ``cell(grade_id)`` finds a cell. It may return text or bytes, which are
    handed in instead.
``hand_in(folder, name, text)``
    Puts what it likes into the folder.
``GRADED``
    False: it must be refused with a clear line. None: it may be refused.
``VERDICT``
    A pattern that the verdict must hold.

A submission that gets what it is after prints ``REACHED``. In its texts ``<<token>>`` stands for
a word that is new in each run: a file, a process or an element of a page that has it is a trace.
``<<number>>`` is the same as digits; ``<<course>>``, ``<<secret>>`` and ``<<socket>>`` are Python
expressions for the course directory, a secret file beside it, and a listening socket; ``<<port>>``
is where a server listens.
"""
