"""annual-report.pdf: fourteen pages of an invented ports and logistics group."""

from reportlab.lib.colors import HexColor, white

from page import A4, CORAL, GREY, HEIGHT, INK, LEFT, LINE, NAVY, PALE, RIGHT, Report, SAND, TEAL, WIDTH

NAME = "Vestholm Logistics Group"


def money(value):
    text = f"{abs(value):,.1f}"
    return f"({text})" if value < 0 else text


def change(now, before):
    return f"{(now / before - 1) * 100:+.1f}%"


def statement(rows):
    """Rows of (label, 2025, 2024) as printed."""
    return [[label, "" if a is None else a if isinstance(a, str) else money(a), "" if b is None else b if isinstance(b, str) else money(b)] for label, a, b in rows]


def make(path):
    r = Report(path, "Annual Report 2025", NAME, f"{NAME}  |  Annual Report 2025")
    cover(r)
    at_a_glance(r)
    letter(r)
    year(r)
    charts(r)
    mix(r)
    segments(r)
    people(r)
    income(r)
    balance(r)
    cash(r)
    quarters(r)
    notes(r)
    outlook(r)
    r.save()
    return {
        "title": "Annual Report 2025", "organisation": NAME, "period": "2025", "pages": r.number - 1, "keyFigures": r.figures, "tables": r.tables,
        "charts": r.charts, "findings": r.findings,
    }


def cover(r):
    r.box(0, 0, WIDTH, HEIGHT, NAVY)
    r.box(0, 500, WIDTH, 12, TEAL)
    for i, (tall, color) in enumerate([(70, TEAL), (110, SAND), (90, CORAL), (150, TEAL), (128, SAND), (182, TEAL)]):
        r.box(LEFT + 82 * i, 500 - tall, 62, tall, color)
    r.text(LEFT, 120, NAME, "Sans-Bold", 15, white)
    r.text(LEFT, 182, "Annual Report 2025", "Sans-Bold", 38, white)
    r.text(LEFT, 214, "Financial year ended 31 December 2025", "Sans", 13, HexColor(0xC9D8DF))
    r.text(LEFT, 790, "Ports, freight and warehousing around the North Sea", "Sans", 10, HexColor(0xC9D8DF))
    r.end_page()


def at_a_glance(r):
    y = r.heading(84, "The year at a glance")
    callouts = [
        ("Revenue", "EUR 1,284.6 million", 1284.6, "EUR", "million"), ("Operating profit", "EUR 203.4 million", 203.4, "EUR", "million"),
        ("Containers handled", "4.82 million", 4.82, None, "million"), ("Employees", "6,418", 6418, None, None),
    ]
    for i, (label, shown, value, unit, scale) in enumerate(callouts):
        x, top = LEFT + 246 * (i % 2), y + 78 * (i // 2)
        r.box(x, top, 237, 66, PALE)
        r.box(x, top, 4, 66, TEAL)
        r.text(x + 16, top + 34, shown, "Sans-Bold", 19, NAVY)
        r.text(x + 16, top + 52, label, "Sans", 9.5, GREY)
        r.figure(label, value, unit, scale)
    y += 176
    r.text(LEFT, y, "Vestholm moves goods through eleven ports and 34 warehouses in seven countries.", "Serif", 10.2)
    y += 26
    rows = [
        ("Revenue (EUR million)", "1,284.6", "1,192.3", change(1284.6, 1192.3)), ("EBITDA (EUR million)", "288.9", "241.6", change(288.9, 241.6)),
        ("Operating profit (EUR million)", "203.4", "158.7", change(203.4, 158.7)), ("Operating margin (%)", "15.8", "13.3", "–"),
        ("Profit for the year (EUR million)", "135.6", "98.7", change(135.6, 98.7)), ("Earnings per share (EUR)", "2.71", "1.97", change(2.712, 1.974)),
        ("Dividend per share (EUR)", "1.10", "0.85", change(1.1, 0.85)), ("Capital expenditure (EUR million)", "142.7", "131.9", change(142.7, 131.9)),
        ("Equity ratio (%)", "45.2", "43.1", "–"), ("Employees at year end", "6,418", "6,102", change(6418, 6102)),
        ("Lost-time injuries per million hours", "1.9", "2.4", change(1.9, 2.4)),
    ]
    r.table(y, "Key figures", [["", "2025", "2024", "Change"]], [list(row) for row in rows], [262, 336, 410, 483])
    for label, value, unit, scale in [
        ("Revenue", 1284.6, "EUR", "million"), ("EBITDA", 288.9, "EUR", "million"), ("Operating profit", 203.4, "EUR", "million"),
        ("Operating margin", 15.8, "%", None), ("Profit for the year", 135.6, "EUR", "million"), ("Earnings per share", 2.71, "EUR", None),
        ("Dividend per share", 1.1, "EUR", None), ("Capital expenditure", 142.7, "EUR", "million"), ("Equity ratio", 45.2, "%", None),
        ("Employees at year end", 6418, None, None), ("Lost-time injuries per million hours", 1.9, None, None),
    ]:
        r.figure(label, value, unit, scale, "2025")
    r.text(LEFT, 778, "Margins and ratios are not rounded before changes are computed.", size=7.5, color=GREY)
    r.end_page("At a glance")


def letter(r):
    y = r.heading(84, "Letter to our shareholders")
    y = r.prose(LEFT, y + 6, RIGHT - LEFT, """
Revenue rose to EUR 1,284.6 million in 2025, the fifth year of growth in a row. Every segment contributed, and the ports carried the year: calls at our
terminals resumed in spring after two years of diverted traffic.

Operating profit increased to EUR 203.4 million in 2025. Half of the gain came from volume and half from the programme that we began in 2023 to bring
the warehouses onto one system. That programme is now complete, two quarters early.

We paid back debt. Net debt fell to EUR 312.5 million at the end of 2025, and the ratio of net debt to EBITDA is the lowest since the group was formed.
Free cash flow amounted to EUR 96.8 million in 2025.

Not everything went well. A fire at the Tornby freight hall in August closed the site for eleven weeks; nobody was hurt, and our customers were
patient with us. The cost of the interruption was EUR 9.4 million in 2025, of which the insurers have carried two thirds.

The board proposes a dividend of EUR 1.10 per share. It asks shareholders to vote on it at the general meeting in Vestholm on 14 April 2026.

I thank the people who kept the cranes, the lorries and the servers running through a winter that tested all three, and I thank you for your trust.
""", leading=15.4, size=10.8)
    r.text(LEFT, y + 24, "Ingrid Solvang", "Sans-Bold", 10.5, NAVY)
    r.text(LEFT, y + 38, "Chief Executive Officer", size=9.5, color=GREY)
    r.figure("Net debt", 312.5, "EUR", "million", "2025")
    r.figure("Free cash flow", 96.8, "EUR", "million", "2025")
    r.end_page("Letter")


def year(r):
    y = r.heading(84, "Our markets in 2025") + 4
    column = 231
    left = """
Trade through the North Sea ports grew again. Container volumes in the region increased by 3.8 % in 2025, with the largest gains on the routes to the
Baltic and to the Iberian coast.

Rates were less kind. Spot prices for short-sea freight fell in the first half and stayed low. Long contracts, which cover three quarters of our freight
revenue, softened the effect.

Demand for temperature-controlled space exceeded supply in all seven countries. We added two cold stores and opened both ahead of plan.

Shippers moved stock closer to their customers. Small parcels now leave from 19 of our warehouses within a day, and the return of goods became a
service of its own with 1.4 million pieces handled.

Fuel was cheaper than a year earlier. Most contracts pass the price on, so that the effect on the result was small.
"""
    right = """
Customers asked for fewer interfaces. The booking platform that we launched in 2024 now takes 61 % of all orders, and the share continues to rise.

Regulation moved as well. Emission allowances for ships became due in full, and shore power will be compulsory in four of our ports from 2028.

The shortage of drivers eased slightly. We trained 240 people in our own schools and kept nine out of ten of them.

Competition grew at the northern terminals, where two operators merged. We answered with longer opening hours and with slots that can be booked to
the quarter of an hour.

The authorities published the plan for the deep fairway in October. Work begins in 2027 and will take three winters.
"""
    bottom = max(r.prose(LEFT, y, column, left), r.prose(LEFT + column + 21, y, column, right))
    y = r.heading(bottom + 30, "What we conclude", 2)
    for finding in (
        "Growth came from volume rather than from price.", "Cold storage is the scarcest resource of the network and earns the highest return.",
        "The booking platform lowers the cost of each order and raises the number of orders.",
    ):
        r.text(LEFT + 4, y, "•", "Serif", 10.2)
        r.text(LEFT + 16, y, finding, "Serif", 10.2)
        r.findings.append(finding)
        y += 17
    r.end_page("Markets")


def charts(r):
    y = r.heading(84, "Five years in charts")
    y = r.bars(LEFT, y + 6, RIGHT - LEFT, 210, "Revenue (EUR million)", ["2021", "2022", "2023", "2024", "2025"], [921.4, 1034.8, 1118.9, 1192.3, 1284.6])
    y = r.lines(
        LEFT, y + 18, RIGHT - LEFT, 210, "Margin by segment (%)", ["2021", "2022", "2023", "2024", "2025"],
        [("Ports", [14.2, 15.1, 16.6, 17.5, 19.2]), ("Freight", [8.1, 9.4, 9.9, 10.4, 11.7]), ("Warehousing", [9.6, 10.2, 11.1, 12.0, 15.5])],
        [5, 10, 15, 20])
    r.prose(LEFT, y + 16, RIGHT - LEFT, "Margins are operating profit in per cent of external revenue. Digital services are not shown before 2024.", size=9)
    r.end_page("Charts")


def mix(r):
    y = r.heading(84, "Where revenue comes from")
    y = r.pie(LEFT, y + 6, 88, "Share of revenue by region (%)", ["Nordics", "Germany", "Benelux", "United Kingdom", "Other"], [38.4, 24.1, 19.7, 12.5, 5.3],
              [TEAL, NAVY, SAND, CORAL, HexColor(0x9AA7AF)])
    y = r.bars(LEFT, y + 10, 300, 150, "Containers (thousand TEU)", ["Q1", "Q2", "Q3", "Q4"], [1080, 1215, 1260, 1265], color=NAVY, axis=[0, 400, 800, 1200, 1600])
    y = r.table(
        y + 16, "Table 1: Revenue by region (EUR million)", [["Region", "2025", "2024", "Share"]],
        [["Nordics", "493.3", "452.0", "38.4%"], ["Germany", "309.6", "291.9", "24.1%"], ["Benelux", "253.1", "239.5", "19.7%"],
         ["United Kingdom", "160.6", "151.7", "12.5%"], ["Other", "68.0", "57.2", "5.3%"], ["Total", "1,284.6", "1,192.3", "100.0%"]],
        [200, 300, 400, 483], style="plain")
    r.end_page("Revenue")


def segments(r):
    y = r.heading(84, "Segment report")
    y = r.prose(LEFT, y, RIGHT - LEFT, """
The group reports four segments. Transfers between them are made at market prices and are not shown. Corporate functions are not allocated.""")
    rows = [
        ["Ports", "512.4", "487.0", "98.3", "85.1"], ["Freight", "438.7", "421.5", "51.2", "44.0"], ["Warehousing", "241.9", "215.2", "37.6", "25.9"],
        ["Digital services^1", "91.6", "68.6", "22.1", "9.4"], ["Corporate", "–", "–", "(5.8)", "(5.7)"], ["Group", "1,284.6", "1,192.3", "203.4", "158.7"],
    ]
    y = r.table(
        y + 12, "Table 2: Revenue and operating profit by segment (EUR million)",
        [["", ("Revenue", 2), ("Operating profit", 2)], ["Segment", "2025", "2024", "2025", "2024"]], rows, [163, 243, 323, 403, 483], style="grid", row_height=18)
    y = r.prose(LEFT, y + 16, RIGHT - LEFT, """
Revenue of the Ports segment increased to EUR 512.4 million in 2025. The new berth at Holmsund was in use for nine months.

Warehousing raised its operating profit to EUR 37.6 million in 2025, helped by the two cold stores and by the end of the migration.""")
    r.figure("Revenue of the Ports segment", 512.4, "EUR", "million", "2025")
    y = r.table(
        y + 14, "Table 3: Capacity at year end", [["Segment", "Sites", "Unit", "Capacity", "Utilisation"]],
        [["Ports", "11", ["thousand TEU a year"], "5,900", "81.7%"], ["Freight", "27", ["lorries"], "1,340", "88.2%"],
         ["Warehousing", "34", ["pallet spaces, of which", "cold: 96,000"], "612,000", "93.5%"], ["Digital services", "3", ["data centres"], "–", "–"]],
        [130, 185, 330, 406, 483], style="grid", row_height=17)
    r.text(LEFT, 772, "1", size=6, color=GREY)
    r.text(LEFT + 6, 774, "Includes the booking platform from 1 July 2024.", size=7.5, color=GREY)
    r.end_page("Segments")


def people(r):
    y = r.heading(84, "People and environment")
    y = r.table(
        y, "Employees by country at year end", [["Country", "2025", "2024", "Women 2025"]],
        [["Denmark", "1,912", "1,834", "34.1%"], ["Sweden", "1,406", "1,377", "36.8%"], ["Germany", "1,285", "1,198", "31.2%"], ["Netherlands", "884", "843", "33.0%"],
         ["United Kingdom", "541", "512", "29.9%"], ["Norway", "268", "251", "38.4%"], ["Spain", "122", "87", "41.0%"], ["Total", "6,418", "6,102", "33.6%"]],
        [190, 290, 390, 483], style="ruled", bold=(7,))
    y = r.prose(LEFT, y + 18, RIGHT - LEFT, """
We employed 6,418 people at the end of 2025. The accident rate fell for the fourth year.

Emissions from our own operations decreased to 118,400 tonnes in 2025, because nine of eleven ports now buy wind power under contract.""")
    r.figure("Emissions from our own operations", 118400, "tonnes", None, "2025")
    y = r.table(
        y + 12, "Table 4: Environment", [["Indicator", "Unit", "2025", "2024", "Target 2030"]],
        [["Emissions, own operations", ["tonnes CO2e"], "118,400", "131,700", "60,000"], ["Emissions, purchased energy", ["tonnes CO2e"], "21,900", "34,600", "0"],
         ["Energy used", ["GWh"], "642", "655", "560"], ["Renewable share", ["%"], "71.5", "58.3", "95.0"], ["Water drawn", ["thousand m³"], "884", "902", "750"],
         ["Spills to sea", ["number"], "–", "2", "–"]], [180, 270, 340, 410, 483], style="ruled")
    r.prose(LEFT, y + 14, RIGHT - LEFT, "Figures for 2024 were restated to include the Holmsund terminal.", size=9)
    r.end_page("People and environment")


def income(r):
    y = r.heading(84, "Consolidated income statement")
    rows = statement([
        ("Revenue", 1284.6, 1192.3), ("Cost of sales", -846.2, -801.7), ("Gross profit", 438.4, 390.6), ("Selling expenses", -92.5, -88.1),
        ("Administrative expenses", -118.3, -112.9), ("Research and development", -31.0, -28.4), ("Other operating income", 6.8, 5.2),
        ("Impairment of goodwill", "–", -7.7), ("Operating profit", 203.4, 158.7), ("Finance income", 4.1, 3.6), ("Finance costs", -27.9, -30.2),
        ("Profit before tax", 179.6, 132.1), ("Income taxes", -44.0, -33.4), ("Profit for the year", 135.6, 98.7), ("Attributable to:", None, None),
        ("Shareholders of the parent", 131.8, 96.2), ("Non-controlling interests", 3.8, 2.5),
    ])
    notes = ["3", "4", "", "", "5", "5", "", "11", "", "6", "6", "", "7", "", "", "", ""]
    rows = [[label, note, a, b] for (label, a, b), note in zip(rows, notes)]
    y = r.table(y, "Income statement (EUR million)", [["For the year ended 31 December", "Note", "2025", "2024"]], rows, [270, 325, 404, 483], bold=(2, 8, 11, 13))
    y = r.table(
        y + 14, "Earnings per share (EUR)", [["", "2025", "2024"]], [["Basic", "2.71", "1.97"], ["Diluted", "2.69", "1.96"]], [325, 404, 483])
    r.prose(LEFT, y + 18, RIGHT - LEFT, "The notes are part of these statements.", size=9)
    for label, value in [("Gross profit", 438.4), ("Profit before tax", 179.6)]:
        r.figure(label, value, "EUR", "million", "2025")
    r.end_page("Financial statements")


def balance(r):
    y = r.heading(84, "Consolidated balance sheet")
    rows = [
        ("Non-current assets", None, None), ("Goodwill", 214.3, 214.3), ("Other intangible assets", 88.7, 79.4), ("Property, plant and equipment", 693.2, 661.8),
        ("Right-of-use assets", 152.6, 160.1), ("Deferred tax assets", 12.4, 14.9), ("Current assets", None, None), ("Inventories", 41.8, 39.2),
        ("Trade receivables", 198.5, 187.3), ("Other receivables", 37.0, 42.6), ("Cash and cash equivalents", 123.9, 104.7), ("Total assets", 1562.4, 1504.3),
        ("Equity", None, None), ("Share capital", 50.0, 50.0), ("Retained earnings", 641.5, 585.9), ("Non-controlling interests", 14.7, 12.4),
        ("Non-current liabilities", None, None), ("Borrowings", 352.8, 389.6), ("Lease liabilities", 121.3, 128.0), ("Provisions", 46.9, 44.2), ("Current liabilities", None, None),
        ("Borrowings due within a year", 83.6, 71.5), ("Trade payables", 176.2, 158.9), ("Other liabilities", 75.4, 63.8), ("Total equity and liabilities", 1562.4, 1504.3),
    ]
    for total, parts in ((11, (1, 2, 3, 4, 5, 7, 8, 9, 10)), (24, (13, 14, 15, 17, 18, 19, 21, 22, 23))):
        for column in (1, 2):
            assert abs(rows[total][column] - sum(rows[i][column] for i in parts)) < 0.05, (total, column, sum(rows[i][column] for i in parts))
    r.table(
        y, "Balance sheet (EUR million)", [["As at 31 December", "2025", "2024"]], statement(rows), [325, 404, 483], bold=(11, 24),
        sections=(0, 6, 12, 16, 20))
    r.figure("Total assets", 1562.4, "EUR", "million", "2025")
    r.end_page("Financial statements")


def cash(r):
    y = r.heading(84, "Consolidated cash flow statement")
    rows = [
        ("Profit for the year", 135.6, 98.7), ("Depreciation and amortisation", 85.5, 82.9), ("Impairment of goodwill", "–", 7.7), ("Change in working capital", 8.1, -14.6),
        ("Other adjustments", 10.3, 6.4), ("Cash flow from operating activities", 239.5, 181.1), ("Purchase of property, plant and equipment", -142.7, -131.9),
        ("Proceeds from disposals", 7.2, 11.8), ("Acquisition of businesses", "–", -18.5), ("Cash flow from investing activities", -135.5, -138.6),
        ("Repayment of borrowings", -24.7, -12.3), ("Repayment of leases", -19.6, -18.8), ("Dividends paid", -42.5, -35.0), ("Cash flow from financing activities", -86.8, -66.1),
        ("Exchange differences", 2.0, -1.1), ("Change in cash and cash equivalents", 19.2, -24.7),
    ]
    number = lambda v: v if isinstance(v, float) else 0
    for total, parts in ((5, range(5)), (9, range(6, 9)), (13, range(10, 13)), (15, (5, 9, 13, 14))):
        for column in (1, 2):
            assert abs(rows[total][column] - sum(number(rows[i][column]) for i in parts)) < 0.05, (total, column)
    y = r.table(y, "Cash flow statement (EUR million)", [["For the year ended 31 December", "2025", "2024"]], statement(rows), [325, 404, 483], bold=(5, 9, 13, 15))
    r.prose(LEFT, y + 18, RIGHT - LEFT, """
Cash flow from operating activities increased to EUR 239.5 million in 2025, because profit was higher and receivables grew more slowly than sales.""")
    r.figure("Cash flow from operating activities", 239.5, "EUR", "million", "2025")
    r.end_page("Financial statements")


def quarters(r):
    """A page of a portrait sheet that is shown turned by 90 degrees."""
    canvas = r.canvas
    # reportlab takes the size as shown, and writes the sheet.
    canvas.setPageSize((HEIGHT, WIDTH))
    canvas.setPageRotation(90)
    canvas.translate(WIDTH, 0)
    canvas.rotate(90)
    r.height = A4[0]
    wide = HEIGHT - 2 * LEFT
    r.text(LEFT, 36, r.running, size=7.5, color=GREY)
    r.text(HEIGHT - LEFT, 36, "Quarters", size=7.5, color=GREY, align="right")
    r.rule(LEFT, HEIGHT - LEFT, 42, 0.4, LINE)
    y = r.heading(80, "Eight quarters")
    head = ["", ("2024", 4), ("2025", 4)]
    names = ["EUR million", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2", "Q3", "Q4"]
    rows = [
        ["Ports", "116.2", "120.4", "124.9", "125.5", "119.8", "128.7", "130.6", "133.3"],
        ["Freight", "101.9", "104.6", "107.7", "107.3", "105.1", "109.2", "110.8", "113.6"],
        ["Warehousing", "52.3", "53.1", "54.6", "55.2", "57.4", "59.6", "61.8", "63.1"],
        ["Digital services", "9.1", "9.8", "23.6", "26.1", "20.7", "22.3", "23.9", "24.7"],
        ["Revenue", "279.5", "287.9", "310.8", "314.1", "303.0", "319.8", "327.1", "334.7"],
        ["Operating costs", "(246.0)", "(248.3)", "(268.5)", "(270.8)", "(259.4)", "(268.9)", "(274.0)", "(278.9)"],
        ["Operating profit", "33.5", "39.6", "42.3", "43.3", "43.6", "50.9", "53.1", "55.8"],
        ["Operating margin", "12.0%", "13.8%", "13.6%", "13.8%", "14.4%", "15.9%", "16.2%", "16.7%"],
        ["Employees", "5,988", "6,011", "6,074", "6,102", "6,190", "6,255", "6,340", "6,418"],
    ]
    for c in range(1, 9):
        total = sum(float(rows[i][c]) for i in range(4))
        assert abs(total - float(rows[4][c])) < 0.05, (c, total)
        assert abs(float(rows[4][c]) - float(rows[5][c].strip("()")) - float(rows[6][c])) < 0.05, c
    edges = [170 + (wide - 170) * i / 8 for i in range(9)]
    y = r.table(y, "Table 5: Quarterly development", [head, names], rows, edges, bold=(4, 6), row_height=19, size=10)
    r.prose(LEFT, y + 20, wide, "Quarterly figures were not audited. The third quarter of 2024 is the first with the booking platform for a full quarter.", size=9.5)
    r.text(HEIGHT - LEFT, A4[0] - 30, str(r.number), size=8, color=GREY, align="right")
    r.end_page()
    canvas.setPageRotation(0)
    canvas.setPageSize(A4)
    r.height = HEIGHT


def notes(r):
    y = r.heading(84, "Notes to the financial statements")
    y = r.heading(y, "3  Revenue", 2)
    y = r.prose(LEFT, y, RIGHT - LEFT, """
Revenue is recognised when a service is rendered: for handling when the container leaves the terminal, for storage over time, for freight on delivery.""")
    y = r.heading(y + 8, "7  Income taxes", 2)
    y = r.table(
        y, "Tax reconciliation (EUR million)", [["", "2025", "2024"]],
        [["Profit before tax", "179.6", "132.1"], ["Tax at 22.0 %", "(39.5)", "(29.1)"], ["Expenses not deductible", "(2.9)", "(3.2)"], ["Other", "(1.6)", "(1.1)"],
         ["Income taxes", "(44.0)", "(33.4)"], ["Effective rate", "24.5%", "25.3%"]], [325, 404, 483], bold=(4,))
    y = r.heading(y + 16, "11  Goodwill", 2)
    y = r.prose(LEFT, y, RIGHT - LEFT, """
Goodwill is tested once a year. The recoverable amount of each unit is its value in use, from cash flows planned for five years and a growth rate after
that.""")
    y = r.table(
        y + 8, "Table 6: Assumptions of the goodwill test", [["Unit", "Goodwill", "Growth rate", "Discount rate", "Method"]],
        [["Ports", "121.9", "1.5%", "7.2%", ["value in use, five", "years of cash flows"]], ["Freight", "58.6", "1.0%", "8.1%", ["value in use"]],
         ["Warehousing", "33.8", "2.0%", "7.6%", ["value in use, with the", "cold stores"]], ["Total", "214.3", "–", "–", [""]]],
        [110, 185, 265, 350, 483], style="grid", row_height=17)
    r.prose(LEFT, y + 8, RIGHT - LEFT, "A rise of the discount rate by one percentage point would not lead to an impairment.", size=9.5)
    r.end_page("Notes")


def outlook(r):
    y = r.heading(84, "Outlook")
    y = r.prose(LEFT, y, RIGHT - LEFT, """
We expect another year of growth. Capital expenditure is planned at EUR 155 million in 2026, mostly for shore power and for the third berth at Holmsund.

We do not assume that freight rates recover. If they do, the Freight segment will exceed its plan.""")
    y = r.heading(y + 14, "Financial calendar", 2)
    y = r.table(
        y, None, [["Date", "Event"]],
        [["14 April 2026", ["General meeting in Vestholm"]], ["7 May 2026", ["Report on the first quarter"]], ["20 August 2026", ["Half-year report"]],
         ["5 November 2026", ["Report on the third quarter"]]], [140, 400], heading="Financial calendar")
    y = r.heading(y + 24, "Contact", 2)
    for line in ("Vestholm Logistics Group", "Havnegade 12, 4900 Vestholm", "investors@vestholm.example"):
        r.text(LEFT, y, line, "Serif", 10.2)
        y += 14.5
    r.box(0, 720, WIDTH, 8, TEAL)
    r.end_page("Outlook")
