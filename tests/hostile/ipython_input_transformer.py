"""Read each later cell before it runs, print it, and run nothing.

Must happen: no points, and no line of a test is printed.
"""

FIRST = """
def swallow(lines):
    if any("checks." in line for line in lines):
        print("".join(lines))
        return ["pass\\n"]
    return lines
shell = get_ipython()
shell.input_transformer_manager.cleanup_transforms.insert(0, swallow)
shell.input_transformers_post.append(swallow)
"""
