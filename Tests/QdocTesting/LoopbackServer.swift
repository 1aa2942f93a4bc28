internal import Glibc
internal import QdocRuntime
import Synchronization

/// A scripted HTTP server on a loopback port: raw sockets, so that it can misbehave in every way a server can.
///
/// Each connection has a thread of its own, which runs the script for each request that was read whole.
public final class LoopbackServer: Sendable {
    /// A request as it came.
    public struct Request: Sendable {
        /// `POST /v1/chat/completions HTTP/1.1`.
        public var line: String
        /// Names in lower case.
        public var headers: [String: String]
        public var body: [UInt8]
        /// From 1, over all connections.
        public var number: Int
        /// From 1.
        public var connection: Int
    }

    /// How much of a request is read before anything is done about it.
    public enum Reading: Sendable {
        case whole
        /// Ends the connection once so many bytes of the body came.
        case hangUp(afterBodyBytes: Int, resets: Bool)
    }

    /// What a script does with a request; every call blocks the connection's thread.
    public struct Exchange: Sendable {
        public let request: Request
        let socket: Int32

        /// Sends bytes as they are; false once the client is gone.
        @discardableResult
        public func send(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.send(socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        @discardableResult
        public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        /// Sends a whole response with its length.
        public func respond(_ status: Int, type: String = "application/json", headers: [String] = [], _ body: [UInt8]) {
            let lines = ["HTTP/1.1 \(status) Scripted", "Content-Type: \(type)", "Content-Length: \(body.count)"] + headers
            send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
        }

        /// Begins a chunked stream of events.
        public func beginStream() {
            send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        }

        /// Sends one chunk; an empty one ends the stream.
        @discardableResult
        public func chunk(_ bytes: [UInt8]) -> Bool {
            send(Array((String(bytes.count, radix: 16) + "\r\n").utf8) + bytes + [0x0D, 0x0A])
        }

        @discardableResult
        public func chunk(_ text: String) -> Bool { chunk(Array(text.utf8)) }

        /// Lets the client wait for more; true where it closed the connection meanwhile.
        public func pause(_ milliseconds: Int32) -> Bool {
            var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            return unsafe poll(&watched, 1, milliseconds) > 0
        }

        /// Ends the connection, the client still sending or not.
        public func hangUp() {
            shutdown(socket, Int32(SHUT_RDWR))
        }

        /// Ends the connection with a reset instead of an orderly end.
        public func reset() {
            LoopbackServer.prepareReset(socket)
            // Ends the reading only: the reset goes out when the connection's thread closes the socket.
            shutdown(socket, Int32(SHUT_RD))
        }

        /// Waits until the client closes the connection; what it sends before that is dropped, and counted.
        @discardableResult
        public func waitForClose() -> Int {
            var buffer = [UInt8](repeating: 0, count: 4096)
            var total = 0
            while true {
                let count = unsafe recv(socket, &buffer, buffer.count, 0)
                guard count > 0 else { return total }
                total += count
            }
        }
    }

    private struct Ledger {
        var requests: [Request] = []
        var requestCount = 0
        var connections = 0
        var sockets: Set<Int32> = []
        var isStopped = false
    }

    /// `http://127.0.0.1:port`.
    public let address: String
    private let listener: Int32
    private let keepsRequests: Bool
    private let reading: @Sendable (Request) -> Reading
    private let onHead: @Sendable (Exchange) -> Void
    private let ledger = Mutex(Ledger())

    /// Listens and runs `script` for each request.
    ///
    /// - Parameters:
    ///   - port: 0 for a free one.
    ///   - keepsRequests: Whether `requests` lists them; a server that runs long does not.
    ///   - head: Run when the headers of a request are there, before more is read; the request's body is empty then.
    ///   - reading: Asked once for each request when its head was read; the body is empty and the number 0 then.
    public init(
        port: UInt16 = 0, keepsRequests: Bool = true, head: @escaping @Sendable (Exchange) -> Void = { _ in },
        reading: @escaping @Sendable (Request) -> Reading = { _ in .whole }, _ script: @escaping @Sendable (Exchange) -> Void
    ) throws {
        self.keepsRequests = keepsRequests
        self.reading = reading
        onHead = head
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(listener, generic, length) == 0 && listen(listener, 1024) == 0 && getsockname(listener, generic, &length) == 0
            }
        }
        guard status else { throw SystemError.last }
        self.address = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.start(name: "test-http") { [self] in accept(script) }
    }

    /// Stops listening and ends every connection.
    public func stop() {
        // Once, and under the lock: a descriptor that was closed meanwhile may be another server's by now.
        ledger.withLock { ledger in
            guard !ledger.isStopped else { return }
            ledger.isStopped = true
            shutdown(listener, Int32(SHUT_RDWR))
            for socket in ledger.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    /// The requests that were read whole, in order.
    public var requests: [Request] { ledger.withLock { $0.requests } }
    public var connectionCount: Int { ledger.withLock { $0.connections } }

    private func accept(_ script: @escaping @Sendable (Exchange) -> Void) {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { break }
            let number = ledger.withLock { ledger in
                ledger.connections += 1
                ledger.sockets.insert(socket)
                return ledger.connections
            }
            Thread.start(name: "test-connection") { [self] in serve(socket, number, script) }
        }
        close(listener)
    }

    private func serve(_ socket: Int32, _ connection: Int, _ script: @Sendable (Exchange) -> Void) {
        // Tokens are small, and each is to leave at once.
        Self.set(socket, Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
        var received: [UInt8] = []
        var head: Head?
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        serving: while true {
            if head == nil, let found = Head(received, connection) {
                head = found
                onHead(Exchange(request: found.request, socket: socket))
                if case .hangUp(let count, let resets) = reading(found.request) { head?.limit = (found.start + count, resets) }
            }
            if let (end, resets) = head?.limit, received.count >= end {
                if resets { Self.prepareReset(socket) }
                break
            }
            if let whole = head, received.count >= whole.end {
                head = nil
                var request = whole.request
                request.body = Array(received[whole.start..<whole.end])
                received.removeFirst(whole.end)
                script(Exchange(request: number(request), socket: socket))
                continue
            }
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        ledger.withLock { ledger in
            ledger.sockets.remove(socket)
            close(socket)
        }
    }

    private func number(_ request: Request) -> Request {
        ledger.withLock { ledger in
            ledger.requestCount += 1
            var request = request
            request.number = ledger.requestCount
            if keepsRequests { ledger.requests.append(request) }
            return request
        }
    }

    private static func set<Value: BitwiseCopyable>(_ socket: Int32, _ level: Int32, _ name: Int32, _ value: Value) {
        var value = value
        unsafe setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Value>.size))
    }

    /// Has the kernel answer the client with a reset when the socket is closed.
    private static func prepareReset(_ socket: Int32) {
        set(socket, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    }

    /// The head of a request, and where its body begins and ends in the bytes of the connection.
    private struct Head {
        var request: Request
        var start: Int
        var end: Int
        var limit: (end: Int, resets: Bool)?

        /// Nil while the head is not whole.
        init?(_ bytes: [UInt8], _ connection: Int) {
            guard let end = bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) else { return nil }
            let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { continue }
                headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
            }
            start = end.upperBound
            self.end = start + max(0, headers["content-length"].flatMap { Int($0) } ?? 0)
            request = Request(line: lines.first ?? "", headers: headers, body: [], number: 0, connection: connection)
        }
    }
}

/// A door that a test opens, and a server's script waits at.
public final class Gate: Sendable {
    private let ends: (read: Int32, write: Int32)

    public init() {
        var descriptors: [Int32] = [0, 0]
        unsafe pipe(&descriptors)
        ends = (descriptors[0], descriptors[1])
    }

    deinit {
        close(ends.read)
        close(ends.write)
    }

    /// Lets one waiter pass, now or later.
    public func open() {
        var byte: UInt8 = 1
        unsafe write(ends.write, &byte, 1)
    }

    /// For tests, which must not block the threads that the tested tasks need.
    private static let lane = BlockingLane("test-gate", width: 64)

    /// Waits until the door is opened.
    public func opened() async throws {
        try await Self.lane.run { [self] in wait() }
    }

    /// Blocks the calling thread until the door is opened: for servers' scripts, which have threads of their own.
    public func wait() {
        var byte: UInt8 = 0
        unsafe read(ends.read, &byte, 1)
    }
}
