"""Hand in an honest notebook with a second one beside it, whose name differs in case.

Must happen: the points of double, from the notebook of the right name, or a clear line.
"""

EARNED = ("double",)
GRADED = None


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    (folder / name.upper()).write_text("{")
    (folder / f"{name} (1).ipynb").write_text(text)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / name).write_text("{")
