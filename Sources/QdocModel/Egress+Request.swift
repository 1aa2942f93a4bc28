internal import QdocCore
internal import QdocCrypto
internal import QdocTransport

extension Egress {
    /// What a question takes out of the machine.
    init(_ request: ModelRequest, body: HTTPBody, to endpoint: ModelEndpoint, call: Int) {
        var images: [Int] = []
        var textBytes = request.system?.utf8.count ?? 0
        for part in request.parts {
            switch part {
            case .text(let text): textBytes += text.utf8.count
            case .image(let image): images.append(image.record.number)
            case .video(let frames, _): images += frames.map(\.record.number)
            }
        }
        var digest = SHA256()
        body.forEachBlock { digest.update($0) }
        let host = Self.host(of: endpoint.baseURL)
        self.init(
            host: host, region: Self.region(of: host), call: call, images: images, textBytes: textBytes, sha256: digest.hexDigest())
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
