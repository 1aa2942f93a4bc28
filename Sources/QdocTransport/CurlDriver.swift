internal import CCurl
internal import Glibc

/// Drives libcurl: waits for sockets, moves transfers on, wakes their readers once for all that has arrived.
///
/// By libcurl's socket interface, so that an event costs the same with two streams open as with two hundred (`curl_multi_poll` and
/// `curl_multi_perform` visit every one of them each time).
///
/// - Confinement: Made, used and freed on the loop's thread.
@safe final class CurlDriver {
    /// Handles kept for reuse, connections kept open: both far above what one run has under way.
    private static let idleHandles = 16
    private static let idleConnections = 32
    /// How often waiting transfers are looked at; a timeout is late by this at most.
    private static let tick = Duration.milliseconds(100)

    /// How long a trickle is left to gather: each time costs a wake-up here and one of its reader, 300 to 400 us of processor time together on an
    /// idle machine (measured at 60 tokens a second), and nobody reads ten times a second.
    private static let gathering: Int32 = 100
    /// The same for a stream that is alone, whose every token pays for a wake-up of its own.
    private static let lonelyGathering: Int32 = 120
    /// Bytes in one round; more is no trickle.
    private static let trickle = 16 << 10

    private let loop: CurlLoop
    /// The file of CA certificates that the user names; nil for the machine's own.
    let authorities: String?
    private let multi: UnsafeMutableRawPointer
    private let poll: Int32
    private var active: [UnsafeMutableRawPointer: CurlTransfer]
    private var byTransfer: [ObjectIdentifier: CurlTransfer] = [:]
    private var idle: [UnsafeMutableRawPointer]
    private var touched: [CurlTransfer] = []
    private var timer: ContinuousClock.Instant?
    private var nextTick = ContinuousClock.now
    /// When this round began; read once for all that happens in it.
    private(set) var now = ContinuousClock.now
    /// Bytes that came in this round.
    private var arrived = 0

    /// Serves the loop's orders until it is told to stop.
    static func run(_ loop: CurlLoop, authorities: String?) {
        // OpenSSL writes to sockets that may be closed; the signal that makes would end the program.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        CurlDriver(loop, authorities: authorities).serve()
    }

    private init(_ loop: CurlLoop, authorities: String?) {
        self.loop = loop
        self.authorities = authorities
        guard let multi = unsafe curl_multi_init() else { preconditionFailure("no memory for libcurl") }
        unsafe self.multi = multi
        unsafe idle = []
        unsafe active = [:]
        poll = qdoc_poll_make()
        precondition(poll >= 0 && qdoc_poll_watch(poll, loop.wakeup, CURL_POLL_IN) == 0, "the system gives no more descriptors")
        unsafe qdoc_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.idleConnections)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe qdoc_curl_multi_set_callbacks(
            multi,
            { easy, socket, what, context, _ in
                guard let context = unsafe context else { return 0 }
                let driver = unsafe Unmanaged<CurlDriver>.fromOpaque(context).takeUnretainedValue()
                _ = qdoc_poll_watch(driver.poll, socket, what)
                if what != CURL_POLL_REMOVE, let easy = unsafe easy { unsafe driver.active[easy]?.socket = socket }
                return 0
            },
            { _, milliseconds, context in
                guard let context = unsafe context else { return 0 }
                let driver = unsafe Unmanaged<CurlDriver>.fromOpaque(context).takeUnretainedValue()
                // A millisecond late: libcurl, told too early, finds nothing due and does not ask again.
                driver.timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds + 1)
                return 0
            }, context)
    }

    deinit {
        while let easy = unsafe idle.popLast() { unsafe curl_easy_cleanup(easy) }
        unsafe curl_multi_cleanup(multi)
        close(poll)
    }

    /// Notes that bytes have come for a transfer.
    func touch(_ transfer: CurlTransfer, byteCount: Int) {
        arrived += byteCount
        guard !transfer.isTouched else { return }
        transfer.isTouched = true
        touched.append(transfer)
    }

    private func serve() {
        var sockets = [Int32](repeating: 0, count: 64)
        var actions = [Int32](repeating: 0, count: 64)
        var running: Int32 = 0
        while carryOutOrders() {
            settle()
            if isTrickling { unsafe qdoc_wakeup_wait(loop.wakeup, active.count == 1 ? Self.lonelyGathering : Self.gathering) }
            arrived = 0
            let count = unsafe qdoc_poll_wait(poll, &sockets, &actions, patience())
            now = .now
            for index in 0..<max(0, Int(count)) {
                if sockets[index] == loop.wakeup {
                    qdoc_wakeup_take(loop.wakeup)
                } else {
                    unsafe curl_multi_socket_action(multi, sockets[index], actions[index], &running)
                }
            }
            if let due = timer, due <= now {
                timer = nil
                unsafe curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
            }
            settle()
            if nextTick <= now {
                // Whatever became of its timer, libcurl looks at its own deadlines now and then.
                unsafe curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
                settle()
                dropOverdue()
            }
        }
        for transfer in unsafe Array(active.values) {
            release(transfer)
            transfer.transfer.finish(.failure(transfer.closed))
        }
    }

    /// Whether little came, and nobody waits for anything but more of the same. An order ends the wait.
    private var isTrickling: Bool {
        guard arrived > 0, arrived < Self.trickle, unsafe !active.isEmpty else { return false }
        return unsafe active.values.allSatisfy { $0.isSteady }
    }

    /// Milliseconds to wait for a socket.
    private func patience() -> Int32 {
        var until = unsafe active.isEmpty ? nil : nextTick as ContinuousClock.Instant?
        if let timer { until = min(until ?? timer, timer) }
        guard let until else { return -1 }
        // What is past has negative parts, and a negative number of milliseconds is for ever.
        let left = max(.zero, until - .now).components
        // Rounded up, or the last millisecond would be waited for in a circle.
        return Int32(clamping: left.seconds * 1000 + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// - Returns: Whether to go on.
    private func carryOutOrders() -> Bool {
        for order in loop.take() {
            switch order {
            case .start(let transfer, let request): start(transfer, request)
            case .upload(let transfer): byTransfer[ObjectIdentifier(transfer)]?.upload()
            case .resume(let transfer): byTransfer[ObjectIdentifier(transfer)]?.resume()
            case .discard(let transfer): byTransfer[ObjectIdentifier(transfer)]?.discard()
            case .cancel(let transfer): byTransfer[ObjectIdentifier(transfer)].map(release)
            case .stop: return false
            }
        }
        return true
    }

    private func start(_ transfer: Transfer, _ request: HTTPRequest) {
        guard let easy = unsafe idle.popLast() ?? curl_easy_init() else { preconditionFailure("no memory for libcurl") }
        do throws(HTTPFailure) {
            let started = try unsafe CurlTransfer(transfer, request, easy: easy, driver: self)
            unsafe active[easy] = started
            byTransfer[ObjectIdentifier(transfer)] = started
            add(started)
            if unsafe active.count == 1 { nextTick = .now + Self.tick }
        } catch {
            unsafe recycle(easy)
            transfer.finish(.failure(error))
        }
    }

    private func add(_ transfer: CurlTransfer) {
        let status = unsafe curl_multi_add_handle(multi, transfer.easy)
        precondition(status == CURLM_OK, "libcurl takes no more transfers")
    }

    /// Wakes the readers of what has come and ends what is finished.
    private func settle() {
        var code = CURLE_OK
        while let easy = unsafe qdoc_curl_next_finished(multi, &code) {
            guard let finished = unsafe active[easy] else { continue }
            if finished.takeStale() {
                unsafe curl_multi_remove_handle(multi, easy)
                add(finished)
                continue
            }
            // A response that ended inside its head is no response, and what was sent may have been received all the same.
            let isWhole = code == CURLE_OK && finished.hasHead
            let end: Result<Void, HTTPFailure> = isWhole ? .success(()) : .failure(finished.failure(code))
            release(finished)
            finished.transfer.finish(end)
        }
        // Going on with one that was held back may call back at once, and touch it anew.
        while let transfer = touched.popLast() {
            transfer.isTouched = false
            let mayGoOn = transfer.transfer.flush() || transfer.isHeldBehindHead
            if mayGoOn, byTransfer[ObjectIdentifier(transfer.transfer)] === transfer { transfer.resume() }
        }
    }

    private func dropOverdue() {
        nextTick = now + Self.tick
        for transfer in unsafe Array(active.values) where transfer.isOverdue(at: now) {
            release(transfer)
            transfer.transfer.finish(.failure(transfer.overdue))
        }
    }

    /// Takes a transfer from libcurl, which closes its connection unless the response is at its end.
    private func release(_ transfer: CurlTransfer) {
        unsafe curl_multi_remove_handle(multi, transfer.easy)
        unsafe active[transfer.easy] = nil
        byTransfer[ObjectIdentifier(transfer.transfer)] = nil
        unsafe recycle(transfer.easy)
    }

    private func recycle(_ easy: UnsafeMutableRawPointer) {
        guard unsafe idle.count < Self.idleHandles else {
            unsafe curl_easy_cleanup(easy)
            return
        }
        unsafe curl_easy_reset(easy)
        unsafe idle.append(easy)
    }
}
