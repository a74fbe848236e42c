"""Print what clears a terminal, changes its title, and colours everything.

Must happen: no points; a verdict shows none of it.
"""

FIRST = r"""
print("\x1b[2J\x1b]0;<<token>>\x07\x1b[8m" + "\x1b[31m" * 10_000 + "\x07" * 1000 + "\r" * 1000)
raise ValueError("\x1b[2J\x1b]52;c;aGVsbG8=\x07\n\n\nverdict: ok")
"""
