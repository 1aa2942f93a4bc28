/// A child program: each holds the parsers of one kind of foreign bytes and is started when a source first needs it.
public enum DecodeProgram: String, Sendable, Hashable, CaseIterable {
    /// PDF, images and texts.
    case decode = "qdoc-decode"
    /// Videos; optional.
    case video = "qdoc-video"
    /// Character recognition; optional.
    case ocr = "qdoc-ocr"
    /// Texts, mail and office documents, which become PDF; not a fork server, but one process for each (`DocumentConverter`).
    case convert = "qdoc-convert"

    /// What a program is for, to say what can't be done without it.
    var purpose: String {
        switch self {
        case .decode: "no file can be read"
        case .video: "videos can't be read"
        case .ocr: "scanned text can't be read"
        case .convert: "texts and office documents can't be read"
        }
    }

    var remedy: String {
        switch self {
        case .decode: "install qdoc-decode beside qdoc"
        case .video: "run scripts/install --with video, which brings FFmpeg's libraries and \(rawValue)"
        case .ocr: "run scripts/install --with ocr, which brings Tesseract and \(rawValue)"
        case .convert: "install qdoc-convert beside qdoc, or save the document as PDF"
        }
    }
}
