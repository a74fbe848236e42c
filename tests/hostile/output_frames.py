"""Show frames, forms, objects and pages that lead elsewhere.

Must happen: no points, and none of them on the page.
"""

FIRST = """
from IPython.display import HTML, IFrame, display
display(IFrame("https://example.org/<<token>>", 9, 9))
display(HTML("<meta http-equiv=refresh content='0;url=https://example.org/<<token>>'>"
             "<base href='https://example.org/<<token>>/'><object data='x:<<token>>'></object>"
             "<form action='https://example.org/<<token>>'><button>Log in</button></form>"
             "<embed src='https://example.org/<<token>>'><iframe srcdoc='<<token>>'></iframe>"))
"""
