import QdocCore
import QdocJournal
import QdocRuntime
import QdocTesting
import Testing

@Suite("Caps")
struct CapTests {
    let bench: JournalBench

    init() throws {
        bench = try JournalBench()
    }

    @Test("Each cap refuses what is one billionth too much, says which it is, and lets in what fits")
    func edges() async throws {
        let journal = try await bench.open()
        let euro = try #require(Currency("EUR"))
        let edges: [(name: String, caps: SpendingCaps)] = [
            ("request", SpendingCaps(perRequest: [.usd: dollars(cent - 1)])),
            ("run", SpendingCaps(perRun: [.usd: dollars(2 * cent - 1)])),
            ("day", SpendingCaps(perDay: [.usd: dollars(2 * cent - 1)])),
            ("key", SpendingCaps(perKey: [.usd: dollars(2 * cent - 1)])),
            ("EUR", SpendingCaps()),
        ]
        for (name, caps) in edges {
            let money = name == "EUR" ? Money(nanos: cent, euro) : dollars(cent)
            let refused = await failure { _ = try await journal.admit(admission("no"), calls: planned(1...2, money), caps: caps) }
            #expect(refused?.code == .budgetExceeded && refused?.message.contains(name) == true, "\(name): \(String(describing: refused))")
            #expect(refused?.remedy != nil)
        }
        #expect(try await journal.runs(limit: 10).isEmpty)
        #expect(try await journal.committed(.usd) == dollars(0))
        let caps = SpendingCaps(
            perRequest: [.usd: dollars(cent)], perRun: [.usd: dollars(2 * cent)], perDay: [.usd: dollars(2 * cent)],
            perKey: [.usd: dollars(2 * cent)])
        _ = try await journal.admit(admission("yes"), calls: planned(1...2), caps: caps)
        #expect(try await journal.committed(.usd) == dollars(2 * cent))
    }

    @Test("The failure says what the run could cost, the cap, what is committed and by how much it is over")
    func words() async throws {
        let journal = try await bench.open()
        let caps = SpendingCaps(perDay: [.usd: dollars(5 * cent)])
        _ = try await journal.admit(admission("first"), calls: planned(1...3), caps: caps)
        let refused = await failure { _ = try await journal.admit(admission("second"), calls: planned(1...4), caps: caps) }
        #expect(
            refused?.message
                == "the run could cost $0.04: the cap for a day is $0.05, and $0.03 of it is spent or reserved already, which is $0.02 too little"
        )
    }

    @Test("A key's cap counts that key alone, a day's that day, a currency's that currency")
    func scopes() async throws {
        let journal = try await bench.open()
        let caps = SpendingCaps(perDay: [.usd: dollars(3 * cent)], perKey: [.usd: dollars(2 * cent)])
        _ = try await journal.admit(admission("a", keyID: "one"), calls: planned(1...2), caps: caps)
        #expect(await failure { _ = try await journal.admit(admission("b", keyID: "one"), calls: planned(1...1), caps: caps) } != nil)
        _ = try await journal.admit(admission("c", keyID: "two"), calls: planned(1...1), caps: caps)
        #expect(await failure { _ = try await journal.admit(admission("d", keyID: nil), calls: planned(1...1), caps: caps) } != nil)
        _ = try await journal.admit(admission("e"), calls: planned(1...1, Money(nanos: 5 * cent, .cny)), caps: caps)
        #expect(try await journal.committed(.usd, keyID: "one") == dollars(2 * cent))
        #expect(try await journal.committed(.cny) == Money(nanos: 5 * cent, .cny))
        bench.clock.advance(by: HandClock.day)
        _ = try await journal.admit(admission("f", keyID: "one"), calls: planned(1...2), caps: caps)
    }

    @Test(
        "The cap for a run holds for all runs of one allowance together: what is over counts at its cost, what is not at what it reserves")
    func shared() async throws {
        let journal = try await bench.open()
        let allowance = Allowance(SpendingCaps(perRun: [.usd: dollars(5 * cent)]))
        for run in ["a", "b", "c"] { allowance.join(run) }
        let first = try await journal.admit(admission("a"), calls: planned(1...2), from: allowance)
        _ = try await journal.admit(admission("b"), calls: planned(1...3), from: allowance)
        #expect(await failure { _ = try await journal.admit(admission("c"), calls: planned(1...1), from: allowance) } != nil)
        // Another call of the program has a cap of its own.
        _ = try await journal.admit(admission("other"), calls: planned(1...5), caps: SpendingCaps(perRun: [.usd: dollars(5 * cent)]))
        try await journal.end(first, .complete)
        allowance.leave("a", spent: [dollars(cent)])
        _ = try await journal.admit(admission("c"), calls: planned(1...1), from: allowance)
        allowance.join("d")
        #expect(await failure { _ = try await journal.admit(admission("d"), calls: planned(1...1), from: allowance) } != nil)
    }

    @Test("Free calls need no cap, and calls without a price are bounded elsewhere")
    func free() async throws {
        let journal = try await bench.open()
        let none = SpendingCaps(perRun: [:])
        _ = try await journal.admit(admission("free"), calls: planned(1...9, .zero(.usd)), caps: none)
        _ = try await journal.admit(admission("unknown"), calls: planned(1...9, nil), caps: none)
        #expect(try await journal.committed(.usd) == dollars(0))
    }

    @Test("Amounts too large to add are refused")
    func overflow() async throws {
        let journal = try await bench.open()
        let caps = SpendingCaps(perRun: [.usd: dollars(.max)])
        let refused = await failure { _ = try await journal.admit(admission("run"), calls: planned(1...3, dollars(.max)), caps: caps) }
        #expect(refused == nil || refused?.code == .budgetExceeded)
        #expect(try await journal.committed(.usd).nanos >= 0)
    }

    @Test("Sums over random histories agree with a model of them", arguments: [1, 2, 3] as [UInt64])
    func history(seed: UInt64) async throws {
        let journal = try await bench.open()
        var random = SeededGenerator(seed: seed)
        let cap: Int64 = 30 * cent
        let caps = SpendingCaps(perDay: [.usd: dollars(cap)])
        var expected: Int64 = 0
        for number in 0..<40 {
            let wanted = Int64.random(in: 1...(5 * cent), using: &random)
            let admitted: RunLease
            do {
                admitted = try await journal.admit(admission("run\(number)"), calls: planned(1...1, dollars(wanted)), caps: caps)
            } catch let failure as Failure {
                #expect(failure.code == .budgetExceeded && expected + wanted > cap, "seed \(seed)")
                continue
            }
            expected += wanted
            #expect(expected <= cap, "seed \(seed)")
            let states: [StoredCall.State] = [.planned, .intent, .sent, .streaming, .settling, .settled, .refused, .unknown]
            let state = states.randomElement(using: &random) ?? .planned
            if state != .planned {
                let ticket = try await journal.ticket(question(1, "\(number)", reservation: dollars(wanted)), of: admitted, caps: caps)
                try await journal.bring(ticket, to: state)
            }
            if state == .refused { expected -= wanted }
            if state == .settled { expected += 7 - wanted }
            #expect(try await journal.committed(.usd) == dollars(expected), "seed \(seed), run \(number), \(state)")
        }
    }

    @Test("Two journals and many runs at once never get more than the cap")
    func concurrent() async throws {
        let journals = [try await bench.open(), try await bench.open()]
        let caps = SpendingCaps(perDay: [.usd: dollars(25 * cent)])
        let admitted = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let failure = await failure {
                        _ = try await journals[number % 2].admit(admission("run\(number)"), calls: planned(1...1), caps: caps)
                    }
                    #expect(failure == nil || failure?.code == .budgetExceeded, "\(String(describing: failure))")
                    return failure == nil ? 1 : 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 25)
        #expect(try await journals[0].committed(.usd) == dollars(25 * cent))
    }

    @Test("Four processes at the edge of a cap spend all of it and no more")
    func processes() async throws {
        let lane = BlockingLane("probes", width: 4)
        let (probe, path) = (Subprocess(Project.products + "/QdocProbe"), bench.path)
        let paid = try await withThrowingTaskGroup(of: Int.self) { group in
            for process in 1...4 {
                group.addTask {
                    let result = try await lane.run { try probe.run("--journal", "spend", path, "60", "process\(process)") }
                    #expect(result.status == 0, "\(result.errors)")
                    return Int(result.output.split(separator: "\n").first ?? "") ?? 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(paid == 100)
        let journal = try await Journal(path: path)
        let bill = try await journal.spend(by: .model)
        #expect(bill.map(\.settled) == [100 * cent] && bill.map(\.open) == [0])
    }
}
