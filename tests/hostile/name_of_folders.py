"""Put the notebook into folders of many levels, and folders without end beside it.

Must happen: no points, and a clear line.
"""

GRADED = None


def hand_in(folder, name, text):
    (folder / name).write_text(text)
    deep = folder
    for _ in range(30):
        deep = deep / ("d" * 40)
    deep.mkdir(parents=True)
    (deep / name).write_text(text)
