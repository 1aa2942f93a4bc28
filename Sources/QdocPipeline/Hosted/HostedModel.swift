import QdocCore
import QdocJournal
import QdocModel
import QdocPrompt
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

    func answer(_ window: AnswerWindow, emit: @escaping @Sendable (AnswerEvent) async throws -> Void) async throws {
        var pages: [PromptPage] = []
        for page in window.pages {
            pages.append(
                PromptPage(
                    reference: page.reference, number: page.imageNumbers.first ?? page.reference.pageNumber,
                    images: try await page.images(),
                    words: questions.words(of: questions.showsWords ? try await page.content() : nil)))
        }
        let question = try Question(
            pages: pages, window: window.number, unfit: window.unfit, questions: questions, access: access)
        var books = Books()
        var isWaiting = false
        while true {
            let leave = try await leave(for: question, &isWaiting, emit)
            let outcome: ClaimOutcome
            do {
                outcome = try await claim(question)
            } catch {
                await leave.giveBack()
                throw error
            }
            guard case .send(let ticket) = outcome else {
                await leave.giveBack()
                if case .answered(let answer, _) = outcome { return try await replay(answer, emit) }
                try await wait(outcome)
                continue
            }
            if books.attempts == 0 { await access.retryBudget.noteCall() }
            books.attempts += 1
            let exchange = Exchange(model: self, question: question, ticket: ticket, leave: leave, emit: emit)
            let end = try await exchange.make(&books)
            if isWaiting, !end.isPaused {
                // It was the probe, and got through.
                isWaiting = false
                try await emit(.resumed)
            }
            switch end {
            case .answered: return
            case .retry(let code, let wait):
                try await emit(.retrying(attempt: books.attempts + 1, code: code, wait: wait))
                try await Task.sleep(for: wait)
            case .paused: break
            case .failed(let failure): throw failure
            }
        }
    }

    /// Waits until the endpoint takes calls and its limits allow one more; says so where it is paused.
    ///
    /// - Parameter isWaiting: Whether the pause was told, and its end was not.
    private func leave(
        for question: Question, _ isWaiting: inout Bool, _ emit: @Sendable (AnswerEvent) async throws -> Void
    ) async throws -> CallLeave {
        if !isWaiting, let pause = await access.gate.pause {
            isWaiting = true
            try await emit(.paused(pause.failure))
        }
        let pass = try await access.gate.wait()
        if isWaiting, !pass.isProbe {
            isWaiting = false
            try await emit(.resumed)
        }
        do {
            let permit = try await access.limiter.acquire(tokens: question.inputTokens + question.limits.likelyTokens)
            return CallLeave(access: access, pass: pass, permit: permit)
        } catch {
            await access.gate.finish(pass, .inconclusive)
            throw error
        }
    }

    private func claim(_ question: Question) async throws -> ClaimOutcome {
        try await access.checkCredits()
        try access.takeCall()
        do {
            let outcome = try await access.journal.claim(claim(of: question), of: lease, from: access.allowance)
            if case .send = outcome { return outcome }
            access.giveBackCall()
            return outcome
        } catch {
            access.giveBackCall()
            throw error
        }
    }

    private func claim(of question: Question) -> CallClaim {
        CallClaim(
            number: question.window, identity: question.identity, requestSHA256: question.call.egress.sha256,
            images: question.call.egress.images, endpoint: access.endpoint.name, model: access.endpoint.model, keyID: access.keyID,
            reservation: question.reservation, policy: access.rules.onUnknown)
    }

    /// Waits for somebody who asks the same; refuses what may have been paid for already.
    private func wait(_ outcome: ClaimOutcome) async throws {
        switch outcome {
        case .send, .answered: break
        case .busy: try await Task.sleep(for: Self.patience)
        case .held(let call, let since):
            throw Failure(
                .outcomeUnknown,
                "call \(call) asked this on \(WallClock.rfc3339(since).prefix(10)) and broke off: it may have been charged, and is not sent "
                    + "again unasked",
                remedy: "--on-unknown retry-once asks once more, --on-unknown accept goes on without its answer")
        case .accepted(let call):
            throw Failure(
                .outcomeUnknown, "call \(call) asked this before: what was reserved for it is booked as spent, and it has no answer")
        }
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
    init(pages: [PromptPage], window: Int, unfit: UnfitAnswer?, questions: Questions, access: ModelAccess) throws(Failure) {
        let request = questions.request(pages: pages, call: window, unfit: unfit)
        self.window = window
        call = try access.client.prepare(request, call: window)
        identity = questions.identity(of: request)
        let input = questions.inputTokens(of: request)
        inputTokens = input.most
        likelyInputTokens = input.likely
        limits = questions.limits(pages: pages)
        reservation = access.endpoint.profile.price.worstCase(
            inputTokens: input.most, outputTokens: limits.mostTokens, thinks: limits.expectsThought)
    }
}

/// What the attempts of one question came to.
struct Books {
    var attempts = 0
    /// Of all attempts; nil while nothing was booked.
    var cost: Money?

    mutating func add(_ amount: Money?) {
        guard let amount else { return }
        cost = cost.map { $0 + amount } ?? amount
    }
}

/// Leave to make one call, from the endpoint's gate and its limits; given back once, however the call ended.
struct CallLeave: Sendable {
    let access: ModelAccess
    let pass: EndpointGate.Pass
    let permit: CallLimiter.Permit

    /// - Parameter tokens: What the call took of a minute's tokens; nil where that is not known.
    func giveBack(
        tokens: Int? = 0, limits: CallLimiter.Outcome = .other, health: EndpointGate.Outcome = .inconclusive
    ) async {
        await access.limiter.release(permit, tokens: tokens, outcome: limits)
        await access.gate.finish(pass, health)
    }
}

extension EndpointGate.Pause {
    /// As the program's envelope.
    var failure: Failure {
        switch reason {
        case .key: Failure(.unauthorized, message, remedy: "mend the key; it is tried again by itself")
        case .credits: Failure(.quotaExceeded, message, remedy: "top the account up; it is tried again by itself")
        case .service: Failure(.providerUnavailable, message, remedy: "it is tried again by itself")
        }
    }
}
