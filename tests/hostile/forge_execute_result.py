"""Send results, display data and replies of its own that say "1.0" for each cell.

Must happen: no points.
"""

FIRST = """
from IPython.display import display
kernel = get_ipython().kernel
def claim(*a):
    content = {"data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1}
    kernel.session.send(kernel.iopub_socket, "execute_result", content, ident=b"execute_result")
    display(1.0)
get_ipython().events.register("post_execute", claim)
claim()
"""

LAST = "1000.0"
