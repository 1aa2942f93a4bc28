internal import CVideo
public import QdocCore

/// A video file that is open, with the frame that was decoded last and the one before it; it never holds another.
///
/// - Confinement: made and used in a confined child only, by one thread.
@safe public final class VideoFile {
    /// What the container and its first frames say.
    public struct Facts: Sendable, Hashable {
        /// Pixels as displayed: turned as the container states, and wider or higher where its pixels are not square.
        public var size: PixelSize
        /// Clockwise degrees by which the container has its frames turned.
        public var rotation: Int
        /// Seconds by the container's word; 0 where it does not say.
        public var duration: Double
        /// Frames a second on average; 0 where nobody knows.
        public var rate: Double
        /// By FFmpeg's name.
        public var codec: String
    }

    public let facts: Facts
    /// How a stored frame is turned to be displayed.
    private let turn: Turn
    private let handle: OpaquePointer
    /// The time of the current frame, in seconds from the first one; nil before it.
    private(set) var seconds: Double?

    /// Pixels of a frame at most, as of an image file.
    static let maxPixels = 100_000_000
    /// A day: longer than any recording, shorter than a container that lies.
    static let maxSeconds = 86_400.0

    /// Opens a video, reading its head and its first frames.
    ///
    /// - Parameters:
    ///   - descriptor: For reading; stays the caller's, and open for as long as this is used.
    ///   - mediaType: Decides alone how the bytes are read.
    /// - Throws: `unsupported_media`, `damaged_file`, `page_too_large`, `decode_limit`.
    public init(descriptor: Int32, byteCount: Int, mediaType: MediaType) throws(Failure) {
        let demuxer: String
        switch mediaType {
        case .mp4, .quicktime: demuxer = "mov"
        case .matroska, .webm: demuxer = "matroska"
        case .avi: demuxer = "avi"
        default: throw Failure(.unsupportedMedia, "\(mediaType.rawValue) is no video")
        }
        var found = qdoc_video_facts()
        var opened: OpaquePointer?
        let status = unsafe qdoc_video_open(descriptor, Int64(byteCount), demuxer, Int64(VideoFile.maxPixels), &opened, &found)
        let codec = unsafe withUnsafeBytes(of: &found.codec) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let stored = PixelSize(width: Int(found.width), height: Int(found.height))
        guard Int(status) == QDOC_VIDEO_OK, let opened = unsafe opened else { throw VideoFile.failure(status, codec: codec) }
        unsafe handle = opened
        turn = Turn(swapsSides: found.swaps_sides != 0, reversesX: found.reverses_x != 0, reversesY: found.reverses_y != 0)
        facts = Facts(
            size: turn.displayed(stored, pixelAspect: found.pixel_aspect), rotation: turn.degrees, duration: max(0, found.duration),
            rate: found.rate, codec: codec)
        guard stored.width > 0, stored.height > 0 else { throw Failure(.damagedFile, "the video has no pixels") }
        guard facts.size.pixels <= VideoFile.maxPixels else { throw VideoFile.failure(Int32(QDOC_VIDEO_TOO_LARGE), codec: codec) }
        guard facts.duration <= VideoFile.maxSeconds else {
            throw Failure(.decodeLimit, "the video claims to be longer than a day", remedy: "cut it into parts")
        }
    }

    deinit {
        unsafe qdoc_video_close(handle)
    }

    /// Fills the codecs' tables before workers are forked, which then share them.
    public static func warm() {
        qdoc_video_warm()
    }

    private static func failure(_ status: Int32, codec: String) -> Failure {
        switch Int(status) {
        case QDOC_VIDEO_NO_INDEX:
            Failure(
                .damagedFile, "the video has no index (moov): its recording or its download did not come to an end",
                remedy: "fetch it again, or rebuild the index with a recovery program and an intact recording of the same device")
        case QDOC_VIDEO_NO_STREAM: Failure(.unsupportedMedia, "there is no video in the file")
        case QDOC_VIDEO_UNKNOWN_CODEC:
            Failure(.unsupportedMedia, "videos of the codec \(codec) are not read", remedy: "convert it to H.264 in MP4")
        case QDOC_VIDEO_TOO_LARGE:
            Failure(.pageTooLarge, "the video's frames have more than \(maxPixels) pixels", remedy: "make it smaller")
        case QDOC_VIDEO_NO_MEMORY: Failure(.decodeLimit, "the video needs more memory than a worker has")
        default: Failure(.damagedFile, "the video is cut or corrupt", remedy: "play it in a video player and save it again")
        }
    }

    /// What asking for a frame came to.
    enum Step { case frame, end, pending }

    /// Decodes the next frame, which becomes the current one.
    ///
    /// - Returns: `pending` where many packets gave no frame: ask again.
    /// - Throws: `decode_limit` where memory is refused.
    func next() throws(Failure) -> Step {
        var time = 0.0
        let status = unsafe qdoc_video_next(handle, &time)
        switch Int(status) {
        case QDOC_VIDEO_OK:
            seconds = time
            return .frame
        case QDOC_VIDEO_END: return .end
        case QDOC_VIDEO_AGAIN: return .pending
        default: throw VideoFile.failure(status, codec: facts.codec)
        }
    }

    /// Makes the frame before the current one current again.
    ///
    /// - Returns: Whether there is one since it was last gone to a place.
    func stepBack() -> Bool {
        var time = 0.0
        guard unsafe Int(qdoc_video_step_back(handle, &time)) == QDOC_VIDEO_OK else { return false }
        seconds = time
        return true
    }

    /// The last key frame at or before a time, by the file's index; nil where it has none.
    func keyFrame(before time: Double) -> Double? {
        let key = unsafe qdoc_video_key_before(handle, time)
        return key < 0 ? nil : key
    }

    /// Goes to a key frame at or before a time, or to where the file's index takes it for one.
    ///
    /// - Throws: `damaged_file`, `decode_limit`.
    func seek(to time: Double) throws(Failure) {
        seconds = nil
        let status = unsafe qdoc_video_seek(handle, time)
        guard Int(status) == QDOC_VIDEO_OK else { throw VideoFile.failure(status, codec: facts.codec) }
    }

    /// Passes over all frames but those that were stored whole.
    func skipToKeys(_ onlyKeys: Bool) {
        unsafe qdoc_video_skip_to_keys(handle, onlyKeys ? 1 : 0)
    }

    /// Packets read since it was opened.
    var packets: UInt64 { unsafe qdoc_video_packets(handle) }

    /// A small likeness of the current frame; nil where it can't be made.
    func look() -> Look? {
        var planes = [UInt8](repeating: 0, count: Look.cells * 3)
        let status = unsafe planes.withUnsafeMutableBufferPointer {
            unsafe qdoc_video_look(handle, UInt32(Look.width), UInt32(Look.height), $0.baseAddress)
        }
        guard Int(status) == QDOC_VIDEO_OK else { return nil }
        return Look(planes: planes, detail: unsafe qdoc_video_detail(handle))
    }

    /// Draws the current frame, or a region of it, scaled by area.
    ///
    /// - Parameters:
    ///   - region: Pixels as displayed; nil for all. Its edges are moved to the nearest samples that luma and colour share.
    ///   - target: Sides from 1 to 10,000.
    ///   - buffer: Takes the pixels.
    /// - Throws: `page_too_large`, `invalid_arguments`, `damaged_file`, `decode_limit`.
    public func draw(region: Box?, size target: PixelSize, into buffer: PixelBuffer) throws(Failure) {
        let sides = 1...10_000
        guard sides.contains(target.width), sides.contains(target.height), target.pixels <= VideoFile.maxPixels else {
            throw Failure(.pageTooLarge, "an image of \(target.width) × \(target.height) pixels was asked for")
        }
        let whole = Box(x: 0, y: 0, width: Double(facts.size.width), height: Double(facts.size.height))
        guard let shown = (region ?? whole).intersection(whole) else {
            throw Failure(.invalidArguments, "the region lies outside of the frame")
        }
        let share = turn.stored(
            Box(
                x: shown.x / whole.width, y: shown.y / whole.height, width: shown.width / whole.width,
                height: shown.height / whole.height))
        buffer.resize(to: target)
        let layout = turn.layout(target)
        let status = unsafe buffer.bytes.withUnsafeMutableBufferPointer { pixels in
            var place = unsafe qdoc_video_target(
                left: share.x, top: share.y, right: region == nil ? 1 : share.maxX, bottom: region == nil ? 1 : share.maxY,
                width: UInt32(layout.stored.width), height: UInt32(layout.stored.height),
                pixels: pixels.baseAddress.map { unsafe $0 + layout.first }, pixel_step: layout.pixelStep, row_step: layout.rowStep)
            return unsafe qdoc_video_draw(handle, &place)
        }
        guard Int(status) == QDOC_VIDEO_OK else { throw VideoFile.failure(status, codec: facts.codec) }
    }
}
