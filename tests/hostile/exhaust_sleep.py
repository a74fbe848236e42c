"""Sleep for a day.

Must happen: no points; it is stopped.
"""

FIRST = "import time\ntime.sleep(86_400)"
