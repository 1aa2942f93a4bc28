import QdocRuntime
import Synchronization

/// The wish of the outside to stop: the first signal cancels the work, so that it still tells what was done, the second ends the process.
final class StopRequest: Sendable {
    private struct State {
        var signal: StopSignal?
        var task: Task<ExitStatus, Never>?
    }

    private let state = Mutex(State())

    /// The signal that came first.
    var signal: StopSignal? { state.withLock(\.signal) }

    /// Takes a signal; called on the signal thread.
    func receive(_ signal: StopSignal) {
        let (isFirst, task) = state.withLock { state in
            defer { state.signal = state.signal ?? signal }
            return (state.signal == nil, state.task)
        }
        guard isFirst else { ProcessExit.now(signal.exitStatus) }
        task?.cancel()
    }

    /// Runs the work as a task that a signal cancels.
    func run(_ work: @escaping @Sendable () async -> ExitStatus) async -> ExitStatus {
        let task = Task { await work() }
        let isStopped = state.withLock { state in
            state.task = task
            return state.signal != nil
        }
        if isStopped { task.cancel() }
        return await task.value
    }
}
