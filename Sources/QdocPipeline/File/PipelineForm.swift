import QdocCore
import QdocYAML

/// Takes a pipeline file apart and gathers every mistake, so that a user mends them all at once.
struct PipelineForm {
    private let root: YAMLNode
    private let origin: String
    private var known: Set<String> = []
    private(set) var faults: [(line: Int, column: Int, message: String)] = []

    init(_ root: YAMLNode, origin: String) {
        self.root = root
        self.origin = origin
        if root.members == nil { fault(at: root, "a pipeline is a mapping of keys to values") }
    }

    /// All mistakes in one failure.
    var failure: Failure {
        let lines = faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) }.map { "\(origin):\($0.line):\($0.column): \($0.message)" }
        return Failure(
            .invalidPipeline, lines.joined(separator: "\n"), remedy: "`qdoc pipelines new NAME` writes a whole example with every key")
    }

    mutating func expectVersion(_ version: String) {
        guard let node = node("pipeline") else {
            fault(at: root, "“pipeline: \(version)” is missing: it tells which version of the format this is")
            return
        }
        if node.string != version { fault(at: node, "this program reads \(version) alone") }
    }

    mutating func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.string else {
            fault(at: node, "“\(key)” must be text")
            return nil
        }
        return text
    }

    mutating func requiredText(_ key: String) -> String {
        guard node(key) != nil else {
            fault(at: root, "“\(key)” is missing")
            return ""
        }
        return text(key) ?? ""
    }

    mutating func has(_ key: String) -> Bool { node(key) != nil }

    mutating func place(_ key: String) -> (line: Int, column: Int)? { node(key).map { ($0.line, $0.column) } }

    mutating func missing(_ what: String) {
        fault(at: root, "\(what) is missing")
    }

    /// One of a few words; nil where the key is not there, or wrong.
    mutating func choice(_ key: String, among words: [String]) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = Self.word(node), words.contains(text) else {
            fault(at: node, "“\(key)” must be \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")")
            return nil
        }
        return text
    }

    /// The word that a node is. YAML 1.1 took `on` and `off` for truth values, and editors still write them so.
    private static func word(_ node: YAMLNode) -> String? {
        switch node.content {
        case .string(let text): text
        case .bool(let isOn): isOn ? "on" : "off"
        default: nil
        }
    }

    /// `8`, `page`, `all`, or `{pages: 8, overlap: 1}`.
    mutating func window(_ key: String) -> Pipeline.Window? {
        guard let node = node(key) else { return nil }
        if let pages = pages(node) { return Pipeline.Window(pages: pages) }
        switch node.string {
        case "page": return Pipeline.Window(pages: 1)
        case "all": return Pipeline.Window(pages: nil)
        default: break
        }
        guard node.members != nil else {
            fault(at: node, "“\(key)” must be a whole number from 1 to \(Pipeline.Window.mostPages), page, all, or {pages: 8, overlap: 1}")
            return nil
        }
        refuseUnknown(in: node, known: ["pages", "overlap"], of: key)
        guard let pages = node["pages"].flatMap({ pages($0) }) else {
            fault(at: node["pages"] ?? node, "“pages” must be a whole number from 1 to \(Pipeline.Window.mostPages)")
            return nil
        }
        guard let overlap = node["overlap"] else { return Pipeline.Window(pages: pages) }
        guard let count = overlap.int, (0..<pages).contains(count) else {
            fault(at: overlap, "“overlap” must be a whole number below “pages”, or no request would get any further")
            return nil
        }
        return Pipeline.Window(pages: pages, overlap: count)
    }

    private func pages(_ node: YAMLNode) -> Int? { node.int.flatMap { (1...Pipeline.Window.mostPages).contains($0) ? $0 : nil } }

    mutating func language(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.string, Self.isLanguage(text) else {
            fault(at: node, "“\(key)” must be a language tag: de, pt-BR, zh-Hant")
            return nil
        }
        return text
    }

    /// Whether a text has the shape of a language tag.
    ///
    /// - Source: RFC 5646 §2.1: a subtag of two to eight letters, then subtags of one to eight letters and digits.
    static func isLanguage(_ text: String) -> Bool {
        let tags = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = tags.first, (2...8).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter }) else { return false }
        return text.count <= 35
            && tags.dropFirst().allSatisfy { (1...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }
    }

    mutating func limits(_ key: String) -> Pipeline.Limits {
        guard let node = node(key) else { return Pipeline.Limits() }
        guard node.members != nil else {
            fault(at: node, "“\(key)” must be a mapping, as in {max-output: 4096}")
            return Pipeline.Limits()
        }
        refuseUnknown(in: node, known: ["max-output", "thinking-budget"], of: key)
        return Pipeline.Limits(
            maxOutput: count("max-output", of: node, in: 256...1_000_000),
            thinkingBudget: count("thinking-budget", of: node, in: 1...1_000_000))
    }

    private mutating func count(_ key: String, of node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
        guard let node = node[key] else { return nil }
        guard let count = node.int, range.contains(count) else {
            fault(at: node, "“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return count
    }

    /// The schema as it is written, or the one that the short form stands for.
    mutating func schema() -> JSONValue {
        switch (node("schema"), node("fields")) {
        case (nil, nil):
            missing("“fields”, or “schema” for a whole JSON Schema,")
            return [:]
        case (_?, let fields?):
            fault(at: fields, "“fields” is the short form of “schema”: give one of them")
            return [:]
        case (let schema?, nil):
            guard schema.members != nil else {
                fault(at: schema, "“schema” must be a mapping")
                return [:]
            }
            return schema.json
        case (nil, let fields?):
            var form = FieldsForm()
            let schema = form.schema(fields)
            for fault in form.faults { self.fault(at: fault.node, fault.message) }
            for fault in form.nameFaults { self.fault(line: fault.member.line, column: fault.member.column, fault.message) }
            return schema
        }
    }

    private mutating func refuseUnknown(in node: YAMLNode, known: [String], of key: String) {
        for member in node.members ?? [] where !known.contains(member.name) {
            fault(
                line: member.line, column: member.column,
                "there is no key “\(member.name)” in “\(key)”; known are \(known.joined(separator: ", "))")
        }
    }

    mutating func refuseUnknownKeys() {
        for member in root.members ?? [] where !known.contains(member.name) {
            fault(
                line: member.line, column: member.column,
                "there is no key “\(member.name)”; known are \(known.sorted().joined(separator: ", "))")
        }
    }

    mutating func fault(_ key: String, _ message: String) {
        fault(at: node(key) ?? root, message)
    }

    private mutating func node(_ key: String) -> YAMLNode? {
        known.insert(key)
        return root[key]
    }

    private mutating func fault(at node: YAMLNode, _ message: String) {
        fault(line: node.line, column: node.column, message)
    }

    private mutating func fault(line: Int, column: Int, _ message: String) {
        faults.append((line, column, message))
    }
}
