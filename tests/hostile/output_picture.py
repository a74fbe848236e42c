"""Show pictures that are none, or that would unpack to gigabytes.

Must happen: no points, and the page is made.
"""

FIRST = """
import base64, struct, zlib
from IPython.display import display
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
png = b"\\x89PNG\\r\\n\\x1a\\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
display({"image/png": base64.b64encode(png).decode()}, raw=True)
display({"image/png": "'><script>x('<<token>>')</script>"}, raw=True)
display({"image/jpeg": 7, "image/svg+xml": ["<svg onload=x('<<token>>')>", None]}, raw=True)
"""
