import QdocCore
import QdocIngest
import QdocPipeline
import QdocPrompt
import QdocReport
import QdocRuntime

/// Keeps the pages or frames that a report speaks of as images, for whoever wants to look for himself.
struct SpokenPages {
    let folder: String
    /// What files are named after.
    let name: String
    let replaces: Bool
    let rule: ImageRule

    /// Draws the pages on which a value of the report was found, in the size in which they were sent, or would have been.
    ///
    /// - Throws: What opening and drawing throw; `output_exists`, `output_unwritable`.
    func save(_ report: Report, path: String, ingest: Ingest, options: RunOptions) async throws(Failure) {
        let pages = Set(report.evidence.flatMap(\.places).map(\.page.pageNumber)).sorted()
        guard !pages.isEmpty else { return }
        try Files.makeFolder(folder)
        let document = try await ingest.open(path: path, ordinal: 1, passwords: options.passwords, frames: options.frames)
        defer { document.close() }
        for page in pages {
            let geometry = try await document.geometry(of: page)
            let sent = report.images.first { $0.page.pageNumber == page && $0.region == nil }
            let size = sent?.size ?? ImageSizing.size(for: geometry.size, rule: rule, isPicture: document.source.mediaType.isPixels)
            guard let image = try await document.page(page, image: ImageOrder(size: size), parts: []).image else { continue }
            try Self.write(image, to: "\(folder)/\(name)-\(page)", replaces: replaces)
        }
    }

    /// Writes an image under its name and the suffix of its encoding.
    ///
    /// - Throws: `output_exists`, `output_unwritable`.
    static func write(_ image: RenderedImage, to path: String, replaces: Bool) throws(Failure) {
        let file = try OutputFile("\(path).\(image.encoding == .png ? "png" : "jpg")", replaces: replaces)
        try file.write(image.bytes)
        try file.commit()
    }
}
