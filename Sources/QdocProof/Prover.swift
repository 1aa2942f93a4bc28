public import QdocCore

/// A page that values may stand on.
public struct ProofPage: Sendable {
    public var reference: PageReference
    /// Numbers of the images that show it or parts of it, where any were made.
    public var imageNumbers: [Int]
    public var content: PageContent

    public init(reference: PageReference, imageNumbers: [Int], content: PageContent) {
        self.reference = reference
        self.imageNumbers = imageNumbers
        self.content = content
    }
}

/// Holds values against the pages they are said to come from.
///
/// A value is verified only where it stands itself, for its label and its period or column. What a model says of its own answer (image,
/// quote) narrows the search and proves nothing.
public struct Prover: Sendable {
    private let schema: JSONValue

    /// - Parameter schema: The pipeline's JSON Schema; values under `x-qdoc-proof: none` and enumerations are not looked for.
    public init(schema: JSONValue) {
        self.schema = schema
    }

    /// Proves the values of an instance, in its order.
    ///
    /// - Parameters:
    ///   - citations: By the pointer of the record that made them.
    ///   - places: Where the leaf at a pointer was read, as the local reader tells it; looked at first, believed no more than a quote.
    ///   - call: Number of the call that gave the values.
    /// - Complexity: Linear in pages and values, but for labels that stand on very many rows.
    public func prove(
        data: JSONValue, citations: [JSONPointer: Citation], places: [JSONPointer: [Place]], pages: [ProofPage], call: Int?
    ) -> [Evidence] {
        var proof = Proof(index: PageIndex(pages), data: data, citations: citations, places: places, call: call)
        let claims = Claims(of: data, schema: schema)
        for table in claims.tables { proof.prove(table) }
        for record in claims.records { proof.prove(record) }
        for text in claims.texts { proof.prove(text) }
        proof.derive(claims)
        return proof.inOrder()
    }
}

/// One run of the prover.
private struct Proof {
    let index: PageIndex
    let data: JSONValue
    let citations: [JSONPointer: Citation]
    let places: [JSONPointer: [Place]]
    let call: Int?
    private var evidence: [JSONPointer: Evidence] = [:]
    private let pageOfImage: [Int: Int]
    private let pageOfReference: [PageReference: Int]

    init(index: PageIndex, data: JSONValue, citations: [JSONPointer: Citation], places: [JSONPointer: [Place]], call: Int?) {
        self.index = index
        self.data = data
        self.citations = citations
        self.places = places
        self.call = call
        var images: [Int: Int] = [:]
        var references: [PageReference: Int] = [:]
        for (page, value) in index.pages.enumerated() {
            for number in value.imageNumbers { images[number] = page }
            references[value.reference] = page
        }
        pageOfImage = images
        pageOfReference = references
    }

    // MARK: Where to look

    /// The citation of the innermost record around a value.
    private func citation(of pointer: JSONPointer) -> Citation? {
        var tokens = pointer.tokens
        while true {
            if let citation = citations[JSONPointer(tokens)] { return citation }
            if tokens.isEmpty { return nil }
            tokens.removeLast()
        }
    }

    /// Pages that a citation or the local reader names for a value; nil where they name none.
    private func hinted(_ pointer: JSONPointer) -> Set<Int>? {
        if let read = places[pointer], !read.isEmpty {
            let pages = Set(read.compactMap { pageOfReference[$0.page] })
            if !pages.isEmpty { return pages }
        }
        // The root's image is where the document begins, not where its values stand.
        guard let citation = citation(of: pointer), citations[JSONPointer()] != citation || pointer.tokens.count == 1 else { return nil }
        if let image = citation.image, let page = pageOfImage[image] { return [page] }
        guard let quote = citation.quote else { return nil }
        let quoted = Set(index.places(of: quote).map(\.page))
        return quoted.isEmpty ? nil : quoted
    }

    // MARK: Claims

    mutating func prove(_ claim: TableClaim) {
        let proof = TableProof(index: index, claim: claim)
        let hint = hinted(claim.pointer.appending("rows")) ?? placed(claim)
        let match = hint.flatMap { proof.match(allowed: $0) } ?? proof.match(allowed: nil)
        let texts = match.map { TableTexts(proof, $0) }
        /// A text that no row and no column holds: it stands somewhere, or nowhere.
        func loose(_ text: String, _ note: String) -> Finding {
            var finding = TextProof(index: index).find(text, allowed: match.map { [$0.page] })
            if finding.verdict == .verified {
                finding.verdict = .located
                finding.note = note
            }
            return finding
        }
        for (column, text) in claim.columns.enumerated() {
            guard let text, !text.isEmpty else { continue }
            let pointer = claim.pointer.appending("columns").appending(column)
            if let match, let header = match.columns.headers[column] {
                add(
                    pointer,
                    Finding(
                        verdict: .verified,
                        places: [index.place(page: match.page, box: Box.union(of: [header.box] + header.parts), text: header.text)]))
            } else {
                add(pointer, loose(text, "no column of the page has this header there"))
            }
        }
        for (row, cells) in claim.rows.enumerated() {
            let label = cells.firstIndex { $0.string != nil }
            for (column, cell) in cells.enumerated() {
                let pointer = claim.pointer.appending("rows").appending(row).appending(column)
                switch cell {
                case .number(let number):
                    let found = match.flatMap { proof.number(number.lexical, row: row, column: column, in: $0) }
                    add(pointer, found ?? anywhere(number.lexical))
                case .string(let text)
                where (column != label || match?.rows[row] == nil) && number(in: text, isLabel: column == label) != nil:
                    let found = number(in: text, isLabel: column == label).flatMap { number in
                        match.flatMap { proof.number(number.lexical, row: row, column: column, in: $0) }.map { sameMeasure($0, number) }
                            ?? anywhere(number.lexical)
                    }
                    add(pointer, found ?? Finding(verdict: .notFound))
                case .string(let text) where !text.isEmpty:
                    if column == label, let found = texts?.label(row) {
                        add(pointer, found)
                    } else if let texts, column != label {
                        add(pointer, texts.find(text, row: row, column: column))
                    } else {
                        add(pointer, loose(text, "no row of the page has this label there"))
                    }
                default: break
                }
            }
        }
    }

    /// A text that is a printed number as a whole; years label rows.
    private func number(in text: String, isLabel: Bool = false) -> PrintedNumber? {
        PrintedNumber(text, decimalMark: index.decimalMark).flatMap { isLabel && $0.isBareYear ? nil : $0 }
    }

    /// A number given with unit or scale must be printed with them.
    private func sameMeasure(_ finding: Finding, _ claimed: PrintedNumber) -> Finding {
        guard finding.verdict == .verified, let text = finding.places.first?.text, let printed = number(in: text) else { return finding }
        let isSameUnit = claimed.unit.map { unit in printed.unit.map { Measure.isSame(unit, $0) } ?? true } ?? true
        guard isSameUnit, claimed.scale == nil || claimed.scale == printed.scale else {
            return Finding(verdict: .located, places: finding.places, note: "its cell reads \(text)")
        }
        return finding
    }

    /// A text that is a number keeps its sign, which words are compared without.
    ///
    /// - Parameter isBound: Whether the place counts, for its label.
    private func signed(_ finding: Finding, _ text: String, isBound: Bool = false) -> Finding {
        guard finding.verdict == .verified, let claimed = number(in: text), !claimed.isBareYear, let key = DecimalKey.of(claimed.lexical)
        else { return finding }
        let own = (index.numbers[key] ?? []).filter { place in
            guard let printed = index.entry(place).number, DecimalKey.of(printed.lexical) == key else { return false }
            return claimed.unit.map { unit in printed.unit.map { Measure.isSame(unit, $0) } ?? false } ?? true
        }.map { index.place($0) }.filter { place in
            !isBound || finding.places.contains { $0.page == place.page && $0.box.intersection(place.box) != nil }
        }
        if let first = own.first(where: { $0.page == finding.places.first?.page }) ?? own.first {
            return Finding(verdict: .verified, places: [first])
        }
        return Finding(verdict: .located, places: finding.places, note: "it is printed with another sign or unit")
    }

    /// The pages of a table whose cells the local reader placed.
    private func placed(_ claim: TableClaim) -> Set<Int>? {
        var pages: Set<Int> = []
        for row in claim.rows.indices.prefix(50) {
            for column in claim.rows[row].indices {
                for place in places[claim.pointer.appending("rows").appending(row).appending(column)] ?? [] {
                    if let page = pageOfReference[place.page] { pages.insert(page) }
                }
            }
        }
        return pages.isEmpty ? nil : pages
    }

    /// A number without its label: it stands somewhere, or nowhere.
    private func anywhere(_ lexical: String) -> Finding {
        let found = DecimalKey.of(lexical).flatMap { index.numbers[$0] } ?? []
        return Finding(verdict: found.isEmpty ? .notFound : .located, places: found.prefix(4).map { index.place($0) })
    }

    mutating func prove(_ claim: RecordClaim) {
        var label: Place?
        var shared = Finding(verdict: .notFound)
        for value in claim.values {
            let hint = hinted(value.pointer)
            var found = hint.flatMap { RecordProof(index: index, claim: claim, value: value, allowed: $0).find() }
            if found?.verdict != .verified, let wider = RecordProof(index: index, claim: claim, value: value, allowed: nil).find() {
                found = found?.orBetter(wider) ?? wider
            }
            if found == nil || found?.verdict == .contradicted {
                let other =
                    hint.flatMap { RecordProof(index: index, claim: claim, value: value, allowed: $0).contradiction() }
                    ?? RecordProof(index: index, claim: claim, value: value, allowed: nil).contradiction()
                found = found.map { $0.orBetter(other) } ?? other
            }
            let finding = found ?? anywhere(value.value.number?.lexical ?? "")
            if finding.verdict == .verified {
                label = label ?? finding.label
                shared = finding
            }
            add(value.pointer, finding)
        }
        let texts = TextProof(index: index)
        if let pointer = claim.labelPointer, data[pointer]?.string != nil {
            add(pointer, label.map { Finding(verdict: .verified, places: [$0]) } ?? texts.find(claim.labels[0], allowed: hinted(pointer)))
        }
        let qualifiers = [("period", claim.period, shared.period), ("unit", claim.unit, shared.unit), ("scale", claim.scale, shared.scale)]
        for (name, text, place) in qualifiers {
            let pointer = claim.pointer.appending(name)
            guard let text, !text.isEmpty, data[pointer]?.isNull == false, !claim.values.contains(where: { $0.pointer == pointer }) else {
                continue
            }
            if let place {
                add(pointer, Finding(verdict: .verified, places: [place]))
            } else {
                var finding = texts.find(text, allowed: hinted(pointer))
                // It stands somewhere; whether it belongs to this value is not settled.
                if finding.verdict == .verified { finding.verdict = .located }
                add(pointer, finding)
            }
        }
    }

    mutating func prove(_ claim: TextClaim) {
        let texts = TextProof(index: index)
        switch claim.role {
        case .itself where claim.pointer.tokens == ["title"]:
            add(claim.pointer, texts.findTitle(claim.text, allowed: hinted(claim.pointer)))
        case .itself: add(claim.pointer, signed(texts.find(claim.text, allowed: hinted(claim.pointer)), claim.text))
        case .labelled(let labels):
            add(claim.pointer, signed(texts.find(claim.text, labels: labels, allowed: hinted(claim.pointer)), claim.text, isBound: true))
        }
    }

    // MARK: Evidence

    private mutating func add(_ pointer: JSONPointer, _ finding: Finding) {
        guard let value = data[pointer], evidence[pointer] == nil else { return }
        var verdict = finding.verdict
        if verdict == .notFound, !canBeRead(pointer) { verdict = .unreadable }
        evidence[pointer] = Evidence(
            pointer: pointer, value: value, verdict: verdict, method: method(of: finding), places: finding.places,
            quote: citation(of: pointer)?.quote, call: call, note: finding.note, derivation: finding.derivation, found: finding.found)
    }

    /// Recomputes what stands nowhere from what is verified.
    mutating func derive(_ claims: Claims) {
        let search = DerivationSearch(claims, evidence: evidence)
        for (pointer, derived) in search.all() {
            guard var item = evidence[pointer] else { continue }
            item.verdict = .derived
            item.places = derived.operands.compactMap { evidence[$0]?.places.first }
            item.note = nil
            item.derivation = derived
            evidence[pointer] = item
        }
    }

    /// Whether the pages that the value could be on have words.
    private func canBeRead(_ pointer: JSONPointer) -> Bool {
        guard let hint = hinted(pointer) else { return index.hasWords }
        return hint.contains { !index.layouts[$0].tokens.isEmpty }
    }

    /// Text from a picture is told apart from the text layer.
    private func method(of finding: Finding) -> EvidenceMethod {
        guard let place = finding.places.first, let page = pageOfReference[place.page] else { return .text }
        let words = index.pages[page].content.words
        return words.contains { $0.source == .ocr && place.box.contains($0.box, tolerance: 0.5) } ? .ocr : .text
    }

    /// In the order of the instance.
    func inOrder() -> [Evidence] {
        var ordered: [Evidence] = []
        func visit(_ value: JSONValue, _ pointer: JSONPointer) {
            switch value {
            case .array(let elements): for (index, element) in elements.enumerated() { visit(element, pointer.appending(index)) }
            case .object(let object): for member in object { visit(member.value, pointer.appending(member.name)) }
            default: if let found = evidence[pointer] { ordered.append(found) }
            }
        }
        visit(data, JSONPointer())
        return ordered
    }
}
