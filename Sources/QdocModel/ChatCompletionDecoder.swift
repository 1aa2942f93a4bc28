internal import QdocCore

/// Turns the body of a chat completion into events: a stream, or one JSON document where a server does not stream.
///
/// How the bytes are cut into chunks makes no difference to what comes out in the end; deltas that arrive together come out joined.
struct ChatCompletionDecoder {
    /// Bytes of reasoning and answer. The longest of any model that is known, 81,920 tokens of thought and 65,536 of answer, take under 1 MB.
    private static let limit = 4 << 20
    /// Bytes of the body: a frame of some 230 bytes carries a token or more, and a server must not keep a call alive for ever.
    private static let bodyLimit = 256 << 20

    private enum Shape {
        case unknown
        case stream
        case document
    }

    private let provider: String
    private let words: ProviderWords
    private var filter: KeyFilter
    private var bodyCount = 0
    private var shape = Shape.unknown
    private var stream = EventStreamDecoder()
    private var document: [UInt8] = []
    private var thought = InlineThought()
    private var requestID: String?
    private var hasHead = false
    private var hasText = false
    private var textCount = 0
    private var finish: String?
    private var usage: Usage?
    private var events: [AnswerEvent] = []
    /// Text of the kind that came last, not yet an event.
    private var pending = (text: "", isThought: false)
    /// The stream's own end was seen; what follows is not read.
    private(set) var isDone = false
    /// Steps toward the answer so far: text, its end, usage. Comments and empty frames are none.
    private(set) var progressCount = 0

    /// - Parameter requestID: From the response's headers, which rule over the body's.
    init(provider: String, requestID: String?, words: ProviderWords) {
        self.provider = provider
        self.requestID = requestID
        self.words = words
        filter = KeyFilter(words.key)
    }

    /// Takes the next bytes of the body.
    ///
    /// - Throws: What the provider reports inside a stream; `stream_malformed`.
    mutating func decode(_ chunk: [UInt8]) throws(Failure) -> [AnswerEvent] {
        guard !isDone else { return [] }
        bodyCount += chunk.count
        guard bodyCount <= Self.bodyLimit else { throw malformed("is longer than any answer") }
        if shape == .unknown {
            document += chunk
            recogniseShape()
            guard shape == .stream else { return [] }
            let start = document
            document = []
            try take(start)
        } else if shape == .document {
            document += chunk
            guard document.count <= Self.limit else { throw malformed("is longer than any answer") }
        } else {
            try take(chunk)
        }
        return takeEvents()
    }

    /// Ends the body.
    ///
    /// - Throws: `stream_truncated` where the answer's end is missing; what the provider reports.
    mutating func end() throws(Failure) -> [AnswerEvent] {
        switch shape {
        case .unknown: throw truncated
        case .document: try takeDocument()
        case .stream:
            var stream = stream
            if !isDone { try stream.finish { (event) throws(Failure) in try take(event) } }
        }
        guard let finish else { throw truncated }
        let reason = try reason(finish)
        let rest = thought.finish()
        append(rest.thought, isThought: true)
        append(rest.answer, isThought: false)
        pending.text += filter.finish()
        flush()
        if let usage { events.append(.usage(usage)) }
        events.append(.finished(reason))
        return takeEvents()
    }

    /// Whether the answer is whole already, whatever becomes of the connection.
    var isComplete: Bool { finish != nil }

    private var truncated: Failure {
        Failure(
            .streamTruncated, "the model's answer ended without its end mark",
            remedy: "the call may have been charged; ask again, with fewer pages a request")
    }

    private func malformed(_ what: String) -> Failure {
        Failure(
            .streamMalformed, "the model's answer \(what)", remedy: "check that the endpoint's address is that of an OpenAI-compatible API")
    }

    private mutating func recogniseShape() {
        guard let first = document.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) else { return }
        // No line of an event stream begins so.
        shape = first == UInt8(ascii: "{") || first == UInt8(ascii: "<") || first == UInt8(ascii: "[") ? .document : .stream
    }

    private mutating func take(_ chunk: [UInt8]) throws(Failure) {
        // Moved out and back: the closure needs all the rest of self.
        var stream = stream
        self.stream = EventStreamDecoder()
        defer { self.stream = stream }
        try stream.decode(chunk) { (event) throws(Failure) in try take(event) }
    }

    private mutating func take(_ event: ServerSentEvent) throws(Failure) {
        guard !isDone else { return }
        if event.data.count < 16, Self.isDoneMark(event.data) {
            isDone = true
        } else if !event.isError, event.lineStarts.isEmpty, let chunk = ChatChunkScanner.scan(event.data, wantsHead: !hasHead) {
            try take(chunk)
        } else if let value = try? JSONParser.parse(event.data) {  // Otherwise: looked at in other ways below.
            try takeWhole(value, event)
        } else if !event.lineStarts.isEmpty, let values = Self.parse(lines: event.lines) {
            // Frames without the blank line between them.
            for value in values { try takeWhole(value, event) }
        } else if event.isTail {
            if finish == nil { throw truncated }
        } else if event.isError {
            throw failure(ProviderError(message: String(decoding: event.data, as: UTF8.self)), status: event.status)
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

    private mutating func takeWhole(_ value: JSONValue, _ event: ServerSentEvent) throws(Failure) {
        var chunk = ChatChunk(value)
        if event.isError, chunk.error == nil { chunk.error = ProviderError(message: JSONWriter.text(value)) }
        if chunk.error != nil, let status = event.status { chunk.error?.status = status }
        try take(chunk)
    }

    private mutating func take(_ chunk: ChatChunk) throws(Failure) {
        if !hasHead, chunk.id != nil || chunk.model != nil {
            hasHead = true
            requestID = requestID ?? chunk.id
            events.append(.head(CallHead(requestID: requestID.map(words.shown), modelAnswered: chunk.model.map(words.shown))))
        }
        if let usage = chunk.usage {
            if self.usage == nil { progressCount += 1 }
            self.usage = usage
        }
        // The last of the reasoning and the first of the answer may share a frame.
        if let reasoning = chunk.reasoning { append(reasoning, isThought: true) }
        if let answer = chunk.answer {
            let parts = thought.take(answer)
            append(parts.thought, isThought: true)
            append(parts.answer, isThought: false)
        }
        guard textCount <= Self.limit else { throw malformed("is longer than any answer") }
        if let error = chunk.error { throw failure(error, status: nil) }
        if let reason = chunk.finish {
            if finish == nil { progressCount += 1 }
            finish = reason
        }
    }

    /// After text has come, the call may have been charged: only a block of content keeps its own code, the rest is a broken stream, which
    /// nothing retries by itself.
    private func failure(_ error: ProviderError, status: Int?) -> Failure {
        let code = ProviderError.failureCode(status: status ?? 200, error: error, provider: provider)
        let said = words.shown(error.message)
        let message = "the provider broke the answer off" + (said.isEmpty ? "" : ": \(said)")
        guard hasText, code != .contentBlocked else { return Failure(code, message) }
        return Failure(.streamTruncated, message, remedy: "the call may have been charged; ask again")
    }

    private mutating func takeDocument() throws(Failure) {
        // A document that is no JSON was cut, or never was one: both have failures of their own.
        guard let value = try? JSONParser.parse(document) else {
            if document.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") { throw malformed("is a web page") }
            throw truncated
        }
        let chunk = ChatChunk(value)
        guard chunk.error != nil || value["choices"]?[0] != nil else { throw malformed("is JSON, but no chat completion") }
        try take(chunk)
    }

    private func reason(_ finish: String) throws(Failure) -> FinishReason {
        switch finish {
        case "stop": return .stop
        case "length", "max_tokens": return .length
        case "tool_calls", "function_call":
            throw Failure(
                .answerInvalid, "the model asked for a tool instead of answering", remedy: "use a model or endpoint without built-in tools")
        case "content_filter": throw Failure(.contentBlocked, "the provider blocked the answer's content")
        case "error":
            throw Failure(.streamTruncated, "the provider broke the answer off", remedy: "the call may have been charged; ask again")
        default: return .other(words.shown(finish))
        }
    }

    // MARK: - Joining deltas

    private mutating func append(_ text: String, isThought: Bool) {
        guard !text.isEmpty else { return }
        hasText = true
        progressCount += 1
        textCount += text.utf8.count
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
