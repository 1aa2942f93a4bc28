import QdocCore
import QdocProof
import QdocTesting

/// Proves values against made pages, on the thread it is called on.
///
///     QdocBenchmarks proof [PAGES [VALUES]]
///
/// Each of `PAGES` (500) has running text and a table of ten rows and four years; labels recur on other pages, as they do in reports.
/// `VALUES` (10000) are asked for as tables and, each fifth, as key figures; every answer names its image. Prints the processor time of
/// the index and of the proof.
struct ProofBenchmark {
    private let pageCount: Int
    private let valueCount: Int

    init(_ arguments: [String]) {
        pageCount = arguments.first.flatMap { Int($0) } ?? 500
        valueCount = arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
    }

    private static let years = ["2025", "2024", "2023", "2022"]
    private static let first = ["Net", "Gross", "Operating", "Other", "Current", "Deferred", "Total", "Adjusted", "Regional", "Average"]
    private static let second = [
        "revenue", "costs", "profit", "assets", "liabilities", "tax", "interest", "deliveries", "employees", "emissions", "leases",
        "provisions", "cash", "debt", "equity", "margin", "orders", "volume", "rent", "inventory",
    ]
    private static let prose = [
        "The", "group", "expects", "demand", "in", "its", "main", "markets", "to", "remain", "stable", "over", "the", "year", "while",
        "prices", "for", "energy", "and", "freight", "may", "rise",
    ]

    private struct MadePage {
        var page: ProofPage
        var labels: [String]
        var cells: [[Int]]
    }

    private func make(_ number: Int, using chance: inout SeededGenerator) -> MadePage {
        var words: [Word] = []
        func set(_ text: String, x: Double, y: Double) {
            words.append(Word(text: text, box: Box(x: x, y: y, width: 5 * Double(text.count), height: 10), fontSize: 10))
        }
        for line in 0..<25 {
            var x = 50.0
            for _ in 0..<14 {
                let word = Self.prose.randomElement(using: &chance) ?? ""
                set(word, x: x, y: 50 + 12 * Double(line))
                x += 5 * Double(word.count + 1)
            }
            set("by", x: x, y: 50 + 12 * Double(line))
            set("\(Int.random(in: 1...99, using: &chance)).\(Int.random(in: 1...9, using: &chance)).", x: x + 15, y: 50 + 12 * Double(line))
        }
        for (column, year) in Self.years.enumerated() { set(year, x: 330 + 70 * Double(column), y: 380) }
        let names = Self.first.flatMap { first in Self.second.map { "\(first) \($0)" } }.shuffled(using: &chance)
        let labels = Array(names.prefix(10))
        let cells = labels.map { _ in Self.years.map { _ in Int.random(in: 1_000...99_999, using: &chance) } }
        for row in labels.indices {
            let y = 392 + 12 * Double(row)
            var x = 50.0
            for word in labels[row].split(separator: " ") {
                set(String(word), x: x, y: y)
                x += 5 * Double(word.count + 1)
            }
            for column in Self.years.indices {
                let text = "\(cells[row][column] / 1000),\(String(1000 + cells[row][column] % 1000).dropFirst())"
                set(text, x: 350 + 70 * Double(column) - 5 * Double(text.count), y: y)
            }
        }
        return MadePage(
            page: ProofPage(
                reference: PageReference(source: 1, pageNumber: number), imageNumbers: [number], content: PageContent(words: words)),
            labels: labels, cells: cells)
    }

    /// The answer about the pages, each number off by so much.
    private func answer(_ made: [MadePage], offset: Int) -> (data: JSONValue, citations: [JSONPointer: Citation]) {
        var citations: [JSONPointer: Citation] = [:]
        var tables: [JSONValue] = []
        var figures: [JSONValue] = []
        var left = valueCount
        for (number, page) in made.enumerated() where left > 0 {
            let share = min(40, (valueCount + pageCount - 1) / pageCount, left)
            left -= share
            let inFigures = share / 5
            for value in 0..<inFigures {
                let (row, column) = (9 - value / 4 % 10, value % 4)
                citations[JSONPointer(["keyFigures", String(figures.count)])] = Citation(image: number + 1)
                figures.append([
                    "label": .string(page.labels[row]), "value": .int(page.cells[row][column] + offset),
                    "period": .string(Self.years[column]),
                ])
            }
            let rows = (0..<((share - inFigures) / 4)).map { row in
                JSONValue.array([.string(page.labels[row])] + page.cells[row].map { .int($0 + offset) })
            }
            citations[JSONPointer(["tables", String(tables.count)])] = Citation(image: number + 1)
            tables.append(["columns": .array([nil] + Self.years.map { .string($0) }), "rows": .array(rows)])
        }
        return (["keyFigures": .array(figures), "tables": .array(tables)], citations)
    }

    func run() {
        var chance = SeededGenerator(seed: 7)
        let made = (1...pageCount).map { make($0, using: &chance) }
        let pages = made.map(\.page)
        let prover = Prover(schema: ["type": "object"])
        let start = processorTime()
        _ = prover.prove(data: [:], citations: [:], places: [:], pages: pages, call: nil)
        let indexed = processorTime()
        print("\(pages.count) pages of \(pages.first?.content.words.count ?? 0) words indexed in \((indexed - start) / 1000) ms")
        for (name, offset) in [("true", 0), ("wrong", 1)] {
            let (data, citations) = answer(made, offset: offset)
            let start = processorTime()
            let evidence = prover.prove(data: data, citations: citations, places: [:], pages: pages, call: nil)
            let spent = processorTime() - start
            let numbers = evidence.filter { $0.value.number != nil }
            print(
                "\(numbers.count) \(name) numbers among \(evidence.count) values: \(numbers.count { $0.verdict == .verified }) verified, "
                    + "\(numbers.count { $0.verdict == .contradicted }) contradicted, in \(spent / 1000) ms with the index")
        }
    }
}
