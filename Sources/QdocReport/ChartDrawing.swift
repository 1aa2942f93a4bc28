import QdocCore

/// Draws the data of a chart as SVG, plainly: to be laid beside the chart that they were read from.
struct ChartDrawing {
    // In the drawing's own units; the style sheet sets the width on the page.
    private static let width = 480.0
    private static let height = 300.0
    private static let left = 56.0
    private static let right = 12.0
    private static let top = 14.0
    private static let bottom = 66.0
    /// Colours and dashes of the style sheet.
    private static let styles = 6
    /// More names than this at the axis would run into each other.
    private static let mostLabels = 8

    private let grid: OutlineGrid
    private let values: [[Double?]]
    private let series: Int
    private let low: Double
    private let high: Double
    private let step: Double

    /// Nil where there is nothing to draw.
    static func markup(_ grid: OutlineGrid, kind: String, name: String) -> Markup? {
        guard let drawing = ChartDrawing(grid) else { return nil }
        let content: [Markup]
        switch kind {
        case "pie" where drawing.canBePie: content = drawing.pie
        case "line", "area", "scatter": content = drawing.axes + drawing.lines(joined: kind != "scatter")
        default: content = drawing.axes + drawing.bars
        }
        return .element(
            "svg",
            [
                .init("class", "drawn"), .init("viewBox", "0 0 \(JSONWriter.text(.points(width))) \(JSONWriter.text(.points(height)))"),
                .init("role", "img"), .init("aria-label", "\(name), drawn from its data"),
            ], content + drawing.legend)
    }

    private init?(_ grid: OutlineGrid) {
        self.grid = grid
        series = grid.columns.count - 1
        values = grid.rows.map { row in row.cells.dropFirst().map { $0.value?.double.flatMap { $0.isFinite && abs($0) < 1e15 ? $0 : nil } }
        }
        let all = values.flatMap { $0 }.compactMap(\.self)
        guard series > 0, let most = all.max(), let least = all.min() else { return nil }
        let span = max(most, 0) - min(least, 0)
        // Smaller than this nothing is printed, and steps would vanish.
        step = Self.step(for: span > 1e-9 ? span : 1)
        low = (min(least, 0) / step).rounded(.down) * step
        high = max((most / step).rounded(.up) * step, low + step)
    }

    /// 1, 2 or 5 times a power of ten, so that four to ten lines are drawn.
    private static func step(for span: Double) -> Double {
        var step = 1.0
        while span / step > 10 { step *= 10 }
        while span / step < 1 { step /= 10 }
        // Now there are one to ten steps.
        if span / step < 2 { return step / 5 }
        return span / step < 5 ? step / 2 : step
    }

    private var plotWidth: Double { Self.width - Self.left - Self.right }
    private var plotBottom: Double { Self.height - Self.bottom }
    private func y(_ value: Double) -> Double { plotBottom - (value - low) / (high - low) * (plotBottom - Self.top) }
    private func x(_ index: Int) -> Double { Self.left + (Double(index) + 0.5) / Double(max(1, values.count)) * plotWidth }

    private static func text(_ text: String, x: Double, y: Double, anchor: String) -> Markup {
        .element("text", [.init("x", x), .init("y", y), .init("text-anchor", anchor)], Markup(text))
    }

    private static func line(_ name: String, x1: Double, y1: Double, x2: Double, y2: Double) -> Markup {
        .element("line", [.init("class", name), .init("x1", x1), .init("y1", y1), .init("x2", x2), .init("y2", y2)])
    }

    private func title(_ row: Int, _ column: Int) -> Markup {
        let cells = grid.rows[row].cells
        let names = [grid.columns[column + 1].title, ReportOutline.text(cells[0].value)].filter { !$0.isEmpty }
        return .element("title", [], Markup("\(names.joined(separator: ", ")): \(ReportOutline.text(cells[column + 1].value))"))
    }

    private var axes: [Markup] {
        var marks: [Markup] = []
        for number in 0...Int(((high - low) / step).rounded()) {
            let value = low + Double(number) * step
            marks.append(
                Self.line(abs(value) < step / 2 ? "axis" : "grid", x1: Self.left, y1: y(value), x2: Self.width - Self.right, y2: y(value)))
            // Multiples of a step are written with its digits, not with the crumbs of their sum.
            let text = step >= 1 ? Plural.grouped(Int(value.rounded())) : JSONWriter.text(.double((value * 1e6).rounded() / 1e6))
            marks.append(Self.text(text, x: Self.left - 6, y: y(value) + 4, anchor: "end"))
        }
        let every = (grid.rows.count + Self.mostLabels - 1) / Self.mostLabels
        let room = Int(plotWidth / Double(max(1, min(grid.rows.count, Self.mostLabels))) / 6)
        for (index, row) in grid.rows.enumerated() where index.isMultiple(of: max(1, every)) {
            let name = DisplayText.cut(DisplayText.safe(ReportOutline.text(row.cells[0].value)), to: max(4, room))
            marks.append(Self.text(name, x: x(index), y: plotBottom + 16, anchor: "middle"))
        }
        return marks
    }

    private var bars: [Markup] {
        let group = plotWidth / Double(max(1, values.count)) * 0.72
        let width = group / Double(series)
        return values.enumerated().flatMap { row, cells in
            cells.enumerated().compactMap { column, value in
                guard let value else { return nil }
                let left = x(row) - group / 2 + Double(column) * width
                return .element(
                    "rect",
                    [
                        .init("class", "f\(column % Self.styles)"), .init("x", left), .init("width", max(0.5, width - 1)),
                        .init("y", min(y(value), y(0))), .init("height", abs(y(value) - y(0))),
                    ], title(row, column))
            }
        }
    }

    private func lines(joined: Bool) -> [Markup] {
        (0..<series).flatMap { column in
            let points = values.indices.compactMap { row in values[row][column].map { (row: row, x: x(row), y: y($0)) } }
            let path = points.map { "\(JSONWriter.text(.points($0.x))),\(JSONWriter.text(.points($0.y)))" }.joined(separator: " ")
            let line: [Markup] =
                joined ? [.element("polyline", [.init("class", "line l\(column % Self.styles)"), .init("points", path)])] : []
            return line
                + points.map { point in
                    .element(
                        "circle",
                        [.init("class", "f\(column % Self.styles)"), .init("cx", point.x), .init("cy", point.y), .init("r", 3.0)],
                        title(point.row, column))
                }
        }
    }

    private var canBePie: Bool { series == 1 && values.allSatisfy { ($0.first ?? nil).map { $0 >= 0 } ?? false } }

    /// Slices as dashes of a thick circle whose length is called 100: no angle is computed.
    private var pie: [Markup] {
        let parts = values.map { ($0.first ?? nil) ?? 0 }
        let sum = parts.reduce(0, +)
        guard sum > 0 else { return [] }
        var begun = 0.0
        return parts.enumerated().map { row, part in
            let share = part / sum * 100
            defer { begun += share }
            return .element(
                "circle",
                [
                    .init("class", "slice l\(row % Self.styles)"), .init("cx", Self.width / 2), .init("cy", 130.0), .init("r", 60.0),
                    .init("pathLength", "100"), .init("stroke-dasharray", "\(JSONWriter.text(.points(share))) 100"),
                    .init("stroke-dashoffset", -begun), .init("transform", "rotate(-90 240 130)"),
                ], title(row, 0))
        }
    }

    /// What each colour means; of a pie the slices, else the series.
    private var legend: [Markup] {
        let isPie = canBePie && series == 1 && grid.columns[1].title.isEmpty
        let names = isPie ? grid.rows.map { ReportOutline.text($0.cells[0].value) } : grid.columns.dropFirst().map(\.title)
        guard names.contains(where: { !$0.isEmpty }) else { return [] }
        let shown = names.prefix(Self.styles)
        let room = (Self.width - Self.left) / Double(min(3, max(1, shown.count)))
        return shown.enumerated().flatMap { index, name in
            let left = Self.left + Double(index % 3) * room
            let top = Self.height - 34 + Double(index / 3) * 18
            return [
                .element(
                    "rect",
                    [.init("class", "key f\(index)"), .init("x", left), .init("y", top), .init("width", 10.0), .init("height", 10.0)]),
                Self.text(DisplayText.cut(DisplayText.safe(name), to: Int(room / 6.5) - 3), x: left + 15, y: top + 9, anchor: "start"),
            ]
        }
    }
}
