import QdocCore
import QdocExtract
import QdocTesting
import Testing

private let schema: JSONValue = [
    "type": "object", "additionalProperties": false, "required": ["title", "figures"],
    "properties": [
        "title": ["type": "string"],
        "figures": [
            "type": "array",
            "items": [
                "type": "object", "additionalProperties": false, "required": ["label", "value", "unit"],
                "properties": ["label": ["type": "string"], "value": ["type": "number"], "unit": ["type": ["string", "null"]]],
            ],
        ],
    ],
]

/// A way in which models spoil an answer without losing anything of it.
private struct Malformation: Sendable {
    let name: String
    /// The repair that it must leave.
    let kind: String
    let apply: @Sendable (String) -> String

    /// In the order in which they can follow one another; of those with the same group one at most.
    static let all: [(group: Int, malformation: Malformation)] = [
        (
            0,
            .init(name: "near-miss names", kind: "member_name") {
                $0.swapping("\"figures\":", "\"Figures\":").swapping("\"label\":", "\"lable\":")
            }
        ),
        (1, .init(name: "thousands separators", kind: "grouped_number") { $0.swapping("1234567", "1,234,567") }),
        (1, .init(name: "European number", kind: "grouped_number") { $0.swapping("1234567", "1.234.567,0") }),
        (1, .init(name: "number as text", kind: "text_as_number") { $0.swapping("1234567", "\"１,234,567\"") }),
        (2, .init(name: "NaN", kind: "not_a_number") { $0.swapping("null", "NaN") }),
        (2, .init(name: "Infinity", kind: "not_a_number") { $0.swapping("null", "-Infinity") }),
        (2, .init(name: "Python", kind: "literal") { $0.swapping("null", "None") }),
        (3, .init(name: "unescaped newline", kind: "control_character") { $0.swapping("\\n", "\n") }),
        (4, .init(name: "single quotes", kind: "single_quotes") { $0.swapping("\"", "'") }),
        (4, .init(name: "smart quotes", kind: "smart_quotes") { $0.swapping("\"", "“") }),
        (4, .init(name: "bare names", kind: "bare_name") { $0.swapping("\"unit\":", "unit:").swapping("\"title\":", "title :") }),
        (5, .init(name: "trailing comma", kind: "trailing_comma") { $0.swapping("}]}", "},]}") }),
        (6, .init(name: "line comment", kind: "comment") { "{ // as asked\n" + $0.dropFirst() }),
        (6, .init(name: "block comment", kind: "comment") { "{/* {\"a\":1} */" + $0.dropFirst() }),
        (7, .init(name: "draft before", kind: "several_blocks") { "{\"title\":\"draft\",\"figures\":[]}\n" + $0 }),
        (8, .init(name: "last bracket missing", kind: "truncated") { String($0.dropLast()) }),
        (8, .init(name: "fence", kind: "code_fence") { "```json\n" + $0 + "\n```" }),
        (8, .init(name: "prose", kind: "prose_around") { "Here it is (see page [2]):\n" + $0 + "\nI hope {that} helps." }),
    ]
}

extension String {
    fileprivate func swapping(_ pattern: String, _ replacement: String) -> String {
        split(separator: pattern, omittingEmptySubsequences: false).joined(separator: replacement)
    }
}

@Suite struct MalformedAnswerTests {
    private static func text(_ chance: inout SeededGenerator) -> String {
        let words = ["Revenue", "Umsatz", "costs of sales", "净利润", "EBIT 2024", "Ergebnis/Aktie", "a (b)", "x; y", "😀"]
        return (0...Int.random(in: 0...2, using: &chance)).map { _ in words.randomElement(using: &chance) ?? "" }.joined(separator: " ")
    }

    /// A valid answer with everything in it that can be spoilt.
    private static func instance(_ chance: inout SeededGenerator, records: Int) -> JSONValue {
        var figures: [JSONValue] = [["label": "Total", "value": 1_234_567, "unit": nil]]
        for _ in 0..<records {
            let decimals = Int.random(in: 0...99, using: &chance)
            let number = "\(Int.random(in: -900...900, using: &chance)).\(decimals)"
            figures.append(
                [
                    "label": .string(text(&chance)), "value": JSONNumber(number).map(JSONValue.number) ?? 0,
                    "unit": Bool.random(using: &chance) ? "EUR" : nil,
                ])
        }
        return ["title": .string("Report\n" + text(&chance)), "figures": .array(figures)]
    }

    @Test("Two hundred spoilt answers are read as what they say, and every repair is told", arguments: 0..<200)
    func spoilt(seed: Int) throws {
        var chance = SeededGenerator(seed: UInt64(seed))
        let value = Self.instance(&chance, records: Int.random(in: 0...12, using: &chance))
        var answer = JSONWriter.text(value)
        var groups: Set<Int> = []
        // Each comes alone first, then with others.
        let all = Malformation.all
        let first = seed % all.count
        let others = seed < all.count ? [] : (0..<2).map { _ in Int.random(in: 0..<all.count, using: &chance) }
        let chosen = ([first] + others).filter { groups.insert(all[$0].group).inserted }.sorted()
        for index in chosen { answer = all[index].malformation.apply(answer) }
        let extraction = try Extractor(schema: schema).extract(answer: answer, call: 1, finish: .stop)
        let names = chosen.map { all[$0].malformation.name }
        #expect(Self.plain(extraction.data) == Self.plain(value), "seed \(seed): \(names)")
        let kinds = Set(extraction.repairs.map(\.kind))
        for index in chosen { #expect(kinds.contains(all[index].malformation.kind), "seed \(seed): \(names)") }
    }

    /// With numbers by their value: `1234567.0` is read where that was printed.
    private static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number): .string(DecimalKey.of(number.lexical) ?? "")
        case .array(let elements): .array(elements.map(plain))
        case .object(let object): .object(JSONObject(members: object.map { .init(name: $0.name, value: plain($0.value)) }))
        default: value
        }
    }

    private static func anything(_ chance: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: depth > 4 ? 4...8 : 0...8, using: &chance) {
        case 0, 1:
            .object(
                JSONObject(
                    members: (0..<Int.random(in: 0...5, using: &chance)).map {
                        .init(name: "\(text(&chance))\($0)", value: anything(&chance, depth: depth + 1))
                    }))
        case 2, 3: .array((0..<Int.random(in: 0...5, using: &chance)).map { _ in anything(&chance, depth: depth + 1) })
        case 4:
            JSONNumber("\(Int.random(in: -9...9, using: &chance)).50e\(Int.random(in: -3...30, using: &chance))").map(JSONValue.number)
                ?? nil
        case 5: .bool(Bool.random(using: &chance))
        case 6: nil
        case 7: .string(["1,234", "n/a", "NaN", "```", "// no", "{\"a\":1}", "\u{1}\\\"", "“"].randomElement(using: &chance) ?? "")
        default: .string(text(&chance))
        }
    }

    @Test("A valid answer is never changed", arguments: 0..<200)
    func valid(seed: Int) throws {
        var chance = SeededGenerator(seed: UInt64(1_000 + seed))
        let value: JSONValue = ["a": Self.anything(&chance, depth: 0), "b": Self.anything(&chance, depth: 0)]
        let free = try Extractor(schema: [:]).extract(answer: JSONWriter.text(value), call: 1, finish: .stop)
        #expect(JSONWriter.text(free.data) == JSONWriter.text(value) && free.repairs.isEmpty, "seed \(seed)")
        let instance = Self.instance(&chance, records: 3)
        let fitting = try Extractor(schema: schema).extract(answer: JSONWriter.text(instance), call: 1, finish: .stop)
        #expect(JSONWriter.text(fitting.data) == JSONWriter.text(instance) && fitting.repairs.isEmpty, "seed \(seed)")
    }

    @Test("An answer of 4 kB that is cut at any byte fails with a code, or leaves whole records and says so")
    func cuts() throws {
        var chance = SeededGenerator(seed: 77)
        let whole = Self.instance(&chance, records: 70)
        let answer = Array(JSONWriter.text(whole).utf8)
        #expect(answer.count > 4_000)
        let extractor = try Extractor(schema: schema)
        for length in 0..<answer.count {
            let cut = String(decoding: answer.prefix(length), as: UTF8.self)
            let extraction: Extraction
            do {
                extraction = try extractor.extract(answer: cut, call: 1, finish: .length)
            } catch {
                #expect(error.code == .answerTruncated || error.code == .answerInvalid, "cut at \(length)")
                continue
            }
            #expect(extraction.repairs.contains { $0.kind == "truncated" }, "cut at \(length)")
            for (index, record) in (extraction.data["figures"]?.array ?? []).enumerated() {
                // The unit is null where it was cut off, as the schema allows.
                #expect(record["value"] == whole["figures"]?[index]?["value"], "cut at \(length)")
                #expect(record["label"] == whole["figures"]?[index]?["label"], "cut at \(length)")
            }
        }
    }
}
