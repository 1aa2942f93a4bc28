import Synchronization

/// One request under way: the meeting point of the task that reads the response and the thread that receives it.
final class Transfer: Sendable {
    /// What the sending task waits for.
    enum Step: Sendable {
        /// The connection stands, and the body waits for leave to go; said at most once.
        case gate
        case head(HTTPHead)
    }

    /// Where a transfer stands before the first byte of its body.
    private enum Gate {
        case ahead
        case reached
        case passed
    }

    private struct State {
        var gate = Gate.ahead
        var head: HTTPHead?
        var stepWaiter: CheckedContinuation<Step, any Error>?
        var bytes: [UInt8] = []
        var bytesWaiter: CheckedContinuation<[UInt8]?, any Error>?
        var isPaused = false
        var isDiscarding = false
        var isCancelled = false
        var end: Result<Void, HTTPFailure>?
    }

    /// Bytes that may wait for the reader before the server is held back: over a thousand events of a token each.
    static let capacity = 256 << 10

    private let state = Mutex(State())
    private let loop: CurlLoop

    init(loop: CurlLoop) {
        self.loop = loop
    }

    // MARK: - The reader's side

    /// Waits for the next step towards the head. Who calls it ends the transfer by `cancel` when its task is cancelled.
    func nextStep() async throws -> Step {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Step, any Error>) in
            let resume: (() -> Void)? = state.withLock { state in
                if state.isCancelled { return { continuation.resume(throwing: CancellationError()) } }
                if let head = state.head { return { continuation.resume(returning: .head(head)) } }
                if case .failure(let failure) = state.end { return { continuation.resume(throwing: failure) } }
                if state.gate == .reached {
                    state.gate = .passed
                    return { continuation.resume(returning: .gate) }
                }
                state.stepWaiter = continuation
                return nil
            }
            resume?()
        }
    }

    /// Waits for bytes and takes all there are; nil at the end.
    func nextBytes() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<[UInt8]?, any Error>) in
                let resume: (() -> Void)? = state.withLock { state in
                    if state.isCancelled { return { continuation.resume(throwing: CancellationError()) } }
                    if !state.bytes.isEmpty {
                        let bytes = state.bytes
                        let wasPaused = state.isPaused
                        state.bytes = []
                        state.isPaused = false
                        return { [self] in
                            if wasPaused { loop.push(.resume(self)) }
                            continuation.resume(returning: bytes)
                        }
                    }
                    switch state.end {
                    case .success: return { continuation.resume(returning: nil) }
                    case .failure(let failure): return { continuation.resume(throwing: failure) }
                    case nil:
                        state.bytesWaiter = continuation
                        return nil
                    }
                }
                resume?()
            }
        } onCancel: {
            cancel()
        }
    }

    /// Ends the transfer for a task that was cancelled; its reader is woken at once, its connection closed by the loop.
    func cancel() {
        let (step, bytes, isOver) = state.withLock { state in
            state.isCancelled = true
            defer {
                state.stepWaiter = nil
                state.bytesWaiter = nil
            }
            return (state.stepWaiter, state.bytesWaiter, state.end != nil)
        }
        if !isOver { loop.push(.cancel(self)) }
        step?.resume(throwing: CancellationError())
        bytes?.resume(throwing: CancellationError())
    }

    /// Nobody will read on.
    func abandon() {
        let isOver = state.withLock { $0.end != nil || $0.isCancelled || $0.isDiscarding }
        if !isOver { loop.push(.cancel(self)) }
    }

    /// Nobody will read on, but the connection is worth keeping.
    func discardRest() {
        let isOver = state.withLock { state in
            state.isDiscarding = true
            state.bytes = []
            return state.end != nil || state.isCancelled
        }
        if !isOver { loop.push(.discard(self)) }
    }

    // MARK: - The loop's side

    /// Says that the body waits for leave to go.
    func reachGate() {
        let waiter = state.withLock { state -> CheckedContinuation<Step, any Error>? in
            guard state.gate == .ahead else { return nil }
            state.gate = state.stepWaiter == nil ? .reached : .passed
            defer { state.stepWaiter = nil }
            return state.stepWaiter
        }
        waiter?.resume(returning: .gate)
    }

    func deliver(_ head: HTTPHead) {
        let waiter = state.withLock { state in
            state.head = head
            defer { state.stepWaiter = nil }
            return state.stepWaiter
        }
        waiter?.resume(returning: .head(head))
    }

    /// Takes bytes for the reader; false where it is too far behind, and must say when it wants more.
    func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        state.withLock { state in
            guard !state.isDiscarding else { return true }
            guard state.bytes.count < Self.capacity else {
                state.isPaused = true
                return false
            }
            unsafe state.bytes.append(contentsOf: bytes)
            return true
        }
    }

    /// Wakes a waiting reader with everything that has arrived.
    ///
    /// - Returns: Whether the server was held back and may now go on.
    @discardableResult
    func flush() -> Bool {
        let (waiter, bytes, wasPaused) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, [UInt8], Bool) in
            guard let waiter = state.bytesWaiter, !state.bytes.isEmpty else { return (nil, [], false) }
            defer {
                state.bytesWaiter = nil
                state.bytes = []
                state.isPaused = false
            }
            return (waiter, state.bytes, state.isPaused)
        }
        waiter?.resume(returning: bytes)
        return wasPaused
    }

    /// Ends the transfer. What has arrived is still read, then the end.
    func finish(_ end: Result<Void, HTTPFailure>) {
        flush()
        let (step, bytes) = state.withLock { state in
            state.end = end
            defer {
                state.stepWaiter = nil
                state.bytesWaiter = nil
            }
            return (state.stepWaiter, state.bytesWaiter)
        }
        switch end {
        case .success:
            bytes?.resume(returning: nil)
            // libcurl reports success only after a whole head, which has been delivered.
            step?.resume(throwing: HTTPFailure(kind: .malformed, message: "the response has no head", bodyBytesSent: 0))
        case .failure(let failure):
            bytes?.resume(throwing: failure)
            step?.resume(throwing: failure)
        }
    }
}
