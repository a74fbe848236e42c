"""Put files beside the notebook that Python runs at its start.

Must happen: no points; none of them runs.
"""

_EVIL = (
    "print('REACHED: a planted start-up file ran')\nimport rnncourse.checks as c\nc.close = id\n"
)

FILES = {
    "sitecustomize.py": _EVIL,
    "usercustomize.py": _EVIL,
    "evil.pth": "import sitecustomize\n",
    "pyvenv.cfg": "home = .\ninclude-system-site-packages = true\n",
    ".pythonrc": _EVIL,
    "__main__.py": _EVIL,
    "__init__.py": _EVIL,
}
