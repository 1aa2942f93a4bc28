import QdocCore
import QdocReader

/// Who answers: the local reader, or a hosted model that the user named.
public enum Answerer: Sendable {
    case local
    case hosted(ModelAccess)

    /// As reports name it.
    public var name: String {
        switch self {
        case .local: "local"
        case .hosted(let access): access.endpoint.name
        }
    }

    /// How images are made for it; nil where it looks at none.
    var imageRule: ImageRule? {
        switch self {
        case .local: nil
        case .hosted(let access): access.endpoint.profile.image
        }
    }

    /// What it, or the proof after it, needs to know of a page.
    var contentParts: ContentParts {
        switch self {
        case .local: .all
        case .hosted: .words
        }
    }
}
