import Glibc
import QdocCore
import QdocPDF
import QdocTesting
import Testing

@Suite(.enabled(if: Project.shared != nil)) struct SharedPDFTests {
    private struct Entry {
        var path: String
        var facts: JSONValue
    }

    private func entries() throws -> [Entry] {
        let manifest = try #require(Project.sharedData("MANIFEST.jsonl"))
        return try bytes(manifest).split(separator: 0x0A).compactMap { line in
            let entry = try JSONParser.parse(Array(line))
            guard let file = entry["file"]?.string, file.hasPrefix("pdf/"), let facts = entry["facts"],
                let path = Project.sharedData(file)
            else { return nil }
            return Entry(path: path, facts: facts)
        }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        try #require(unsafe fstat(descriptor, &status) == 0)
        let size = Int(status.st_size)
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = unsafe max(0, read(descriptor, buffer.baseAddress, size))
        }
    }

    @Test("Page counts, sizes and text agree with what independent readers saw")
    func agrees() throws {
        let entries = try entries()
        #expect(entries.count > 30)
        for entry in entries {
            guard let count = entry.facts["pages"]?.int else { continue }
            let passwords = entry.facts["password"]?.string.map { [Secret($0)] } ?? []
            let document = try PDFDocument(bytes: try bytes(entry.path), passwords: passwords)
            #expect(document.pageCount == count, "\(entry.path)")
            let size = try document.geometry(of: 1).size
            let sizes = (entry.facts["page_sizes_pt"]?.array ?? []).map { ($0[0]?.double ?? 0, $0[1]?.double ?? 0) }
            // The manifest's sizes are of the page as stored, in units of its own: of a poster a tenth of an inch and more.
            #expect(
                sizes.contains { stored in
                    [1, 10].contains { unit in
                        let (width, height) = (stored.0 * unit, stored.1 * unit)
                        return abs(width - size.width) < 0.1 && abs(height - size.height) < 0.1
                            || abs(height - size.width) < 0.1 && abs(width - size.height) < 0.1
                    }
                }, "\(entry.path) is \(size)")
            let hasText = entry.facts["has_text_layer"]?.bool == true
            let pages = 1...min(count, 3)
            #expect(try pages.contains { try !document.content(of: $0, parts: .words).words.isEmpty } == hasText, "\(entry.path)")
        }
    }

    @Test("Refuses the encrypted documents politely")
    func refusesEncrypted() throws {
        for name in ["enc-aes256", "enc-libreoffice", "enc-rc4-40", "enc-issue6010-abc", "enc-openpassword-unknown"] {
            let path = try #require(Project.sharedData("pdf/\(name).pdf"))
            let bytes = try bytes(path)
            #expect(throws: Failure.self) { _ = try PDFDocument(bytes: bytes, passwords: [Secret("no"), Secret("wrong")]) }
        }
    }
}
