"""Kill every process that it may.

Must happen: no points, and nobody else is killed.
"""

FIRST = "import os\nos.kill(-1, 9)"
