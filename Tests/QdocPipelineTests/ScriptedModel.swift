import QdocCore
import QdocTesting

/// A model that answers what a test tells it to, over real HTTP on loopback.
enum ScriptedModel {
    /// Streams one answer with some reasoning before it and usage after it.
    static func stream(_ exchange: LoopbackServer.Exchange, reasoning: [String] = ["Looking. "], answer: String, finish: String = "stop") {
        exchange.beginStream()
        for text in reasoning { exchange.chunk(event(["reasoning_content": .string(text)])) }
        // In pieces, as servers send them, cut anywhere but inside a character.
        var rest = Substring(answer)
        while !rest.isEmpty {
            exchange.chunk(event(["content": .string(String(rest.prefix(4_000)))]))
            rest = rest.dropFirst(4_000)
        }
        exchange.chunk(event([:], finish: finish))
        exchange.chunk("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}\n\n")
        exchange.chunk("data: [DONE]\n\n")
        exchange.chunk("")
    }

    static func event(_ delta: JSONValue, finish: String? = nil) -> String {
        let chunk: JSONValue = [
            "id": "c1", "model": "scripted-1",
            "choices": [["index": 0, "delta": delta, "finish_reason": finish.map(JSONValue.string) ?? nil]],
        ]
        return "data: \(JSONWriter.text(chunk))\n\n"
    }

    /// The numbers of the images that a request shows, from the text part before each.
    static func imageNumbers(_ request: LoopbackServer.Request) throws -> [Int] {
        let parts = try JSONParser.parse(request.body)["messages"]?[0]?["content"]?.array ?? []
        return parts.compactMap { part in
            guard let text = part["text"]?.string, text.hasPrefix("Image ") else { return nil }
            return Int(text.dropFirst("Image ".count).prefix { $0.isNumber })
        }
    }

    /// The answer that a faultless model would give about the annual report: its truth in the answer form.
    static func answer(from truth: JSONValue, images: ClosedRange<Int>) -> JSONValue {
        func records(_ name: String) -> JSONValue {
            .array(
                (truth[name]?.array ?? []).compactMap { record in
                    guard var object = record.object, let page = record["page"]?.int, images.contains(page) else { return nil }
                    object["page"] = nil
                    object[AnswerForm.imageMember] = .int(page)
                    return .object(object)
                })
        }
        return [
            "_image": 1, "_quote": "", "title": truth["title"] ?? nil, "organisation": truth["organisation"] ?? nil,
            "period": truth["period"] ?? nil, "summary": nil, "keyFigures": records("keyFigures"), "tables": records("tables"),
            "charts": [],
            "findings": [],
        ]
    }
}
