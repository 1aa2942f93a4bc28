/// What a provider lets a model be asked: the emulator's own table, so that the catalogue can be held against it.
///
/// - Source: Alibaba Model Studio's model and API pages (February 2026), Segmind's and AI/ML API's model pages.
struct HostedModel {
    enum Thinking: Equatable { case none, hybrid(isOn: Bool), always }

    var thinking = Thinking.none
    var streamsOnly = false
    /// Whether a stream is incremental where nobody says.
    var isIncremental = true
    var maxInput = 260_096
    var maxThinkingInput: Int?
    var maxOutput = 32_768
    var maxThought = 0
    var takesImages = true
    var takesJSONObject = false
    var takesJSONSchema = false
    var takesBudget = false
    var frames = 4...512
    var counting = TokenCounting.cells(side: 32, minPixels: 65_536, maxPixels: 2_621_440, highPixels: 16_777_216)
    /// Where it is to be had; nil for everywhere.
    var region: String?

    private static let oldCells = TokenCounting.cells(side: 28, minPixels: 3_136, maxPixels: 1_003_520, highPixels: 12_845_056)

    private static let qvq = HostedModel(
        thinking: .always, streamsOnly: true, maxInput: 106_496, maxOutput: 8_192, maxThought: 16_384, counting: oldCells)
    private static let qwen35 = HostedModel(
        thinking: .hybrid(isOn: true), maxInput: 991_808, maxThinkingInput: 983_616, maxOutput: 65_536, maxThought: 81_920,
        takesJSONObject: true, takesBudget: true, frames: 4...8_000)
    private static let qwen3VL = HostedModel(
        thinking: .hybrid(isOn: false), maxThinkingInput: 258_048, maxThought: 81_920, takesJSONObject: true, takesBudget: true,
        frames: 4...2_000)
    private static let qwen3VLThinking = HostedModel(thinking: .always, maxInput: 131_072, maxThought: 81_920, takesBudget: true)
    private static let kimi = HostedModel(
        thinking: .hybrid(isOn: false), maxThinkingInput: 258_048, maxThought: 32_768, takesBudget: true, frames: 4...2_000,
        counting: .padded, region: "beijing")
    private static let qwen25VL = HostedModel(isIncremental: false, maxInput: 129_024, maxOutput: 8_192, counting: oldCells)
    private static let qwenMax = HostedModel(
        isIncremental: false, maxInput: 30_720, maxOutput: 8_192, takesImages: false, takesJSONObject: true)

    /// Model Studio's models by name, the dated ones by what stands before the date.
    private static let studio: [String: HostedModel] = [
        "qvq-max": qvq, "qvq-plus": qvq,
        "qwen3.5-plus": qwen35, "qwen3.5-flash": qwen35, "qwen3.5-397b-a17b": qwen35, "qwen3.5-122b-a10b": qwen35, "qwen3.5-27b": qwen35,
        "qwen3.5-35b-a3b": qwen35,
        "qwen3-vl-plus": qwen3VL, "qwen3-vl-flash": qwen3VL,
        "qwen3-vl-235b-a22b-thinking": qwen3VLThinking, "qwen3-vl-32b-thinking": qwen3VLThinking,
        "qwen3-vl-30b-a3b-thinking": qwen3VLThinking, "qwen3-vl-8b-thinking": qwen3VLThinking,
        "kimi-k2.5": kimi, "qwen2.5-vl-32b-instruct": qwen25VL, "qwen-max": qwenMax,
    ]

    /// Nil where the endpoint does not have the model.
    static func named(_ name: String, at scope: Scope) -> HostedModel? {
        switch scope.flavour {
        case .dashscope:
            let known = studio[undated(name)]
            return known.flatMap { $0.region == nil || $0.region == scope.region ? $0 : nil }
        case .segmind:
            // The gateway sees to it that a model that only streams is streamed behind it.
            switch name {
            case "qvq-max":
                var model = qvq
                model.streamsOnly = false
                return model
            case "qwen3.5-flash": return qwen35
            case "qwen2p5-vl-32b-instruct": return qwen25VL
            default: return nil
            }
        case .aimlapi:
            guard ["qwen-max", "qwen-max-2025-01-25", "alibaba/qwen-max"].contains(name) else { return nil }
            var model = qwenMax
            model.takesJSONSchema = true
            return model
        case .openai:
            return name.hasPrefix("no-such") ? nil : generic(name, .tiles(base: 85, perTile: 170))
        case .vllm, .ollama, .llamacpp, .openrouter, .litellm:
            let side = name.lowercased().contains("2.5-vl") || name.lowercased().contains("qvq") ? 28 : 32
            let cells = TokenCounting.cells(
                side: side, minPixels: 4 * side * side, maxPixels: 16_384 * side * side, highPixels: 16_384 * side * side)
            return name.hasPrefix("no-such") ? nil : generic(name, cells)
        }
    }

    /// A model that a server of the user's own, or a router, was given: by its name alone.
    private static func generic(_ name: String, _ counting: TokenCounting) -> HostedModel {
        let name = name.lowercased()
        let thinks: Thinking =
            name.contains("thinking") || name.contains("qvq")
            ? .always : name.contains("qwen3") ? .hybrid(isOn: true) : .none
        return HostedModel(
            thinking: thinks, maxInput: 1_000_000, maxOutput: 131_072, maxThought: 131_072, takesJSONObject: true, takesJSONSchema: true,
            takesBudget: true, counting: counting)
    }

    /// The name without `-latest` or a date such as `-2025-12-19`.
    static func undated(_ name: String) -> String {
        if name.hasSuffix("-latest") { return String(name.dropLast(7)) }
        let tail = name.suffix(11)
        let isDate = tail.count == 11 && tail.enumerated().allSatisfy { [0, 5, 8].contains($0) ? $1 == "-" : $1.isNumber }
        return isDate ? String(name.dropLast(11)) : name
    }
}
