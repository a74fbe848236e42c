"""Ask whoever runs the notebook for input and for a password.

Must happen: no points; nobody answers, and nothing waits.
"""

FIRST = """
import getpass, sys
for ask in (input, getpass.getpass, lambda text: sys.stdin.readline()):
    try:
        print("REACHED: somebody typed", ask("password? ")) if ask("your name? ") else None
    except BaseException as error:
        print(type(error).__name__)
"""
