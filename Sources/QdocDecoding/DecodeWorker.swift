internal import CSystem
internal import Glibc
public import QdocCore
import QdocRuntime
import Synchronization

/// The host's side of one worker, which reads one source.
///
/// The host believes nothing of what a worker says. A worker that breaks the protocol or its limits is killed and never asked again.
///
/// - Confinement: calls block until the answer or the limit; make them on a `BlockingLane`, one at a time. `kill` may be called from
///   anywhere at any time and ends a call that is under way.
public final class DecodeWorker: Sendable {
    private let socket: Descriptor
    private let payload: Payload
    private let pid: Int32
    private let pidfd: Descriptor
    private let statm: Descriptor?
    private let limits: DecodeLimits
    private let isDead = Flag()
    private let isKilled = Flag()

    init(socket: Descriptor, payload: Payload, pid: Int32, pidfd: Descriptor, limits: DecodeLimits) {
        self.socket = socket
        self.payload = payload
        self.pid = pid
        self.pidfd = pidfd
        self.limits = limits
        // Opened now, so that it never tells of another process that gets the same number.
        let number = unsafe qdoc_open("/proc/\(pid)/statm", O_RDONLY)
        statm = number >= 0 ? Descriptor(owning: number) : nil
    }

    deinit {
        qdoc_pidfd_kill(pidfd.number)
    }

    /// Whether the worker can be asked again.
    public var isAlive: Bool { !isDead.isSet && !isKilled.isSet }

    /// Ends the worker. A call that is under way fails with `interrupted`.
    public func kill() {
        isKilled.set()
        qdoc_pidfd_kill(pidfd.number)
    }

    /// Bytes of memory that are the worker's alone; 0 where they cannot be known.
    public var privateBytes: Int {
        guard let statm else { return 0 }
        let text = String(decoding: readFully(statm.number, offset: 0, count: 128), as: UTF8.self)
        let pages = text.split(separator: " ").prefix(3).compactMap { Int($0) }
        return pages.count == 3 ? max(0, pages[1] - pages[2]) * 4096 : 0
    }

    /// What opening a source gave.
    public struct Opened: Sendable, Hashable {
        public var pageCount: Int
        /// The index of the password that fitted; nil where none was needed.
        public var password: Int?
    }

    /// Opens the source.
    ///
    /// A long video is scanned in many short steps, each of which has the limits of a request; all of them end by `scanLimit`.
    ///
    /// - Throws: `password_required`, `password_wrong`, `damaged_file`, `too_many_pages`, and as `page`.
    public func open(_ request: OpenRequest) throws(Failure) -> Opened {
        guard request.passwords.count <= WireLimits.passwords else {
            throw Failure(.invalidArguments, "more than \(WireLimits.passwords) passwords are given")
        }
        let deadline = ContinuousClock.now + Self.scanLimit
        var reply = try ask(.open(request))
        while true {
            guard case .opened(let pageCount, let password, let isComplete) = reply, password ?? -1 < request.passwords.count else {
                throw breach("it does not open")
            }
            if isComplete { return Opened(pageCount: pageCount, password: password) }
            guard ContinuousClock.now < deadline else { throw dead(Self.timedOut) }
            reply = try ask(.proceed)
        }
    }

    /// Ten minutes: a two-hour recording at 720p takes five on one core.
    private static let scanLimit = Duration.seconds(600)

    /// Measures `count` pages from `first` on.
    ///
    /// - Throws: As `page`.
    public func geometries(first: Int, count: Int) throws(Failure) -> [GeometryOutcome] {
        let reply = try ask(.geometries(first: first, count: count))
        guard case .geometries(let outcomes) = reply, outcomes.count == count else { throw breach("pages are missing") }
        return outcomes
    }

    /// What one page gave: its content as flat bytes that `ContentFrame` has read once and found good.
    public struct Page: Sendable, Hashable {
        public var geometry: PageGeometry
        public var image: RenderedImage?
        public var content: [UInt8]?
    }

    /// Draws a page and reads its content in one trip.
    ///
    /// - Throws: `page_out_of_range`, `page_damaged`, `page_too_large`, `decode_limit` by the worker's word; `decode_crashed`,
    ///   `decode_timed_out`, `decoder_protocol` or `interrupted`, after which the worker is gone.
    public func page(_ request: PageRequest) throws(Failure) -> Page {
        if let size = request.image?.size {
            guard
                (1...WireLimits.imageSide).contains(size.width), (1...WireLimits.imageSide).contains(size.height),
                size.pixels <= WireLimits.imagePixels
            else { throw Failure(.pageTooLarge, "an image of \(size.width)x\(size.height) pixels is asked for") }
        }
        guard case .page(let geometry, let head, let contentCount) = try ask(.page(request)) else { throw breach("it is not a page") }
        do throws(Failure) {
            let page = try read(geometry, head, contentCount, request)
            payload.trim()
            return page
        } catch {
            throw dead(error)
        }
    }

    private func read(_ geometry: PageGeometry, _ head: Reply.ImageHead?, _ contentCount: Int?, _ request: PageRequest) throws(Failure)
        -> Page
    {
        guard head?.size == request.image?.size else { throw .wire("an image is missing or of another size") }
        guard (contentCount != nil) == !request.parts.isEmpty else { throw .wire("content is missing or was not asked for") }
        var page = Page(geometry: geometry, image: nil, content: nil)
        if let head {
            let image = RenderedImage(bytes: try payload.read(offset: 0, count: head.count), encoding: head.encoding, size: head.size)
            try ImageHeader.check(image)
            page.image = image
        }
        if let contentCount {
            let bytes = try payload.read(offset: head?.count ?? 0, count: contentCount)
            _ = try ContentFrame.decode(bytes)
            page.content = bytes
        }
        return page
    }

    private func ask(_ request: Request) throws(Failure) -> Reply {
        guard isAlive else { throw isKilled.isSet ? DecodeWorker.interrupted : DecodeWorker.crash(nil) }
        let deadline = ContinuousClock.now + limits.wall
        // Before the number can belong to another process the descriptor says that this one has ended.
        if qdoc_wait_readable(pidfd.number, 0) == 0 { qdoc_raise_cpu_limit(pid, Int32(limits.cpuSeconds)) }
        guard socket.send(request.encode()) else { throw dead(ended()) }
        switch socket.receive(until: deadline) {
        case .timedOut: throw dead(DecodeWorker.timedOut)
        case .ended: throw dead(isKilled.isSet ? DecodeWorker.interrupted : DecodeWorker.crash(nil))
        case .message(let bytes, _): return try answer(bytes)
        }
    }

    private func answer(_ bytes: [UInt8]) throws(Failure) -> Reply {
        guard bytes.count <= WireLimits.frameBytes else { throw breach("a frame is too long") }
        let reply: Reply
        do throws(Failure) { reply = try Reply.decode(bytes) } catch { throw dead(error) }
        switch reply {
        case .failed(let failure): throw failure.code == .decoderProtocol ? dead(failure) : failure
        case .ended(let status): throw dead(isKilled.isSet ? DecodeWorker.interrupted : DecodeWorker.crash(status))
        default: return reply
        }
    }

    /// Why a worker that takes no request is gone; its last word lies in the socket.
    private func ended() -> Failure {
        if isKilled.isSet { return DecodeWorker.interrupted }
        if case .message(let bytes, _) = socket.receive(until: ContinuousClock.now), case .ended(let status)? = try? Reply.decode(bytes) {
            return DecodeWorker.crash(status)
        }
        // No last word, or one that cannot be read: it crashed all the same.
        return DecodeWorker.crash(nil)
    }

    private func breach(_ what: String) -> Failure {
        dead(.wire(what))
    }

    private func dead(_ failure: Failure) -> Failure {
        isDead.set()
        qdoc_pidfd_kill(pidfd.number)
        return failure
    }

    static let interrupted = Failure(.interrupted, "reading was interrupted")
    static let timedOut = Failure(.decodeTimedOut, "decoding takes longer than is allowed")

    /// The failure of a worker that ended by itself.
    static func crash(_ status: Int32?) -> Failure {
        switch status {
        case -SIGXCPU: timedOut
        case -SIGSYS: Failure(.decodeCrashed, "decoding was stopped by the sandbox")
        case let status? where status < 0: Failure(.decodeCrashed, "decoding crashed (signal \(-status))")
        default: Failure(.decodeCrashed, "decoding crashed")
        }
    }
}
