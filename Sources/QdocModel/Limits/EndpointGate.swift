internal import QdocCore

/// Holds back all calls to an endpoint while it fails for everybody: a circuit breaker for one endpoint and one key.
///
/// Work waits, and is not marked failed for what is no fault of its own. One caller at a time is let through to see whether the endpoint
/// is back; its success lets everybody through, in the order in which they came.
public actor EndpointGate {
    /// Why an endpoint is paused.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The key is refused.
        case key
        /// The account has nothing left.
        case credits
        /// The service fails, or is not reached.
        case service
    }

    /// A pause as people are told of it.
    public struct Pause: Sendable, Hashable {
        public let reason: Reason
        /// What the endpoint said, fit to be shown.
        public let message: String
        /// Probes that have failed for this reason.
        public let probes: Int
        /// How long after this notice the next probe may go.
        public let nextProbe: Duration
    }

    /// What people are told.
    public enum Change: Sendable, Hashable {
        /// Once when it begins, and once for each probe that failed.
        case paused(Pause)
        case resumed
    }

    /// Leave to make one call; given back by `finish`.
    public struct Pass: Sendable, Hashable {
        let number: Int
        /// Whether everybody waits for what becomes of this call.
        public let isProbe: Bool
    }

    /// How a call ended, as far as the endpoint's health goes.
    public enum Outcome: Sendable, Hashable {
        /// The endpoint did its work: an answer, or a refusal that concerns this request alone.
        case answered
        /// What would have met any other call as well. A fault of the service opens the gate when it is the fifth in a row.
        case fault(Reason, message: String)
        /// Cancelled, or broken off in a way that proves nothing.
        case inconclusive
    }

    /// Faults of the service in a row that open the gate: fewer are a bad minute, which retries get over.
    private static let tolerance = 5

    private let name: String
    private let patience: Duration
    private let clock: MonotonicClock
    private let onChange: @Sendable (Change) -> Void
    private var state = EndpointGateState(tolerance: tolerance)
    private var turns: [Int: Turn] = [:]

    /// - Parameters:
    ///   - name: The endpoint, as people know it.
    ///   - patience: How long one caller waits at most.
    ///   - onChange: Told of each change, in order; must not wait.
    public init(
        _ name: String, patience: Duration = .seconds(3600), clock: MonotonicClock = .system,
        onChange: @escaping @Sendable (Change) -> Void = { _ in }
    ) {
        self.name = name
        self.patience = patience
        self.clock = clock
        self.onChange = onChange
    }

    /// The pause that is on; nil while calls go through.
    public var pause: Pause? { state.pause }

    /// Waits until a call may be made.
    ///
    /// - Throws: `endpoint_paused` after the longest wait; `CancellationError`.
    public func wait() async throws -> Pass {
        try Task.checkCancellation()
        let end = clock.now() + patience
        let ticket = state.enqueue()
        let turn = Turn()
        turns[ticket] = turn
        defer {
            turns[ticket] = nil
            state.leave(ticket)
            // Whoever is first now keeps the time of the next probe.
            if let head = state.head { turns[head]?.call() }
        }
        while true {
            let now = clock.now()
            switch state.attempt(ticket, at: now) {
            case .pass(let pass): return pass
            case .wait(let moment):
                guard now < end else { throw failure }
                try await turn.wait(until: min(moment ?? end, end), on: clock)
            }
        }
    }

    /// Says how a call ended; every pass is given back once.
    public func finish(_ pass: Pass, _ outcome: Outcome) {
        tell(state.finish(pass, outcome, at: clock.now()))
    }

    /// Pauses the endpoint for a reason that somebody else found out.
    public func pause(_ reason: Reason, message: String) {
        tell(state.pause(reason, message, at: clock.now()))
    }

    /// Lets everybody through again.
    public func resume() {
        if state.resume() { tell(.resumed) }
    }

    private func tell(_ change: Change?) {
        if let change { onChange(change) }
        switch state.phase {
        case .closed where change != nil: for ticket in state.waiting { turns[ticket]?.call() }
        case .open: if let head = state.head { turns[head]?.call() }
        case .closed, .probing: break
        }
    }

    private var failure: Failure {
        let message = state.pause.map { ": \($0.message)" } ?? ""
        let remedy =
            switch state.pause?.reason {
            case .key: "check the key, and that it belongs to this endpoint's region; then run again"
            case .credits: "top up the account, then run again"
            case .service, nil: "run again later"
            }
        return Failure(.endpointPaused, "\(name) has been paused for longer than \(patience)\(message)", remedy: remedy)
    }
}
