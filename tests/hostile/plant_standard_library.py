"""Put modules beside the notebook under names of the standard library and of tools.

Must happen: no points; none of them is imported.
"""

_EVIL = "print('REACHED: a planted module was imported')\n"

_NAMES = """json struct pickle copy random socket select ast traceback inspect types os zmq
ipykernel nbformat tempfile signal resource ctypes marshal tensorflow keras"""

FILES = {f"{name}.py": _EVIL for name in _NAMES.split()}
