"""Hand in JSON whose keys come twice, so that two readers see two notebooks.

Must happen: no points.
"""

import nbformat


def edit(notebook, cell):
    return nbformat.writes(notebook).rstrip()[:-1] + ', "cells": [{}], "cells": []}'
