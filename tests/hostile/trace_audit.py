"""Listen with an audit hook to everything that is compiled, run or opened, and print it.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
import sys
heard = []
def listen(event, arguments):
    if event in ("compile", "exec", "open", "import"):
        for argument in arguments:
            heard.append(getattr(argument, "co_consts", argument))
sys.addaudithook(listen)
"""

LAST = """
text = str([h for h in heard if "_hidden" in str(h)])
print(text)
"""
