public import QdocCore

/// What a person decided on the values of a report (`qdoc.review/1`), as the web page exports it.
public struct Review: Sendable, Hashable {
    /// The name and version of the format.
    package static let schema = "qdoc.review/1"

    /// A decision on one value.
    package enum Decision: String, Sendable, Hashable, CaseIterable {
        case accepted
        case corrected
        case rejected
    }

    package struct Entry: Sendable, Hashable {
        package var pointer: JSONPointer
        /// The value that was decided on.
        package var value: JSONValue
        package var decision: Decision
        /// What it is corrected to.
        package var correction: String?
    }

    /// The run whose report was looked at.
    package var run: String
    package var entries: [Entry]

    /// Reads a file that the web page exported.
    ///
    /// - Parameter name: What the failure calls it.
    /// - Throws: `report_invalid`.
    public init(_ bytes: [UInt8], name: String) throws(Failure) {
        do throws(ReportMistake) {
            let root = ReportMember(value: try ReportReader.parse(bytes), pointer: JSONPointer())
            guard root["schema"].value?.string == Self.schema else { throw root["schema"].mistake("is not \(Self.schema)") }
            run = try ReportReader.text(root["run"])
            entries = try root["decisions"].list(Self.entry)
        } catch {
            throw Failure(
                .reportInvalid, "\(name) holds no decisions that can be read: \(error.reason)",
                remedy: "give a file that the web page of a report exported")
        }
    }

    private static func entry(_ member: ReportMember) throws(ReportMistake) -> Entry {
        let entry = Entry(
            pointer: try ReportReader.path(member["pointer"]), value: try ReportReader.any(member["value"]),
            decision: try ReportReader.choice(member["decision"]), correction: try member["correction"].ifThere(ReportReader.text))
        guard (entry.decision == .corrected) == (entry.correction != nil) else {
            throw member["correction"].mistake("stands without a correction")
        }
        return entry
    }

    /// The data with what was decided: corrected values corrected, rejected ones null.
    ///
    /// - Throws: `invalid_arguments` where the decisions are about another report.
    public func applied(to report: Report) throws(Failure) -> JSONValue {
        try check(report)
        return entries.reduce(report.data) { data, entry in
            switch entry.decision {
            case .accepted: data
            case .rejected: data.replacing(entry.pointer.tokens[...], with: .null)
            case .corrected: data.replacing(entry.pointer.tokens[...], with: Self.corrected(entry))
            }
        }
    }

    /// A correction of a number that is one stays one.
    private static func corrected(_ entry: Entry) -> JSONValue {
        let text = entry.correction ?? ""
        return entry.value.number != nil ? JSONNumber(text).map(JSONValue.number) ?? .string(text) : .string(text)
    }

    private func check(_ report: Report) throws(Failure) {
        guard run == report.run.id else {
            throw Failure(.invalidArguments, "the decisions are about run \(run), the report is of run \(report.run.id)")
        }
        let other = entries.first { report.data[$0.pointer] != $0.value }
        if let other { throw Failure(.invalidArguments, "\(other.pointer) is another value now than was decided on") }
    }

    /// Values that proof left open and nobody decided on.
    public func open(in report: Report) -> [Evidence] {
        let decided = Set(entries.map(\.pointer))
        return report.evidence.filter { !$0.verdict.isProof && !decided.contains($0.pointer) }
    }

    /// The decisions in words, with what is left open.
    ///
    /// - Throws: As `applied`.
    public func text(of report: Report, style: TerminalStyle) throws(Failure) -> String {
        try check(report)
        let open = open(in: report)
        let counts = Decision.allCases.map { decision in "\(Plural.grouped(entries.count { $0.decision == decision })) \(decision.rawValue)"
        }
        var lines = [style.bold("\(counts.joined(separator: ", ")), \(Plural.grouped(open.count)) open")]
        func told(_ pointer: JSONPointer, _ text: String) -> [String] {
            DisplayText.wrap(DisplayText.safe("\(pointer): \(text)"), to: style.width - 2).map { "  \($0)" }
        }
        for decision in Decision.allCases {
            let entries = entries.filter { $0.decision == decision }
            guard !entries.isEmpty else { continue }
            lines += ["", style.bold(ReportOutline.words(decision.rawValue))]
            for entry in entries {
                lines += told(entry.pointer, ReportOutline.text(entry.value) + (entry.correction.map { " → \($0)" } ?? ""))
            }
        }
        if !open.isEmpty { lines += ["", style.bold("Open")] }
        for evidence in open { lines += told(evidence.pointer, "\(ReportOutline.text(evidence.value)) \(evidence.verdict.mark)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension JSONValue {
    /// The value with what stands at a path replaced; the same value where nothing stands there.
    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first else { return value }
        switch self {
        case .object(var object):
            guard let member = object[name] else { return self }
            object[name] = member.replacing(path.dropFirst(), with: value)
            return .object(object)
        case .array(var items):
            guard let index = Int(name), items.indices.contains(index) else { return self }
            items[index] = items[index].replacing(path.dropFirst(), with: value)
            return .array(items)
        default: return self
        }
    }
}
