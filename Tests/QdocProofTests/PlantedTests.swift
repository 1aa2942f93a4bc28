import QdocCore
import QdocProof
import QdocTesting
import Testing

/// Tables made by chance, with wrong values planted in their copies.
@Suite struct PlantedTests {
    private struct Table {
        var labels: [String]
        var columns: [String]
        var cells: [[Int]]

        init(using chance: inout SeededGenerator) {
            let names = [
                "Revenue", "Cost of sales", "Sales", "Profit", "Operating profit", "Net profit", "Net debt", "Debt", "Assets",
                "Total assets", "Tax",
            ]
            labels = Array(names.shuffled(using: &chance).prefix(Int.random(in: 2...8, using: &chance)))
            columns = Array(["2021", "2022", "2023", "2024"].prefix(Int.random(in: 1...4, using: &chance)))
            cells = labels.map { _ in [] }
            for row in cells.indices { cells[row] = columns.map { _ in Int.random(in: -9_999...999_999, using: &chance) } }
        }

        /// Thousands grouped, negatives in parentheses.
        static func printed(_ value: Int) -> String {
            var digits = String(abs(value))
            var place = digits.count - 3
            while place > 0 {
                digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
                place -= 3
            }
            return value < 0 ? "(\(digits))" : digits
        }

        var page: String {
            func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
            func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
            var lines = ["Figures of the group", left("", 20) + columns.map { right($0, 12) }.joined()]
            for (label, row) in zip(labels, cells) { lines.append(left(label, 20) + row.map { right(Self.printed($0), 12) }.joined()) }
            return lines.joined(separator: "\n")
        }

        var json: JSONValue {
            let rows = zip(labels, cells).map { label, row in JSONValue.array([.string(label)] + row.map { .int($0) }) }
            return ["tables": [["columns": .array([nil] + columns.map { .string($0) }), "rows": .array(rows)]]]
        }
    }

    @Test("True values are verified and planted ones never, on tables made by chance", arguments: 40...47)
    func planted(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let table = Table(using: &chance)
        let page = TypedPage.page(table.page)
        let faultless = Sample.prove(table.json, [page])
        #expect(faultless.values.allSatisfy { $0.verdict == .verified }, "seed \(seed)\n\(table.page)")
        for row in table.cells.indices {
            for column in table.cells[row].indices {
                let value = table.cells[row][column]
                for wrong in wrongValues(for: value, row: row, column: column, in: table, using: &chance).shuffled(using: &chance).prefix(3)
                where wrong != value {
                    var altered = table
                    altered.cells[row][column] = wrong
                    let verdict = Sample.prove(altered.json, [page])["/tables/0/rows/\(row)/\(column + 1)"]?.verdict
                    #expect(verdict != .verified, "seed \(seed): \(wrong) for \(value)\n\(table.page)")
                    let figure = Sample.figure(table.labels[row], String(wrong), period: table.columns[column])
                    #expect(Sample.verdict(figure, [page]) != .verified, "seed \(seed): \(wrong) for \(value)\n\(table.page)")
                }
            }
        }
    }

    @Test("A label of another row takes no value along", arguments: 1...12)
    func swappedLabels(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let table = Table(using: &chance)
        let page = TypedPage.page(table.page)
        for row in table.labels.indices {
            for other in table.labels.indices where other != row {
                var altered = table
                altered.labels[row] = table.labels[other]
                let found = Sample.prove(altered.json, [page])
                for column in table.columns.indices where table.cells[row][column] != table.cells[other][column] {
                    #expect(found["/tables/0/rows/\(row)/\(column + 1)"]?.verdict != .verified, "seed \(seed)")
                    let figure = Sample.figure(table.labels[other], String(table.cells[row][column]), period: table.columns[column])
                    #expect(Sample.verdict(figure, [page]) != .verified, "seed \(seed)")
                }
            }
        }
    }

    private func wrongValues(for value: Int, row: Int, column: Int, in table: Table, using chance: inout SeededGenerator) -> [Int] {
        var wrong = [-value, value * 1000, value / 1000, value + 1, value * 10]
        var digits = Array(String(abs(value)))
        digits.swapAt(0, digits.count - 1)
        wrong += [Int(String(digits)) ?? 0, Int.random(in: -9_999...999_999, using: &chance)]
        wrong += table.cells.indices.filter { $0 != row }.map { table.cells[$0][column] }
        wrong += table.cells[row].indices.filter { $0 != column }.map { table.cells[row][$0] }
        return wrong
    }
}
