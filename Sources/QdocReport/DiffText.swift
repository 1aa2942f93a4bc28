public import QdocCore

/// A difference in words and in JSON (`qdoc.diff/1`).
public enum DiffText {
    /// The name and version of the format.
    package static let schema = "qdoc.diff/1"

    /// One line for each change below a line that counts them, with a newline at its end.
    public static func text(_ diff: ReportDiff, style: TerminalStyle) -> String {
        var lines = [style.bold(summary(diff))]
        lines += diff.circumstances.map { style.yellow(DisplayText.safe($0)) }
        for kind in ReportDiff.Kind.allCases {
            let changes = diff.changes.filter { $0.kind == kind }
            guard !changes.isEmpty else { continue }
            lines += ["", style.bold(kind.title)]
            for change in changes { lines += DisplayText.wrap(line(change), to: style.width - 2).map { "  \($0)" } }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func summary(_ diff: ReportDiff) -> String {
        let counts = ReportDiff.Kind.allCases.filter { diff.count($0) > 0 }.map { "\(Plural.grouped(diff.count($0))) \($0.words)" }
        return counts.isEmpty ? "the same values with the same proof" : counts.joined(separator: ", ")
    }

    private static func line(_ change: ReportDiff.Change) -> String {
        let name = DisplayText.safe(change.name.joined(separator: " › "))
        switch change.kind {
        case .new: return "\(name): \(told(change.new))"
        case .gone: return "\(name): \(told(change.old))"
        case .changed, .evidenceLost, .evidenceFound, .moved: return "\(name): \(told(change.old)) → \(told(change.new))"
        }
    }

    private static func told(_ side: ReportDiff.Side?) -> String {
        guard let side else { return "" }
        let page = side.place.map { " p. \($0.page.pageNumber)" } ?? ""
        return DisplayText.safe(ReportOutline.text(side.value)) + (side.verdict.map { " \($0.mark)" } ?? "") + page
    }

    /// The whole difference as one object.
    public static func json(_ diff: ReportDiff, old: Report, new: Report) -> JSONValue {
        var counts = JSONObject()
        for kind in ReportDiff.Kind.allCases { counts[kind.rawValue] = .int(diff.count(kind)) }
        return [
            "schema": .string(schema), "old": run(old), "new": run(new), "same": .bool(diff.isEmpty),
            "circumstances": .array(diff.circumstances.map(JSONValue.string)), "counts": .object(counts),
            "changes": .array(diff.changes.map(json)),
        ]
    }

    private static func run(_ report: Report) -> JSONValue {
        ["run": .string(report.run.id), "model": .string(report.run.model), "sources": .array(report.sources.map(RecordJSON.source))]
    }

    private static func json(_ change: ReportDiff.Change) -> JSONValue {
        var object: JSONObject = ["kind": .string(change.kind.rawValue), "name": .array(change.name.map(JSONValue.string))]
        object["old"] = change.old.map(json)
        object["new"] = change.new.map(json)
        return .object(object)
    }

    private static func json(_ side: ReportDiff.Side) -> JSONValue {
        var object: JSONObject = ["pointer": .string(side.pointer.description), "value": side.value]
        object["verdict"] = side.verdict.map { .string($0.rawValue) }
        object["place"] = side.place.map(RecordJSON.place)
        return .object(object)
    }
}

extension ReportDiff.Kind {
    var words: String {
        switch self {
        case .new: "new"
        case .gone: "gone"
        case .changed: "changed"
        case .evidenceLost: "with weaker proof"
        case .evidenceFound: "with stronger proof"
        case .moved: "moved"
        }
    }

    var title: String {
        switch self {
        case .new: "New"
        case .gone: "Gone"
        case .changed: "Changed"
        case .evidenceLost: "Evidence lost"
        case .evidenceFound: "Evidence found"
        case .moved: "Same value, moved"
        }
    }
}
