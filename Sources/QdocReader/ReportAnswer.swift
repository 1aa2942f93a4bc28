import QdocCore

/// Fills the concepts of the `report` pipeline by name: title, organisation, period, summary, keyFigures, tables, charts, findings.
struct ReportAnswer {
    let readings: [PageReading]

    /// No report brings out more in eight pages.
    private static let maxFigures = 40
    private static let maxFindings = 40

    /// The value of a property that carries a concept's name and shape, or nil of any other property.
    func value(of name: String, _ property: SchemaView, at pointer: JSONPointer, into builder: inout PlacedBuilder) -> JSONValue? {
        switch name {
        case "keyFigures":
            guard let items = property.items, items.property("label") != nil, items.property("value") != nil else { return nil }
            return keyFigures(items, at: pointer, into: &builder)
        case "tables":
            guard let items = property.items, items.property("columns") != nil, items.property("rows") != nil else { return nil }
            return tables(items, at: pointer, into: &builder)
        case "charts" where property.kinds.contains("array"):
            return []
        case "findings":
            guard property.items?.property("text") != nil else { return nil }
            return findings(at: pointer, into: &builder)
        default:
            guard property.kinds.contains("string"), let found = scalar(name) else { return nil }
            builder.place(pointer, on: found.page, found.places)
            return .string(found.text)
        }
    }

    // MARK: Scalars

    private struct Found {
        var text: String
        var page: PageReference
        var places: [PlacedText]
    }

    private func scalar(_ name: String) -> Found? {
        switch name {
        case "title": title
        case "organisation", "organization": organisation
        case "period": period
        case "summary": summary
        default: nil
        }
    }

    private var cover: PageReading? { readings.first { $0.reference.pageNumber == 1 } }

    /// The largest heading of the first page.
    private var titleBlock: TextBlock? {
        let blocks = cover?.blocks.filter { $0.role == .heading && $0.text.count <= 200 && PrintedNumber($0.text) == nil } ?? []
        func size(_ block: TextBlock) -> Double { block.lines.map(\.fontSize).max() ?? 0 }
        guard let largest = blocks.map(size).max() else { return nil }
        return blocks.first { size($0) >= 0.97 * largest }
    }

    private var title: Found? {
        guard let cover, let block = titleBlock else { return nil }
        return Found(text: block.text, page: cover.reference, places: block.lines.map { PlacedText(text: $0.text, box: $0.box) })
    }

    /// A line of the first page that ends or begins like the name of an organisation.
    private var organisation: Found? {
        guard let cover else { return nil }
        let lines = cover.blocks.filter { $0.role != .running }.flatMap(\.lines)
        let named = lines.first { line in
            let words = line.text.split(separator: " ").map(String.init)
            guard (2...8).contains(words.count), line.text.count <= 80, line.text.first?.isUppercase == true else { return false }
            let bare = words.map { $0.trimmingPunctuation }
            let capitals = bare.filter { $0.first?.isLowercase == true && !["of", "and", "for", "the", "de", "und", "et"].contains($0) }
            return capitals.isEmpty && bare.contains { Self.organisationWords.contains($0) } && !line.text.contains { $0.isNumber }
        }
        return named.map { Found(text: $0.text, page: cover.reference, places: [PlacedText(text: $0.text, box: $0.box)]) }
    }

    private static let organisationWords: Set<String> = [
        "Group", "AG", "plc", "PLC", "Plc", "Inc", "Ltd", "Limited", "GmbH", "N.V", "NV", "SE", "SA", "S.A", "AB", "ASA", "Oyj",
        "Corporation", "Corp",
        "Company", "Holding", "Holdings", "Authority", "Ministry", "University", "Association", "Agency", "Bank", "Foundation", "Institute",
        "LLC", "Department",
        "Bureau", "Council", "Commission", "Office", "Union", "KG", "B.V", "S.p.A", "A/S", "Supplies",
    ]

    /// The year of the title, with the quarter before it, else the line that says which period ended.
    private var period: Found? {
        guard let cover else { return nil }
        let words = titleBlock?.words ?? []
        if let at = words.lastIndex(where: { KeyFigureFinder.years(in: $0.text).count == 1 }) {
            let isPart = at > 0 && ["Q1", "Q2", "Q3", "Q4", "H1", "H2"].contains(words[at - 1].text)
            let own = Array(words[(isPart ? at - 1 : at)...at])
            let text = Chunk.join(own).trimmingPunctuation
            return Box.union(of: own.lazy.map(\.box)).map {
                Found(text: text, page: cover.reference, places: [PlacedText(text: text, box: $0)])
            }
        }
        let cues = ["year ended", "period ended", "months ended", "quarter ended", "fiscal year", "financial year"]
        let line = cover.lines.first { line in
            cues.contains(where: line.text.lowercased().contains) && !KeyFigureFinder.years(in: line.text).isEmpty && line.text.count <= 80
        }
        return line.map { Found(text: $0.text, page: cover.reference, places: [PlacedText(text: $0.text, box: $0.box)]) }
    }

    /// The first two sentences under a heading that announces a letter or a summary.
    private var summary: Found? {
        let cues = ["letter", "summary", "foreword", "message", "abstract", "overview", "highlights"]
        for reading in readings {
            guard
                let at = reading.blocks.firstIndex(where: { block in
                    block.role == .heading && cues.contains(where: block.text.lowercased().contains)
                })
            else { continue }
            let next = reading.blocks[(at + 1)...].first { $0.role == .paragraph && $0.words.count >= 8 && $0.text.contains(".") }
            guard let next else { continue }
            let sentences = Sentence.split(next.words).prefix(2)
            guard let first = sentences.first, first.text.hasSuffix(".") else { continue }
            let both = sentences.flatMap(\.words)
            let words = sentences.count == 2 && Chunk.join(both).count <= 400 ? both : first.words
            return Found(text: Sentence(words: words).text, page: reading.reference, places: Sentence.lines(of: words))
        }
        return nil
    }

    // MARK: Lists

    private func keyFigures(_ items: SchemaView, at pointer: JSONPointer, into builder: inout PlacedBuilder) -> JSONValue {
        var figures: [(page: PageReference, figure: KeyFigure)] = []
        for reading in readings {
            for figure in reading.keyFigures {
                // What a page says again of the same label and value is known already.
                let known = figures.indices.first { KeyFigureFinder.distinct([figures[$0].figure, figure]).count == 1 }
                if let known {
                    if figures[known].figure.knowledge < figure.knowledge { figures[known] = (reading.reference, figure) }
                } else {
                    figures.append((reading.reference, figure))
                }
            }
        }
        let least = figures.map(\.figure.score).sorted(by: >).prefix(Self.maxFigures).last ?? 0
        let kept = figures.filter { $0.figure.score >= least }.prefix(Self.maxFigures)
        var values: [JSONValue] = []
        for (page, figure) in kept {
            let own = pointer.appending(values.count)
            let printed = figure.measurePlace ?? figure.place
            let numbers = figure.valueLines.isEmpty ? [figure.place] : figure.valueLines
            let labels = figure.labelLines.isEmpty ? [figure.labelPlace] : figure.labelLines
            let members: [(String, JSONValue?, [PlacedText])] = [
                ("label", .string(figure.label), labels), ("value", figure.value.json, numbers),
                ("unit", figure.unit.map(JSONValue.string), figure.value.unit == nil ? [printed] : numbers),
                ("scale", figure.scale.map(JSONValue.string), figure.value.scale == nil ? [printed] : numbers),
                ("period", figure.period.map { .string($0.text) }, [figure.period].compactMap(\.self)),
            ]
            var object = JSONObject()
            for (name, value, place) in members {
                guard let shape = items.property(name) else { continue }
                if let value {
                    object[name] = value
                    builder.place(own.appending(name), on: page, place)
                } else if shape.isNullable {
                    object[name] = .null
                }
            }
            values.append(.object(object))
        }
        return .array(values)
    }

    private func tables(_ items: SchemaView, at pointer: JSONPointer, into builder: inout PlacedBuilder) -> JSONValue {
        var values: [JSONValue] = []
        for reading in readings {
            for table in reading.tables {
                let own = pointer.appending(values.count)
                var object = JSONObject()
                if let shape = items.property("title") {
                    if let title = table.title {
                        object["title"] = .string(title.text)
                        builder.place(own.appending("title"), on: reading.reference, title)
                    } else if shape.isNullable {
                        object["title"] = .null
                    }
                }
                object["columns"] = .array(table.columns.map { $0.map { .string($0.text) } ?? .null })
                for (index, column) in table.columns.enumerated() {
                    // One place for each header cell: a box over all of them would hold those of the neighbours.
                    let cells = table.header.compactMap { row in
                        row.indices.contains(index) ? row[index].box.map { PlacedText(text: row[index].text, box: $0) } : nil
                    }
                    let places = cells.isEmpty ? [column].compactMap(\.self) : cells
                    if column != nil { builder.place(own.appending("columns").appending(index), on: reading.reference, places) }
                }
                object["rows"] = .array(table.rows.map { .array($0.map(\.value)) })
                for (row, cells) in table.rows.enumerated() {
                    for (column, cell) in cells.enumerated() where !cell.value.isNull {
                        let place = cell.box.map { PlacedText(text: cell.text, box: $0) }
                        builder.place(own.appending("rows").appending(row).appending(column), on: reading.reference, place)
                    }
                }
                values.append(.object(object))
            }
        }
        return .array(values)
    }

    /// The sentences under a heading that announces conclusions, up to the next heading.
    private func findings(at pointer: JSONPointer, into builder: inout PlacedBuilder) -> JSONValue {
        let cues = ["conclu", "key findings", "our findings", "main findings", "key messages", "takeaways"]
        var values: [JSONValue] = []
        for reading in readings {
            var isInside = false
            for block in reading.blocks where block.role != .running {
                if block.role == .heading {
                    isInside = cues.contains(where: block.text.lowercased().contains)
                } else if isInside {
                    for sentence in Sentence.split(block.words) where values.count < Self.maxFindings {
                        let words = Array(
                            sentence.words.drop {
                                $0.text.count == 1 && !($0.text.first?.isLetter == true || $0.text.first?.isNumber == true)
                            })
                        guard words.count >= 3 else { continue }
                        let text = Sentence(words: words).text
                        builder.place(
                            pointer.appending(values.count).appending("text"), on: reading.reference, Sentence.lines(of: words))
                        values.append(["text": .string(text)])
                    }
                }
            }
        }
        return .array(values)
    }
}

extension String {
    var trimmingPunctuation: String {
        var text = self[...]
        while let first = text.first, !first.isLetter, !first.isNumber { text.removeFirst() }
        while let last = text.last, !last.isLetter, !last.isNumber { text.removeLast() }
        return String(text)
    }
}
