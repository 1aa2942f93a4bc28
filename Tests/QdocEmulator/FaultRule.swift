public import QdocCore

/// A way to misbehave.
public struct Fault: Sendable, Hashable {
    /// How; the raw values are the spelling of scripts.
    public enum Kind: String, Sendable, CaseIterable {
        // Instead of an answer; not billed unless `billed` says so.
        case tooMany = "429"
        case status, html, redirect, echoKey
        // The connection.
        case drop, stall, oneByteChunks, slowDrip, splitUTF8, badChunk, crlf, http10, informational, hugeHeaders, gzip, gzipBomb
        // The body.
        case emptyBody, wrongContentType, partialResponse
        // The answer.
        case answer, halfJSON, bigLine, unknownEvent, duplicateFinish, inStreamError, noUsage, noDone, noFinish, toolCalls, lengthCut
        case repetition, contentBlocked, keepAlive
        // A job of Segmind's second version.
        case jobFailed
    }

    public var kind: Kind
    /// A variant of the kind: `reset` of `drop`, `comments` of `stall`, `finish` of `contentBlocked`, `data` of `unknownEvent`, …
    public var how: String?
    /// When a `drop` or a `stall` comes: `reading` the request, after the whole `request`, amid the `headers`, in the `body` (the default).
    public var when: String?
    /// Bytes of the body, or tokens of the answer, after which it comes.
    public var at: Int?
    public var status: Int?
    /// Instead of the provider's own.
    public var body: String?
    /// Header lines that go along.
    public var headers: [String]
    /// Seconds from now, sent as a date in `Retry-After`.
    public var retryDate: Int?
    /// An answer, or the piece that is repeated.
    public var text: String?
    public var reasoning: String?
    /// Bytes of what is large.
    public var size: Int?
    public var milliseconds: Int?
    public var isBilled: Bool?

    /// - Throws: `invalid_configuration`.
    public init(_ value: JSONValue) throws(Failure) {
        guard let kind = value["kind"]?.string.flatMap(Kind.init(rawValue:)) else {
            throw Failure(.invalidConfiguration, "a fault's kind is one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.kind = kind
        how = value["how"]?.string
        when = value["when"]?.string
        at = value["at"]?.int
        status = value["status"]?.int
        body = value["body"]?.string
        headers = value["headers"]?.array?.compactMap(\.string) ?? []
        retryDate = value["retryDate"]?.int
        text = value["text"]?.string
        reasoning = value["reasoning"]?.string
        size = value["size"]?.int
        milliseconds = value["milliseconds"]?.int
        isBilled = value["billed"]?.bool
    }

    /// Whether the request is billed before the fault shows.
    public var bills: Bool {
        if let isBilled { return isBilled }
        switch kind {
        case .tooMany, .status, .html, .redirect: return false
        case .echoKey: return how == "answer"
        case .contentBlocked: return at != 0
        case .drop, .stall: return when != "reading"
        default: return true
        }
    }
}

/// Which requests a fault meets, and how many of them.
public struct FaultRule: Sendable, Hashable {
    /// A part of the path.
    public var path: String?
    public var model: String?
    /// Of the request, from 1.
    public var number: Int?
    /// A number that the texts give to an image.
    public var image: Int?
    /// A part of a text.
    public var prompt: String?
    /// How many requests it still meets; nil for all.
    public var times: Int?
    public var fault: Fault

    /// Reads `{"match": {"path", "model", "number", "imagesContain", "promptContains"}, "times": n, "fault": {"kind", …}}`.
    ///
    /// - Throws: `invalid_configuration`.
    public init(_ value: JSONValue) throws(Failure) {
        let match = value["match"]
        path = match?["path"]?.string
        model = match?["model"]?.string
        number = match?["number"]?.int
        image = match?["imagesContain"]?.int
        prompt = match?["promptContains"]?.string
        times = value["times"]?.int
        guard let fault = value["fault"] else { throw Failure(.invalidConfiguration, "a rule needs its fault") }
        self.fault = try Fault(fault)
    }

    /// Reads a list of rules, or an object with the list as `rules`.
    ///
    /// - Throws: `invalid_configuration`.
    public static func list(_ text: [UInt8]) throws(Failure) -> [FaultRule] {
        let value: JSONValue
        do {
            value = try JSONParser.parse(text)
        } catch {
            throw Failure(.invalidConfiguration, "the script is no JSON: \(error.reason) at byte \(error.offset)")
        }
        guard let list = value.array ?? value["rules"]?.array else { throw Failure(.invalidConfiguration, "a script is a list of rules") }
        var rules: [FaultRule] = []
        for entry in list { rules.append(try FaultRule(entry)) }
        return rules
    }

    /// Whether it meets a request; of one that is still being read only the path and the number are known.
    func meets(path: String, number: Int, model: String?, ask: Ask?) -> Bool {
        guard times != 0, self.path.map({ path.contains($0) }) ?? true, self.number.map({ $0 == number }) ?? true else { return false }
        guard (fault.kind == .drop && fault.when == "reading") == (model == nil) else { return false }
        guard model != nil else { return self.model == nil && image == nil && prompt == nil }
        return (self.model.map { $0 == model } ?? true)
            && (image.map { ask?.imageNumbers.contains($0) == true } ?? true)
            && (prompt.map { prompt in ask?.texts.contains { $0.contains(prompt) } == true } ?? true)
    }
}
