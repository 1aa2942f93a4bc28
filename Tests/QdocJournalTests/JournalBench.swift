import QdocCore
import QdocJournal
import QdocStore
import QdocTesting
import Synchronization
import Testing

/// A clock that stands until it is moved.
final class HandClock: Sendable {
    private let time = Atomic<Int64>(HandClock.start)

    /// 2026-02-15T12:00:00Z.
    static let start: Int64 = 1_771_156_800_000_000
    static let day: Int64 = 86_400_000_000

    var now: Int64 { time.load(ordering: .relaxed) }

    func advance(by microseconds: Int64) { time.add(microseconds, ordering: .relaxed) }
}

/// A store in a folder of its own, and what tests do with it.
struct JournalBench {
    let folder: TemporaryFolder
    let clock = HandClock()
    var path: String { folder("state/store") }

    init() throws {
        folder = try TemporaryFolder()
    }

    func open(keepsText: Bool = true) async throws -> Journal {
        try await Journal(path: path, keepsText: keepsText, clock: { [clock] in clock.now })
    }

    /// One column of the store's rows, read beside every journal: nothing is recovered.
    func texts(_ query: String, _ column: String) throws -> [String] {
        try Database(path, schema: JournalSchema.current).rows(query).map { try $0.text(column) }
    }
}

func dollars(_ nanos: Int64) -> Money { Money(nanos: nanos, .usd) }

/// A hundredth of a dollar.
let cent: Int64 = 10_000_000

func admission(_ id: String, pipeline: String = "figures", keyID: String? = "key") -> RunAdmission {
    RunAdmission(
        id: id, pipeline: pipeline, model: "openai/m", endpoint: "openai", keyID: keyID, arguments: ["analyze", "private.pdf"],
        workingFolder: "/home/private")
}

func planned(_ numbers: ClosedRange<Int>, _ money: Money? = dollars(cent)) -> [PlannedCall] {
    numbers.map { PlannedCall(number: $0, images: [$0], reservation: money) }
}

func question(
    _ number: Int = 1, _ identity: String = "question", reservation: Money? = dollars(cent), policy: UnknownPolicy = .hold,
    keyID: String? = "key"
) -> CallClaim {
    CallClaim(
        number: number, identity: identity, requestSHA256: "5ea1", images: [number], endpoint: "openai", model: "m", keyID: keyID,
        reservation: reservation, policy: policy)
}

let whole = StoredAnswer(
    reasoning: "a private thought", text: #"{"private":1}"#, finish: .stop,
    usage: Usage(inputTokens: 900, outputTokens: 40, reasoningTokens: 9, imageTokens: 800, cachedTokens: 0, raw: ["total_tokens": 940]),
    head: CallHead(requestID: "req-1", modelAnswered: "m-2026", remainingCredits: JSONNumber("12.50")))

let broken = StoredAnswer(
    reasoning: "a private th", text: "", finish: nil, usage: Usage(inputTokens: 900, outputTokens: 3), head: CallHead(requestID: "req-2"))

extension Journal {
    func admit(_ run: RunAdmission, calls: [PlannedCall], caps: SpendingCaps) async throws -> RunLease {
        try await admit(run, calls: calls, from: Allowance(caps))
    }

    func claim(_ call: CallClaim, of run: RunLease, caps: SpendingCaps) async throws -> ClaimOutcome {
        try await claim(call, of: run, from: Allowance(caps))
    }

    /// Claims a call that nothing stands in the way of.
    func ticket(_ call: CallClaim = question(), of run: RunLease, caps: SpendingCaps = SpendingCaps()) async throws -> CallTicket {
        let outcome = try await self.claim(call, of: run, caps: caps)
        guard case .send(let ticket) = outcome else { throw Failure(.internalError, "not to be sent: \(outcome)") }
        return ticket
    }

    /// Lets a run in and brings its one call to a state.
    func ticket(in state: StoredCall.State, run: String = "run", identity: String = "question") async throws -> (RunLease, CallTicket) {
        let lease = try await admit(admission(run), calls: planned(1...1), caps: SpendingCaps())
        let ticket = try await self.ticket(question(1, identity), of: lease)
        try await bring(ticket, to: state)
        return (lease, ticket)
    }

    /// Takes a call from intent to a state by the way of calls that go well.
    func bring(_ ticket: CallTicket, to state: StoredCall.State) async throws {
        switch state {
        case .planned, .intent: return
        case .refused:
            return try await refuse(ticket, Failure(.rateLimited, "slow down"), status: 429)
        default: try await markSent(ticket, bodyByteCount: 100)
        }
        if state == .sent { return }
        if state == .unknown { return try await leaveUnknown(ticket, Failure(.streamTruncated, "it broke"), partial: broken) }
        try await markStreaming(ticket, head: CallHead(requestID: "req-1"), status: 200)
        if state == .streaming { return }
        try await keep(ticket, whole, cost: dollars(7))
        if state == .settled { try await settle(ticket) }
    }

    /// The state of a run's last attempt at its first window.
    func state(of run: String = "run") async throws -> StoredCall.State? {
        try await calls(run: run).last { $0.number == 1 }?.state
    }
}

/// The failure that work ends with.
func failure(_ work: () async throws -> Void) async -> Failure? {
    do {
        try await work()
        return nil
    } catch {
        return error as? Failure
    }
}

/// Whether this process may mount.
let isRoot = (try? Subprocess("id").run("-u").output) == "0\n"
