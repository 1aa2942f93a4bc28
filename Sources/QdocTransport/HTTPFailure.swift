public import QdocCore

/// Why a request got no whole response, and how much of it had left by then.
public struct HTTPFailure: Error, Sendable, Hashable {
    /// Where in the exchange it failed.
    public enum Kind: Sendable, Hashable {
        /// The request cannot be made as it is written.
        case invalidRequest
        /// No connection, or one that broke.
        case connection
        /// The server's identity is not proven.
        case tls
        /// Nothing moved for as long as the request allows.
        case timedOut
        /// The server does not speak HTTP, or sends more headers than are accepted.
        case malformed
        /// The client was closed.
        case closed
    }

    public var kind: Kind
    /// The host and what went wrong; no header value.
    public var message: String
    /// Bytes of the request's body that were handed to the network. Not all of them need have arrived.
    public var bodyBytesSent: Int

    public init(kind: Kind, message: String, bodyBytesSent: Int) {
        self.kind = kind
        self.message = message
        self.bodyBytesSent = bodyBytesSent
    }

    /// Whether the server cannot have acted on the request: nothing of its body had left.
    package var isSafeToResend: Bool { bodyBytesSent == 0 }

    /// As the program's envelope.
    ///
    /// A connection that broke after the body had begun to leave becomes `stream_truncated`, which is never retried by itself: whether the
    /// call was charged is unknown.
    public var failure: Failure {
        switch kind {
        case .invalidRequest: Failure(.invalidConfiguration, message, remedy: "correct the endpoint's address or key")
        case .tls:
            Failure(
                .connectionFailed, message, remedy: "check the endpoint's certificate, the clock, and the CA certificates of this machine")
        case .timedOut where isSafeToResend: Failure(.connectionFailed, message, remedy: "check the network and the endpoint's address")
        case .timedOut: Failure(.modelTimedOut, message, remedy: "the call may have been charged; ask again, with fewer pages a request")
        case .closed: Failure(.interrupted, message)
        case .connection where isSafeToResend, .malformed where isSafeToResend:
            Failure(.connectionFailed, message, remedy: "check the network and the endpoint's address")
        case .connection, .malformed:
            Failure(.streamTruncated, message, remedy: "the call may have been charged; nothing was sent again")
        }
    }
}
