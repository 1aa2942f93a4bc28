package import QdocCore

/// What differs between two reports by meaning: a value is known by its label, period, table and column, not by its place in a list.
public struct ReportDiff: Sendable, Hashable {
    /// What became of a value.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case new
        case gone
        /// Another value under the same name.
        case changed
        /// Its proof is weaker than it was.
        case evidenceLost
        /// Its proof is stronger than it was.
        case evidenceFound
        /// The same value on another page, or elsewhere on its page.
        case moved
    }

    /// A value in one of the reports.
    package struct Side: Sendable, Hashable {
        package var pointer: JSONPointer
        package var value: JSONValue
        /// Nil where the value was not checked.
        package var verdict: Verdict?
        package var place: Place?
    }

    package struct Change: Sendable, Hashable {
        package var kind: Kind
        /// What the value is known by, from the outside in: `Key figures`, `Revenue 2025`, `value`.
        package var name: [String]
        package var old: Side?
        package var new: Side?
    }

    /// In the order of the new report; what is gone stands at the end.
    package let changes: [Change]
    /// What may be the reason: another document, pipeline or model. It makes no difference by itself.
    package let circumstances: [String]

    public init(old: Report, new: Report) {
        let before = ReportValues(old)
        let after = ReportValues(new)
        var changes: [Change] = after.values.compactMap { name, side in
            guard let earlier = before[name] else { return Change(kind: .new, name: name, new: side) }
            return Self.kind(earlier, side).map { Change(kind: $0, name: name, old: earlier, new: side) }
        }
        changes += before.values.filter { after[$0.name] == nil }.map { Change(kind: .gone, name: $0.name, old: $0.side) }
        self.changes = changes
        circumstances = Self.circumstances(old, new)
    }

    /// Whether the values and their proof are the same.
    public var isEmpty: Bool { changes.isEmpty }

    package func count(_ kind: Kind) -> Int { changes.count { $0.kind == kind } }

    /// Points that a place may be away from where it was and still be the same: finer than the space between two lines of small print.
    private static let tolerance = 4.0

    private static func kind(_ old: Side, _ new: Side) -> Kind? {
        guard isSame(old.value, new.value) else { return .changed }
        if let before = old.verdict, let after = new.verdict, before != after {
            return after.severity > before.severity ? .evidenceLost : .evidenceFound
        }
        if old.verdict != nil, new.verdict == nil { return .evidenceLost }
        guard let before = old.place, let after = new.place else { return nil }
        let isNear = abs(before.box.x - after.box.x) <= tolerance && abs(before.box.y - after.box.y) <= tolerance
        return before.page == after.page && isNear ? nil : .moved
    }

    /// `412.60` is `412.6`; text is compared without its spaces' widths.
    private static func isSame(_ old: JSONValue, _ new: JSONValue) -> Bool {
        if let old = old.number, let new = new.number { return old == new || old.double == new.double }
        if let old = old.string, let new = new.string { return old.split(separator: " ") == new.split(separator: " ") }
        return old == new
    }

    private static func circumstances(_ old: Report, _ new: Report) -> [String] {
        func answered(_ report: Report) -> String {
            let names = Set(report.calls.compactMap(\.modelAnswered)).sorted()
            return report.run.model + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
        }
        var texts: [String] = []
        if old.sources.map(\.sha256) != new.sources.map(\.sha256) {
            func names(_ report: Report) -> String { report.sources.map(\.path).joined(separator: ", ") }
            texts.append("document changed: \(names(old)), now \(names(new))")
        }
        if old.run.digest != new.run.digest { texts.append("pipeline changed: \(old.run.pipeline), now \(new.run.pipeline)") }
        if answered(old) != answered(new) { texts.append("model changed: \(answered(old)), now \(answered(new))") }
        if old.run.state != new.run.state { texts.append("state changed: \(old.run.state.rawValue), now \(new.run.state.rawValue)") }
        return texts
    }
}

/// The leaves of a report's data by what they mean.
struct ReportValues {
    private(set) var values: [(name: [String], side: ReportDiff.Side)] = []
    private var places: [[String]: Int] = [:]
    private let evidence: [JSONPointer: Evidence]

    init(_ report: Report) {
        evidence = Dictionary(report.evidence.map { ($0.pointer, $0) }, uniquingKeysWith: { first, _ in first })
        add(report.data, at: JSONPointer(), named: [])
    }

    subscript(_ name: [String]) -> ReportDiff.Side? { places[name].map { values[$0].side } }

    private mutating func add(_ value: JSONValue, at pointer: JSONPointer, named name: [String]) {
        switch value {
        case .null: return
        case .object(let object): for member in object { addMember(member, of: object, at: pointer, named: name) }
        case .array(let items):
            var taken: [String: Int] = [:]
            for (index, item) in items.enumerated() {
                let own = Self.identity(of: item) ?? "\(index + 1)"
                taken[own, default: 0] += 1
                let times = taken[own] ?? 1
                add(item, at: pointer.appending(index), named: name + [times > 1 ? "\(own) (\(times))" : own])
            }
        default:
            let proof = evidence[pointer]
            let side = ReportDiff.Side(pointer: pointer, value: value, verdict: proof?.verdict, place: proof?.places.first)
            places[name] = values.count
            values.append((name, side))
        }
    }

    private mutating func addMember(_ member: JSONObject.Member, of object: JSONObject, at pointer: JSONPointer, named name: [String]) {
        let pointer = pointer.appending(member.name)
        guard member.name == "rows", let columns = object["columns"]?.array, let rows = member.value.array else {
            return add(member.value, at: pointer, named: name + [ReportOutline.words(member.name)])
        }
        // A cell is known by the first cell of its row and the head of its column.
        var taken: [String: Int] = [:]
        for (index, row) in rows.enumerated() {
            let cells = row.array ?? []
            let first = Self.words(cells.first)
            let own = first.isEmpty ? "row \(index + 1)" : first
            taken[own, default: 0] += 1
            let times = taken[own] ?? 1
            for (column, cell) in cells.enumerated() {
                let head = column < columns.count ? Self.words(columns[column]) : ""
                let names = [times > 1 ? "\(own) (\(times))" : own, head.isEmpty ? "column \(column + 1)" : head]
                add(cell, at: pointer.appending(index).appending(column), named: name + names)
            }
        }
    }

    private static func words(_ value: JSONValue?) -> String {
        ReportOutline.text(value).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What an element of a list is known by: its label with its period and unit, its title or name, its place on an axis, or itself.
    private static func identity(of item: JSONValue) -> String? {
        guard let object = item.object else { return item.isContainer ? nil : words(item) }
        if let label = object["label"].map(words), !label.isEmpty {
            return [label, words(object["period"]), words(object["unit"])].filter { !$0.isEmpty }.joined(separator: ", ")
        }
        if object["y"] != nil, let x = object["x"].map(words), !x.isEmpty { return x }
        let named = ["id", "number", "title", "name", "text"].lazy.compactMap { object[$0].map(words) }.first { !$0.isEmpty }
        return named ?? object.lazy.compactMap { $0.value.string.map { words(.string($0)) } }.first { !$0.isEmpty }
    }
}
