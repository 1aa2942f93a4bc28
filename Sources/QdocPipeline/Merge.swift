import QdocCore

/// What one window brought: an instance of the schema and the evidence of its values.
struct WindowAnswer: Sendable {
    var window: Int
    /// The call that brought it.
    var call: Int
    var data: JSONValue
    var evidence: [Evidence]
}

/// Joins the answers of windows into one instance: arrays in page order, equal records once; a scalar keeps the first proven value, every
/// other one is a conflict.
///
/// Records of an array whose schema names keys (`x-qdoc-key: [label, period]`) are one where their keys are equal, and are merged like the
/// whole. Answers are added in the order of their windows, whatever the order they came in.
struct Merge {
    private(set) var data: JSONValue = .null
    private(set) var evidence: [Evidence] = []
    private(set) var conflicts: [Conflict] = []
    private let schema: SchemaView
    /// Where the evidence of each value stands in `evidence`.
    private var evidenceIndex: [JSONPointer: Int] = [:]
    /// Which call a scalar, or the record around it, was taken from.
    private var calls: [JSONPointer: Int] = [:]

    /// Names the members of an array's records that tell them apart.
    static let keyKeyword = "x-qdoc-key"

    init(schema: JSONValue) {
        self.schema = SchemaView(schema)
    }

    mutating func add(_ answer: WindowAnswer) {
        var moves = Moves(call: answer.call)
        for item in answer.evidence { moves.verdicts[item.pointer] = item.verdict }
        data = merge(data, answer.data, schema, at: JSONPointer(), from: JSONPointer(), moves: &moves)
        for var item in answer.evidence {
            guard let target = moves.target(of: item.pointer) else { continue }
            item.pointer = target
            if let derivation = item.derivation {
                item.derivation = Derivation(
                    formula: derivation.formula, operands: derivation.operands.compactMap { moves.target(of: $0) })
            }
            if let index = evidenceIndex[target] {
                evidence[index] = item
            } else {
                evidenceIndex[target] = evidence.count
                evidence.append(item)
            }
        }
    }

    /// - Parameters:
    ///   - pointer: Into the merged data.
    ///   - source: Into the window's answer.
    private mutating func merge(
        _ kept: JSONValue, _ new: JSONValue, _ schema: SchemaView?, at pointer: JSONPointer, from source: JSONPointer, moves: inout Moves
    ) -> JSONValue {
        switch (kept, new) {
        case (.object(var object), .object(let other)):
            for member in other {
                object[member.name] = merge(
                    object[member.name] ?? .null, member.value, schema?.property(member.name), at: pointer.appending(member.name),
                    from: source.appending(member.name), moves: &moves)
            }
            return .object(object)
        case (.null, .object(let other)) where pointer.tokens.isEmpty || !other.isEmpty:
            return merge(.object(JSONObject()), new, schema, at: pointer, from: source, moves: &moves)
        case (.array(let elements), .array(let others)):
            return .array(join(elements, others, schema, at: pointer, from: source, moves: &moves))
        case (.null, .array(let others)):
            return .array(join([], others, schema, at: pointer, from: source, moves: &moves))
        default:
            return choose(kept, new, at: pointer, from: source, moves: &moves)
        }
    }

    /// Appends the records that are not there yet, merges those of equal keys, and notes where each went.
    private mutating func join(
        _ elements: [JSONValue], _ others: [JSONValue], _ schema: SchemaView?, at pointer: JSONPointer, from source: JSONPointer,
        moves: inout Moves
    ) -> [JSONValue] {
        var joined = elements
        let names = Self.keyNames(of: schema)
        // Without keys only against earlier windows: a record that stands twice in one answer stands twice on its pages.
        let seen = names.isEmpty ? Set(elements) : []
        var places: [[JSONValue]: Int] = [:]
        for (index, element) in elements.enumerated() {
            if let key = Self.key(of: element, names), places[key] == nil { places[key] = index }
        }
        for (index, other) in others.enumerated() where !seen.contains(other) {
            let key = Self.key(of: other, names)
            let origin = source.appending(index)
            if let place = key.flatMap({ places[$0] }) {
                joined[place] = merge(
                    joined[place], other, schema?.items, at: pointer.appending(place), from: origin, moves: &moves)
                continue
            }
            if let key { places[key] = joined.count }
            let target = pointer.appending(joined.count)
            moves.places[origin] = target
            calls[target] = moves.call
            joined.append(other)
        }
        return joined
    }

    private static func keyNames(of schema: SchemaView?) -> [String] {
        let keyword = schema?[keyKeyword]
        return keyword?.string.map { [$0] } ?? keyword?.array?.compactMap(\.string) ?? []
    }

    /// Nil of a record without keys, and of one that lacks one of them: it may be any.
    private static func key(of record: JSONValue, _ names: [String]) -> [JSONValue]? {
        let values = names.compactMap { record[$0] }.filter { !$0.isNull }
        return names.isEmpty || values.count < names.count ? nil : values
    }

    private mutating func choose(
        _ kept: JSONValue, _ new: JSONValue, at pointer: JSONPointer, from source: JSONPointer, moves: inout Moves
    ) -> JSONValue {
        guard !new.isNull else { return kept }
        let verdict = evidenceIndex[pointer].map { evidence[$0].verdict }
        let newVerdict = moves.verdicts[source]
        let isProven = verdict?.isProof ?? false
        let isNewProven = newVerdict?.isProof ?? false
        // What is printed is more than what follows from it.
        let hasBetterProof = isNewProven && (!isProven || (newVerdict == .verified && verdict != .verified))
        if kept == new, !hasBetterProof { return kept }
        if kept.isNull || kept == new || (!isProven && isNewProven) {
            if !kept.isNull, kept != new, let loser = call(of: pointer) {
                conflicts.append(Conflict(pointer: pointer, kept: new, other: kept, call: loser))
            }
            calls[pointer] = moves.call
            moves.places[source] = pointer
            return new
        }
        conflicts.append(Conflict(pointer: pointer, kept: kept, other: new, call: moves.call))
        return kept
    }

    private func call(of pointer: JSONPointer) -> Int? {
        var pointer = pointer
        while true {
            if let call = calls[pointer] { return call }
            guard !pointer.tokens.isEmpty else { return nil }
            pointer = pointer.parent
        }
    }

    /// Where the values of one window went.
    private struct Moves {
        let call: Int
        var verdicts: [JSONPointer: Verdict] = [:]
        /// Of what was taken, as a whole or a scalar: from its place in the answer to that in the merged data.
        var places: [JSONPointer: JSONPointer] = [:]

        init(call: Int) {
            self.call = call
        }

        /// The pointer into the merged data, or nil where the value was not taken.
        func target(of pointer: JSONPointer) -> JSONPointer? {
            var source = pointer
            while true {
                if let target = places[source] { return JSONPointer(target.tokens + pointer.tokens[source.tokens.count...]) }
                guard !source.tokens.isEmpty else { return nil }
                source = source.parent
            }
        }
    }
}
