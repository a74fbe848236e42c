"""Hand in a notebook whose format is a text, minus one, or endless.

Must happen: no points, and a clear line.
"""

GRADED = None


def edit(notebook, cell):
    return '{"nbformat": "four", "nbformat_minor": -1, "metadata": {}, "cells": []}'
