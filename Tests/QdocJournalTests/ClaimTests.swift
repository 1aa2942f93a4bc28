import QdocCore
import QdocJournal
import QdocTesting
import Testing

@Suite("Claims")
struct ClaimTests {
    let bench: JournalBench

    init() throws {
        bench = try JournalBench()
    }

    private func lease(_ journal: Journal, _ run: String, _ calls: ClosedRange<Int> = 1...1) async throws -> RunLease {
        try await journal.admit(admission(run), calls: planned(calls), caps: SpendingCaps())
    }

    @Test("A question that was answered is answered again, for nothing, in any run and process")
    func answered() async throws {
        let journal = try await bench.open()
        let (first, ticket) = try await journal.ticket(in: .settled, run: "first")
        let other = try await bench.open()
        let second = try await lease(other, "second", 1...2)
        #expect(try await other.committed(.usd) == dollars(7 + 2 * cent))
        guard case .answered(let answer, let call) = try await other.claim(question(), of: second, caps: SpendingCaps()) else {
            Issue.record("it was not answered")
            return
        }
        #expect(answer == whole && call == ticket.call)
        #expect(try await other.committed(.usd) == dollars(7 + cent))
        let calls = try await other.calls(run: "second")
        #expect(
            calls[0].state == .refused && calls[0].answeredBy == ticket.call && calls[0].times.sent == nil && calls[1].state == .planned)
        try await other.end(second, .complete)
        try await journal.end(first, .complete)
        #expect(try await other.committed(.usd) == dollars(7))
    }

    @Test("A question under way has one call; a second asker waits", arguments: [StoredCall.State.intent, .sent, .streaming, .settling])
    func busy(state: StoredCall.State) async throws {
        let journal = try await bench.open()
        let (_, ticket) = try await journal.ticket(in: state, run: "first")
        for journal in [journal, try await bench.open()] {
            let second = try await lease(journal, "second-\(journal === journal)-\(Int.random(in: 0...1_000_000))")
            guard case .busy(let call) = try await journal.claim(question(), of: second, caps: SpendingCaps()) else {
                Issue.record("it was not busy")
                return
            }
            #expect(call == ticket.call)
        }
        #expect(try await journal.state(of: "first") == state)
    }

    @Test("A refused call may be tried again, as another attempt with money of its own")
    func retried() async throws {
        let journal = try await bench.open()
        let (lease, first) = try await journal.ticket(in: .refused)
        let second = try await journal.ticket(of: lease)
        #expect(first.attempt == 1 && second.attempt == 2)
        #expect(try await journal.committed(.usd) == dollars(cent))
        try await journal.bring(second, to: .refused)
        let caps = SpendingCaps(perRun: [.usd: dollars(cent / 2)])
        let refused = await failure { _ = try await journal.ticket(of: lease, caps: caps) }
        #expect(refused?.code == .budgetExceeded)
        #expect(try await journal.calls(run: "run").map(\.attempt) == [1, 2])
        #expect(try await journal.calls(run: "run").map(\.status) == [429, 429])
    }

    @Test("A call of unknown end is held, whoever asks")
    func held() async throws {
        let journal = try await bench.open()
        let (first, ticket) = try await journal.ticket(in: .unknown)
        for run in [first, try await lease(journal, "second")] {
            guard case .held(let call, let since) = try await journal.claim(question(), of: run, caps: SpendingCaps()) else {
                Issue.record("it was not held")
                return
            }
            #expect(call == ticket.call && since == HandClock.start)
        }
        #expect(try await journal.calls(in: .unknown).map(\.id) == [ticket.call])
        #expect(try await journal.answer(call: ticket.call) == broken)
    }

    @Test("It is retried once where the user says so, and never a third time")
    func retriedOnce() async throws {
        let journal = try await bench.open()
        let (run, _) = try await journal.ticket(in: .unknown)
        let second = try await journal.ticket(question(policy: .retryOnce), of: run)
        #expect(second.attempt == 2)
        try await journal.bring(second, to: .unknown)
        guard case .held = try await journal.claim(question(policy: .retryOnce), of: run, caps: SpendingCaps()) else {
            Issue.record("it was sent a third time")
            return
        }
        #expect(try await journal.committed(.usd) == dollars(2 * cent))
    }

    @Test("A retry that is answered answers for both")
    func retryAnswers() async throws {
        let journal = try await bench.open()
        let (run, _) = try await journal.ticket(in: .unknown)
        let second = try await journal.ticket(question(policy: .retryOnce), of: run)
        try await journal.bring(second, to: .settled)
        guard case .answered(_, let call) = try await journal.claim(question(), of: run, caps: SpendingCaps()) else {
            Issue.record("it was not answered")
            return
        }
        #expect(call == second.call)
    }

    @Test("Accepted, it is booked as spent, once, and is not sent by the next that asks")
    func accepted() async throws {
        let journal = try await bench.open()
        let (run, ticket) = try await journal.ticket(in: .unknown)
        for _ in 1...2 {
            guard case .accepted(let call) = try await journal.claim(question(policy: .accept), of: run, caps: SpendingCaps()) else {
                Issue.record("it was not accepted")
                return
            }
            #expect(call == ticket.call)
        }
        let call = try #require(try await journal.calls(run: "run").first)
        #expect(call.state == .settled && call.cost == dollars(cent) && call.isEstimated)
        #expect(try await journal.committed(.usd) == dollars(cent))
        guard case .held = try await journal.claim(question(), of: run, caps: SpendingCaps()) else {
            Issue.record("it was sent again")
            return
        }
    }

    @Test("A broken stream that was booked is sent again at the user's word alone")
    func brokenIsHeld() async throws {
        let journal = try await bench.open()
        let (run, ticket) = try await journal.ticket(in: .streaming)
        try await journal.settleBroken(ticket, Failure(.streamTruncated, "it broke"), partial: broken, cost: dollars(3))
        guard case .held = try await journal.claim(question(), of: run, caps: SpendingCaps()) else {
            Issue.record("it was sent again silently")
            return
        }
        guard case .send = try await journal.claim(question(policy: .retryOnce), of: run, caps: SpendingCaps()) else {
            Issue.record("it was not sent again")
            return
        }
        #expect(try await journal.committed(.usd) == dollars(3 + cent))
    }

    @Test("A call that needs more than was planned is checked against every cap again")
    func dearer() async throws {
        let journal = try await bench.open()
        let run = try await lease(journal, "run")
        let caps = SpendingCaps(perRun: [.usd: dollars(3 * cent)])
        let refused = await failure { _ = try await journal.ticket(question(reservation: dollars(4 * cent)), of: run, caps: caps) }
        #expect(refused?.code == .budgetExceeded)
        #expect(try await journal.state() == .planned)
        #expect(try await journal.committed(.usd) == dollars(cent))
        let ticket = try await journal.ticket(question(reservation: dollars(3 * cent)), of: run, caps: caps)
        #expect(ticket.attempt == 1)
        #expect(try await journal.committed(.usd) == dollars(3 * cent))
    }

    @Test("Money planned before midnight is checked against the day on which it leaves")
    func midnight() async throws {
        let journal = try await bench.open()
        let caps = SpendingCaps(perDay: [.usd: dollars(cent)])
        let early = try await lease(journal, "early")
        bench.clock.advance(by: HandClock.day)
        _ = try await journal.admit(admission("late"), calls: planned(1...1), caps: caps)
        let refused = await failure { _ = try await journal.ticket(question(1, "other"), of: early, caps: caps) }
        #expect(refused?.code == .budgetExceeded)
        #expect(try await journal.committed(.usd) == dollars(cent))
        #expect(try await journal.committed(.usd, at: HandClock.start) == dollars(cent))
    }

    @Test("A plan that knows its questions reserves nothing for those that are answered, and is checked where they no longer are")
    func knownAnswers() async throws {
        let journal = try await bench.open()
        _ = try await journal.ticket(in: .settled, run: "first")
        let caps = SpendingCaps(perRun: [.usd: dollars(cent)])
        let calls = [
            PlannedCall(number: 1, images: [1], reservation: dollars(cent), identity: "question"),
            PlannedCall(number: 2, images: [2], reservation: dollars(cent), identity: "other"),
        ]
        let run = try await journal.admit(admission("second"), calls: calls, caps: caps)
        #expect(try await journal.committed(.usd) == dollars(7 + cent))
        let refused = await failure { _ = try await journal.ticket(question(1, "gone"), of: run, caps: caps) }
        #expect(refused?.code == .budgetExceeded)
        guard case .answered = try await journal.claim(question(), of: run, caps: caps) else {
            Issue.record("it was not answered")
            return
        }
    }

    @Test("No call is begun without room for its answer", .enabled(if: isRoot))
    func noRoom() async throws {
        let disk = bench.folder("disk")
        let mounted = try Subprocess("sh").run("-c", "mkdir \(disk) && mount -t tmpfs -o size=4m tmpfs \(disk)")
        guard mounted.status == 0 else { return }
        defer { _ = try? Subprocess("umount").run("-l", disk) }
        let journal = try await Journal(path: disk + "/store")
        let run = try await lease(journal, "run")
        let refused = await failure { _ = try await journal.ticket(of: run) }
        #expect(refused?.code == .storeFull)
        #expect(try await journal.state() == .planned)
        #expect(try Subprocess("mount").run("-o", "remount,size=40m", disk).status == 0)
        _ = try await journal.ticket(of: run)
        try await journal.close()
    }
}
