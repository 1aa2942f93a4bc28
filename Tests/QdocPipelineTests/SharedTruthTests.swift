import QdocCore
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTesting
import Testing

/// Tables of found documents whose truth is known: true answers, and the same with wrong values planted.
///
/// The truth is a grid of cells as printed; what its columns are called is taken from the rows above the first number.
@Suite("Found tables", .enabled(if: Project.shared != nil), .timeLimit(.minutes(5)))
struct SharedTruthTests {
    private static let folder = (Project.shared ?? "") + "/data/truth/icdar2013/"

    private static func table(_ grid: [[JSONValue]]) -> JSONValue? {
        func number(_ cell: JSONValue) -> PrintedNumber? { cell.string.flatMap { PrintedNumber($0) } }
        guard
            let first = grid.firstIndex(where: { row in
                row.dropFirst().contains { number($0).map { !$0.isBareYear } ?? false } && row.first?.string?.isEmpty == false
            }), first > 0
        else { return nil }
        let columns = (grid.first ?? []).indices.map { column -> JSONValue in
            let parts = grid[..<first].compactMap { column < $0.count ? $0[column].string : nil }.filter { !$0.isEmpty }
            let text = parts.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return text.isEmpty ? nil : .string(text)
        }
        let rows = grid[first...].map { row in
            JSONValue.array(
                row.enumerated().map { column, cell in
                    if column > 0, let number = number(cell), !number.isBareYear { return number.json }
                    let text = (cell.string ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
                    return text.isEmpty ? nil : .string(text)
                })
        }
        return ["columns": .array(columns), "rows": .array(rows)]
    }

    /// The answer that a faultless model would give about a document.
    private static func answer(_ name: String) throws -> JSONValue {
        let truth = try JSONParser.parse(Files.read(folder + name + ".tables.json", limit: 4 << 20))
        let tables = (truth["tables"]?.array ?? []).compactMap { entry -> JSONValue? in
            guard let grid = entry["grid"]?.array, let page = entry["page"]?.int,
                var table = Self.table(grid.map { $0.array ?? [] })?.object
            else { return nil }
            table[AnswerForm.imageMember] = .int(page)
            return .object(table)
        }
        return ["title": nil, "keyFigures": [], "charts": [], "findings": [], "tables": .array(tables)]
    }

    private static func run(_ name: String, _ answer: JSONValue) async throws -> Report {
        let text = JSONWriter.text(answer)
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: text) }
        defer { server.stop() }
        return try await Bench.run(folder + name + ".pdf", hostedAt: server.address + "/v1", options: RunOptions(window: 64))
    }

    private static let names = [
        "eu-002", "eu-005", "eu-008", "eu-010", "eu-016", "eu-019", "eu-022", "eu-025", "us-001", "us-004", "us-007", "us-010", "us-018",
        "us-024",
    ]

    @Test("Planted values are never verified, true ones hardly ever contradicted, and no sum is said to fail", arguments: names)
    func planted(name: String) async throws {
        let answer = try Self.answer(name)
        let pointers = PlantedValuesTests.numbers(in: answer)
        let faultless = try await Self.run(name, answer)
        let numbers = faultless.evidence.filter { $0.value.number != nil }
        func count(_ verdict: Verdict) -> Int { numbers.count { $0.verdict == verdict } }
        print(
            "FIGURES \(name): \(numbers.count) true numbers, \(count(.verified)) verified, \(count(.derived)) derived, "
                + "\(count(.contradicted)) contradicted, \(count(.located)) located, \(count(.notFound)) not found")
        #expect(faultless.checks.isEmpty, "\(faultless.checks)")
        let wrong = numbers.filter { $0.verdict == .contradicted }
        #expect(Double(wrong.count) <= 0.02 * Double(numbers.count), "\(wrong.prefix(3))")
        var generator = SeededGenerator(seed: 11)
        let (altered, planted) = PlantedValuesTests.plant(min(20, pointers.count / 3), into: answer, using: &generator)
        let report = try await Self.run(name, altered)
        let evidence = Dictionary(report.evidence.map { ($0.pointer, $0) }, uniquingKeysWith: { first, _ in first })
        for value in planted {
            let found = evidence[value.pointer]
            #expect(found?.verdict != .verified, "\(value.kind) at \(value.pointer): \(String(describing: found))")
        }
        let verdicts = planted.compactMap { evidence[$0.pointer]?.verdict }
        print(
            "FIGURES \(name): \(planted.count) planted, \(verdicts.count { $0 == .contradicted }) contradicted, \(verdicts.count { $0 == .derived }) derived"
        )
    }
}
