public import QdocCore

/// Answers without any model, from the words, rules and paths of the pages.
///
/// It fills what it finds and leaves out what is not clear; each value carries the box it was read from. It never reasons aloud.
public struct LocalReader: AnswerSource {
    private let schema: JSONValue
    private let imageSources: Set<Int>

    /// - Parameters:
    ///   - schema: The pipeline's JSON Schema.
    ///   - imageSources: Ordinals of the sources that are image files; their pages are pictures, not pages without a text layer.
    public init(schema: JSONValue, imageSources: Set<Int> = []) {
        self.schema = schema
        self.imageSources = imageSources
    }

    /// Reads the pages of a window and emits one placed answer, then the end.
    ///
    /// A page whose content cannot be had is passed over: who asked for it records why.
    public func answer(_ window: AnswerWindow, emit: @escaping @Sendable (AnswerEvent) async throws -> Void) async throws {
        var contents: [(page: WindowPage, content: PageContent)] = []
        for page in window.pages {
            try Task.checkCancellation()
            do {
                contents.append((page, try await page.content()))
            } catch {
                continue
            }
        }
        // A page that failed because the run was cancelled must not look like an empty window.
        try Task.checkCancellation()
        let running = RunningLines(pages: contents.lazy.map { (content: $0.content, geometry: $0.page.geometry) })
        var readings: [PageReading] = []
        for (page, content) in contents {
            try Task.checkCancellation()
            readings.append(
                PageReader.read(
                    content, geometry: page.geometry, reference: page.reference, running: running,
                    isImageFile: imageSources.contains(page.reference.source)))
        }
        try await emit(.placed(placed(readings, contents: contents)))
        try await emit(.finished(.stop))
    }

    private func placed(_ readings: [PageReading], contents: [(page: WindowPage, content: PageContent)]) -> PlacedAnswer {
        let shape = SchemaView(schema)
        let report = ReportAnswer(readings: readings)
        let isReport = shape.property("keyFigures") != nil || shape.property("tables") != nil
        let mark = PrintedNumber.vote(contents.flatMap { $0.content.words.prefix(20_000).map(\.text) })
        let pairs = contents.flatMap { page, content in
            FormReader.pairs(of: content, size: page.geometry.size).map { (page: page.reference, pair: $0) }
        }
        let form = FormAnswer(readings: readings, pairs: pairs, decimalMark: mark)
        var builder = PlacedBuilder(
            images: Dictionary(
                contents.compactMap { content in content.page.imageNumbers.first.map { (content.page.reference, $0) } },
                uniquingKeysWith: { first, _ in first }))
        var data = JSONObject()
        for (name, property) in shape.properties {
            let pointer = JSONPointer([name])
            // In a report its concepts come first; in any other schema `title` or `period` may be a label of a form.
            let value =
                isReport
                ? report.value(of: name, property, at: pointer, into: &builder)
                    ?? form.value(of: name, property, at: pointer, into: &builder)
                : form.value(of: name, property, at: pointer, into: &builder)
                    ?? report.value(of: name, property, at: pointer, into: &builder)
            if let value {
                data[name] = value
            } else if property.isNullable {
                data[name] = .null
            } else if property.kinds.contains("array") {
                data[name] = []
            }
        }
        var notRead: [PageReference: Failure.Code] = [:]
        for reading in readings {
            if case .notRead(let code) = reading.outcome { notRead[reading.reference] = code }
        }
        return PlacedAnswer(data: .object(data), places: builder.places, notRead: notRead, warnings: readings.flatMap(\.warnings))
    }
}
