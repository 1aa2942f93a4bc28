import QdocConfinement
import QdocCore
import QdocDecoding
import QdocVideo

/// Serves the host until it goes away.
func serve(allowUnsandboxed: Bool) -> Int32 {
    var inherited: Confinement.Layers = []
    let service = DecodeService(
        confine: { (sourceBytes) throws(Failure) in
            try Confinement.enterWorker(sourceBytes: sourceBytes, inherited: inherited, allowUnsandboxed: allowUnsandboxed).description
        },
        open: { (opening) throws(Failure) in
            guard opening.request.mediaType.family == .video else {
                throw Failure(.unsupportedMedia, "\(opening.request.mediaType.rawValue) is not read by this program")
            }
            return (try VideoSource(opening), nil)
        })
    return service.serve {
        VideoFile.warm()
        inherited = Confinement.enterServer()
        return inherited.description
    }
}
