import CVideoFixtures
import Glibc
import QdocCore
import QdocRuntime
import QdocTesting
import QdocVideo

/// A frame of the tests' own: planes of luma and, at half the size, of the two colour differences.
struct Picture {
    let size: PixelSize
    private(set) var planes: [UInt8]

    private var half: PixelSize { PixelSize(width: (size.width + 1) / 2, height: (size.height + 1) / 2) }

    /// One even tone.
    init(_ size: PixelSize, luma: UInt8 = 235, blue: UInt8 = 128, red: UInt8 = 128) {
        self.size = size
        let colours = ((size.width + 1) / 2) * ((size.height + 1) / 2)
        planes =
            Array(repeating: luma, count: size.pixels) + Array(repeating: blue, count: colours) + Array(repeating: red, count: colours)
    }

    /// A slide: dark bars on white, at places that the number decides.
    static func slide(_ number: Int, _ size: PixelSize = Clip.size) -> Picture {
        var picture = Picture(size)
        var chance = SeededGenerator(seed: UInt64(number))
        for _ in 0..<12 {
            let width = Int.random(in: size.width / 16...size.width / 4, using: &chance)
            let x = Int.random(in: 0...size.width - width, using: &chance), y = Int.random(in: 0...size.height * 9 / 10, using: &chance)
            picture.fill(x..<x + width, y..<y + size.height / 12, luma: UInt8.random(in: 20...120, using: &chance))
        }
        return picture
    }

    mutating func fill(_ columns: Range<Int>, _ rows: Range<Int>, luma: UInt8, blue: UInt8 = 128, red: UInt8 = 128) {
        for y in rows.clamped(to: 0..<size.height) {
            for x in columns.clamped(to: 0..<size.width) {
                planes[y * size.width + x] = luma
                let colour = size.pixels + y / 2 * half.width + x / 2
                planes[colour] = blue
                planes[colour + half.width * half.height] = red
            }
        }
    }

    /// Each sample between this picture's and another's.
    func mixed(with other: Picture, share: Double) -> Picture {
        var mixed = self
        for index in planes.indices {
            mixed.planes[index] = UInt8((Double(planes[index]) * (1 - share) + Double(other.planes[index]) * share).rounded())
        }
        return mixed
    }

    /// Luma averaged over so many samples to the left and the right.
    func blurred(by reach: Int) -> Picture {
        var blurred = self
        for y in 0..<size.height {
            for x in 0..<size.width {
                let near = max(0, x - reach)...min(size.width - 1, x + reach)
                blurred.planes[y * size.width + x] = UInt8(near.reduce(0) { $0 + Int(planes[y * size.width + $1]) } / near.count)
            }
        }
        return blurred
    }

    /// The other picture's left part beside this picture's right one.
    func wiped(to other: Picture, share: Double) -> Picture {
        var wiped = self
        let edge = Int(Double(size.width) * share)
        for y in 0..<size.height {
            for x in 0..<edge { wiped.planes[y * size.width + x] = other.planes[y * size.width + x] }
        }
        return wiped
    }
}

/// How a clip of the tests is made; of 10 frames a second, so that a frame's number is its time in tenths.
struct Clip {
    static let size = PixelSize(width: 320, height: 180)
    static let rate = 10

    var mediaType = MediaType.mp4
    var codec = "mpeg4"
    var keyInterval = 12
    var quarterTurns = 0
    var isMirrored = false
    var aspect = (width: 0, height: 0)

    private var container: String {
        switch mediaType {
        case .quicktime: "mov"
        case .matroska: "matroska"
        case .avi: "avi"
        default: "mp4"
        }
    }

    /// The bytes of a clip of these frames, each of which lasts for so many tenths of a second.
    func bytes(_ frames: [Picture], lasting: Int = 1) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let path = folder("clip")
        let size = frames.first?.size ?? Clip.size
        var clip = qdoc_clip(
            width: Int32(size.width), height: Int32(size.height), rate: Int32(Clip.rate), key_interval: Int32(keyInterval),
            quarter_turns: Int32(quarterTurns), is_mirrored: isMirrored ? 1 : 0, aspect_width: Int32(aspect.width),
            aspect_height: Int32(aspect.height))
        guard let writer = unsafe qdoc_clip_open(path, container, codec, &clip) else {
            throw Failure(.unsupportedMedia, "no clip of \(codec) in \(container) can be made")
        }
        var isWritten = true
        for frame in frames {
            let status = unsafe frame.planes.withUnsafeBufferPointer {
                unsafe qdoc_clip_add(writer, $0.baseAddress, $0.count, Int32(lasting))
            }
            isWritten = isWritten && status == 0
        }
        let status = unsafe qdoc_clip_close(writer)
        guard status == 0, isWritten else { throw Failure(.outputUnwritable, "the clip was not written") }
        return try Files.read(path, limit: 1 << 28)
    }

    /// A clip of these frames, opened.
    func open(_ frames: [Picture], lasting: Int = 1) throws -> OpenClip {
        try OpenClip(bytes(frames, lasting: lasting), as: mediaType)
    }
}

/// A clip that is open, for as long as this lives.
final class OpenClip {
    let file: VideoFile
    private let descriptor: Int32

    init(_ bytes: [UInt8], as mediaType: MediaType) throws {
        let folder = try TemporaryFolder()
        descriptor = unsafe Glibc.open(try folder.write(bytes, to: "clip"), O_RDONLY | O_CLOEXEC)
        do {
            file = try VideoFile(descriptor: descriptor, byteCount: bytes.count, mediaType: mediaType)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// The frames that a selection comes to, found to the end.
    func scan(
        _ choice: FrameSelection.Choice, from: Double? = nil, to: Double? = nil, limit: Int = FrameSelection.defaultLimit
    ) throws -> FrameScan {
        let scan = try FrameScan(file, FrameSelection(choice: choice, from: from, to: to, limit: limit))
        while try !scan.proceed() {}
        return scan
    }

    /// The current frame in its own size.
    func draw(_ region: Box? = nil, size: PixelSize? = nil) throws -> PixelBuffer {
        let buffer = PixelBuffer()
        try file.draw(region: region, size: size ?? file.facts.size, into: buffer)
        return buffer
    }
}

extension PixelBuffer {
    /// Red, green and blue of a pixel.
    func colour(_ x: Int, _ y: Int) -> [Int] {
        let at = y * stride + x * 4
        return [Int(bytes[at + 2]), Int(bytes[at + 1]), Int(bytes[at])]
    }
}
