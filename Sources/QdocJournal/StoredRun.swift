public import QdocCore

/// A run as the journal tells of it.
public struct StoredRun: Sendable, Hashable {
    /// Where a run is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case running
        /// It was broken off, or waits for an endpoint or a decision; it can be resumed.
        case waiting
        case complete
        case partial
        case failed
        case cancelled
    }

    public var id: String
    public var state: State
    public var pipeline: String
    public var model: String
    /// Microseconds since 1970-01-01 UTC.
    public var createdAt: Int64
    public var endedAt: Int64?
    /// Empty where the run was to leave no trace.
    public var arguments: [String]
    /// Nil where the run was to leave no trace.
    public var workingFolder: String?
    public var failure: Failure?
    public var isCancelRequested: Bool
    /// Calls that left the machine.
    public var callCount: Int
    /// What its settled calls cost, one amount a currency.
    public var cost: [Money]
}

/// What became of a wish to cancel a run.
public enum CancelOutcome: Sendable, Hashable {
    /// It waited, and is cancelled.
    case cancelled
    /// It runs; its process was asked to stop it.
    case requested
    /// It had ended before.
    case ended(StoredRun.State)
}

/// An event of a run, in the words it is told with.
public struct StoredEvent: Sendable, Hashable {
    /// From 1.
    public var sequence: Int
    /// Microseconds since 1970-01-01 UTC.
    public var time: Int64
    public var kind: String
    public var json: String

    public init(sequence: Int, time: Int64, kind: String, json: String) {
        self.sequence = sequence
        self.time = time
        self.kind = kind
        self.json = json
    }
}
