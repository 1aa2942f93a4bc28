import QdocCore
import QdocDecoding

/// A source as it was when it was opened, whatever becomes of the file.
struct Snapshot: Sendable {
    /// For reading only.
    let descriptor: Descriptor
    let mediaType: MediaType
    let byteCount: Int
    let sha256: String
}

/// How a worker is to open its source.
struct SourceOpening: Sendable {
    let descriptor: Descriptor
    let program: DecodeProgram
    var request: OpenRequest
    let owner: WorkerPool.Owner
}

extension MediaType {
    /// The child that reads it; an office file is read as the PDF that is made of it.
    var program: DecodeProgram {
        switch family {
        case .document, .picture, .text, .office: .decode
        case .video: .video
        }
    }
}
