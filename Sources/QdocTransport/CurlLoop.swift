internal import CCurl
internal import Glibc
internal import QdocCore
internal import QdocRuntime
import Synchronization

/// The way to the thread that owns libcurl: orders are queued, and the thread is woken.
final class CurlLoop: Sendable {
    enum Order: Sendable {
        case start(Transfer, HTTPRequest)
        /// The body may leave.
        case upload(Transfer)
        /// The reader has caught up.
        case resume(Transfer)
        case discard(Transfer)
        case cancel(Transfer)
        case stop
    }

    private struct State {
        var orders: [Order] = []
        var isStopped = false
    }

    /// libcurl's one-time set-up, which must not run twice at once.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_SSL)) == CURLE_OK

    private let state = Mutex(State())
    let wakeup: Int32

    init() throws(Failure) {
        guard Self.isReady else { throw Failure(.internalError, "libcurl cannot be set up") }
        wakeup = qdoc_wakeup_make()
        guard wakeup >= 0 else { throw Failure(.internalError, "no event descriptor can be made: \(SystemError.last)") }
    }

    deinit {
        close(wakeup)
    }

    /// Gives an order; after `stop` a start fails at once and everything else is moot.
    func push(_ order: Order) {
        let (isFirst, isStopped) = state.withLock { state in
            guard !state.isStopped else { return (false, true) }
            state.orders.append(order)
            if case .stop = order { state.isStopped = true }
            return (state.orders.count == 1, false)
        }
        if isFirst { qdoc_wakeup_post(wakeup) }
        if isStopped, case .start(let transfer, _) = order {
            transfer.finish(.failure(HTTPFailure(kind: .closed, message: "the HTTP client is closed", bodyBytesSent: 0)))
        }
    }

    /// Takes the orders given since the last call.
    func take() -> [Order] {
        state.withLock { state in
            defer { state.orders = [] }
            return state.orders
        }
    }
}
