import QdocConfinement
import QdocCore
import QdocDecoding
import QdocOCR
import QdocRuntime

/// Serves the host until it goes away.
func serve(allowUnsandboxed: Bool) -> Int32 {
    // A picture that was read leaves tens of megabytes behind, which a worker would keep beside the next one.
    Machine.returnMemoryEarly()
    var inherited: Confinement.Layers = []
    // Loaded once, before the first fork: each worker has its own copy of what is the same for all.
    var recognizer = Result<TextRecognizer, Failure>.failure(Failure(.internalError, "the languages are not loaded"))
    let service = DecodeService(
        confine: { (sourceBytes) throws(Failure) in
            try Confinement.enterWorker(sourceBytes: sourceBytes, inherited: inherited, allowUnsandboxed: allowUnsandboxed).description
        },
        open: { (opening) throws(Failure) in
            guard opening.request.mediaType == .graymap else {
                throw Failure(.unsupportedMedia, "\(opening.request.mediaType.rawValue) is not read by this program")
            }
            return (try GraymapSource(opening, try recognizer.get()), nil)
        })
    return service.serve {
        recognizer = Result { () throws(Failure) in try TextRecognizer(LanguageData.installed()) }
        inherited = Confinement.enterServer()
        return inherited.description
    }
}
