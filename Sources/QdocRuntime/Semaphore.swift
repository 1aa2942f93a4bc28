import Synchronization

/// A number of places of which each is held by one task at a time; who waits gets one in the order of rank, then of arrival.
public final class Semaphore: Sendable {
    /// A place that is held: given back once, by `release` or when nobody keeps it any more.
    public final class Place: Sendable {
        private let semaphore: Semaphore
        private let isReleased = Atomic(false)

        fileprivate init(_ semaphore: Semaphore) {
            self.semaphore = semaphore
        }

        deinit { release() }

        /// Gives the place to the next who waits; a second call does nothing.
        public func release() {
            guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
            semaphore.giveBack()
        }
    }

    private struct Waiter {
        var rank: Int
        var ticket: UInt64
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var free: Int
        /// The next to be served stands first.
        var waiters: [Waiter] = []
        var nextTicket: UInt64 = 0
    }

    private let state: Mutex<State>

    /// - Parameter places: At least 1.
    public init(places: Int) {
        precondition(places > 0, "a semaphore without a place lets nobody through")
        state = Mutex(State(free: places))
    }

    /// Waits for a place.
    ///
    /// - Parameter rank: The lowest goes first.
    /// - Throws: `CancellationError`.
    public func acquire(rank: Int = 0) async throws -> Place {
        try await acquire(rank: rank) {}
    }

    /// - Parameter onWait: Called once the task stands in the line, for tests.
    package func acquire(rank: Int, onWait: @escaping @Sendable () -> Void) async throws -> Place {
        try Task.checkCancellation()
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let resume: (() -> Void)? = state.withLock { state in
                    if Task.isCancelled { return { continuation.resume(throwing: CancellationError()) } }
                    if state.free > 0 {
                        state.free -= 1
                        return { continuation.resume() }
                    }
                    let index = state.waiters.firstIndex { $0.rank > rank } ?? state.waiters.endIndex
                    state.waiters.insert(Waiter(rank: rank, ticket: ticket, continuation: continuation), at: index)
                    return onWait
                }
                resume?()
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.ticket == ticket }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
        return Place(self)
    }

    private func giveBack() {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume()
    }
}
