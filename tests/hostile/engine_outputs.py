"""Speak the engine's own protocol: outputs of kinds, sizes and types that no notebook has.

Must happen: no points, and the notebook can be read.
"""

FIRST = """
import gc
found = [d for d in gc.get_objects() if type(d) is dict and set(d) == {"files", "run", "call"}]
tasks = found[0] if found else {}
deep = []
for _ in range(400):
    deep = [deep]
odd = [7, None, "text", {"output_type": "stream", "name": 7, "text": deep},
       {"output_type": "display_data", "data": {7: deep, "text/html": None}, "metadata": 7},
       {"output_type": "error", "ename": None, "evalue": deep, "traceback": "no list"},
       {"output_type": "execute_result", "data": [], "execution_count": "1000"},
       {"output_type": "stream", "name": "stdout", "text": "\\ud800\\x00" * 1000}]
tasks["run"] = lambda message: {"outputs": odd * 20}
"""
