/// What was spent in the last span of time: no span, wherever it begins, ever holds more than the limit.
struct SlidingWindow {
    private struct Entry {
        var time: Duration
        var amount: Int
    }

    let span: Duration
    let limit: Int
    /// By time; those before `first` are over, and are dropped now and then.
    private var entries: [Entry] = []
    private var first = 0
    /// Number of the entry at `entries[0]`.
    private var base = 0
    private(set) var total = 0

    init(span: Duration, limit: Int) {
        self.span = span
        self.limit = max(1, limit)
    }

    /// The first moment at which the amount fits; `now` where it fits already. What is more than the limit waits for an empty window.
    func earliest(for amount: Int, at now: Duration) -> Duration {
        var left = total
        let most = limit - min(amount, limit)
        var moment = now
        var index = first
        while left > most, index < entries.count {
            left -= entries[index].amount
            // A span that ends at the very moment still holds what happened at its beginning.
            moment = max(moment, entries[index].time + span + .milliseconds(1))
            index += 1
        }
        return moment
    }

    /// Notes what is spent now.
    ///
    /// - Returns: Its number, by which it can be corrected.
    mutating func spend(_ amount: Int, at now: Duration) -> Int {
        expire(at: now)
        entries.append(Entry(time: now, amount: amount))
        total += amount
        return base + entries.count - 1
    }

    /// Puts an amount right; what is over stays as it was.
    mutating func correct(_ number: Int, to amount: Int) {
        let index = number - base
        guard index >= first, index < entries.count else { return }
        total += amount - entries[index].amount
        entries[index].amount = amount
    }

    /// Forgets what is over.
    mutating func expire(at now: Duration) {
        while first < entries.count, entries[first].time + span < now {
            total -= entries[first].amount
            first += 1
        }
        guard first > 64, first * 2 > entries.count else { return }
        entries.removeFirst(first)
        base += first
        first = 0
    }
}
