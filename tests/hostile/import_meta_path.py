"""Answer every import with a module of its own, by finders, hooks and loaders.

Must happen: no points.
"""

FIRST = """
import importlib.abc, importlib.machinery, sys, types
class Liar(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Liar(name)

    def __call__(self, *a, **k):
        return True
class Loader(importlib.abc.Loader):
    def create_module(self, spec):
        return Liar(spec.name)

    def exec_module(self, module):
        pass
class Finder:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, Loader())
sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda path: Finder())
sys.path_importer_cache.clear()
for name in ("rnncourse.checks", "rnncourse", "copy"):
    sys.modules.pop(name, None)
from rnncourse import checks
"""
