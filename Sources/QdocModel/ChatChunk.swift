internal import QdocCore

/// What one frame of a chat completion says.
struct ChatChunk {
    var id: String?
    var model: String?
    var reasoning: String?
    var answer: String?
    /// Nil while the model is at work.
    var finish: String?
    var usage: Usage?
    var error: ProviderError?

    init() {}

    /// Reads a frame of a stream, or a completion that came in one piece.
    init(_ value: JSONValue) {
        id = value["id"]?.string
        model = value["model"]?.string
        error = ProviderError(value)
        usage = value["usage"].flatMap(Self.usage)
        guard let choice = value["choices"]?[0] else { return }
        let message = choice["delta"]?.object.map(JSONValue.object) ?? choice["message"]
        reasoning = Self.text(message?["reasoning_content"]) ?? Self.text(message?["reasoning"])
        answer = Self.text(message?["content"])
        finish = choice["finish_reason"]?.string.flatMap(Self.finish)
    }

    /// A finish reason that is one: `""` and `"null"` stand for none on some servers.
    static func finish(_ text: String) -> String? {
        text.isEmpty || text == "null" ? nil : text
    }

    /// A text, or a list of parts with texts; nil where there is none.
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): text.isEmpty ? nil : text
        case .array(let parts): text(.string(parts.compactMap { $0["text"]?.string }.joined()))
        default: nil
        }
    }

    private static func usage(_ value: JSONValue) -> Usage? {
        guard value.object != nil else { return nil }
        let input = value["prompt_tokens_details"]
        return Usage(
            inputTokens: value["prompt_tokens"]?.int, outputTokens: value["completion_tokens"]?.int,
            reasoningTokens: value["completion_tokens_details"]?["reasoning_tokens"]?.int, imageTokens: input?["image_tokens"]?.int,
            cachedTokens: input?["cached_tokens"]?.int)
    }
}

/// Reads the frames that make up nearly all of a stream without building a JSON value: a delta, a finish reason, nothing else of interest.
///
/// It gives up on everything unusual (an error, a usage, a message in place of a delta, anything that is not plain JSON), which is then read
/// in full: it is fast where it matters and decides nothing.
struct ChatChunkScanner {
    private struct Unusual: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private var chunk = ChatChunk()
    private let wantsHead: Bool
    private var reasoningContent: String?

    /// The chunk, or nil where the frame must be read in full.
    ///
    /// - Parameter wantsHead: Whether the id and the model's name are still to be learnt.
    static func scan(_ bytes: [UInt8], wantsHead: Bool) -> ChatChunk? {
        var scanner = ChatChunkScanner(bytes: bytes, wantsHead: wantsHead)
        // The one error there is means "unusual", and carries nothing.
        guard (try? scanner.scanFrame()) != nil else { return nil }
        scanner.chunk.reasoning = scanner.reasoningContent ?? scanner.chunk.reasoning
        return scanner.chunk
    }

    private init(bytes: [UInt8], wantsHead: Bool) {
        self.bytes = bytes
        self.wantsHead = wantsHead
    }

    private mutating func scanFrame() throws(Unusual) {
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, "choices") {
                try scanner.choices()
            } else if scanner.matches(name, "usage") || scanner.matches(name, "error") {
                guard scanner.current == UInt8(ascii: "n") else { throw Unusual() }
                try scanner.skipScalar()
            } else if scanner.matches(name, "code") || scanner.matches(name, "message") {
                throw Unusual()
            } else if scanner.wantsHead, scanner.matches(name, "id") {
                scanner.chunk.id = try scanner.stringOrNull()
            } else if scanner.wantsHead, scanner.matches(name, "model") {
                scanner.chunk.model = try scanner.stringOrNull()
            } else {
                try scanner.skipValue()
            }
        }
        skipSpace()
        guard position == bytes.count else { throw Unusual() }
    }

    private mutating func choices() throws(Unusual) {
        try expect(UInt8(ascii: "["))
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return
        }
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, "delta") {
                try scanner.delta()
            } else if scanner.matches(name, "finish_reason") {
                scanner.chunk.finish = try scanner.stringOrNull().flatMap(ChatChunk.finish)
            } else if scanner.matches(name, "message") {
                throw Unusual()
            } else {
                try scanner.skipValue()
            }
        }
        skipSpace()
        // Only one choice is ever asked for.
        try expect(UInt8(ascii: "]"))
    }

    private mutating func delta() throws(Unusual) {
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, "content") {
                scanner.chunk.answer = try scanner.nonEmptyText()
            } else if scanner.matches(name, "reasoning_content") {
                scanner.reasoningContent = try scanner.nonEmptyText()
            } else if scanner.matches(name, "reasoning") {
                scanner.chunk.reasoning = try scanner.nonEmptyText()
            } else {
                try scanner.skipValue()
            }
        }
    }

    private mutating func nonEmptyText() throws(Unusual) -> String? {
        try stringOrNull().flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: - JSON, as far as it is needed

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count,
            bytes[position] == 0x20 || bytes[position] == 0x0A || bytes[position] == 0x09 || bytes[position] == 0x0D
        {
            position += 1
        }
    }

    private mutating func expect(_ byte: UInt8) throws(Unusual) {
        guard current == byte else { throw Unusual() }
        position += 1
    }

    private func matches(_ name: Range<Int>, _ expected: StaticString) -> Bool {
        guard name.count == expected.utf8CodeUnitCount else { return false }
        return bytes[name].elementsEqual(expected.description.utf8)
    }

    /// Reads an object; `visit` must read the value of each member.
    private mutating func members(_ visit: (inout Self, Range<Int>) throws(Unusual) -> Void) throws(Unusual) {
        skipSpace()
        try expect(UInt8(ascii: "{"))
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            skipSpace()
            let (name, isEscaped) = try skipString()
            guard !isEscaped else { throw Unusual() }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            try visit(&self, name)
            skipSpace()
            if current == UInt8(ascii: ",") {
                position += 1
            } else {
                return try expect(UInt8(ascii: "}"))
            }
        }
    }

    /// Passes a string; gives the range between its quotes and whether it holds escapes.
    private mutating func skipString() throws(Unusual) -> (Range<Int>, Bool) {
        try expect(UInt8(ascii: "\""))
        let start = position
        var isEscaped = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return (start..<position - 1, isEscaped)
            }
            guard byte >= 0x20 else { throw Unusual() }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                position += 1
            }
            position += 1
        }
        throw Unusual()
    }

    private mutating func stringOrNull() throws(Unusual) -> String? {
        guard current == UInt8(ascii: "\"") else {
            guard current == UInt8(ascii: "n") else { throw Unusual() }
            try skipScalar()
            return nil
        }
        let (range, isEscaped) = try skipString()
        let text: String?
        if isEscaped {
            let literal = Array(bytes[(range.lowerBound - 1)..<(range.upperBound + 1)])
            // A literal that is no JSON is left to the full reading, which says so.
            text = (try? JSONParser.parse(literal))?.string
        } else {
            text = String(validating: bytes[range], as: UTF8.self)
        }
        guard let text else { throw Unusual() }
        return text
    }

    /// Passes a number or a literal without looking at it closely.
    private mutating func skipScalar() throws(Unusual) {
        let start = position
        while let byte = current, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]") {
            position += 1
        }
        guard position > start else { throw Unusual() }
    }

    /// Passes any value, nested ones by counting brackets.
    private mutating func skipValue() throws(Unusual) {
        switch current {
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var depth = 0
            repeat {
                switch current {
                case nil: throw Unusual()
                case UInt8(ascii: "\""): _ = try skipString()
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                    position += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    position += 1
                default: position += 1
                }
            } while depth > 0
        default: try skipScalar()
        }
    }
}
