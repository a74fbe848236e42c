"""Print one text of two hundred million characters, and show it as a result.

Must happen: no points; the output is cut.
"""

FIRST = "text = 'x' * 100_000_000\nprint(text)\ntext"
