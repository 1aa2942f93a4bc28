internal import QdocCore

/// Turns the body of an answer into events: a stream, or one JSON document where a server does not stream.
///
/// How the bytes are cut into chunks makes no difference to what comes out in the end; deltas that arrive together come out joined. What
/// came before a failure is given out before it.
struct AnswerDecoder {
    /// Bytes of reasoning and answer. The longest of any model that is known, 81,920 tokens of thought and 65,536 of answer, take under 1 MB.
    private static let limit = 4 << 20
    /// Bytes of the body: a frame of some 230 bytes carries a token or more, and a server must not keep a call alive for ever.
    private static let bodyLimit = 256 << 20

    /// Bytes of a usage that are kept as they came; the largest known has under 500.
    private static let rawLimit = 8 << 10

    private enum Shape {
        case unknown
        case stream
        case document
    }

    private let form: FrameForm
    private let isCumulative: Bool
    private let head: ResponseHead
    private let endpoint: ModelEndpoint
    private let reader: FailureReader
    private var filter: KeyFilter
    private var bodyCount = 0
    private var shape = Shape.unknown
    private var stream = EventStreamDecoder()
    private var document: [UInt8] = []
    private var thought: InlineThought
    private var watches = (thought: RepetitionWatch(isThought: true), answer: RepetitionWatch(isThought: false))
    /// Bytes of text that earlier frames gave, where each repeats them.
    private var seen = (thought: 0, answer: 0)
    private var hasHead = false
    private var hasText = false
    private var textCount = 0
    private var finish: String?
    private var usage: ReportedUsage?
    private var events: [AnswerEvent] = []
    /// Text of the kind that came last, not yet an event.
    private var pending = (text: "", isThought: false)
    /// Why there is no whole answer; nothing comes after it.
    private(set) var failure: CallFailure?
    /// `[DONE]` was seen.
    private(set) var hasDoneMark = false
    /// Steps toward the answer so far: text, its end, usage. Comments and empty frames are none.
    private(set) var progressCount = 0

    /// - Parameters:
    ///   - head: What the response said before its body; its request id rules over the body's.
    ///   - isCumulative: Each frame repeats the whole text, as older models do natively where nobody asks for increments. Never guessed from
    ///     the text: increments can repeat what was there.
    init(endpoint: ModelEndpoint, head: ResponseHead, isCumulative: Bool = false) {
        form = endpoint.wire == .dashscope ? .native : .chat
        self.isCumulative = isCumulative
        self.head = head
        self.endpoint = endpoint
        reader = FailureReader(endpoint: endpoint)
        filter = KeyFilter(endpoint.key)
        thought = InlineThought(endpoint.inlineThought)
    }

    /// Whether the answer is whole already, whatever becomes of the connection.
    var isComplete: Bool { finish != nil && failure == nil }

    /// Whether nothing that follows matters. DashScope has no mark for it, but its last frame says everything.
    var isDone: Bool { hasDoneMark || failure != nil || form == .native && finish != nil && shape == .stream }

    /// Takes the next bytes of the body.
    mutating func decode(_ chunk: [UInt8]) -> [AnswerEvent] {
        guard !isDone else { return [] }
        do throws(CallFailure) {
            try take(chunk)
        } catch {
            close(error)
        }
        return takeEvents()
    }

    /// Ends the body: usage, where it was told, and `finished`, or the failure.
    mutating func end() -> [AnswerEvent] {
        guard failure == nil else { return [] }
        do throws(CallFailure) {
            try takeEnd()
        } catch {
            close(error)
        }
        return takeEvents()
    }

    /// Ends the body where it broke off: gives what was held back and the usage so far.
    mutating func breakOff(_ failure: CallFailure) -> [AnswerEvent] {
        if self.failure == nil { close(failure) }
        return takeEvents()
    }

    private mutating func close(_ failure: CallFailure) {
        var failure = failure
        failure.requestID = failure.requestID ?? head.requestID.map(reader.words.shown)
        failure.remainingCredits = failure.remainingCredits ?? head.credits
        self.failure = failure
        let rest = thought.finish(isCut: true)
        append(rest.thought, isThought: true)
        append(rest.answer, isThought: false)
        // What the filter holds may be the beginning of the key, and is dropped.
        flush()
        reportUsage()
    }

    private var truncated: CallFailure {
        unusable(
            .streamTruncated, "ended without its end mark",
            remedy: "the call may have been charged; ask again, with fewer pages a request")
    }

    private func malformed(_ what: String) -> CallFailure {
        unusable(.streamMalformed, what, remedy: "check the endpoint's address, and the protocol it is spoken to in")
    }

    private func unusable(_ code: Failure.Code, _ what: String, remedy: String) -> CallFailure {
        reader.unusable(code, "the model's answer \(what)", remedy: remedy, head: head)
    }

    private mutating func reportUsage() {
        guard var usage = usage?.usage else { return }
        if let raw = usage.raw, !isFit(JSONWriter.text(raw)) { usage.raw = nil }
        events.append(.usage(usage))
    }

    /// Whether a provider's own JSON can be kept: it is short, and holds no key.
    private func isFit(_ text: String) -> Bool {
        let key = endpoint.key.map { JSONWriter.text(.string($0.exposed)).dropFirst().dropLast() } ?? ""
        return text.utf8.count <= Self.rawLimit && (key.isEmpty || !text.contains(key))
    }

    // MARK: - Bytes

    private mutating func take(_ chunk: [UInt8]) throws(CallFailure) {
        bodyCount += chunk.count
        guard bodyCount <= Self.bodyLimit else { throw malformed("is longer than any answer") }
        switch shape {
        case .unknown:
            document += chunk
            recogniseShape()
            guard shape == .stream else { return }
            let start = document
            document = []
            try takeStream(start)
        case .document:
            document += chunk
            guard document.count <= Self.limit else { throw malformed("is longer than any answer") }
        case .stream: try takeStream(chunk)
        }
    }

    private mutating func recogniseShape() {
        guard let first = document.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) else { return }
        // No line of an event stream begins so.
        shape = first == UInt8(ascii: "{") || first == UInt8(ascii: "<") || first == UInt8(ascii: "[") ? .document : .stream
    }

    private mutating func takeStream(_ chunk: [UInt8]) throws(CallFailure) {
        // Moved out and back: the closure needs all the rest of self.
        var stream = stream
        self.stream = EventStreamDecoder()
        defer { self.stream = stream }
        try stream.decode(chunk) { (event) throws(CallFailure) in try take(event) }
        guard !stream.isOverlong else { throw malformed("has an event without end") }
    }

    private mutating func takeEnd() throws(CallFailure) {
        switch shape {
        case .unknown: throw truncated
        case .document:
            try takeDocument()
            // Model Studio cuts an answer that takes longer than 180 s and is not streamed, and says so here alone.
            if head["x-dashscope-partialresponse"] == "true" { throw truncated }
        case .stream:
            var stream = stream
            if !isDone { try stream.finish { (event) throws(CallFailure) in try take(event) } }
        }
        guard let finish else { throw truncated }
        let reason = try reason(finish)
        let rest = thought.finish(isCut: reason == .length)
        append(rest.thought, isThought: true)
        append(rest.answer, isThought: false)
        pending.text += filter.finish()
        flush()
        reportUsage()
        events.append(.finished(reason))
    }

    private mutating func takeDocument() throws(CallFailure) {
        // A document that is no JSON was cut, or never was one: both have failures of their own.
        guard let value = try? JSONParser.parse(document) else {
            if document.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") { throw malformed("is a web page") }
            throw truncated
        }
        let chunk = AnswerChunk(value, form: form)
        let isAnswer = form == .chat ? value["choices"]?[0] != nil : value["output"]?.object != nil
        guard chunk.error != nil || isAnswer else { throw malformed("is JSON, but no answer of a model") }
        try take(chunk)
    }

    // MARK: - Frames

    private mutating func take(_ event: ServerSentEvent) throws(CallFailure) {
        guard !isDone else { return }
        if event.data.count < 16, Self.isDoneMark(event.data) {
            hasDoneMark = true
        } else if !event.isError, event.lineStarts.isEmpty, let chunk = FrameScanner.scan(event.data, form: form, wantsHead: !hasHead) {
            try take(chunk)
        } else if let value = try? JSONParser.parse(event.data) {  // Otherwise: looked at in other ways below.
            try takeWhole(value, event)
        } else if !event.lineStarts.isEmpty, let values = Self.parse(lines: event.lines) {
            // Frames without the blank line between them.
            for value in values { try takeWhole(value, event) }
        } else if event.isTail {
            if finish == nil { throw truncated }
        } else if event.isError {
            var error = ProviderError(message: String(decoding: event.data, as: UTF8.self))
            error.status = event.status
            throw reader.broken(error, head: head, hasText: hasText)
        } else {
            throw malformed("has an event that is no JSON")
        }
    }

    private static func isDoneMark(_ data: [UInt8]) -> Bool {
        String(decoding: data, as: UTF8.self).split(separator: " ") == ["[DONE]"]
    }

    private static func parse(lines: [ArraySlice<UInt8>]) -> [JSONValue]? {
        var values: [JSONValue] = []
        for line in lines where !isDoneMark(Array(line)) {
            // One line that is no JSON tells that the lines are not frames.
            guard let value = try? JSONParser.parse(Array(line)) else { return nil }
            values.append(value)
        }
        return values
    }

    private mutating func takeWhole(_ value: JSONValue, _ event: ServerSentEvent) throws(CallFailure) {
        var chunk = AnswerChunk(value, form: form)
        if event.isError, chunk.error == nil { chunk.error = ProviderError(message: JSONWriter.text(value)) }
        if chunk.error != nil, let status = event.status { chunk.error?.status = status }
        try take(chunk)
    }

    private mutating func take(_ chunk: AnswerChunk) throws(CallFailure) {
        noteHead(chunk)
        if let usage = chunk.usage {
            if self.usage == nil { progressCount += 1 }
            self.usage = usage
        }
        var repeats = false
        // The last of the reasoning and the first of the answer may share a frame.
        if let reasoning = chunk.reasoning.map({ new($0, isThought: true) }), !reasoning.isEmpty {
            thought.noteSeparateThought()
            note(reasoning)
            append(reasoning, isThought: true)
            repeats = watches.thought.take(reasoning)
        }
        if let answer = chunk.answer.map({ new($0, isThought: false) }), !answer.isEmpty {
            note(answer)
            let parts = thought.take(answer)
            append(parts.thought, isThought: true)
            append(parts.answer, isThought: false)
            repeats = watches.answer.take(answer) || repeats
        }
        guard textCount <= Self.limit else { throw malformed("is longer than any answer") }
        if let error = chunk.error { throw reader.broken(error, head: head, hasText: hasText) }
        if let reason = chunk.finish {
            if finish == nil { progressCount += 1 }
            finish = reason
        }
        guard !repeats || finish != nil else {
            throw unusable(
                .answerRepeats, "repeated itself without end and was cut",
                remedy: "what came so far may have been charged; ask with fewer pages a request, or another model")
        }
    }

    private mutating func noteHead(_ chunk: AnswerChunk) {
        guard !hasHead else { return }
        let hasStarted = chunk.answer != nil || chunk.reasoning != nil || chunk.finish != nil
        let isKnown = head.requestID != nil || head.credits != nil
        guard chunk.id != nil || chunk.model != nil || hasStarted && isKnown else { return }
        hasHead = true
        events.append(
            .head(
                CallHead(
                    requestID: (head.requestID ?? chunk.id).map(reader.words.shown), modelAnswered: chunk.model.map(reader.words.shown),
                    remainingCredits: head.credits)))
    }

    /// What a frame adds to the text before it.
    private mutating func new(_ text: String, isThought: Bool) -> String {
        guard isCumulative else { return text }
        let count = isThought ? seen.thought : seen.answer
        let total = max(count, text.utf8.count)
        if isThought { seen.thought = total } else { seen.answer = total }
        return String(decoding: text.utf8.dropFirst(count), as: UTF8.self)
    }

    private func reason(_ finish: String) throws(CallFailure) -> FinishReason {
        switch finish {
        case "stop": return .stop
        case "length", "max_tokens": return .length
        case "tool_calls", "function_call":
            throw unusable(
                .toolRequested, "asks for a tool instead of answering", remedy: "use a model or endpoint without built-in tools")
        case "content_filter":
            throw unusable(.contentBlocked, "was blocked by the provider", remedy: "the provider's content rules refuse these pages")
        case "error":
            throw unusable(.streamTruncated, "was broken off by the provider", remedy: "the call may have been charged; ask again")
        default: return .other(reader.words.shown(finish))
        }
    }

    // MARK: - Joining deltas

    /// Counts text as it comes, held back or not.
    private mutating func note(_ text: String) {
        hasText = true
        progressCount += 1
        textCount += text.utf8.count
    }

    private mutating func append(_ text: String, isThought: Bool) {
        guard !text.isEmpty else { return }
        if pending.isThought != isThought {
            pending.text += filter.finish()
            flush()
        }
        pending.isThought = isThought
        pending.text += filter.take(text)
    }

    private mutating func flush() {
        guard !pending.text.isEmpty else { return }
        events.append(pending.isThought ? .reasoning(pending.text) : .answer(pending.text))
        pending.text = ""
    }

    private mutating func takeEvents() -> [AnswerEvent] {
        flush()
        defer { events = [] }
        return events
    }
}

extension ModelEndpoint {
    /// Where a thought may stand in the answer's text.
    fileprivate var inlineThought: InlineThought.Mode {
        guard hasInlineThought else { return .off }
        return switch profile.thinking {
        case .none: .tagged
        case .hybrid: .untagged(isCertain: false)
        case .always: .untagged(isCertain: true)
        }
    }
}
