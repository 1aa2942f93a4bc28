public import QdocCore
import Synchronization

/// What the runs of one call of the program may spend together: the cap for a run holds for all of them as for one.
public final class Allowance: Sendable {
    private struct State {
        /// Runs under way.
        var open: Set<String> = []
        /// What runs that are over cost, or may have.
        var spent: [Currency: Money] = [:]
    }

    private let caps: SpendingCaps
    private let state = Mutex(State())

    public init(_ caps: SpendingCaps) {
        self.caps = caps
    }

    /// Counts a run in: from now on what it commits leaves less to the others.
    public func join(_ run: String) {
        state.withLock { _ = $0.open.insert(run) }
    }

    /// Counts a run out.
    ///
    /// - Parameter amounts: What it cost, or may have.
    public func leave(_ run: String, spent amounts: [Money]) {
        state.withLock { state in
            guard state.open.remove(run) != nil else { return }
            for amount in amounts { state.spent[amount.currency, default: .zero(amount.currency)] += amount }
        }
    }

    /// The caps as far as runs that are over left them, and the runs that share them; read it where the amounts are read, in one transaction.
    var rest: (caps: SpendingCaps, runs: Set<String>) {
        state.withLock { state in
            var caps = caps
            for (currency, amount) in state.spent {
                guard let cap = caps.perRun[currency] else { continue }
                caps.perRun[currency] = Money(nanos: max(0, cap.nanos - amount.nanos), currency)
            }
            return (caps, state.open)
        }
    }
}
