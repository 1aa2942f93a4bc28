"""The small samples: an invoice, a scanned letter, a dashboard, a chart and a photograph of the chart."""

import io

import matplotlib
import numpy
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.colors import HexColor, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from page import A4, CORAL, GREY, HEIGHT, INK, LEFT, LINE, NAVY, PALE, RIGHT, Report, SAND, TEAL, WIDTH

matplotlib.use("Agg")
import matplotlib.pyplot as plot  # noqa: E402  (the backend comes first)

plot.rcParams["font.family"] = "Liberation Sans"


def drawn(path, dpi):
    """The first page of a PDF as an image."""
    with pypdfium2.PdfDocument(path) as document:
        return document[0].render(scale=dpi / 72).to_pil().convert("RGB")


def invoice(path):
    r = Report(path, "Invoice 2025-118", "Tornby Marine Supplies", "")
    r.box(0, 0, WIDTH, 10, TEAL)
    r.text(LEFT, 62, "Tornby Marine Supplies", "Sans-Bold", 16, NAVY)
    r.text(LEFT, 78, "Kajvej 4, 4930 Tornby", size=9, color=GREY)
    r.text(RIGHT, 66, "INVOICE", "Sans-Bold", 20, NAVY, "right")
    for i, line in enumerate(("Vestholm Logistics Group", "Havnegade 12", "4900 Vestholm")):
        r.text(LEFT, 142 + 14 * i, line, size=10)
    fields = {
        "Invoice number": "2025-118", "Invoice date": "12 November 2025", "Due date": "12 December 2025", "Customer number": "V-2041",
        "Purchase order": "PO-77310",
    }
    for i, (label, value) in enumerate(fields.items()):
        r.text(340, 142 + 16 * i, f"{label}:", size=9.5, color=GREY)
        r.text(440, 142 + 16 * i, value, "Sans-Bold", 9.5)
    lines = [
        [["Mooring line, polyester, 48 mm"], "12", "184.50", "2,214.00"], [["Fender, foam filled"], "4", "610.00", "2,440.00"],
        [["Navigation light, LED"], "10", "86.20", "862.00"], [["Delivery to Holmsund"], "1", "145.00", "145.00"],
    ]
    y = r.table(268, None, [["Description", "Quantity", "Unit price", "Amount"]], lines, [235, 310, 395, 483], row_height=20, size=9.5)
    for i, (label, value) in enumerate((("Subtotal", "5,661.00"), ("VAT 25 %", "1,415.25"), ("Total", "EUR 7,076.25"))):
        font = "Sans-Bold" if label == "Total" else "Sans"
        if label == "Total":
            r.rule(370, RIGHT, y + 4 + 18 * i, 0.6)
        r.text(376, y + 16 + 18 * i, label, font, 10)
        r.text(RIGHT - 4, y + 16 + 18 * i, value, font, 10, align="right")
    r.text(LEFT, y + 120, "Payment within 30 days to IBAN DK50 0040 0440 1162 43.", size=9)
    r.end_page()
    r.save()
    return {
        "invoiceNumber": "2025-118", "invoiceDate": "12 November 2025", "dueDate": "12 December 2025", "customerNumber": "V-2041",
        "purchaseOrder": "PO-77310", "subtotal": 5661.0, "total": 7076.25, "currency": "EUR",
        "lines": [
            {"description": d[0], "quantity": int(q), "unitPrice": float(p), "amount": float(a.replace(",", ""))} for d, q, p, a in lines],
        "tables": r.tables,
    }


def letter(path):
    """Drawn, turned by 0.7 degrees, speckled, stored as one JPEG: there is no text in the file."""
    source = io.BytesIO()
    r = Report(source, "", "", "")
    r.text(LEFT, 80, "Harbour Authority of Holmsund", "Serif-Bold", 15)
    r.text(RIGHT, 120, "Holmsund, 3 September 2025", "Serif", 11, align="right")
    text = """
Dear Ms Solvang,

with this letter we confirm that the permit for the second berth at the Holmsund terminal is granted under number HB-2025-0417. The permit is valid
until 31 August 2035.

The yearly fee amounts to EUR 184,500 and is due on 1 January. The depth of the fairway is kept at 12.5 metres by the authority.

We ask you to name a person who is responsible for the reports on noise and dust, which are due in each quarter.

Yours sincerely,

Harald Nyqvist, Harbour Master
"""
    r.prose(LEFT, 170, RIGHT - LEFT, text, size=12, leading=17, gap=10)
    r.end_page()
    r.save()
    source.seek(0)
    image = drawn(source.getvalue(), 150).convert("L")
    image = image.rotate(0.7, Image.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.7))
    noise = numpy.random.default_rng(7).normal(0, 9, (image.height, image.width))
    shade = numpy.linspace(0, 14, image.width)[None, :]
    image = Image.fromarray(numpy.clip(numpy.asarray(image, dtype=float) * 0.93 + noise - shade + 12, 0, 255).astype("uint8"))
    stored = io.BytesIO()
    image.save(stored, "JPEG", quality=55)
    stored.seek(0)
    canvas = Canvas(path, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(stored), 0, 0, WIDTH, HEIGHT)
    canvas.showPage()
    canvas.save()
    return {
        "sender": "Harbour Authority of Holmsund", "date": "3 September 2025", "permitNumber": "HB-2025-0417", "validUntil": "31 August 2035",
        "fee": {"value": 184500, "unit": "EUR"}, "depth": {"value": 12.5, "unit": "metres"},
    }


def dashboard(path):
    source = io.BytesIO()
    r = Report(source, "", "", "")
    width, height = 640, 400
    r.canvas.setPageSize((width, height))
    r.height = height
    r.box(0, 0, width, height, HexColor(0xF4F7F8))
    r.box(0, 0, width, 44, NAVY)
    r.text(20, 28, "Terminal operations", "Sans-Bold", 15, white)
    r.text(width - 20, 28, "Week 46, 2025", "Sans", 11, HexColor(0xC9D8DF), "right")
    tiles = [("Moves per hour", "31.4", "+2.1"), ("Berth occupancy", "74 %", "-3 pts"), ("Dwell time", "3.2 days", "-0.4"), ("Incidents", "1", "+1")]
    for i, (label, value, delta) in enumerate(tiles):
        x = 20 + 152 * i
        r.box(x, 58, 144, 84, white)
        r.text(x + 12, 78, label, size=9.5, color=GREY)
        r.text(x + 12, 110, value, "Sans-Bold", 22, NAVY)
        r.text(x + 12, 130, delta, size=9.5, color=CORAL if label == "Incidents" else TEAL)
    r.box(20, 156, 372, 228, white)
    r.bars(34, 176, 344, 196, "Containers a day", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], [612, 648, 701, 689, 655, 420, 388], "{:,.0f}")
    r.box(404, 156, 216, 228, white)
    r.table(
        172, "Vessels", [["Vessel", "Calls", "Delay h"]],
        [["Astrid", "3", "0.5"], ["Borea", "2", "1.8"], ["Caspian", "4", "0.0"], ["Dagny", "1", "6.2"]], [90, 140, 192], x=416, row_height=22, size=9.5)
    r.canvas.showPage()
    r.canvas.save()
    drawn(source.getvalue(), 144).save(path, optimize=True)
    return {"tiles": [{"label": t[0], "value": t[1], "change": t[2]} for t in tiles], "tables": r.tables, "charts": r.charts}


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
ENERGY = {"Shore power": [2.1, 2.4, 3.0, 3.9, 4.6, 5.2, 5.8, 6.1, 5.4, 4.7, 4.1, 3.6], "Cranes": [6.8, 6.5, 6.9, 7.2, 7.4, 7.9, 8.3, 8.1, 7.7, 7.5, 7.1, 7.0]}


def chart(path):
    figure, axes = plot.subplots(figsize=(8, 5), dpi=120)
    for (name, values), color, marker in zip(ENERGY.items(), ("#1F8A8A", "#D1495B"), "os"):
        axes.plot(MONTHS, values, color=color, marker=marker, label=name, linewidth=2)
    axes.set_title("Electricity used at Holmsund in 2025")
    axes.set_ylabel("GWh")
    axes.set_ylim(0, 10)
    axes.grid(axis="y", color="#D5DDE1")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", ncols=2)
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    plot.close(figure)
    return {"title": "Electricity used at Holmsund in 2025", "unit": "GWh", "kind": "line",
            "series": [{"name": n, "points": [{"x": x, "y": y} for x, y in zip(MONTHS, v)]} for n, v in ENERGY.items()]}


def photo(path):
    """The chart on paper, seen at an angle on a desk, taken with the camera held upright (EXIF orientation 6)."""
    shown = io.BytesIO()
    truth = chart(shown)
    paper = Image.open(shown).convert("RGB")
    width, height = 1500, 1100
    corners = [(130, 90), (1395, 40), (1440, 985), (70, 1040)]
    size = [(0, 0), (paper.width, 0), (paper.width, paper.height), (0, paper.height)]
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, size):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    warp = numpy.linalg.solve(numpy.array(rows, dtype=float), numpy.array(right, dtype=float))
    random = numpy.random.default_rng(11)
    grain = numpy.cumsum(random.normal(0, 1, (height, 1)), axis=0) * 0.6 + random.normal(0, 3, (height, width))
    desk = numpy.clip(numpy.array([126, 92, 64])[None, None, :] + grain[:, :, None], 0, 255).astype("uint8")
    scene = Image.fromarray(desk)
    mask = Image.new("L", paper.size, 255).transform((width, height), Image.PERSPECTIVE, warp, Image.BICUBIC)
    scene.paste(paper.transform((width, height), Image.PERSPECTIVE, warp, Image.BICUBIC), mask=mask)
    y, x = numpy.mgrid[0:height, 0:width]
    light = 1.02 - 0.28 * ((x / width - 0.35) ** 2 + (y / height - 0.3) ** 2)
    pixels = numpy.asarray(scene.filter(ImageFilter.GaussianBlur(0.8)), dtype=float) * light[:, :, None] * [1.0, 0.98, 0.93]
    pixels = numpy.clip(pixels + random.normal(0, 5, pixels.shape), 0, 255).astype("uint8")
    exif = Image.Exif()
    exif[0x0112] = 6
    # Orientation 6: the viewer turns the stored pixels clockwise, so they are stored turned the other way.
    Image.fromarray(pixels).transpose(Image.ROTATE_90).save(path, "JPEG", quality=78, exif=exif)
    return truth
