"""Put nbgrader's configuration, a gradebook and a journal beside the notebook.

Must happen: no points; they are files like any others.
"""

_CONFIG = """
c = get_config()
c.ClearSolutions.enforce_metadata = False
c.Execute.enabled = False
print("REACHED: a planted configuration was read")
"""

FILES = {
    "nbgrader_config.py": _CONFIG,
    "gradebook.db": b"SQLite format 3\0" + bytes(4096),
    ".rnncourse/journal.jsonl": '{"student": "plant_nbgrader_files", "graded": true}\n',
    "timestamp.txt": "not a date\n",
    "conftest.py": _CONFIG,
}

GRADED = None
