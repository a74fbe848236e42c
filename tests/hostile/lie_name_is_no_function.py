"""Put values under the names of the functions, or delete them.

Must happen: no points.
"""

ANSWERS = {
    "double": "double = np.zeros(3)",
    "centre": "centre = None",
    "root": "root = ValueError",
    "dot": "del checks, np",
    "count": "class count(dict): pass",
}
