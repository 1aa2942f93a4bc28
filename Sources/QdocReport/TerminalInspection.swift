public import QdocCore

/// Renders what qdoc sees on a page for people.
public enum TerminalInspection {
    /// The line above the pages.
    public static func head(_ source: Source, style: TerminalStyle) -> String {
        style.bold(
            "\(DisplayText.safe(source.path)) · \(source.mediaType.rawValue) · \(Plural.count(source.pageCount, "page")) · "
                + Plural.count(source.byteCount, "byte")) + "\n"
    }

    /// The text of one page, with a newline at its end.
    public static func text(_ page: PageInspection, style: TerminalStyle) -> String {
        var lines = ["", style.bold("Page \(page.number)") + style.dim("  " + facts(page))]
        switch page.outcome {
        case .read: break
        case .notRead(let code): lines.append("  not read: " + code.rawValue.split(separator: "_").joined(separator: " "))
        case .failed(let failure): lines.append("  failed: " + DisplayText.safe(failure.description))
        }
        if !page.missingFonts.isEmpty {
            lines.append("  fonts not in the document: " + page.missingFonts.map { DisplayText.safe($0) }.joined(separator: ", "))
        }
        if !page.keyFigures.isEmpty {
            let rows = page.keyFigures.map { figure in
                [
                    DisplayText.safe(figure.label),
                    [figure.value.lexical, figure.scale, figure.unit].compactMap(\.self).map { DisplayText.safe($0) }.joined(
                        separator: " "),
                    DisplayText.safe(figure.period ?? ""),
                ]
            }
            let columns: [TextTable.Column] = [.init(title: "Figure"), .init(title: "Value", isNumeric: true), .init(title: "Period")]
            lines += TextTable(columns: columns, rows: rows).lines(width: style.width, style: style)
        }
        for table in page.tables { lines += self.table(table, style) }
        for chart in page.charts {
            lines.append("  chart found\(chart.kind.map { ": " + DisplayText.safe($0) } ?? ""), numbers not read, at \(place(chart.box))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func facts(_ page: PageInspection) -> String {
        let size = page.geometry.size
        var parts = ["\(rounded(size.width)) × \(rounded(size.height)) pt"]
        if let timestamp = page.geometry.timestamp { parts.insert("at \(VideoTime.text(timestamp))", at: 0) }
        if page.geometry.rotation != 0 { parts.append("rotated by \(page.geometry.rotation)°") }
        let source = page.textSource == .ocr ? " (OCR)" : ""
        parts.append(Plural.count(page.words.count, "word") + source)
        for image in page.images {
            let tokens = image.tokens > 0 ? ", \(Plural.count(image.tokens, "token"))" : ""
            let kind = image.encoding == .png ? "PNG" : "JPEG"
            parts.append(
                "\(image.region == nil ? "image" : "part") \(image.size.width) × \(image.size.height) px\(tokens), \(Plural.count(image.byteCount, "byte")) \(kind)"
            )
        }
        return parts.joined(separator: " · ")
    }

    private static func table(_ table: InspectedTable, _ style: TerminalStyle) -> [String] {
        let count = table.rows.reduce(0) { max($0, $1.count) }
        let header = table.rows.prefix(table.headerRows)
        let columns = (0..<count).map { column in
            let names = header.map { column < $0.count ? $0[column] : "" }.filter { !$0.isEmpty }
            return TextTable.Column(title: DisplayText.safe(names.joined(separator: " ")))
        }
        let rows = table.rows.dropFirst(table.headerRows).map { $0.map { DisplayText.safe($0) } }
        let title = table.title.map { DisplayText.safe($0) } ?? "table"
        let caption = DisplayText.cut(title, to: style.width - 40) + style.dim("  at \(place(table.box))")
        return [caption] + TextTable(columns: columns, rows: Array(rows)).lines(width: style.width, style: style)
    }

    private static func place(_ box: Box) -> String {
        "\(rounded(box.x)), \(rounded(box.y)), \(rounded(box.width)) × \(rounded(box.height)) pt"
    }

    /// Whole points; text, not an integer: a page of a hostile file may be any finite size.
    private static func rounded(_ value: Double) -> String {
        JSONValue.double(value.rounded()).number?.lexical ?? "?"
    }
}
