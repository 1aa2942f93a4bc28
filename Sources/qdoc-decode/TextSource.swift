import QdocCore
import QdocDecoding
import QdocText

/// A text, a table of fields or a mail message, laid out as pages in this worker and read from then on as the PDF that makes.
final class TextSource: DecodedSource {
    private enum State {
        case layingOut(TextDocument)
        case done(PDFSource)
    }

    private var state: State

    init(_ opening: DecodeService.Opening) throws(Failure) {
        state = .layingOut(
            try TextDocument(descriptor: opening.descriptor, byteCount: opening.byteCount, kind: opening.request.mediaType))
        // A first piece, which for most texts is all.
        _ = try proceed()
    }

    var pageCount: Int {
        switch state {
        case .layingOut(let document): document.pageCount
        case .done(let pdf): pdf.pageCount
        }
    }

    func proceed() throws(Failure) -> Bool {
        guard case .layingOut(let document) = state else { return true }
        guard let bytes = try document.proceed() else { return false }
        state = .done(try PDFSource(bytes))
        return true
    }

    private func pdf() throws(Failure) -> PDFSource {
        guard case .done(let pdf) = state else { throw Failure(.internalError, "a page is asked for before the text is laid out") }
        return pdf
    }

    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry {
        try pdf().geometry(of: pageNumber)
    }

    func page(_ request: PageRequest) throws(Failure) -> DecodedPage {
        try pdf().page(request)
    }
}
