import QdocCore
import QdocPipeline
import QdocReport
import QdocTesting
import Testing

/// Values in a model's answer that are not what the page says must never come out as `verified`.
@Suite("Planted values", .timeLimit(.minutes(3)))
struct PlantedValuesTests {
    /// A value that was altered in an answer.
    struct Planted {
        var pointer: JSONPointer
        var kind: String
    }

    @Test("are never verified", arguments: 1...5)
    func planted(seed: UInt64) async throws {
        let truth = try Bench.truth("annual-report")
        var generator = SeededGenerator(seed: seed)
        let (answer, planted) = Self.plant(40, into: ScriptedModel.answer(from: truth, images: 1...14), using: &generator)
        #expect(planted.count == 40)
        let report = try await Self.run(answer)
        #expect(report.run.state == .complete)
        let evidence = Dictionary(report.evidence.map { ($0.pointer, $0) }, uniquingKeysWith: { first, _ in first })
        for value in planted {
            let found = evidence[value.pointer]
            #expect(found?.verdict != .verified, "seed \(seed): \(value.kind) at \(value.pointer): \(String(describing: found))")
            // A loss that is printed without its minus may be written with one.
            if found?.verdict == .derived {
                #expect(value.kind == "sign flipped", "seed \(seed): \(value.kind) at \(value.pointer): \(String(describing: found))")
            }
        }
        let contradicted = planted.count { evidence[$0.pointer]?.verdict == .contradicted }
        #expect(2 * contradicted > planted.count, "\(contradicted) of \(planted.count)")
        // Every other total of the document is as before: what was planted is the model's fault, not the page's.
        #expect(report.checks.isEmpty, "\(report.checks)")
    }

    @Test("are told from the true ones: at least 98 of 100 of those are proven, none is contradicted, and no sum is said to fail")
    func faultless() async throws {
        let truth = try Bench.truth("annual-report")
        let report = try await Self.run(ScriptedModel.answer(from: truth, images: 1...14))
        let missed = report.evidence.filter { $0.verdict != .verified && $0.verdict != .derived }
        #expect(Double(missed.count) <= 0.02 * Double(report.evidence.count), "\(missed.map { "\($0.pointer) \($0.verdict)" })")
        #expect(!missed.contains { $0.verdict == .contradicted }, "\(missed.filter { $0.verdict == .contradicted })")
        #expect(report.checks.isEmpty, "\(report.checks)")
        #expect(report.evidence.count > 500)
    }

    private static func run(_ answer: JSONValue) async throws -> Report {
        let text = JSONWriter.text(answer)
        let server = try LoopbackServer { ScriptedModel.stream($0, answer: text) }
        defer { server.stop() }
        return try await Bench.run(
            Bench.sample("annual-report.pdf"), hostedAt: server.address + "/v1", options: RunOptions(window: 64))
    }

    // MARK: Planting

    static func plant(_ count: Int, into answer: JSONValue, using generator: inout SeededGenerator) -> (JSONValue, [Planted]) {
        var answer = answer
        var planted: [Planted] = []
        var touched: Set<JSONPointer> = []
        var attempts = 0
        while planted.count < count, attempts < 10_000 {
            attempts += 1
            let pointers = numbers(in: answer)
            guard let pointer = pointers.randomElement(using: &generator), !touched.contains(pointer), let value = answer[pointer]?.number
            else { continue }
            guard let (pointer, kind, altered) = alteration(of: value, at: pointer, in: answer, using: &generator),
                altered != answer[pointer],
                !touched.contains(pointer)
            else { continue }
            // Swapping a label touches every number of its record.
            let record = JSONPointer(Array(pointer.tokens.dropLast()))
            guard touched.insert(pointer).inserted else { continue }
            answer = answer.replacing(pointer, with: altered)
            if altered.string != nil {
                for index in (answer[record]?.array ?? []).indices.dropFirst() where answer[record.appending(index)]?.number != nil {
                    touched.insert(record.appending(index))
                    planted.append(Planted(pointer: record.appending(index), kind: kind))
                }
            } else {
                planted.append(Planted(pointer: pointer, kind: kind))
            }
        }
        return (answer, Array(planted.prefix(count)))
    }

    static func numbers(in answer: JSONValue) -> [JSONPointer] {
        var pointers: [JSONPointer] = []
        for index in (answer["keyFigures"]?.array ?? []).indices { pointers.append(JSONPointer(["keyFigures", String(index), "value"])) }
        for (table, value) in (answer["tables"]?.array ?? []).enumerated() {
            for (row, cells) in (value["rows"]?.array ?? []).enumerated() {
                for (column, cell) in (cells.array ?? []).enumerated() where cell.number != nil {
                    pointers.append(JSONPointer(["tables", String(table), "rows", String(row), String(column)]))
                }
            }
        }
        return pointers
    }

    /// A wrong value for a place, in one of the ways that models go wrong.
    private static func alteration(
        of value: JSONNumber, at pointer: JSONPointer, in answer: JSONValue, using generator: inout SeededGenerator
    ) -> (JSONPointer, String, JSONValue)? {
        // Zero has no other sign and no thousandfold.
        guard value.double != 0 else { return nil }
        var digits = Array(value.lexical)
        let places = digits.indices.filter { digits[$0].isNumber }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
            guard let place = places.randomElement(using: &generator), let digit = digits[place].wholeNumberValue else { return nil }
            digits[place] = Character(String((digit + Int.random(in: 1...9, using: &generator)) % 10))
            return JSONNumber(String(digits)).map { (pointer, "digit changed", .number($0)) }
        case 1:
            guard let place = places.dropLast().randomElement(using: &generator), place + 1 < digits.count, digits[place + 1].isNumber
            else { return nil }
            digits.swapAt(place, place + 1)
            return JSONNumber(String(digits)).map { (pointer, "digits swapped", .number($0)) }
        case 2:
            return JSONNumber(value.lexical.hasPrefix("-") ? String(digits.dropFirst()) : "-" + value.lexical).map {
                (pointer, "sign flipped", .number($0))
            }
        case 3: return JSONNumber(value.double * 1_000).map { (pointer, "times a thousand", .number($0)) }
        case 4:
            let siblings = neighbours(of: pointer, in: answer).filter { answer[$0]?.double != value.double }
            guard let other = siblings.randomElement(using: &generator), let wrong = answer[other] else { return nil }
            return (pointer, "value of \(other)", wrong)
        default: return swappedLabel(of: pointer, value: value, in: answer, using: &generator)
        }
    }

    /// The other numbers of the same row, and of the same column.
    private static func neighbours(of pointer: JSONPointer, in answer: JSONValue) -> [JSONPointer] {
        let all = numbers(in: answer)
        guard pointer.tokens.first == "tables" else { return all.filter { $0.tokens.first == "keyFigures" && $0 != pointer } }
        return all.filter { other in
            other != pointer && other.tokens.count == pointer.tokens.count && other.tokens.prefix(3).elementsEqual(pointer.tokens.prefix(3))
                && (other.tokens[3] == pointer.tokens[3] || other.tokens[4] == pointer.tokens[4])
        }
    }

    /// The label of another row whose numbers all differ.
    private static func swappedLabel(
        of pointer: JSONPointer, value: JSONNumber, in answer: JSONValue, using generator: inout SeededGenerator
    ) -> (JSONPointer, String, JSONValue)? {
        guard pointer.tokens.first == "tables" else { return nil }
        let row = pointer.parent
        let rows = answer[row.parent]?.array ?? []
        guard let cells = answer[row]?.array, let label = cells.first?.string else { return nil }
        let others = rows.filter { other in
            guard let other = other.array, let otherLabel = other.first?.string, otherLabel != label else { return false }
            return zip(cells, other).dropFirst().allSatisfy { $0.double == nil || $0.double != $1.double }
        }
        guard let other = others.randomElement(using: &generator)?.array?.first else { return nil }
        return (row.appending(0), "label of another row", other)
    }
}

extension JSONValue {
    /// The value with another one at a pointer.
    func replacing(_ pointer: JSONPointer, with replacement: JSONValue) -> JSONValue {
        guard let token = pointer.tokens.first else { return replacement }
        let rest = JSONPointer(Array(pointer.tokens.dropFirst()))
        switch self {
        case .array(var elements):
            guard let index = Int(token), elements.indices.contains(index) else { return self }
            elements[index] = elements[index].replacing(rest, with: replacement)
            return .array(elements)
        case .object(var object):
            object[token] = (object[token] ?? .null).replacing(rest, with: replacement)
            return .object(object)
        default: return self
        }
    }
}
