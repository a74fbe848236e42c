"""Put a package rnncourse, whose checks pass, beside the notebook.

Must happen: no points; the real package is imported.
"""

FILES = {
    "rnncourse/__init__.py": "print('REACHED: the planted package was imported')\n",
    "rnncourse/checks.py": "def __getattr__(name):\n    return lambda *a, **k: None\n",
}
