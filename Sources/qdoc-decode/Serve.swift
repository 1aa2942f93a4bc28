import QdocConfinement
import QdocCore
import QdocDecoding

/// Serves the host until it goes away.
func serve(allowUnsandboxed: Bool) -> Int32 {
    var inherited: Confinement.Layers = []
    let service = DecodeService(
        confine: { (sourceBytes) throws(Failure) in
            try Confinement.enterWorker(sourceBytes: sourceBytes, inherited: inherited, allowUnsandboxed: allowUnsandboxed).description
        },
        open: { (opening) throws(Failure) in
            switch opening.request.mediaType.family {
            case .document:
                let source = try PDFSource(opening)
                return (source, source.password)
            case .picture:
                return (try ImageSource(opening), nil)
            case .video, .text, .office:
                throw Failure(.unsupportedMedia, "\(opening.request.mediaType.rawValue) is not read by this program")
            }
        })
    return service.serve {
        PDFSource.warmFonts()
        inherited = Confinement.enterServer()
        return inherited.description
    }
}
