import QdocCore

/// Unit and scale that hold for a printed number, from beside it, from its label, from its column, or from the caption above.
struct Measure {
    var unit: String?
    var unitPlace: Place?
    var scale: PrintedScale?
    var scalePlace: Place?
    /// Whether number, label or column state it, not a caption further away.
    var isOwnUnit = false
    var isOwnScale = false

    init(of place: EntryPlace, label: EntryPlace?, header: (text: String, place: Place)?, in index: PageIndex) {
        if let number = index.entry(place).number { add(number.unit, number.scale, index.place(place)) }
        if let label { add(caption: index.entry(label).text, index.place(label)) }
        if let header { add(caption: header.text, header.place) }
        isOwnUnit = unit != nil
        isOwnScale = scale != nil
        // A percentage has no scale, whatever the caption says of the amounts.
        guard unit == nil || !Self.isPercent(unit ?? "") else { return }
        guard unit == nil || scale == nil else { return }
        // "per share (EUR)" takes no scale from further away.
        if isOwnUnit, let label, Self.isRate(index.entry(label).text) { return }
        for row in Self.captions(above: place, in: index) {
            let line = index.layouts[place.page].rows[row]
            for cell in line.cells {
                let (text, _, box) = index.layouts[place.page].cell(cell, of: line)
                if let measure = PrintedMeasure(caption: text), measure.unit != nil || measure.scale != nil {
                    add(measure.unit, measure.scale, index.place(page: place.page, box: box, text: text))
                    return
                }
            }
        }
    }

    private mutating func add(_ unit: String?, _ scale: PrintedScale?, _ place: Place) {
        if let unit, self.unit == nil {
            self.unit = unit
            unitPlace = place
        }
        if let scale, self.scale == nil {
            self.scale = scale
            scalePlace = place
        }
    }

    private mutating func add(caption: String, _ place: Place) {
        var words = caption.split(whereSeparator: \.isWhitespace).map(String.init)
        // "injuries per million hours" are not millions.
        for index in words.indices.dropFirst().reversed()
        where Self.isRate(words[index - 1]) && PrintedScale(word: words[index]) != nil { words.remove(at: index) }
        if let measure = PrintedMeasure(caption: words.joined(separator: " ")) { add(measure.unit, measure.scale, place) }
    }

    /// Rows above without numbers that may state the measure of the numbers below, nearest first.
    private static func captions(above place: EntryPlace, in index: PageIndex) -> [Int] {
        let rows = index.layouts[place.page].rows
        var found: [Int] = []
        var row = place.row - 1
        // 60 rows: a full page of a table.
        while row >= 0, place.row - row <= 60, found.count < 6 {
            let hasQuantity = rows[row].entries.contains { $0.number.map { !$0.isBareYear } ?? false }
            if !hasQuantity { found.append(row) }
            row -= 1
        }
        return found
    }

    private static func isRate(_ text: String) -> Bool {
        text.split { !$0.isLetter }.contains { ["per", "pro"].contains($0.lowercased()) }
    }

    static func isPercent(_ unit: String) -> Bool { ["%", "percent", "per cent", "pct", "prozent"].contains(unit.lowercased()) }

    /// Whether two spellings name one unit: `€` and `EUR`.
    static func isSame(_ left: String, _ right: String) -> Bool { canonical(left) == canonical(right) }

    private static func canonical(_ unit: String) -> String {
        let folded = unit.lowercased().filter { $0 != " " && $0 != "." }
        let names = [
            "€": "eur", "euro": "eur", "euros": "eur", "$": "usd", "us$": "usd", "dollar": "usd", "dollars": "usd", "£": "gbp", "¥": "jpy",
            "percent": "%", "percentage": "%", "pct": "%", "prozent": "%", "rmb": "cny", "t": "tonnes", "tons": "tonnes", "tonne": "tonnes",
            "fte": "ftes",
        ]
        return names[folded] ?? folded
    }
}
