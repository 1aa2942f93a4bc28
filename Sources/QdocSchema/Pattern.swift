import CSchemaValidator
import QdocCore

/// A regular expression of RE2: linear in the text, whatever the expression.
@safe final class Pattern: @unchecked Sendable {
    // Safe to share: RE2 objects are immutable once made, and matching one from several threads is part of its contract (re2.h).
    private let handle: OpaquePointer

    /// - Throws: `invalid_configuration` where RE2 does not take the expression (look-around, back-references).
    init(_ text: String) throws(Failure) {
        var reason = [CChar](repeating: 0, count: 256)
        var bytes = text.utf8.map { CChar(bitPattern: $0) }
        bytes.append(0)
        guard let handle = unsafe qdoc_pattern_create(bytes, bytes.count - 1, &reason, reason.count) else {
            let words = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw Failure(
                .invalidConfiguration, "the pattern “\(text)” cannot be used (\(words))",
                remedy: "write it without look-around and back-references")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe qdoc_pattern_destroy(handle)
    }

    func matches(_ text: String) -> Bool {
        let bytes = text.utf8.map { CChar(bitPattern: $0) } + [0]
        return unsafe qdoc_pattern_matches(handle, bytes, bytes.count - 1)
    }
}
