public import QdocCore

/// Reads a page without a model: text in order, tables, charts that are there, key figures.
///
/// A pure function of the page content. What is not clear is left out.
public enum PageReader {
    /// Reads one page.
    ///
    /// - Parameter running: The headers and footers of the pages around it.
    /// - Complexity: n log n in the words, plus crossings of rules; pages of more than 60,000 words are read for their text alone.
    public static func read(
        _ content: PageContent, geometry: PageGeometry, reference: PageReference, running: RunningLines = RunningLines(),
        isImageFile: Bool = false
    ) -> PageReading {
        let turn = PageTurn(content, size: geometry.size)
        let turned = PageGeometry(size: turn.turnedSize, rotation: geometry.rotation)
        return turn.back(
            readUpright(turn.turned(content), geometry: turned, reference: reference, running: running, isImageFile: isImageFile))
    }

    private static func readUpright(
        _ content: PageContent, geometry: PageGeometry, reference: PageReference, running: RunningLines, isImageFile: Bool
    ) -> PageReading {
        let words = content.words.filter { $0.box.isUsable && !$0.text.isEmpty && $0.direction == .right }
        var warnings = pictureWarnings(content, geometry: geometry, reference: reference)
        let outcome = outcome(of: content, geometry: geometry, isImageFile: isImageFile)
        // The largest pages on record hold some 20,000 words.
        let isHuge = words.count > 60_000
        let rules = RuleLayout(isHuge ? [] : content.rulings)
        let charts = isHuge ? [] : ChartFinder.charts(paths: content.paths, words: words, rules: rules)
        let body = words.filter { word in !charts.contains { $0.box.holdsCentre(of: word.box) } }
        let mark = PrintedNumber.vote(
            words.lazy.filter { $0.text.unicodeScalars.contains { $0.properties.numericType == .decimal } }.map(\.text))
        let plain = rules.without(charts: charts)
        let regions = isHuge ? [] : TableFinder(rules: plain).regions(in: body)
        let tables = regions.compactMap { TableReader.table($0, words: body, decimalMark: mark) }
        let captions = tables.compactMap(\.title?.box)
        let taken = tables.map(\.box) + captions
        let free = body.filter { word in !taken.contains { $0.grown(by: 0.5).holdsCentre(of: word.box) } }
        let blocks = BlockBuilder.blocks(words: free, uprights: plain.uprights) { running.holds($0, geometry) }
        for chart in charts {
            let message =
                "page \(reference.pageNumber): a \(chart.kind == .other ? "" : chart.kind.rawValue + " ")chart is there and was not read"
            warnings.append(Warning(code: .chartNotRead, message: message, page: reference))
        }
        let finder = KeyFigureFinder(blocks: blocks, tables: tables, decimalMark: mark)
        return PageReading(
            reference: reference, blocks: blocks, tables: tables, charts: charts, keyFigures: finder.figures(), outcome: outcome,
            warnings: warnings)
    }

    /// A page without words is read only when it is blank.
    private static func outcome(of content: PageContent, geometry: PageGeometry, isImageFile: Bool) -> PageOutcome {
        guard content.words.isEmpty else { return .read }
        if isImageFile { return .notRead(.pictureNotRead) }
        let hasDrawing = content.paths.contains { $0.fill != Color(red: 255, green: 255, blue: 255) || $0.stroke != nil }
        return content.pictures.isEmpty && !hasDrawing ? .read : .notRead(.noTextLayer)
    }

    /// One warning for each picture over 15 % of the page; below that it is most likely a logo or an ornament.
    private static func pictureWarnings(_ content: PageContent, geometry: PageGeometry, reference: PageReference) -> [Warning] {
        guard !content.words.isEmpty else { return [] }
        let page = Box(x: 0, y: 0, width: geometry.size.width, height: geometry.size.height)
        let large = content.pictures.count { picture in
            (picture.intersection(page)?.area ?? 0) > 0.15 * page.area
                && !content.words.contains { $0.source == .ocr && picture.contains($0.box, tolerance: 1) }
        }
        guard large > 0 else { return [] }
        let pictures = large == 1 ? "a picture was" : "\(large) pictures were"
        return [Warning(code: .pictureNotRead, message: "page \(reference.pageNumber): \(pictures) not read", page: reference)]
    }
}

extension RuleLayout {
    /// The rules outside charts.
    func without(charts: [ChartFound]) -> RuleLayout {
        var copy = self
        copy.horizontals.removeAll { rule in charts.contains { $0.box.grown(by: 1).contains(rule.box) } }
        copy.uprights.removeAll { rule in charts.contains { $0.box.grown(by: 1).contains(rule.box) } }
        return copy
    }
}
