internal import CEmbedded

/// A file that travels inside the program.
public struct EmbeddedFile: Sendable {
    /// Without its suffix.
    public let name: String
    public let bytes: [UInt8]

    /// The shipped pipelines.
    public static var pipelines: [EmbeddedFile] {
        var files: [EmbeddedFile] = []
        while let file = pipeline(at: files.count) { files.append(file) }
        return files
    }

    /// The models that are known, with their endpoints and prices.
    public static var catalogue: EmbeddedFile? { unsafe read(qdoc_embedded_catalogue()) }

    /// A part of the report as a web page: `page`, `style` or `script`.
    public static func template(_ name: String) -> EmbeddedFile? {
        var index: Int32 = 0
        while let file = unsafe read(qdoc_embedded_template(index)) {
            if file.name == name { return file }
            index += 1
        }
        return nil
    }

    private static func pipeline(at index: Int) -> EmbeddedFile? { unsafe read(qdoc_embedded_pipeline(Int32(index))) }

    private static func read(_ file: qdoc_embedded_file) -> EmbeddedFile? {
        guard let name = unsafe file.name, let bytes = unsafe file.bytes else { return nil }
        return unsafe EmbeddedFile(name: String(cString: name), bytes: Array(UnsafeBufferPointer(start: bytes, count: file.count)))
    }
}
