"""Hand in a notebook of format 2, from 2011.

Must happen: no points, and a clear line.
"""

GRADED = None


def edit(notebook, cell):
    return (
        '{"nbformat": 2, "metadata": {"name": "x"}, "worksheets": [{"cells": [{"cell_type": "code",'
        ' "language": "python", "outputs": [], "collapsed": false, "input": "x = 1"}]}]}'
    )
