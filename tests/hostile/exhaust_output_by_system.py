"""Write to its process's own standard streams without Python's knowledge.

Must happen: no points; the output is cut.
"""

FIRST = """
import subprocess
subprocess.run(["sh", "-c", "yes planted; yes planted >&2"], timeout=1000)
"""
