"""Writes the pictures of this folder and, in pillow.json, their pixels as Pillow's convert("RGB") gives them.

Run with Pillow 13.0.0 and NumPy: python make.py
The pixels are the same with Pillow 10.3.0, which the official code's golden numbers were made with.
"""

import base64
import hashlib
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent
FIXTURES = FOLDER.parents[3] / "testing" / "fixtures"
HEIGHT, WIDTH = 9, 13
random = np.random.default_rng(7)
noise = random.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
ramp = np.add.outer(np.arange(HEIGHT) * 20, np.arange(WIDTH) * 9)[..., None] + np.array([0, 30, 60])
smooth = Image.fromarray(np.clip(ramp, 0, 255).astype(np.uint8)).resize((37, 23))
alpha = np.dstack([noise, random.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)])
alpha[2:5, :, 3] = 0
words = random.integers(0, 65536, (HEIGHT, WIDTH, 4)).astype(">u2")
words[0, :6, :] = np.array([0, 1, 254, 255, 256, 300], dtype=">u2")[:, None]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(name, depth, colour_type, rows, extra=b""):
    """A PNG of a kind that Pillow does not write."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    (FOLDER / name).write_bytes(b"\x89PNG\r\n\x1a\n" + parts)


def rows_of(array):
    return [np.ascontiguousarray(row).tobytes() for row in array]


def packed(values, bits):
    return [np.packbits([[int(bit) for bit in format(value, f"0{bits}b")] for value in row]).tobytes() for row in values]


def make():
    png("grey16.png", 16, 0, rows_of(words[..., 0]))
    png("grey16-trns.png", 16, 0, rows_of(words[..., 0]), chunk(b"tRNS", words[1, 1, :1].tobytes()))
    png("greyalpha16.png", 16, 4, rows_of(words[..., :2]))
    png("rgb16.png", 16, 2, rows_of(words[..., :3]))
    png("rgba16.png", 16, 6, rows_of(words))
    png("rgb-trns.png", 8, 2, rows_of(noise), chunk(b"tRNS", b"".join(bytes([0, value]) for value in noise[1, 1])))
    png("rgb-gamma.png", 8, 2, rows_of(noise), chunk(b"gAMA", struct.pack(">I", 100000)))
    for bits in (1, 2, 4):
        rows = packed(random.integers(0, 1 << bits, (HEIGHT, WIDTH)), bits)
        png(f"grey{bits}.png", bits, 0, rows)
        palette = random.integers(0, 256, (1 << bits, 3), dtype=np.uint8).tobytes()
        png(f"palette{bits}.png", bits, 3, rows, chunk(b"PLTE", palette) + chunk(b"tRNS", b"\0"))

    picture = Image.fromarray(noise)
    picture.save(FOLDER / "rgb.png")
    picture.convert("L").save(FOLDER / "grey.png")
    picture.convert("LA").save(FOLDER / "greyalpha.png")
    Image.fromarray(alpha).save(FOLDER / "rgba.png")
    indexed = picture.quantize(32)
    indexed.save(FOLDER / "palette8.png")

    smooth.save(FOLDER / "rgb.jpg", quality=90)
    smooth.save(FOLDER / "progressive.jpg", progressive=True)
    smooth.convert("L").save(FOLDER / "grey.jpg")
    orientation = Image.Exif()
    orientation[274] = 6
    smooth.save(FOLDER / "exif6.jpg", exif=orientation)
    smooth.convert("CMYK").save(FOLDER / "cmyk.jpg", quality=92)
    cmyk = (FOLDER / "cmyk.jpg").read_bytes()
    start = cmyk.index(b"\xff\xee")
    end = start + 2 + struct.unpack(">H", cmyk[start + 2 : start + 4])[0]
    (FOLDER / "cmyk-no-adobe.jpg").write_bytes(cmyk[:start] + cmyk[end:])
    (FOLDER / "ycck.jpg").write_bytes(cmyk[: end - 1] + b"\x02" + cmyk[end:])

    smooth.save(FOLDER / "lossy.webp")
    Image.fromarray(alpha).save(FOLDER / "alpha.webp", lossless=True, exact=True)
    smooth.save(FOLDER / "animated.webp", save_all=True, append_images=[smooth.transpose(0)], lossless=True)

    indexed.save(FOLDER / "plain.gif")
    indexed.save(FOLDER / "transparent.gif", transparency=int(np.array(indexed)[3, 3]))
    for name in ("plain", "transparent"):
        data = (FOLDER / f"{name}.gif").read_bytes()
        (FOLDER / f"{name}-small-frame.gif").write_bytes(data[:6] + struct.pack("<HH", 20, 16) + data[10:])
    frames = [Image.fromarray(data).convert("P") for data in (noise, 255 - noise)]
    frames[0].save(FOLDER / "animated.gif", save_all=True, append_images=frames[1:], duration=100)
    smooth.resize((150, 120)).save(FOLDER / "large.gif", interlace=1)

    smooth.save(FOLDER / "lzw.tif", compression="tiff_lzw")
    smooth.convert("1").save(FOLDER / "bilevel.tif", compression="group4")
    smooth.convert("CMYK").save(FOLDER / "cmyk.tif", compression="tiff_lzw")
    smooth.convert("LAB").save(FOLDER / "lab.tif", compression="tiff_lzw")
    Image.fromarray(alpha).save(FOLDER / "rgba.tif")
    Image.fromarray(words[..., 0].astype("<u2")).save(FOLDER / "grey16.tif")
    smooth.save(FOLDER / "rgb.avif")
    smooth.save(FOLDER / "rgb.bmp")


def expected(path):
    picture = Image.open(path).convert("RGB")
    return {"height": picture.height, "width": picture.width, "rgb": base64.b64encode(picture.tobytes()).decode()}


def expected_hash(path):
    picture = Image.open(path).convert("RGB")
    return {"height": picture.height, "width": picture.width, "sha256": hashlib.sha256(picture.tobytes()).hexdigest()}


if __name__ == "__main__":
    make()
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in (".png", ".jpg", ".webp", ".gif", ".tif", ".avif"))
    pixels = {path.name: expected(path) for path in files if path.name != "lab.tif"}
    (FOLDER / "pillow.json").write_text(json.dumps(pixels, indent=2) + "\n")
    pictures = sorted(FIXTURES.glob("*/images/*.png")) + sorted(FIXTURES.glob("*/images/*.jpg"))
    hashes = {path.relative_to(FIXTURES).as_posix(): expected_hash(path) for path in pictures}
    (FOLDER / "pillow-fixtures.json").write_text(json.dumps(hashes, indent=2) + "\n")
