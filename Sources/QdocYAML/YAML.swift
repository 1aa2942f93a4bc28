public import QdocCore

/// Reads YAML: one document of the core schema, with bounds on size, depth and aliases.
public enum YAML {
    /// Bounds on what is read.
    public struct Limits: Sendable {
        /// Bytes of text: a hundred times the largest pipeline.
        public var size = 4 << 20
        /// Levels of nesting.
        public var depth = 64
        /// Nodes after aliases are followed: an alias costs what it stands for ("billion laughs").
        public var nodes = 100_000

        public init() {}
    }

    /// Reads one document.
    ///
    /// - Parameter name: The file, for messages.
    /// - Throws: `invalid_configuration`, its message beginning `NAME:LINE:COLUMN:`.
    public static func parse(_ bytes: [UInt8], name: String, limits: Limits = Limits()) throws(Failure) -> YAMLNode {
        guard bytes.count <= limits.size else {
            throw Failure(.invalidConfiguration, "\(name) is longer than \(limits.size) bytes", remedy: "give a YAML file of ordinary size")
        }
        if let fault = invalidUTF8(bytes) {
            throw Failure(.invalidConfiguration, "\(name):\(fault):1: the text is not UTF-8", remedy: "save the file as UTF-8")
        }
        do {
            var builder = YAMLBuilder(events: try YAMLEvents(bytes), limits: limits)
            return try builder.document()
        } catch {
            throw Failure(
                .invalidConfiguration, "\(name):\(error.line):\(error.column): \(error.reason)", remedy: "correct the YAML there")
        }
    }

    /// Reads one document.
    ///
    /// - Throws: As for bytes.
    public static func parse(_ text: String, name: String, limits: Limits = Limits()) throws(Failure) -> YAMLNode {
        try parse(Array(text.utf8), name: name, limits: limits)
    }

    /// The first line that is not UTF-8, or nil.
    private static func invalidUTF8(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}

/// Builds nodes from events.
private struct YAMLBuilder {
    let events: YAMLEvents
    let limits: YAML.Limits
    /// What each anchor names, and how many nodes and levels that is.
    private var anchors: [String: (node: YAMLNode, count: Int, height: Int)] = [:]
    private var count = 0
    /// The deepest level since an anchor began, aliases followed.
    private var deepest = 0

    init(events: YAMLEvents, limits: YAML.Limits) {
        self.events = events
        self.limits = limits
    }

    mutating func document() throws(YAMLSyntaxError) -> YAMLNode {
        _ = try events.next()
        let start = try events.next()
        guard case .documentStart = start.kind else { return YAMLNode(content: .null, line: 1, column: 1) }
        let root = try node(try events.next(), depth: 0)
        _ = try events.next()
        let end = try events.next()
        guard case .streamEnd = end.kind else { throw fault(end, "a second document begins") }
        return root
    }

    private func fault(_ event: YAMLEvent, _ reason: String) -> YAMLSyntaxError {
        YAMLSyntaxError(line: event.line, column: event.column, reason: reason)
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLSyntaxError) -> YAMLNode {
        guard depth < limits.depth else { throw fault(event, "nested deeper than \(limits.depth) levels") }
        if case .alias(let anchor) = event.kind {
            guard let target = anchors[anchor] else { throw fault(event, "the anchor “\(anchor)” names nothing that is complete here") }
            guard depth + target.height <= limits.depth else {
                throw fault(event, "nested deeper than \(limits.depth) levels, aliases followed")
            }
            deepest = max(deepest, depth + target.height - 1)
            try add(target.count, event)
            return YAMLNode(content: target.node.content, line: event.line, column: event.column)
        }
        let (countBefore, deepestBefore) = (count, deepest)
        deepest = depth
        defer { deepest = max(deepest, deepestBefore) }
        try add(1, event)
        let made = YAMLNode(content: try content(event, depth: depth), line: event.line, column: event.column)
        if let anchor = event.anchor { anchors[anchor] = (made, count - countBefore, deepest - depth + 1) }
        return made
    }

    private mutating func add(_ nodes: Int, _ event: YAMLEvent) throws(YAMLSyntaxError) {
        count += nodes
        guard count <= limits.nodes else { throw fault(event, "more than \(limits.nodes) nodes, aliases followed") }
    }

    private mutating func content(_ event: YAMLEvent, depth: Int) throws(YAMLSyntaxError) -> YAMLNode.Content {
        switch event.kind {
        case .scalar(let text, let tag, let isPlain): return try scalar(text, tag: tag, isPlain: isPlain, event)
        case .sequenceStart(let tag):
            guard tag == nil || tag == Self.core + "seq" || tag == "!" else { throw fault(event, "the tag \(tag ?? "") is unknown here") }
            return .sequence(try elements(depth: depth))
        case .mappingStart(let tag):
            guard tag == nil || tag == Self.core + "map" || tag == "!" else { throw fault(event, "the tag \(tag ?? "") is unknown here") }
            return .mapping(try members(depth: depth))
        default: throw fault(event, "a value should stand here")
        }
    }

    private mutating func elements(depth: Int) throws(YAMLSyntaxError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .collectionEnd = event.kind { return elements }
            elements.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func members(depth: Int) throws(YAMLSyntaxError) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try events.next()
            if case .collectionEnd = event.kind { return members }
            guard case .scalar(let name, _, _) = event.kind else { throw fault(event, "a name should stand here") }
            try add(1, event)
            if let line = lines.updateValue(event.line, forKey: name) {
                throw fault(event, "the name “\(name)” stands twice, first on line \(line)")
            }
            let value = try node(try events.next(), depth: depth + 1)
            members.append(.init(name: name, line: event.line, column: event.column, value: value))
        }
    }

    private static let core = "tag:yaml.org,2002:"

    private func scalar(_ text: String, tag: String?, isPlain: Bool, _ event: YAMLEvent) throws(YAMLSyntaxError) -> YAMLNode.Content {
        switch tag {
        case nil where !isPlain, "!", Self.core + "str": return .string(text)
        case nil:
            guard let content = ScalarResolution.content(of: text) else { throw fault(event, "“\(text)” is no number that can be used") }
            return content
        case Self.core + "null", Self.core + "bool", Self.core + "int", Self.core + "float":
            let content = ScalarResolution.content(of: text)
            switch (tag?.dropFirst(Self.core.count), content) {
            case ("int", .number(let number)?) where number.lexical.contains { ".eE".contains($0) }:
                throw fault(event, "“\(text)” is no int")
            case ("null", .null?), ("bool", .bool?), ("int", .number?), ("float", .number?): return content ?? .null
            default: throw fault(event, "“\(text)” is no \(tag?.dropFirst(Self.core.count) ?? "")")
            }
        default: throw fault(event, "the tag \(tag ?? "") is unknown here")
        }
    }
}
