import QdocCore

/// Makes typed tables from regions, with captions.
enum TableReader {
    static func table(_ region: TableRegion, words: [Word], decimalMark: DecimalMark?) -> Table? {
        guard var raw = RawTable(region) else { return nil }
        let banner = takeBanner(of: &raw)
        let numeric = (0..<raw.columns).map { column in isNumeric(column, in: raw.body, decimalMark: decimalMark) }
        let rows = raw.body.map { row in
            (0..<raw.columns).map { column in
                let cell = row.cells.first { $0.columns.lowerBound == column }
                return typed(cell, isNumericColumn: numeric[column], decimalMark: decimalMark)
            }
        }
        let header = raw.header.map { row in
            (0..<raw.columns).map { column in
                let cell = row.cells.first { $0.columns.contains(column) }
                return TableCell(text: cell?.text ?? "", value: cell.map { .string($0.text) } ?? .null, box: cell?.box, isBold: true)
            }
        }
        let columns = (0..<raw.columns).map { column -> PlacedText? in
            let cells = header.map { $0[column] }.filter { !$0.text.isEmpty }
            guard let box = Box.union(of: cells.compactMap(\.box)) else { return nil }
            return PlacedText(text: cells.map(\.text).joined(separator: " "), box: box)
        }
        let title = caption(over: region.box, cells: region.words, words: words) ?? banner
        let stating = [title, columns.first ?? nil].compactMap(\.self).first { PrintedMeasure(caption: $0.text) != nil }
        return Table(
            box: region.box, title: title, columns: columns, header: header, rows: rows,
            measure: stating.flatMap { PrintedMeasure(caption: $0.text) }, measurePlace: stating)
    }

    /// A first header row that is one text over all columns is a caption inside the walls.
    private static func takeBanner(of raw: inout RawTable) -> PlacedText? {
        guard raw.header.count >= 2, let only = raw.header.first?.cells.first, raw.header.first?.cells.count == 1 else { return nil }
        guard only.columns == 0...(raw.columns - 1), let box = only.box, only.text.count <= 200 else { return nil }
        raw.header.removeFirst()
        return PlacedText(text: only.text, box: box)
    }

    /// Six of ten cells that hold anything hold a number or a dash.
    private static func isNumeric(_ column: Int, in rows: [RawRow], decimalMark: DecimalMark?) -> Bool {
        let cells = rows.compactMap { $0.cells.first { $0.columns.lowerBound == column } }.map(\.text).filter { !$0.isEmpty }
        let numbers = cells.count { PrintedNumber($0, decimalMark: decimalMark) != nil }
        let dashes = cells.count { PrintedNumber.isDash($0) }
        return numbers >= 1 && Double(numbers + dashes) >= 0.6 * Double(cells.count)
    }

    private static func typed(_ cell: RawCell?, isNumericColumn: Bool, decimalMark: DecimalMark?) -> TableCell {
        guard let cell, !cell.text.isEmpty else { return TableCell(text: "", value: .null, box: cell?.box, isBold: false) }
        let isBold = cell.lines.allSatisfy(\.isBold)
        var value = JSONValue.string(cell.text)
        if PrintedNumber.isDash(cell.text) {
            value = .null
        } else if let number = PrintedNumber(cell.text, decimalMark: decimalMark), number.scale == nil,
            number.unit == nil || number.isPercent || number.unit.map(PrintedMeasure.isCurrency) == true,
            isNumericColumn || number.unit == nil
        {
            value = number.json
        }
        return TableCell(text: cell.text, value: value, box: cell.box, isBold: isBold)
    }

    /// The line directly over a table, where it reads like a caption: bold, larger than the text of the page, or beginning with "Table".
    private static func caption(over box: Box, cells: [Word], words: [Word]) -> PlacedText? {
        guard let height = median(cells.map(\.box.height)), let cellSize = median(cells.map(\.size)),
            let bodySize = median(words.map(\.size))
        else { return nil }
        let zone = Box(x: box.x - 6, y: box.y - 8 * height, width: box.width + 12, height: 8 * height)
        let rows = RowBuilder.rows(of: words.filter { zone.holdsCentre(of: $0.box) && $0.box.maxY <= box.y + 0.3 * height })
        var lines: [Chunk] = []
        var top = box.y
        for row in rows.reversed() {
            guard let chunk = row.chunks.first, row.chunks.count == 1 else { break }
            let gap = top - row.box.maxY
            if let below = lines.first {
                guard gap <= 0.6 * height, chunk.isBold == below.isBold, abs(chunk.fontSize - below.fontSize) < 0.3, lines.count < 3 else {
                    break
                }
            } else {
                guard gap <= 2.4 * height, isCaption(chunk, bodySize: max(bodySize, cellSize)) else { break }
            }
            lines.insert(chunk, at: 0)
            top = row.box.y
        }
        guard let area = Box.union(of: lines.lazy.map(\.box)) else { return nil }
        return PlacedText(text: lines.map(\.text).joined(separator: " "), box: area)
    }

    private static func isCaption(_ chunk: Chunk, bodySize: Double) -> Bool {
        guard chunk.text.count <= 160, PrintedNumber(chunk.text) == nil else { return false }
        let isNamed = ["table ", "tab. ", "exhibit ", "schedule ", "tabelle ", "tableau "].contains {
            chunk.text.lowercased().hasPrefix($0)
        }
        let isSentence = ".:;,。：，".contains(chunk.text.last ?? " ") || chunk.words.count > 16
        return isNamed || (!isSentence && (chunk.isBold || chunk.fontSize > 1.08 * bodySize))
    }
}
