import QdocCore

/// Tells what bytes hold from the bytes alone, never from a name.
enum MediaSniffer {
    /// A PDF's header may stand anywhere in so many bytes from the start (ISO 32000-1, annex H.3.4.1).
    private static let pdfWindow = 1024

    /// - Throws: `unsupported_media`, naming what the bytes look like.
    static func mediaType(of bytes: SniffedBytes, path: String) throws(Failure) -> MediaType {
        switch kind(of: bytes) {
        case .known(let mediaType): return mediaType
        case .unknown(let likeness, let remedy):
            throw Failure(
                .unsupportedMedia, "\(path) \(likeness)",
                remedy: remedy ?? "give a PDF, an image, a video, a text, a mail message or an Office document")
        }
    }

    private static func kind(of bytes: SniffedBytes) -> ContainerKind {
        let head = bytes.head
        if let picture = picture(head) { return .known(picture) }
        if SniffedBytes.needsTail(head) { return ContainerKind.zip(bytes) }
        if let container = ContainerKind.boxes(head) ?? ContainerKind.matroska(head) ?? ContainerKind.riff(head) { return container }
        for (offset, mark, likeness, remedy) in signatures where ByteView(bytes: head).holds(mark, at: offset) {
            return .unknown(likeness, remedy: remedy)
        }
        if head.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            return .unknown("is an old Office document, or one with a password", remedy: "save it as .docx, .xlsx, .pptx or PDF")
        }
        if let binary = binaries.first(where: { head.starts(with: $0.mark) }) { return .unknown(binary.likeness, remedy: binary.remedy) }
        if holds(head.prefix(pdfWindow), "%PDF-") { return .known(.pdf) }
        if let text = TextKind.kind(of: head, isWhole: bytes.isWhole) { return .known(text) }
        return .unknown("is of no known type", remedy: nil)
    }

    private static func picture(_ head: [UInt8]) -> MediaType? {
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        // TIFF 6.0 and BigTIFF, in both orders of bytes.
        let tiff: [[UInt8]] = [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]]
        if tiff.contains(where: { head.starts(with: $0) }) { return .tiff }
        if head.starts(with: "GIF87a".utf8) || head.starts(with: "GIF89a".utf8) { return .gif }
        if isBitmap(head) { return .bmp }
        if isGraymap(head) { return .graymap }
        return nil
    }

    /// "BM" alone begins many a text: the size of one of the known headers follows.
    private static func isBitmap(_ head: [UInt8]) -> Bool {
        let view = ByteView(bytes: head)
        return view.holds("BM", at: 0) && view.little32(14).map { [12, 16, 40, 52, 56, 64, 108, 124].contains($0) } == true
    }

    /// "P5", then white space or comments and a width (netpbm's pgm(5)).
    private static func isGraymap(_ head: [UInt8]) -> Bool {
        guard head.starts(with: "P5".utf8) else { return false }
        var rest = head.dropFirst(2)
        guard let first = rest.first, first <= 0x20 || first == UInt8(ascii: "#") else { return false }
        // Comments run to the end of their line.
        for _ in 0..<64 {
            rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
            guard rest.first == UInt8(ascii: "#") else { break }
            rest = rest.drop { $0 != 0x0A }
        }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        return !digits.isEmpty && digits.count <= 9 && rest.dropFirst(digits.count).first.map { $0 <= 0x20 } == true
    }

    private static let signatures: [(offset: Int, mark: String, likeness: String, remedy: String?)] = [
        (0, "%!PS", "is PostScript", "convert it by `ps2pdf IN OUT`"), (0, "{\\rtf", "is an RTF document", "save it as .docx or PDF"),
        (0, "AT&TFORM", "is a DjVu document", "convert it to PDF"), (0, "8BPS", "is a Photoshop image", "save it as PNG"),
        (0, "OggS", "is an Ogg sound or video", nil), (0, "fLaC", "is a sound", nil),
        (0, "MThd", "is a sound", nil), (0, "FLV\u{1}", "is a Flash video", "convert it to MP4"),
        (0, "Rar!\u{1A}", "is a RAR archive", "unpack it and give the files in it"),
        (257, "ustar", "is a tar archive", "unpack it"),
        (4, "1AY&SY", "is compressed by bzip2", "unpack it"), (0, "PK\u{5}\u{6}", "is an empty ZIP archive", nil),
        (0, "PK\u{7}\u{8}", "is a part of a ZIP archive", "join its parts and unpack it"), (0, "SQLite format 3\0", "is a database", nil),
        (0, "PAR1", "is a Parquet table", "save it as CSV"), (0, "\u{7F}ELF", "is a program", nil),
        (0, "<svg", "is an SVG image", "convert it to PDF or PNG"), (0, "wOFF", "is a font", nil), (0, "OTTO\0", "is a font", nil),
        (128, "DICM", "is a DICOM image", "convert it to PNG"), (0, "!BDN", "is an Outlook mailbox", "save its messages as .eml"),
    ]

    private static let binaries: [(mark: [UInt8], likeness: String, remedy: String?)] = [
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "is a 7z archive", "unpack it and give the files in it"),
        ([0x49, 0x44, 0x33, 2], "is a sound", nil), ([0x49, 0x44, 0x33, 3], "is a sound", nil), ([0x49, 0x44, 0x33, 4], "is a sound", nil),
        ([0x4D, 0x5A, 0x90, 0], "is a program", nil), ([0x1F, 0x8B], "is compressed by gzip", "unpack it"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "is compressed by xz", "unpack it"),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed by zstd", "unpack it"), ([0, 0, 1, 0], "is an icon", "convert it to PNG"),
        ([0xFF, 0x0A], "is a JPEG XL image", "convert it to PNG"),
        ([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20], "is a JPEG XL image", "convert it to PNG"),
        ([0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20], "is a JPEG 2000 image", "convert it to PNG"),
        ([0xFF, 0x4F, 0xFF, 0x51], "is a JPEG 2000 image", "convert it to PNG"), ([0xFF, 0xFB], "is a sound", nil),
        ([0xFF, 0xF1], "is a sound", nil),
        ([0, 0, 1, 0xBA], "is an MPEG video", "convert it to MP4"),
        ([0x30, 0x26, 0xB2, 0x75], "is a Windows Media file", "convert it to MP4"),
        ([0x49, 0x49, 0xBC], "is a JPEG XR image", "convert it to PNG"), ([0, 1, 0, 0, 0], "is a font", nil),
    ]

    private static func holds(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return bytes.indices.contains { bytes[$0] == wanted[0] && bytes[$0...].starts(with: wanted) }
    }
}
