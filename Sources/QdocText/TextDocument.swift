internal import Glibc
public import QdocCore

/// A text, a table of fields or a mail message that is laid out as the pages of a PDF.
///
/// - Confinement: one thread. Made and used in a confined child only.
public final class TextDocument {
    private let pages: LaidPages
    private var layout: Layout

    private enum Layout {
        case plain(PlainLayout)
        case table(TableLayout)
    }

    /// 16 MiB of text make some 4,000 pages.
    private static let maximumText = 16 << 20
    /// A message brings its attachments along, which are not read.
    private static let maximumMail = 64 << 20
    /// For all of it; 16 MiB of text take 8 s of processor time in a debug build.
    private static let limit = Duration.seconds(90)

    /// Opens a text from a file that is open for reading; the descriptor stays the caller's.
    ///
    /// - Parameter kind: `.text`, `.csv` or `.mail`.
    /// - Throws: `file_unreadable`, and as from bytes.
    public convenience init(descriptor: Int32, byteCount: Int, kind: MediaType) throws(Failure) {
        try TextDocument.check(byteCount, kind)
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            while count < byteCount {
                let read = unsafe pread(descriptor, buffer.baseAddress?.advanced(by: count), byteCount - count, count)
                if read < 0, errno == EINTR { continue }
                failed = read < 0
                guard read > 0 else { return }
                count += read
            }
        }
        guard !failed else { throw Failure(.fileUnreadable, "the text cannot be read") }
        try self.init(bytes, kind: kind)
    }

    /// - Parameter kind: `.text`, `.csv` or `.mail`.
    /// - Throws: `file_too_large`, `unsupported_media`, `damaged_file`, `decode_limit`.
    public init(_ bytes: [UInt8], kind: MediaType) throws(Failure) {
        try TextDocument.check(bytes.count, kind)
        let text: [UInt8]
        if kind == .mail {
            text = try MailText.text(of: bytes)
        } else {
            // What is no text further on is shown as far as it can be.
            text = (TextEncoding(of: bytes, isWhole: true) ?? .utf8).utf8(of: bytes)
        }
        try TextDocument.check(text.count, .text)
        if kind == .csv, let fields = DelimitedText(text, isWhole: true) {
            layout = .table(TableLayout(fields))
        } else {
            layout = .plain(PlainLayout(text))
        }
        pages = try LaidPages()
    }

    /// Lays all of it out; asked for once.
    ///
    /// - Returns: The PDF.
    /// - Throws: `too_many_pages`, `page_too_large`, `decode_limit`, `decode_timed_out`.
    public func pdf() throws(Failure) -> [UInt8] {
        let end = ContinuousClock.now + TextDocument.limit
        while try !step() {
            guard ContinuousClock.now < end else {
                throw Failure(.decodeTimedOut, "laying the text out takes longer than \(TextDocument.limit)", remedy: "split it")
            }
        }
        return try pages.finish()
    }

    private func step() throws(Failure) -> Bool {
        switch layout {
        case .plain(var plain):
            // Taken out while it is changed, so that it is not copied.
            layout = .plain(PlainLayout([]))
            defer { layout = .plain(plain) }
            return try plain.proceed(on: pages)
        case .table(var table):
            defer { layout = .table(table) }
            return try table.proceed(on: pages)
        }
    }

    private static func check(_ count: Int, _ kind: MediaType) throws(Failure) {
        let limit = kind == .mail ? maximumMail : maximumText
        guard count <= limit else {
            throw Failure(.fileTooLarge, "the text has more than \(limit >> 20) MiB", remedy: "split it")
        }
    }
}
