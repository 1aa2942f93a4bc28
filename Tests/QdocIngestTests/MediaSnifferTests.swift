import QdocCore
import Testing

@testable import QdocIngest

@Suite struct MediaSnifferTests {
    @Test("Tells a PDF, PNG and JPEG by content")
    func knowsMedia() throws {
        #expect(try MediaSniffer.mediaType(of: Array("%PDF-1.7\n".utf8), path: "a.png") == .pdf)
        #expect(try MediaSniffer.mediaType(of: [UInt8](repeating: 10, count: 1000) + Array("%PDF-1.4".utf8), path: "a") == .pdf)
        #expect(try MediaSniffer.mediaType(of: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], path: "a.pdf") == .png)
        #expect(try MediaSniffer.mediaType(of: [0xFF, 0xD8, 0xFF, 0xE1], path: "a.pdf") == .jpeg)
    }

    @Test(
        "Names what else a file looks like",
        arguments: [
            ("RIFF\u{1}\u{1}\u{1}\u{1}WEBPVP8 ", "WebP"), ("GIF89a", "GIF"), ("PK\u{3}\u{4}", "ZIP"), ("Dear all,\n", "text"),
            ("\u{0}\u{1}\u{2}\u{3}\u{4}", "no known type"), ("<!DOCTYPE html>", "web page"), ("x", "text"),
        ])
    func namesOthers(text: String, likeness: String) {
        #expect {
            try MediaSniffer.mediaType(of: Array(text.utf8), path: "report.pdf")
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.code == .unsupportedMedia && failure.message.contains(likeness)
        }
    }
}
