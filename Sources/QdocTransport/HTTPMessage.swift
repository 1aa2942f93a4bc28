/// One header field.
public struct HTTPHeader: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// How long a request may take.
public struct HTTPTimeouts: Sendable, Hashable {
    /// Until a connection stands, name resolution and TLS included. 10 s: twice what the openai SDK grants.
    public var connect: Duration = .seconds(10)
    /// From the last byte sent to the first byte of the response's head. Thinking models answer with a head at once; a queued one may
    /// take minutes (Model Studio's gateway: 298 to 600 s).
    public var firstByte: Duration = .seconds(300)
    /// Between two pieces of the response, not counting the time in which the consumer holds the stream back.
    public var idle: Duration = .seconds(120)
    /// For everything; nil for no limit, as a long stream that keeps coming is healthy.
    public var total: Duration?

    public init() {}
}

/// What is asked.
public struct HTTPRequest: Sendable {
    /// `http` or `https`.
    public var url: String
    public var headers: [HTTPHeader]
    /// Sent by POST; nil asks by GET.
    public var body: HTTPBody?
    public var timeouts = HTTPTimeouts()
    /// Run once the connection stands and the server may have read the headers, before the first byte of the body may leave: the place
    /// to write down that the call is about to be paid for. The body does not leave before it has returned; what it throws ends the
    /// request and is thrown by `send`. Run at most once, and never without a body, or where the server answered before it was asked.
    public var beforeBody: (@Sendable () async throws -> Void)?

    public init(url: String, headers: [HTTPHeader] = [], body: HTTPBody? = nil) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// What a server says before the body.
public struct HTTPHead: Sendable, Hashable {
    public var status: Int
    public var headers: [HTTPHeader]

    /// The first header of that name, whatever its case.
    public subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What a server answers: the head is there, the body comes as it is read.
public struct HTTPResponse: Sendable {
    public let head: HTTPHead
    public let body: HTTPResponseBody

    public var status: Int { head.status }
}

/// The body of a response, for one reader.
///
/// Each element is everything that has arrived since the last one, so that a fast stream costs few wake-ups. A reader that falls 256 KiB
/// behind stops the server. A body that is let go of before its end closes its connection; `discardRest` keeps it where possible.
public struct HTTPResponseBody: Sendable, AsyncSequence {
    final class Lease: Sendable {
        let transfer: Transfer
        /// A response outlives the last other mention of its client.
        private let client: HTTPClient

        init(_ transfer: Transfer, of client: HTTPClient) {
            self.transfer = transfer
            self.client = client
        }

        deinit {
            transfer.abandon()
        }
    }

    let lease: Lease

    /// Takes the bytes as they come.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let lease: Lease

        /// Gives the next bytes, or nil after the last.
        ///
        /// - Throws: `HTTPFailure`, after everything that arrived before it; `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            try await lease.transfer.nextBytes()
        }
    }

    /// Begins to take bytes; there is one reader.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(lease: lease)
    }

    /// Reads no further, and lets the connection live if the response ends within a quarter of a second.
    public func discardRest() {
        lease.transfer.discardRest()
    }

    /// The first `limit` bytes of the body; the rest is discarded.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in self {
            bytes += chunk
            guard bytes.count < limit else {
                discardRest()
                return Array(bytes[..<limit])
            }
        }
        return bytes
    }
}
