public import QdocCore
internal import QdocRuntime

/// Sends HTTP requests; responses come as they are read, and hold the server back where nobody reads.
///
/// HTTP/1.1 with connections kept and reused, `http` and `https` alone, no redirects followed, certificates checked against the machine's
/// CA bundle, proxies from the environment as `curl` takes them. A request whose body has begun to leave is never sent a second time.
///
/// - Confinement: One thread owns libcurl; everything here may be called from anywhere.
public final class HTTPClient: Sendable {
    private let loop: CurlLoop

    /// Starts the thread.
    ///
    /// - Throws: `internal_error` where the system gives no descriptors.
    public init() throws(Failure) {
        let loop = try CurlLoop()
        self.loop = loop
        Thread.start(name: "qdoc-http") { CurlDriver.run(loop) }
    }

    deinit {
        close()
    }

    /// Sends a request and waits for the response's head.
    ///
    /// - Throws: `HTTPFailure`; `CancellationError` at once when the task is cancelled, the connection being closed behind it.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let transfer = Transfer(loop: loop)
        let lease = HTTPResponseBody.Lease(transfer, of: self)
        loop.push(.start(transfer, request))
        let head = try await transfer.waitForHead()
        return HTTPResponse(head: head, body: HTTPResponseBody(lease: lease))
    }

    /// Breaks off what is under way and ends the thread. A second call does nothing.
    public func close() {
        loop.push(.stop)
    }
}
