public import QdocCore
import QdocCrypto
import QdocEmbedded

/// Renders a report as one HTML file that needs nothing else: no network, no other file, and no script but its own.
///
/// The pages carry a box for each value, and each value leads to its box and back. Made from the report and the pictures of its pages alone.
public struct HTMLReport {
    /// The picture of a page, as PNG or JPEG.
    public typealias Picture = (encoding: ImageEncoding, bytes: [UInt8])

    let report: Report
    let index: EvidenceIndex
    let pictures: [PageReference: Picture]
    /// Places in the list of evidence, by pointer.
    let numbers: [JSONPointer: Int]
    /// What stands on each page.
    private let places: [PageReference: [Found]]
    private let geometries: [PageReference: PageGeometry]

    /// A place of a value.
    private struct Found {
        /// Of its evidence.
        var number: Int
        /// Of the place among those of the value.
        var rank: Int
        var place: Place
    }

    private init(report: Report, pictures: [PageReference: Picture]) {
        self.report = report
        self.pictures = pictures
        index = EvidenceIndex(report)
        numbers = Dictionary(report.evidence.enumerated().map { ($1.pointer, $0) }, uniquingKeysWith: { first, _ in first })
        geometries = Dictionary(report.pages.map { ($0.reference, $0.geometry) }, uniquingKeysWith: { first, _ in first })
        var places: [PageReference: [Found]] = [:]
        for (number, evidence) in report.evidence.enumerated() {
            for (rank, place) in evidence.places.enumerated() {
                places[place.page, default: []].append(Found(number: number, rank: rank, place: place))
            }
        }
        self.places = places
    }

    /// The pages that a report shows: those on which a value was found, ascending.
    public static func pages(of report: Report) -> [PageReference] {
        Set(report.evidence.flatMap(\.places).map(\.page)).sorted()
    }

    /// Writes a report into a sink, page by page. A page without a picture shows its boxes and the words in them.
    ///
    /// - Throws: What the sink throws.
    public static func write(
        _ report: Report, pictures: [PageReference: Picture], to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let renderer = HTMLReport(report: report, pictures: pictures)
        try renderer.write(to: sink)
    }

    private func write(to sink: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        let style = try Self.template("style")
        let script = try Self.template("script")
        let title = ReportOutline(report.data).heads.first?.text ?? report.sources.first?.path ?? "Report"
        let pieces: [String: Markup] = [
            "style": Markup(template: style), "styleDigest": Markup(Self.digest(of: style)), "script": Markup(template: script),
            "scriptDigest": Markup(Self.digest(of: script)), "version": Markup(PackageVersion.number), "title": Markup(title),
            "run": Markup(report.run.id), "head": head, "data": data, "foot": foot,
        ]
        var rest = try Self.template("page")[...]
        // What is filled in is not looked at again: a document that says {{style}} gets just that.
        while let open = Self.index(of: "{{", in: rest), let close = Self.index(of: "}}", in: rest[open...]) {
            try sink(Array(rest[..<open]))
            let name = String(decoding: rest[(open + 2)..<close], as: UTF8.self)
            if name == "pages" {
                for page in Self.pages(of: report) { try sink(sheet(page).bytes) }
            } else if let piece = pieces[name] {
                try sink(piece.bytes)
            } else {
                throw Failure(.internalError, "the template of reports asks for \(name)", remedy: "report this")
            }
            rest = rest[(close + 2)...]
        }
        try sink(Array(rest))
    }

    private static func index(of mark: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let mark = Array(mark.utf8)
        return bytes.indices.dropLast().first { bytes[$0] == mark[0] && bytes[$0 + 1] == mark[1] }
    }

    private static func template(_ name: String) throws(Failure) -> [UInt8] {
        guard let file = EmbeddedFile.template(name) else {
            throw Failure(.internalError, "the template \(name) is not inside the program", remedy: "report this")
        }
        return file.bytes
    }

    /// What the security policy allows: this text and no other.
    private static func digest(of text: [UInt8]) -> String { "sha256-\(Base64.text(SHA256.digest(of: text)))" }

    // MARK: Head and foot

    private var head: Markup {
        let outline = ReportOutline(report.data)
        let title = outline.heads.first { $0.name == "title" }
        let documents = report.sources.map(\.path).joined(separator: ", ")
        var markup = Markup.element(
            "p", [.init("class", "kind")], Markup("Checked report on \(documents.isEmpty ? "no document" : documents)"))
        markup += .element(
            "h1", [], title.map { value($0.text, at: $0.pointer, named: "Title") } ?? Markup(documents.isEmpty ? "Report" : documents))
        let others = outline.heads.filter { $0.name != "title" }
        if !others.isEmpty {
            let pieces = others.enumerated().map { (number, head) in
                Markup(number > 0 ? " · " : "") + value(head.text, at: head.pointer, named: ReportOutline.words(head.name))
            }
            markup += .element("p", [.init("class", "by")], pieces)
        }
        if let summary = outline.summary { markup += .element("p", [.init("class", "summary")], Markup(summary)) }
        if report.run.state != .complete {
            let why = report.run.failure?.description ?? ReportSummary.shortfall(report) ?? "the run was not finished"
            let state = report.run.state == .partial ? "Partial. " : "Failed. "
            markup += .element("p", [.init("class", "alert"), .init("role", "note")], .element("strong", [], Markup(state)), Markup(why))
        }
        return markup + tallies
    }

    private var tallies: Markup {
        let totals = report.totals
        var items: [(Markup, String)] = Verdict.allCases.compactMap { verdict in
            let count = totals.count(verdict)
            return count > 0 ? (Self.mark(verdict) + Markup(" \(verdict.words)"), Plural.grouped(count)) : nil
        }
        items.append(("Values", Plural.grouped(totals.values)))
        items.append(("Pages", ReportSummary.pages(totals)))
        items.append(("Cost", ReportSummary.price(report)))
        items.append(("Sent", ReportSummary.egress(report)))
        return .element(
            "dl", [.init("class", "tallies")],
            items.map { .element("div", [], .element("dt", [], $0.0), .element("dd", [], Markup($0.1))) })
    }

    private var foot: Markup {
        let legend = Verdict.allCases.filter { report.totals.count($0) > 0 }.map { Self.mark($0) + Markup(" \($0.words): \($0.meaning). ") }
        let about =
            "Made by qdoc \(PackageVersion.number) from the report of run \(report.run.id). Boxes show where a value stands on its page."
        return .element("p", [], legend) + .element("p", [], Markup(about))
    }

    // MARK: Values

    /// A sign that works without colour, and its word for who cannot see it.
    static func mark(_ verdict: Verdict, isNamed: Bool = true) -> Markup {
        .element("span", [.init("class", "m \(verdict.rawValue)"), .init("aria-hidden", "true")], Markup(verdict.mark))
            + (isNamed ? .empty : .element("span", [.init("class", "quiet")], Markup(", \(verdict.words)")))
    }

    /// A value with its verdict that leads to its place; plain text where nothing was checked.
    ///
    /// - Parameter unit: Stands between the value and its mark.
    func value(_ text: String, unit: String = "", at pointer: JSONPointer, named name: String) -> Markup {
        let unit = unit.isEmpty ? "" : " \(unit)"
        guard let number = numbers[pointer] else { return Markup(text + unit) }
        let evidence = report.evidence[number]
        var attributes: [Markup.Attribute] = [
            .init("class", "v \(evidence.verdict.rawValue)"), .init("id", "v\(number)"),
            .init("href", evidence.places.isEmpty ? "#v\(number)" : "#p\(number)"), .init("data-name", name),
            .init("data-value", text + unit),
            .init("data-json", JSONWriter.text(evidence.value)), .init("data-pointer", pointer.description),
            .init("data-verdict", evidence.verdict.words),
        ]
        if let quote = evidence.quote ?? evidence.places.first?.text { attributes.append(.init("data-quote", quote)) }
        if let note = evidence.note { attributes.append(.init("data-note", note)) }
        return .element("a", attributes, Markup(text + unit), Self.mark(evidence.verdict, isNamed: false))
    }

    // MARK: Pages

    /// A page with a box for each place.
    private func sheet(_ page: PageReference) -> Markup {
        let geometry = geometries[page]
        let places = places[page] ?? []
        // A page that the record does not know is as large as its places need.
        let width = geometry?.size.width ?? places.reduce(1) { max($0, $1.place.box.x + $1.place.box.width) }
        let height = geometry?.size.height ?? places.reduce(1) { max($0, $1.place.box.y + $1.place.box.height) }
        let name = name(of: page, geometry)
        var content: [Markup] = []
        if let picture = pictures[page] {
            content.append(
                .element(
                    "image",
                    [
                        .init("id", "picture-\(page.source)-\(page.pageNumber)"), .init("width", width), .init("height", height),
                        .init("preserveAspectRatio", "none"),
                        .init("href", "data:\(picture.encoding.rawValue);base64,\(Base64.text(picture.bytes))"),
                    ]))
        } else {
            content += places.map { Self.words($0.place) }
        }
        content += places.map { box($0.place, of: $0.number, rank: $0.rank, on: name) }
        let drawing = Markup.element(
            "svg",
            [
                .init("viewBox", "0 0 \(JSONWriter.text(.points(width))) \(JSONWriter.text(.points(height)))"), .init("role", "group"),
                .init("aria-label", "\(name): places of \(Plural.count(places.count, "value"))"),
            ], content)
        let note = pictures[page] == nil ? ", without its picture: the words that were found" : ""
        return .element("figure", [.init("class", "page")], .element("figcaption", [], Markup(name + note)), drawing)
    }

    private func name(of page: PageReference, _ geometry: PageGeometry?) -> String {
        let time = geometry?.timestamp.map { ", \(JSONWriter.text(RecordJSON.timestamp($0))) s" } ?? ""
        let document = report.sources.count > 1 ? " of document \(page.source)" : ""
        return "Page \(page.pageNumber)\(document)\(time)"
    }

    private func box(_ place: Place, of number: Int, rank: Int, on page: String) -> Markup {
        let evidence = report.evidence[number]
        let text = ReportOutline.text(evidence.value)
        return .element(
            "a",
            [
                .init("id", rank == 0 ? "p\(number)" : "p\(number)-\(rank)"), .init("href", "#v\(number)"),
                .init("class", evidence.verdict.rawValue), .init("tabindex", "-1"), .init("data-page", page),
                .init("aria-label", "\(text), \(evidence.verdict.words), stands here; back to the value"),
            ],
            .element(
                "rect",
                [
                    .init("x", place.box.x - 2), .init("y", place.box.y - 2), .init("width", place.box.width + 4),
                    .init("height", place.box.height + 4),
                ]))
    }

    /// The words of a place where they stand, as wide as they are printed.
    private static func words(_ place: Place) -> Markup {
        .element(
            "text",
            [
                .init("x", place.box.x), .init("y", place.box.y + 0.8 * place.box.height),
                .init("font-size", max(1, place.box.height * 0.8)),
                .init("textLength", max(1, place.box.width)), .init("lengthAdjust", "spacingAndGlyphs"), .init("aria-hidden", "true"),
            ], Markup(place.text))
    }
}

extension Verdict {
    /// What it says, in a few words.
    var meaning: String {
        switch self {
        case .verified: "the value itself stands there, for its label and its period or column"
        case .derived: "it is printed nowhere and follows from verified values"
        case .contradicted: "its label and period or column stand there with another value"
        case .located: "it stands on the page, its label does not settle it"
        case .ambiguous: "several places could each be meant"
        case .notFound: "it stands on no page that was read"
        case .unreadable: "the pages it could stand on have no words"
        }
    }
}
