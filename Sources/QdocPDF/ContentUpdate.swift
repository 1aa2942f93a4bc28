/// An update of a document that states the content of some pages again, unpacked, so that poppler need not inflate it byte by byte.
///
/// - Source: ISO 32000-2, 7.5.4, 7.5.6, 7.5.8.
struct ContentUpdate {
    private(set) var bytes: [UInt8] = []
    private var places: [Int32: (generation: Int32, offset: Int)] = [:]
    /// Where it will stand in the file.
    private let offset: Int

    /// An update of more bytes is cut: the pages that it does not reach stay as they are.
    static let maximumBytes = 2 << 20
    /// For what surrounds the content: some 90 bytes for each stream.
    static let tableBytes = 1 << 18
    /// Less than this gains less than opening the document again costs, 2 ms.
    private static let leastBytes = 128 << 10

    /// Nil where it is not worth it, or where the document cannot be updated: it is encrypted, or its end is not where it should be.
    init?(of pages: ClosedRange<Int>, in structure: PDFStructure, of source: SourceBytes) {
        guard !structure.isEncrypted, let previous = source.crossReferences, let root = structure.reference(structure.root) else {
            return nil
        }
        offset = source.updateOffset
        // A block that grows would leave twice its size behind.
        bytes.reserveCapacity(ContentUpdate.maximumBytes + ContentUpdate.tableBytes)
        for number in pages {
            guard let page = structure.page(number) else { continue }
            for stream in structure.contentStreams(ofPage: page) { add(stream, structure) }
            structure.release()
        }
        guard bytes.count >= ContentUpdate.leastBytes else { return nil }
        end(root: root, size: structure.objectCount, previous: previous)
    }

    private mutating func add(_ stream: PDFStructure.Object, _ structure: PDFStructure) {
        guard let (id, generation) = structure.reference(stream), places[id] == nil, structure.isPacked(stream),
            let content = structure.unpacked(stream, limit: ContentUpdate.maximumBytes - bytes.count)
        else { return }
        places[id] = (generation, offset + bytes.count)
        bytes += Array("\(id) \(generation) obj\n<</Length \(content.count)>>\nstream\n".utf8)
        bytes += content
        bytes += Array("\nendstream\nendobj\n".utf8)
    }

    private mutating func end(root: (id: Int32, generation: Int32), size: Int, previous: Int) {
        let start = offset + bytes.count
        var table = "xref\n"
        for (id, place) in places.sorted(by: { $0.key < $1.key }) {
            table += "\(id) 1\n\(Self.padded(place.offset, 10)) \(Self.padded(Int(place.generation), 5)) n \n"
        }
        table += "trailer\n<</Size \(size)/Root \(root.id) \(root.generation) R/Prev \(previous)>>\nstartxref\n\(start)\n%%EOF\n"
        bytes += Array(table.utf8)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension PDFStructure {
    /// The streams of a page's content, at most 1,024 of them.
    func contentStreams(ofPage page: Object) -> [Object] {
        guard let content = value(page, "/Contents") else { return [] }
        if isStream(content) { return [content] }
        return (0..<min(count(content), 1024)).map { item(content, $0) }.filter { isStream($0) }
    }

    /// Whether a stream is compressed in a way that `unpacked` knows.
    func isPacked(_ stream: Object) -> Bool {
        let dictionary = dictionary(ofStream: stream)
        // Parameters may name a predictor, a file holds the bytes elsewhere, and what is a form as well needs its other keys.
        guard !["/DecodeParms", "/F", "/Subtype"].contains(where: { value(dictionary, $0) != nil }) else { return false }
        return [["/FlateDecode"], ["/ASCII85Decode", "/FlateDecode"]].contains(filters(dictionary))
    }

    /// The bytes of a stream that `isPacked`; nil where they are damaged or more than `limit`.
    func unpacked(_ stream: Object, limit: Int) -> [UInt8]? {
        guard limit > 0, storedBytes(stream: stream) <= limit, let stored = storedBytes(ofStream: stream) else { return nil }
        guard filters(dictionary(ofStream: stream)).count == 2 else { return Flate.inflate(stored, limit: limit) }
        return ASCII85.decode(stored).flatMap { Flate.inflate($0, limit: limit) }
    }
}
