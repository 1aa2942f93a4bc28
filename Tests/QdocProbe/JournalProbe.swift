import Glibc
import QdocCore
import QdocJournal

/// What a process does to a store while tests watch from another.
enum JournalProbe {
    private static let price = Money(nanos: 10_000_000, .usd)

    static func run(_ mode: String, path: String, _ arguments: [String]) async throws {
        switch mode {
        case "die-in": try await die(in: arguments[0], run: arguments[1], path: path)
        case "spend": try await spend(runs: Int(arguments[0]) ?? 0, name: arguments[1], path: path)
        case "limit": try await outgrow(path: path)
        default: exit(2)
        }
    }

    private static func begin(_ journal: Journal, run: String, caps: SpendingCaps = SpendingCaps()) async throws -> CallTicket {
        let lease = try await journal.admit(
            admission(run), calls: [PlannedCall(number: 1, images: [1], reservation: price)], from: Allowance(caps))
        let claim = CallClaim(
            number: 1, identity: "identity of \(run)", requestSHA256: "00", images: [1], endpoint: "e", model: "m", keyID: "k",
            reservation: price)
        guard case .send(let ticket) = try await journal.claim(claim, of: lease, from: Allowance(caps)) else { exit(3) }
        return ticket
    }

    private static func admission(_ run: String) -> RunAdmission {
        RunAdmission(
            id: run, pipeline: "p", model: "e/m", endpoint: "e", keyID: "k", arguments: ["analyze", "a.pdf"], workingFolder: "/")
    }

    /// Brings a call to a state and is killed there.
    private static func die(in state: String, run: String, path: String) async throws {
        let journal = try await Journal(path: path)
        defer { kill(getpid(), SIGKILL) }
        if state == "planned" {
            _ = try await journal.admit(
                admission(run), calls: [PlannedCall(number: 1, images: [1], reservation: price)], from: Allowance(SpendingCaps()))
            return
        }
        let ticket = try await begin(journal, run: run)
        if state == "intent" { return }
        try await journal.markSent(ticket)
        if state == "sent" { return }
        try await journal.markStreaming(ticket, head: CallHead(requestID: "r"))
        if state == "streaming" { return }
        let usage = Usage(inputTokens: 10, outputTokens: 5)
        try await journal.keep(
            ticket, StoredAnswer(reasoning: "", text: "{}", finish: .stop, usage: usage, head: CallHead()), cost: Money(nanos: 7, .usd))
        if state == "settling" { return }
        try await journal.settle(ticket)
    }

    /// Makes many runs of one call at once under a cap of a dollar a day; prints how many were let in and paid.
    private static func spend(runs: Int, name: String, path: String) async throws {
        let journal = try await Journal(path: path)
        let caps = SpendingCaps(perDay: [.usd: Money(nanos: 1_000_000_000, .usd)])
        let paid = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<runs {
                group.addTask {
                    do {
                        try await pay(journal, run: "\(name)-\(number)", caps: caps)
                        return 1
                    } catch let failure as Failure where failure.code == .budgetExceeded {
                        return 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        print(paid)
    }

    private static func pay(_ journal: Journal, run: String, caps: SpendingCaps) async throws {
        let ticket = try await begin(journal, run: run, caps: caps)
        try await journal.markSent(ticket)
        let answer = StoredAnswer(reasoning: "", text: "{}", finish: .stop, usage: Usage(), head: CallHead())
        try await journal.keep(ticket, answer, cost: price)
        try await journal.settle(ticket)
    }

    /// Writes until a file may grow no more, then once again; prints both failures.
    private static func outgrow(path: String) async throws {
        signal(SIGXFSZ, SIG_IGN)
        let journal = try await Journal(path: path)
        let lease = try await journal.admit(admission("run"), calls: [], from: Allowance(SpendingCaps()))
        var failures = 0
        var sequence = 0
        while failures < 2, sequence < 1_000 {
            sequence += 1
            let event = StoredEvent(sequence: sequence, time: 0, kind: "k", json: String(repeating: "x", count: 4_000))
            do {
                try await journal.append([event], to: lease)
            } catch let failure as Failure {
                failures += 1
                print(failure.code.rawValue)
            }
        }
    }
}
