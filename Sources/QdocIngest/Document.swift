public import QdocCore
import QdocDecoding
import QdocRuntime

/// A source whose pages can be asked for, in any order and from any task.
///
/// Each call takes a free lane; several calls at once are served by several workers, a single one never starts a second.
public final class Document: Sendable {
    public let source: Source
    let ingest: Ingest
    private let reading: SourceReading

    init(source: Source, reading: SourceReading, ingest: Ingest) {
        self.source = source
        self.reading = reading
        self.ingest = ingest
    }

    deinit {
        reading.close()
    }

    /// Measures a page, from 1.
    ///
    /// - Throws: As `page`.
    public func geometry(of pageNumber: Int) async throws(Failure) -> PageGeometry {
        try check(pageNumber)
        return try await reading.geometry(of: pageNumber, pageCount: source.pageCount)
    }

    /// Draws a page and reads its content in one trip to a child; the content is kept in the work file.
    ///
    /// A cancelled task ends its worker at once.
    ///
    /// - Throws: `page_out_of_range`, `page_damaged`, `page_too_large`, `decode_limit`, `decode_crashed` (after a second try in a fresh
    ///   worker), `decode_timed_out`, `decoder_protocol`, `work_file_failed`; `interrupted` when the task is cancelled.
    public func page(_ pageNumber: Int, image: ImageOrder?, parts: ContentParts) async throws(Failure) -> PageDelivery {
        try check(pageNumber)
        let page = try await reading.page(PageRequest(pageNumber: pageNumber, image: image, parts: parts))
        var content: StoredContent?
        if let bytes = page.content { content = try StoredContent(bytes, in: ingest.workFile) }
        return PageDelivery(geometry: page.geometry, image: page.image, content: content)
    }

    /// Ends the workers of this document; it can't be asked any more.
    public func close() {
        reading.close()
    }

    private func check(_ pageNumber: Int) throws(Failure) {
        guard (1...source.pageCount).contains(pageNumber) else {
            throw Failure(.pageOutOfRange, "\(source.path) has \(source.pageCount) pages, page \(pageNumber) is asked for")
        }
    }
}
