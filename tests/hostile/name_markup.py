"""Choose a student's name that is a script, for pages that print it.

Must happen: the points of double or a clear line, and no script on any page.
"""

STUDENT = "<script>alert('<<token>>')<%2fscript><img src=x onerror=alert(1) id=<<token>>>"
EARNED = ("double",)
GRADED = None
