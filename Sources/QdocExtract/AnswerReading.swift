import QdocCore

/// The JSON inside a model's answer, and what had to be mended to read it.
struct AnswerReading {
    var value: JSONValue
    var repairs: [Repair]

    /// More blocks than this are not looked at: an answer has one, sometimes a draft before it.
    private static let blockLimit = 16

    /// Reads the answer.
    ///
    /// A valid JSON text is read as it is. Otherwise every object or array in it is a candidate, and the one with the most of the
    /// `expected` member names is taken; of equals the last, since drafts come first.
    ///
    /// - Returns: Nil where there is no object or array in the answer.
    /// - Complexity: Linear: blocks do not overlap, and failed beginnings together read at most four times the text.
    static func read(_ answer: String, expected: [String], call: Int) -> AnswerReading? {
        let bytes = Array(answer.utf8)
        if let value = try? JSONParser.parse(bytes) {  // Otherwise: mended below.
            guard let text = value.string, let inner = read(text, expected: expected, call: call) else {
                return AnswerReading(value: value, repairs: [])
            }
            let repair = Repair(kind: "double_encoded", call: call, note: "the JSON stood inside a JSON text")
            return AnswerReading(value: inner.value, repairs: [repair] + inner.repairs)
        }
        let blocks = blocks(in: bytes)
        let ranks = blocks.map { rank($0.value, expected) }
        guard let chosen = blocks.indices.max(by: { (ranks[$0], $0) < (ranks[$1], $1) }), ranks[chosen] > 0 else { return nil }
        let block = blocks[chosen]
        func repair(_ kind: String, _ note: String) -> Repair { Repair(kind: kind, call: call, note: note) }
        var repairs = surroundings(of: block.range, in: bytes).map(repair)
        if blocks.count > 1 { repairs.append(repair("several_blocks", "of \(blocks.count) pieces of JSON number \(chosen + 1) was taken")) }
        for mending in LenientParser.Mending.allCases {
            guard let count = block.mendings[mending] else { continue }
            repairs.append(repair(mending.rawValue, count == 1 ? mending.note : "\(mending.note), \(count) times"))
        }
        return AnswerReading(value: block.value, repairs: repairs)
    }

    private struct Block {
        var range: Range<Int>
        var value: JSONValue
        var mendings: [LenientParser.Mending: Int]
    }

    /// How many of the expected members a block has; 1 where none are expected. An array counts for its first record.
    private static func rank(_ value: JSONValue, _ expected: [String]) -> Int {
        switch value {
        case .object(let object): expected.isEmpty ? 1 : known(object, expected)
        case .array(let elements): expected.isEmpty ? 1 : elements.first { $0.object != nil }.map { rank($0, expected) } ?? 0
        default: 0
        }
    }

    /// How many of the expected members there are, by the letters of their names.
    private static func known(_ object: JSONObject, _ expected: [String]) -> Int {
        Set(expected.map(MemberNames.folded)).intersection(object.names.map(MemberNames.folded)).count
    }

    private static func blocks(in bytes: [UInt8]) -> [Block] {
        var blocks: [Block] = []
        var position = 0
        var budget = 4 * bytes.count + 4096
        while position < bytes.count, blocks.count < blockLimit, budget > 0 {
            guard bytes[position] == UInt8(ascii: "{") || bytes[position] == UInt8(ascii: "[") else {
                position += 1
                continue
            }
            if let block = block(at: position, in: bytes, budget: &budget) {
                blocks.append(block)
                position = block.range.upperBound
            } else {
                position += 1
            }
        }
        return blocks
    }

    private static func block(at start: Int, in bytes: [UInt8], budget: inout Int) -> Block? {
        var parser = LenientParser(bytes, from: start)
        let value = try? parser.value()  // Words of prose in brackets are no JSON; the next bracket is tried.
        budget -= parser.position - start
        guard let value, parser.position > start else { return nil }
        return Block(range: start..<parser.position, value: value, mendings: parser.mendings)
    }

    /// Tells of a code fence and of prose around the block.
    private static func surroundings(of range: Range<Int>, in bytes: [UInt8]) -> [(String, String)] {
        let before = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
        let after = String(decoding: bytes[range.upperBound...], as: UTF8.self)
        var found: [(String, String)] = []
        if before.contains("```") || before.contains("~~~") { found.append(("code_fence", "the code fence around the JSON was taken off")) }
        if hasWords(before) || hasWords(after) { found.append(("prose_around", "words around the JSON were left out")) }
        return found
    }

    /// Whether there is more than a fence with its language and closing brackets too many.
    private static func hasWords(_ text: String) -> Bool {
        let words = text.split(whereSeparator: { $0.isWhitespace || "`~]}".contains($0) })
        return words.contains { !["json", "JSON", "json5", "jsonc", "javascript", "\u{FEFF}"].contains($0) }
    }
}
