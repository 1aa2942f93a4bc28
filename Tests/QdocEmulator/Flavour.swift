internal import QdocCore

/// Whose protocol is spoken; the first part of a path chooses it.
public enum Flavour: String, Sendable, CaseIterable {
    case dashscope, segmind, aimlapi, openai, vllm, ollama, llamacpp, openrouter, litellm

    /// What goes behind the emulator's address to make a base URL of chat completions (of slugs, for Segmind).
    public var basePath: String {
        switch self {
        case .dashscope: "/dashscope/compatible-mode/v1"
        case .openrouter: "/openrouter/api/v1"
        default: "/\(rawValue)/v1"
        }
    }

    /// Servers on a user's own hardware ask for no key and no credits.
    var isHosted: Bool {
        switch self {
        case .vllm, .ollama, .llamacpp: false
        default: true
        }
    }
}

/// A provider and, where it has several, its region: what a key is bound to.
struct Scope: Hashable {
    var flavour: Flavour
    /// `beijing` or `us`; nil for Singapore and for everybody else.
    var region: String?

    /// As options spell it: `dashscope@beijing`.
    var name: String { flavour.rawValue + (region.map { "@\($0)" } ?? "") }
}

/// What a path asks for.
struct Route {
    enum Operation: Equatable {
        case chat
        /// DashScope's own protocol, on the path for text models or on that for all others.
        case native(isText: Bool)
        case run(slug: String)
        case submit(slug: String)
        case status(id: String)
        case result(id: String)
    }

    var scope: Scope
    var operation: Operation
    /// As the provider knows it, without the part that chooses it.
    var path: String

    var isAsked: Bool {
        switch operation {
        case .status, .result: false
        default: true
        }
    }

    /// Nil of paths that no provider has.
    init?(_ target: String) {
        let full = target.prefix { $0 != "?" }
        var parts = full.split(separator: "/").map(String.init)
        let first = parts.first?.split(separator: "-", maxSplits: 1).map(String.init) ?? []
        if let flavour = first.first.flatMap(Flavour.init(rawValue:)), first.count == 1 || flavour == .dashscope {
            scope = Scope(flavour: flavour, region: first.count == 2 ? first[1] : nil)
            parts.removeFirst()
        } else {
            scope = Scope(flavour: parts.first == "compatible-mode" || parts.first == "api" ? .dashscope : .openai)
        }
        path = "/" + parts.joined(separator: "/")
        guard let operation = Self.operation(parts, scope.flavour) else { return nil }
        self.operation = operation
    }

    private static func operation(_ parts: [String], _ flavour: Flavour) -> Operation? {
        switch flavour {
        case .segmind where parts.count == 2 && parts[0] == "v1": .run(slug: parts[1])
        case .segmind where parts.count == 2 && parts[0] == "v2": .submit(slug: parts[1])
        case .segmind where parts.count == 3 && parts[0] == "v2" && parts[1] == "requests": .result(id: parts[2])
        case .segmind where parts.count == 4 && parts[0] == "v2" && parts[1] == "requests" && parts[3] == "status": .status(id: parts[2])
        case .segmind: nil
        case .dashscope where parts == ["compatible-mode", "v1", "chat", "completions"]: .chat
        case .dashscope where parts == ["api", "v1", "services", "aigc", "multimodal-generation", "generation"]: .native(isText: false)
        case .dashscope where parts == ["api", "v1", "services", "aigc", "text-generation", "generation"]: .native(isText: true)
        case .dashscope: nil
        default: parts.suffix(2) == ["chat", "completions"] ? .chat : nil
        }
    }
}
