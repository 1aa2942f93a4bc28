"""Draws pages with reportlab and keeps the truth of what was drawn."""

import re

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = "/usr/share/fonts/truetype/liberation/"
for name, file in {
    "Sans": "LiberationSans-Regular", "Sans-Bold": "LiberationSans-Bold", "Sans-Italic": "LiberationSans-Italic",
    "Serif": "LiberationSerif-Regular", "Serif-Bold": "LiberationSerif-Bold", "Mono": "LiberationMono-Regular",
}.items():
    pdfmetrics.registerFont(TTFont(name, FONTS + file + ".ttf"))

NAVY, TEAL, SAND, CORAL = HexColor(0x14324A), HexColor(0x1F8A8A), HexColor(0xE9B44C), HexColor(0xD1495B)
INK, GREY, PALE, LINE = HexColor(0x222B33), HexColor(0x66727C), HexColor(0xEEF3F5), HexColor(0xB7C3CB)
WIDTH, HEIGHT = A4
LEFT, RIGHT = 56, WIDTH - 56


def typed(text):
    """A printed cell as the schema of the `report` pipeline wants it."""
    text = re.sub(r"\^\w+$", "", text).strip()
    if text in ("", "–", "—", "-"):
        return None
    number = text.rstrip("%").strip()
    sign = 1
    if number.startswith("(") and number.endswith(")"):
        number, sign = number[1:-1].rstrip("%").strip(), -1
    if number[:1] in "+−-" and number[1:]:
        sign, number = (1 if number[0] == "+" else -1), number[1:].strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?|\d+(\.\d+)?", number):
        value = float(number.replace(",", "")) * sign
        return int(value) if value == int(value) and "." not in number else value
    return text


class Report:
    """A PDF with running header and footer. y runs downward from the top of the page, in points."""

    def __init__(self, path, title, author, running):
        self.canvas = Canvas(path, pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.running = running
        self.number = 1
        self.height = HEIGHT
        self.tables, self.charts, self.figures, self.findings = [], [], [], []

    def end_page(self, section=None):
        if section:
            self.text(LEFT, 36, self.running, size=7.5, color=GREY)
            self.text(RIGHT, 36, section, size=7.5, color=GREY, align="right")
            self.rule(LEFT, RIGHT, 42, 0.4, LINE)
            self.text(RIGHT, self.height - 30, str(self.number), size=8, color=GREY, align="right")
        self.canvas.showPage()
        self.number += 1

    def save(self):
        self.canvas.save()

    # Text

    def text(self, x, y, text, font="Sans", size=9.5, color=INK, align="left"):
        """One line; `^1` at the end of a word is a raised footnote mark."""
        parts = re.split(r"\^(\w)", text)
        width = sum(pdfmetrics.stringWidth(p, font, size * (0.62 if i % 2 else 1)) for i, p in enumerate(parts))
        x -= {"left": 0, "right": width, "center": width / 2}[align]
        self.canvas.setFillColor(color)
        for i, part in enumerate(parts):
            scale = 0.62 if i % 2 else 1
            self.canvas.setFont(font, size * scale)
            self.canvas.drawString(x, self.height - y + (size * 0.34 if i % 2 else 0), part)
            x += pdfmetrics.stringWidth(part, font, size * scale)

    def wrap(self, text, width, font, size):
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and pdfmetrics.stringWidth(re.sub(r"\^\w", "", longer), font, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        return lines + [line]

    def prose(self, x, y, width, text, font="Serif", size=10.2, leading=14.2, color=INK, gap=7):
        """Paragraphs; returns the y under them."""
        for paragraph in text.strip().split("\n\n"):
            for line in self.wrap(paragraph, width, font, size):
                self.text(x, y, line, font, size, color)
                y += leading
            y += gap
        return y

    def heading(self, y, text, level=1, x=LEFT):
        size = {1: 21, 2: 13, 3: 10.5}[level]
        self.text(x, y, text, "Sans-Bold", size, NAVY)
        return y + {1: 30, 2: 19, 3: 15}[level]

    # Shapes

    def rule(self, x0, x1, y, width=0.6, color=INK):
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(width)
        self.canvas.line(x0, self.height - y, x1, self.height - y)

    def upright(self, x, y0, y1, width=0.6, color=INK):
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(width)
        self.canvas.line(x, self.height - y0, x, self.height - y1)

    def box(self, x, y, width, height, color):
        self.canvas.setFillColor(color)
        self.canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)

    # Tables

    def table(self, y, title, header, rows, edges, style="ruled", size=9, row_height=17, heading=None, x=LEFT, bold=(), sections=()):
        """Draws a table and records its truth.

        `edges` are the right edges of the columns from x; `header` is a list of header rows, a cell is a text or (text, span). A cell that is a
        list of lines wraps. `heading` is the heading over a table without a caption. `style`: ruled (rules above and below the header and at the end), grid, plain.
        """
        if title:
            self.text(x, y, title, "Sans-Bold", 9.5, NAVY)
            y += 9
        edges = [x + e for e in edges]
        lefts = [x] + edges[:-1]
        start = y
        ys = [y]
        words = {c for row in rows for c, cell in enumerate(row) if c == 0 or isinstance(cell, list)}
        if style in ("ruled", "grid"):
            self.rule(x, edges[-1], y, 0.9 if style == "ruled" else 0.5)
        names = [[] for _ in edges]
        spans = []
        for level, cells in enumerate(header):
            y += row_height
            column = 0
            for cell in cells:
                text, span = cell if isinstance(cell, tuple) else (cell, 1)
                last = column + span - 1
                for c in range(column, last + 1):
                    if text:
                        names[c].append(text)
                if span > 1:
                    self.text((lefts[column] + edges[last]) / 2 + 4, y - 4.5, text, "Sans-Bold", size, align="center")
                    if style == "ruled":
                        self.rule(lefts[column] + 10, edges[last] - 4, y - 1, 0.4)
                    spans.append((level, column, last))
                elif column in words:
                    self.text(lefts[column] + 4, y - 4.5, text, "Sans-Bold", size)
                else:
                    self.text(edges[column] - 4, y - 4.5, text, "Sans-Bold", size, align="right")
                column += span
            ys.append(y)
        if style == "ruled":
            self.rule(x, edges[-1], y, 0.5)
        for index, row in enumerate(rows):
            lines = max(len(c) if isinstance(c, list) else 1 for c in row)
            first = y + row_height
            font = "Sans-Bold" if index in bold or index in sections else "Sans"
            if index in bold and style == "ruled":
                self.rule(x, edges[-1], y, 0.4)
            for column, cell in enumerate(row):
                for n, line in enumerate(cell if isinstance(cell, list) else [cell]):
                    at = first + n * (row_height - 3.5) - 4.5
                    if column in words:
                        self.text(lefts[column] + 4, at, line, font, size)
                    else:
                        self.text(edges[column] - (1.2 if line.endswith(")") else 4), at, line, font, size, align="right")
            y = first + (lines - 1) * (row_height - 3.5)
            ys.append(y)
        if style == "ruled":
            self.rule(x, edges[-1], y, 0.9)
        if style == "grid":
            for at in ys[1:]:
                self.rule(x, edges[-1], at, 0.5)
            self.upright(x, start, y, 0.5)
            for column, edge in enumerate(edges):
                upper = start
                for level, first_column, last in spans:
                    if first_column <= column < last:
                        upper = ys[level + 1]
                self.upright(edge, upper, y, 0.5)
        clean = lambda text: re.sub(r"\^\w", "", text)
        record = {
            "page": self.number, "title": clean(title) if title else heading,
            "columns": [clean(" ".join(n)) or None for n in names],
            "rows": [[typed(clean(" ".join(c) if isinstance(c, list) else c)) for c in row] for row in rows],
        }
        self.tables.append(record)
        return y + 10

    # Charts

    def bars(self, x, y, width, height, title, labels, values, format="{:,.1f}", color=TEAL, axis=None):
        self.text(x, y, title, "Sans-Bold", 9.5, NAVY)
        base, top = y + height - 16, y + 18
        limit = axis[-1] if axis else max(values) * 1.12
        slot = (width - (28 if axis else 0)) / len(labels)
        x0 = x + (28 if axis else 0)
        for tick in axis or []:
            at = base - (base - top) * tick / limit
            self.rule(x0, x + width, at, 0.3, LINE)
            self.text(x0 - 5, at + 2.7, f"{tick:,}", size=7.5, color=GREY, align="right")
        for i, (label, value) in enumerate(zip(labels, values)):
            tall = (base - top) * value / limit
            self.box(x0 + slot * (i + 0.2), base - tall, slot * 0.6, tall, color)
            if not axis:
                self.text(x0 + slot * (i + 0.5), base - tall - 4, format.format(value), "Sans-Bold", 8, align="center")
            self.text(x0 + slot * (i + 0.5), base + 11, label, size=8, color=GREY, align="center")
        self.rule(x0, x + width, base, 0.7)
        self.chart(title, "bar", [(None, labels, values)])
        return y + height + 8

    def lines(self, x, y, width, height, title, labels, series, axis):
        self.text(x, y, title, "Sans-Bold", 9.5, NAVY)
        base, top, x0 = y + height - 16, y + 30, x + 28
        for tick in axis:
            at = base - (base - top) * (tick - axis[0]) / (axis[-1] - axis[0])
            self.rule(x0, x + width, at, 0.3, LINE)
            self.text(x0 - 5, at + 2.7, f"{tick:,}", size=7.5, color=GREY, align="right")
        step = (width - 28) / (len(labels) - 1) * 0.94
        for i, label in enumerate(labels):
            self.text(x0 + 8 + step * i, base + 11, label, size=8, color=GREY, align="center")
        legend = x0
        for (name, values), color in zip(series, (TEAL, CORAL, SAND)):
            self.box(legend, y + 9, 12, 3, color)
            self.text(legend + 16, y + 13.5, name, size=8)
            legend += 30 + pdfmetrics.stringWidth(name, "Sans", 8)
            path = self.canvas.beginPath()
            for i, value in enumerate(values):
                at = (x0 + 8 + step * i, self.height - (base - (base - top) * (value - axis[0]) / (axis[-1] - axis[0])))
                path.lineTo(*at) if i else path.moveTo(*at)
            self.canvas.setStrokeColor(color)
            self.canvas.setLineWidth(1.6)
            self.canvas.drawPath(path)
        self.chart(title, "line", [(name, labels, values) for name, values in series])
        return y + height + 8

    def pie(self, x, y, radius, title, labels, values, colors):
        self.text(x, y, title, "Sans-Bold", 9.5, NAVY)
        cx, cy, angle, total = x + radius + 4, self.height - y - radius - 16, 90, sum(values)
        for label, value, color in zip(labels, values, colors):
            sweep = -360 * value / total
            self.canvas.setFillColor(color)
            self.canvas.setStrokeColor(white)
            self.canvas.setLineWidth(1)
            self.canvas.wedge(cx - radius, cy - radius, cx + radius, cy + radius, angle, sweep, stroke=1, fill=1)
            angle += sweep
        for i, (label, value, color) in enumerate(zip(labels, values, colors)):
            at = y + radius - 10 + 17 * i
            self.box(cx + radius + 24, at - 7, 9, 9, color)
            self.text(cx + radius + 39, at, f"{label}  {value:.1f} %", size=8.5)
        self.chart(title, "pie", [(None, labels, values)])
        return y + 2 * radius + 30

    def chart(self, title, kind, series):
        self.charts.append({
            "page": self.number, "title": title, "kind": kind,
            "series": [{"name": n, "points": [{"x": x, "y": v} for x, v in zip(xs, ys)]} for n, xs, ys in series]})

    # Truth

    def figure(self, label, value, unit=None, scale=None, period=None):
        self.figures.append({"page": self.number, "label": label, "value": value, "unit": unit, "scale": scale, "period": period})
