/// A ZIP archive of stored entries.
enum SampleZIP {
    /// - Parameter hasSizes: Whether local headers say how long their entries are, as most do.
    static func bytes(_ entries: [(name: String, content: String)], hasSizes: Bool = true) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let (name, content) = (Array(entry.name.utf8), Array(entry.content.utf8))
            let size = little(content.count, 4)
            let sizes = hasSizes ? size + size : [UInt8](repeating: 0, count: 8)
            let offset = file.count
            let flags: [UInt8] = hasSizes ? [0, 0] : [8, 0]
            file += Array("PK\u{3}\u{4}".utf8) + [20, 0] + flags + [UInt8](repeating: 0, count: 10)
            file += sizes + little(name.count, 2) + [0, 0] + name + content
            directory += Array("PK\u{1}\u{2}".utf8) + [20, 0, 20, 0] + flags + [UInt8](repeating: 0, count: 10)
            directory += size + size + little(name.count, 2) + [UInt8](repeating: 0, count: 12) + little(offset, 4) + name
        }
        let count = little(entries.count, 2)
        let end = Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0] + count + count + little(directory.count, 4) + little(file.count, 4) + [0, 0]
        return file + directory + end
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
