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
        return Failure(.invalidPipeline, lines.joined(separator: "\n"), remedy: "see `qdoc pipelines show report` for a whole example")
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

    mutating func count(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard let count = node.int, range.contains(count) else {
            fault(at: node, "“\(key)” must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return count
    }

    mutating func requiredObject(_ key: String) -> JSONValue {
        guard let node = node(key) else {
            fault(at: root, "“\(key)” is missing")
            return [:]
        }
        guard node.members != nil else {
            fault(at: node, "“\(key)” must be a mapping")
            return [:]
        }
        return node.json
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
