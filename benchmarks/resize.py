"""Pillow's side of resize.mjs: a JSON line in, a JSON line out. A line with a path names the picture; any other resizes it."""
import json
import sys
import time
import zlib

import PIL
from PIL import Image

print(json.dumps({"version": PIL.__version__}), flush=True)
image = None
size = None
kernel = None
for line in sys.stdin:
    request = json.loads(line)
    if "path" in request:
        with open(request["path"], "rb") as file:
            image = Image.frombytes("RGB", (request["width"], request["height"]), file.read())
        size = (request["toWidth"], request["toHeight"])
        kernel = Image.Resampling[request["filter"].upper()]
        print("{}", flush=True)
        continue
    start = time.perf_counter()
    resized = image.resize(size, kernel)
    milliseconds = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": milliseconds, "crc": zlib.crc32(resized.tobytes())}), flush=True)
