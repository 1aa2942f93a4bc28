import QdocCore

extension PDFStructure {
    /// Content of more bytes than this is no scan, not even with the words that were recognised on it.
    private static let maxContent = 1 << 20
    /// Edges of the picture may miss those of the page by this share of its size: less than a pixel of any image made of it.
    private static let slack = 0.0005

    /// The JPEG that is all there is on a page and fills it upright.
    func soleJPEG(ofPage page: Object, layers: OptionalContent, base: Matrix, frame: Box) -> [UInt8]? {
        // Pages of text have no picture: they are told by this alone.
        guard let resources = inherited(page, "/Resources"), let objects = value(resources, "/XObject"), let key = keys(objects).first,
            keys(objects).count == 1, let picture = value(objects, key), isPlainJPEG(picture),
            value(resources, "/ExtGState") == nil, value(page, "/Annots").map({ count($0) == 0 }) ?? true,
            let content = content(ofPage: page), content.count <= PDFStructure.maxContent
        else { return nil }
        var interpreter = ContentInterpreter(self, layers: layers, base: base, page: frame, parts: [.paths, .pictures])
        interpreter.stopsAtOtherMarks = true
        interpreter.run(content, resources: resources)
        let seen = interpreter.collector.pictures
        guard seen.count == 1, interpreter.collector.paths.isEmpty, !interpreter.hasOtherMarks, let matrix = interpreter.pictureMatrix,
            isUpright(matrix), fills(matrix.box(0, 0, 1, 1), frame), fills(seen[0], frame)
        else { return nil }
        return jpeg(picture)
    }

    /// Displayed y runs down, a picture's runs up.
    private func isUpright(_ matrix: Matrix) -> Bool { matrix.a > 0 && matrix.d < 0 && matrix.b == 0 && matrix.c == 0 }

    private func fills(_ box: Box, _ frame: Box) -> Bool {
        let (across, down) = (frame.width * PDFStructure.slack, frame.height * PDFStructure.slack)
        return abs(box.x) <= across && abs(box.maxX - frame.width) <= across && abs(box.y) <= down && abs(box.maxY - frame.height) <= down
    }

    /// Whether nothing but the JPEG itself decides the picture's look.
    private func isPlainJPEG(_ picture: Object) -> Bool {
        guard isStream(picture) else { return false }
        let dictionary = dictionary(ofStream: picture)
        let changes = ["/SMask", "/Mask", "/Decode", "/DecodeParms", "/ImageMask", "/OC", "/Intent"]
        guard value(dictionary, "/Subtype").flatMap({ name($0) }) == "/Image", !changes.contains(where: { value(dictionary, $0) != nil }),
            let space = value(dictionary, "/ColorSpace"), filters(dictionary).last == "/DCTDecode"
        else { return false }
        return switch colorSpace(space) {
        case .gray, .rgb: true
        default: false
        }
    }

    func filters(_ dictionary: Object) -> [String] {
        guard let filter = value(dictionary, "/Filter") else { return [] }
        return name(filter).map { [$0] } ?? (0..<min(count(filter), 4)).compactMap { name(item(filter, $0)) }
    }

    private func jpeg(_ picture: Object) -> [UInt8]? {
        // qpdf decodes no filter of a chain that ends in one it leaves alone.
        switch filters(dictionary(ofStream: picture)) {
        case ["/DCTDecode"]: storedBytes(ofStream: picture)
        case ["/ASCII85Decode", "/DCTDecode"]: storedBytes(ofStream: picture).flatMap { ASCII85.decode($0) }
        default: nil
        }
    }
}

/// The encoding of bytes as five printable characters for four.
///
/// - Source: ISO 32000-2, 7.4.3.
enum ASCII85 {
    /// Decodes up to the end mark; nil where a character has no place there.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 5 * 4 + 4)
        var group: UInt32 = 0
        var count = 0
        for character in text {
            switch character {
            case UInt8(ascii: "!")...UInt8(ascii: "u"):
                group = group &* 85 &+ UInt32(character &- UInt8(ascii: "!"))
                count += 1
                guard count == 5 else { continue }
                append(group, 4, to: &bytes)
                (group, count) = (0, 0)
            case UInt8(ascii: "z") where count == 0: append(0, 4, to: &bytes)
            case UInt8(ascii: "~"):
                guard count != 1 else { return nil }
                for _ in count..<5 where count > 0 { group = group &* 85 &+ 84 }
                if count > 0 { append(group, count - 1, to: &bytes) }
                return bytes
            case 0, 0x09, 0x0A, 0x0C, 0x0D, 0x20: continue
            default: return nil
            }
        }
        return bytes
    }

    private static func append(_ group: UInt32, _ count: Int, to bytes: inout [UInt8]) {
        for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: group >> (24 - 8 * UInt32(place)))) }
    }
}
