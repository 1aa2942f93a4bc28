/// A child program: each holds the parsers of one kind of foreign bytes and is started when a source first needs it.
public enum DecodeProgram: String, Sendable, Hashable, CaseIterable {
    /// PDF, images and texts.
    case decode = "qdoc-decode"
    /// Videos; optional.
    case video = "qdoc-video"
    /// Character recognition; optional.
    case ocr = "qdoc-ocr"
    /// Office documents, by LibreOffice; not a fork server, but one process for each (`OfficeConverter`).
    case office = "qdoc-office"

    /// What a program is for, to say what can't be done without it.
    var purpose: String {
        switch self {
        case .decode: "no file can be read"
        case .video: "videos can't be read"
        case .ocr: "scanned text can't be read"
        case .office: "office documents can't be read"
        }
    }

    var remedy: String {
        switch self {
        case .decode: "install qdoc-decode beside qdoc"
        case .video: "run scripts/install --with video, which brings FFmpeg's libraries and \(rawValue)"
        case .ocr: "run scripts/install --with ocr, which brings Tesseract and \(rawValue)"
        case .office: "install qdoc-office beside qdoc, or save the document as PDF"
        }
    }
}
