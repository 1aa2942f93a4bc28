#!/usr/bin/env python3
"""How high print must be in an image to be read: words and numbers read right by character recognition, by font size in pixels.

  legibility.py

Run it with a Python that has pypdfium2 and pillow (.build/test-venv/bin/python), and with qdoc-ocr beside the program. Pages of random words and figures in two
fonts are drawn by pypdfium2 so that the font size comes to a number of pixels, and read from the image alone, as a model would have to.
"""
import collections, json, os, random, subprocess, tempfile
import pypdfium2
from _bench import QDOC

WORDS = "revenue margin quarter region segment growth forecast demand supply inventory shipment customer contract renewal capacity".split()
POINTS = 10


def page(font, seed):
    """A PDF of one page of 40 lines, and its words."""
    chance = random.Random(seed)
    lines = []
    for _ in range(40):
        line = [chance.choice(WORDS) for _ in range(5)] + [f"{chance.randrange(1, 999)},{chance.randrange(100, 1000)}.{chance.randrange(10)}" for _ in range(3)]
        lines.append(line)
    text = "BT /F 10 Tf 16 TL 50 780 Td " + " ".join(f"({' '.join(line)}) Tj T*" for line in lines) + " ET"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
               f"<< /Length {len(text)} >>\nstream\n{text}\nendstream", f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} >>"]
    body = "%PDF-1.4\n" + "".join(f"{number} 0 obj\n{thing}\nendobj\n" for number, thing in enumerate(objects, 1))
    return (body + "trailer\n<< /Root 1 0 R >>\n%%EOF\n").encode(), [word for line in lines for word in line]


def read(path):
    result = subprocess.run([QDOC, "inspect", path, "--json"], capture_output=True, text=True, check=True)
    return collections.Counter(word["text"] for word in json.loads(result.stdout)["pages"][0]["words"])


def share(wanted, found):
    wanted = collections.Counter(wanted)
    return sum((wanted & found).values()) / sum(wanted.values())


def main():
    print("| pixels | " + " | ".join(f"{font} words | figures" for font in ("Times-Roman", "Helvetica")) + " |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for height in (6, 7, 8, 9, 10, 12, 16, 24):
            cells = []
            for font in ("Times-Roman", "Helvetica"):
                pdf, words = page(font, height)
                picture = os.path.join(folder, "page.png")
                pypdfium2.PdfDocument(pdf)[0].render(scale=height / POINTS).to_pil().save(picture)
                found = read(picture)
                cells += [share([w for w in words if w.isalpha()], found), share([w for w in words if not w.isalpha()], found)]
            print(f"| {height} | " + " | ".join(f"{100 * cell:.1f} %" for cell in cells) + " |", flush=True)


main()
