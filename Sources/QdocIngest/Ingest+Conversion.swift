import QdocCore
import QdocDecoding
import QdocRuntime

extension Ingest {
    /// What the decoder reads of a source: the file itself, or the PDF that is made of a text or an office document, once for all lanes.
    ///
    /// - Throws: As `DocumentConverter.convert`.
    func readable(_ snapshot: Snapshot, path: String) async throws(Failure) -> (descriptor: Descriptor, mediaType: MediaType) {
        switch snapshot.mediaType.family {
        case .document, .picture, .video: return (snapshot.descriptor, snapshot.mediaType)
        case .text, .office: break
        }
        let converter = try DocumentConverter(allowUnsandboxed: options.allowUnsandboxed)
        let cancelled = Flag()
        let converted = await withTaskCancellationHandler {
            await onLane { () throws(Failure) in
                try converter.convert(snapshot.descriptor, mediaType: snapshot.mediaType, unless: cancelled)
            }
        } onCancel: {
            cancelled.set()
            converter.cancel(cancelled)
        }
        do throws(Failure) {
            return (try converted.get().descriptor, .pdf)
        } catch {
            throw Failure(error.code, "\(path): \(error.message)", remedy: error.remedy)
        }
    }
}
