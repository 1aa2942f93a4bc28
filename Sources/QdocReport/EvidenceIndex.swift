import QdocCore

/// Finds the evidence of a value, or of all values below a pointer.
struct EvidenceIndex {
    private let evidence: [Evidence]
    private let below: [JSONPointer: [Int]]
    private let namesSource: Bool

    init(_ report: Report) {
        evidence = report.evidence
        namesSource = report.sources.count > 1
        var below: [JSONPointer: [Int]] = [:]
        for (index, item) in report.evidence.enumerated() {
            for depth in 0...item.pointer.tokens.count {
                below[JSONPointer(Array(item.pointer.tokens.prefix(depth))), default: []].append(index)
            }
        }
        self.below = below
    }

    func all(below pointer: JSONPointer) -> [Evidence] {
        (below[pointer] ?? []).map { evidence[$0] }
    }

    /// The worst verdict at or below a pointer, with the page of the first place: `✓ p. 3`; empty where nothing was checked.
    func proof(below pointer: JSONPointer) -> String {
        let items = all(below: pointer)
        guard let worst = items.max(by: { $0.verdict.severity < $1.verdict.severity }) else { return "" }
        let page = items.lazy.compactMap { $0.places.first?.page }.first
        return worst.verdict.mark + (page.map { " \(name($0))" } ?? "")
    }

    /// `p. 3`, or `2: p. 3` where there are several sources.
    func name(_ page: PageReference) -> String {
        namesSource ? "\(page.source): p. \(page.pageNumber)" : "p. \(page.pageNumber)"
    }

    /// `p. 4 · 35 of 36 verified`.
    func tally(below pointer: JSONPointer) -> String {
        let items = all(below: pointer)
        guard !items.isEmpty else { return "" }
        let verified = items.filter { $0.verdict == .verified }.count
        let page = items.lazy.compactMap { $0.places.first?.page }.first.map { name($0) + " · " } ?? ""
        return "\(page)\(verified) of \(items.count) verified"
    }
}
