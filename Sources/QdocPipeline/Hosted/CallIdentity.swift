import QdocCore
import QdocCrypto

/// The name under which an answer is kept and found again: a digest of everything that decides what the model is asked.
///
/// Not part of it: names of files, and the bytes of images. A library that encodes a page in other bytes must not make anybody pay again.
enum CallIdentity {
    /// Raised when pages are drawn differently on purpose, so that old answers are not taken for new pages.
    private static let renderRecipe = 1

    /// - Parameters:
    ///   - digests: SHA-256 of each source by its ordinal.
    ///   - occurrence: Tells questions apart that are asked anew on purpose; empty for the first.
    static func digest(
        _ request: ModelRequest, to endpoint: ModelEndpoint, digests: [Int: String], occurrence: String
    ) -> String {
        var object: JSONObject = [
            "recipe": .int(renderRecipe), "provider": .string(endpoint.provider), "address": .string(endpoint.baseURL),
            "model": .string(endpoint.model), "wire": .string(endpoint.wire.rawValue), "occurrence": .string(occurrence),
            "maxOutputTokens": .int(request.maxOutputTokens),
        ]
        object["system"] = request.system.map(JSONValue.string)
        object["thinks"] = request.thinks.map(JSONValue.bool)
        object["thinkingBudget"] = request.thinkingBudget.map(JSONValue.int)
        object["temperature"] = request.temperature.map(JSONValue.number)
        object["seed"] = request.seed.map(JSONValue.int)
        object["format"] = request.responseFormat.map(format)
        object["parts"] = .array(request.parts.map { part(of: $0, digests) })
        return SHA256.hexDigest(of: Array(JSONWriter.text(.object(object)).utf8))
    }

    private static func format(_ format: ModelRequest.ResponseFormat) -> JSONValue {
        switch format {
        case .jsonObject: "json_object"
        case .jsonSchema(let name, let schema): [.string(name), schema]
        }
    }

    private static func part(of part: ModelRequest.Part, _ digests: [Int: String]) -> JSONValue {
        switch part {
        case .text(let text): .string(text)
        case .image(let image): Self.image(image.record, digests)
        case .video(let frames, let rate): .array([.number(rate)] + frames.map { Self.image($0.record, digests) })
        }
    }

    private static func image(_ record: ImageRecord, _ digests: [Int: String]) -> JSONValue {
        var object: JSONObject = [
            "source": .string(digests[record.page.source] ?? ""), "page": .int(record.page.pageNumber),
            "width": .int(record.size.width), "height": .int(record.size.height),
        ]
        object["region"] = record.region.map { [.double($0.x), .double($0.y), .double($0.width), .double($0.height)] }
        return .object(object)
    }
}
