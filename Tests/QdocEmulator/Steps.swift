/// A piece of an answer on its way out.
enum Step {
    /// The chunk that names the role, where the protocol has one.
    case role
    case thought(String)
    case answer(String)
    /// The last piece of the thought and the first of the answer in one frame.
    case both(String, String)
    /// The same piece over and over, until the output limit.
    case endless(String)
    case tool
    case finish(String)
    case usage
    case done
    case error(Refusal)
    /// Bytes of the stream as they are.
    case raw(String)

    /// Tokens of it.
    var tokens: Int {
        switch self {
        case .thought, .answer, .tool: 1
        case .both: 2
        default: 0
        }
    }
}

extension [Step] {
    /// An answer in the order of its provider's stream.
    static func answer(_ route: Route, _ ask: Ask, thought: String, answer: String) -> [Step] {
        var thoughts = ask.thinks ? pieces(of: thought) : []
        if let budget = ask.budget, thoughts.count > budget { thoughts.removeLast(thoughts.count - budget) }
        var answers = pieces(of: answer)
        let isCut = answers.count > ask.maxOutput
        if isCut { answers.removeLast(answers.count - ask.maxOutput) }
        var steps: [Step] = route.scope.flavour == .openrouter ? [.raw(": OPENROUTER PROCESSING\n\n")] : []
        steps.append(.role)
        // Newer models of the native protocol put the boundary into one frame.
        let joins = route.operation == .native(isText: false) && !ask.hosted.streamsOnly
        if joins, let last = thoughts.last, let first = answers.first {
            steps += thoughts.dropLast().map { .thought($0) } + [.both(last, first)] + answers.dropFirst().map { .answer($0) }
        } else {
            steps += thoughts.map { .thought($0) } + answers.map { .answer($0) }
        }
        return steps + [.finish(isCut ? "length" : "stop"), .usage, .done]
    }

    /// A text in tokens: some four characters each.
    static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            piece.append(character)
            if piece.utf8.count >= 4 {
                pieces.append(piece)
                piece = ""
            }
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }

    /// Where the n-th token stands; half-way where nothing is said.
    func place(ofToken token: Int?) -> Int {
        let wanted = token ?? reduce(0) { $0 + $1.tokens } / 2
        var seen = 0
        for (index, step) in enumerated() where step.tokens > 0 {
            if seen >= wanted { return index }
            seen += step.tokens
        }
        return firstIndex { if case .finish = $0 { true } else { false } } ?? count
    }

    mutating func removeFinish() {
        removeAll { if case .finish = $0 { true } else { false } }
    }

    mutating func removeUsage() {
        removeAll { if case .usage = $0 { true } else { false } }
    }

    mutating func removeDone() {
        removeAll { if case .done = $0 { true } else { false } }
    }

    /// Ends the answer for another reason; what stands from `place` on up to the finish is dropped.
    mutating func end(at place: Int, _ reason: String, with extra: [Step] = []) {
        removeSubrange(place...)
        append(contentsOf: extra + [.finish(reason), .usage, .done])
    }
}
