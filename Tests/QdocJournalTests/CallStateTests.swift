import QdocCore
import QdocJournal
import QdocTesting
import Testing

/// What can be done with a ticket.
private enum Step: String, CaseIterable, Sendable {
    case markSent, markStreaming, keep, settle, refuse, leaveUnknown, settleBroken

    func run(_ journal: Journal, _ ticket: CallTicket) async throws {
        switch self {
        case .markSent: try await journal.markSent(ticket)
        case .markStreaming: try await journal.markStreaming(ticket)
        case .keep: try await journal.keep(ticket, whole, cost: dollars(7))
        case .settle: try await journal.settle(ticket)
        case .refuse: try await journal.refuse(ticket, Failure(.rateLimited, "slow down"), status: 429)
        case .leaveUnknown: try await journal.leaveUnknown(ticket, Failure(.streamTruncated, "it broke"))
        case .settleBroken: try await journal.settleBroken(ticket, Failure(.streamTruncated, "it broke"), partial: broken, cost: dollars(3))
        }
    }

    /// Where it leads from a state; nil where it is refused.
    func end(from state: StoredCall.State) -> StoredCall.State? {
        switch (state, self) {
        case (.intent, .markSent): .sent
        case (.sent, .markStreaming): .streaming
        case (.sent, .keep), (.streaming, .keep): .settling
        case (.settling, .settle): .settled
        case (.intent, .refuse), (.sent, .refuse), (.streaming, .refuse): .refused
        case (.sent, .leaveUnknown), (.streaming, .leaveUnknown): .unknown
        case (.sent, .settleBroken), (.streaming, .settleBroken): .settled
        default: nil
        }
    }
}

@Suite("States of a call")
struct CallStateTests {
    let bench: JournalBench

    init() throws {
        bench = try JournalBench()
    }

    @Test(
        "Each step leads where the picture says, and nowhere from anywhere else",
        arguments: StoredCall.State.allCases.filter { $0 != .planned })
    func transitions(from state: StoredCall.State) async throws {
        let journal = try await bench.open()
        for step in Step.allCases {
            let run = "\(state)-\(step)"
            let (_, ticket) = try await journal.ticket(in: state, run: run, identity: run)
            let failure = await failure { try await step.run(journal, ticket) }
            let expected = step.end(from: state)
            #expect((failure == nil) == (expected != nil), "\(step) from \(state): \(String(describing: failure))")
            #expect(failure == nil || failure?.code == .internalError)
            #expect(try await journal.state(of: run) == expected ?? state)
        }
    }

    @Test("A call that went well tells all that was learned, and its answer comes back as it was")
    func settled() async throws {
        let journal = try await bench.open()
        let lease = try await journal.admit(admission("run"), calls: planned(1...2), caps: SpendingCaps())
        let ticket = try await journal.ticket(of: lease)
        for state in [1, 2, 3, 4] {
            bench.clock.advance(by: 1_000)
            switch state {
            case 1: try await journal.markSent(ticket, bodyByteCount: 4_321)
            case 2: try await journal.markStreaming(ticket, head: CallHead(requestID: "req-0"), status: 200)
            case 3: try await journal.keep(ticket, whole, cost: dollars(7))
            default: try await journal.settle(ticket)
            }
        }
        let call = try #require(try await journal.calls(run: "run").first)
        let start = HandClock.start
        let times = [call.times.planned, call.times.intent, call.times.sent, call.times.streaming, call.times.settling, call.times.ended]
        #expect(times == [0, 0, 1_000, 2_000, 3_000, 4_000].map { start + $0 })
        #expect(call.state == .settled && call.cost == dollars(7) && call.reserved == dollars(cent) && !call.isEstimated)
        #expect(call.usage == whole.usage && call.head == whole.head && call.status == 200 && call.bodyByteCount == 4_321)
        #expect(call.identity == "question" && call.requestSHA256 == "5ea1" && call.images == [1] && call.failure == nil)
        #expect(try await journal.answer(call: call.id) == whole)
        #expect(try await journal.credits(endpoint: "openai", keyID: "key")?.remaining == JSONNumber("12.50"))
        #expect(try await journal.credits(endpoint: "openai", keyID: nil) == nil)
    }

    @Test("What nobody can price is booked at what was reserved, never at nothing")
    func neverNothing() async throws {
        let journal = try await bench.open()
        let (_, first) = try await journal.ticket(in: .streaming, run: "a", identity: "a")
        try await journal.keep(first, whole, cost: nil)
        try await journal.settle(first)
        let (_, second) = try await journal.ticket(in: .streaming, run: "b", identity: "b")
        try await journal.settleBroken(second, Failure(.streamTruncated, "it broke"), partial: broken, cost: nil)
        for run in ["a", "b"] {
            let call = try #require(try await journal.calls(run: run).first)
            #expect(call.cost == dollars(cent) && call.isEstimated)
        }
        #expect(try await journal.committed(.usd) == dollars(2 * cent))
    }

    @Test("A broken stream is settled at what was counted, marked so, and its words are kept")
    func brokenStream() async throws {
        let journal = try await bench.open()
        let (_, ticket) = try await journal.ticket(in: .streaming)
        try await journal.settleBroken(ticket, Failure(.streamTruncated, "it broke"), partial: broken, cost: dollars(3))
        let call = try #require(try await journal.calls(run: "run").first)
        #expect(call.cost == dollars(3) && call.isEstimated && call.failure?.code == .streamTruncated)
        #expect(try await journal.answer(call: call.id) == broken)
        #expect(try await journal.committed(.usd) == dollars(3))
    }

    @Test("A usage report beyond reason is bounded and breaks no sum")
    func hostileUsage() async throws {
        let journal = try await bench.open()
        for number in 1...3 {
            let (_, ticket) = try await journal.ticket(in: .streaming, run: "run\(number)", identity: "\(number)")
            var answer = whole
            answer.usage.inputTokens = .max
            answer.usage.outputTokens = -5
            try await journal.keep(ticket, answer, cost: dollars(.max))
            try await journal.settle(ticket)
        }
        #expect(try await journal.committed(.usd).nanos > 0)
        #expect(try await journal.spend(by: .day).first?.calls == 3)
    }

    @Test("A cancelled task writes what a call's fate hangs on, and lets nothing leave any more")
    func cancelled() async throws {
        let journal = try await bench.open()
        let (_, ticket) = try await journal.ticket(in: .intent, run: "a", identity: "a")
        let (_, underWay) = try await journal.ticket(in: .sent, run: "b", identity: "b")
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            await #expect(throws: CancellationError.self) { try await journal.markSent(ticket) }
            try await journal.refuse(ticket, Failure(.interrupted, "it was interrupted"))
            try await journal.leaveUnknown(underWay, Failure(.interrupted, "it was interrupted"))
        }
        task.cancel()
        try await task.value
        #expect(try await journal.state(of: "a") == .refused)
        #expect(try await journal.state(of: "b") == .unknown)
    }
}
