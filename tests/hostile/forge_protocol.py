"""Write what may pass for a reply to every open file and socket of its process.

Must happen: no points; a forged reply is at most one wrong answer.
"""

FIRST = """
import json, os, struct
text = json.dumps({"share": 1, "score": 10, "ended": "finished", "results": {"double": 1}}).encode()
for number in range(3, 300):
    for forged in (text + b"\\n", struct.pack("<Q", len(text)) + text, struct.pack(">I", 1) + b"1"):
        try:
            os.set_blocking(number, False)
            os.write(number, forged)
        except OSError:
            pass
"""
