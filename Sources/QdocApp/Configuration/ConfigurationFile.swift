import QdocCore
import QdocYAML

extension Configuration {
    /// Reads a configuration file.
    ///
    /// - Parameter name: Path for messages.
    /// - Throws: `invalid_configuration` that lists every mistake with its line and column.
    init(_ bytes: [UInt8], name: String) throws(Failure) {
        self.init()
        // An empty file, or one of comments alone, says nothing.
        let hasContent = bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            line.first { $0 != 0x20 && $0 != 0x0D }.map { $0 != UInt8(ascii: "#") } ?? false
        }
        guard hasContent else { return }
        var form = ConfigurationForm(try YAML.parse(bytes, name: name), name: name)
        model = form.text("model")
        pipeline = form.text("pipeline")
        jobs = form.count("jobs", in: 1...64)
        window = form.count("window", in: 1...64)
        maxSide = form.count("max-side", in: 64...16_384)
        maxOutput = form.count("max-output", in: 256...1_000_000)
        isOffline = form.flag("offline")
        showsReasoning = form.text("reasoning", oneOf: ["show", "hide"]).map { $0 == "show" }
        providers = form.providers()
        try form.finish(known: ConfigurationTable.keys.map(\.name))
    }
}

/// Takes a configuration file apart and gathers every mistake.
private struct ConfigurationForm {
    private let root: YAMLNode
    private let name: String
    private var faults: [String] = []

    init(_ root: YAMLNode, name: String) {
        self.root = root
        self.name = name
        if case .mapping = root.content { return }
        fault(root.line, root.column, "a configuration is a mapping of keys to values")
    }

    mutating func text(_ key: String, oneOf choices: [String]? = nil) -> String? {
        root[key].flatMap { text($0, key, oneOf: choices) }
    }

    private mutating func text(_ node: YAMLNode, _ key: String, oneOf choices: [String]? = nil) -> String? {
        guard case .scalar(.string(let text)) = node.content, !text.isEmpty else {
            fault(node.line, node.column, "“\(key)” must be text")
            return nil
        }
        guard choices?.contains(text) ?? true else {
            fault(node.line, node.column, "“\(key)” must be one of \((choices ?? []).joined(separator: ", "))")
            return nil
        }
        return text
    }

    mutating func count(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = root[key] else { return nil }
        guard case .scalar(let value) = node.content, let count = value.int, range.contains(count) else {
            fault(node.line, node.column, "“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return count
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let node = root[key] else { return nil }
        guard case .scalar(let value) = node.content, let flag = value.bool else {
            fault(node.line, node.column, "“\(key)” must be true or false")
            return nil
        }
        return flag
    }

    mutating func providers() -> [String: Configuration.ProviderSettings] {
        guard let node = root["providers"] else { return [:] }
        guard case .mapping(let entries) = node.content else {
            fault(node.line, node.column, "“providers” must be a mapping")
            return [:]
        }
        let names = ModelCatalogue.providers.map(\.name)
        var providers: [String: Configuration.ProviderSettings] = [:]
        for entry in entries {
            guard names.contains(entry.key) else {
                refuse(entry.key, entry.line, entry.column, known: names)
                continue
            }
            guard case .mapping(let members) = entry.value.content else {
                fault(entry.value.line, entry.value.column, "“\(entry.key)” must be a mapping")
                continue
            }
            for member in members where !["base-url", "key-file"].contains(member.key) {
                refuse(member.key, member.line, member.column, known: ["base-url", "key-file"])
            }
            providers[entry.key] = Configuration.ProviderSettings(
                baseURL: entry.value["base-url"].flatMap { text($0, "base-url") },
                keyFile: entry.value["key-file"].flatMap { text($0, "key-file") })
        }
        return providers
    }

    /// Refuses unknown keys and throws what was gathered.
    mutating func finish(known: [String]) throws(Failure) {
        if case .mapping(let entries) = root.content {
            for entry in entries where !known.contains(entry.key) { refuse(entry.key, entry.line, entry.column, known: known) }
        }
        guard faults.isEmpty else {
            throw Failure(.invalidConfiguration, faults.joined(separator: "\n"), remedy: "“qdoc help --man” lists the keys under FILES")
        }
    }

    private mutating func refuse(_ key: String, _ line: Int, _ column: Int, known: [String]) {
        let meant = Spelling.nearest(to: key, among: known).map { "did you mean “\($0)”?" } ?? "known are \(known.joined(separator: ", "))"
        fault(line, column, "there is no key “\(key)”; \(meant)")
    }

    private mutating func fault(_ line: Int, _ column: Int, _ message: String) {
        faults.append("\(name):\(line):\(column): \(message)")
    }
}
