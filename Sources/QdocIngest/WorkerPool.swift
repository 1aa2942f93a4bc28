import QdocCore
import QdocDecoding
import QdocRuntime
import Synchronization

/// The workers of all documents: never more at once than there are lanes, opened when they are needed, idle ones of other documents
/// closed to make room.
final class WorkerPool: Sendable {
    /// Names a document.
    typealias Owner = UInt64

    /// A worker, and what it has used since it was opened.
    struct Seat: Sendable {
        let worker: DecodeWorker
        let owner: Owner
        /// Bytes of private memory once its source was open.
        var baseline = 0
        var pagesServed = 0
    }

    /// The right to use a lane: with an open worker of the document, or with none yet.
    enum Grant: Sendable {
        case seat(Seat)
        case vacant
        case cancelled
    }

    private struct Waiting {
        let ticket: UInt64
        let owner: Owner
        let fresh: Bool
        let continuation: CheckedContinuation<Grant, Never>
    }

    private struct State {
        /// Oldest first.
        var idle: [Seat] = []
        var busy = 0
        var opened = 0
        var waiting: [Waiting] = []
        var nextTicket: UInt64 = 0
    }

    private let lanes: Int
    private let state = Mutex(State())

    init(lanes: Int) {
        self.lanes = lanes
    }

    /// Waits for a lane; each grant but `cancelled` must be given back by `release`.
    ///
    /// - Parameter fresh: Whether a worker that is already open will not do.
    func acquire(for owner: Owner, fresh: Bool) async -> Grant {
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Grant, Never>) in
                let grant: Grant? = state.withLock { state in
                    if Task.isCancelled { return .cancelled }
                    if !fresh, let index = state.idle.lastIndex(where: { $0.owner == owner && $0.worker.isAlive }) {
                        state.busy += 1
                        return .seat(state.idle.remove(at: index))
                    }
                    guard state.busy < lanes else {
                        state.waiting.append(Waiting(ticket: ticket, owner: owner, fresh: fresh, continuation: continuation))
                        return nil
                    }
                    state.busy += 1
                    state.opened += 1
                    // Room for the one that is about to be opened.
                    while state.idle.count + state.busy > lanes { state.idle.removeFirst() }
                    return .vacant
                }
                if let grant { continuation.resume(returning: grant) }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0) }
            }
            waiting?.continuation.resume(returning: .cancelled)
        }
    }

    /// Lanes in use.
    var busyCount: Int { state.withLock { $0.busy } }

    /// Workers that are open or about to be.
    var heldCount: Int { state.withLock { $0.busy + $0.idle.count } }

    /// Lanes that were given without a worker: how many workers were opened so far.
    var openedCount: Int { state.withLock { $0.opened } }

    /// Gives a lane back, with the worker where it is still good.
    func release(_ seat: Seat?) {
        let next: (Waiting, Grant)? = state.withLock { state in
            let kept = seat.flatMap { $0.worker.isAlive ? $0 : nil }
            guard !state.waiting.isEmpty else {
                state.busy -= 1
                if let kept { state.idle.append(kept) }
                return nil
            }
            let waiting = state.waiting.removeFirst()
            // A worker of another document ends here, with its last reference.
            if let kept, kept.owner == waiting.owner, !waiting.fresh { return (waiting, .seat(kept)) }
            state.opened += 1
            return (waiting, .vacant)
        }
        if let (waiting, grant) = next { waiting.continuation.resume(returning: grant) }
    }

    /// Ends the idle workers of a document, or of all.
    func retire(_ owner: Owner?) {
        let retired = state.withLock { state in
            let retired = state.idle.filter { owner == nil || $0.owner == owner }
            state.idle.removeAll { owner == nil || $0.owner == owner }
            return retired
        }
        for seat in retired { seat.worker.kill() }
    }
}
