import QdocRuntime

/// What runs at the same time have in common: requests in flight, and prepared pages that wait for one.
public final class RunCapacity: Sendable {
    /// Windows that are prepared or asked about: those in flight, and half as many that are ready or being drawn when slots free, two at least.
    /// Answers of like length end together: with two ahead of eight, slots stood empty for a tenth of the time (`end_to_end.py --ttft 1 --tps 200`).
    let windows: Semaphore
    /// Runs that can do something at the same time: a window each.
    public let width: Int
    /// Windows that are asked about.
    let requests: Semaphore

    /// - Parameter jobs: Requests in flight at most, of all runs together; at least 1.
    public init(jobs: Int) {
        width = max(1, jobs) + max(2, jobs / 2)
        windows = Semaphore(places: width)
        requests = Semaphore(places: max(1, jobs))
    }
}

/// A run's part in a capacity.
public struct RunShare: Sendable {
    let capacity: RunCapacity
    /// Whose windows go first: those of the lowest.
    let rank: Int

    public init(_ capacity: RunCapacity, rank: Int = 0) {
        self.capacity = capacity
        self.rank = rank
    }
}
