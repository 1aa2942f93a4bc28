/// Separates reasoning that stands between `<think>` and `</think>` at the very start of the answer's text, however the text is cut.
///
/// An answer that is to be JSON never begins with such a tag, so looking for it costs nothing.
struct InlineThought {
    private enum State {
        /// Nothing but white space and perhaps the beginning of a tag has come.
        case undecided
        case thought
        /// White space between the closing tag and the answer is dropped.
        case beforeAnswer
        case answer
    }

    private static let opening = Array("<think>".utf8)
    private static let closing = Array("</think>".utf8)

    private var state = State.undecided
    private var held: [UInt8] = []
    private var hasThought = false

    /// Takes a piece of the answer's text; gives what is known to be thought and what is known to be answer.
    mutating func take(_ text: String) -> (thought: String, answer: String) {
        if state == .answer { return ("", text) }
        held += text.utf8
        var thought: [UInt8] = []
        if state == .undecided { decide() }
        if state == .thought { thought = takeThought() }
        if state == .beforeAnswer { skipSpace() }
        var answer: [UInt8] = []
        if state == .answer { swap(&answer, &held) }
        return (String(decoding: thought, as: UTF8.self), String(decoding: answer, as: UTF8.self))
    }

    /// Gives what is still held at the end; an open thought has no answer after it.
    mutating func finish() -> (thought: String, answer: String) {
        defer { held = [] }
        let text = String(decoding: held, as: UTF8.self)
        switch state {
        case .thought: return (text, "")
        case .undecided, .answer: return ("", text)
        case .beforeAnswer: return ("", "")
        }
    }

    private mutating func decide() {
        let start = held.drop { Self.isSpace($0) }
        if start.starts(with: Self.opening) {
            held = Array(start.dropFirst(Self.opening.count))
            state = .thought
        } else if !Self.opening.starts(with: start) {
            state = .answer
        }
    }

    /// The thought so far, without what might be the closing tag or white space before it.
    private mutating func takeThought() -> [UInt8] {
        if !hasThought { held = Array(held.drop { Self.isSpace($0) }) }
        if let end = held.firstRange(of: Self.closing) {
            let thought = Self.trimmed(held[..<end.lowerBound])
            held.removeFirst(end.upperBound)
            state = .beforeAnswer
            return thought
        }
        var keep = held.count
        for length in stride(from: min(Self.closing.count - 1, held.count), to: 0, by: -1)
        where held.suffix(length) == Self.closing[..<length] {
            keep = held.count - length
            break
        }
        while keep > 0, Self.isSpace(held[keep - 1]) { keep -= 1 }
        let thought = Array(held[..<keep])
        held.removeFirst(keep)
        hasThought = hasThought || !thought.isEmpty
        return thought
    }

    private mutating func skipSpace() {
        held = Array(held.drop { Self.isSpace($0) })
        if !held.isEmpty { state = .answer }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var bytes = bytes.drop { isSpace($0) }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return Array(bytes)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
