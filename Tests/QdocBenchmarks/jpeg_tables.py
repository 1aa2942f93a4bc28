#!/usr/bin/env python3
"""The Huffman tables of `page_tables.c`, made from JPEGs of pages, and what they cost beside tables of each image's own.

  qdoc inspect report.pdf --ocr never --save-images pages/      # for each of many documents
  jpeg_tables.py pages/*.jpg > Sources/Modules/CImageCodecs/page_tables.c
  jpeg_tables.py --check pages/*.jpg                            # the share of bytes lost by each image, with the tables in the source

Every symbol of baseline coding has a code, so that the tables can write any image. Each image counts alike, whatever it weighs.
"""
import heapq, os, re, sys
from collections import Counter
from multiprocessing import Pool
from _bench import ROOT

SOURCE = f"{ROOT}/Sources/Modules/CImageCodecs/page_tables.c"
KINDS = ("dc_luma", "dc_chroma", "ac_luma", "ac_chroma")
# ITU-T T.81, F.1.2: sizes of differences; runs and sizes of coefficients of 8-bit samples, end of block, sixteen zeros.
DC = list(range(12))
AC = sorted([0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)])
LONGEST = 16


def histograms(path):
    """How often each symbol of each kind of table stands in a baseline JPEG: T.81, annexes B and F."""
    data = open(path, "rb").read()
    tables, parts, at = {}, [], 2
    while data[at + 1] != 0xDA:
        marker, length = data[at + 1], int.from_bytes(data[at + 2:at + 4], "big")
        body = data[at + 4:at + 2 + length]
        if marker == 0xC4:
            while body:
                counts, values, code, table = body[1:17], body[17:], 0, {}
                for size, count in enumerate(counts, 1):
                    for _ in range(count):
                        table[size, code], values, code = values[0], values[1:], code + 1
                    code <<= 1
                tables[body[0] >> 4, body[0] & 15], body = table, values
        elif marker == 0xC0:
            height, width, parts = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big"), [body[i:i + 3] for i in range(6, len(body), 3)]
        at += 2 + length
    scan = re.sub(rb"\xff\x00", b"\xff", data[at + 2 + int.from_bytes(data[at + 2:at + 4], "big"):-2])
    bits, place = "".join(f"{byte:08b}" for byte in scan), 0
    lookups = {key: {f"{code:0{size}b}": value for (size, code), value in table.items()} for key, table in tables.items()}
    across, down = max(part[1] >> 4 for part in parts), max(part[1] & 15 for part in parts)
    order = [0] if len(parts) == 1 else [i for i, part in enumerate(parts) for _ in range((part[1] >> 4) * (part[1] & 15))]
    if len(parts) == 1:
        across = down = 1
    seen = [Counter() for _ in KINDS]
    for _ in range(-(-width // (8 * across)) * -(-height // (8 * down))):
        for part in order:
            chroma, index = int(part > 0), 0
            while index < 64:
                kind = int(index > 0)
                lookup, size = lookups[kind, chroma], 1
                while (symbol := lookup.get(bits[place:place + size])) is None:
                    size += 1
                place += size + (symbol & 15)
                seen[2 * kind + chroma][symbol] += 1
                index += 64 if kind and symbol == 0 else 1 + (symbol >> 4 if kind else 0)
    return path, len(data), seen


def lengths(counts):
    """Code lengths of at most 16 bits of least cost (package-merge; Larmore and Hirschberg 1990). A symbol is added for the code of ones alone, which is not used."""
    leaves = sorted([(count, (symbol,)) for symbol, count in counts.items() if count > 0] + [(0, (-1,))])
    row = []
    for _ in range(LONGEST):
        pairs = [(a[0] + b[0], a[1] + b[1]) for a, b in zip(row[::2], row[1::2])]
        row = list(heapq.merge(leaves, sorted(pairs)))
    sizes = Counter()
    for _, symbols in row[:2 * len(leaves) - 2]:
        sizes.update(symbols)
    del sizes[-1]
    return sizes


def weight(seen, tables):
    return sum(count * (sizes[symbol] + (symbol & 15)) for counts, sizes in zip(seen, tables) for symbol, count in counts.items()) / 8


def make(images):
    tables = []
    for kind in range(4):
        total = Counter()
        for _, _, seen in images:
            for symbol, count in seen[kind].items():
                total[symbol] += count / weight(seen, [lengths(counts) for counts in seen])
        most = max(total.values())
        tables.append(lengths({symbol: 1 + int(1e7 * total[symbol] / most) for symbol in (DC if kind < 2 else AC)}))
    print(f'#include "page_tables.h"\n\n// Made by Tests/QdocBenchmarks/jpeg_tables.py from {len(images)} pages.\n')
    for name, sizes in zip(KINDS, tables):
        values = sorted(sizes, key=lambda symbol: (sizes[symbol], symbol))
        counts = [sum(1 for size in sizes.values() if size == length) for length in range(LONGEST + 1)]
        lines = [", ".join(f"0x{value:02X}" for value in values[i:i + 24]) for i in range(0, len(values), 24)]
        print(f"const JHUFF_TBL qdoc_page_{name} = {{\n    .bits = {{{', '.join(map(str, counts))}}},\n    .huffval =\n        {{")
        print("".join(f"            {line},\n" for line in lines) + "        },\n};\n" if name != KINDS[-1] else
              "".join(f"            {line},\n" for line in lines) + "        },\n};")


def check(images):
    text = open(SOURCE).read()
    tables = []
    for name in KINDS:
        bits, values = re.search(rf"qdoc_page_{name} = .*?bits = {{(.*?)}}.*?{{(.*?)}}", text, re.S).groups()
        sizes = [length for length, count in enumerate(bits.split(",")) for _ in range(int(count))]
        tables.append(Counter(dict(zip([int(value, 16) for value in re.findall(r"0x\w\w", values)], sizes))))
    for path, count, seen in images:
        print(f"{path}: {count} bytes, {100 * (weight(seen, tables) / weight(seen, [lengths(counts) for counts in seen]) - 1):.1f} % more")


paths = [path for path in sys.argv[1:] if path != "--check"]
with Pool(os.cpu_count()) as pool:
    (check if "--check" in sys.argv else make)(pool.map(histograms, paths, chunksize=1))
