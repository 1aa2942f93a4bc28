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
        var connections = 0
        var sockets: Set<Int32> = []
    }

    /// `http://127.0.0.1:port`.
    public let address: String
    private let listener: Int32
    private let ledger = Mutex(Ledger())

    /// Listens on a free port and runs `script` for each request.
    ///
    /// - Parameter head: Run when the headers of a request are there, before more is read; the request's body is what came with them.
    public init(
        head: @escaping @Sendable (Exchange) -> Void = { _ in }, _ script: @escaping @Sendable (Exchange) -> Void
    ) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(listener, generic, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, generic, &length) == 0
            }
        }
        guard status else { throw SystemError.last }
        self.address = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.start(name: "test-http") { [self] in accept(head, script) }
    }

    /// Stops listening and ends every connection.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        let sockets = ledger.withLock { $0.sockets }
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    /// The requests that were read whole, in order.
    public var requests: [Request] { ledger.withLock { $0.requests } }
    public var connectionCount: Int { ledger.withLock { $0.connections } }

    private func accept(_ head: @escaping @Sendable (Exchange) -> Void, _ script: @escaping @Sendable (Exchange) -> Void) {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { break }
            let number = ledger.withLock { ledger in
                ledger.connections += 1
                ledger.sockets.insert(socket)
                return ledger.connections
            }
            Thread.start(name: "test-connection") { [self] in serve(socket, number, head, script) }
        }
        close(listener)
    }

    private func serve(
        _ socket: Int32, _ connection: Int, _ head: @Sendable (Exchange) -> Void, _ script: @Sendable (Exchange) -> Void
    ) {
        var received: [UInt8] = []
        var isAnnounced = false
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let parsed = Self.parse(received, connection)
            if let (request, _) = parsed, !isAnnounced {
                isAnnounced = true
                head(Exchange(request: request, socket: socket))
            }
            if let (request, count) = parsed, received.count >= count {
                received.removeFirst(count)
                isAnnounced = false
                let numbered = ledger.withLock { ledger in
                    var request = request
                    request.number = ledger.requests.count + 1
                    ledger.requests.append(request)
                    return request
                }
                script(Exchange(request: numbered, socket: socket))
                continue
            }
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        _ = ledger.withLock { $0.sockets.remove(socket) }
        close(socket)
    }

    /// The first request in the bytes, once its headers are whole, with as much of its body as there is, and its length.
    private static func parse(_ bytes: [UInt8], _ connection: Int) -> (Request, Int)? {
        guard let end = bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let total = end.upperBound + (headers["content-length"].flatMap { Int($0) } ?? 0)
        let body = Array(bytes[end.upperBound..<min(total, bytes.count)])
        return (Request(line: lines.first ?? "", headers: headers, body: body, number: 0, connection: connection), total)
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
