"""Hand in a list of two million numbers in place of the cells.

Must happen: no points, and a line that says so.
"""

GRADED = False


def edit(notebook, cell):
    return '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + "1," * 2**21 + "1]}"
