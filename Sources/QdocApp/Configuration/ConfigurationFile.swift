import QdocCore
import QdocJournal
import QdocModel
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
        var faults = YAMLFaults()
        if root.members == nil { faults.add("a configuration is a mapping of keys to values", at: root) }
        model = faults.text("model", of: root)
        pipeline = faults.text("pipeline", of: root)
        jobs = faults.count("jobs", of: root, in: 1...64)
        window = faults.count("window", of: root, in: 1...64)
        maxSide = faults.count("max-side", of: root, in: 64...16_384)
        maxOutput = faults.count("max-output", of: root, in: 256...1_000_000)
        isOffline = faults.flag("offline", of: root)
        showsReasoning = faults.text("reasoning", of: root, oneOf: ["show", "hide"]).map { $0 == "show" }
        thinking = faults.choice("thinking", of: root)
        thinkingBudget = faults.count("thinking-budget", of: root, in: 1...1_000_000)
        temperature = faults.decimal("temperature", of: root, upTo: 2)
        seed = faults.count("seed", of: root, in: 0...Self.largestSeed)
        onUnknown = faults.choice("on-unknown", of: root)
        store = faults.text("store", of: root)
        creditsWarn = faults.decimal("credits-warn", of: root, upTo: 1e9)
        creditsStop = faults.decimal("credits-stop", of: root, upTo: 1e9)
        caps = SpendingCaps(root, faults: &faults)
        // Most configurations name neither, and need no look at what is known.
        if root["providers"] != nil || root["models"] != nil { overrides = try Catalogue.shipped().overrides(of: root, faults: &faults) }
        faults.refuseUnknown(in: root, known: ConfigurationTable.keys.map(\.name))
        guard faults.isEmpty else {
            // Line feeds part the mistakes; neither the file's name nor a message brings any of its own.
            let list = faults.inOrder.map { "\(DisplayText.safe(name)):\($0.line):\($0.column): \(DisplayText.safe($0.message))" }
            throw Failure(
                .invalidConfiguration, list.joined(separator: "\n"), remedy: "“qdoc help --man” lists the keys under FILES")
        }
    }

    /// - Source: Model Studio, parameters of the chat interface (February 2026).
    private static let largestSeed = 2_147_483_647
}

extension SpendingCaps {
    /// What a configuration says; a currency that it does not name keeps its own cap of a run.
    fileprivate init(_ root: YAMLNode, faults: inout YAMLFaults) {
        self.init()
        guard let node = root["caps"] else { return }
        guard node.members != nil else {
            faults.add("“caps” must be a mapping such as {run: {USD: 1}}", at: node)
            return
        }
        faults.refuseUnknown(in: node, known: ["request", "run", "day", "key"])
        perRequest = Self.amounts("request", of: node, faults: &faults)
        perRun.merge(Self.amounts("run", of: node, faults: &faults)) { $1 }
        perDay = Self.amounts("day", of: node, faults: &faults)
        perKey = Self.amounts("key", of: node, faults: &faults)
    }

    private static func amounts(_ name: String, of node: YAMLNode, faults: inout YAMLFaults) -> [Currency: Money] {
        var amounts: [Currency: Money] = [:]
        for entry in faults.entries(name, of: node) {
            guard let currency = Currency(entry.name) else {
                faults.add("“\(entry.name)” is no currency: write three capital letters, as in USD", line: entry.line, column: entry.column)
                continue
            }
            guard let amount = entry.value.number.flatMap({ Money($0.lexical, currency) }) else {
                faults.add("a cap must be a decimal of at most nine places", at: entry.value)
                continue
            }
            amounts[currency] = amount
        }
        return amounts
    }
}
