import Synchronization

/// A bounded queue between two stages: a full one suspends the sender, an empty one the receiver.
///
/// Elements arrive in the order they were sent. Any number of tasks may send and receive. Nothing is ever dropped: what was sent before
/// `finish` is still received.
public final class Channel<Element: Sendable>: Sendable, AsyncSequence {
    private struct Waiting<Value: Sendable> {
        var ticket: UInt64
        var continuation: CheckedContinuation<Value, any Error>
    }

    private struct State {
        var elements: [Element] = []
        var senders: [(waiting: Waiting<Void>, element: Element)] = []
        var receivers: [Waiting<Element?>] = []
        var nextTicket: UInt64 = 0
        var isFinished = false
        var failure: (any Error)?
    }

    /// The sender used a channel that was finished: a fault of the program, or a consumer that went away.
    public struct Finished: Error {}

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: Elements that may wait before a sender is suspended; at least 1.
    public init(capacity: Int) {
        precondition(capacity > 0, "a channel needs room for one element")
        self.capacity = capacity
    }

    /// Sends one element, suspending while the channel is full.
    ///
    /// - Throws: `CancellationError`, or `Finished` once the channel was finished.
    public func send(_ element: Element) async throws {
        try Task.checkCancellation()
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let resume: (() -> Void)? = state.withLock { state in
                    if Task.isCancelled { return { continuation.resume(throwing: CancellationError()) } }
                    if state.isFinished { return { continuation.resume(throwing: Finished()) } }
                    if !state.receivers.isEmpty {
                        let receiver = state.receivers.removeFirst()
                        return {
                            receiver.continuation.resume(returning: element)
                            continuation.resume()
                        }
                    }
                    if state.elements.count < capacity {
                        state.elements.append(element)
                        return { continuation.resume() }
                    }
                    state.senders.append((Waiting(ticket: ticket, continuation: continuation), element))
                    return nil
                }
                resume?()
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.senders.firstIndex { $0.waiting.ticket == ticket }.map { state.senders.remove(at: $0).waiting }
            }
            waiting?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Receives the next element, or nil once the channel is finished and empty.
    ///
    /// - Throws: `CancellationError`, or the error the channel was finished with, after the elements sent before it.
    public func receive() async throws -> Element? {
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Element?, any Error>) in
                let resume: (() -> Void)? = state.withLock { state in
                    if !state.elements.isEmpty {
                        let element = state.elements.removeFirst()
                        let sender = state.senders.isEmpty ? nil : state.senders.removeFirst()
                        if let sender { state.elements.append(sender.element) }
                        return {
                            sender?.waiting.continuation.resume()
                            continuation.resume(returning: element)
                        }
                    }
                    if let failure = state.failure { return { continuation.resume(throwing: failure) } }
                    if state.isFinished { return { continuation.resume(returning: nil) } }
                    if Task.isCancelled { return { continuation.resume(throwing: CancellationError()) } }
                    state.receivers.append(Waiting(ticket: ticket, continuation: continuation))
                    return nil
                }
                resume?()
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.receivers.firstIndex { $0.ticket == ticket }.map { state.receivers.remove(at: $0) }
            }
            waiting?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Ends the channel. Receivers get what was sent, then nil or the error; waiting senders get `Finished`. A second call does nothing.
    public func finish(throwing failure: (any Error)? = nil) {
        let (senders, receivers) = state.withLock { state -> ([Waiting<Void>], [Waiting<Element?>]) in
            guard !state.isFinished else { return ([], []) }
            state.isFinished = true
            state.failure = failure
            defer {
                state.senders = []
                state.receivers = []
            }
            return (state.senders.map(\.waiting), state.receivers)
        }
        for sender in senders { sender.continuation.resume(throwing: Finished()) }
        for receiver in receivers {
            if let failure { receiver.continuation.resume(throwing: failure) } else { receiver.continuation.resume(returning: nil) }
        }
    }

    /// Receives until the channel is finished.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let channel: Channel

        /// Gives the next element, or nil after the last.
        public mutating func next() async throws -> Element? {
            try await channel.receive()
        }
    }

    /// Begins to receive; several may.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(channel: self)
    }
}
