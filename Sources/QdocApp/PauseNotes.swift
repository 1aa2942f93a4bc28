import QdocCore
import QdocReport
import Synchronization

/// What a log is told of an endpoint that is paused: it can last, and whoever reads must know what is waited for. Several runs wait for the same
/// endpoint, and it is told once.
final class PauseNotes: Sendable {
    /// Runs that wait.
    private let waiting = Mutex<Set<String>>([])

    /// The words for an event; nil where there is nothing to tell, or it was told.
    func note(of event: RunEvent) -> String? {
        switch event.payload {
        case .endpointPaused(_, let failure):
            let isFirst = waiting.withLock { waiting in
                defer { waiting.insert(event.run) }
                return waiting.isEmpty
            }
            return isFirst ? "paused: \(DisplayText.safe(failure.description))" : nil
        case .endpointResumed(let endpoint):
            let isLast = waiting.withLock { $0.remove(event.run) != nil && $0.isEmpty }
            return isLast ? "\(DisplayText.safe(endpoint)) answers again" : nil
        case .runFinished:
            waiting.withLock { _ = $0.remove(event.run) }
            return nil
        default: return nil
        }
    }
}
