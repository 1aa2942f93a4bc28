/// One server-sent event, as far as model providers use them.
struct ServerSentEvent {
    /// The `data` lines, joined by line feeds.
    var data: [UInt8] = []
    /// Where the second and every further line begins in `data`.
    var lineStarts: [Int] = []
    /// What `event` says; DashScope marks errors by it.
    var isError = false
    /// From DashScope's comment `:HTTP_STATUS/400`.
    var status: Int?
    /// The stream ended before the blank line that ends an event.
    var isTail = false

    /// The lines one by one.
    var lines: [ArraySlice<UInt8>] {
        zip([0] + lineStarts, lineStarts.map { $0 - 1 } + [data.count]).map { data[$0..<$1] }
    }
}

/// Splits a stream of bytes into server-sent events; how the bytes are cut into chunks makes no difference.
///
/// - Source: WHATWG HTML §9.2.6, with what providers do beside it: comments with a status, events without a blank line between them.
struct EventStreamDecoder {
    /// Bytes of one event: far above the largest (a whole answer in one frame), far below what hurts.
    private static let limit = 8 << 20

    private var line: [UInt8] = []
    private var endsWithReturn = false
    private var isAtStart = true
    private var event = ServerSentEvent()
    private var hasData = false

    /// Whether one event has grown beyond all bounds; what comes then is of no use.
    var isOverlong: Bool { line.count + event.data.count > Self.limit }

    /// Takes a chunk and hands over each event that it completes.
    mutating func decode<E: Error>(_ chunk: [UInt8], _ visit: (ServerSentEvent) throws(E) -> Void) throws(E) {
        var start = 0
        var position = 0
        let count = chunk.count
        if endsWithReturn, count > 0 {
            endsWithReturn = false
            if chunk[0] == 0x0A {
                start = 1
                position = 1
            }
        }
        while position < count {
            let byte = chunk[position]
            guard byte == 0x0A || byte == 0x0D else {
                position += 1
                continue
            }
            if line.isEmpty {
                try take(chunk[start..<position], visit)
            } else {
                line += chunk[start..<position]
                let whole = line
                line.removeAll(keepingCapacity: true)
                try take(whole[...], visit)
            }
            position += 1
            if byte == 0x0D {
                if position == count { endsWithReturn = true } else if chunk[position] == 0x0A { position += 1 }
            }
            start = position
        }
        line += chunk[start...]
    }

    /// Hands over what is pending at the end of the stream.
    mutating func finish<E: Error>(_ visit: (ServerSentEvent) throws(E) -> Void) throws(E) {
        if !line.isEmpty {
            let last = line
            line = []
            try take(last[...], visit)
        }
        event.isTail = true
        try dispatch(visit)
    }

    private mutating func take<E: Error>(_ text: ArraySlice<UInt8>, _ visit: (ServerSentEvent) throws(E) -> Void) throws(E) {
        var text = text
        if isAtStart {
            isAtStart = false
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        }
        guard let first = text.first else { return try dispatch(visit) }
        if first == UInt8(ascii: ":") { return takeComment(text) }
        if first == UInt8(ascii: "d"), let value = Self.value(of: text, named: "data") {
            if hasData {
                event.data.append(0x0A)
                event.lineStarts.append(event.data.count)
            }
            hasData = true
            event.data += value
        } else if first == UInt8(ascii: "e"), let value = Self.value(of: text, named: "event") {
            event.isError = value.elementsEqual("error".utf8)
        } else if first == UInt8(ascii: "i"), event.data.last == UInt8(ascii: "}"), Self.value(of: text, named: "id") != nil {
            // Old gateways of DashScope leave the blank lines out, and each of their frames begins with its number.
            try dispatch(visit)
        }
    }

    /// The value of a field after its colon and at most one space; nil where the line is another field.
    private static func value(of line: ArraySlice<UInt8>, named name: StaticString) -> ArraySlice<UInt8>? {
        let end = line.startIndex + name.utf8CodeUnitCount
        guard line.endIndex >= end, line[..<end].elementsEqual(name.description.utf8) else { return nil }
        guard line.endIndex > end else { return line[end...] }
        guard line[end] == UInt8(ascii: ":") else { return nil }
        let value = line[(end + 1)...]
        return value.first == 0x20 ? value.dropFirst() : value
    }

    private mutating func takeComment(_ text: ArraySlice<UInt8>) {
        let mark = ":HTTP_STATUS/"
        guard text.starts(with: mark.utf8) else { return }
        event.status = Int(String(decoding: text.dropFirst(mark.utf8.count), as: UTF8.self))
    }

    private mutating func dispatch<E: Error>(_ visit: (ServerSentEvent) throws(E) -> Void) throws(E) {
        if hasData { try visit(event) }
        event.data.removeAll(keepingCapacity: true)
        event.lineStarts.removeAll(keepingCapacity: true)
        event.isError = false
        event.status = nil
        hasData = false
    }
}
