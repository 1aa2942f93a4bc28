public import QdocCore
public import QdocRuntime

/// Sends HTTP requests; responses come as they are read, and hold the server back where nobody reads.
///
/// HTTP/1.1 with connections kept and reused, `http` and `https` alone, no redirects followed, certificates checked against the machine's
/// CA bundle or the one that `CURL_CA_BUNDLE` or `SSL_CERT_FILE` names, proxies from the environment as `curl` takes them. A request whose body has begun to leave is never sent a second time.
///
/// - Confinement: One thread owns libcurl; everything here may be called from anywhere.
public final class HTTPClient: Sendable {
    private let loop: CurlLoop

    /// Starts the thread.
    ///
    /// - Parameter environment: Where the CA bundle is named; libcurl reads the proxies itself.
    /// - Throws: `internal_error` where the system gives no descriptors.
    public init(environment: Environment = .current) throws(Failure) {
        let loop = try CurlLoop()
        self.loop = loop
        // As the `curl` program does; libcurl alone looks at neither.
        let authorities = environment["CURL_CA_BUNDLE"] ?? environment["SSL_CERT_FILE"]
        Thread.start(name: "qdoc-http") { CurlDriver.run(loop, authorities: authorities) }
    }

    deinit {
        close()
    }

    /// Sends a request and waits for the response's head.
    ///
    /// - Throws: `HTTPFailure`; what `beforeBody` throws; `CancellationError` when the task is cancelled, whose connection is closed at once.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let transfer = Transfer(loop: loop)
        let lease = HTTPResponseBody.Lease(transfer, of: self)
        loop.push(.start(transfer, request))
        return try await withTaskCancellationHandler {
            while true {
                switch try await transfer.nextStep() {
                case .gate:
                    try await request.beforeBody?()
                    loop.push(.upload(transfer))
                case .head(let head): return HTTPResponse(head: head, body: HTTPResponseBody(lease: lease))
                }
            }
        } onCancel: {
            transfer.cancel()
        }
    }

    /// Breaks off what is under way and ends the thread. A second call does nothing.
    public func close() {
        loop.push(.stop)
    }
}
