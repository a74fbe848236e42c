"""Return objects that run a command where they are unpickled, copied or reduced.

Must happen: no points; nothing of it runs outside the sandbox.
"""

FIRST = """
import os
class Bomb:
    def __reduce_ex__(self, protocol):
        return os.system, ("touch /tmp/planted-<<token>>; echo REACHED",)
    def __deepcopy__(self, memo):
        os.system("touch /tmp/planted-<<token>>")
    __getstate__ = __copy__ = __deepcopy__
"""

ANSWERS = {
    "double": "def double(x):\n    return Bomb()",
    "centre": "def centre(x):\n    return np.array([Bomb()], dtype=object)",
    "count": "def count(words):\n    return {'a': [Bomb()]}",
}
