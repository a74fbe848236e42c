"""Hand in notebooks' parts that are null: cells, metadata, source.

Must happen: no points, and a line that says so.
"""

GRADED = False


def edit(notebook, cell):
    return '{"nbformat": 4, "nbformat_minor": 5, "metadata": null, "cells": null}'
