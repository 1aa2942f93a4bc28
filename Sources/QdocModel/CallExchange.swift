internal import QdocCore
internal import QdocTransport

/// The steps of one call, without any network: what to send next, and what the bytes that came mean.
///
/// A call is one question and its answer, or, where an endpoint works through a queue, a question, looks at how far it is, and the answer.
struct CallExchange {
    /// What the caller is to do next.
    enum Step {
        case send(WireRequest)
        case wait(Duration)
        case done
    }

    private enum Stage {
        case question
        /// Asking how far the job of this id is.
        case status(String)
        case result(String)
        case done
    }

    private enum Reading {
        case nothing
        case refusal
        case answer
        /// One JSON document that is no answer itself.
        case document
    }

    /// Bytes of an error's body that are read; more would not be shown.
    private static let refusalLimit = 64 << 10
    /// Bytes of a document: a whole answer inside a string, with room for its escapes.
    private static let documentLimit = 8 << 20
    /// - Source: the poll of Segmind's own client.
    static let pollInterval = Duration.seconds(1)
    /// - Source: as above; it gives up then.
    private static let pollLimit = Duration.seconds(600)

    private let question: WireRequest
    private let endpoint: ModelEndpoint
    private let pollInterval: Duration
    private let reader: FailureReader
    private var stage = Stage.question
    private var pause: Duration?
    private var elapsed = Duration.zero
    private var head = ResponseHead(status: 0, headers: [])
    private var reading = Reading.nothing
    /// A refusal or a document as far as it has come.
    private var body: [UInt8] = []
    private var decoder: AnswerDecoder?
    private var ownFailure: CallFailure?

    init(_ question: WireRequest, to endpoint: ModelEndpoint, pollInterval: Duration = Self.pollInterval) {
        self.question = question
        self.pollInterval = pollInterval
        self.endpoint = endpoint
        reader = FailureReader(endpoint: endpoint)
    }

    /// Why the call brought no whole answer; nothing is to be sent after it.
    var failure: CallFailure? { ownFailure ?? decoder?.failure }

    /// Whether the rest of the response does not matter.
    var isRead: Bool {
        switch reading {
        case .nothing: true
        case .refusal: body.count >= Self.refusalLimit
        case .document: body.count >= Self.documentLimit
        case .answer: decoder?.isDone ?? true
        }
    }

    /// Whether the answer is whole, whatever becomes of the connection.
    var isComplete: Bool { decoder?.isComplete ?? false }

    /// Steps toward an answer in this response; comments are none.
    var progressCount: Int { decoder?.progressCount ?? 0 }

    /// - Parameter elapsed: Since the first step.
    mutating func next(elapsed: Duration) -> Step {
        self.elapsed = elapsed
        if let pause {
            self.pause = nil
            return .wait(pause)
        }
        switch stage {
        case .question: return .send(question)
        case .status(let id): return .send(look("/requests/\(id)/status"))
        case .result(let id): return .send(look("/requests/\(id)"))
        case .done: return .done
        }
    }

    private func look(_ path: String) -> WireRequest {
        // Never the address that the server names: the key goes with it.
        WireRequest(url: endpoint.baseURL + path, headers: [HTTPHeader("Accept", "application/json")] + endpoint.keyHeaders)
    }

    // MARK: - A response

    mutating func begin(_ head: ResponseHead) {
        self.head = head
        body = []
        if !head.isSuccess {
            reading = .refusal
        } else if endpoint.wire == .segmindAsync {
            reading = .document
        } else {
            reading = .answer
            decoder = AnswerDecoder(endpoint: endpoint, head: head)
        }
    }

    mutating func take(_ bytes: [UInt8]) -> [AnswerEvent] {
        switch reading {
        case .nothing: return []
        case .answer: return decoder?.decode(bytes) ?? []
        case .refusal, .document:
            body += bytes
            return []
        }
    }

    /// Ends the response and decides what comes next.
    mutating func end() -> [AnswerEvent] {
        defer { reading = .nothing }
        switch reading {
        case .nothing: return []
        case .refusal:
            refuse(Array(body.prefix(Self.refusalLimit)))
            return []
        case .answer:
            stage = .done
            return decoder?.end() ?? []
        case .document: return takeDocument()
        }
    }

    /// Ends the response where the connection broke, or none came about.
    mutating func breakOff(_ failure: HTTPFailure) -> [AnswerEvent] {
        var lost = reader.lost(failure)
        switch stage {
        // A look costs nothing and can be taken again; the job goes on meanwhile.
        case .status, .result:
            lost.billing = .unknown
            let isPassing = [.connection, .timedOut, .malformed].contains(failure.kind)
            reading = .nothing
            if isPassing { lookAgain(lost) } else { ownFailure = lost }
            return []
        case .question, .done: return breakOff(lost)
        }
    }

    /// Ends a response in which nothing comes any more.
    mutating func timeOut(after limit: Duration) -> [AnswerEvent] {
        breakOff(
            reader.unusable(
                .modelTimedOut, "\(endpoint.name) produced nothing for \(limit), while its server kept the connection alive",
                remedy: "the call may have been charged; ask again later", head: head))
    }

    private mutating func breakOff(_ failure: CallFailure) -> [AnswerEvent] {
        reading = .nothing
        guard decoder != nil else {
            ownFailure = failure
            return []
        }
        return decoder?.breakOff(failure) ?? []
    }

    private mutating func refuse(_ body: [UInt8]) {
        var failure = reader.refusal(head, body: body)
        switch stage {
        case .question, .done: ownFailure = failure
        case .status, .result:
            // A job that failed is told with status 422 and its reason.
            if head.status == 422 {
                failure.billing = .no
            } else if failure.isRetriable {
                return lookAgain(failure)
            } else {
                failure.billing = .unknown
            }
            ownFailure = failure
        }
    }

    // MARK: - A queue

    private mutating func lookAgain(_ failure: CallFailure? = nil) {
        guard elapsed < Self.pollLimit else {
            ownFailure = CallFailure(
                Failure(
                    .modelTimedOut,
                    "\(endpoint.name) did not finish within \(Self.pollLimit)"
                        + (failure.map { " (\($0.failure.message))" } ?? ""),
                    remedy: "the call may have been charged; ask again later, with fewer pages a request"),
                status: failure?.status, billing: .unknown, remainingCredits: head.credits)
            return
        }
        pause = max(pollInterval, failure?.retryAfter ?? .zero)
    }

    private mutating func takeDocument() -> [AnswerEvent] {
        guard body.count < Self.documentLimit, let value = try? JSONParser.parse(body), value.object != nil else {
            ownFailure = unreadable("is no JSON")
            return []
        }
        switch stage {
        case .question:
            guard let id = value["request_id"]?.string, Self.isPlain(id) else {
                ownFailure = unreadable("names no job to look for")
                return []
            }
            stage = .status(id)
            pause = pollInterval
            return [.head(CallHead(requestID: reader.words.shown(id), remainingCredits: head.credits))]
        case .status(let id):
            takeStatus(value, id)
            return []
        case .result(let id): return takeResult(value, id)
        case .done: return []
        }
    }

    private mutating func takeStatus(_ value: JSONValue, _ id: String) {
        switch value["status"]?.string {
        case "COMPLETED": stage = .result(id)
        case "FAILED": fail(value)
        // Queued, at work, or a word that is not known yet.
        default: lookAgain()
        }
    }

    private mutating func fail(_ value: JSONValue) {
        head.status = 422
        ownFailure = reader.refusal(head, body: Array(JSONWriter.text(value).utf8))
    }

    private mutating func takeResult(_ value: JSONValue, _ id: String) -> [AnswerEvent] {
        if value["status"]?.string == "FAILED" {
            fail(value)
            return []
        }
        let output: [UInt8]
        switch value["output"] {
        // The answer's JSON stands inside a string.
        case .string(let text): output = Array(text.utf8)
        case .object(let object): output = Array(JSONWriter.text(.object(object)).utf8)
        default:
            ownFailure = unreadable("has no output")
            return []
        }
        // The job's id is the one to ask the provider about.
        head.headers.insert(HTTPHeader("x-request-id", id), at: 0)
        var decoder = AnswerDecoder(endpoint: endpoint, head: head)
        let events = decoder.decode(output) + decoder.end()
        self.decoder = decoder
        stage = .done
        return events
    }

    private func unreadable(_ what: String) -> CallFailure {
        reader.unusable(
            .streamMalformed, "the endpoint's answer \(what)",
            remedy: "check the endpoint's address, and the protocol it is spoken to in", head: head)
    }

    /// An id becomes part of an address.
    private static func isPlain(_ id: String) -> Bool {
        (1...200).contains(id.utf8.count)
            && id.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) || $0 == "-" || $0 == "_"
            }
    }
}
