import QdocCore
import QdocReport
import QdocYAML

extension Configuration {
    /// Reads a configuration file.
    ///
    /// - Parameter name: Path for messages.
    /// - Throws: `invalid_configuration` that lists every mistake with its line and column.
    init(_ bytes: [UInt8], name: String) throws(Failure) {
        self.init()
        let root = try YAML.parse(bytes, name: name)
        // A file of comments alone says nothing.
        guard !root.isNull else { return }
        var form = ConfigurationForm(root, name: name)
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
    private var faults: [(line: Int, column: Int, message: String)] = []

    init(_ root: YAMLNode, name: String) {
        self.root = root
        // Line feeds part the mistakes; a name brings none of its own.
        self.name = DisplayText.safe(name)
        guard root.members == nil else { return }
        fault(root.line, root.column, "a configuration is a mapping of keys to values")
    }

    mutating func text(_ key: String, oneOf choices: [String]? = nil) -> String? {
        guard let node = root[key] else { return nil }
        return text(node, key, oneOf: choices)
    }

    private mutating func text(_ key: String, of node: YAMLNode) -> String? {
        guard let node = node[key] else { return nil }
        return text(node, key)
    }

    private mutating func text(_ node: YAMLNode, _ key: String, oneOf choices: [String]? = nil) -> String? {
        guard let text = node.string, !text.isEmpty else {
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
        guard let count = node.int, range.contains(count) else {
            fault(node.line, node.column, "“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return count
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let node = root[key] else { return nil }
        guard let flag = node.bool else {
            fault(node.line, node.column, "“\(key)” must be true or false")
            return nil
        }
        return flag
    }

    mutating func providers() -> [String: Configuration.ProviderSettings] {
        guard let node = root["providers"] else { return [:] }
        guard let entries = node.members else {
            fault(node.line, node.column, "“providers” must be a mapping")
            return [:]
        }
        let names = ModelCatalogue.providers.map(\.name)
        var providers: [String: Configuration.ProviderSettings] = [:]
        for entry in entries {
            guard names.contains(entry.name) else {
                refuse(entry.name, entry.line, entry.column, known: names)
                continue
            }
            guard let members = entry.value.members else {
                fault(entry.value.line, entry.value.column, "“\(entry.name)” must be a mapping")
                continue
            }
            for member in members where !["base-url", "key-file"].contains(member.name) {
                refuse(member.name, member.line, member.column, known: ["base-url", "key-file"])
            }
            providers[entry.name] = Configuration.ProviderSettings(
                baseURL: text("base-url", of: entry.value), keyFile: text("key-file", of: entry.value))
        }
        return providers
    }

    /// Refuses unknown keys and throws what was gathered.
    mutating func finish(known: [String]) throws(Failure) {
        for entry in root.members ?? [] where !known.contains(entry.name) { refuse(entry.name, entry.line, entry.column, known: known) }
        guard faults.isEmpty else {
            let list = faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
                .map { "\(name):\($0.line):\($0.column): \(DisplayText.safe($0.message))" }
            throw Failure(.invalidConfiguration, list.joined(separator: "\n"), remedy: "“qdoc help --man” lists the keys under FILES")
        }
    }

    private mutating func refuse(_ key: String, _ line: Int, _ column: Int, known: [String]) {
        let meant = Spelling.nearest(to: key, among: known).map { "did you mean “\($0)”?" } ?? "known are \(known.joined(separator: ", "))"
        fault(line, column, "there is no key “\(key)”; \(meant)")
    }

    private mutating func fault(_ line: Int, _ column: Int, _ message: String) {
        faults.append((line, column, message))
    }
}
