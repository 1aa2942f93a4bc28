public import QdocCore

/// Keeps the calls to one endpoint with one key within what the provider allows: in a minute, in tokens, and at once.
///
/// First come, first served. The limits hold for every span of 60 seconds, wherever it begins, so that a provider's own window, whose
/// beginning nobody knows, never holds more. The concurrency yields to the endpoint: less on each overload, one more after a round of successes.
public actor CallLimiter {
    /// Leave to make one call; given back by `release`.
    public struct Permit: Sendable, Hashable {
        let number: Int
        let entry: Int?
        let round: Int
    }

    /// How a call ended, as far as the limits care.
    public enum Outcome: Sendable, Hashable {
        case success
        /// The endpoint says that it is asked too much (HTTP 429).
        case overloaded
        /// Anything else; says nothing about the limits.
        case other
    }

    private var state: CallLimiterState
    private let clock: MonotonicClock
    private var turns: [Int: Turn] = [:]

    /// - Parameters:
    ///   - limits: Nil figures limit nothing; the concurrency is found out where nobody says.
    ///   - isEven: Whether no second may hold more than a sixtieth of the minute's requests either, and at least one (Model Studio).
    public init(_ limits: RateLimits, isEven: Bool = false, clock: MonotonicClock = .system) {
        state = CallLimiterState(limits, isEven: isEven)
        self.clock = clock
    }

    /// Calls that may run at once; nil where nothing limits them.
    public var concurrency: Int? { state.concurrency }

    /// Waits until a call may be made.
    ///
    /// - Parameter tokens: The most it can take of the tokens of a minute; put right when it is released.
    /// - Throws: `CancellationError`.
    public func acquire(tokens: Int) async throws -> Permit {
        try Task.checkCancellation()
        let ticket = state.enqueue()
        let turn = Turn()
        turns[ticket] = turn
        defer {
            turns[ticket] = nil
            state.leave(ticket)
            callHead()
        }
        while true {
            switch state.attempt(ticket, tokens: max(0, tokens), at: clock.now()) {
            case .granted(let permit): return permit
            case .wait(let moment): try await turn.wait(until: moment, on: clock)
            }
        }
    }

    /// Gives leave back when the call has ended, however it ended.
    ///
    /// - Parameter tokens: What it took of the tokens of a minute; nil where that is not known, and what was reserved stays.
    public func release(_ permit: Permit, tokens: Int? = nil, outcome: Outcome) {
        state.finish(permit, tokens: tokens, outcome: outcome, at: clock.now())
        callHead()
    }

    private func callHead() {
        if let head = state.head { turns[head]?.call() }
    }
}
