public import QdocCore

/// Writes a report as JSON in pieces, so that its text is never held whole.
public enum ReportJSON {
    /// How a document is laid out.
    public enum Layout: Sendable {
        /// Two spaces a level; lists of plain values on one line; a newline at the end.
        case pretty
        /// One line with a newline at its end: JSON Lines.
        case line
    }

    /// Bytes that are gathered before the sink gets them: one write for each 64 KiB.
    private static let pieceSize = 64 << 10

    /// Writes a report into a sink.
    ///
    /// - Throws: What the sink throws.
    public static func write(
        _ report: Report, layout: Layout = .pretty, to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var output = JSONOutput(layout: layout, pieceSize: pieceSize)
        output.writer.beginObject()
        output.member("schema", .string(Report.schema))
        output.member("run", run(report.run))
        try output.list("sources", report.sources, to: sink, RecordJSON.source)
        try output.list("pages", report.pages, to: sink, RecordJSON.page)
        try output.list("images", report.images, to: sink, RecordJSON.image)
        try output.list("calls", report.calls, to: sink, RecordJSON.call)
        output.member("data", report.data)
        try output.list("evidence", report.evidence, to: sink, RecordJSON.evidence)
        try output.list("repairs", report.repairs, to: sink, RecordJSON.repair)
        try output.list("conflicts", report.conflicts, to: sink, RecordJSON.conflict)
        // The checks of an audit fill this list; a report of `analyze` has none.
        output.member("findings", [])
        try output.list("checks", report.checks, to: sink, RecordJSON.check)
        try output.list("warnings", report.warnings, to: sink, RecordJSON.warning)
        try output.list("reasoning", report.reasoning, to: sink, RecordJSON.reasoning)
        try output.list("egress", report.egress, to: sink, RecordJSON.egress)
        output.member("totals", RecordJSON.totals(report.totals))
        output.writer.endObject()
        try output.finish(to: sink)
    }

    /// The whole text of a report.
    public static func text(_ report: Report, layout: Layout = .pretty) -> String {
        var bytes: [UInt8] = []
        // Cannot fail: this sink does not throw.
        try? write(report, layout: layout) { (piece) throws(Failure) in bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func run(_ run: ReportRun) -> JSONValue {
        var object: JSONObject = [
            "id": .string(run.id), "pipeline": .string(run.pipeline), "digest": .string(run.digest), "model": .string(run.model),
            "state": .string(run.state.rawValue), "startedAt": RecordJSON.time(run.startedAt),
            "duration": RecordJSON.seconds(run.duration),
        ]
        object["failure"] = run.failure.map(RecordJSON.failure)
        return .object(object)
    }
}

/// A JSON writer that hands pieces to a sink and keeps lists of plain values on one line.
struct JSONOutput {
    var writer: JSONWriter
    private let layout: ReportJSON.Layout
    private let pieceSize: Int

    init(layout: ReportJSON.Layout, pieceSize: Int) {
        self.layout = layout
        self.pieceSize = pieceSize
        writer = JSONWriter(indent: layout == .pretty ? 2 : 0)
    }

    mutating func member(_ name: String, _ value: JSONValue) {
        writer.name(name)
        self.value(value)
    }

    mutating func list<Element>(
        _ name: String, _ elements: [Element], to sink: ([UInt8]) throws(Failure) -> Void, _ json: (Element) -> JSONValue
    ) throws(Failure) {
        writer.name(name)
        writer.beginArray()
        for element in elements {
            value(json(element))
            try drain(to: sink)
        }
        writer.endArray()
        try drain(to: sink)
    }

    mutating func drain(to sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        if writer.bytes.count >= pieceSize { try sink(writer.take()) }
    }

    mutating func finish(to sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        try sink(writer.take() + [UInt8(ascii: "\n")])
    }

    /// Longest text of a record that is kept on one line.
    private static let lineLength = 120

    mutating func value(_ value: JSONValue) {
        if layout == .pretty, value.isRecord, JSONWriter.text(value).utf8.count <= Self.lineLength {
            writer.inline(value)
            return
        }
        switch value {
        case .array(let elements) where elements.contains(where: \.isContainer):
            writer.beginArray()
            for element in elements { self.value(element) }
            writer.endArray()
        case .object(let object):
            writer.beginObject()
            for entry in object { member(entry.name, entry.value) }
            writer.endObject()
        case .array: writer.inline(value)
        default: writer.value(value)
        }
    }
}

extension JSONValue {
    var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    /// Whether this is an object of plain values and of lists of plain values.
    fileprivate var isRecord: Bool {
        object?.allSatisfy { entry in
            guard let elements = entry.value.array else { return entry.value.object == nil }
            return !elements.contains(where: \.isContainer)
        } ?? false
    }
}
