import QdocCore
import Testing

@testable import QdocIngest

@Suite struct MediaSnifferTests {
    private func kind(_ bytes: [UInt8], isWhole: Bool = true) throws -> MediaType {
        let tail = SniffedBytes.needsTail(bytes) ? bytes : nil
        return try MediaSniffer.mediaType(of: SniffedBytes(head: bytes, tail: tail, isWhole: isWhole), path: "report.pdf")
    }

    /// A text whose characters are bytes.
    private static func latin(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

    @Test(
        "Tells pictures, videos and PDF by content",
        arguments: [
            ("%PDF-1.7\n", MediaType.pdf), ("\n\n\n%PDF-1.4", .pdf), ("\u{89}PNG\r\n\u{1A}\n\0", .png), ("\u{FF}\u{D8}\u{FF}\u{E1}", .jpeg),
            ("RIFF\u{1}\u{1}\u{1}\u{1}WEBPVP8 ", .webp), ("II*\0", .tiff), ("MM\0*", .tiff), ("II+\0\u{8}\0", .tiff),
            ("MM\0+\0\u{8}", .tiff),
            ("GIF89a", .gif), ("GIF87a", .gif), ("BM\0\0\0\0\0\0\0\0\u{36}\0\0\0\u{28}\0\0\0", .bmp), ("P5\n# made\n12 9\n255\n", .graymap),
            ("\0\0\0\u{18}ftypisom\0\0\0\u{1}isomiso2", .mp4), ("\0\0\0\u{14}ftypqt  \0\0\0\0qt  ", .quicktime),
            ("\0\0\0\u{8}wide\0\0\0\0mdat", .quicktime), ("\0\0\0\u{14}ftypM4V \0\0\0\0M4V ", .mp4),
            ("\u{1A}E\u{DF}\u{A3}\u{9F}B\u{86}\u{81}\u{1}B\u{82}\u{88}matroska", .matroska),
            ("\u{1A}E\u{DF}\u{A3}\u{9F}B\u{82}\u{84}webm", .webm), ("RIFF\u{1}\u{1}\u{1}\u{1}AVI LIST", .avi),
        ])
    func knowsMedia(head: String, expected: MediaType) throws {
        #expect(try kind(Self.latin(head)) == expected)
    }

    @Test(
        "Tells texts, tables, mail and web pages apart",
        arguments: [
            ("Dear all,\nthe figures are in.\n", MediaType.text), ("x", .text), ("# Title\n\n- one\n", .text),
            ("{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"b\": 4}\n", .text),
            ("roses are red,\nviolets are blue,\n", .text), ("Hello, world\nBye, world\n", .text), ("BM is short\n", .text),
            ("P5 is a car\n", .text),
            ("a,b\n1,2\n", .csv), ("a;b;c\r\n1,5;2;3\r\n", .csv), ("a\tb\n1\t2\n", .csv),
            ("name,note\n\"A, B\",\"two\nlines\"\nC,\"says \"\"no\"\"\"\n", .csv),
            ("From: a@example.org\nTo: b@example.org\nSubject: x\n\nBody\n", .mail),
            ("Received: from a\n\tby b\r\nDate: now\r\n\r\n", .mail),
            ("From a@example.org Thu Jan  1 10:00:00 2026\nFrom: a\nDate: b\n\nc", .mail),
            ("Note: bring milk\nDate: Friday\n\nThanks\n", .text),
            ("<!DOCTYPE html>\n<p>a", .html), ("\u{EF}\u{BB}\u{BF}<!-- a -->\n<HTML lang=en>", .html),
            ("<?xml version=\"1.0\"?><html>", .html),
            ("<?xml version=\"1.0\"?><note/>", .text), ("Gr\u{FC}\u{DF}e\n", .text), ("\u{FF}\u{FE}H\0i\0", .text),
            ("\u{FE}\u{FF}\0H\0i", .text),
        ])
    func knowsTexts(head: String, expected: MediaType) throws {
        #expect(try kind(Self.latin(head)) == expected)
    }

    @Test("A character and a record may be cut where the head ends")
    func cutsAreNoFaults() throws {
        #expect(try kind(Array(String(repeating: "ü", count: 30_000).utf8.prefix(9_999)), isWhole: false) == .text)
        let rows = String(repeating: "1,2,3\n", count: 100)
        #expect(try kind(Array("a,b,c\n\(rows)4,".utf8), isWhole: false) == .csv)
    }

    @Test(
        "Tells Office documents by the names in them",
        arguments: [
            (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], MediaType.docx),
            (["[Content_Types].xml", "xl/workbook.xml"], .xlsx),
            (["ppt/slides/slide1.xml", "[Content_Types].xml"], .pptx),
        ])
    func knowsOffice(names: [String], expected: MediaType) throws {
        #expect(try kind(SampleZIP.bytes(names.map { ($0, "") })) == expected)
        // Without sizes in the local headers the central directory alone tells.
        #expect(try kind(SampleZIP.bytes(names.map { ($0, "") }, hasSizes: false)) == expected)
    }

    @Test(
        "Tells OpenDocument by its mimetype", arguments: [("text", MediaType.odt), ("spreadsheet", .ods), ("presentation", .odp)])
    func knowsOpenDocument(name: String, expected: MediaType) throws {
        let type = "application/vnd.oasis.opendocument.\(name)"
        #expect(try kind(SampleZIP.bytes([("mimetype", type), ("content.xml", "<a/>")])) == expected)
    }

    @Test(
        "Names what else a file looks like",
        arguments: [
            ("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic", "HEIC"), ("\0\0\0\u{1C}ftypmif1\0\0\0\0mif1avif", "AVIF"),
            ("\0\0\0\u{14}ftypM4A \0\0\0\0", "sound"),
            ("RIFF\u{1}\u{1}\u{1}\u{1}WAVE", "sound"), ("\u{D0}\u{CF}\u{11}\u{E0}\u{A1}\u{B1}\u{1A}\u{E1}", "old Office"),
            ("PK\u{3}\u{4}", "ZIP"),
            ("%!PS-Adobe", "PostScript"), ("{\\rtf1", "RTF"), ("\u{1F}\u{8B}\u{8}", "gzip"), ("<svg xmlns=", "SVG"),
            ("7z\u{BC}\u{AF}'\u{1C}", "7z"),
            ("\0\u{1}\u{2}\u{3}\u{4}", "no known type"), ("a\0b", "no known type"), ("\u{1B}[0m\u{1}", "no known type"),
        ])
    func namesOthers(head: String, likeness: String) {
        #expect {
            try kind(Self.latin(head))
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.code == .unsupportedMedia && failure.message.contains(likeness) && failure.remedy != nil
        }
    }

    @Test("Every prefix and every changed byte of a file is answered, whatever is in it")
    func isTotal() {
        let seeds: [[UInt8]] = [
            SampleZIP.bytes([("mimetype", "application/vnd.oasis.opendocument.text"), ("a", "b")]), Array("a,\"b\n1,2\n".utf8),
            Self.latin("\0\0\0\u{18}ftypisom\0\0\0\u{1}isomiso2"), Self.latin("\u{1A}E\u{DF}\u{A3}\u{9F}B\u{82}\u{FF}webm"),
            Array("P5 # a".utf8),
            Array("<!-- <?xml From: a".utf8),
        ]
        for seed in seeds {
            for count in 0...seed.count { _ = try? kind(Array(seed.prefix(count))) }
            for index in seed.indices {
                for value: UInt8 in [0, 0x20, 0x7F, 0xFF] {
                    var changed = seed
                    changed[index] = value
                    _ = try? kind(changed)
                }
            }
        }
    }
}
