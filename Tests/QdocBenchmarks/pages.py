#!/usr/bin/env python3
"""CPU from page to encoded image with its words, without any model, beside pypdfium2 with Pillow and pdftoppm.

  pages.py --runs 5 text100.pdf mixed10.pdf ...

Images of 1600 pixels on the longer side. Ours are what a run makes: drawn, encoded and read for words by one worker in its sandbox, handed over and
checked. Needs a Python with pypdfium2 and pillow (scripts/test makes one: .build/test-venv/bin/python), pdftoppm (poppler-utils), and
`swift build -c release --product QdocBenchmarks` and `--product qdoc-decode`. Rounds alternate and medians are compared: user and system time of a
program with all its children; for two workers, the wall time beside that of one.
"""
import argparse, os, sys, tempfile
from _bench import ROOT, environment, measure, median

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ("plain", "words", "boxes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="PDFs")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--side", type=int, default=1600)
    parser.add_argument("--bin", default=f"{ROOT}/.build/release", help="where QdocBenchmarks and qdoc-decode lie")
    options = parser.parse_args()
    print("| | pages | qdoc ms/page | no words | all parts | 2 lanes wall | pypdfium2 | / plain | / words | / boxes | / pdftoppm |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for path in options.files:
        row(os.path.abspath(path), options)


def row(path, options):
    side = str(options.side)
    ours = [f"{options.bin}/QdocBenchmarks", "pages", path]
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "ours": ours + ["1", "words", side], "none": ours + ["1", "none", side], "all": ours + ["1", "all", side],
            "two": ours + ["2", "words", side],
            **{name: [sys.executable, f"{HERE}/pages_peer.py", path, name, side] for name in PEERS},
            "pdftoppm": ["pdftoppm", "-jpeg", "-jpegopt", "quality=85", "-scale-to", side, path, f"{folder}/page"],
        }
        for run in range(options.runs):
            for name, command in commands.items():
                with open(f"{folder}/out", "w+") as out:
                    wall, cpu = measure(command, environment(""), stdout=out)
                    out.seek(0)
                    said = out.read().split()
                if name == "ours":
                    pages = int(said[0])
                for image in os.listdir(folder):
                    os.unlink(f"{folder}/{image}")
                results.setdefault(name, []).append((cpu, wall))
                print(f"# {run + 1} {name}: {cpu:.2f} s CPU, {wall:.2f} s", file=sys.stderr)
    cpu = {name: median([row[0] for row in rows]) for name, rows in results.items()}
    wall = {name: median([row[1] for row in rows]) for name, rows in results.items()}
    each = lambda name: f"{1000 * cpu[name] / pages:.1f}"
    ratio = lambda name: f"{cpu['ours'] / cpu[name]:.2f}"
    print(f"| {os.path.basename(path)} | {pages} | {each('ours')} | {each('none')} | {each('all')} | {wall['two'] / wall['ours']:.2f} | "
          f"{each('plain')} | {ratio('plain')} | {ratio('words')} | {ratio('boxes')} | {ratio('pdftoppm')} |", flush=True)


main()
