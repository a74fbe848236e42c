"""Runs a submission in a sandbox and judges it from outside.

Three processes for a submission, all forks of one warm process that has imported the packages
and run nothing::

    worker ── task ──▶ judge ── cells, calls as plain data ──▶ student
       ▲                 │    ◀── outputs, values as plain data ──┘
       └──── results ────┘
       ◀──── how it ended, memory, processor time ── guard (of the student)

What lives where
----------------
``wire``
    Values and messages as bytes, without pickle: all that a student's process can send us.
``keras_wire``
    The same for Keras models and layers: configuration and weights, nothing that runs.
``syscalls``
    Which system calls a student's process may not make.
``walls``
    The two walls: bubblewrap around the warm process, namespaces and limits around a student.
``warm``
    The warm process: forks a judge, a guard and a student for each submission.
``student``
    The student's side: an IPython shell that runs cells and answers calls.
``judge``
    The judge's side: runs the tests, with proxies under the names of the exercises.
``casebook``
    What the tests ask of an exercise, and what known answers give; made once a worker.
``diagnosis``
    Which known misconception an answer behaves like.
"""
