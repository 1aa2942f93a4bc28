import QdocCore

/// A provider whose models can be named.
struct Provider: Hashable, Sendable {
    /// Stands before the slash.
    var name: String
    var baseURL: String
    var baseVariable: String
    var keyVariable: String
    /// Models worth a line in the list; any other name works, too.
    var examples: [String]
    var help: String
}

/// Who can be named with `-m`.
enum ModelCatalogue {
    static let local = "local"

    /// - Source: Model Studio's "OpenAI compatible" page for the hosts; keys belong to one region.
    static let providers = [
        Provider(
            name: "openai", baseURL: "https://api.openai.com/v1", baseVariable: "OPENAI_BASE_URL", keyVariable: "OPENAI_API_KEY",
            examples: ["gpt-4o", "gpt-4.1"],
            help: "any endpoint that speaks OpenAI's chat completions: vLLM, llama.cpp, Ollama, a proxy"),
        Provider(
            name: "dashscope", baseURL: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", baseVariable: "DASHSCOPE_BASE_URL",
            keyVariable: "DASHSCOPE_API_KEY", examples: ["qvq-max", "qwen3-vl-plus", "qwen2.5-vl-72b-instruct"],
            help: "Alibaba Model Studio, international; set the base URL for a key of another region"),
    ]

    /// Splits `PROVIDER/MODEL`; nil of `local`.
    ///
    /// - Throws: `unknown_model`.
    static func parse(_ name: String) throws(Failure) -> (provider: Provider, model: String)? {
        guard name != local else { return nil }
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isPrintable = name.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
        guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.count <= 200, isPrintable else {
            throw Failure(
                .unknownModel, "“\(name)” names no model", remedy: "write local or PROVIDER/MODEL; “qdoc models” lists the providers")
        }
        guard let provider = providers.first(where: { $0.name == parts[0] }) else {
            let near = Spelling.nearest(to: parts[0], among: providers.map(\.name)).map { "did you mean \($0)/\(parts[1])? " } ?? ""
            throw Failure(
                .unknownModel, "there is no provider “\(parts[0])”",
                remedy: "\(near)choose one of \(providers.map(\.name).joined(separator: ", "))")
        }
        return (provider, parts[1])
    }

    /// How a model's provider resizes images.
    ///
    /// - Source: Model Studio's pages on visual reasoning and understanding (February 2026): cell side, least and most pixels by family.
    ///   Models that are not in the table get cells of 32 pixels and 2,048 a side, which the tile rule of OpenAI's models takes whole.
    static func imageRule(model: String, maxSide: Int?) -> ImageRule {
        let name = model.lowercased()
        return if ["qvq", "qwen2.5-vl", "qwen2p5-vl", "qwen2-vl"].contains(where: name.contains) {
            ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520, maxSide: maxSide)
        } else if ["qwen-vl-max", "qwen-vl-plus"].contains(where: name.contains) {
            ImageRule(patch: 32, minPixels: 4_096, maxPixels: 1_310_720, maxSide: maxSide)
        } else if name.contains("qwen3") {
            ImageRule(patch: 32, minPixels: 65_536, maxPixels: 2_621_440, maxSide: maxSide)
        } else {
            ImageRule(patch: 32, minPixels: 4_096, maxPixels: 2_621_440, maxSide: maxSide ?? 2_048)
        }
    }
}
