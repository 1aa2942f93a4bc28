import QdocCore
import QdocRuntime

/// Numbers the events of a run and hands them on in order, reasoning and answer text coalesced.
///
/// The listener is awaited one event at a time, and whoever adds events waits while too many are left: a slow listener slows the run down
/// instead of filling memory.
actor RunLog {
    /// Longest time that text waits for more of it: short enough to look live, long enough that a token is not an event.
    static let coalescing: Duration = .milliseconds(80)

    /// Events that may wait for the listener: a second of a busy run.
    private static let capacity = 256

    let run: String
    private let listener: @Sendable (RunEvent) async -> Void
    private var sequence = 0
    /// Text that waits, by call; in order of arrival.
    private var waiting: [(call: Int, isReasoning: Bool, text: String)] = []
    private var queue: [RunEvent] = []
    private var isDelivering = false
    /// Takes the events for the journal in groups; nil where nobody keeps them.
    private var keeper: (@Sendable ([RunEvent]) async -> Void)?
    /// Events that the keeper has not taken yet.
    private var unkept: [RunEvent] = []
    /// Those who wait for room in the queue.
    private var blocked: [CheckedContinuation<Void, Never>] = []

    init(run: String, listener: @escaping @Sendable (RunEvent) async -> Void) {
        self.run = run
        self.listener = listener
    }

    /// Begins to keep events, from the first on.
    func keep(_ keeper: @escaping @Sendable ([RunEvent]) async -> Void) {
        self.keeper = keeper
    }

    /// Keeps what was not kept yet.
    func keepRest() async {
        guard let keeper, !unkept.isEmpty else { return }
        let group = unkept
        unkept = []
        await keeper(group)
    }

    func add(_ payload: RunEvent.Payload) async {
        releaseText()
        number(payload)
        await deliver()
        await waitForRoom()
    }

    func addText(call: Int, isReasoning: Bool, _ text: String) async {
        if let last = waiting.indices.last, waiting[last].call == call, waiting[last].isReasoning == isReasoning {
            waiting[last].text += text
        } else {
            waiting.append((call, isReasoning, text))
        }
        await waitForRoom()
    }

    /// Releases text once every `coalescing` until cancelled.
    func tick() async {
        while !Task.isCancelled {
            // Cancellation ends the wait; what it throws says nothing more.
            try? await Task.sleep(for: Self.coalescing)
            releaseText()
            await deliver()
            await keepRest()
        }
    }

    private func releaseText() {
        for piece in waiting {
            number(piece.isReasoning ? .reasoning(call: piece.call, text: piece.text) : .answer(call: piece.call, text: piece.text))
        }
        waiting = []
    }

    private func number(_ payload: RunEvent.Payload) {
        sequence += 1
        let event = RunEvent(run: run, sequence: sequence, time: WallClock.now(), payload: payload)
        queue.append(event)
        // A run that nobody keeps has few events before its plan, which is where keeping begins or not.
        if keeper != nil || sequence <= Self.capacity { unkept.append(event) }
    }

    /// Hands the queue on. While one caller delivers, others leave their events with it, so that the order holds across suspensions.
    private func deliver() async {
        guard !isDelivering else { return }
        isDelivering = true
        while !queue.isEmpty {
            await listener(queue.removeFirst())
            let released = blocked
            blocked = []
            for waiter in released { waiter.resume() }
        }
        isDelivering = false
    }

    /// Returns at once where there is room. The listener returns soon once the run is cancelled, so this wait ends too.
    private func waitForRoom() async {
        if keeper != nil, unkept.count >= Self.capacity { await keepRest() }
        while queue.count >= Self.capacity, isDelivering {
            await withCheckedContinuation { blocked.append($0) }
        }
    }
}
