public import QdocCore

/// Writes the events of a run as JSON Lines (`qdoc.events/1`).
public enum EventJSON {
    /// The name and version of the format.
    public static let schema = "qdoc.events/1"

    /// One event as a line of JSON, with the newline.
    public static func line(_ event: RunEvent) -> [UInt8] {
        let (kind, payload) = content(event.payload)
        let object: JSONValue = [
            "schema": .string(schema), "run": .string(event.run), "seq": .int(event.sequence), "time": RecordJSON.time(event.time),
            "kind": .string(kind), "payload": .object(payload),
        ]
        return Array((JSONWriter.text(object) + "\n").utf8)
    }

    /// The name of what happened, as the line says it.
    public static func kind(_ event: RunEvent) -> String { content(event.payload).kind }

    private static func content(_ payload: RunEvent.Payload) -> (kind: String, payload: JSONObject) {
        switch payload {
        case .runStarted(let pipeline, let model, let sources):
            return (
                "runStarted",
                ["pipeline": .string(pipeline), "model": .string(model), "sources": .array(sources.map(JSONValue.string))]
            )
        case .sourceOpened(let source, let pages):
            return ("sourceOpened", ["source": RecordJSON.source(source), "pages": .int(pages)])
        case .pageFinished(let page, let outcome):
            var object: JSONObject = ["source": .int(page.source), "page": .int(page.pageNumber)]
            RecordJSON.outcome(outcome, into: &object)
            return ("pageFinished", object)
        case .imageMade(let number, let page, let size, let byteCount):
            return (
                "imageMade",
                [
                    "number": .int(number), "source": .int(page.source), "page": .int(page.pageNumber), "width": .int(size.width),
                    "height": .int(size.height), "bytes": .int(byteCount),
                ]
            )
        case .planned(let windows, let images, let inputTokens, let worst, let likely):
            var object: JSONObject = ["windows": .int(windows), "images": .int(images), "inputTokens": .int(inputTokens)]
            object["worst"] = worst.map(RecordJSON.money)
            object["likely"] = likely.map(RecordJSON.money)
            return ("planned", object)
        case .callRetried(let call, let attempt, let code, let wait):
            return (
                "callRetried",
                ["call": .int(call), "attempt": .int(attempt), "code": .string(code.rawValue), "wait": RecordJSON.seconds(wait)]
            )
        case .endpointPaused(let endpoint, let failure):
            return ("endpointPaused", ["endpoint": .string(endpoint), "failure": RecordJSON.failure(failure)])
        case .endpointResumed(let endpoint): return ("endpointResumed", ["endpoint": .string(endpoint)])
        case .callStarted(let call, let images):
            return ("callStarted", ["call": .int(call), "images": RecordJSON.integers(images)])
        case .reasoning(let call, let text): return ("reasoning", ["call": .int(call), "text": .string(text)])
        case .answer(let call, let text): return ("answer", ["call": .int(call), "text": .string(text)])
        case .callFinished(let call, let state, let usage, let cost, let isReused):
            var object: JSONObject = ["call": .int(call), "state": .string(state.rawValue), "usage": RecordJSON.usage(usage)]
            object["cost"] = cost.map(RecordJSON.money)
            if isReused { object["reused"] = true }
            return ("callFinished", object)
        case .field(let pointer, let value, let verdict):
            return (
                "field", ["pointer": .string(pointer.description), "value": value, "verdict": .string(verdict.rawValue)]
            )
        case .warning(let warning):
            return ("warning", RecordJSON.warning(warning).object ?? JSONObject())
        case .runFinished(let state, let failure):
            var object: JSONObject = ["state": .string(state.rawValue)]
            object["failure"] = failure.map(RecordJSON.failure)
            return ("runFinished", object)
        }
    }
}
