/// The rules of an `EndpointGate` without any waiting: a circuit breaker at moments that are told to it.
struct EndpointGateState {
    enum Phase: Equatable {
        /// Calls go through.
        case closed
        /// Nobody goes through until the moment of the next probe.
        case open(until: Duration)
        /// One goes through, all others wait for what becomes of it.
        case probing(EndpointGate.Pass)
    }

    enum Verdict: Equatable {
        case pass(EndpointGate.Pass)
        /// Not before that moment; nil until something changes.
        case wait(until: Duration?)
    }

    /// Faults of the service in a row, over all calls, that open the gate.
    private let tolerance: Int
    private(set) var phase = Phase.closed
    private(set) var pause: EndpointGate.Pause?
    private var faults = 0
    private var queue: [Int] = []
    private var lastTicket = 0
    /// Calls that were let through and have not ended.
    private var underWay: Set<Int> = []

    init(tolerance: Int) {
        self.tolerance = tolerance
    }

    var head: Int? { queue.first }
    var waiting: [Int] { queue }

    /// Takes a place at the end of the queue.
    mutating func enqueue() -> Int {
        lastTicket += 1
        queue.append(lastTicket)
        return lastTicket
    }

    mutating func leave(_ ticket: Int) {
        queue.removeAll { $0 == ticket }
    }

    /// Lets a caller through, or says when to ask again.
    mutating func attempt(_ ticket: Int, at now: Duration) -> Verdict {
        switch phase {
        case .closed:
            leave(ticket)
            underWay.insert(ticket)
            return .pass(EndpointGate.Pass(number: ticket, isProbe: false))
        case .open(let until):
            guard queue.first == ticket else { return .wait(until: nil) }
            guard now >= until else { return .wait(until: until) }
            leave(ticket)
            underWay.insert(ticket)
            let pass = EndpointGate.Pass(number: ticket, isProbe: true)
            phase = .probing(pass)
            return .pass(pass)
        case .probing: return .wait(until: nil)
        }
    }

    /// Takes note of how a call ended; a second end does nothing.
    ///
    /// - Returns: What people are to be told, if anything.
    mutating func finish(_ pass: EndpointGate.Pass, _ outcome: EndpointGate.Outcome, at now: Duration) -> EndpointGate.Change? {
        guard underWay.remove(pass.number) != nil else { return nil }
        if case .probing(let probe) = phase, probe == pass { return finishProbe(outcome, at: now) }
        guard phase == .closed else { return nil }
        switch outcome {
        case .answered:
            faults = 0
            return nil
        case .fault(.service, let message):
            faults += 1
            return faults >= tolerance ? open(.service, message, probes: 0, at: now) : nil
        case .fault(let reason, let message): return open(reason, message, probes: 0, at: now)
        case .inconclusive: return nil
        }
    }

    /// Opens the gate whatever the calls say; where it is open already, nothing changes.
    mutating func pause(_ reason: EndpointGate.Reason, _ message: String, at now: Duration) -> EndpointGate.Change? {
        phase == .closed ? open(reason, message, probes: 0, at: now) : nil
    }

    /// Closes the gate; false where it is closed.
    mutating func resume() -> Bool {
        guard phase != .closed else { return false }
        phase = .closed
        pause = nil
        faults = 0
        return true
    }

    private mutating func finishProbe(_ outcome: EndpointGate.Outcome, at now: Duration) -> EndpointGate.Change? {
        switch outcome {
        case .answered:
            _ = resume()
            return .resumed
        case .fault(let reason, let message):
            // Another reason is another story, with delays of its own.
            let probes = pause.map { $0.reason == reason ? $0.probes + 1 : 0 } ?? 0
            return open(reason, message, probes: probes, at: now)
        case .inconclusive:
            // The next in the queue probes instead.
            phase = .open(until: now)
            return nil
        }
    }

    private mutating func open(_ reason: EndpointGate.Reason, _ message: String, probes: Int, at now: Duration) -> EndpointGate.Change {
        let delay = reason.delay(afterProbes: probes)
        let new = EndpointGate.Pause(reason: reason, message: message, probes: probes, nextProbe: delay)
        phase = .open(until: now + delay)
        pause = new
        return .paused(new)
    }
}

extension EndpointGate.Reason {
    /// How long to wait for the next probe: a service comes back by itself and soon, a key or an account when somebody sees to it.
    func delay(afterProbes probes: Int) -> Duration {
        let (first, longest): (Duration, Duration) =
            switch self {
            case .service: (.seconds(10), .seconds(60))
            case .key, .credits: (.seconds(30), .seconds(300))
            }
        return min(longest, first * (1 << min(probes, 16)))
    }
}
