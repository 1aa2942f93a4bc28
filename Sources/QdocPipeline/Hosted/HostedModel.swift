import QdocCore
import QdocJournal
import QdocModel
import QdocRuntime

/// A hosted model as an answer source: a window becomes numbered images and one question, which is paid at most once.
///
/// Each exchange on the wire is a call in the journal: its intent is durable before a connection is opened, that it was sent before the first
/// byte of the question leaves, its answer before anything is made of it. An answer that is there already is taken, not bought.
struct HostedModel: AnswerSource {
    let access: ModelAccess
    let questions: Questions
    /// The run in the journal.
    let lease: RunLease

    /// How long to wait for another run that asks the same question.
    private static let patience: Duration = .milliseconds(250)

    func answer(_ window: AnswerWindow, emit: @Sendable (AnswerEvent) async throws -> Void) async throws {
        var images: [EncodedImage] = []
        for page in window.pages { images.append(try await page.image()) }
        let question = try Question(images: images, window: window.number, questions: questions, access: access)
        var books = Books()
        while true {
            try await pass(emit)
            let permit = try await access.limiter.acquire(tokens: question.inputTokens)
            let outcome: ClaimOutcome
            do {
                outcome = try await claim(question)
            } catch {
                await access.limiter.release(permit, usedTokens: 0)
                throw error
            }
            switch outcome {
            case .send(let ticket):
                access.countCall()
                books.attempts += 1
                let exchange = Exchange(model: self, question: question, ticket: ticket, emit: emit)
                let end = try await exchange.make(&books)
                await access.limiter.release(permit, usedTokens: books.lastTokens)
                switch end {
                case .answered: return
                case .retry(let code, let wait):
                    try await emit(.retrying(attempt: books.attempts + 1, code: code, wait: wait))
                    try await Task.sleep(for: wait)
                case .paused: break
                case .failed(let failure): throw failure
                }
            case .answered(let answer, _):
                await access.limiter.release(permit, usedTokens: 0)
                return try await replay(answer, emit)
            case .busy:
                await access.limiter.release(permit, usedTokens: 0)
                try await Task.sleep(for: Self.patience)
            case .held(let call, let since):
                await access.limiter.release(permit, usedTokens: 0)
                throw Self.heldFailure(call, since: since)
            case .accepted(let call):
                await access.limiter.release(permit, usedTokens: 0)
                throw Failure(.outcomeUnknown, "call \(call) asked this before; what was reserved for it is booked as spent, and it has no answer")
            }
        }
    }

    private func claim(_ question: Question) async throws -> ClaimOutcome {
        try access.checkCalls()
        return try await access.journal.claim(
            CallClaim(
                number: question.window, identity: question.identity, requestSHA256: question.call.egress.sha256,
                images: question.call.egress.images, endpoint: access.endpoint.name, model: access.endpoint.model, keyID: access.keyID,
                reservation: question.reservation, policy: access.rules.onUnknown),
            of: lease, caps: access.caps)
    }

    private static func heldFailure(_ call: String, since: Int64) -> Failure {
        Failure(
            .outcomeUnknown,
            "call \(call) asked this on \(WallClock.rfc3339(since).prefix(10)) and broke off: it may have been charged, and is not sent again unasked",
            remedy: "--on-unknown retry-once asks once more, --on-unknown accept goes on without its answer")
    }

    /// Waits while the endpoint takes no calls, and says so.
    private func pass(_ emit: @Sendable (AnswerEvent) async throws -> Void) async throws {
        guard let failure = await access.gate.pauseFailure else { return try await access.gate.wait() }
        try await emit(.paused(failure))
        try await access.gate.wait()
        try await emit(.resumed)
    }

    /// Gives a kept answer as if it came just now.
    private func replay(_ answer: StoredAnswer, _ emit: @Sendable (AnswerEvent) async throws -> Void) async throws {
        try await emit(.head(answer.head))
        if !answer.reasoning.isEmpty { try await emit(.reasoning(answer.reasoning)) }
        if !answer.text.isEmpty { try await emit(.answer(answer.text)) }
        try await emit(.usage(answer.usage))
        if let finish = answer.finish { try await emit(.finished(finish)) }
        try await emit(
            .booked(
                CallBooking(
                    state: .settled, attempts: 0, cost: access.endpoint.profile.price.currency.map(Money.zero), isReused: true)))
    }
}

/// What one question costs and is known by.
struct Question: Sendable {
    let window: Int
    let call: ModelCall
    let identity: String
    let inputTokens: Int
    let likelyInputTokens: Int
    let limits: QuestionSettings.Limits
    /// Nil where no price is known.
    let reservation: Money?

    /// - Throws: `request_unsupported`.
    init(images: [EncodedImage], window: Int, questions: Questions, access: ModelAccess) throws(Failure) {
        let request = questions.request(images: images)
        self.window = window
        call = try access.client.prepare(request, call: window)
        identity = questions.identity(of: request)
        let input = questions.inputTokens(of: request)
        inputTokens = input.most
        likelyInputTokens = input.likely
        limits = questions.limits(images: images.count)
        reservation = access.endpoint.profile.price.worstCase(
            inputTokens: input.most, outputTokens: limits.mostTokens, thinks: limits.expectsThought)
    }
}

/// What the attempts of one question came to.
struct Books {
    var attempts = 0
    /// Of all attempts; nil while nothing was booked.
    var cost: Money?
    /// Tokens of the last attempt, for the limits of the endpoint.
    var lastTokens = 0

    mutating func add(_ amount: Money?) {
        guard let amount else { return }
        cost = cost.map { $0 + amount } ?? amount
    }
}
