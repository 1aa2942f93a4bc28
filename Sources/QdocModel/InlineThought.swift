/// Separates reasoning that stands between `<think>` and `</think>` at the start of the answer's text, however the text is cut.
struct InlineThought {
    /// How a server writes a thought into the answer.
    enum Mode: Sendable, Hashable {
        /// Not at all: tags belong to the answer.
        case off
        /// Between both tags.
        case tagged
        /// Between both tags, or up to the closing one, where the opening tag stands in the prompt of the model.
        ///
        /// Text that begins neither with a tag nor like JSON is then held until it is known what it is. The questions ask for JSON, so an
        /// answer itself streams.
        ///
        /// - Parameter isCertain: The model always thinks: text that is cut before any tag is thought.
        case untagged(isCertain: Bool)
    }

    private enum State {
        /// Nothing but white space and perhaps the beginning of a tag has come.
        case undecided
        /// An answer, or a thought whose closing tag is still to come.
        case unopened
        case thought
        /// White space between the closing tag and the answer is dropped.
        case beforeAnswer
        case answer
    }

    private static let opening = Array("<think>".utf8)
    private static let closing = Array("</think>".utf8)
    /// First bytes of a JSON document, and of the fence that models put around it.
    private static let jsonStarts = Array("{[`".utf8)

    private let mode: Mode
    private var state: State
    private var held: [UInt8] = []
    /// Bytes of what is held that hold no closing tag.
    private var searched = 0
    private var hasThought = false

    init(_ mode: Mode) {
        self.mode = mode
        state = mode == .off ? .answer : .undecided
    }

    /// Says that the thought comes in a field of its own: tags then belong to the answer.
    mutating func noteSeparateThought() {
        if state == .undecided, held.isEmpty { state = .answer }
    }

    /// Takes a piece of the answer's text; gives what is known to be thought and what is known to be answer.
    mutating func take(_ text: String) -> (thought: String, answer: String) {
        if state == .answer { return ("", text) }
        held += text.utf8
        var thought: [UInt8] = []
        if state == .undecided { decide() }
        if state == .unopened { thought = takeUnopened() }
        if state == .thought { thought = takeThought() }
        if state == .beforeAnswer { skipSpace() }
        var answer: [UInt8] = []
        if state == .answer { swap(&answer, &held) }
        return (String(decoding: thought, as: UTF8.self), String(decoding: answer, as: UTF8.self))
    }

    /// Gives what is still held at the end; an open thought has no answer after it.
    ///
    /// - Parameter isCut: The text did not end by itself.
    mutating func finish(isCut: Bool) -> (thought: String, answer: String) {
        defer { held = [] }
        let text = String(decoding: held, as: UTF8.self)
        switch state {
        case .thought: return (text, "")
        case .unopened where isCut && mode == .untagged(isCertain: true): return (text, "")
        case .unopened, .undecided, .answer: return ("", text)
        case .beforeAnswer: return ("", "")
        }
    }

    private mutating func decide() {
        let start = held.drop { Self.isSpace($0) }
        if start.starts(with: Self.opening) {
            held = Array(start.dropFirst(Self.opening.count))
            state = .thought
        } else if let first = start.first, !Self.opening.starts(with: start) {
            state = mode == .tagged || Self.jsonStarts.contains(first) ? .answer : .unopened
        }
    }

    private mutating func takeUnopened() -> [UInt8] {
        let rest = held[max(0, searched - Self.closing.count + 1)...]
        guard let end = rest.firstRange(of: Self.closing) else {
            searched = held.count
            return []
        }
        let thought = Self.trimmed(held[..<end.lowerBound])
        held.removeFirst(end.upperBound)
        state = .beforeAnswer
        return thought
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
