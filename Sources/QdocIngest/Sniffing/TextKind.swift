import QdocCore

/// What kind of text bytes are.
enum TextKind {
    /// - Parameters:
    ///   - head: From the start.
    ///   - isWhole: Whether nothing follows.
    /// - Returns: Nil where the bytes are no text.
    static func kind(of head: [UInt8], isWhole: Bool) -> MediaType? {
        guard let encoding = TextEncoding(of: head, isWhole: isWhole) else { return nil }
        let text = encoding.utf8(of: head)
        if isHTML(text) { return .html }
        if isMail(text) { return .mail }
        if DelimitedText(text, isWhole: isWhole) != nil { return .csv }
        return .text
    }

    // MARK: Web pages

    /// Whether the first element is HTML's, whatever white space, comments and declarations stand before it.
    private static func isHTML(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        // A page with more comments than this before it is no page.
        for _ in 0..<16 {
            rest = rest.drop { $0 <= 0x20 }
            if begins(rest, "<!--") {
                guard let end = end(of: "-->", in: rest) else { return false }
                rest = rest[end...]
            } else if begins(rest, "<?xml") {
                guard let end = end(of: "?>", in: rest) else { return false }
                rest = rest[end...]
            } else {
                return ["<!doctype html", "<html", "<head", "<body"].contains { begins(rest, $0) && isNameEnd(rest, $0.utf8.count) }
            }
        }
        return false
    }

    private static func begins(_ text: ArraySlice<UInt8>, _ mark: String) -> Bool {
        text.count >= mark.utf8.count && zip(mark.utf8, text).allSatisfy { $0 == (0x41...0x5A ~= $1 ? $1 | 0x20 : $1) }
    }

    private static func isNameEnd(_ text: ArraySlice<UInt8>, _ count: Int) -> Bool {
        text.dropFirst(count).first.map { $0 <= 0x20 || $0 == UInt8(ascii: ">") } ?? true
    }

    private static func end(of mark: String, in text: ArraySlice<UInt8>) -> Int? {
        let mark = Array(mark.utf8)
        return text.indices.first { text[$0] == mark[0] && text[$0...].starts(with: mark) }.map { $0 + mark.count }
    }

    // MARK: Mail

    /// Fields that a message has and another text has not.
    ///
    /// - Source: RFC 5322, 3.6; RFC 2045, 3.
    private static let fields: Set<String> = [
        "from", "to", "cc", "subject", "date", "received", "return-path", "message-id", "mime-version", "delivered-to", "reply-to",
        "content-type", "dkim-signature", "sender", "in-reply-to",
    ]

    /// Whether the text begins with header lines, at least two of them of a mail message's.
    private static func isMail(_ text: [UInt8]) -> Bool {
        var known: Set<String> = []
        var isFirst = true
        for line in text.split(separator: 0x0A, maxSplits: 400, omittingEmptySubsequences: false) {
            let line = line.last == 0x0D ? line.dropLast() : line
            defer { isFirst = false }
            if line.isEmpty { break }
            // A mailbox file begins each message with a line of its own (RFC 4155).
            if isFirst, line.starts(with: "From ".utf8) { continue }
            // Another line of the field before it.
            if !isFirst, line.first == 0x20 || line.first == 0x09 { continue }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else {
                // The text may have been cut within a line.
                return false
            }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            if fields.contains(name) { known.insert(name) }
            if known.count >= 3 { return true }
        }
        return known.count >= 2
    }
}
