public import QdocCore

/// Page content as flat bytes: how it crosses from the child and lies in the work file.
///
/// Layout, little-endian: counts of words, rulings, paths, subpaths, vertices, pictures and missing fonts (`UInt32` each); then one array for each
/// kind.
public enum ContentFrame {
    private static let wordBytes = 2 + 32 + 8 + 1 + 1
    private static let rulingBytes = 40
    private static let pathBytes = 4 + 1 + 3 + 3 + 8
    private static let subpathBytes = 4 + 1
    private static let vertexBytes = 16
    private static let pictureBytes = 32

    /// Writes content as bytes.
    ///
    /// Things with a coordinate that is no number or lies beyond any page are left out.
    ///
    /// - Throws: `page_too_large` where a count is over its bound.
    public static func encode(_ content: PageContent) throws(Failure) -> [UInt8] {
        let words = content.words.filter { fits($0.box) && fits($0.fontSize) && $0.text.utf8.count <= WireLimits.wordBytes }
        let rulings = content.rulings.filter { fits($0.start) && fits($0.end) && fits($0.thickness) }
        let paths = content.paths.filter { path in
            fits(path.lineWidth) && path.subpaths.count == path.isClosed.count && path.subpaths.allSatisfy { $0.allSatisfy(fits) }
        }
        let pictures = content.pictures.filter(fits)
        let subpaths = paths.reduce(0) { $0 + $1.subpaths.count }
        let vertices = paths.reduce(0) { $1.subpaths.reduce($0) { $0 + $1.count } }
        guard
            words.count <= WireLimits.words, rulings.count <= WireLimits.rulings, paths.count <= WireLimits.paths,
            subpaths <= WireLimits.subpaths, vertices <= WireLimits.vertices, pictures.count <= WireLimits.pictures
        else { throw Failure(.pageTooLarge, "the page holds more words or paths than can be read") }

        var writer = WireWriter(
            reserving: 64 + words.count * (wordBytes + 8) + rulings.count * rulingBytes + paths.count * pathBytes
                + subpaths * subpathBytes + vertices * vertexBytes + pictures.count * pictureBytes)
        let fonts = content.missingFonts.prefix(WireLimits.fonts)
        for count in [words.count, rulings.count, paths.count, subpaths, vertices, pictures.count, fonts.count] {
            writer.put(UInt32(count))
        }
        for word in words { put(word, into: &writer) }
        for ruling in rulings {
            for value in [ruling.start.x, ruling.start.y, ruling.end.x, ruling.end.y, ruling.thickness] { writer.put(value) }
        }
        for path in paths { put(path, into: &writer) }
        for picture in pictures { writer.put(picture) }
        for font in fonts { writer.put(font, atMost: WireLimits.fontBytes) }
        return writer.bytes
    }

    /// Reads content from bytes, believing none of them.
    ///
    /// - Throws: `decoder_protocol` where a count, a number or a text is out of bounds or bytes are missing or left over.
    public static func decode(_ bytes: [UInt8]) throws(Failure) -> PageContent {
        var reader = WireReader(bytes)
        var content = PageContent()
        let words = try reader.count(atMost: WireLimits.words, of: wordBytes, "words")
        let rulings = try reader.count(atMost: WireLimits.rulings, of: rulingBytes, "rulings")
        let paths = try reader.count(atMost: WireLimits.paths, of: pathBytes, "paths")
        var subpaths = try reader.count(atMost: WireLimits.subpaths, of: subpathBytes, "subpaths")
        var vertices = try reader.count(atMost: WireLimits.vertices, of: vertexBytes, "vertices")
        let pictures = try reader.count(atMost: WireLimits.pictures, of: pictureBytes, "pictures")
        let fonts = try reader.count(atMost: WireLimits.fonts, of: 2, "fonts")
        content.words.reserveCapacity(words)
        for _ in 0..<words { content.words.append(try word(from: &reader)) }
        content.rulings.reserveCapacity(rulings)
        for _ in 0..<rulings {
            content.rulings.append(Ruling(start: try reader.point(), end: try reader.point(), thickness: try reader.length()))
        }
        content.paths.reserveCapacity(paths)
        for _ in 0..<paths { content.paths.append(try path(from: &reader, subpaths: &subpaths, vertices: &vertices)) }
        guard subpaths == 0, vertices == 0 else { throw .wire("paths and their vertices differ") }
        for _ in 0..<pictures { content.pictures.append(try reader.box()) }
        for _ in 0..<fonts { content.missingFonts.append(try reader.plainText(atMost: WireLimits.fontBytes)) }
        try reader.finish()
        return content
    }

    private static func put(_ word: Word, into writer: inout WireWriter) {
        writer.put(word.text, atMost: WireLimits.wordBytes)
        writer.put(word.box)
        writer.put(word.fontSize)
        let isOCR = word.source == .ocr
        writer.put(word.direction.rawValue | (word.isBold ? 8 : 0) | (word.spaceAfter ? 16 : 0) | (isOCR ? 32 : 0))
        // In hundredths: recognition is not surer than that. No number at all counts as none.
        writer.put(UInt8((min(max(0, word.confidence), 1) * 100).rounded()))
    }

    private static func word(from reader: inout WireReader) throws(Failure) -> Word {
        let text = try reader.text(atMost: WireLimits.wordBytes)
        let box = try reader.box()
        let fontSize = try reader.length()
        let style = try reader.get(UInt8.self)
        guard style < 64, let direction = TextDirection(rawValue: style & 7) else { throw .wire("a word has no known style") }
        let confidence = try reader.get(UInt8.self)
        guard confidence <= 100 else { throw .wire("a word is surer than sure") }
        return Word(
            text: text, box: box, fontSize: fontSize, isBold: style & 8 != 0, direction: direction, spaceAfter: style & 16 != 0,
            source: style & 32 != 0 ? .ocr : .textLayer, confidence: Double(confidence) / 100)
    }

    private static func put(_ path: VectorPath, into writer: inout WireWriter) {
        writer.put(UInt32(path.subpaths.count))
        writer.put(UInt8(path.fill == nil ? 0 : 1) | (path.stroke == nil ? 0 : 2) | (path.isDashed ? 4 : 0))
        for color in [path.fill, path.stroke] {
            writer.put(color?.red ?? 0)
            writer.put(color?.green ?? 0)
            writer.put(color?.blue ?? 0)
        }
        writer.put(path.lineWidth)
        for (subpath, isClosed) in zip(path.subpaths, path.isClosed) {
            writer.put(UInt32(subpath.count))
            writer.put(UInt8(isClosed ? 1 : 0))
            for point in subpath {
                writer.put(point.x)
                writer.put(point.y)
            }
        }
    }

    private static func path(from reader: inout WireReader, subpaths: inout Int, vertices: inout Int) throws(Failure) -> VectorPath {
        let count = try reader.count(atMost: subpaths, of: subpathBytes, "subpaths of a path")
        subpaths -= count
        let style = try reader.get(UInt8.self)
        guard style < 8 else { throw .wire("a path has no known style") }
        let fill = Color(red: try reader.get(), green: try reader.get(), blue: try reader.get())
        let stroke = Color(red: try reader.get(), green: try reader.get(), blue: try reader.get())
        var path = VectorPath(
            subpaths: [], isClosed: [], fill: style & 1 != 0 ? fill : nil, stroke: style & 2 != 0 ? stroke : nil,
            lineWidth: try reader.length(), isDashed: style & 4 != 0)
        for _ in 0..<count {
            let points = try reader.count(atMost: vertices, of: vertexBytes, "vertices of a path")
            vertices -= points
            path.isClosed.append(try reader.flag())
            var subpath: [Point] = []
            subpath.reserveCapacity(points)
            for _ in 0..<points { subpath.append(try reader.point()) }
            path.subpaths.append(subpath)
        }
        return path
    }

    private static func fits(_ value: Double) -> Bool {
        value.magnitude <= WireLimits.coordinate
    }

    private static func fits(_ point: Point) -> Bool {
        fits(point.x) && fits(point.y)
    }

    private static func fits(_ box: Box) -> Bool {
        fits(box.x) && fits(box.y) && fits(box.width) && fits(box.height) && box.width >= 0 && box.height >= 0
    }
}
