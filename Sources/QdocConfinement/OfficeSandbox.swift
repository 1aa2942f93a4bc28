internal import CConfinement
internal import Glibc
public import QdocCore

/// Converts office documents to PDF by LibreOffice, in a system of its own: no network, no file of the user's, a folder in memory to
/// write in, nothing left when it ends.
public enum OfficeSandbox {
    /// Seconds that a document may take; a cold start takes 1.3 to 1.9, a thousand pages some 20.
    private static let wallSeconds: Int32 = 90
    /// 256 MiB: the largest file that LibreOffice may write.
    private static let maximumBytes: Int64 = 256 << 20

    /// Where Debian's packages put it.
    private static let folder = "/usr/lib/libreoffice/program"

    /// How a kind of document is read. The import filter is fixed, so that nothing else is ever tried on foreign bytes.
    private struct Form {
        let ending: String
        let importFilter: String
        let exportFilter: String
        /// The library of LibreOffice that reads it, and the package which brings that.
        let library: String
        let package: String

        static func writer(_ ending: String, _ filter: String) -> Form {
            Form(
                ending: ending, importFilter: filter, exportFilter: "writer_pdf_Export", library: "libswlo.so",
                package: "libreoffice-writer-nogui")
        }

        static func calc(_ ending: String, _ filter: String) -> Form {
            Form(
                ending: ending, importFilter: filter, exportFilter: "calc_pdf_Export", library: "libsclo.so",
                package: "libreoffice-calc-nogui")
        }

        static func impress(_ ending: String, _ filter: String) -> Form {
            Form(
                ending: ending, importFilter: filter, exportFilter: "impress_pdf_Export", library: "libsdlo.so",
                package: "libreoffice-impress-nogui")
        }
    }

    private static func form(of mediaType: MediaType) -> Form? {
        switch mediaType {
        case .docx: .writer("docx", "MS Word 2007 XML")
        case .odt: .writer("odt", "writer8")
        case .html: .writer("html", "HTML (StarWriter)")
        case .xlsx: .calc("xlsx", "Calc MS Excel 2007 XML")
        case .ods: .calc("ods", "calc8")
        case .pptx: .impress("pptx", "Impress MS PowerPoint 2007 XML")
        case .odp: .impress("odp", "impress8")
        default: nil
        }
    }

    /// Converts one document; blocks until it is done, and ends with whatever holds the other end of `control`.
    ///
    /// - Parameters:
    ///   - source: The document, for reading.
    ///   - output: An empty file, for writing.
    ///   - sandboxed: Whether to refuse where the system grants no namespaces; else the document is converted in a temporary folder.
    /// - Throws: `unsupported_media`, `decoder_missing`, `damaged_file`, `file_too_large`, `decode_timed_out`, `decode_limit`,
    ///   `sandbox_unavailable`, `interrupted`.
    public static func convert(
        source: Int32, output: Int32, control: Int32, mediaType: MediaType, sandboxed: Bool
    ) throws(Failure) {
        guard let form = form(of: mediaType) else {
            throw Failure(.unsupportedMedia, "\(mediaType.rawValue) is no office document")
        }
        let program = "\(folder)/soffice.bin"
        guard unsafe access(program, X_OK) == 0, unsafe access("\(folder)/\(form.library)", R_OK) == 0 else {
            throw Failure(
                .decoderMissing, "a .\(form.ending) file is read by LibreOffice, which is not installed",
                remedy: "install \(form.package), or save the document as PDF")
        }
        // Every string stays where it is during the call.
        let outcome = unsafe program.withCString { program in
            unsafe form.ending.withCString { ending in
                unsafe form.importFilter.withCString { importFilter in
                    unsafe form.exportFilter.withCString { exportFilter in
                        var order = unsafe qdoc_office_order(
                            source: source, output: output, control: control, program: program, extension: ending,
                            import_filter: importFilter, export_filter: exportFilter, maximum_bytes: maximumBytes,
                            wall_milliseconds: wallSeconds * 1000, sandboxed: sandboxed ? 1 : 0)
                        return unsafe qdoc_office_convert(&order)
                    }
                }
            }
        }
        if let failure = failure(of: outcome) { throw failure }
    }

    private static func failure(of outcome: qdoc_office_outcome) -> Failure? {
        switch outcome {
        case QDOC_OFFICE_CONVERTED: nil
        case QDOC_OFFICE_TOO_LARGE:
            Failure(.fileTooLarge, "the document makes a PDF of more than \(maximumBytes >> 20) MiB", remedy: "split it")
        case QDOC_OFFICE_NO_ROOM:
            Failure(.fileTooLarge, "there is no room to convert the document", remedy: "split it, or free some room in TMPDIR")
        case QDOC_OFFICE_TIMED_OUT:
            Failure(.decodeTimedOut, "LibreOffice took longer than \(wallSeconds) s", remedy: "split the document, or save it as PDF")
        case QDOC_OFFICE_CPU:
            Failure(.decodeLimit, "LibreOffice needs more than it is given", remedy: "split the document, or save it as PDF")
        case QDOC_OFFICE_CANCELLED: Failure(.interrupted, "converting was interrupted")
        case QDOC_OFFICE_NO_SANDBOX:
            Failure(
                .sandboxUnavailable, "this system grants no namespaces to hold LibreOffice in",
                remedy: "allow user namespaces, save the document as PDF, or accept the risk with --allow-unsandboxed")
        default:
            Failure(.damagedFile, "LibreOffice makes no PDF of the document", remedy: "open it in an office program and save it as PDF")
        }
    }

    /// Tries from confined processes what a document must never manage.
    ///
    /// - Returns: One result for each attempt; nothing where the confinement cannot be had.
    public static func probe() -> [Probe] {
        guard qdoc_office_can_confine() == 1 else { return [] }
        var probes: [Probe] = []
        while let name = unsafe qdoc_office_probe_name(Int32(probes.count)) {
            let isStopped = qdoc_office_probe(Int32(probes.count)) == 1
            unsafe probes.append(Probe(name: String(cString: name), isStopped: isStopped))
        }
        return probes
    }

    /// One thing that a document must never manage.
    public struct Probe: Sendable, Hashable {
        public let name: String
        public let isStopped: Bool
    }
}
