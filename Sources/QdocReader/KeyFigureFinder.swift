import QdocCore

/// Finds the figures that a page brings out, in callouts, in tables of key figures and statements, and in sentences.
struct KeyFigureFinder {
    let blocks: [TextBlock]
    let tables: [Table]
    let decimalMark: DecimalMark?

    /// A page brings out fewer.
    private static let maxFigures = 40

    func figures() -> [KeyFigure] {
        let found = callouts() + tables.flatMap(figures(in:)) + sentences()
        return Array(Self.distinct(found).prefix(Self.maxFigures))
    }

    /// One of each label and value: the one with more known about it.
    static func distinct(_ figures: [KeyFigure]) -> [KeyFigure] {
        var kept: [KeyFigure] = []
        for figure in figures {
            let same = kept.firstIndex {
                $0.value.lexical == figure.value.lexical && $0.label.lowercased() == figure.label.lowercased()
                    && ($0.period == nil || figure.period == nil || $0.period?.text == figure.period?.text)
            }
            if let same {
                if kept[same].knowledge < figure.knowledge { kept[same] = figure }
            } else {
                kept.append(figure)
            }
        }
        return kept
    }

    // MARK: Callouts

    /// A large number with a small label right above or below it.
    private func callouts() -> [KeyFigure] {
        let placed = blocks.filter { $0.role != .running }.flatMap { block in block.lines.map { (line: $0, block: block) } }
        let lines = placed.map(\.line)
        // A label is a block of its own, not a line of a paragraph.
        let names = placed.filter { $0.block.lines.count <= 2 && !$0.line.text.hasSuffix(".") && !$0.line.text.hasSuffix(":") }.map(\.line)
        guard let bodySize = median(lines.map(\.fontSize)) else { return [] }
        return lines.compactMap { line -> KeyFigure? in
            guard line.fontSize >= 1.35 * bodySize, let number = PrintedNumber(line.text, decimalMark: decimalMark), !number.isBareYear
            else {
                return nil
            }
            // Beside words it is the number of a section.
            let isBesideText = lines.contains { other in
                other.box.overlapY(line.box) > 0.5 * line.box.height && other.box.x > line.box.x
                    && other.box.x - line.box.maxX < 3 * line.fontSize
                    && PrintedNumber(other.text) == nil
            }
            guard !isBesideText else { return nil }
            let labels = names.filter { label in
                let gap = max(label.box.y - line.box.maxY, line.box.y - label.box.maxY)
                let isBeside =
                    abs(label.box.x - line.box.x) <= 4 || abs(label.box.midX - line.box.midX) <= 6
                    || abs(label.box.maxX - line.box.maxX) <= 4
                return gap > -0.35 * line.box.height && gap < 1.2 * line.box.height && isBeside && label.fontSize < 0.8 * line.fontSize
                    && label.text.contains { $0.isLetter } && label.text.count <= 80 && PrintedNumber(label.text) == nil
            }
            let below = labels.filter { $0.box.midY > line.box.midY }
            let above = labels.filter { $0.box.midY < line.box.midY }
            // A label on both sides leaves open which is meant.
            guard let label = (below + above).first, below.isEmpty || above.isEmpty, (below + above).count == 1 else { return nil }
            let name = Self.label(label.text)
            return KeyFigure(
                label: name.text, labelPlace: PlacedText(text: label.text, box: label.box), value: number,
                place: PlacedText(text: line.text, box: line.box), unit: number.unit ?? name.measure?.unit,
                scale: number.scaleText ?? name.measure?.scaleText,
                measurePlace: name.measure == nil ? nil : PlacedText(text: label.text, box: label.box), score: 4)
        }
    }

    // MARK: Tables

    private enum Kind {
        case keyFigures
        case statement
    }

    private func figures(in table: Table) -> [KeyFigure] {
        guard let kind = kind(of: table), let column = latestColumn(of: table), let header = table.columns[column] else { return [] }
        let units = table.columns.firstIndex { $0?.text.lowercased() == "unit" }
        let hasBold = table.rows.contains { row in row.first?.isBold == true } && !table.rows.allSatisfy { $0.first?.isBold == true }
        return table.rows.compactMap { row -> KeyFigure? in
            guard let first = row.first, let labelBox = first.box, case .string = first.value, row.indices.contains(column) else {
                return nil
            }
            let cell = row[column]
            guard let box = cell.box, cell.value.number != nil, let number = PrintedNumber(cell.text, decimalMark: decimalMark) else {
                return nil
            }
            if kind == .statement {
                guard Self.isTotal(first.text) || (hasBold && first.isBold && cell.isBold) else { return nil }
            }
            let name = Self.label(first.text)
            let unitCell = units.flatMap { row.indices.contains($0) ? row[$0] : nil }
            let unitMeasure = unitCell.flatMap { PrintedMeasure(caption: $0.text) }
            // A unit beside the number or in the row's label settles the row; the caption's holds for the rest.
            let isPlain = number.unit == nil && name.measure == nil && unitMeasure == nil && !Self.isRatio(first.text)
            let labelPlace = PlacedText(text: first.text, box: labelBox)
            let measure = name.measure ?? unitMeasure ?? (isPlain ? table.measure : nil)
            let unitPlace =
                unitMeasure == nil
                ? (isPlain ? table.measurePlace : nil)
                : unitCell.flatMap { cell in
                    cell.box.map { PlacedText(text: cell.text, box: $0) }
                }
            return KeyFigure(
                label: name.text, labelPlace: labelPlace, value: number, place: PlacedText(text: cell.text, box: box),
                unit: number.unit ?? measure?.unit, scale: number.scaleText ?? measure?.scaleText,
                measurePlace: name.measure == nil ? unitPlace : labelPlace,
                period: Self.period(in: header.text).map { PlacedText(text: $0, box: header.box) }, score: kind == .keyFigures ? 5 : 3)
        }
    }

    private func kind(of table: Table) -> Kind? {
        let title = (table.title?.text ?? nearestHeading(over: table)?.text ?? "").lowercased()
        let names = [
            "key figure", "key data", "highlight", "at a glance", "key performance", "kpi", "kennzahl", "chiffres cl", "in figures",
            "in brief",
        ]
        if names.contains(where: title.contains) { return .keyFigures }
        let statements = [
            "income statement", "profit or loss", "profit and loss", "statement of operations", "balance sheet", "financial position",
            "cash flow",
            "earnings statement", "gewinn- und verlustrechnung", "bilanz", "kapitalflussrechnung",
        ]
        return statements.contains(where: title.contains) ? .statement : nil
    }

    private func nearestHeading(over table: Table) -> TextBlock? {
        blocks.filter { $0.role == .heading && $0.box.maxY <= table.box.y + 2 }.max { $0.box.maxY < $1.box.maxY }
    }

    /// The column with the latest year or date in its header; the first of several equal ones.
    private func latestColumn(of table: Table) -> Int? {
        var best: (year: Int, column: Int)?
        for (column, header) in table.columns.enumerated() where column > 0 {
            guard let header, let year = Self.years(in: header.text).max(), !Self.isChange(header.text) else { continue }
            if year > best?.year ?? 0 { best = (year, column) }
        }
        return best?.column
    }

    /// Totals and results that every statement brings out.
    private static func isTotal(_ label: String) -> Bool {
        let folded = label.lowercased()
        return folded.hasPrefix("total ") || statementTotals.contains(folded)
    }

    private static let statementTotals: Set<String> = [
        "revenue", "revenues", "sales", "net sales", "gross profit", "operating profit", "operating income", "operating result", "ebit",
        "ebitda",
        "profit before tax", "profit for the year", "profit for the period", "net income", "net profit", "net loss", "loss for the year",
        "cash flow from operating activities", "net cash from operating activities", "free cash flow", "umsatzerlöse", "jahresüberschuss",
    ]

    /// Rows that the scale of the caption does not touch.
    private static func isRatio(_ label: String) -> Bool {
        let folded = label.lowercased()
        return ["per share", "ratio", "margin", "eps", "%", "number of", "employees", "headcount"].contains(where: folded.contains)
    }

    private static func isChange(_ header: String) -> Bool {
        ["change", "target", "plan", "budget", "veränderung", "forecast", "outlook"].contains(where: header.lowercased().contains)
    }

    // MARK: Labels and periods

    /// Takes a unit in parentheses at the end off a label: "Revenue (EUR million)".
    static func label(_ text: String) -> (text: String, measure: PrintedMeasure?) {
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "("), open > text.startIndex else { return (text, nil) }
        guard let measure = PrintedMeasure(caption: String(text[text.index(after: open)...].dropLast())) else { return (text, nil) }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        return (String(name), measure)
    }

    static func years(in text: String) -> [Int] {
        text.split { !$0.isNumber }.compactMap { $0.count == 4 ? Int($0) : nil }.filter { (1900...2099).contains($0) }
    }

    /// The header as printed where it is a year, a quarter or a date.
    static func period(in header: String) -> String? {
        guard let year = years(in: header).max() else { return nil }
        return header.split(separator: " ").count <= 4 ? header : String(year)
    }
}

extension KeyFigure {
    /// How much is known besides label and value.
    var knowledge: Int { (unit == nil ? 0 : 1) + (scale == nil ? 0 : 1) + (period == nil ? 0 : 2) }
}
