internal import QdocCore

/// The faults that a client has to come through, each with the end that it should come to.
public enum FaultScript {
    /// All of them; names are unique.
    public static let all: [ScriptedFault] = [
        throttles, refusals, errorsInStream, connections, stalls, framings, answers, jobs,
    ].flatMap(\.self)

    /// One that meets the first request alone: the client sends again, and the second is answered.
    private static func passing(
        _ name: String, _ fault: String, at target: ScriptedFault.Target = .studio, path: String? = nil,
        within deadline: Duration = .seconds(10)
    ) -> ScriptedFault {
        let match = path.map { "\"match\": {\"path\": \"\($0)\"}, " } ?? ""
        return ScriptedFault(
            name: name, target: target, rule: "{\(match)\"times\": 1, \"fault\": \(fault)}", ending: .answer,
            // A poll is made again; the call is not.
            isRetried: path == nil, billed: 1, deadline: deadline)
    }

    /// One that meets every request.
    private static func lasting(
        _ name: String, _ fault: String, at target: ScriptedFault.Target = .studio, _ ending: ScriptedFault.Ending, billed: Int,
        isRetried: Bool = false, within deadline: Duration = .seconds(5)
    ) -> ScriptedFault {
        ScriptedFault(
            name: name, target: target, rule: "{\"fault\": \(fault)}", ending: ending, isRetried: isRetried, billed: billed,
            deadline: deadline)
    }

    private static let throttles: [ScriptedFault] = [
        passing("429 without a hint", #"{"kind": "429", "how": "bare"}"#),
        passing("429 with seconds", #"{"kind": "429", "headers": ["Retry-After: 1"]}"#),
        passing("429 with a date", #"{"kind": "429", "retryDate": 2}"#),
        passing("429 with milliseconds", #"{"kind": "429", "headers": ["retry-after-ms: 300"]}"#),
        passing("429 with a hint that is none", #"{"kind": "429", "headers": ["Retry-After: soon"]}"#),
        passing("429 with a negative hint", #"{"kind": "429", "headers": ["Retry-After: -5"]}"#),
        passing("429 for a minute's tokens", #"{"kind": "429", "how": "tokens"}"#),
        passing("429 of DashScope", #"{"kind": "429"}"#, at: .native),
        passing("429 of Segmind, with the time of its reset", #"{"kind": "429"}"#, at: .segmind),
        passing("429 of OpenRouter", #"{"kind": "429"}"#, at: .openrouter),
        lasting(
            "429 with an absurd hint", #"{"kind": "429", "headers": ["Retry-After: 86400"]}"#, .failure(.rateLimited, .endpointPaused),
            billed: 0),
        lasting(
            "429 without end", #"{"kind": "429", "headers": ["Retry-After: 0"]}"#, .failure(.rateLimited, .endpointPaused), billed: 0,
            isRetried: true, within: .seconds(20)),
        lasting(
            "429 that is about a bill",
            #"{"kind": "429", "body": "{\"error\":{\"message\":\"overdue\",\"type\":\"b\",\"code\":\"PostpaidBillOverdue\"}}"}"#,
            .failure(.quotaExceeded, .endpointPaused), billed: 0),
    ]

    private static let refusals: [ScriptedFault] = [
        lasting("400", #"{"kind": "status", "status": 400}"#, .failure(.requestRefused), billed: 0),
        lasting("401", #"{"kind": "status", "status": 401}"#, .failure(.unauthorized, .endpointPaused), billed: 0),
        lasting(
            "402 of OpenRouter", #"{"kind": "status", "status": 402}"#, at: .openrouter, .failure(.quotaExceeded, .endpointPaused),
            billed: 0),
        lasting(
            "403 of AI/ML API", #"{"kind": "status", "status": 403}"#, at: .aimlapi, .failure(.quotaExceeded, .endpointPaused), billed: 0),
        lasting("404", #"{"kind": "status", "status": 404}"#, .failure(.requestRefused), billed: 0),
        lasting("405 as a web page", #"{"kind": "html", "status": 405}"#, at: .segmind, .failure(.requestRefused), billed: 0),
        lasting(
            "406 for want of credits", #"{"kind": "status", "status": 406}"#, at: .segmind, .failure(.quotaExceeded, .endpointPaused),
            billed: 0),
        lasting(
            "406 for a content type", #"{"kind": "status", "status": 406, "body": "{\"error\":\"Invalid content type\"}"}"#, at: .segmind,
            .failure(.requestRefused), billed: 0),
        lasting("409", #"{"kind": "status", "status": 409}"#, .failure(.requestRefused), billed: 0),
        lasting("422", #"{"kind": "status", "status": 422}"#, .failure(.requestRefused), billed: 0),
        lasting(
            "400 of an account that is overdue",
            #"{"kind": "status", "status": 400, "body": "{\"code\":\"Arrearage\",\"message\":\"overdue\",\"request_id\":\"r\"}"}"#,
            at: .native,
            .failure(.quotaExceeded, .endpointPaused), billed: 0),
        lasting("400 of the content check", #"{"kind": "contentBlocked", "at": 0}"#, .failure(.contentBlocked), billed: 0),
        lasting("a redirect", #"{"kind": "redirect"}"#, .failure(.requestRefused), billed: 0),
        lasting("the key in an error", #"{"kind": "echoKey"}"#, .failure(.unauthorized, .endpointPaused), billed: 0),
        lasting("408", #"{"kind": "status", "status": 408}"#, .failure(.providerUnavailable, .modelTimedOut), billed: 0),
        passing("500 once", #"{"kind": "status", "status": 500}"#),
        lasting("502, as a web page", #"{"kind": "html", "status": 502}"#, .failure(.providerUnavailable, .modelTimedOut), billed: 0),
        passing("503 once", #"{"kind": "status", "status": 503}"#),
        lasting("504", #"{"kind": "status", "status": 504}"#, .failure(.providerUnavailable, .modelTimedOut), billed: 0),
        passing("500 of Segmind once", #"{"kind": "status", "status": 500}"#, at: .segmind),
        lasting(
            "500 without end", #"{"kind": "status", "status": 500}"#, .failure(.providerUnavailable, .endpointPaused), billed: 0,
            isRetried: true,
            within: .seconds(20)),
        lasting(
            "529 without end", #"{"kind": "status", "status": 529}"#, .failure(.providerUnavailable, .endpointPaused), billed: 0,
            isRetried: true,
            within: .seconds(20)),
    ]

    private static let errorsInStream: [ScriptedFault] = [
        lasting("an error amid the stream", #"{"kind": "inStreamError"}"#, .failure(.streamTruncated, .providerUnavailable), billed: 1),
        lasting(
            "an error amid DashScope's stream", #"{"kind": "inStreamError"}"#, at: .native,
            .failure(.streamTruncated, .providerUnavailable), billed: 1),
        lasting(
            "an error amid OpenRouter's stream", #"{"kind": "inStreamError"}"#, at: .openrouter,
            .failure(.streamTruncated, .providerUnavailable), billed: 1),
        lasting(
            "an error amid vLLM's stream", #"{"kind": "inStreamError"}"#, at: .vllm, .failure(.streamTruncated, .providerUnavailable),
            billed: 1),
        lasting("an error that Ollama keeps to itself", #"{"kind": "inStreamError"}"#, at: .ollama, .failure(.streamTruncated), billed: 1),
        lasting(
            "an error as the first frame", #"{"kind": "inStreamError", "at": 0}"#, at: .native,
            .failure(.streamTruncated, .providerUnavailable), billed: 1),
        lasting(
            "an error in a body of status 200", #"{"kind": "inStreamError"}"#, at: .nativeWhole,
            .failure(.streamTruncated, .providerUnavailable), billed: 1),
        lasting("the content check amid the stream", #"{"kind": "contentBlocked"}"#, at: .native, .failure(.contentBlocked), billed: 1),
        lasting(
            "the content filter as the end", #"{"kind": "contentBlocked", "how": "finish"}"#, at: .openai, .failure(.contentBlocked),
            billed: 1),
    ]

    private static let connections: [ScriptedFault] = [
        lasting(
            "closed before the body was read", #"{"kind": "drop", "when": "reading", "at": 0}"#,
            .failure(.outcomeUnknown, .connectionFailed), billed: 0,
            isRetried: true, within: .seconds(20)),
        lasting(
            "reset while the body was read", #"{"kind": "drop", "when": "reading", "at": 100, "how": "reset"}"#,
            .failure(.outcomeUnknown, .connectionFailed), billed: 0, within: .seconds(20)),
        lasting("closed after the request was read", #"{"kind": "drop", "when": "request"}"#, .failure(.outcomeUnknown), billed: 1),
        lasting(
            "reset after the request was read", #"{"kind": "drop", "when": "request", "how": "reset"}"#, .failure(.outcomeUnknown),
            billed: 1),
        lasting("closed amid the headers", #"{"kind": "drop", "when": "headers"}"#, .failure(.outcomeUnknown, .streamMalformed), billed: 1),
        lasting("closed after the headers", #"{"kind": "drop", "at": 0}"#, .failure(.streamTruncated, .outcomeUnknown), billed: 1),
        lasting("closed amid the thought", #"{"kind": "drop", "at": 2000}"#, .failure(.streamTruncated, .outcomeUnknown), billed: 1),
        lasting(
            "reset amid the thought", #"{"kind": "drop", "at": 2000, "how": "reset"}"#, .failure(.streamTruncated, .outcomeUnknown),
            billed: 1),
        lasting("closed amid the answer", #"{"kind": "drop", "at": 12000}"#, .failure(.streamTruncated, .outcomeUnknown), billed: 1),
        lasting(
            "closed amid a frame of DashScope", #"{"kind": "drop", "at": 1777}"#, at: .native, .failure(.streamTruncated, .outcomeUnknown),
            billed: 1),
        lasting(
            "closed amid a whole body", #"{"kind": "drop", "at": 100}"#, at: .segmind, .failure(.streamTruncated, .outcomeUnknown),
            billed: 1),
    ]

    private static let stalls: [ScriptedFault] = [
        lasting(
            "silence after the request", #"{"kind": "stall", "when": "request"}"#, .failure(.modelTimedOut, .outcomeUnknown), billed: 1),
        lasting("silence amid the headers", #"{"kind": "stall", "when": "headers"}"#, .failure(.modelTimedOut, .outcomeUnknown), billed: 1),
        lasting("silence after the headers", #"{"kind": "stall", "at": 0}"#, .failure(.modelTimedOut), billed: 1),
        lasting("silence amid the thought", #"{"kind": "stall", "at": 2000}"#, .failure(.modelTimedOut), billed: 1),
        lasting("nothing but comments", #"{"kind": "stall", "at": 0, "how": "comments"}"#, .failure(.modelTimedOut), billed: 1),
        lasting(
            "nothing but comments amid the answer", #"{"kind": "stall", "at": 12000, "how": "comments"}"#,
            .failure(.modelTimedOut, .streamMalformed),
            billed: 1),
    ]

    private static let framings: [ScriptedFault] = [
        lasting("characters split between packets", #"{"kind": "splitUTF8"}"#, .answer, billed: 1),
        lasting("a byte at a time", #"{"kind": "oneByteChunks"}"#, .answer, billed: 1, within: .seconds(15)),
        lasting("sixteen bytes at a time, slowly", #"{"kind": "slowDrip", "milliseconds": 1}"#, .answer, billed: 1, within: .seconds(15)),
        lasting("lines that end with CRLF", #"{"kind": "crlf"}"#, .answer, billed: 1),
        lasting("a comment before every frame", #"{"kind": "keepAlive"}"#, .answer, billed: 1),
        lasting(
            "a chunk whose size is none", #"{"kind": "badChunk", "at": 2000}"#,
            .failure(.streamTruncated, .streamMalformed, .outcomeUnknown), billed: 1),
        lasting("HTTP/1.0", #"{"kind": "http10"}"#, .answer, billed: 1),
        lasting("responses before the response", #"{"kind": "informational"}"#, .answer, billed: 1),
        lasting("sixty kilobytes of headers", #"{"kind": "hugeHeaders", "size": 500}"#, .answer, billed: 1),
        lasting(
            "a megabyte of headers", #"{"kind": "hugeHeaders", "size": 9000}"#,
            .failure(.streamMalformed, .outcomeUnknown, .connectionFailed), billed: 1),
        lasting("gzip that nobody asked for", #"{"kind": "gzip"}"#, .answerOr(.streamMalformed, .streamTruncated), billed: 1),
        lasting("a gzip bomb", #"{"kind": "gzipBomb"}"#, .failure(.streamMalformed, .streamTruncated), billed: 1),
        lasting("a stream that says it is JSON", #"{"kind": "wrongContentType"}"#, .answer, billed: 1),
        lasting(
            "a web page with status 200", #"{"kind": "html", "status": 200, "billed": true}"#, .failure(.streamMalformed, .streamTruncated),
            billed: 1),
        lasting("an empty stream", #"{"kind": "emptyBody"}"#, .failure(.streamTruncated, .streamMalformed), billed: 1),
        lasting("an empty body", #"{"kind": "emptyBody"}"#, at: .segmind, .failure(.streamTruncated, .streamMalformed), billed: 1),
        lasting("a line of ten megabytes", #"{"kind": "bigLine"}"#, .failure(.streamMalformed, .answerTruncated), billed: 1),
        lasting("a block without data", #"{"kind": "unknownEvent"}"#, .answer, billed: 1),
        lasting("an event that nobody knows", #"{"kind": "unknownEvent", "how": "data"}"#, .answer, billed: 1),
    ]

    private static let answers: [ScriptedFault] = [
        lasting("half a frame", #"{"kind": "halfJSON"}"#, .failure(.streamMalformed, .streamTruncated), billed: 1),
        lasting("half a body", #"{"kind": "halfJSON"}"#, at: .segmind, .failure(.streamMalformed, .streamTruncated), billed: 1),
        lasting("the end twice", #"{"kind": "duplicateFinish"}"#, .answer, billed: 1),
        lasting("no usage", #"{"kind": "noUsage"}"#, .answer, billed: 1),
        lasting("no usage from DashScope", #"{"kind": "noUsage"}"#, at: .native, .answer, billed: 1),
        lasting("no usage in a body", #"{"kind": "noUsage"}"#, at: .segmind, .answer, billed: 1),
        lasting("no [DONE]", #"{"kind": "noDone"}"#, .answer, billed: 1),
        lasting("no reason for the end", #"{"kind": "noFinish"}"#, .failure(.streamTruncated), billed: 1),
        lasting("no reason for DashScope's end", #"{"kind": "noFinish"}"#, at: .native, .failure(.streamTruncated), billed: 1),
        lasting(
            "a part of the answer, by the time limit", #"{"kind": "partialResponse"}"#, at: .nativeWhole, .failure(.streamTruncated),
            billed: 1),
        lasting("a tool instead of an answer", #"{"kind": "toolCalls"}"#, .failure(.toolRequested), billed: 1),
        lasting("a tool, in DashScope's words", #"{"kind": "toolCalls"}"#, at: .native, .failure(.toolRequested), billed: 1),
        lasting("cut at the output limit", #"{"kind": "lengthCut", "at": 60}"#, .failure(.answerTruncated), billed: 1),
        lasting("cut amid the thought", #"{"kind": "lengthCut", "at": 5}"#, .failure(.answerTruncated), billed: 1),
        lasting(
            "the same words without end", #"{"kind": "repetition", "at": 60}"#, .failure(.answerRepeats, .answerTruncated), billed: 1,
            within: .seconds(15)),
        lasting(
            "the same thought without end",
            #"{"kind": "answer", "reasoning": "\#(String(repeating: "Wait, let me look again. ", count: 400))"}"#,
            .failure(.answerRepeats), billed: 1, within: .seconds(15)),
        lasting("the key in the answer", #"{"kind": "echoKey", "how": "answer"}"#, .answer, billed: 1),
        // What is not valid is asked for once more.
        lasting("an answer that is no JSON", #"{"kind": "answer", "text": "The bars rise."}"#, .failure(.answerNotJSON), billed: 2),
        lasting("an answer of another form", #"{"kind": "answer", "text": "{\"keyFigures\": 3}"}"#, .failure(.answerInvalid), billed: 2),
    ]

    private static let jobs: [ScriptedFault] = [
        // Polls must not meet it.
        ScriptedFault(
            name: "a job that failed", target: .segmindAsync, rule: #"{"times": 1, "fault": {"kind": "jobFailed"}}"#,
            ending: .failure(.providerUnavailable, .requestRefused), isRetried: false, billed: 1, deadline: .seconds(8)),
        passing("a poll that failed once", #"{"kind": "status", "status": 502}"#, at: .segmindAsync, path: "/status"),
        passing(
            "a poll that was dropped once", #"{"kind": "drop", "when": "request", "billed": false}"#, at: .segmindAsync, path: "/status"),
        passing("a submission throttled once", #"{"kind": "429"}"#, at: .segmindAsync),
        lasting(
            "a submission dropped after it was read", #"{"kind": "drop", "when": "request"}"#, at: .segmindAsync, .failure(.outcomeUnknown),
            billed: 1),
    ]
}
