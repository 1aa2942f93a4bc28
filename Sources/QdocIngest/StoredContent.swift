public import QdocCore
import QdocDecoding
import QdocRuntime

/// The content of a page where it lies in the work file: flat bytes that were found good when they came from the child.
public struct StoredContent: Sendable {
    let range: WorkFile.Range
    let workFile: WorkFile

    /// Keeps bytes.
    ///
    /// - Throws: `work_file_failed`.
    init(_ bytes: [UInt8], in workFile: WorkFile) throws(Failure) {
        range = try workFile.append(bytes)
        self.workFile = workFile
    }

    /// Reads the content back.
    ///
    /// - Throws: `work_file_failed`.
    public func load() throws(Failure) -> PageContent {
        let bytes = try workFile.read(range)
        do throws(Failure) {
            return try ContentFrame.decode(bytes)
        } catch {
            throw Failure(.workFileFailed, "the work file gives other bytes back than were written")
        }
    }
}

/// What one page gave.
public struct PageDelivery: Sendable {
    public var geometry: PageGeometry
    /// Nil where none was ordered.
    public var image: RenderedImage?
    /// Nil where no part was asked for.
    public var content: StoredContent?

    public init(geometry: PageGeometry, image: RenderedImage?, content: StoredContent?) {
        self.geometry = geometry
        self.image = image
        self.content = content
    }
}
