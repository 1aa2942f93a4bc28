import QdocCore
import Synchronization

/// Collects what an answer source says about one window.
final class Transcript: Sendable {
    struct Entries: Sendable {
        var head = CallHead()
        var reasoning = ""
        var answer = ""
        var placed: PlacedAnswer?
        var usage = Usage()
        var finish: FinishReason?
        var egress: Egress?
        var booking: CallBooking?
        /// When the first piece of reasoning or answer came.
        var firstText: ContinuousClock.Instant?

        /// What a call that failed has come to: an endpoint that said no before it said anything else has not begun to work.
        func state(after failure: Failure) -> CallState {
            if egress == nil || (failure.code.isRefusal && firstText == nil) { return .refused }
            return finish == nil ? .unknown : .settled
        }
    }

    private let state = Mutex(Entries())

    var entries: Entries { state.withLock { $0 } }

    /// Keeps an event; gives the text that is worth showing.
    func add(_ event: AnswerEvent) -> (isReasoning: Bool, text: String)? {
        state.withLock { entries in
            switch event {
            case .head(let head): entries.head = head
            case .reasoning(let text):
                entries.firstText = entries.firstText ?? .now
                entries.reasoning += text
                return (true, text)
            case .answer(let text):
                entries.firstText = entries.firstText ?? .now
                entries.answer += text
                return (false, text)
            case .placed(let placed): entries.placed = placed
            case .usage(let usage): entries.usage = usage
            case .sent(let egress): entries.egress = egress
            case .finished(let reason): entries.finish = reason
            case .booked(let booking): entries.booking = booking
            case .retrying, .paused, .resumed: break
            }
            return nil
        }
    }
}

extension Failure.Code {
    /// Whether the endpoint itself said that it does not answer.
    fileprivate var isRefusal: Bool {
        switch self {
        case .requestRefused, .unauthorized, .quotaExceeded, .rateLimited, .contentBlocked, .requestUnsupported, .endpointPaused: true
        default: false
        }
    }
}
