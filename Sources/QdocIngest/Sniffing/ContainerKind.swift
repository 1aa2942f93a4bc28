import QdocCore

/// What a container holds: a kind that is read, or what to call it.
enum ContainerKind {
    case known(MediaType)
    /// As in "is a sound", and what to do about it.
    case unknown(String, remedy: String?)

    /// A ZIP archive, told by the names in it.
    static func zip(_ bytes: SniffedBytes) -> ContainerKind {
        let names = ZIPNames(bytes)
        if let mimetype = names.mimetype { return openDocument(mimetype) }
        guard names.hold("[Content_Types].xml") else {
            if names.hold("META-INF/MANIFEST.MF") { return .unknown("is a Java archive", remedy: nil) }
            if names.hold("AndroidManifest.xml") { return .unknown("is a program", remedy: nil) }
            return .unknown("is a ZIP archive", remedy: "unpack it and give the files in it")
        }
        if names.hold("word/") { return .known(.docx) }
        if names.hold("xl/workbook.bin") { return .unknown("is a binary Excel workbook", remedy: "save it as .xlsx or PDF") }
        if names.hold("xl/") { return .known(.xlsx) }
        if names.hold("ppt/") { return .known(.pptx) }
        if names.hold("visio/") { return .unknown("is a Visio drawing", remedy: "save it as PDF") }
        return .unknown("is an Office file of no known type", remedy: "save it as PDF")
    }

    private static func openDocument(_ mimetype: String) -> ContainerKind {
        let prefix = "application/vnd.oasis.opendocument."
        // A template is read as the document that it makes.
        switch mimetype {
        case prefix + "text", prefix + "text-template": return .known(.odt)
        case prefix + "spreadsheet", prefix + "spreadsheet-template": return .known(.ods)
        case prefix + "presentation", prefix + "presentation-template": return .known(.odp)
        case "application/epub+zip": return .unknown("is an EPUB book", remedy: "convert it to PDF")
        default:
            return mimetype.hasPrefix(prefix)
                ? .unknown("is an OpenDocument file of another kind", remedy: "save it as PDF")
                : .unknown("is a ZIP archive", remedy: "unpack it and give the files in it")
        }
    }

    /// A file of boxes (ISO/IEC 14496-12), told by the brands that it says it follows.
    static func boxes(_ head: [UInt8]) -> ContainerKind? {
        let view = ByteView(bytes: head)
        // What QuickTime wrote before there were brands.
        if ["moov", "wide", "mdat", "pnot", "skip", "free"].contains(where: { view.holds($0, at: 4) }),
            head.prefix(4).contains(where: { $0 < 9 })
        {
            return .known(.quicktime)
        }
        guard view.holds("ftyp", at: 4), let major = view.text(8, 4) else { return nil }
        let size = head[0..<4].reduce(0) { $0 << 8 | Int($1) }
        // The major brand, then the compatible ones to the end of the box.
        let brands = [major] + stride(from: 16, to: min(size, 256, head.count - 3), by: 4).compactMap { view.text($0, 4) }
        if brands.contains(where: { ["avif", "avis"].contains($0) }) {
            return .unknown("is an AVIF image", remedy: "convert it, for instance by `heif-convert IN OUT.png` (package libheif-examples)")
        }
        let pictures = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]
        if pictures.contains(major) {
            return .unknown("is a HEIC image", remedy: "convert it, for instance by `heif-convert IN OUT.png` (package libheif-examples)")
        }
        if major == "qt  " { return .known(.quicktime) }
        if ["M4A ", "M4B ", "M4P "].contains(major) { return .unknown("is a sound", remedy: nil) }
        if ["jp2 ", "jpx ", "jpm "].contains(major) { return .unknown("is a JPEG 2000 image", remedy: "convert it to PNG") }
        if major == "crx " { return .unknown("is a camera's raw image", remedy: "convert it to JPEG") }
        return .known(.mp4)
    }

    /// An EBML file (RFC 8794), told by its document type (element 0x4282).
    static func matroska(_ head: [UInt8]) -> ContainerKind? {
        guard head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) else { return nil }
        let header = head.prefix(256)
        for index in header.indices where header[index...].starts(with: [0x42, 0x82]) && index + 3 < header.count {
            // Its length is one byte with the first bit set.
            let count = Int(header[index + 2] & 0x7F)
            switch ByteView(bytes: Array(header)).text(index + 3, count)?.prefix(while: { $0 != "\0" }) {
            case "matroska": return .known(.matroska)
            case "webm": return .known(.webm)
            default: continue
            }
        }
        return .unknown("is an EBML file of no known type", remedy: nil)
    }

    /// A RIFF file, told by its form.
    static func riff(_ head: [UInt8]) -> ContainerKind? {
        let view = ByteView(bytes: head)
        guard view.holds("RIFF", at: 0) || view.holds("RIFX", at: 0), let form = view.text(8, 4) else { return nil }
        switch form {
        case "WEBP": return .known(.webp)
        case "AVI ": return .known(.avi)
        case "WAVE": return .unknown("is a sound", remedy: nil)
        default: return .unknown("is a RIFF file of no known type", remedy: nil)
        }
    }
}
