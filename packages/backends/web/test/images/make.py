"""Writes pictures that browsers would show with alpha, another orientation or other colours, and, in pillow.json,
their pixels as Pillow's convert("RGB") gives them. Run with Pillow 12.3.0 and NumPy: python make.py
"""

import base64
import json
import struct
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent
random = np.random.default_rng(11)
HEIGHT, WIDTH = 24, 38
ramp = np.add.outer(np.arange(HEIGHT) * 7, np.arange(WIDTH) * 3)[..., None] + np.array([0, 30, 60])
smooth = Image.fromarray(np.clip(ramp, 0, 255).astype(np.uint8))
alpha = np.dstack([np.asarray(smooth), random.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)])
alpha[4:12, 3:20, 3] = 0
clear = Image.fromarray(alpha)


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def profile():
    """A matrix profile whose red and green are exchanged and whose gamma is 1: whoever applies it is found out."""
    xyz = {b"rXYZ": (0.3851, 0.7169, 0.0971), b"gXYZ": (0.4360, 0.2225, 0.0139), b"bXYZ": (0.1431, 0.0606, 0.7139)}
    xyz[b"wtpt"] = (0.9642, 1.0, 0.8249)
    tags = {name: b"XYZ \0\0\0\0" + b"".join(map(fixed, value)) for name, value in xyz.items()}
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        tags[name] = b"curv\0\0\0\0" + struct.pack(">I", 0)
    tags[b"cprt"] = b"text\0\0\0\0none\0\0\0\0"
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"none\0" + bytes(79)
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        value += bytes(-len(value) % 4)
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value
    size = start + len(data)
    head = struct.pack(">I", size) + bytes(4) + bytes([2, 64, 0, 0]) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head + bytes(128 - len(head)) + table + data


def riff_chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def animation(name, frame_file, top, left, height, width):
    """A WebP animation whose first frame is smaller than the picture."""
    chunks = (FOLDER / frame_file).read_bytes()[12:]
    if chunks[:4] == b"VP8X":
        chunks = chunks[18:]
    triple = lambda value: struct.pack("<I", value)[:3]
    frame = triple(left // 2) + triple(top // 2) + triple(WIDTH - 1) + triple(HEIGHT - 1) + triple(100) + b"\0" + chunks
    body = riff_chunk(b"VP8X", b"\x12\0\0\0" + triple(width - 1) + triple(height - 1))
    body += riff_chunk(b"ANIM", b"\x80\x40\x20\xff\0\0") + riff_chunk(b"ANMF", frame)
    (FOLDER / name).write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body)


def make():
    exif = Image.Exif()
    exif[274] = 6
    extra = {"icc_profile": profile(), "exif": exif}
    smooth.save(FOLDER / "profile.jpg", quality=92, **extra)
    smooth.save(FOLDER / "profile.png", **extra)
    smooth.save(FOLDER / "profile.webp", lossless=True, icc_profile=profile())
    smooth.save(FOLDER / "profile-lossy.webp", quality=90, icc_profile=profile())
    smooth.save(FOLDER / "profile.avif", quality=90, icc_profile=profile())
    smooth.save(FOLDER / "turned.avif", quality=90, exif=exif)
    clear.save(FOLDER / "alpha-lossy.webp", quality=80, exact=True)
    clear.save(FOLDER / "alpha-lossless.webp", lossless=True, exact=True)
    clear.save(FOLDER / "alpha.avif", quality=90)
    animation("frame.webp", "alpha-lossy.webp", 6, 10, 40, 60)
    animation("frame-lossless.webp", "alpha-lossless.webp", 0, 2, 24, 40)


def expected(path):
    picture = Image.open(path).convert("RGB")
    return {"height": picture.height, "width": picture.width, "rgb": base64.b64encode(picture.tobytes()).decode()}


if __name__ == "__main__":
    make()
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in (".png", ".jpg", ".webp", ".avif"))
    (FOLDER / "pillow.json").write_text(json.dumps({path.name: expected(path) for path in files}, indent=2) + "\n")
