import Synchronization

/// Time that only goes on, and a way to wait for it: the system's, or a test's own.
public struct MonotonicClock: Sendable {
    /// The system's.
    public static let system = MonotonicClock(ContinuousClock())

    private let read: @Sendable () -> Duration
    private let wait: @Sendable (Duration) async throws -> Void

    /// Counts from now on.
    public init<Source: Clock<Duration>>(_ clock: Source) {
        let start = clock.now
        read = { start.duration(to: clock.now) }
        wait = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    }

    /// Since the clock was made.
    func now() -> Duration { read() }

    /// Waits until that moment, counted as `now` does.
    func sleep(until moment: Duration) async throws { try await wait(moment) }
}

/// Where one task waits for its turn, or for a moment at which to look again.
final class Turn: Sendable {
    private struct State {
        var waiter: CheckedContinuation<Void, any Error>?
        var isCalled = false
    }

    private let state = Mutex(State())

    /// Ends the present wait, or the next one.
    func call() {
        let waiter = state.withLock { state in
            state.isCalled = state.waiter == nil
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Waits until it is called, or until the moment, if there is one; which of the two it was is for the waiting task to find out.
    ///
    /// - Throws: `CancellationError`, at once.
    func wait(until moment: Duration?, on clock: MonotonicClock) async throws {
        guard let moment else { return try await wait() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.wait() }
            group.addTask { try await clock.sleep(until: moment) }
            try await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    private func wait() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let resume: (() -> Void)? = state.withLock { state in
                    if Task.isCancelled { return { continuation.resume(throwing: CancellationError()) } }
                    if state.isCalled {
                        state.isCalled = false
                        return { continuation.resume() }
                    }
                    state.waiter = continuation
                    return nil
                }
                resume?()
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}
