#!/usr/bin/env python3
"""Compares the characters that `qdoc inspect --json` reads with those that PDFium reads, page by page.

    python3 Tests/peers/words_agree.py --qdoc .build/release/qdoc [--data ../shared/data] [--pages-below]

Needs pypdfium2. Characters are brought to NFKD, white space and what cannot be seen is removed, and each page is compared as a multiset,
so that the order of words plays no part. Text printed twice at one place counts once: the lesser count of both readers rules there, up to
the surplus that PDFium reports at equal places. Pages where PDFium finds no text are passed over.

Exit status: 0 when every page agrees to 99 % or is named below, and the named pages are at most 2 % of all; else 1.
"""
import argparse
import collections
import ctypes
import json
import pathlib
import subprocess
import sys
import unicodedata

import pypdfium2
import pypdfium2.raw as pdfium
from _qdoc import QDOC, SHARED, skip

THRESHOLD = 0.99
# Categories that are not seen, or are not characters.
HIDDEN = ("Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Co", "Cs")
# Hyphens, and accents that one reader joins to their letter and the other leaves beside it.
APART = "-\u2010\u2011\ufffd\u00b4\u00a8\u02c6\u02dc\u0060\u0300\u0301\u0302\u0303\u0308"
NAMED_SHARE = 0.02
# Pages that are known to disagree, and why.
NAMED = {}


def letters(text):
    """The visible characters of a text, in NFKD. Hyphens and marks are left out: readers join hyphenated words each in their own way."""
    text = unicodedata.normalize("NFKD", text)
    return [c for c in text if unicodedata.category(c) not in HIDDEN and c not in APART]


def pdfium_pages(path, password):
    """The characters of each page, those printed twice at one place once."""
    document = pypdfium2.PdfDocument(path, password=password)
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        found, seen = collections.Counter(), set()
        box = [ctypes.c_double() for _ in range(4)]
        units, places = [], []
        for index in range(text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text.raw, index)
            pdfium.FPDFText_GetCharBox(text.raw, index, *(ctypes.byref(edge) for edge in box))
            units.append(code)
            places.append(tuple(round(edge.value) for edge in box))
        index = 0
        while index < len(units):
            code, place = units[index], places[index]
            if 0xD800 <= code < 0xDC00 and index + 1 < len(units):
                code = 0x10000 + ((code - 0xD800) << 10) + (units[index + 1] - 0xDC00)
                index += 1
            index += 1
            if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                continue
            for letter in letters(chr(code)):
                key = (letter, place)
                if key in seen and place[0] != place[1]:
                    continue
                seen.add(key)
                found[letter] += 1
        yield found
        text.close()
        page.close()


def qdoc_pages(program, path, password):
    command = [program, "inspect", str(path), "--json"] + (["--password", password] if password else [])
    result = subprocess.run(command, stdout=subprocess.PIPE, timeout=300, check=False)
    if result.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)}: exit status {result.returncode}")
    for page in json.loads(result.stdout)["pages"]:
        yield collections.Counter(c for word in page.get("words", []) for c in letters(word["text"]))


def agreement(mine, theirs):
    """The share of the characters of both readers that both have."""
    common = sum((mine & theirs).values())
    return 2 * common / (sum(mine.values()) + sum(theirs.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--qdoc", default=QDOC)
    parser.add_argument("--data", default=f"{SHARED}/data", type=pathlib.Path)
    parser.add_argument("--show", action="store_true", help="show the characters that one reader alone has")
    arguments = parser.parse_args()
    if not (arguments.data / "MANIFEST.jsonl").is_file():
        skip("../shared/data is not here")
    entries = [json.loads(line) for line in (arguments.data / "MANIFEST.jsonl").read_text().splitlines()]
    files = [e for e in entries if e["file"].startswith("pdf/") and e.get("facts", {}).get("has_text_layer")]
    total, below, unnamed = 0, [], []
    for entry in files:
        path = arguments.data / entry["file"]
        password = entry["facts"].get("password") or None
        mine = list(qdoc_pages(arguments.qdoc, path, password))
        theirs = list(pdfium_pages(path, password))
        if len(mine) != len(theirs):
            unnamed.append(f"{entry['file']}: {len(mine)} pages, PDFium has {len(theirs)}")
        for number, (ours, other) in enumerate(zip(mine, theirs), 1):
            if not other:
                continue
            total += 1
            share = agreement(ours, other)
            if share >= THRESHOLD:
                continue
            name = f"{entry['file']} page {number}"
            cause = NAMED.get(name)
            below.append(name)
            print(f"{share:.4f}  {name}  {cause or 'NOT NAMED'}")
            if arguments.show:
                print("   qdoc alone:  ", "".join(sorted((ours - other).elements()))[:150])
                print("   PDFium alone:", "".join(sorted((other - ours).elements()))[:150])
            if cause is None:
                unnamed.append(name)
    print(f"{total} pages with text, {len(below)} below {THRESHOLD:.0%}, {len(unnamed)} of them not named")
    if unnamed or len(below) > NAMED_SHARE * total:
        sys.exit(1)


if __name__ == "__main__":
    main()
