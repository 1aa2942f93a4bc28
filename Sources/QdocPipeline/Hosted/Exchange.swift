import QdocCore
import QdocJournal
import QdocModel
import QdocPrompt
import QdocRuntime
import QdocTransport
import Synchronization

/// One exchange on the wire, kept in the journal from its intent to its end.
struct Exchange: Sendable {
    enum End {
        case answered
        /// Refused without being charged, and worth another try after a wait.
        case retry(Failure.Code, Duration)
        /// Refused for a reason that holds for the whole endpoint, which is paused now.
        case paused
        case failed(Failure)

        var isPaused: Bool {
            if case .paused = self { true } else { false }
        }
    }

    let model: HostedModel
    let question: Question
    let ticket: CallTicket
    let leave: CallLeave
    let emit: @Sendable (AnswerEvent) async throws -> Void

    private var access: ModelAccess { model.access }
    private var journal: Journal { model.access.journal }
    private var price: Price { model.access.endpoint.profile.price }

    /// Sends the question and sees it through: whatever happens is in the journal when this returns or throws.
    func make(_ books: inout Books) async throws -> End {
        let received = Received()
        let hasLeft = Flag()
        do {
            try await access.client.stream(question.call, beforeBody: { try await markSent(hasLeft) }) { event in
                if received.add(event) { try await journal.markStreaming(ticket, head: received.head) }
                // Usage and end are told when the answer is safe.
                switch event {
                case .usage, .finished: break
                default: try await emit(event)
                }
            }
        } catch let failure as CallFailure {
            await leave.giveBack(tokens: nil, limits: failure.failure.code == .rateLimited ? .overloaded : .other, health: health(failure))
            let answer = received.answer
            return answer.isEmpty ? try await refused(failure, &books) : try await broken(failure.failure, answer, &books)
        } catch let failure as Failure {
            await leave.giveBack(tokens: nil)
            // The journal's own, before the question left; or a listener's.
            await stopped(received.answer, hasLeft: hasLeft.isSet, failure)
            throw failure
        } catch is CancellationError {
            await leave.giveBack(tokens: nil)
            await stopped(received.answer, hasLeft: hasLeft.isSet, Failure(.interrupted, "the run was interrupted"))
            throw CancellationError()
        }
        let answer = received.answer
        let tokens = answer.usage.inputTokens.flatMap { input in answer.usage.outputTokens.map { input + $0 } }
        await leave.giveBack(tokens: tokens, limits: .success, health: .answered)
        access.noteSuccess()
        access.note(answer.head.remainingCredits)
        try await settle(answer, &books)
        return .answered
    }

    private func markSent(_ hasLeft: Flag) async throws {
        try await journal.markSent(ticket)
        hasLeft.set()
        try await emit(.sent(question.call.egress))
    }

    // MARK: An answer

    private func settle(_ answer: StoredAnswer, _ books: inout Books) async throws {
        let cost = price.cost(of: answer.usage, thought: !answer.reasoning.isEmpty)
        let counted = cost == nil && price != .unknown ? countedCost(of: answer) : nil
        try await journal.keep(ticket, answer, cost: cost ?? counted)
        try await journal.settle(ticket)
        books.add(cost ?? counted)
        try await emit(.usage(answer.usage))
        if let finish = answer.finish { try await emit(.finished(finish)) }
        try await book(.settled, books, isEstimated: counted != nil, answer)
    }

    /// What an answer whose usage never came is settled at: its input as planned, its text as it likely counts, never more than reserved.
    private func countedCost(of answer: StoredAnswer) -> Money? {
        let output = TextTokens.likely(of: answer.reasoning) + TextTokens.likely(of: answer.text)
        let usage = Usage(
            inputTokens: answer.usage.inputTokens ?? question.likelyInputTokens, outputTokens: answer.usage.outputTokens ?? output)
        guard let cost = price.cost(of: usage, thought: !answer.reasoning.isEmpty) else { return nil }
        guard let most = question.reservation, most.currency == cost.currency else { return cost }
        return Money(nanos: min(cost.nanos, most.nanos), cost.currency)
    }

    private func book(_ state: CallState, _ books: Books, isEstimated: Bool = false, _ answer: StoredAnswer? = nil) async throws {
        let budget = question.limits.thinkingBudget
        let isCut = answer.flatMap { answer in budget.flatMap { limit in answer.usage.reasoningTokens.map { $0 >= limit } } } ?? false
        try await emit(
            .booked(
                CallBooking(
                    state: state, attempts: books.attempts, cost: books.cost, reservation: question.reservation, isEstimated: isEstimated,
                    isThoughtCut: isCut)))
    }

    // MARK: No answer

    /// Nothing came of the call: the endpoint said no before it said anything else, or was not reached, or broke off.
    private func refused(_ refusal: CallFailure, _ books: inout Books) async throws -> End {
        guard refusal.billing == .no else {
            try await journal.leaveUnknown(ticket, refusal.failure)
            try await book(.unknown, books)
            return .failed(refusal.unknownOutcome)
        }
        try await journal.refuse(ticket, refusal.failure, status: refusal.status, credits: refusal.remainingCredits)
        if isWaitedFor(refusal) { return .paused }
        if refusal.isRetriable, let wait = await wait(after: refusal, attempt: books.attempts) {
            return .retry(refusal.failure.code, wait)
        }
        try await book(.refused, books)
        return .failed(refusal.failure)
    }

    /// What a failure says of the endpoint. A key or an account that never worked in this process is a mistake to be told at once, and pauses
    /// nothing; one that stops working is waited for.
    private func health(_ failure: CallFailure) -> EndpointGate.Outcome {
        switch failure.pause {
        case .key? where access.hasSucceeded: .fault(.key, message: failure.failure.message)
        case .credits? where access.hasSucceeded: .fault(.credits, message: failure.failure.message)
        case .service?: .fault(.service, message: failure.failure.message)
        case .key?, .credits?: .inconclusive
        case nil: failure.status == nil ? .inconclusive : .answered
        }
    }

    /// Whether the call waits for the key or the account to be mended, as all others do.
    private func isWaitedFor(_ failure: CallFailure) -> Bool {
        access.hasSucceeded && (failure.pause == .key || failure.pause == .credits)
    }

    private func wait(after refusal: CallFailure, attempt: Int) async -> Duration? {
        // Providers that ask for longer than a call may wait mean another day.
        guard refusal.retryAfter ?? .zero < access.retries.hintLimit else { return nil }
        var generator = SystemRandomNumberGenerator()
        let decision = access.retries.decide(
            attempt: attempt, isRetriable: refusal.isRetriable, hint: refusal.retryAfter, using: &generator)
        guard case .wait(let wait) = decision else { return nil }
        return await access.retryBudget.takeRetry() ? wait : nil
    }

    /// The answer broke off after its first words. Nothing is sent again by itself, and what had come is settled at what was counted.
    private func broken(_ failure: Failure, _ answer: StoredAnswer, _ books: inout Books) async throws -> End {
        let cost = countedCost(of: answer)
        try await journal.settleBroken(ticket, failure, partial: answer, cost: cost)
        books.add(cost)
        try await book(.settled, books, isEstimated: true, answer)
        return .failed(failure)
    }

    /// The run was stopped; the connection is closed already.
    private func stopped(_ answer: StoredAnswer, hasLeft: Bool, _ failure: Failure) async {
        // The books are closed although the task is cancelled; where even that fails, the next process finds the call open and closes it.
        if !hasLeft {
            try? await journal.refuse(ticket, failure)
        } else if answer.isEmpty {
            try? await journal.leaveUnknown(ticket, failure)
        } else {
            try? await journal.settleBroken(ticket, failure, partial: answer, cost: countedCost(of: answer))
        }
    }
}

/// What has come of an answer so far.
final class Received: Sendable {
    private struct State {
        var head = CallHead()
        var reasoning = ""
        var text = ""
        var usage = Usage()
        var finish: FinishReason?
        var hasText = false
    }

    private let state = Mutex(State())

    var head: CallHead { state.withLock(\.head) }

    var answer: StoredAnswer {
        state.withLock {
            StoredAnswer(reasoning: $0.reasoning, text: $0.text, finish: $0.finish, usage: $0.usage, head: $0.head)
        }
    }

    /// Takes an event in; true of the first piece of text.
    func add(_ event: AnswerEvent) -> Bool {
        state.withLock { state in
            switch event {
            case .head(let head): state.head = head
            case .reasoning(let text):
                state.reasoning += text
                defer { state.hasText = true }
                return !state.hasText
            case .answer(let text):
                state.text += text
                defer { state.hasText = true }
                return !state.hasText
            case .usage(let usage): state.usage = usage
            case .finished(let reason): state.finish = reason
            default: break
            }
            return false
        }
    }
}

extension StoredAnswer {
    /// Whether nothing has come yet.
    fileprivate var isEmpty: Bool { reasoning.isEmpty && text.isEmpty }
}

extension CallFailure {
    /// What is told of a call that left and of which nothing came back: that it is held says more than how the line broke.
    fileprivate var unknownOutcome: Failure {
        guard status == nil, failure.code == .streamTruncated || failure.code == .connectionFailed else { return failure }
        return Failure(
            .outcomeUnknown, "\(failure.message); it may have been charged, and is not sent again unasked",
            remedy: "--on-unknown retry-once asks once more, --on-unknown accept goes on without its answer")
    }
}
