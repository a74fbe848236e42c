"""Drop error messages and forge replies where the kernel sends them.

Must happen: no points.
"""

FIRST = """
session = get_ipython().kernel.session
real = session.send
def send(stream, kind, content=None, *a, **k):
    name = kind if isinstance(kind, str) else kind["msg_type"]
    if name == "error":
        return None
    if name == "execute_reply":
        content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
    return real(stream, kind, content, *a, **k)
session.send = send
"""
