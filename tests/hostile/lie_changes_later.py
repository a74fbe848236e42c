"""Return an array and let a thread change it after the function has returned.

Must happen: no points; a value does not change on its way.
"""

FIRST = """
import threading, time
def change(array):
    while True:
        array += 1
        time.sleep(0.0001)
"""

ANSWERS = {
    "double": """
def double(x):
    result = np.array(x)
    threading.Thread(target=change, args=(result,), daemon=True).start()
    return result
"""
}
