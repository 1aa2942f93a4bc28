"""Every place of a report's evidence holds the text that it names, as pypdfium2 reads it there."""
import unicodedata
from collections import Counter
import pypdfium2 as pdfium
from _qdoc import check, finish, report, sample


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and unicodedata.category(c) != "Cf")


seen = held = 0
for name in ["annual-report.pdf", "invoice.pdf"]:
    path = sample(name)
    document = pdfium.PdfDocument(path)
    made = report(path)
    pages = {}
    for evidence in made["evidence"]:
        for place in evidence["places"]:
            number = place["page"]
            if number not in pages:
                page = document[number - 1]
                pages[number] = (page, page.get_textpage())
            page, text = pages[number]
            x, y, width, height = place["box"]
            # Display space (origin top left, after /Rotate) back to the page's own; two points of slack for the ascent of a font.
            left, top, right, bottom = x - 2, y - 2, x + width + 2, y + height + 2
            w, h = page.get_size()
            turn = page.get_rotation()
            a, b, c, d = page.get_cropbox()
            corners = {
                0: (a + left, d - bottom, a + right, d - top), 90: (a + top, b + left, a + bottom, b + right),
                180: (c - right, b + top, c - left, b + bottom), 270: (c - bottom, d - right, c - top, d - left),
            }[turn]
            found = plain(text.get_text_bounded(*corners))
            seen += 1
            # Every character of it: the two readers may order a line's parts differently.
            ok = not Counter(plain(place["text"])) - Counter(found)
            held += ok
            if not ok:
                check(False, f"{name} page {number} {evidence['pointer']}: “{place['text']}” is not at {place['box']}; there stands “{found[:80]}”")
check(seen >= 50, f"only {seen} places to look at")
finish(f"{held} of {seen} places hold their text")
