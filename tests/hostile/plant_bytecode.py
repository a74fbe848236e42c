"""Put compiled files beside the notebook that claim to be the checks.

Must happen: no points.
"""

import importlib.util
import marshal

_CODE = compile("def __getattr__(name): return lambda *a, **k: None", "checks.py", "exec")
_PYC = importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(_CODE)

FILES = {
    "checks.pyc": _PYC,
    "__pycache__/checks.cpython-311.pyc": _PYC,
    "rnncourse/__init__.pyc": _PYC,
    "rnncourse/checks.pyc": _PYC,
    "copy.pyc": _PYC,
}
