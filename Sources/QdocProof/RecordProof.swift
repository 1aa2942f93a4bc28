import QdocCore

/// Looks for the value of a record at its label: in the label's row, beside it in a block, or in one sentence.
struct RecordProof {
    let index: PageIndex
    let claim: RecordClaim
    let value: RecordClaim.Value
    /// Pages that the citation names; all where it names none that has the value.
    let allowed: Set<Int>?

    func find() -> Finding? {
        guard let lexical = value.value.number?.lexical else { return nil }
        let keys = self.keys(of: lexical)
        var best: Finding?
        for label in Array(Set(labelKeys)) {
            for place in index.labels[label] ?? [] where isAllowed(place.page) {
                for found in [inRow(place, keys), inBlock(place, keys)].compactMap(\.self) { best = best?.orBetter(found) ?? found }
            }
        }
        if best?.verdict != .verified, let found = inSentence(keys) { best = best?.orBetter(found) ?? found }
        return conflicting(best) ?? best
    }

    func isAllowed(_ page: Int) -> Bool { allowed?.contains(page) != false }

    var labelKeys: [String] {
        claim.labels.flatMap { label in
            [TextKey.of(label)] + (TextKey.withoutParenthesis(label).map { [TextKey.of($0)] } ?? [])
        }.filter { !$0.isEmpty }
    }

    /// The value as it may be printed. A scale that the record states belongs to the value; digits alone are meant.
    private func keys(of lexical: String) -> Set<String> {
        var keys: Set<String> = []
        if let key = DecimalKey.of(lexical) { keys.insert(key) }
        return keys
    }

    // MARK: In a row

    private func inRow(_ label: EntryPlace, _ keys: Set<String>) -> Finding? {
        let entries = index.layouts[label.page].rows[label.row].entries
        let end = entries[label.entry].range.upperBound
        let right = entries.indices.filter { entries[$0].number != nil && entries[$0].range.lowerBound >= end }
        guard !right.isEmpty else { return nil }
        func place(_ entry: Int) -> EntryPlace { EntryPlace(page: label.page, row: label.row, entry: entry) }
        guard right.contains(where: { matches(entries[$0].number, keys) }) else { return nil }
        if claim.period == nil, value.column == nil { return withoutColumn(label, right: right, entries: entries, keys) }
        var fitting: [(entry: Int, header: (text: String, place: Place))] = []
        var hasHeader = false
        for entry in right {
            switch column(of: place(entry), row: label) {
            case .match(let text, let place):
                hasHeader = true
                fitting.append((entry, (text, place)))
            case .mismatch: hasHeader = true
            case .none: break
            }
        }
        guard hasHeader else { return withoutHeader(label, right: right, entries: entries, keys) }
        guard let hit = fitting.first(where: { matches(entries[$0.entry].number, keys) }) else { return nil }
        guard Set(fitting.map { entries[$0.entry].number?.lexical ?? "" }).count == 1 else {
            return Finding(verdict: .ambiguous, places: fitting.map { index.place(place($0.entry)) }, note: "several columns are so named")
        }
        return measured(place(hit.entry), label: label, header: hit.header, period: claim.period == nil ? nil : hit.header.place)
    }

    /// The number's column must be the claim's: by its period, and by its name where it has one.
    func column(of place: EntryPlace, row label: EntryPlace) -> ColumnHeader.Answer {
        let byName = value.column.map { ColumnHeader.name($0, above: place, in: index) }
        let byPeriod = claim.period.map { ColumnHeader.period($0, above: place, in: index) }
        switch (byName, byPeriod) {
        case (.mismatch?, _), (_, .mismatch?): return .mismatch
        case (.match?, nil), (.match?, .match?): return byPeriod ?? byName ?? .none
        case (nil, .match?): return byPeriod ?? .none
        default: return .none
        }
    }

    /// Without period or column the first number after the label is meant, and only where no other follows.
    private func withoutColumn(_ label: EntryPlace, right: [Int], entries: [Entry], _ keys: Set<String>) -> Finding? {
        let segment = self.segment(right, entries, after: label.entry)
        guard let hit = segment.first(where: { matches(entries[$0].number, keys) }) else { return nil }
        let place = EntryPlace(page: label.page, row: label.row, entry: hit)
        guard !isNumberFirst(entries) else {
            return Finding(verdict: .located, places: [index.place(place)], note: "the row's numbers stand before their labels")
        }
        guard Set(segment.map { entries[$0].number?.lexical ?? "" }).count == 1 else {
            return Finding(
                verdict: .located, places: [index.place(place)], note: "the row has several values, and nothing says which is meant")
        }
        return measured(place, label: label, header: nil, period: nil)
    }

    /// A period that no column states may stand in the row, or above it in a caption; then the row has one value.
    private func withoutHeader(_ label: EntryPlace, right: [Int], entries: [Entry], _ keys: Set<String>) -> Finding? {
        let segment = self.segment(right, entries, after: label.entry)
        guard let hit = segment.first(where: { matches(entries[$0].number, keys) }) else { return nil }
        let place = EntryPlace(page: label.page, row: label.row, entry: hit)
        let located = Finding(verdict: .located, places: [index.place(place)], note: "no column or period is printed for it")
        let period = claim.period.flatMap { caption(naming: $0, above: label) }
        guard value.column == nil, let period, !isNumberFirst(entries), Set(segment.map { entries[$0].number?.lexical ?? "" }).count == 1
        else { return located }
        return measured(place, label: label, header: nil, period: period)
    }

    /// Whether the row goes from number to label: "38.4 % Nordics 24.1 % Germany".
    func isNumberFirst(_ entries: [Entry]) -> Bool {
        let own = entries.filter { !$0.isAlias && !$0.key.isEmpty }
        guard let first = own.first, let last = own.last, let number = first.number else { return false }
        return !number.isBareYear && last.isLabel && PrintedMeasure(caption: last.text) == nil
    }

    /// Numbers from the label to the next label of the row that is not a unit.
    func segment(_ right: [Int], _ entries: [Entry], after label: Int) -> [Int] {
        var segment: [Int] = []
        let start = entries[label].range.upperBound
        for entry in entries.indices where entries[entry].range.lowerBound >= start && !entries[entry].isAlias {
            if entries[entry].isLabel, PrintedMeasure(caption: entries[entry].text) == nil, !entries[entry].key.isEmpty { break }
            if entries[entry].number != nil { segment.append(entry) }
        }
        return segment
    }

    private func caption(naming period: String, above label: EntryPlace) -> Place? {
        let wanted = Period.marks(in: period)
        guard !wanted.isEmpty else { return nil }
        let layout = index.layouts[label.page]
        for row in stride(from: label.row, through: max(0, label.row - 8), by: -1) {
            if ColumnHeader.isRunning(row, on: label.page, in: index) { continue }
            for cell in layout.rows[row].cells {
                let (text, _, box) = layout.cell(cell, of: layout.rows[row])
                if Period.marks(in: text) == wanted { return index.place(page: label.page, box: box, text: text) }
            }
        }
        return nil
    }

    // MARK: In a block

    /// A number above or below its label, as on tiles: both rows hold nothing but such numbers, or such labels.
    private func inBlock(_ label: EntryPlace, _ keys: Set<String>) -> Finding? {
        guard value.column == nil else { return nil }
        let layout = index.layouts[label.page]
        let row = layout.rows[label.row]
        guard !row.entries.contains(where: { $0.number != nil }) else { return nil }
        let box = row.entries[label.entry].box
        var candidates: [(place: EntryPlace, gap: Double)] = []
        for next in [label.row - 1, label.row + 1] where layout.rows.indices.contains(next) {
            let other = layout.rows[next]
            guard !other.entries.contains(where: { $0.isLabel && !$0.isAlias && !$0.key.isEmpty }) else { continue }
            for (entry, piece) in other.entries.enumerated() where piece.number != nil {
                let gap = next < label.row ? box.y - piece.box.maxY : piece.box.y - box.maxY
                let isAligned =
                    min(abs(piece.box.x - box.x), abs(piece.box.midX - box.midX), abs(piece.box.maxX - box.maxX)) < 1.5 * row.size
                if isAligned, gap < 1.6 * max(row.size, other.size) {
                    candidates.append((EntryPlace(page: label.page, row: next, entry: entry), gap))
                }
            }
        }
        guard let nearest = candidates.min(by: { $0.gap < $1.gap }), matches(index.entry(nearest.place).number, keys) else { return nil }
        let others = candidates.filter { $0.place != nearest.place && $0.gap < nearest.gap + 0.5 * row.size }
        guard others.isEmpty, !isClaimedByOther(label: label, number: nearest.place) else {
            return Finding(verdict: .located, places: [index.place(nearest.place)], note: "another label stands as near")
        }
        var period: Place?
        if let wanted = claim.period {
            period = caption(naming: wanted, above: label)
            if period == nil {
                return Finding(verdict: .located, places: [index.place(nearest.place)], note: "its period is not printed beside it")
            }
        }
        return measured(nearest.place, label: label, header: nil, period: period)
    }

    /// Whether a label on the number's other side stands nearer to it.
    private func isClaimedByOther(label: EntryPlace, number: EntryPlace) -> Bool {
        let layout = index.layouts[label.page]
        let opposite = 2 * number.row - label.row
        guard layout.rows.indices.contains(opposite) else { return false }
        let box = index.entry(number).box
        let own = verticalGap(box, index.entry(label).box)
        return layout.rows[opposite].entries.contains {
            $0.isLabel && $0.box.x < box.maxX && $0.box.maxX > box.x && verticalGap(box, $0.box) < own + 0.5 * layout.rows[opposite].size
        }
    }

    private func verticalGap(_ left: Box, _ right: Box) -> Double { max(0, max(left.y - right.maxY, right.y - left.maxY)) }

    // MARK: Measures

    private func matches(_ number: PrintedNumber?, _ keys: Set<String>) -> Bool {
        guard let number else { return false }
        return !PageIndex.keys(of: number).isDisjoint(with: keys) && !(claim.scale != nil && !digitsMatch(number, keys))
    }

    /// Whether the printed digits themselves are the value, no scale applied.
    private func digitsMatch(_ number: PrintedNumber, _ keys: Set<String>) -> Bool {
        DecimalKey.of(number.lexical).map(keys.contains) ?? false
    }

    private func measured(_ place: EntryPlace, label: EntryPlace, header: (text: String, place: Place)?, period: Place?) -> Finding {
        var finding = Finding(verdict: .verified, places: [index.place(place)])
        finding.label = index.place(label)
        finding.period = period
        settle(&finding, Measure(of: place, label: label, header: header, in: index))
        return finding
    }

    /// Compares the record's unit and scale with the printed ones; a value in another measure is another value.
    private func settle(_ finding: inout Finding, _ measure: Measure) {
        // "EUR million" as a unit states the scale too.
        let claimed = claim.unit.flatMap { PrintedMeasure(caption: $0) }
        if let unit = claim.unit, let printed = measure.unit {
            if Measure.isSame(unit, printed) || claimed?.unit.map({ Measure.isSame($0, printed) }) == true {
                finding.unit = measure.unitPlace
            } else if claimed?.unit != nil || Measure.isPercent(unit) || measure.isOwnUnit {
                finding.verdict = .located
                finding.note = "it is printed in \(printed)"
            }
        }
        let stated = claim.scale.map { PrintedScale(word: $0, isAttached: true) }
        if let inUnit = claimed?.scale, inUnit != measure.scale || stated.map({ $0 != inUnit }) == true {
            finding.verdict = .located
            finding.note = "it is printed in another scale"
        } else if let stated {
            if let stated, stated == measure.scale {
                finding.scale = measure.scalePlace
            } else if let printed = measure.scale, stated != nil, finding.verdict == .verified {
                // The same digits in billions are a thousand times the value.
                finding.verdict = .contradicted
                finding.note = "it is printed in \(printed)s"
                finding.found = finding.places.first.map { .string($0.text) }
            } else {
                finding.verdict = .located
                finding.note = measure.scale == nil ? "its scale is not printed beside it" : "it is printed in another scale"
            }
        } else if claimed?.scale == nil, claim.hasScale, let scale = measure.scale, !isScaled(finding, scale) {
            // What is counted in people takes no scale from a caption about money.
            let isCount = claim.unit != nil && claimed?.unit == nil && !measure.isOwnScale
            guard !isCount else { return }
            finding.verdict = .located
            finding.note = "it is printed in \(scale)s"
        }
    }

    /// Whether the value is the printed one with its scale applied.
    private func isScaled(_ finding: Finding, _ scale: PrintedScale) -> Bool {
        guard let lexical = value.value.number?.lexical, let key = DecimalKey.of(lexical), key != "0" else { return true }
        return finding.places.contains { place in
            guard let page = index.pages.firstIndex(where: { $0.reference == place.page }) else { return false }
            return index.numbers[key, default: []].contains { found in
                found.page == page && index.entry(found).box.intersection(place.box) != nil
                    && index.entry(found).number.flatMap { DecimalKey.of($0.lexical) } != key
            }
        }
    }

    // MARK: In a sentence

    private func inSentence(_ keys: Set<String>) -> Finding? {
        var best: Finding?
        for key in keys {
            for (page, number) in index.spoken[key] ?? [] where isAllowed(page) {
                let sentence = SpokenClaim(index: index, page: page, sentence: index.sentences[page][number], labels: Set(labelKeys))
                guard value.column == nil, let found = sentence.find({ matches($0, keys) }, period: claim.period) else { continue }
                var finding = found.finding
                if finding.verdict == .verified {
                    // The unit of a count is what is counted.
                    settle(
                        &finding,
                        Measure(unit: found.isCount ? nil : found.number.unit, scale: found.number.scale, at: finding.places.first))
                }
                best = best?.orBetter(finding) ?? finding
            }
        }
        return best
    }

    // MARK: Conflicts

    /// The same label and column with another value elsewhere leaves open which is meant, unless the citation says it.
    private func conflicting(_ finding: Finding?) -> Finding? {
        guard let finding, finding.verdict == .verified, allowed == nil, claim.period != nil, let place = finding.places.first else {
            return nil
        }
        var others: [Place] = []
        for label in Set(labelKeys) {
            for hit in index.labels[label] ?? [] {
                let entries = index.layouts[hit.page].rows[hit.row].entries
                for (entry, piece) in entries.enumerated() where piece.range.lowerBound >= entries[hit.entry].range.upperBound {
                    guard let number = piece.number, let lexical = value.value.number?.lexical, !matches(number, keys(of: lexical)) else {
                        continue
                    }
                    let candidate = EntryPlace(page: hit.page, row: hit.row, entry: entry)
                    guard case .match(let text, let header) = column(of: candidate, row: hit) else { continue }
                    let measure = Measure(of: candidate, label: hit, header: (text, header), in: index)
                    let isOtherScale = claim.scale.map { PrintedScale(word: $0, isAttached: true) != measure.scale } ?? false
                    let isOtherUnit = claim.unit.map { unit in measure.unit.map { !Measure.isSame(unit, $0) } ?? false } ?? false
                    if !isOtherScale, !isOtherUnit { others.append(index.place(candidate)) }
                }
            }
        }
        guard !others.isEmpty else { return nil }
        return Finding(verdict: .ambiguous, places: [place] + others.prefix(3), note: "the same label has another value elsewhere")
    }
}

extension Measure {
    /// What is printed beside the number alone.
    init(unit: String?, scale: PrintedScale?, at place: Place?) {
        self.unit = unit
        self.scale = scale
        unitPlace = unit == nil ? nil : place
        scalePlace = scale == nil ? nil : place
        isOwnUnit = unit != nil
        isOwnScale = scale != nil
    }
}
