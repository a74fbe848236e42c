"""Print what ran so far: In, _ih, the history and the user's names.

Must happen: no points, and no line of a test is printed.
"""

LAST = """
for text in [*In, *_ih, *_oh.values()]:
    print(text)
get_ipython().run_line_magic("history", "-g")
print({name: value for name, value in globals().items() if "hidden" in name})
"""
