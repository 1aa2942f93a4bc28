#!/usr/bin/env python3
"""CPU from a photograph to a JPEG of whole patches in base64: qdoc's image part beside Pillow and vipsthumbnail, start-up not counted.

  photos.py --runs 5 --repeat 10 [PHOTO]

Without PHOTO one of 4000 x 3000 pixels is made from noise and gradients, quality 90. Rounds alternate; medians of CPU are compared. Pillow runs with
`draft` (it then decodes at half size, as qdoc does) and without; both filter with BOX and encode at the quality that qdoc encodes at.
Needs a Python with pillow and numpy, the release build of QdocImageProbe (swift build -c release --product QdocImageProbe) and, for the last
column, libvips-tools.
"""
import argparse, base64, io, os, shutil, subprocess, sys, tempfile, time
import numpy as np
from PIL import Image, ImageOps
from _bench import ROOT, measure, median

PROBE = os.environ.get("QDOC_IMAGE_PROBE", f"{ROOT}/.build/release/QdocImageProbe")
PATCH = 32
QUALITY = 85


def photo(path):
    """Clouds of noise at every scale, with grain: as many coefficients as a photograph has (about 3 MB)."""
    rng = np.random.default_rng(7)
    total = np.zeros((3000, 4000, 3), dtype=np.float32)
    for cells in (8, 32, 128, 512, 1500):
        noise = Image.fromarray(rng.integers(0, 256, (cells * 3 // 4, cells, 3), dtype=np.uint8))
        total += np.asarray(noise.resize((4000, 3000), Image.Resampling.BICUBIC), dtype=np.float32) / cells**0.4
    total += rng.normal(0, 4, total.shape)
    total = (total - total.min()) / (total.max() - total.min()) * 255
    Image.fromarray(total.astype(np.uint8)).save(path, quality=90)


def pillow(path, size, draft):
    image = Image.open(path)
    if draft:
        image.draft("RGB", size)
    image = ImageOps.exif_transpose(image.convert("RGB")).resize(size, Image.Resampling.BOX)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return len(base64.b64encode(out.getvalue()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--side", type=int, default=1600, help="longest side, at most")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=10, help="images a run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or f"{folder}/photo.jpg"
        if not options.file:
            photo(path)
        image = ImageOps.exif_transpose(Image.open(path))
        scale = min(1, options.side / max(image.size))
        size = tuple(max(PATCH, round(side * scale / PATCH) * PATCH) for side in image.size)
        wanted = "%dx%d" % size
        vips = shutil.which("vipsthumbnail")
        results = {}
        for run in range(options.runs):
            done = subprocess.run([PROBE, "time", path, wanted, str(options.repeat)], capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stdout)
            times = [float(line.split()[0]) for line in done.stdout.splitlines()]
            # The first image of a process pays for fresh memory, as it does in Pillow.
            results.setdefault("qdoc", []).append(median(times))
            for name, draft in (("pillow", False), ("pillow draft", True)):
                times = []
                for _ in range(options.repeat):
                    begun = time.process_time()
                    pillow(path, size, draft)
                    times.append((time.process_time() - begun) * 1000)
                results.setdefault(name, []).append(median(times))
            if vips:
                command = [vips, "--size", wanted + "!", "-o", f"{folder}/out.jpg[Q={QUALITY}]"]
                environment = dict(os.environ, VIPS_CONCURRENCY="1")
                # Start-up is what one image of one pixel takes.
                Image.new("RGB", (1, 1)).save(f"{folder}/dot.jpg")
                start = measure([*command, f"{folder}/dot.jpg"], environment)[1]
                whole = measure([*command, *[path] * options.repeat], environment)[1]
                results.setdefault("vipsthumbnail", []).append((whole - start) * 1000 / options.repeat)
            print(f"# {run + 1} " + ", ".join(f"{name} {rows[-1]:.1f}" for name, rows in results.items()), file=sys.stderr)
        ours = median(results["qdoc"])
        print(f"{image.width} x {image.height}, {os.path.getsize(path)} bytes, to {wanted}; {options.runs} runs of {options.repeat}, load {os.getloadavg()[0]:.1f}")
        print("| | CPU ms an image | qdoc's share |\n|---|---|---|")
        for name, rows in results.items():
            print(f"| {name} | {median(rows):.1f} | {ours / median(rows):.2f} |")


main()
