public import QdocCore

/// What the guides of the models advise against, found by its words: a hint to a writer, never a mistake.
///
/// It reads English; a task in another language gets no advice.
///
/// - Source: Segmind's page on QVQ Max (explicit questions that name the conclusion, numbered images and explicit comparisons, the range or
///   the frame numbers of a video).
struct PipelineAdvice {
    private let words: Set<String>
    private let text: String
    /// Whether thought is to be expected; nil where nobody says.
    private let thinks: Bool?

    init(task: String, thinks: Bool?) {
        text = " " + task.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ") + " "
        words = Set(text.split { !$0.isLetter && $0 != "-" }.map(String.init))
        self.thinks = thinks
    }

    /// Words that hardly any other language has.
    private static let english: Set<String> = ["the", "of", "and", "what", "which", "this", "these", "whether"]
    private static let describing: Set<String> = [
        "describe", "list", "show", "caption", "transcribe", "summarise", "summarize", "extract", "read",
    ]
    /// Words that ask for more than what is seen.
    private static let reasoning: Set<String> = [
        "why", "how", "whether", "which", "compare", "work", "decide", "determine", "solve", "explain", "conclude", "conclusion", "derive",
        "reason", "prove", "calculate", "check", "judge", "classify", "infer", "differ", "cause", "follows", "answer",
    ]
    /// Words that say what the reasoning is to end in.
    private static let concluding: Set<String> = [
        "conclude", "conclusion", "conclusions", "decide", "determine", "answer", "which", "whether", "verdict", "result", "find", "judge",
        "solve", "how", "work",
    ]
    private static let comparing: Set<String> = [
        "compare", "comparison", "contrast", "differ", "difference", "differences", "versus", "changed",
    ]
    private static let filming: Set<String> = ["video", "clip", "footage", "film", "recording"]

    /// The warnings, each a sentence with its remedy.
    var warnings: [String] {
        guard !words.isDisjoint(with: Self.english) else { return [] }
        var warnings: [String] = []
        let asksForReasoning = !words.isDisjoint(with: Self.reasoning)
        if !asksForReasoning, thinks != false, !words.isDisjoint(with: Self.describing) || text.contains(" what is in ") {
            warnings.append(
                "the task only asks for a description: a model that always thinks, such as QVQ, wants a question that takes reasoning; ask one, "
                    + "or say “thinking: off” and choose a model that can be told")
        }
        if words.isDisjoint(with: Self.concluding) {
            warnings.append("no conclusion is named: say what the reasoning is to end in, as in “decide which …” or “conclude whether …”")
        }
        if !words.isDisjoint(with: Self.comparing), !text.contains("number") {
            warnings.append("a comparison is asked for and no image numbers: ask to name the numbers of the images that are compared")
        }
        if !words.isDisjoint(with: Self.filming), !["range", "between", "frame number", "from "].contains(where: text.contains) {
            warnings.append("a video is asked about without a range: say which range of time, or which frame numbers, is looked at")
        }
        return warnings
    }
}

extension Pipeline {
    /// A hint about how a pipeline is worded, with its place in the file.
    public struct Advice: Sendable, Hashable {
        public var line: Int
        public var column: Int
        public var message: String
    }

    /// What the guides of the models advise against in it.
    ///
    /// - Parameter thinking: Of the model that is to be asked; nil where any may be.
    public func advice(for thinking: Thinking? = nil) -> [Advice] {
        let thinks: Bool? =
            switch thinking {
            case .always?: true
            case Thinking.none?: false
            case .hybrid?: self.thinks ?? false
            case nil: self.thinks
            }
        return PipelineAdvice(task: instructions + "\n" + (question ?? ""), thinks: thinks).warnings.map {
            Advice(line: taskPlace.line, column: taskPlace.column, message: $0)
        }
    }
}
