"""Replace every test by pass, and by the number 1.

Must happen: no points; the original tests run.
"""

VERDICT = "edited"


def edit(notebook, cell):
    for name, text in {"double": "pass", "root": "1", "dot": "", "count": "np.float64(1)"}.items():
        cell(f"test-{name}").source = text
