internal import QdocCore

/// Takes a key out of text that comes in pieces, wherever the pieces are cut: a server that echoes what it was sent must not bring the key
/// into a report.
struct KeyFilter {
    private let key: [UInt8]
    /// The end of what came that could be the beginning of the key.
    private var held: [UInt8] = []

    init(_ key: Secret?) {
        self.key = Array((key?.exposed ?? "").utf8)
    }

    /// Gives what can be shown so far.
    mutating func take(_ text: String) -> String {
        guard !key.isEmpty else { return text }
        var shown: [UInt8] = []
        for byte in text.utf8 {
            held.append(byte)
            while !key.starts(with: held) { shown.append(held.removeFirst()) }
            if held.count == key.count {
                shown += "•••".utf8
                held = []
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Gives what was held back; the text ends here.
    mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }
}
