import Testing

@testable import QdocModel

@Suite struct EventStreamDecoderTests {
    private func events(_ chunks: [[UInt8]]) -> [String] {
        var decoder = EventStreamDecoder()
        var events: [String] = []
        for chunk in chunks {
            decoder.decode(chunk) { event in events.append(Self.shown(event)) }
        }
        decoder.finish { event in events.append(Self.shown(event)) }
        return events
    }

    private static func shown(_ event: ServerSentEvent) -> String {
        let marks = [event.isError ? "error" : nil, event.status.map { String($0) }, event.isTail ? "tail" : nil].compactMap { $0 }
        return (marks + [String(decoding: event.data, as: UTF8.self)]).joined(separator: "|")
    }

    static let cases: [(String, [String])] = [
        ("data: a\n\ndata:b\n\ndata:  c\n\n", ["a", "b", " c"]),
        ("data: a\r\n\r\ndata: b\r\rdata: c\n\n", ["a", "b", "c"]),
        ("data: a\ndata: b\n\n", ["a\nb"]),
        (": ping\n\nid: 1\n\nretry: 5\n\nevent: x\n\n\n\n", []),
        ("data\n\n", [""]),
        ("dataset: no\ndata: yes\n\n", ["yes"]),
        ("\u{FEFF}data: a\n\n", ["a"]),
        ("event: error\n:HTTP_STATUS/429\ndata: a\n\ndata: b\n\n", ["error|429|a", "b"]),
        ("data: a\n\ndata: b", ["a", "tail|b"]),
        ("data: a\n", ["tail|a"]),
        ("id:1\nevent:result\ndata:{}\nid:2\nevent:error\n:HTTP_STATUS/400\ndata:{}\n", ["{}", "error|400|tail|{}"]),
        ("data: {}\nid: 1\n\n", ["{}"]),
    ]

    @Test("lines, fields and comments are taken apart as the standard says, however they are cut", arguments: cases)
    func splits(body: String, expected: [String]) {
        let bytes = Array(body.utf8)
        #expect(events([bytes]) == expected)
        #expect(events(bytes.map { [$0] }) == expected)
        for cut in 0...bytes.count { #expect(events([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "cut at \(cut)") }
    }

    @Test("an event without end is noticed")
    func endless() {
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        var decoder = EventStreamDecoder()
        for _ in 0..<8 { decoder.decode(block) { _ in } }
        #expect(!decoder.isOverlong)
        decoder.decode(block) { _ in }
        #expect(decoder.isOverlong)
    }
}
