import QdocCore
import QdocEmulator
import QdocTransport

/// Asks an emulator as plainly as can be: no retries, nothing made nice.
struct Probe {
    struct Answer {
        var status: Int
        var head: HTTPHead
        var text: String

        /// The body, where it is JSON.
        var json: JSONValue? { try? JSONParser.parse(text) }
    }

    let emulator: Emulator
    let client: HTTPClient
    var timeouts = HTTPTimeouts()

    init(_ emulator: Emulator) throws {
        self.emulator = emulator
        client = try HTTPClient()
        // Above what the slowest test needs.
        timeouts.total = .seconds(20)
    }

    /// A header of a PNG file, which is all of an image that an emulator looks at.
    static func png(_ width: Int, _ height: Int) -> [UInt8] {
        let size = [width, height].flatMap { side in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: side >> $0) } }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52] + size
    }

    func request(_ path: String, _ body: String, image: (Int, Int)? = nil, headers: [HTTPHeader] = []) -> HTTPRequest {
        // Where the image goes.
        let parts = body.split(separator: "IMAGE", omittingEmptySubsequences: false).map { HTTPBody.Piece.bytes(Array($0.utf8)) }
        var pieces: [HTTPBody.Piece] = []
        for part in parts {
            if let image, !pieces.isEmpty { pieces += [.bytes(Array("data:image/png;base64,".utf8)), .base64(Self.png(image.0, image.1))] }
            pieces.append(part)
        }
        let key = headers.isEmpty ? [HTTPHeader("Authorization", "Bearer sk-test"), HTTPHeader("x-api-key", "sk-test")] : headers
        var request = HTTPRequest(
            url: emulator.address + path, headers: [HTTPHeader("Content-Type", "application/json")] + key, body: HTTPBody(pieces))
        request.timeouts = timeouts
        return request
    }

    func ask(_ path: String, _ body: String, image: (Int, Int)? = nil, headers: [HTTPHeader] = []) async throws -> Answer {
        let response = try await client.send(request(path, body, image: image, headers: headers))
        let text = String(decoding: try await response.body.collect(upTo: 64 << 20), as: UTF8.self)
        return Answer(status: response.status, head: response.head, text: text)
    }

    func get(_ path: String) async throws -> Answer {
        var request = HTTPRequest(url: emulator.address + path, headers: [HTTPHeader("x-api-key", "sk-test")])
        request.timeouts = timeouts
        let response = try await client.send(request)
        return Answer(
            status: response.status, head: response.head,
            text: String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self))
    }
}

/// A request that a model of a target takes.
extension ScriptedFault.Target {
    var path: String {
        switch wire {
        case .chat: basePath + "/chat/completions"
        case .dashscope: basePath + "/services/aigc/multimodal-generation/generation"
        case .segmind, .segmindAsync: "\(basePath)/\(model)"
        }
    }

    var body: String {
        let form =
            #"{\"type\":\"object\",\"required\":[\"keyFigures\"],\"properties\":"#
            + #"{\"title\":{\"type\":\"string\"},\"keyFigures\":{\"type\":\"array\"}}}"#
        let text = #"Image 3: page\nAnswer in JSON:\n"# + form
        switch wire {
        case .dashscope: return #"{"model": "\#(model)", "input": {"messages": [{"role": "user", "content": [{"text": "\#(text)"}]}]}}"#
        case .segmind, .segmindAsync: return #"{"messages": [{"role": "user", "content": "\#(text)"}]}"#
        case .chat:
            return #"{"model": "\#(model)", "stream": true, "stream_options": {"include_usage": true}, "#
                + #""messages": [{"role": "user", "content": "\#(text)"}]}"#
        }
    }

    var headers: [HTTPHeader] {
        [HTTPHeader("Authorization", "Bearer sk-test"), HTTPHeader("x-api-key", "sk-test")]
            + (self == .native ? [HTTPHeader("X-DashScope-SSE", "enable")] : [])
    }
}
