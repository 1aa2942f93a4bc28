/// Whether a failed call is tried again, and after how long: exponential backoff with full jitter.
///
/// - Source: the delays of the `openai` package, 0.5 s doubling to 8 s with hints up to 120 s; full jitter after Amazon's "Exponential Backoff
///   And Jitter" (2015), because clients that fail together must not come back together.
public struct RetryPolicy: Sendable, Hashable {
    /// What to do after a failure.
    public enum Decision: Sendable, Hashable {
        case wait(Duration)
        case giveUp
    }

    /// Calls in all, the first one included.
    public let attempts: Int
    /// The longest wait before the second call; doubled before each further one.
    public var base = Duration.milliseconds(500)
    public var ceiling = Duration.seconds(8)
    /// The longest wait that a server may ask for; one that asks for more is not tried again.
    public var hintLimit = Duration.seconds(120)

    /// - Parameter attempts: Calls in all, 2 to 4.
    public init(attempts: Int = 3) {
        precondition((2...4).contains(attempts), "a call is made 2 to 4 times")
        self.attempts = attempts
    }

    /// Decides after a failure.
    ///
    /// - Parameters:
    ///   - attempt: Calls made so far, at least 1.
    ///   - isRetriable: Whether the failure is of a kind that passes, and its outcome is known.
    ///   - hint: What the server asks to wait (`Retry-After`).
    ///   - minimum: What this provider's windows make sensible, 5 s after a 429 of Model Studio.
    /// - Returns: A wait never shorter than the hint and the minimum, and spread above the longer of them.
    public func decide(
        attempt: Int, isRetriable: Bool, hint: Duration? = nil, minimum: Duration = .zero, using generator: inout some RandomNumberGenerator
    ) -> Decision {
        guard isRetriable, attempt >= 1, attempt < attempts else { return .giveUp }
        if let hint, hint > hintLimit { return .giveUp }
        let longest = min(ceiling, base * (1 << min(attempt - 1, 16)))
        return .wait(max(hint ?? .zero, minimum, .zero) + longest * Double.random(in: 0..<1, using: &generator))
    }
}

/// The rules of a `RetryBudget` at moments that are told to it.
struct RetryBudgetState {
    private static let span = 10
    private static let part = 0.2
    private static let perSecond = 10

    private struct Slot {
        var second = Int64.min
        var calls = 0
        var retries = 0
    }

    private var slots = [Slot](repeating: Slot(), count: span)

    private mutating func slot(at now: Duration) -> Int {
        let second = now.components.seconds
        let index = Int(second % Int64(Self.span))
        if slots[index].second != second { slots[index] = Slot(second: second) }
        return index
    }

    mutating func noteCall(at now: Duration) {
        slots[slot(at: now)].calls += 1
    }

    mutating func takeRetry(at now: Duration) -> Bool {
        let index = slot(at: now)
        let valid = slots.filter { $0.second > now.components.seconds - Int64(Self.span) }
        let calls = valid.reduce(0) { $0 + $1.calls }
        let retries = valid.reduce(0) { $0 + $1.retries }
        guard Double(retries + 1) <= Double(calls) * Self.part + Double(Self.perSecond * Self.span) else { return false }
        slots[index].retries += 1
        return true
    }
}

/// Bounds the retries of all calls together, so that an endpoint in trouble is not asked several times as much.
///
/// - Source: Finagle's RetryBudget: in any 10 seconds a fifth of the calls, and 10 a second besides for those that call rarely.
public actor RetryBudget {
    private var state = RetryBudgetState()
    private let clock: MonotonicClock

    public init(clock: MonotonicClock = .system) {
        self.clock = clock
    }

    /// Counts a first call.
    public func noteCall() {
        state.noteCall(at: clock.now())
    }

    /// Takes leave for a retry; false where too many were made already, and the failure stands.
    public func takeRetry() -> Bool {
        state.takeRetry(at: clock.now())
    }
}
