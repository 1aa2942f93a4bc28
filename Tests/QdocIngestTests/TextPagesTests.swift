import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocIngest

/// Texts, tables and mail as the pages they become, through the programs.
@Suite(.timeLimit(.minutes(2))) struct TextPagesTests {
    let folder: TemporaryFolder
    let ingest: Ingest

    init() throws {
        folder = try TemporaryFolder()
        ingest = try Ingest(options: IngestOptions(lanes: 1), workFile: WorkFile())
    }

    private func document(_ bytes: [UInt8]) async throws -> Document {
        try await ingest.open(path: try folder.write(bytes, to: "source"), ordinal: 1, passwords: [])
    }

    private func words(_ document: Document, page: Int = 1) async throws -> [String] {
        let content = try await document.page(page, image: nil, parts: .words).content
        return try #require(try content?.load().words).map(\.text)
    }

    @Test("A text is set as it is written: wrapped, with its tabs, a form feed beginning a page")
    func setsText() async throws {
        let long = String(repeating: "again ", count: 40)
        let document = try await document(Array("First line\n\tTabbed\r\n\(long)\n\u{C}Second page\n\u{C}".utf8))
        #expect(document.source.mediaType == .text)
        #expect(document.source.pageCount == 2)
        let size = try await document.geometry(of: 1).size
        #expect(abs(size.width - 595.28) < 0.01 && abs(size.height - 841.89) < 0.01)
        let content = try await document.page(1, image: ImageOrder(size: PixelSize(width: 280, height: 392)), parts: .words)
        let words = try #require(try content.content?.load().words)
        #expect(words.map(\.text) == ["First", "line", "Tabbed"] + Array(repeating: "again", count: 40))
        #expect(words.map(\.box.x).min().map { $0 >= 47 } == true)
        #expect(words.map(\.box.maxX).max().map { $0 <= 548 } == true)
        #expect(words[2].box.x > words[0].box.x + 40)
        #expect(content.image?.size == PixelSize(width: 280, height: 392))
        #expect(try await self.words(document, page: 2) == ["Second", "page"])
        await ingest.close()
    }

    @Test("Other scripts and encodings keep their characters")
    func setsScripts() async throws {
        let utf16 = "Größe 12 €".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try await words(document([0xFF, 0xFE] + utf16)) == ["Größe", "12", "€"])
        #expect(try await words(document([0x47, 0x72, 0xFC, 0xDF, 0x65, 0x20, 0x80])) == ["Grüße", "€"])
        let hebrew = try await words(document(Array("שלום 42".utf8)))
        #expect(hebrew.joined() == "שלום42")
        await ingest.close()
    }

    @Test("A line of a megabyte without a blank, and one of control characters, are set all the same")
    func setsOddLines() async throws {
        let document = try await document([UInt8](repeating: 0x61, count: 200_000) + Array("\n\u{1B}\u{1B}[0mend".utf8))
        let last = try await words(document, page: document.source.pageCount)
        #expect(last.last == "[0mend")
        await ingest.close()
    }

    @Test("A table has ruling lines around its cells and its heading on every page; a wide one is set smaller, on its side")
    func setsTable() async throws {
        let rows = (1...90).map { "\($0);\"name \($0)\";\($0 * 7)" }.joined(separator: "\n")
        let document = try await document(Array("id;name;amount\n\(rows)\n".utf8))
        #expect(document.source.mediaType == .csv)
        #expect(document.source.pageCount == 3)
        let content = try #require(try await document.page(2, image: nil, parts: [.words, .rulings]).content?.load())
        #expect(content.words.prefix(3).map(\.text) == ["id", "name", "amount"])
        #expect(content.words.prefix(3).map(\.isBold) == [true, true, true])
        #expect(Set(content.rulings.map(\.isHorizontal)) == [true, false])
        let header = (1...30).map { "column\($0)" }.joined(separator: ",")
        let values = (1...30).map { "\($0 * 1000).5" }.joined(separator: ",")
        let wide = try await self.document(Array("\(header)\n\(values)\n".utf8))
        let size = try await wide.geometry(of: 1).size
        #expect(size.width > size.height)
        #expect(try await words(wide).count == 60)
        await ingest.close()
    }

    @Test("A message shows its fields, its plain text and what was attached to it, each decoded")
    func setsMail() async throws {
        let message = """
            From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>
            To: a@example.org
            Subject: =?utf-8?b?w5xiZXJzaWNodA==?=
            Date: Thu, 1 Jan 2026 10:00:00 +0000
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=X

            --X
            Content-Type: multipart/alternative; boundary=Y

            --Y
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            Gr=FC=DFe, 12 St=FCck
            --Y
            Content-Type: text/html

            <b>never shown</b>
            --Y--
            --X
            Content-Type: application/pdf
            Content-Disposition: attachment; filename="report.pdf"
            Content-Transfer-Encoding: base64

            JVBERi0xLjQK
            --X--
            """
        let document = try await document(Array(message.utf8))
        #expect(document.source.mediaType == .mail)
        let text = try await words(document).joined(separator: " ")
        for part in ["From: Jürgen <j@example.org>", "Subject: Übersicht", "Grüße, 12 Stück", "report.pdf, application/pdf, 9 bytes"] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(!text.contains("never"))
        let page = "From: a\nSubject: b\nContent-Type: text/html\n\n<style>x{}</style><p>One &amp; <b>two</b></p><p>three</p>"
        #expect(try await words(self.document(Array(page.utf8))).suffix(4) == ["One", "&", "two", "three"])
        await ingest.close()
    }

    @Test("A text of more than 16 MiB is refused")
    func refusesLongTexts() async throws {
        let path = try folder.write([UInt8](repeating: 0x61, count: (16 << 20) + 1), to: "long")
        await #expect { try await ingest.open(path: path, ordinal: 1, passwords: []) } throws: { ($0 as? Failure)?.code == .fileTooLarge }
        await ingest.close()
    }
}
