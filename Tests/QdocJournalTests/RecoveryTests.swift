import QdocCore
import QdocJournal
import QdocRuntime
import QdocTesting
import Testing

@Suite("Recovery")
struct RecoveryTests {
    let bench: JournalBench

    init() throws {
        bench = try JournalBench()
    }

    /// Where a call of a dead process goes.
    private static let ends: [(StoredCall.State, StoredCall.State, Failure.Code?)] = [
        (.planned, .refused, .interrupted), (.intent, .refused, .interrupted), (.sent, .unknown, .outcomeUnknown),
        (.streaming, .unknown, .outcomeUnknown), (.settling, .settled, nil), (.settled, .settled, nil),
    ]

    @Test("A process killed in each state leaves a call that is final or held, and a run that waits", arguments: 0..<ends.count)
    func killed(index: Int) async throws {
        let (state, end, code) = Self.ends[index]
        let result = try Subprocess(Project.products + "/QdocProbe").run("--journal", "die-in", bench.path, state.rawValue, "run")
        #expect(result.status == 128 + 9, "\(result.errors)")
        #expect(try bench.texts("SELECT state FROM call", "state") == [state.rawValue])
        #expect(Files.names(in: bench.path + ".owners").count == 1)

        let journal = try await bench.open()
        let call = try #require(try await journal.calls(run: "run").first)
        #expect(call.state == end && call.failure?.code == code)
        #expect(call.cost == (end == .settled ? dollars(7) : nil))
        #expect(try await journal.recoveries() == (state == .settled ? [:] : [state: 1]))
        let run = try await journal.run(idPrefix: "run")
        #expect(run.state == .waiting && run.failure?.code == .interrupted)
        #expect(run.arguments == ["analyze", "a.pdf"] && run.workingFolder == "/")
        #expect(Files.names(in: bench.path + ".owners").count == 1, "the dead one's lock is removed, this one's stays")

        // The run goes on: what has an answer costs nothing, what may have been billed is held, the rest is sent.
        let lease = try await journal.admit(admission("run"), calls: planned(1...1), caps: SpendingCaps())
        let outcome = try await journal.claim(question(1, "identity of run"), of: lease, caps: SpendingCaps())
        switch (end, outcome) {
        case (.settled, .answered), (.unknown, .held): break
        case (.refused, .send(let ticket)): #expect(ticket.attempt == 2)
        default: Issue.record("\(state) led to \(outcome)")
        }
    }

    @Test("A claim in the way of a dead process's call recovers it first")
    func claimRecovers() async throws {
        let (living, dying) = (try await bench.open(), try await bench.open())
        let (_, ticket) = try await dying.ticket(in: .sent, run: "first")
        let run = try await living.admit(admission("second"), calls: planned(1...1), caps: SpendingCaps())
        guard case .busy = try await living.claim(question(), of: run, caps: SpendingCaps()) else {
            Issue.record("it was not busy")
            return
        }
        dying.die()
        guard case .held(let call, _) = try await living.claim(question(), of: run, caps: SpendingCaps()) else {
            Issue.record("it was not held")
            return
        }
        #expect(call == ticket.call)
        #expect(try await living.recoveries() == [.sent: 1])
    }

    @Test("A writer whose rows were taken over writes nothing more")
    func fenced() async throws {
        let (heir, late) = (try await bench.open(), try await bench.open())
        let (run, streaming) = try await late.ticket(in: .streaming, run: "a", identity: "a")
        let (_, settling) = try await late.ticket(in: .settling, run: "b", identity: "b")
        let (_, intent) = try await late.ticket(in: .intent, run: "c", identity: "c")
        late.die()
        try await heir.recover()
        let attempts: [@Sendable () async throws -> Void] = [
            { try await late.keep(streaming, whole, cost: dollars(7)) }, { try await late.settle(settling) },
            { try await late.markSent(intent) }, { try await late.refuse(intent, Failure(.rateLimited, "x")) },
            { try await late.append([StoredEvent(sequence: 1, time: 0, kind: "k", json: "{}")], to: run) },
            { try await late.end(run, .complete) },
            { _ = try await late.claim(question(9, "z"), of: run, caps: SpendingCaps()) },
        ]
        for (index, attempt) in attempts.enumerated() {
            let refused = await failure(attempt)
            #expect(refused?.code == .storeUnavailable && refused?.message.contains("took it over") == true, "\(index)")
        }
        #expect(try await heir.state(of: "a") == .unknown)
        #expect(try await heir.state(of: "b") == .settled)
        #expect(try await heir.state(of: "c") == .refused)
        #expect(try await heir.events(run: "a", after: 0).isEmpty)

        // The run goes on elsewhere: the late one's right to it does not come back.
        let resumed = try await heir.admit(admission("a"), calls: planned(1...1), caps: SpendingCaps())
        #expect(await failure { try await late.end(run, .complete) } != nil)
        try await heir.end(resumed, .complete)
    }

    @Test("A living process is left alone, however long it takes")
    func living() async throws {
        let (first, second) = (try await bench.open(), try await bench.open())
        let (_, ticket) = try await first.ticket(in: .streaming)
        bench.clock.advance(by: 365 * HandClock.day)
        try await second.recover()
        try await first.keep(ticket, whole, cost: dollars(7))
        try await first.settle(ticket)
        #expect(try await second.recoveries().isEmpty)
    }

    @Test("A run that leaves no trace cannot go on, and ends failed")
    func withoutTrace() async throws {
        let (heir, dying) = (try await bench.open(), try await bench.open(keepsText: false))
        _ = try await dying.ticket(in: .streaming)
        dying.die()
        try await heir.recover()
        #expect(try await heir.run(idPrefix: "run").state == .failed)
        #expect(try await heir.state() == .unknown)
    }

    @Test("Closing gives back what is under way, and a closed journal refuses")
    func close() async throws {
        let (first, second) = (try await bench.open(), try await bench.open())
        _ = try await first.ticket(in: .intent)
        try await first.close()
        #expect(try await second.state() == .refused)
        #expect(try await second.run(idPrefix: "run").state == .waiting)
        #expect(try await second.recoveries().isEmpty)
        #expect(await failure { _ = try await first.runs(limit: 1) }?.code == .storeUnavailable)
        #expect(Files.names(in: bench.path + ".owners").count == 1)
    }

    @Test("After 25 kills at any moment every call is final or held, every run waits, and the money adds up", arguments: [7] as [UInt64])
    func killedAnywhere(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<25 {
            let moment = "\(Double(Int.random(in: 15...160, using: &random)) / 1_000)"
            let result = try Subprocess("timeout").run(
                "-s", "KILL", moment, Project.products + "/QdocProbe", "--journal", "spend", bench.path, "4", "round\(round)")
            #expect(
                result.status == 137 || result.status == 128 + 9 || result.status == 0, "seed \(seed): \(result.status) \(result.errors)")
        }
        let journal = try await bench.open()
        let runs = try await journal.runs(limit: 10_000)
        #expect(runs.allSatisfy { $0.state == .waiting }, "seed \(seed)")
        var committed: Int64 = 0
        for run in runs {
            for call in try await journal.calls(run: run.id) {
                #expect([.settled, .refused, .unknown].contains(call.state), "seed \(seed): \(call)")
                #expect((call.times.sent == nil) == (call.state == .refused), "seed \(seed): \(call)")
                if call.state != .refused { committed += cent }
            }
        }
        #expect(try await journal.spend(by: .model).reduce(0) { $0 + $1.settled + $1.unknown } == committed, "seed \(seed)")
        #expect(committed <= 100 * cent && !runs.isEmpty, "seed \(seed)")
        #expect(try bench.texts("PRAGMA integrity_check", "integrity_check") == ["ok"])
        print("found by recovery: \(try await journal.recoveries().map { "\($0) \($1)" }.sorted())")
    }

    @Test("A store that outgrows a limit says so, and the next process finds it whole")
    func outgrown() async throws {
        let result = try Subprocess("prlimit").run("--fsize=300000", Project.products + "/QdocProbe", "--journal", "limit", bench.path)
        // Which of the two it is hangs on whether SQLite still knows what the system said.
        #expect(["store_full", "store_unavailable"].map { "\($0)\n\($0)\n" }.contains(result.output), "\(result.output) \(result.errors)")
        let journal = try await bench.open()
        let events = try await journal.events(run: "run", after: 0)
        #expect(!events.isEmpty && events.map(\.sequence) == Array(1...events.count))
        #expect(try bench.texts("PRAGMA integrity_check", "integrity_check") == ["ok"])
    }
}
