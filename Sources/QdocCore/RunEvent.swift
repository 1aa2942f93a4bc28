/// One thing that happened in a run (`qdoc.events/1`).
///
/// Terminal, `--events jsonl` and server-sent events are three renderers of the same list. Field events are provisional; the report rules.
public struct RunEvent: Sendable, Hashable {
    /// What happened.
    public enum Payload: Sendable, Hashable {
        case runStarted(pipeline: String, model: String, sources: [String])
        /// A source was opened; `pages` are those that the run will work on.
        case sourceOpened(Source, pages: Int)
        /// A page's content was read by the local reader, or failed.
        case pageFinished(PageReference, outcome: PageOutcome)
        /// A page was drawn and encoded.
        case imageMade(number: Int, page: PageReference, size: PixelSize, byteCount: Int)
        /// Before the first question: what the run can cost at most and what it likely will; nil where no price is known.
        case planned(windows: Int, images: Int, inputTokens: Int, worst: Money?, likely: Money?)
        case callStarted(call: Int, images: [Int])
        /// A call was refused or never got through, and is made once more after a wait.
        case callRetried(call: Int, attempt: Int, code: Failure.Code, wait: Duration)
        /// The endpoint takes no calls for now; what is left waits.
        case endpointPaused(endpoint: String, failure: Failure)
        case endpointResumed(endpoint: String)
        /// Reasoning of a call, coalesced to 50-100 ms.
        case reasoning(call: Int, text: String)
        /// Answer text of a call, coalesced likewise.
        case answer(call: Int, text: String)
        case callFinished(call: Int, state: CallState, usage: Usage, cost: Money?, isReused: Bool)
        /// A value was extracted and checked.
        case field(pointer: JSONPointer, value: JSONValue, verdict: Verdict)
        case warning(Warning)
        case runFinished(state: RunState, failure: Failure?)
    }

    /// Identifier of the run.
    public var run: String
    /// From 1, without gaps.
    public var sequence: Int
    /// Microseconds since 1970-01-01 UTC.
    public var time: Int64
    public var payload: Payload

    public init(run: String, sequence: Int, time: Int64, payload: Payload) {
        self.run = run
        self.sequence = sequence
        self.time = time
        self.payload = payload
    }
}

/// How a run ended. Partial never prints as success.
public enum RunState: String, Sendable, Hashable {
    case complete
    /// A page was not read or failed, or a window has no answer.
    case partial
    case failed
}

/// How a call ended.
public enum CallState: String, Sendable, Hashable {
    case settled
    /// The endpoint refused it, or it never left.
    case refused
    /// It left, and its end is not known.
    case unknown
}
