internal import CPoppler
import QdocCore

/// Opens documents around two faults of poppler 22.12.
///
/// `poppler_document_new_from_bytes` crashes on a wrong password and `…_new_from_fd` calls an encrypted document damaged; only
/// `…_new_from_stream` answers both properly. So a document is opened from its bytes without a password, passwords are tried on a
/// stream, and the right one opens the bytes again.
enum PDFOpening {
    @unsafe struct Opened {
        var handle: OpaquePointer
        var passwordIndex: Int?
    }

    static func open(_ source: SourceBytes, _ passwords: [Secret]) throws(Failure) -> Opened {
        let bytes = unsafe g_bytes_new_static(source.start, gsize(source.count))
        defer { unsafe g_bytes_unref(bytes) }
        var code: Int32 = 0
        if let handle = unsafe fromBytes(bytes, nil, &code) { return unsafe Opened(handle: handle, passwordIndex: nil) }
        guard code == Int32(POPPLER_ERROR_ENCRYPTED.rawValue) else {
            throw Failure(.damagedFile, "the PDF cannot be opened", remedy: "repair it, for instance by `qpdf IN OUT`")
        }
        for (index, password) in passwords.enumerated() where unsafe fits(password, bytes, source.count) {
            guard let handle = unsafe fromBytes(bytes, bounded(password), &code) else { break }
            return unsafe Opened(handle: handle, passwordIndex: index)
        }
        throw passwords.isEmpty
            ? Failure(.passwordRequired, "the PDF is encrypted", remedy: "give it with --password-file or QDOC_PDF_PASSWORD")
            : Failure(
                .passwordWrong, "the PDF is encrypted and no password given opens it",
                remedy: "give it with --password-file or QDOC_PDF_PASSWORD")
    }

    /// Opens a document that has no password once more, with an update behind it where `count` is more than its own.
    static func reopen(_ source: SourceBytes, count: Int) -> OpaquePointer? {
        let bytes = unsafe g_bytes_new_static(source.start, gsize(count))
        defer { unsafe g_bytes_unref(bytes) }
        var code: Int32 = 0
        return unsafe fromBytes(bytes, nil, &code)
    }

    // Revision 6 of the standard security handler reads 127 bytes (ISO 32000-2, 7.6.4.3.3); longer ones have crashed parsers.
    static func bounded(_ password: Secret) -> String {
        String(decoding: password.exposed.utf8.prefix(127), as: UTF8.self)
    }

    private static func fromBytes(_ bytes: OpaquePointer?, _ password: String?, _ code: inout Int32) -> OpaquePointer? {
        var error: UnsafeMutablePointer<GError>?
        defer { unsafe g_clear_error(&error) }
        let handle = unsafe poppler_document_new_from_bytes(bytes, password, &error)
        if let error = unsafe error { code = unsafe error.pointee.code }
        return unsafe handle
    }

    private static func fits(_ password: Secret, _ bytes: OpaquePointer?, _ count: Int) -> Bool {
        let stream = unsafe g_memory_input_stream_new_from_bytes(bytes)
        defer { unsafe g_object_unref(UnsafeMutableRawPointer(stream)) }
        guard let document = unsafe poppler_document_new_from_stream(stream, goffset(count), bounded(password), nil, nil) else {
            return false
        }
        unsafe g_object_unref(UnsafeMutableRawPointer(document))
        return true
    }
}
