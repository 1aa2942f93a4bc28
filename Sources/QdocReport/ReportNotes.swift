import QdocCore

/// What a reader must know beside the data: what was not read, what was mended, what left the machine. Plain text of documents and models.
enum ReportNotes {
    struct Part {
        var title: String
        var items: [String]
    }

    /// The parts that have something to say.
    static func parts(_ report: Report, _ index: EvidenceIndex) -> [Part] {
        [
            Part(title: "Not read", items: report.pages.compactMap { notRead($0, report, index) }),
            Part(title: "Warnings", items: report.warnings.map { warning($0, index) }),
            Part(title: "Conflicts between requests", items: report.conflicts.map(conflict)),
            Part(
                title: "Contradicted by the page",
                items: report.evidence.filter { $0.verdict == .contradicted }.map { contradiction($0, index) }),
            Part(title: "Sums that do not hold", items: report.checks.map { check($0, index) }),
            Part(title: "Repairs of the answer", items: report.repairs.map(repair)),
            Part(title: "What left this machine", items: report.egress.map(egress)),
        ].filter { !$0.items.isEmpty }
    }

    private static func notRead(_ page: PageRecord, _ report: Report, _ index: EvidenceIndex) -> String? {
        switch page.outcome {
        case .read: nil
        case .notRead(let code): "\(index.name(page.reference)): \(words(code, report))"
        case .failed(let failure): "\(index.name(page.reference)): \(failure.description)"
        }
    }

    static func words(_ code: Failure.Code, _ report: Report) -> String {
        let hint = report.run.model == "local" ? "; a model can read it (-m MODEL)" : ""
        return switch code {
        case .noTextLayer: "no text layer\(hint)"
        case .pictureNotRead: "a picture\(hint)"
        default: code.rawValue.split(separator: "_").joined(separator: " ")
        }
    }

    private static func warning(_ warning: Warning, _ index: EvidenceIndex) -> String {
        // Most messages name their page themselves.
        let page = warning.page.flatMap { warning.message.hasPrefix("page \($0.pageNumber)") ? nil : index.name($0) + ": " } ?? ""
        return page + warning.message
    }

    private static func conflict(_ conflict: Conflict) -> String {
        "\(conflict.pointer): kept \(JSONWriter.text(conflict.kept)), call \(conflict.call) said \(JSONWriter.text(conflict.other))"
    }

    private static func contradiction(_ item: Evidence, _ index: EvidenceIndex) -> String {
        let place = item.places.first.map { "\(index.name($0.page)) reads \($0.text)" } ?? item.note ?? ""
        return "\(item.pointer): answered \(JSONWriter.text(item.value)), \(place)"
    }

    private static func check(_ check: ArithmeticCheck, _ index: EvidenceIndex) -> String {
        let page = check.place.map { index.name($0.page) + ": " } ?? ""
        return "\(page)\(check.kind.words) at \(check.pointer): printed \(check.printed.lexical), expected \(check.expected.lexical), "
            + "difference \(check.difference.lexical)"
    }

    private static func repair(_ repair: Repair) -> String {
        let place = [repair.call.map { "call \($0)" }, repair.pointer.map(\.description)].compactMap(\.self).joined(separator: " ")
        return (place.isEmpty ? "" : place + ": ") + repair.note
    }

    private static func egress(_ egress: Egress) -> String {
        let region = egress.region.map { " (\($0))" } ?? ""
        return "call \(egress.call): \(Plural.count(egress.images.count, "image")) and \(Plural.count(egress.textBytes, "byte")) "
            + "of text to \(egress.host)\(region)"
    }
}
