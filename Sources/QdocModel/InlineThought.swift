/// Where a server leaves the reasoning, when it gives it no member of its own.
public enum ThoughtPlacement: Sendable, Hashable {
    /// In a member of its own, or between `<think>` and `</think>` at the very start of the answer. An answer that is to be JSON never begins
    /// with such a tag, so looking for it costs nothing.
    case memberOrTags
    /// As above, but the opening tag stood in the model's template: all up to a closing tag is reasoning.
    case impliedOpening
}

/// Separates reasoning that stands inline in the answer's text, however the text is cut.
struct InlineThought {
    private enum State {
        /// Nothing but white space and perhaps the beginning of a tag has come.
        case undecided
        /// A closing tag would make everything held a thought.
        case implied
        case thought
        /// White space between the closing tag and the answer is dropped.
        case beforeAnswer
        case answer
    }

    private static let opening = Array("<think>".utf8)
    private static let closing = Array("</think>".utf8)

    private let placement: ThoughtPlacement
    private var state = State.undecided
    private var held: [UInt8] = []
    private var hasThought = false

    init(_ placement: ThoughtPlacement) {
        self.placement = placement
    }

    /// Takes a piece of the answer's text; gives what is known to be thought and what is known to be answer.
    mutating func take(_ text: String) -> (thought: String, answer: String) {
        if state == .answer { return ("", text) }
        held += text.utf8
        var thought: [UInt8] = []
        if state == .undecided { decide() }
        if state == .implied, let end = held.firstRange(of: Self.closing) {
            thought = Self.trimmed(held[..<end.lowerBound])
            held.removeFirst(end.upperBound)
            state = .beforeAnswer
        }
        if state == .thought { thought = takeThought() }
        if state == .beforeAnswer { skipSpace() }
        var answer: [UInt8] = []
        if state == .answer { swap(&answer, &held) }
        return (String(decoding: thought, as: UTF8.self), String(decoding: answer, as: UTF8.self))
    }

    /// Gives what is still held at the end.
    ///
    /// - Parameter isCut: The output limit ended the text: an open thought has no answer after it.
    mutating func finish(isCut: Bool) -> (thought: String, answer: String) {
        defer { held = [] }
        let text = String(decoding: held, as: UTF8.self)
        switch state {
        case .thought: return (text, "")
        case .implied where isCut: return (text, "")
        case .undecided, .implied, .answer: return ("", text)
        case .beforeAnswer: return ("", "")
        }
    }

    private mutating func decide() {
        let start = held.drop { Self.isSpace($0) }
        if start.starts(with: Self.opening) {
            held = Array(start.dropFirst(Self.opening.count))
            state = .thought
        } else if !Self.opening.starts(with: start) {
            state = placement == .impliedOpening ? .implied : .answer
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
