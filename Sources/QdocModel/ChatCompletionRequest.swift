internal import QdocCore
internal import QdocCrypto
internal import QdocTransport

/// Writes a question as the body of an OpenAI-compatible chat completion, streamed.
enum ChatCompletionRequest {
    /// Characters of one data URI that Model Studio accepts.
    ///
    /// - Source: Model Studio, visual understanding, limits of local files (February 2026).
    static let dataURILimit = 10_485_760

    /// The body, its images as the arrays they are.
    ///
    /// - Throws: `request_refused` where an image is larger than the provider takes.
    static func body(_ request: ModelRequest, to endpoint: ModelEndpoint) throws(Failure) -> HTTPBody {
        var pieces: [HTTPBody.Piece] = []
        var text = "{\"model\":\(quoted(endpoint.model)),\"messages\":[{\"role\":\"user\",\"content\":["
        for (index, part) in request.parts.enumerated() {
            if index > 0 { text += "," }
            switch part {
            case .text(let words):
                text += "{\"type\":\"text\",\"text\":\(quoted(words))}"
            case .video:
                throw Failure(.requestUnsupported, "\(endpoint.name) takes no video this way")
            case .image(let image):
                let prefix = "data:\(image.record.encoding.rawValue);base64,"
                guard endpoint.provider != "dashscope" || prefix.utf8.count + (image.bytes.count + 2) / 3 * 4 <= dataURILimit else {
                    throw Failure(
                        .requestRefused, "image \(image.record.number) is larger than the provider accepts (\(image.bytes.count) bytes)",
                        remedy: "lower the longest side of images")
                }
                text += "{\"type\":\"image_url\",\"image_url\":{\"url\":\"\(prefix)"
                pieces.append(.bytes(Array(text.utf8)))
                pieces.append(.base64(image.bytes))
                text = "\"}}"
            }
        }
        // OpenAI's reasoning models know only the newer name; everybody else knows at least the older one.
        let limit = endpoint.provider == "openai" ? "max_completion_tokens" : "max_tokens"
        text += "]}],\"stream\":true,\"stream_options\":{\"include_usage\":true},\"\(limit)\":\(request.maxOutputTokens)}"
        pieces.append(.bytes(Array(text.utf8)))
        return HTTPBody(pieces)
    }

    /// What the body takes out of the machine.
    static func egress(_ request: ModelRequest, body: HTTPBody, to endpoint: ModelEndpoint, call: Int) -> Egress {
        var images: [Int] = []
        var textBytes = 0
        for part in request.parts {
            switch part {
            case .text(let text): textBytes += text.utf8.count
            case .image(let image): images.append(image.record.number)
            case .video(let frames, _): images += frames.map(\.record.number)
            }
        }
        var digest = SHA256()
        body.forEachBlock { digest.update($0) }
        let host = host(of: endpoint.baseURL)
        return Egress(
            host: host, region: region(of: host), call: call, images: images, textBytes: textBytes, sha256: digest.hexDigest())
    }

    private static func quoted(_ text: String) -> String {
        JSONWriter.text(.string(text))
    }

    static func host(of address: String) -> String {
        let rest = address.split(separator: "://", maxSplits: 1).last ?? ""
        return String(rest.prefix { $0 != "/" })
    }

    /// - Source: Model Studio, regions and endpoints (February 2026).
    static func region(of host: String) -> String? {
        let regions = [
            "dashscope.aliyuncs.com": "cn-beijing", "dashscope-intl.aliyuncs.com": "ap-southeast-1",
            "dashscope-us.aliyuncs.com": "us-east-1",
            "cn-hongkong.dashscope.aliyuncs.com": "cn-hongkong",
        ]
        if let region = regions[host] { return region }
        let labels = host.split(separator: ".")
        return host.hasSuffix(".maas.aliyuncs.com") && labels.count == 5 ? String(labels[1]) : nil
    }
}
