import QdocCore

/// Renders the lists of a report as comma-separated values (RFC 4180), one below the other, each under a line with its title.
///
/// A table keeps its own columns. Lists of records get the verdict and the page of each record behind theirs.
public struct CSVReport {
    private let report: Report
    private let index: EvidenceIndex
    private var text = ""

    /// The text of a report; lines end with CR LF.
    public static func text(_ report: Report) -> String {
        var renderer = CSVReport(report: report, index: EvidenceIndex(report))
        renderer.render()
        return renderer.text
    }

    private init(report: Report, index: EvidenceIndex) {
        self.report = report
        self.index = index
    }

    /// A cell as a spreadsheet takes it for a text or a number, never for a formula: an apostrophe stands before what could begin one.
    ///
    /// - Source: OWASP, CSV Injection: `=`, `+`, `-`, `@`, tabulator, carriage return; their fullwidth forms as well, which some sheets fold.
    static func field(_ value: JSONValue?) -> String {
        if let number = value?.number { return number.lexical }
        var text = DisplayText.safe(ReportOutline.text(value))
        if let first = text.drop(while: \.isWhitespace).first, "=+-@＝＋－＠".contains(first), JSONNumber(text) == nil { text = "'" + text }
        let isQuoted = text.contains { $0 == "," || $0 == "\"" || $0 == ";" } || text.first == " " || text.last == " "
        return isQuoted ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }

    private mutating func row(_ cells: [JSONValue?]) {
        text += cells.map(Self.field).joined(separator: ",") + "\r\n"
    }

    private mutating func begin(_ title: String) {
        if !text.isEmpty { text += "\r\n" }
        row([.string(title)])
    }

    private mutating func render() {
        let outline = ReportOutline(report.data)
        if !outline.heads.isEmpty {
            renderFields(outline.heads.map { .init(name: $0.name, value: .string($0.text), pointer: $0.pointer) }, "Document")
        }
        for section in outline.sections {
            switch section {
            case .fields(let fields): renderFields(fields, "Fields")
            case .list(let list): render(list)
            }
        }
    }

    private mutating func renderFields(_ fields: [ReportOutline.Field], _ title: String) {
        begin(title)
        row(["name", "value"] + Self.proofTitles)
        for field in fields { row([.string(field.name), field.value] + proof(below: field.pointer)) }
    }

    private mutating func render(_ list: ReportOutline.List) {
        let name = ReportOutline.words(list.name)
        switch list.shape {
        case .tables, .charts:
            for (number, item) in list.items.enumerated() {
                let pointer = list.pointer.appending(number)
                let grid = list.shape == .tables ? OutlineGrid(table: item, at: pointer) : OutlineGrid(chart: item, at: pointer)
                begin("\(name) \(number + 1)\(grid.title.isEmpty ? "" : ": \(grid.title)")")
                render(grid, hasProof: false)
            }
        case .figures, .sentences, .records:
            begin(name)
            render(OutlineGrid(records: list.items, at: list.pointer), hasProof: true)
        }
    }

    private mutating func render(_ grid: OutlineGrid, hasProof: Bool) {
        row(grid.columns.map { .string($0.title) } + (hasProof ? Self.proofTitles : []))
        for line in grid.rows {
            let cells = grid.columns.indices.map { $0 < line.cells.count ? line.cells[$0].value : nil }
            row(cells + (hasProof ? proof(below: line.pointer) : []))
        }
    }

    private static let proofTitles: [JSONValue?] = ["verdict", "source", "page"]

    /// The worst verdict at or below a pointer, with the page of the first place.
    private func proof(below pointer: JSONPointer) -> [JSONValue?] {
        let items = index.all(below: pointer)
        let worst = items.max { $0.verdict.severity < $1.verdict.severity }?.verdict
        let page = items.lazy.compactMap { $0.places.first?.page }.first
        return [worst.map { .string($0.rawValue) }, page.map { .int($0.source) }, page.map { .int($0.pageNumber) }]
    }
}
