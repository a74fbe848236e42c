"""Choose a student's name with spaces, quotes, semicolons and a dollar sign.

Must happen: the points of double; a name is a name.
"""

STUDENT = """o'neil "x"; rm -rf $HOME `id` & | % {student_id} \\\\"""
EARNED = ("double",)
GRADED = None
