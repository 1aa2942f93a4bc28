import QdocCore

/// Tells what bytes hold from the bytes alone, never from a name.
enum MediaSniffer {
    /// Bytes from the start that are looked at; a PDF's header may stand anywhere in them (ISO 32000-1, annex H.3.4.1).
    static let window = 1024

    /// - Parameter head: The first `window` bytes of the file.
    /// - Throws: `unsupported_media`, naming what the bytes look like.
    static func mediaType(of head: [UInt8], path: String) throws(Failure) -> MediaType {
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if holds(head.prefix(window), "%PDF-") { return .pdf }
        throw Failure(
            .unsupportedMedia, "\(path) \(likeness(of: head))",
            remedy: "give a PDF, PNG or JPEG file")
    }

    private static let signatures: [(offset: Int, text: String, likeness: String)] = [
        (8, "WEBP", "is a WebP image"), (8, "WAVE", "is a sound"), (8, "AVI ", "is a video"), (0, "GIF8", "is a GIF image"),
        (0, "II*\0", "is a TIFF image"), (0, "MM\0*", "is a TIFF image"), (4, "ftypheic", "is a HEIC image"),
        (4, "ftypmif1", "is a HEIC image"), (4, "ftypavif", "is an AVIF image"), (4, "ftyp", "is a video"),
        (0, "\u{1A}E", "is a video"), (0, "BM", "is a BMP image"), (0, "PK\u{3}\u{4}", "is a ZIP archive or an Office document"),
        (0, "%!PS", "is PostScript"), (0, "{\\rtf", "is an RTF document"), (0, "\u{7F}ELF", "is a program"),
        (0, "<!DOCTYPE html", "is a web page"), (0, "<html", "is a web page"), (0, "<?xml", "is XML"), (0, "<svg", "is an SVG image"),
    ]

    private static func likeness(of head: [UInt8]) -> String {
        for (offset, text, likeness) in signatures where head.dropFirst(offset).starts(with: text.utf8) { return likeness }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) { return "is an old Office document" }
        // A character may be cut at the end of the window.
        let isText = String(validating: head.dropLast(min(3, max(0, head.count - 1))), as: UTF8.self) != nil && !head.contains(0)
        return isText ? "is a text" : "is of no known type"
    }

    private static func holds(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }
}
