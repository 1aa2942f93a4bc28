import QdocCore
import QdocJournal
import QdocRuntime
import QdocTesting
import Testing

@Suite("Runs and the bill")
struct HousekeepingTests {
    let bench: JournalBench

    init() throws {
        bench = try JournalBench()
    }

    @Test("Runs are listed newest first, by state, and found by the first letters of an id")
    func listing() async throws {
        let journal = try await bench.open()
        for (id, state) in [("aa1", StoredRun.State.complete), ("aa2", .partial), ("ab3", .waiting), ("b4", .cancelled)] {
            bench.clock.advance(by: 1)
            let lease = try await journal.admit(admission(id), calls: [], caps: SpendingCaps())
            let failure = state == .partial ? Failure(.answerNotJSON, "no JSON", remedy: "ask again") : nil
            try await journal.end(lease, state, failure: failure)
        }
        #expect(try await journal.runs(limit: 9).map(\.id) == ["b4", "ab3", "aa2", "aa1"])
        #expect(try await journal.runs(limit: 2).map(\.id) == ["b4", "ab3"])
        #expect(try await journal.runs(limit: 9, state: .waiting).map(\.id) == ["ab3"])
        let found = try await journal.run(idPrefix: "aa2")
        #expect(found.failure == Failure(.answerNotJSON, "no JSON", remedy: "ask again") && found.endedAt != nil)
        for prefix in ["aa", "c", "", "%"] {
            #expect(await failure { _ = try await journal.run(idPrefix: prefix) }?.code == .runNotFound, "\(prefix)")
        }
        #expect(await failure { _ = try await journal.admit(admission("aa1"), calls: [], caps: SpendingCaps()) }?.code == .runNotFound)
        #expect(await failure { try await journal.end(RunLease.none(in: journal), .running) } != nil)
    }

    @Test("Events come back in order behind a number, are added all or none, and are counted on when a run goes on")
    func events() async throws {
        let journal = try await bench.open()
        let lease = try await journal.admit(admission("run"), calls: [], caps: SpendingCaps())
        let events = (1...50).map { StoredEvent(sequence: $0, time: Int64($0), kind: "reasoning", json: #"{"n":\#($0)}"#) }
        try await journal.append(Array(events[..<30]), to: lease)
        #expect(await failure { try await journal.append(Array(events[29...]), to: lease) } != nil)
        try await journal.append(Array(events[30...]), to: lease)
        #expect(try await journal.events(run: "run", after: 0) == events)
        #expect(try await journal.events(run: "run", after: 48) == Array(events[48...]))
        #expect(try await journal.events(run: "run", after: 10, limit: 2) == Array(events[10..<12]))
        try await journal.end(lease, .waiting)
        #expect(try await journal.admit(admission("run"), calls: [], caps: SpendingCaps()).lastSequence == 50)
    }

    @Test("A run that waits is cancelled, one that runs is asked to stop, one that ended is left alone")
    func cancel() async throws {
        let (journal, other) = (try await bench.open(), try await bench.open())
        let lease = try await journal.admit(admission("run"), calls: [], caps: SpendingCaps())
        #expect(try await journal.isCancelRequested(run: "run") == false)
        #expect(try await other.cancel(run: "run") == .requested)
        #expect(try await journal.isCancelRequested(run: "run"))
        try await journal.end(lease, .waiting)
        #expect(try await other.cancel(run: "run") == .cancelled)
        #expect(try await other.cancel(run: "run") == .ended(.cancelled))
        #expect(await failure { _ = try await other.cancel(run: "absent") }?.code == .runNotFound)
        _ = try await journal.admit(admission("second"), calls: [], caps: SpendingCaps())
        journal.die()
        #expect(try await other.cancel(run: "second") == .cancelled)
    }

    @Test("The end of a run gives back what it did not use, and leaves nothing open")
    func end() async throws {
        let journal = try await bench.open()
        let lease = try await journal.admit(admission("run"), calls: planned(1...5), caps: SpendingCaps())
        for (number, state) in [(1, StoredCall.State.settled), (2, .sent), (3, .intent), (4, .settling)] {
            try await journal.bring(try await journal.ticket(question(number, "\(number)"), of: lease), to: state)
        }
        try await journal.end(lease, .partial)
        #expect(try await journal.calls(run: "run").map(\.state) == [.settled, .unknown, .refused, .settled, .refused])
        #expect(try await journal.committed(.usd) == dollars(cent + 14))
        let run = try await journal.run(idPrefix: "run")
        #expect(run.cost == [dollars(14)] && run.callCount == 3)
    }

    @Test("The bill adds up by day, model and pipeline, a line for each currency")
    func spend() async throws {
        let journal = try await bench.open()
        for (index, state) in [StoredCall.State.settled, .unknown, .streaming, .refused, .settled].enumerated() {
            if index == 4 { bench.clock.advance(by: HandClock.day) }
            let lease = try await journal.admit(
                admission("run\(index)", pipeline: index == 0 ? "tables" : "figures"), calls: planned(1...2), caps: SpendingCaps())
            try await journal.bring(try await journal.ticket(question(1, "\(index)"), of: lease), to: state)
        }
        let yuan = try await journal.admit(admission("cny"), calls: planned(1...1, Money(nanos: 5, .cny)), caps: SpendingCaps())
        _ = yuan
        let days = try await journal.spend(by: .day)
        #expect(days.map(\.label) == ["2026-02-15", "2026-02-16", "2026-02-16"])
        #expect(days.map(\.currency) == [.usd, .cny, .usd])
        #expect(days.map(\.settled) == [7, 0, 7] && days.map(\.unknown) == [cent, 0, 0])
        #expect(days.map(\.open) == [5 * cent, 5, cent] && days.map(\.calls) == [3, 0, 1])
        #expect(days[0].inputTokens == 1_800 && days[0].outputTokens == 43)
        #expect(try await journal.spend(by: .pipeline).map(\.label) == ["figures", "figures", "tables"])
        #expect(try await journal.spend(by: .model).filter { $0.currency == .usd }.map(\.settled).reduce(0, +) == 14)
    }

    @Test("A purge removes what was said and keeps what was paid; a question of unknown end stays held")
    func purge() async throws {
        let journal = try await bench.open()
        let (first, _) = try await journal.ticket(in: .settled, run: "first", identity: "answered")
        try await journal.append([StoredEvent(sequence: 1, time: 0, kind: "answer", json: #""private""#)], to: first)
        let (second, _) = try await journal.ticket(in: .unknown, run: "second", identity: "unknown")
        try await journal.end(first, .complete)
        try await journal.end(second, .partial, failure: Failure(.fileUnreadable, "/home/private/a.pdf"))
        let bill = try await journal.spend(by: .day)
        bench.clock.advance(by: HandClock.day)
        let (third, _) = try await journal.ticket(in: .settled, run: "third", identity: "new")
        let running = try await journal.admit(admission("running"), calls: planned(1...2), caps: SpendingCaps())
        try await journal.end(third, .complete)

        let purged = try await journal.purge(before: HandClock.start + 1)
        #expect(purged.runs == 2 && purged.answers == 2)
        #expect(try await journal.runs(limit: 9).map(\.id).sorted() == ["running", "third"])
        #expect(try await journal.spend(by: .day).first == bill.first)
        #expect(try await journal.events(run: "first", after: 0).isEmpty)
        guard case .held = try await journal.claim(question(1, "unknown"), of: running, caps: SpendingCaps()),
            case .send = try await journal.claim(question(1, "answered"), of: running, caps: SpendingCaps()),
            case .answered = try await journal.claim(question(2, "new"), of: running, caps: SpendingCaps())
        else {
            Issue.record("the purge took too much, or too little")
            return
        }
        try await journal.end(running, .complete)
        bench.clock.advance(by: 1)
        _ = try await journal.purge(before: bench.clock.now)
        #expect(try traces() == [])
    }

    @Test("Without a trace nothing is kept but the bill")
    func withoutTrace() async throws {
        let journal = try await bench.open(keepsText: false)
        let (lease, _) = try await journal.ticket(in: .settled)
        try await journal.append([StoredEvent(sequence: 1, time: 0, kind: "answer", json: #""private""#)], to: lease)
        let (other, _) = try await journal.ticket(in: .unknown, run: "other", identity: "other")
        try await journal.end(lease, .complete)
        try await journal.end(other, .failed, failure: Failure(.fileUnreadable, "/home/private/a.pdf"))
        #expect(try traces() == [])
        let call = try #require(try await journal.calls(run: "run").first)
        #expect(call.cost == dollars(7) && call.identity == nil && call.usage.inputTokens == 900 && call.requestSHA256 == nil)
        #expect(try await journal.answer(call: call.id) == nil)
        #expect(try await journal.run(idPrefix: "run").arguments == [])
        #expect(try await journal.run(idPrefix: "other").failure == Failure(.fileUnreadable, "file unreadable"))
        guard
            case .held = try await journal.claim(
                question(1, "other"), of: try await journal.admit(admission("third"), calls: planned(1...1), caps: SpendingCaps()),
                caps: SpendingCaps())
        else {
            Issue.record("a question of unknown end was forgotten")
            return
        }
    }

    /// Files of the store that hold a word of what tests say in private.
    private func traces() throws -> [String] {
        let search = try Subprocess("grep").run("-a", "-r", "-l", "private", bench.folder("state"))
        return search.output.split(separator: "\n").map(String.init)
    }

    @Test("A key's name is the same for every process of a store, differs between keys and stores, and is no digest of the key alone")
    func keyNames() async throws {
        let (first, second) = (try await bench.open(), try await bench.open())
        let other = try await JournalBench().open()
        let key = Secret("sk-test")
        #expect(first.keyID(for: key) == second.keyID(for: key))
        #expect(first.keyID(for: key) != first.keyID(for: Secret("sk-other")))
        #expect(first.keyID(for: key) != other.keyID(for: key))
        #expect(first.keyID(for: key).utf8.count == 16)
    }
}

extension RunLease {
    /// The right to a run that ends at once.
    fileprivate static func none(in journal: Journal) async throws -> RunLease {
        try await journal.admit(admission("none"), calls: [], caps: SpendingCaps())
    }
}
