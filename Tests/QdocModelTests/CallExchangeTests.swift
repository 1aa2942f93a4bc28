import QdocCore
import QdocTransport
import Testing

@testable import QdocModel

@Suite("A queued call") struct CallExchangeTests {
    private let endpoint = ModelEndpoint(
        provider: "segmind", model: "qvq-max", wire: .segmindAsync, baseURL: "https://host/v2", key: Secret("sk-1"), keyHeader: .apiKey,
        profile: Question.profile(.always))

    private static let submitted = #"{"request_id":"job-1","status_url":"https://elsewhere/","response_url":"https://elsewhere/"}"#
    private static let completion =
        #"{\"model\":\"qvq\",\"choices\":[{\"message\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}"#
    private static let finished = "{\"status\":\"COMPLETED\",\"output\":\"\(completion)\"}"

    /// What the call asked and what came of it; an answer is a status and a body, a status of 0 a broken connection.
    private struct Played {
        var steps: [String] = []
        var events: [AnswerEvent] = []
        var failure: CallFailure?

        init(_ endpoint: ModelEndpoint, _ answers: [(Int, String)], elapsed: Duration = .zero) {
            let question = WireRequest(
                url: endpoint.questionURL, headers: endpoint.questionHeaders, body: HTTPBody([.bytes([0x7B, 0x7D])]))
            var exchange = CallExchange(question, to: endpoint)
            var answers = answers[...]
            while steps.count < 50, exchange.failure == nil {
                switch exchange.next(elapsed: elapsed) {
                case .done:
                    steps.append("done")
                    return
                case .wait(let duration): steps.append("wait \(duration.components.seconds)")
                case .send(let request):
                    steps.append("\(request.body == nil ? "GET" : "POST") \(request.url)")
                    guard let (status, body) = answers.popFirst() else { return }
                    if status == 0 {
                        events += exchange.breakOff(HTTPFailure(kind: .connection, message: "m", bodyBytesSent: 0))
                        continue
                    }
                    exchange.begin(ResponseHead(status: status, headers: [HTTPHeader("x-remaining-credits", "9.5")]))
                    for byte in body.utf8 where !exchange.isRead { events += exchange.take([byte]) }
                    events += exchange.end()
                }
                failure = exchange.failure
            }
        }
    }

    @Test("is submitted, looked at each second and fetched, at addresses of the endpoint alone")
    func whole() {
        let played = Played(
            endpoint, [(200, Self.submitted), (200, #"{"status":"QUEUED"}"#), (200, #"{"status":"COMPLETED"}"#), (200, Self.finished)])
        #expect(
            played.steps == [
                "POST https://host/v2/qvq-max", "wait 1", "GET https://host/v2/requests/job-1/status", "wait 1",
                "GET https://host/v2/requests/job-1/status", "GET https://host/v2/requests/job-1", "done",
            ])
        #expect(played.failure == nil)
        let heads = played.events.compactMap { if case .head(let head) = $0 { head } else { nil } }
        #expect(heads.first == CallHead(requestID: "job-1", remainingCredits: JSONNumber("9.5")))
        #expect(heads.last == CallHead(requestID: "job-1", modelAnswered: "qvq", remainingCredits: JSONNumber("9.5")))
        #expect(played.events.contains { if case .answer("A") = $0 { true } else { false } })
        guard case .finished(.stop) = played.events.last else {
            Issue.record("the answer has no end")
            return
        }
    }

    @Test("that failed is told by its status or by 422, and was not billed")
    func failed() {
        let job = #"{"status":"FAILED","error":"model fell over","metrics":{}}"#
        for answers in [[(200, Self.submitted), (422, job)], [(200, Self.submitted), (200, job)]] {
            let failure = Played(endpoint, answers).failure
            #expect(failure?.failure.code == .requestRefused)
            #expect(failure?.failure.message.contains("model fell over") == true)
            #expect(failure?.status == 422)
            #expect(failure?.billing == .no)
            #expect(failure?.isRetriable == false)
        }
    }

    @Test("is looked at again after a fault on the way, and never submitted twice", arguments: [0, 429, 500, 503, 504])
    func faults(status: Int) {
        let played = Played(
            endpoint, [(200, Self.submitted), (status, ""), (200, #"{"status":"COMPLETED"}"#), (status, ""), (200, Self.finished)])
        #expect(played.failure == nil)
        #expect(played.steps.last == "done")
        #expect(played.steps.filter { $0.hasPrefix("POST") }.count == 1)
    }

    @Test("that does not end within ten minutes may have been billed")
    func late() {
        let failure = Played(endpoint, [(200, Self.submitted), (200, #"{"status":"PROCESSING"}"#)], elapsed: .seconds(600)).failure
        #expect(failure?.failure.code == .modelTimedOut)
        #expect(failure?.billing == .unknown)
    }

    @Test("whose key is refused while it works may have been billed")
    func refused() {
        let failure = Played(endpoint, [(200, Self.submitted), (401, "{}")]).failure
        #expect(failure?.failure.code == .unauthorized)
        #expect(failure?.billing == .unknown)
        #expect(Played(endpoint, [(401, "{}")]).failure?.billing == .no)
    }

    @Test(
        "whose answers are not as agreed is malformed",
        arguments: [
            [(200, "<html>")], [(200, "{}")], [(200, #"{"request_id":"../../x"}"#)], [(200, submitted), (200, "[]")],
            [(200, submitted), (200, #"{"status":"COMPLETED"}"#), (200, "{}")],
            [(200, submitted), (200, #"{"status":"COMPLETED"}"#), (200, #"{"output":"{\"x\":1}"}"#)],
        ])
    func malformed(answers: [(Int, String)]) {
        #expect(Played(endpoint, answers).failure?.failure.code == .streamMalformed)
    }
}
