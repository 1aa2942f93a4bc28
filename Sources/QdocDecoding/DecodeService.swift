internal import CSystem
internal import Glibc
public import QdocCore
import QdocRuntime

/// A source that is open in a worker.
public protocol DecodedSource {
    /// Those found so far.
    var pageCount: Int { get }
    /// Goes on finding pages, for a small part of what one request may take.
    ///
    /// - Returns: Whether all are found.
    func proceed() throws(Failure) -> Bool
    /// Measures a page, from 1.
    func geometry(of pageNumber: Int) throws(Failure) -> PageGeometry
    /// Makes what is asked for of one page: the image first, which makes the text nearly free.
    func page(_ request: PageRequest) throws(Failure) -> DecodedPage
}

extension DecodedSource {
    /// Most sources know their pages once they are open.
    public func proceed() throws(Failure) -> Bool { true }
}

/// What a worker made of one page.
public struct DecodedPage: Sendable {
    public var geometry: PageGeometry
    public var image: RenderedImage?
    public var content: PageContent?

    public init(geometry: PageGeometry, image: RenderedImage?, content: PageContent?) {
        self.geometry = geometry
        self.image = image
        self.content = content
    }
}

/// The child's side: a fork server that never reads foreign bytes, and the workers it forks, one for each source and lane.
///
/// - Confinement: the process has one thread.
public struct DecodeService {
    /// What a worker opens its source with.
    public struct Opening: Sendable {
        /// Descriptor of the source, for reading; owned by the caller.
        public let descriptor: Int32
        public let byteCount: Int
        public let request: OpenRequest
    }

    private let confine: (_ sourceBytes: Int) throws(Failure) -> String
    private let open: (Opening) throws(Failure) -> (source: any DecodedSource, password: Int?)

    /// - Parameters:
    ///   - confine: Confines a worker before it reads its source, and names the level.
    ///   - open: Opens a source; gives the number of the password that fitted.
    public init(
        confine: @escaping (_ sourceBytes: Int) throws(Failure) -> String,
        open: @escaping (Opening) throws(Failure) -> (source: any DecodedSource, password: Int?)
    ) {
        self.confine = confine
        self.open = open
    }

    /// The descriptor of the control socket, by agreement with the host.
    static let control: Int32 = 3

    /// Serves until the host goes away.
    ///
    /// - Parameters:
    ///   - prepare: Warms the fonts and confines the server; gives the level that workers inherit.
    /// - Returns: The exit status.
    public func serve(prepare: () -> String) -> Int32 {
        var kind = CChar(0)
        var size: off_t = 0
        guard unsafe qdoc_file_kind(DecodeService.control, &kind, &size) == 0, UInt8(bitPattern: kind) == UInt8(ascii: "s") else {
            return 2
        }
        qdoc_die_with_parent()
        let control = Descriptor(owning: DecodeService.control)
        guard qdoc_watch_children() == 0 else { return 1 }
        let level = prepare()
        guard control.send(Reply.ready(build: DecoderBuild.id, level: level).encode()) else { return 1 }
        var workers: [Int32: Descriptor] = [:]
        while true {
            switch qdoc_wait_readable_or_child(control.number) {
            case 0: reap(&workers)
            case 1:
                guard case .message(_, let descriptors) = control.receive(until: nil) else {
                    return end(&workers)
                }
                // The one thing that can be asked for is a worker: its socket, source and payload come along.
                if descriptors.count == 3 { fork(descriptors, &workers) }
            default: return end(&workers)
            }
        }
    }

    private func fork(_ descriptors: [Descriptor], _ workers: inout [Int32: Descriptor]) {
        let socket = descriptors[0]
        let pid = qdoc_fork()
        switch pid {
        case 0:
            let status = work(descriptors)
            // Nothing of the server's is to be undone by its copy.
            _exit(status)
        case 1...:
            if let pidfd = Descriptor.naming(process: pid), socket.send(Reply.started(pid: pid).encode(), [pidfd]) {
                // Kept to tell the host how the worker ended.
                workers[pid] = socket
            } else {
                kill(pid, SIGKILL)
            }
        default:
            _ = socket.send(Reply.failed(Failure(.decodeLimit, "the system gives no more processes")).encode())
        }
    }

    private func reap(_ workers: inout [Int32: Descriptor]) {
        var status: Int32 = 0
        while case let pid = unsafe qdoc_reap(&status), pid > 0 {
            // The host may have gone on without it.
            _ = workers.removeValue(forKey: pid)?.send(Reply.ended(status: status).encode())
        }
    }

    private func end(_ workers: inout [Int32: Descriptor]) -> Int32 {
        for pid in workers.keys { kill(pid, SIGKILL) }
        for pid in workers.keys { qdoc_wait_child(pid) }
        return 0
    }

    /// The life of a worker, in the forked process.
    private func work(_ descriptors: [Descriptor]) -> Int32 {
        qdoc_die_with_parent()
        qdoc_forget_children()
        // Never released: their old numbers are about to mean something else.
        for descriptor in descriptors { _ = unsafe Unmanaged.passRetained(descriptor) }
        // The worker's three at 3, 4 and 5, then everything else is closed: the control socket and other workers' among it.
        let moved = descriptors.map { qdoc_dup_above($0.number, 64) }
        for (index, number) in moved.enumerated() where dup2(number, 3 + Int32(index)) < 0 { return 1 }
        guard qdoc_close_from(6) == 0 else { return 1 }
        let socket = Descriptor(owning: 3)
        let source: Int32 = 4
        guard let payload = unsafe qdoc_map_shared(5, WireLimits.payloadBytes) else { return 1 }
        close(5)
        var kind = CChar(0)
        var size: off_t = 0
        guard unsafe qdoc_file_kind(source, &kind, &size) == 0 else { return 1 }
        do throws(Failure) {
            let level = try confine(Int(size))
            guard socket.send(Reply.ready(build: DecoderBuild.id, level: level).encode()) else { return 0 }
        } catch {
            _ = socket.send(Reply.failed(error).encode())
            return 1
        }
        var worker = unsafe Worker(service: self, source: source, byteCount: Int(size), payload: payload)
        while case .message(let bytes, _) = socket.receive(until: nil) {
            guard socket.send(worker.answer(bytes).encode()) else { break }
        }
        return 0
    }

    /// What one worker holds while it serves its source.
    @safe private struct Worker {
        let service: DecodeService
        let source: Int32
        let byteCount: Int
        let payload: UnsafeMutableRawPointer
        var decoded: (any DecodedSource)?
        /// The number of the password that fitted.
        var password: Int?

        mutating func answer(_ bytes: [UInt8]) -> Reply {
            do throws(Failure) {
                return try serve(try Request.decode(bytes))
            } catch {
                return .failed(error)
            }
        }

        private mutating func serve(_ request: Request) throws(Failure) -> Reply {
            switch request {
            case .open(let request):
                let opened = try service.open(Opening(descriptor: source, byteCount: byteCount, request: request))
                decoded = opened.source
                password = opened.password
                return try proceed(opened.source)
            case .proceed:
                guard let decoded else { throw .wire("pages are asked for before the source is open") }
                return try proceed(decoded)
            case .geometries(let first, let count):
                let decoded = try source(with: first)
                let last = min(first + min(count, WireLimits.geometries) - 1, decoded.pageCount)
                var outcomes: [GeometryOutcome] = []
                for pageNumber in first...max(first, last) {
                    do throws(Failure) {
                        outcomes.append(.success(try plausible(try decoded.geometry(of: pageNumber))))
                    } catch {
                        outcomes.append(.failure(error))
                    }
                }
                return .geometries(outcomes)
            case .page(let request):
                return try put(try source(with: request.pageNumber).page(request), request)
            }
        }

        private func proceed(_ source: any DecodedSource) throws(Failure) -> Reply {
            let isComplete = try source.proceed()
            guard source.pageCount > 0 || !isComplete else { throw Failure(.damagedFile, "the file has no pages") }
            guard source.pageCount <= WireLimits.pages else {
                throw Failure(.tooManyPages, "the file has more than \(WireLimits.pages) pages", remedy: "split it")
            }
            return .opened(pageCount: source.pageCount, password: password, isComplete: isComplete)
        }

        private func source(with pageNumber: Int) throws(Failure) -> any DecodedSource {
            guard let decoded else { throw .wire("a page is asked for before the source is open") }
            guard (1...decoded.pageCount).contains(pageNumber) else {
                throw Failure(.pageOutOfRange, "there is no page \(pageNumber)")
            }
            return decoded
        }

        private func plausible(_ geometry: PageGeometry) throws(Failure) -> PageGeometry {
            let size = geometry.size
            guard size.width > 0, size.height > 0, size.width <= WireLimits.coordinate, size.height <= WireLimits.coordinate else {
                throw Failure(.pageDamaged, "the page has no usable size")
            }
            return geometry
        }

        private func put(_ page: DecodedPage, _ request: PageRequest) throws(Failure) -> Reply {
            let image = request.image == nil ? nil : page.image
            let content: [UInt8]?
            if request.parts.isEmpty { content = nil } else { content = try page.content.map(ContentFrame.encode) }
            let imageCount = image?.bytes.count ?? 0
            let contentCount = content?.count ?? 0
            guard imageCount + contentCount <= WireLimits.payloadBytes else {
                throw Failure(.pageTooLarge, "the page's image and content have more than \(WireLimits.payloadBytes >> 20) MiB")
            }
            if let image { unsafe image.bytes.withUnsafeBytes { unsafe copy($0, at: 0) } }
            if let content { unsafe content.withUnsafeBytes { unsafe copy($0, at: imageCount) } }
            let head = image.map { Reply.ImageHead(encoding: $0.encoding, size: $0.size, count: $0.bytes.count) }
            return .page(try plausible(page.geometry), image: head, content: content.map(\.count))
        }

        private func copy(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
            if let base = bytes.baseAddress { unsafe payload.advanced(by: offset).copyMemory(from: base, byteCount: bytes.count) }
        }
    }
}
