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
        case .callStarted(let call, let images):
            return ("callStarted", ["call": .int(call), "images": RecordJSON.integers(images)])
        case .reasoning(let call, let text): return ("reasoning", ["call": .int(call), "text": .string(text)])
        case .answer(let call, let text): return ("answer", ["call": .int(call), "text": .string(text)])
        case .callFinished(let call, let state, let usage):
            return ("callFinished", ["call": .int(call), "state": .string(state.rawValue), "usage": RecordJSON.usage(usage)])
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
