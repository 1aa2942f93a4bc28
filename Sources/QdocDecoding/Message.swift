public import QdocCore

/// What both sides must agree on.
public enum DecoderBuild {
    /// Counted up whenever a frame changes.
    static let protocolVersion: UInt32 = 2
    /// Told in the hello; a child that says another one is refused.
    public static let id = "\(PackageVersion.number)/\(protocolVersion)"
}

/// What the host asks of a worker for one page.
public struct PageRequest: Sendable, Hashable {
    public var pageNumber: Int
    /// Nil where no image is wanted.
    public var image: ImageOrder?
    /// Empty where no content is wanted.
    public var parts: ContentParts

    public init(pageNumber: Int, image: ImageOrder?, parts: ContentParts) {
        self.pageNumber = pageNumber
        self.image = image
        self.parts = parts
    }
}

/// A frame from the host to a worker.
enum Request: Sendable, Hashable {
    case open(OpenRequest)
    /// Has a source that is not wholly known go on finding its pages.
    case proceed
    case geometries(first: Int, count: Int)
    case page(PageRequest)
}

/// Size and rotation of a page, or why they are not known.
public typealias GeometryOutcome = Result<PageGeometry, Failure>

/// A frame from a worker, or from the fork server on a worker's behalf.
enum Reply: Sendable, Hashable {
    /// The fork server made the worker with this process id; its pidfd comes along.
    case started(pid: Int32)
    /// The worker is confined by these layers and takes requests.
    case ready(build: String, level: String)
    case failed(Failure)
    /// Whether the pages are all found; else the count is of those so far.
    case opened(pageCount: Int, password: Int?, isComplete: Bool)
    case geometries([GeometryOutcome])
    /// Lengths of the image and then of the content in the payload; nil of what was not asked for.
    case page(PageGeometry, image: ImageHead?, content: Int?)
    /// The worker is gone: exit status, or minus the signal.
    case ended(status: Int32)

    struct ImageHead: Sendable, Hashable {
        var encoding: ImageEncoding
        var size: PixelSize
        var count: Int
    }
}

/// Numbers of the frames; the first byte of each.
private enum Kind {
    static let open: UInt8 = 1
    static let geometries: UInt8 = 2
    static let page: UInt8 = 3
    static let proceed: UInt8 = 4
    static let started: UInt8 = 16
    static let ready: UInt8 = 17
    static let failed: UInt8 = 18
    static let ended: UInt8 = 19
}

private let encodings: [ImageEncoding] = [.png, .jpeg, .graymap]

/// Codes that a child may give; no other is believed.
private let childCodes: [Failure.Code] = [
    .passwordRequired, .passwordWrong, .damagedFile, .tooManyPages, .pageOutOfRange, .pageDamaged, .pageTooLarge, .decodeLimit,
    .unsupportedMedia, .fileEmpty, .fileUnreadable, .invalidArguments, .sandboxUnavailable, .fileTooLarge, .decodeTimedOut,
    .decoderMissing, .interrupted, .decoderProtocol,
]

extension Request {
    func encode() -> [UInt8] {
        var writer = WireWriter()
        switch self {
        case .open(let request):
            writer.put(Kind.open)
            request.put(into: &writer)
        case .proceed:
            writer.put(Kind.proceed)
        case .geometries(let first, let count):
            writer.put(Kind.geometries)
            writer.put(UInt32(first))
            writer.put(UInt32(count))
        case .page(let page):
            writer.put(Kind.page)
            writer.put(UInt32(page.pageNumber))
            writer.put(page.parts.rawValue)
            writer.put(UInt8(page.image == nil ? 0 : 1))
            guard let image = page.image else { break }
            writer.put(UInt32(image.size.width))
            writer.put(UInt32(image.size.height))
            writer.put(UInt8(image.region == nil ? 0 : 1))
            if let region = image.region { writer.put(region) }
            writer.put(UInt8(image.encoding.flatMap(encodings.firstIndex).map { $0 + 1 } ?? 0))
            writer.put(UInt32(clamping: image.maxBytes ?? 0))
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(Failure) -> Request {
        var reader = WireReader(bytes)
        let request: Request
        switch try reader.get(UInt8.self) {
        case Kind.open:
            request = .open(try OpenRequest(from: &reader))
        case Kind.proceed:
            request = .proceed
        case Kind.geometries:
            request = .geometries(first: Int(try reader.get(UInt32.self)), count: Int(try reader.get(UInt32.self)))
        case Kind.page:
            let pageNumber = Int(try reader.get(UInt32.self))
            let parts = ContentParts(rawValue: try reader.get(UInt8.self))
            var image: ImageOrder?
            if try reader.flag() {
                let size = PixelSize(width: Int(try reader.get(UInt32.self)), height: Int(try reader.get(UInt32.self)))
                let region = try reader.flag() ? try reader.box() : nil
                let encoding = Int(try reader.get(UInt8.self)) - 1
                guard encoding < encodings.count else { throw .wire("an encoding is not known") }
                let maxBytes = Int(try reader.get(UInt32.self))
                image = ImageOrder(
                    region: region, size: size, encoding: encoding < 0 ? nil : encodings[encoding], maxBytes: maxBytes > 0 ? maxBytes : nil)
            }
            request = .page(PageRequest(pageNumber: pageNumber, image: image, parts: parts))
        default:
            throw .wire("a request is not known")
        }
        try reader.finish()
        return request
    }
}

extension Reply {
    func encode() -> [UInt8] {
        var writer = WireWriter()
        switch self {
        case .started(let pid):
            writer.put(Kind.started)
            writer.put(pid)
        case .ready(let build, let level):
            writer.put(Kind.ready)
            writer.put(build, atMost: WireLimits.messageBytes)
            writer.put(level, atMost: WireLimits.messageBytes)
        case .failed(let failure):
            writer.put(Kind.failed)
            Reply.put(failure, into: &writer)
        case .opened(let pageCount, let password, let isComplete):
            writer.put(Kind.open)
            writer.put(UInt32(pageCount))
            writer.put(UInt8(password.map { $0 + 1 } ?? 0))
            writer.put(UInt8(isComplete ? 1 : 0))
        case .geometries(let outcomes):
            writer.put(Kind.geometries)
            writer.put(UInt32(outcomes.count))
            for outcome in outcomes {
                switch outcome {
                case .success(let geometry):
                    writer.put(UInt8(1))
                    Reply.put(geometry, into: &writer)
                case .failure(let failure):
                    writer.put(UInt8(0))
                    Reply.put(failure, into: &writer)
                }
            }
        case .page(let geometry, let image, let content):
            writer.put(Kind.page)
            Reply.put(geometry, into: &writer)
            writer.put(UInt8(image == nil ? 0 : 1))
            if let image {
                writer.put(UInt8(encodings.firstIndex(of: image.encoding) ?? 0))
                for value in [image.size.width, image.size.height, image.count] { writer.put(UInt32(value)) }
            }
            writer.put(UInt8(content == nil ? 0 : 1))
            if let content { writer.put(UInt32(content)) }
        case .ended(let status):
            writer.put(Kind.ended)
            writer.put(status)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws(Failure) -> Reply {
        var reader = WireReader(bytes)
        let reply: Reply
        switch try reader.get(UInt8.self) {
        case Kind.started:
            reply = .started(pid: try reader.get())
        case Kind.ready:
            reply = .ready(build: try reader.plainText(), level: try reader.plainText())
        case Kind.failed:
            reply = .failed(try failure(from: &reader))
        case Kind.open:
            let pageCount = Int(try reader.get(UInt32.self))
            let password = Int(try reader.get(UInt8.self)) - 1
            guard password < WireLimits.passwords else { throw .wire("a password's number is out of bounds") }
            let isComplete = try reader.flag()
            guard ((isComplete ? 1 : 0)...WireLimits.pages).contains(pageCount) else { throw .wire("a page count is out of bounds") }
            reply = .opened(pageCount: pageCount, password: password < 0 ? nil : password, isComplete: isComplete)
        case Kind.geometries:
            let count = try reader.count(atMost: WireLimits.geometries, of: 4, "pages")
            var outcomes: [GeometryOutcome] = []
            for _ in 0..<count {
                let isKnown = try reader.flag()
                outcomes.append(isKnown ? .success(try geometry(from: &reader)) : .failure(try failure(from: &reader)))
            }
            reply = .geometries(outcomes)
        case Kind.page:
            let geometry = try geometry(from: &reader)
            let image = try reader.flag() ? try imageHead(from: &reader) : nil
            let content = try reader.flag() ? Int(try reader.get(UInt32.self)) : nil
            guard (image?.count ?? 0) + (content ?? 0) <= WireLimits.payloadBytes else { throw .wire("a payload is too long") }
            reply = .page(geometry, image: image, content: content)
        case Kind.ended:
            reply = .ended(status: try reader.get())
        default:
            throw .wire("an answer is not known")
        }
        try reader.finish()
        return reply
    }

    private static func put(_ geometry: PageGeometry, into writer: inout WireWriter) {
        writer.put(geometry.size.width)
        writer.put(geometry.size.height)
        writer.put(UInt16(truncatingIfNeeded: geometry.rotation))
        // None is negative, which neither a time nor a size is.
        writer.put(geometry.timestamp ?? -1)
        writer.put(geometry.smallestText ?? -1)
    }

    private static func geometry(from reader: inout WireReader) throws(Failure) -> PageGeometry {
        let size = PageSize(width: try reader.length(), height: try reader.length())
        let rotation = Int(try reader.get(UInt16.self))
        guard size.width > 0, size.height > 0 else { throw .wire("a page has no size") }
        guard [0, 90, 180, 270].contains(rotation) else { throw .wire("a rotation is not known") }
        let timestamp = try reader.coordinate()
        let smallestText = try reader.coordinate()
        return PageGeometry(
            size: size, rotation: rotation, timestamp: timestamp < 0 ? nil : timestamp, smallestText: smallestText < 0 ? nil : smallestText)
    }

    private static func imageHead(from reader: inout WireReader) throws(Failure) -> ImageHead {
        let encoding = Int(try reader.get(UInt8.self))
        guard encoding < encodings.count else { throw .wire("an encoding is not known") }
        let size = PixelSize(width: Int(try reader.get(UInt32.self)), height: Int(try reader.get(UInt32.self)))
        return ImageHead(encoding: encodings[encoding], size: size, count: Int(try reader.get(UInt32.self)))
    }

    private static func put(_ failure: Failure, into writer: inout WireWriter) {
        writer.put(UInt8(childCodes.firstIndex(of: failure.code) ?? childCodes.count - 1))
        writer.put(failure.message, atMost: WireLimits.messageBytes)
        writer.put(failure.remedy ?? "", atMost: WireLimits.messageBytes)
    }

    private static func failure(from reader: inout WireReader) throws(Failure) -> Failure {
        let code = Int(try reader.get(UInt8.self))
        guard code < childCodes.count else { throw .wire("a failure is not known") }
        let message = try reader.plainText()
        let remedy = try reader.plainText()
        return Failure(childCodes[code], message, remedy: remedy.isEmpty ? nil : remedy)
    }
}

extension WireReader {
    /// A text that may be shown: what steers a terminal or turns the writing direction is replaced.
    mutating func plainText(atMost limit: Int = WireLimits.messageBytes) throws(Failure) -> String {
        let text = try text(atMost: limit)
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: plain.append(" ")
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }
}
