internal import QdocCore

/// Reads the frames that make up nearly all of a stream without building a JSON value: a delta, a finish reason, a usage that is kept unread.
///
/// It gives up on everything unusual (an error, a message in place of a delta, anything that is not plain JSON), which is then read in full:
/// it is fast where it matters and decides nothing.
struct FrameScanner {
    private struct Unusual: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private var chunk = AnswerChunk()
    private let form: FrameForm
    private let wantsHead: Bool
    private var reasoningContent: String?

    /// The chunk, or nil where the frame must be read in full.
    ///
    /// - Parameter wantsHead: Whether the id and the model's name are still to be learnt.
    static func scan(_ bytes: [UInt8], form: FrameForm, wantsHead: Bool) -> AnswerChunk? {
        var scanner = FrameScanner(bytes: bytes, form: form, wantsHead: wantsHead)
        // The one error there is means "unusual", and carries nothing.
        guard (try? scanner.scanFrame()) != nil else { return nil }
        scanner.chunk.reasoning = scanner.reasoningContent ?? scanner.chunk.reasoning
        return scanner.chunk
    }

    private init(bytes: [UInt8], form: FrameForm, wantsHead: Bool) {
        self.bytes = bytes
        self.form = form
        self.wantsHead = wantsHead
    }

    private mutating func scanFrame() throws(Unusual) {
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, scanner.form == .chat ? "choices" : "output") {
                if scanner.form == .chat { try scanner.choices() } else { try scanner.output() }
            } else if scanner.matches(name, "usage") {
                try scanner.usage()
            } else if scanner.matches(name, "error") {
                guard scanner.current == UInt8(ascii: "n") else { throw Unusual() }
                try scanner.skipScalar()
            } else if scanner.matches(name, "code") || scanner.matches(name, "message") {
                throw Unusual()
            } else if scanner.wantsHead, scanner.matches(name, scanner.form == .chat ? "id" : "request_id") {
                scanner.chunk.id = try scanner.stringOrNull()
            } else if scanner.wantsHead, scanner.form == .chat, scanner.matches(name, "model") {
                scanner.chunk.model = try scanner.stringOrNull()
            } else {
                try scanner.skipValue()
            }
        }
        skipSpace()
        guard position == bytes.count else { throw Unusual() }
    }

    private mutating func usage() throws(Unusual) {
        let start = position
        switch current {
        case UInt8(ascii: "n"): try skipScalar()
        case UInt8(ascii: "{"):
            try skipValue()
            chunk.usage = .text(Array(bytes[start..<position]))
        default: throw Unusual()
        }
    }

    private mutating func output() throws(Unusual) {
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, "choices") {
                try scanner.choices()
            } else if scanner.matches(name, "text") || scanner.matches(name, "finish_reason") || scanner.matches(name, "message") {
                throw Unusual()
            } else {
                try scanner.skipValue()
            }
        }
    }

    private mutating func choices() throws(Unusual) {
        try expect(UInt8(ascii: "["))
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return
        }
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, scanner.form == .chat ? "delta" : "message") {
                try scanner.message()
            } else if scanner.matches(name, "finish_reason") {
                scanner.chunk.finish = try scanner.stringOrNull().flatMap(AnswerChunk.finish)
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

    private mutating func message() throws(Unusual) {
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, "content") {
                if scanner.current == UInt8(ascii: "[") {
                    try scanner.parts()
                } else {
                    scanner.chunk.answer = try scanner.nonEmptyText()
                }
            } else if scanner.matches(name, "reasoning_content") {
                scanner.reasoningContent = try scanner.nonEmptyText()
            } else if scanner.matches(name, "reasoning") {
                scanner.chunk.reasoning = try scanner.nonEmptyText()
            } else {
                try scanner.skipValue()
            }
        }
    }

    /// A list of at most one part, `[{"text":"…"}]`.
    private mutating func parts() throws(Unusual) {
        try expect(UInt8(ascii: "["))
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return
        }
        try members { (scanner: inout Self, name: Range<Int>) throws(Unusual) in
            if scanner.matches(name, "text") {
                scanner.chunk.answer = try scanner.nonEmptyText()
            } else {
                try scanner.skipValue()
            }
        }
        skipSpace()
        try expect(UInt8(ascii: "]"))
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
