public import QdocCore

/// Adds up the tables of an instance and finds totals that their parts do not make.
///
/// Which cells a total is the sum of is not printed. It is taken as known only where the same cells make most other totals of the table:
/// the rows of one total in the other columns, the columns in the other rows. Only verified values take part, so that what is found is the
/// page's own.
public struct TableChecks {
    private let evidence: [JSONPointer: Evidence]

    /// - Complexity: Linear in the cells for each total; a total has 60 parts at most, a table that is looked at 400 rows and 60 columns.
    public static func failures(in data: JSONValue, schema: JSONValue, evidence: [Evidence]) -> [ArithmeticCheck] {
        let checks = TableChecks(
            evidence: Dictionary(evidence.map { ($0.pointer, $0) }, uniquingKeysWith: { first, _ in first }))
        return Claims(of: data, schema: schema).tables.flatMap { checks.failures(in: $0) }
    }

    /// A table's numbers; nil where a cell is no verified number, blank where it is empty.
    private struct Grid {
        var cells: [[PrintedDecimal?]]
        var isBlank: [[Bool]]
        var labels: [String]
        var headers: [String]
        var pointer: JSONPointer

        func pointer(_ row: Int, _ column: Int) -> JSONPointer { pointer.appending("rows").appending(row).appending(column) }
    }

    private func failures(in table: TableClaim) -> [ArithmeticCheck] {
        // Longer ones are registers, not statements.
        guard table.rows.count <= 400, table.columns.count <= 60 else { return [] }
        let grid = grid(table)
        let columns = columnFailures(grid)
        let rows = rowFailures(grid)
        let crossed = crossFooting(grid, columns, rows)
        return columns.failures + rows.failures + crossed + shares(grid)
    }

    private func grid(_ table: TableClaim) -> Grid {
        let width = max(table.columns.count, table.rows.map(\.count).max() ?? 0)
        var cells: [[PrintedDecimal?]] = []
        var blanks: [[Bool]] = []
        for (row, values) in table.rows.enumerated() {
            cells.append(
                (0..<width).map { column in
                    guard column < values.count, let lexical = values[column].number?.lexical else { return nil }
                    let item = evidence[table.pointer.appending("rows").appending(row).appending(column)]
                    guard item?.verdict == .verified else { return nil }
                    let printed = item?.places.first.flatMap { PrintedNumber($0.text) }.flatMap { PrintedDecimal($0.lexical) }
                    let own = PrintedDecimal(lexical)
                    return printed == own ? printed : own
                })
            blanks.append(
                (0..<width).map { column in
                    guard column < values.count else { return true }
                    return values[column].isNull || values[column].string?.isEmpty == true
                        || values[column].string.map(PrintedNumber.isDash) == true
                })
        }
        return Grid(
            cells: cells, isBlank: blanks, labels: table.rows.map { $0.first { $0.string != nil }?.string ?? "" },
            headers: (0..<width).map { $0 < table.columns.count ? table.columns[$0] ?? "" : "" }, pointer: table.pointer)
    }

    // MARK: Sums

    private struct Sums {
        var failures: [ArithmeticCheck] = []
        /// What the parts of a total make, where their choice is known.
        var expected: [JSONPointer: PrintedDecimal] = [:]
    }

    private struct Sum {
        var parts: [JSONPointer]
        var expected: PrintedDecimal
        var printed: PrintedDecimal
        /// No part is blank, which may stand for nothing or for what is not known.
        var isWhole: Bool
        /// The least and the largest part.
        var extent: ClosedRange<Double>

        /// Between its parts, which are all of one sign, a number is their mean or a rate, not their sum.
        var mayBeMean: Bool { (extent.lowerBound >= 0 || extent.upperBound <= 0) && extent.contains(printed.value) }

        /// Each part may be rounded by half a unit, and so may the total.
        var holds: Bool {
            let difference = (printed - expected).magnitude
            let ulp = max(expected.ulp, printed.ulp)
            return difference <= (Double(parts.count) + 1) / 2 * ulp + 1e-9
        }
    }

    /// Parts of one total at most: longer sums are registers, and the search for where the parts begin is quadratic.
    private static let reach = 60

    private func columnFailures(_ grid: Grid) -> Sums {
        var sums = Sums()
        for total in grid.labels.indices where total >= 2 && Self.namesTotal(grid.labels[total]) {
            var best: (sums: [(column: Int, sum: Sum)], held: Int)?
            for start in stride(from: total - 2, through: max(0, total - Self.reach), by: -1) {
                // Without what is a total itself: those rows have been added.
                let rows = (start..<total).filter { !Self.namesTotal(grid.labels[$0]) }
                guard rows.count >= 2 else { continue }
                let made = grid.headers.indices.compactMap { column in
                    sum(rows.map { ($0, column) }, total: (total, column), grid).map { (column, $0) }
                }
                let held = made.count { $0.1.holds && $0.1.expected.units != 0 }
                if held > best?.held ?? 0 { best = (made, held) }
            }
            guard let best, Self.isKnown(best.sums.map(\.sum), held: best.held) else { continue }
            for (column, sum) in best.sums { note(sum, at: grid.pointer(total, column), .columnSum, &sums) }
        }
        return sums
    }

    private func rowFailures(_ grid: Grid) -> Sums {
        var sums = Sums()
        for total in grid.headers.indices where total >= 2 && Self.namesTotal(grid.headers[total]) {
            var best: (sums: [(row: Int, sum: Sum)], held: Int)?
            for start in stride(from: total - 2, through: max(0, total - Self.reach), by: -1) {
                let columns = (start..<total).filter { !Self.namesTotal(grid.headers[$0]) }
                guard columns.count >= 2 else { continue }
                let made = grid.labels.indices.compactMap { row in
                    sum(columns.map { (row, $0) }, total: (row, total), grid).map { (row, $0) }
                }
                let held = made.count { $0.1.holds && $0.1.expected.units != 0 }
                if held > best?.held ?? 0 { best = (made, held) }
            }
            guard let best, Self.isKnown(best.sums.map(\.sum), held: best.held) else { continue }
            for (row, sum) in best.sums { note(sum, at: grid.pointer(row, total), .rowSum, &sums) }
        }
        return sums
    }

    /// Whether enough sums hold to say that these are the parts: three of four, or one of two where it has three parts at least, which do not
    /// make a total by chance.
    private static func isKnown(_ sums: [Sum], held: Int) -> Bool {
        if sums.count == 2, held == 1 { return sums.allSatisfy { $0.parts.count >= 3 } }
        return held >= 2 && 4 * held >= 3 * sums.count - 1
    }

    private func note(_ sum: Sum, at pointer: JSONPointer, _ kind: ArithmeticCheck.Kind, _ sums: inout Sums) {
        if sum.isWhole { sums.expected[pointer] = sum.expected }
        if !sum.holds, sum.isWhole, !sum.mayBeMean {
            sums.failures.append(failure(kind, pointer, sum.parts, expected: sum.expected, printed: sum.printed))
        }
    }

    /// Nil where a part is neither a verified number nor blank, or fewer than two are numbers.
    private func sum(_ parts: [(row: Int, column: Int)], total: (row: Int, column: Int), _ grid: Grid) -> Sum? {
        guard let printed = grid.cells[total.row][total.column] else { return nil }
        var expected = PrintedDecimal(units: 0, places: 0)
        guard !isRate(total, grid) else { return nil }
        var pointers: [JSONPointer] = []
        var extent: ClosedRange<Double>?
        for part in parts {
            if let number = grid.cells[part.row][part.column] {
                expected = expected + number
                let value = number.value
                extent = min(extent?.lowerBound ?? value, value)...max(extent?.upperBound ?? value, value)
                pointers.append(grid.pointer(part.row, part.column))
            } else if !grid.isBlank[part.row][part.column] {
                return nil
            }
        }
        guard pointers.count >= 2, let extent else { return nil }
        return Sum(
            parts: pointers, expected: expected, printed: printed, isWhole: pointers.count == parts.count, extent: extent)
    }

    /// Whether a total is a percentage, which adds up from no others unless it is 100.
    private func isRate(_ total: (row: Int, column: Int), _ grid: Grid) -> Bool {
        let text = evidence[grid.pointer(total.row, total.column)]?.places.first?.text ?? ""
        let isPercent = text.contains("%") || grid.headers[total.column].contains("%") || grid.labels[total.row].contains("%")
        return isPercent && grid.cells[total.row][total.column] != PrintedDecimal(units: 100, places: 0)
    }

    private func failure(
        _ kind: ArithmeticCheck.Kind, _ pointer: JSONPointer, _ parts: [JSONPointer], expected: PrintedDecimal, printed: PrintedDecimal
    ) -> ArithmeticCheck {
        func number(_ value: PrintedDecimal) -> JSONNumber { JSONNumber(value.lexical) ?? JSONNumber(0) }
        return ArithmeticCheck(
            kind: kind, pointer: pointer, operands: parts, place: evidence[pointer]?.places.first, expected: number(expected),
            printed: number(printed), difference: number(printed - expected))
    }

    // MARK: Totals of totals, shares

    /// Where rows and columns both make a total, they make the same one.
    private func crossFooting(_ grid: Grid, _ columns: Sums, _ rows: Sums) -> [ArithmeticCheck] {
        columns.expected.keys.sorted { $0.description < $1.description }.compactMap { pointer in
            guard let down = columns.expected[pointer], let across = rows.expected[pointer] else { return nil }
            let parts = grid.labels.count + grid.headers.count
            guard (down - across).magnitude > Double(parts) / 2 * max(down.ulp, across.ulp) + 1e-9 else { return nil }
            return failure(.crossFooting, pointer, [], expected: across, printed: down)
        }
    }

    /// Columns of shares make 100, with or without a row that says so.
    private func shares(_ grid: Grid) -> [ArithmeticCheck] {
        grid.headers.indices.compactMap { column in
            guard Self.namesShare(grid.headers[column]) else { return nil }
            let rows = grid.labels.indices.filter { !Self.namesTotal(grid.labels[$0]) }
            let numbers = rows.compactMap { row in grid.cells[row][column].map { (row, $0) } }
            guard numbers.count >= 3, rows.allSatisfy({ grid.cells[$0][column] != nil || grid.isBlank[$0][column] }),
                numbers.allSatisfy({ $0.1.value >= 0 && $0.1.value <= 100 })
            else { return nil }
            let sum = numbers.reduce(PrintedDecimal(units: 0, places: 0)) { $0 + $1.1 }
            let whole = PrintedDecimal(units: 100, places: 0)
            let difference = (sum - whole).magnitude
            // More than five off, and they are no parts of one whole: some are missing, or parts of parts are among them.
            guard difference > Double(numbers.count) / 2 * sum.ulp + 1e-9, difference <= 5 else { return nil }
            return failure(
                .percentages, grid.pointer(numbers[0].0, column), numbers.map { grid.pointer($0.0, column) }, expected: whole, printed: sum)
        }
    }

    private static func namesTotal(_ text: String) -> Bool {
        let words = Cue.words(text)
        return words.contains { ["total", "totals", "sum", "gesamt", "summe", "insgesamt", "overall"].contains($0) }
    }

    private static func namesShare(_ text: String) -> Bool {
        let words = Cue.words(text)
        let isShare = words.contains { ["share", "anteil", "proportion"].contains($0) } || text.lowercased().contains("% of")
        return isShare && !words.contains { ["change", "growth", "earnings", "per"].contains($0) }
    }
}
