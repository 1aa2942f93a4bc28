internal import QdocCore

/// The rules of a `CallLimiter` without any waiting: who may call at a moment, and when it is worth while to ask again.
struct CallLimiterState {
    enum Verdict: Equatable {
        case granted(CallLimiter.Permit)
        /// Not before that moment; nil until another call ends or the one before has gone.
        case wait(until: Duration?)
    }

    /// Part of the concurrency that an overload leaves; RFC 5681 halves, Netflix's limiter keeps 0.9.
    private static let backoff = 0.7

    private var minute: SlidingWindow?
    private var second: SlidingWindow?
    private var tokens: SlidingWindow?
    private let ceiling: Int?
    /// Calls at once; nil while nobody has said and nothing was overloaded.
    private(set) var concurrency: Int?
    private var successes = 0
    /// How often the concurrency was cut; an overload counts once for all calls that were under way at that time.
    private var round = 0
    private var queue: [Int] = []
    private var underWay: [Int: CallLimiter.Permit] = [:]
    private var nextTicket = 0

    init(_ limits: RateLimits, isEven: Bool) {
        minute = limits.requestsPerMinute.map { SlidingWindow(span: .seconds(60), limit: $0) }
        second = isEven ? limits.requestsPerMinute.map { SlidingWindow(span: .seconds(1), limit: $0 / 60) } : nil
        tokens = limits.tokensPerMinute.map { SlidingWindow(span: .seconds(60), limit: $0) }
        ceiling = limits.concurrency.map { max(1, $0) }
        concurrency = ceiling
    }

    /// The one that may be granted next.
    var head: Int? { queue.first }
    var underWayCount: Int { underWay.count }
    var tokensInWindow: Int { tokens?.total ?? 0 }

    /// Takes a place at the end of the queue.
    mutating func enqueue() -> Int {
        nextTicket += 1
        queue.append(nextTicket)
        return nextTicket
    }

    /// Gives up a place; one that was granted has none.
    mutating func leave(_ ticket: Int) {
        queue.removeAll { $0 == ticket }
    }

    /// Grants a call, or says when to ask again.
    mutating func attempt(_ ticket: Int, tokens amount: Int, at now: Duration) -> Verdict {
        guard queue.first == ticket else { return .wait(until: nil) }
        if let concurrency, underWay.count >= concurrency { return .wait(until: nil) }
        expire(at: now)
        let moments = [minute?.earliest(for: 1, at: now), second?.earliest(for: 1, at: now), tokens?.earliest(for: amount, at: now)]
        if let latest = moments.compactMap({ $0 }).max(), latest > now { return .wait(until: latest) }
        queue.removeFirst()
        _ = minute?.spend(1, at: now)
        _ = second?.spend(1, at: now)
        let permit = CallLimiter.Permit(number: ticket, entry: tokens?.spend(amount, at: now), round: round)
        underWay[ticket] = permit
        return .granted(permit)
    }

    /// Ends a call; a second end does nothing.
    mutating func finish(_ permit: CallLimiter.Permit, tokens amount: Int?, outcome: CallLimiter.Outcome, at now: Duration) {
        guard underWay[permit.number] != nil else { return }
        let together = underWay.count
        underWay[permit.number] = nil
        expire(at: now)
        if let amount, let entry = permit.entry { tokens?.correct(entry, to: max(0, amount)) }
        switch outcome {
        case .success: noteSuccess()
        case .overloaded:
            successes = 0
            guard permit.round == round else { return }
            round += 1
            concurrency = max(1, Int(Double(min(concurrency ?? together, together)) * Self.backoff))
        case .other: break
        }
    }

    /// One call more after as many successes as there may be calls at once.
    private mutating func noteSuccess() {
        guard let current = concurrency, current < ceiling ?? .max else { return }
        successes += 1
        guard successes >= current else { return }
        successes = 0
        concurrency = current + 1
    }

    private mutating func expire(at now: Duration) {
        minute?.expire(at: now)
        second?.expire(at: now)
        tokens?.expire(at: now)
    }
}
