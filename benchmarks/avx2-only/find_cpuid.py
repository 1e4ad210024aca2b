"""Finds the CPUID instructions of x86-64 libraries; prints "file offset, path" for `avx2-only.c`.

python find_cpuid.py FOLDER... > TABLE
"""

import struct
import sys
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

import capstone

CPUID = b"\x0f\xa2"
LOAD, EXECUTABLE = 1, 1  # kind and flag of a segment
X86_64 = 62
decoder = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
decoder.skipdata = True


def libraries(folders: list[str]) -> Iterator[Path]:
    found = set()
    for folder in folders:
        for path in Path(folder).rglob("*"):
            if (path.suffix in (".so", ".node") or ".so." in path.name) and path.is_file():
                found.add(path.resolve())
    yield from sorted(found)


def executable_parts(data: mmap) -> Iterator[tuple[int, int]]:
    """Offset and end of what the loader maps as code; none of files for other processors."""
    if data[:5] != b"\x7fELF\x02" or struct.unpack_from("<H", data, 18)[0] != X86_64:
        return
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for index in range(count):
        kind, flags, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, table + index * size)
        if kind == LOAD and flags & EXECUTABLE:
            yield offset, offset + length


def is_instruction(data: mmap, offset: int, start: int) -> bool:
    """Whether the two bytes are an instruction, not part of one: code read from most places before them says so."""
    votes = [reads_at(data, offset, max(start, offset - back)) for back in range(40, 72)]
    return sum(votes) > 0.6 * len(votes)


def reads_at(data: mmap, offset: int, start: int) -> bool:
    for address, _, name, _ in decoder.disasm_lite(data[start : offset + 16], start):
        if address == offset:
            return name == "cpuid"
    return False


for library in libraries(sys.argv[1:]):
    if library.stat().st_size == 0:
        continue
    with library.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        for start, end in executable_parts(data):
            offset = data.find(CPUID, start, end)
            while offset >= 0:
                if is_instruction(data, offset, start):
                    print(f"{offset:x} {library}")
                offset = data.find(CPUID, offset + 1, end)
