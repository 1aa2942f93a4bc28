internal import CImageCodecs
import QdocCore

/// The kinds of image that are read, told by their first bytes.
enum ImageKind {
    case png, jpeg, webp, tiff, gif, bmp, graymap

    /// nil where the bytes are of none of them.
    init?(of bytes: [UInt8]) {
        func has(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8]) {
            self = .jpeg
        } else if has("RIFF"), has("WEBP", at: 8) {
            self = .webp
        } else if has("II*\0") || has("MM\0*") || has("II+\0") || has("MM\0+") {
            self = .tiff
        } else if has("GIF87a") || has("GIF89a") {
            self = .gif
        } else if has("BM") {
            self = .bmp
        } else if has("P5") || has("P6") {
            self = .graymap
        } else {
            return nil
        }
    }

    var mediaType: MediaType {
        switch self {
        case .png: .png
        case .jpeg: .jpeg
        case .webp: .webp
        case .tiff: .tiff
        case .gif: .gif
        case .bmp: .bmp
        case .graymap: .graymap
        }
    }

    var codec: qdoc_image_kind {
        switch self {
        case .png: QDOC_IMAGE_PNG
        case .jpeg: QDOC_IMAGE_JPEG
        case .webp: QDOC_IMAGE_WEBP
        case .tiff: QDOC_IMAGE_TIFF
        case .gif: QDOC_IMAGE_GIF
        case .bmp: QDOC_IMAGE_BMP
        case .graymap: QDOC_IMAGE_GRAYMAP
        }
    }
}
