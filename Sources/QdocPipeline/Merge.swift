import QdocCore

/// What one window brought: an instance of the schema and the evidence of its values.
struct WindowAnswer: Sendable {
    var call: Int
    var data: JSONValue
    var evidence: [Evidence]
}

/// Joins the answers of windows into one instance: arrays in page order, equal records once; a scalar keeps the first proven value, every
/// other one is a conflict.
///
/// Answers are added in the order of their windows, whatever the order they came in.
struct Merge {
    private(set) var data: JSONValue = .null
    private(set) var evidence: [Evidence] = []
    private(set) var conflicts: [Conflict] = []
    /// Where the evidence of a scalar that may still be replaced stands in `evidence`.
    private var scalarEvidence: [JSONPointer: Int] = [:]
    private var callOfScalar: [JSONPointer: Int] = [:]

    mutating func add(_ answer: WindowAnswer) {
        var moves = Moves()
        var verdicts: [JSONPointer: Verdict] = [:]
        for item in answer.evidence { verdicts[item.pointer] = item.verdict }
        data = merge(data, answer.data, at: JSONPointer(), call: answer.call, verdicts: verdicts, moves: &moves)
        for var item in answer.evidence {
            guard let target = moves.target(of: item.pointer) else { continue }
            let isScalar = target == item.pointer && moves.scalars.contains(target)
            item.pointer = target
            if let derivation = item.derivation {
                item.derivation = Derivation(
                    formula: derivation.formula, operands: derivation.operands.compactMap { moves.target(of: $0) })
            }
            if isScalar, let index = scalarEvidence[target] {
                evidence[index] = item
            } else {
                if isScalar { scalarEvidence[target] = evidence.count }
                evidence.append(item)
            }
        }
    }

    private mutating func merge(
        _ kept: JSONValue, _ new: JSONValue, at pointer: JSONPointer, call: Int, verdicts: [JSONPointer: Verdict], moves: inout Moves
    ) -> JSONValue {
        switch (kept, new) {
        case (.object(var object), .object(let other)):
            for member in other {
                object[member.name] = merge(
                    object[member.name] ?? .null, member.value, at: pointer.appending(member.name), call: call, verdicts: verdicts,
                    moves: &moves)
            }
            return .object(object)
        case (.null, .object(let other)) where pointer.tokens.isEmpty || !other.isEmpty:
            return merge(.object(JSONObject()), new, at: pointer, call: call, verdicts: verdicts, moves: &moves)
        case (.array(let elements), .array(let others)):
            return .array(join(elements, others, at: pointer, moves: &moves))
        case (.null, .array(let others)):
            return .array(join([], others, at: pointer, moves: &moves))
        default:
            return choose(kept, new, at: pointer, call: call, verdicts: verdicts, moves: &moves)
        }
    }

    /// Appends the records that are not there yet, and notes where each went.
    private func join(_ elements: [JSONValue], _ others: [JSONValue], at pointer: JSONPointer, moves: inout Moves) -> [JSONValue] {
        var joined = elements
        // Only against earlier windows: a record that stands twice in one answer stands twice on its pages.
        let seen = Set(elements)
        var targets: [Int?] = []
        for other in others {
            guard !seen.contains(other) else {
                targets.append(nil)
                continue
            }
            targets.append(joined.count)
            joined.append(other)
        }
        moves.arrays[pointer] = targets
        return joined
    }

    private mutating func choose(
        _ kept: JSONValue, _ new: JSONValue, at pointer: JSONPointer, call: Int, verdicts: [JSONPointer: Verdict], moves: inout Moves
    ) -> JSONValue {
        guard !new.isNull else { return kept }
        let isProven = scalarEvidence[pointer].map { evidence[$0].verdict == .verified } ?? false
        if kept == new, isProven || verdicts[pointer] != .verified { return kept }
        if kept.isNull || kept == new || (!isProven && verdicts[pointer] == .verified) {
            if !kept.isNull, kept != new, let loser = callOfScalar[pointer] {
                conflicts.append(Conflict(pointer: pointer, kept: new, other: kept, call: loser))
            }
            callOfScalar[pointer] = call
            moves.scalars.insert(pointer)
            return new
        }
        conflicts.append(Conflict(pointer: pointer, kept: kept, other: new, call: call))
        return kept
    }

    /// Where the values of one window went.
    private struct Moves {
        /// New index of each element of an array; nil where an equal record stood there already.
        var arrays: [JSONPointer: [Int?]] = [:]
        /// Scalars that were taken from this window.
        var scalars: Set<JSONPointer> = []

        /// The pointer into the merged data, or nil where the value was not taken.
        func target(of pointer: JSONPointer) -> JSONPointer? {
            var source = JSONPointer()
            for (depth, token) in pointer.tokens.enumerated() {
                if let targets = arrays[source] {
                    guard let index = Int(token), targets.indices.contains(index), let target = targets[index] else { return nil }
                    return JSONPointer(source.tokens + [String(target)] + pointer.tokens[(depth + 1)...])
                }
                source = source.appending(token)
            }
            return scalars.contains(pointer) ? pointer : nil
        }
    }
}
