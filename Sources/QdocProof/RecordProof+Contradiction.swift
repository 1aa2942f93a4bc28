import QdocCore

extension RecordProof {
    /// What stands for the label and its period or column where the value itself does not: written otherwise it derives the value,
    /// another number contradicts it.
    ///
    /// - Returns: Nil where the label stands nowhere with a number of the claim's unit, or where it is not clear which number is its own.
    func contradiction() -> Finding? {
        guard let lexical = value.value.number?.lexical else { return nil }
        var found: [(place: Place, number: PrintedNumber)] = []
        for place in Set(labelKeys).flatMap({ index.labels[$0] ?? [] }).prefix(Self.reach) where isAllowed(place.page) {
            for (entry, header) in own(place) {
                let candidate = EntryPlace(page: place.page, row: place.row, entry: entry)
                guard let number = index.entry(candidate).number else { continue }
                let measure = Measure(of: candidate, label: place, header: header, in: index)
                if let derived = converted(number, measure, label: index.entry(place).text, to: lexical, at: candidate) { return derived }
                // The same digits in another measure are judged where they are looked for.
                guard isMeant(measure), DecimalKey.of(number.lexical) != DecimalKey.of(lexical) else { continue }
                found.append((index.place(candidate), number))
            }
        }
        if value.column == nil {
            for (number, place) in spokenNumbers() {
                let measure = Measure(unit: number.unit, scale: number.scale, at: place)
                let conversion = Conversion(
                    printed: number, scale: number.scale, isPercent: number.isPercent, label: claim.labels.first ?? "")
                if let formula = conversion.formula(to: lexical, scale: statedScale, isClaimedPercent: isPercent) {
                    return Finding(verdict: .derived, places: [place], derivation: Derivation(formula: formula))
                }
                if isMeant(measure) { found.append((place, number)) }
            }
        }
        guard let first = found.first else { return nil }
        return Finding(
            verdict: .contradicted, places: found.prefix(4).map(\.place), note: "its label stands there with another value",
            found: first.number.json)
    }

    /// Places of one label that are looked at: labels that stand more often settle nothing.
    private static let reach = 64

    private var statedScale: PrintedScale? {
        claim.scale.flatMap { PrintedScale(word: $0, isAttached: true) } ?? claim.unit.flatMap { PrintedMeasure(caption: $0)?.scale }
    }

    private var isPercent: Bool { claim.unit.map(Measure.isPercent) ?? false }

    /// Whether a printed number can be the one that the claim speaks of.
    private func isMeant(_ measure: Measure) -> Bool {
        if let unit = claim.unit {
            let claimed = PrintedMeasure(caption: unit)
            if let printed = measure.unit, !Measure.isSame(unit, printed), claimed?.unit.map({ Measure.isSame($0, printed) }) != true {
                return false
            }
            if Measure.isPercent(unit), measure.unit == nil { return false }
        } else if let printed = measure.unit, Measure.isPercent(printed), measure.isOwnUnit {
            return false
        }
        return true
    }

    private func converted(_ number: PrintedNumber, _ measure: Measure, label: String, to lexical: String, at place: EntryPlace) -> Finding?
    {
        let conversion = Conversion(
            printed: number, scale: measure.scale, isPercent: measure.unit.map(Measure.isPercent) ?? false, label: label)
        guard let formula = conversion.formula(to: lexical, scale: statedScale, isClaimedPercent: isPercent) else { return nil }
        return Finding(verdict: .derived, places: [index.place(place)], derivation: Derivation(formula: formula))
    }

    /// The numbers of a row that are the claim's by period and column, or the only one where it names neither.
    private func own(_ label: EntryPlace) -> [(entry: Int, header: (text: String, place: Place)?)] {
        let entries = index.layouts[label.page].rows[label.row].entries
        let end = entries[label.entry].range.upperBound
        let right = entries.indices.filter { entries[$0].number != nil && entries[$0].range.lowerBound >= end }
        guard !right.isEmpty, !isNumberFirst(entries) else { return [] }
        if claim.period == nil, value.column == nil {
            let segment = segment(right, entries, after: label.entry)
            return segment.count == 1 ? [(segment[0], nil)] : []
        }
        let fitting = right.compactMap { entry -> (entry: Int, header: (text: String, place: Place)?)? in
            guard case .match(let text, let place) = column(of: EntryPlace(page: label.page, row: label.row, entry: entry), row: label)
            else { return nil }
            return (entry, (text, place))
        }
        return fitting.count == 1 ? fitting : []
    }

    /// The numbers that sentences say of the label, in its period where the claim has one.
    private func spokenNumbers() -> [(number: PrintedNumber, place: Place)] {
        guard let label = claim.labels.first else { return [] }
        var found: [(number: PrintedNumber, place: Place)] = []
        for place in index.places(of: label, on: allowed) {
            guard let token = place.tokens.first, let sentence = index.sentence(holding: token, on: place.page) else { continue }
            let spoken = SpokenClaim(index: index, page: place.page, sentence: sentence, labels: Set(labelKeys))
            if let said = spoken.find({ !$0.isBareYear }, period: claim.period), said.finding.verdict == .verified,
                let place = said.finding.places.first
            {
                found.append((said.number, place))
            }
        }
        return found
    }
}
