#!/usr/bin/env python3
"""How legible text stays in the images that qdoc encodes, and what they weigh beside a PNG of the same size.

  text_quality.py mixed10.pdf [MORE.pdf]

Pages are drawn by pypdfium2 in the size asked for, kept without loss, and encoded by qdoc's image part and by JPEG qualities beside it. Legibility is
SSIM (Wang et al. 2004, windows of 7 x 7) on the boxes of the page's words, once of brightness and once of the worst of red, green and blue, which
shows what halved colour does to coloured letters. 1.0 is the PNG itself; above 0.98 no difference is seen at twice the size.
Needs a Python with pillow, numpy and pypdfium2, and the release build of QdocImageProbe.
"""
import argparse, io, os, subprocess, sys, tempfile
import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from _bench import ROOT, median

PROBE = os.environ.get("QDOC_IMAGE_PROBE", f"{ROOT}/.build/release/QdocImageProbe")
WINDOW = 7


def means(plane):
    total = np.pad(plane, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    return (total[WINDOW:, WINDOW:] - total[:-WINDOW, WINDOW:] - total[WINDOW:, :-WINDOW] + total[:-WINDOW, :-WINDOW]) / WINDOW**2


def similarity(a, b):
    """SSIM at each place, in the size of the planes."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    mean_a, mean_b = means(a), means(b)
    variance_a, variance_b = means(a * a) - mean_a**2, means(b * b) - mean_b**2
    both = means(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255)**2, (0.03 * 255)**2
    result = (2 * mean_a * mean_b + c1) * (2 * both + c2) / ((mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2))
    return np.pad(result, WINDOW // 2, mode="edge")


def words(page, width, height):
    """Where the page has text: a mask of the image."""
    mask = np.zeros((height, width), dtype=bool)
    text = page.get_textpage()
    across, up = page.get_size()
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        rows = slice(int((up - top) / up * height), int((up - bottom) / up * height) + 1)
        mask[rows, int(left / across * width):int(right / across * width) + 1] = True
    return mask


def legibility(whole, bytes_, mask):
    other = Image.open(io.BytesIO(bytes_)).convert("RGB")
    luma = similarity(np.asarray(whole.convert("L")), np.asarray(other.convert("L")))[mask].mean()
    pairs = zip(np.moveaxis(np.asarray(whole), 2, 0), np.moveaxis(np.asarray(other), 2, 0))
    return luma, min(similarity(a, b)[mask].mean() for a, b in pairs)


def png(image, folder, name):
    """What a PNG weighs: Pillow's, which picks filters and compresses at zlib's default level; grey where the page is."""
    out = io.BytesIO()
    red, green, blue = image.split()
    (image.convert("L") if red.tobytes() == green.tobytes() == blue.tobytes() else image).save(out, "PNG")
    image.save(f"{folder}/{name}.png", compress_level=1)
    return len(out.getvalue())


def jpeg(image, quality, subsampling):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=subsampling)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", help="PDFs with text")
    parser.add_argument("--side", type=int, default=1600, help="longest side")
    parser.add_argument("--pages", type=int, default=20, help="of each file, at most")
    options = parser.parse_args()
    for path in options.files:
        document = pdfium.PdfDocument(path)
        rows = {}
        with tempfile.TemporaryDirectory() as folder:
            for number, page in enumerate(list(document)[:options.pages]):
                image = page.render(scale=options.side / max(page.get_size())).to_pil().convert("RGB")
                mask = words(page, *image.size)
                if page.get_rotation() or not mask.any():
                    mask[:] = True
                whole = png(image, folder, number)
                variants = {}
                for name in ("auto", "jpeg"):
                    done = subprocess.run(
                        [PROBE, "encode", f"{folder}/{number}.png", "1", "%dx%d" % image.size, name], capture_output=True, check=True)
                    variants[f"qdoc {name}"] = done.stdout
                for quality in (85, 80, 75):
                    for subsampling, label in ((0, "4:4:4"), (2, "4:2:0")):
                        variants[f"JPEG {quality} {label}"] = jpeg(image, quality, subsampling)
                kinds = {b"\x89P": "PNG", b"\xff\xd8": "JPEG"}
                line = ", ".join(f"{name} {kinds[v[:2]]} {len(v) / whole:.2f}" for name, v in variants.items() if "qdoc" in name)
                print(f"# page {number + 1}: PNG {whole / 1000:.0f} KB; {line}", file=sys.stderr)
                for name, data in variants.items():
                    rows.setdefault(name, []).append((len(data) / whole, len(data), whole, *legibility(image, data, mask)))
        print(f"{os.path.basename(path)}, {len(document)} pages, {options.side} pixels\n")
        print("| | KB a page | share of PNG, all pages | median page | SSIM of text | worst page | worst channel | worst page |\n|---|---|---|---|---|---|---|---|")
        for name, pages in rows.items():
            share, sizes, wholes, luma, colour = zip(*pages)
            print(f"| {name} | {sum(sizes) / len(sizes) / 1000:.0f} | {sum(sizes) / sum(wholes):.2f} | {median(share):.2f} | "
                  f"{np.mean(luma):.4f} | {min(luma):.4f} | {np.mean(colour):.4f} | {min(colour):.4f} |")
        print()


main()
