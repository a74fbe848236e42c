"""Put a numpy.py beside the notebook, for whoever imports NumPy from there.

Must happen: no points; the real NumPy is imported.
"""

FILES = {
    "numpy.py": """
ndarray = generic = float64 = object
print("REACHED: the planted numpy was imported")
def __getattr__(name):
    return lambda *a, **k: True
""",
    "numpy/__init__.py": "from numpy_planted import *\n",
}
