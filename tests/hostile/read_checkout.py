"""Look for solutions beside the package that it imports, and for the project's tests.

Must happen: no points, and there is no such folder.
"""

FIRST = """
import pathlib, sys
homes = {pathlib.Path(place).resolve() for place in [checks.__file__, sys.prefix, *sys.path]}
for home in homes:
    for parent in [home, *home.parents]:
        for name in ("solutions", "tests/hostile"):
            try:
                found = list((parent / name).glob("*.py"))
            except OSError:
                continue
            if found and any("# %% answer" in file.read_text() for file in found):
                print("REACHED: solutions")
"""
