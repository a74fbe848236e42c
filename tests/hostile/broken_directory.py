"""Put a folder under the notebook's name.

Must happen: no points, and a line that says so.
"""

GRADED = False


def hand_in(folder, name, text):
    (folder / name / "inside").mkdir(parents=True)
