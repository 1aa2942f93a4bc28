public import QdocCore
import QdocJournal
import QdocReport
import Synchronization

/// How the program was called, so that a run can be taken up again.
public struct Invocation: Sendable, Hashable {
    /// Without the program's name; no value of them is a secret.
    public var arguments: [String]
    public var workingFolder: String

    public init(arguments: [String], workingFolder: String) {
        self.arguments = arguments
        self.workingFolder = workingFolder
    }
}

/// A run in the journal: opened with its reservation before anything is sent, closed whatever becomes of it. The local reader has none.
final class RunBooks: Sendable {
    private let run: String
    private let entry = Mutex<(access: ModelAccess, lease: RunLease)?>(nil)

    /// How often a run looks whether somebody asked it to stop.
    private static let pollInterval: Duration = .seconds(1)

    init(run: String) {
        self.run = run
    }

    /// Reserves what the plan can cost at most.
    ///
    /// - Throws: `price_unknown`, `budget_exceeded`, and what the store throws; nothing has been sent then.
    func open(_ draft: Planner.Draft, with access: ModelAccess, pipeline: Pipeline, invocation: Invocation?) async throws -> RunLease {
        try access.checkPrice(of: draft.plan.open.count)
        // What others of this process commit from now on leaves room for this run, and the other way about.
        access.allowance.join(run)
        do {
            let lease = try await admit(draft, access, pipeline, invocation)
            entry.withLock { $0 = (access, lease) }
            return lease
        } catch {
            access.allowance.leave(run, spent: [])
            throw error
        }
    }

    /// With what asking again may cost; where the caps leave no room for that, without: a call that asks again is then let in by itself, or not
    /// made.
    private func admit(
        _ draft: Planner.Draft, _ access: ModelAccess, _ pipeline: Pipeline, _ invocation: Invocation?
    ) async throws -> RunLease {
        do {
            return try await admit(draft, withFollowUps: true, access, pipeline, invocation)
        } catch let failure as Failure where failure.code == .budgetExceeded && draft.plan.followUpCount > 0 {
            return try await admit(draft, withFollowUps: false, access, pipeline, invocation)
        }
    }

    private func admit(
        _ draft: Planner.Draft, withFollowUps: Bool, _ access: ModelAccess, _ pipeline: Pipeline, _ invocation: Invocation?
    ) async throws -> RunLease {
        try await access.journal.admit(
            RunAdmission(
                id: run, pipeline: pipeline.name, model: access.endpoint.model, endpoint: access.endpoint.name, keyID: access.keyID,
                arguments: invocation?.arguments ?? [], workingFolder: invocation?.workingFolder ?? ""),
            calls: draft.plan.windows.flatMap { window in
                let images = window.images.map(\.number)
                let first = PlannedCall(
                    number: window.number, images: images, reservation: window.worst, identity: draft.identities[window.number])
                // An answer that is there already is known to be good, or its correction is there as well; else that is reserved when it is sent.
                guard withFollowUps, !window.isAnswered else { return [first] }
                return [first] + window.followUps.map { PlannedCall(number: $0.number, images: images, reservation: $0.worst) }
            },
            from: access.allowance)
    }

    /// Gives back what was reserved for calls that are not needed.
    func forgo(_ calls: [Int]) async {
        guard !calls.isEmpty, let (access, lease) = entry.withLock({ $0 }) else { return }
        // Money that is not given back now is given back when the run ends.
        try? await access.journal.forgo(calls, of: lease)
    }

    /// Works until it is done, or until `qdoc runs cancel` asks it to stop.
    func watchCancellation(_ work: @escaping @Sendable () async throws -> Void) async throws {
        guard let journal = entry.withLock({ $0?.access.journal }) else { return try await work() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            group.addTask { [run] in
                while true {
                    try await Task.sleep(for: Self.pollInterval)
                    guard try await !journal.isCancelRequested(run: run) else {
                        throw Failure(.interrupted, "the run was cancelled", remedy: "run it again")
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Ends the run in the books; where it never was in them, nothing happens.
    func close(_ report: Report) async {
        guard let (access, lease) = entry.withLock({ $0 }) else { return }
        // A call whose end is not known counts at what was reserved.
        access.allowance.leave(run, spent: report.calls.compactMap { $0.state == .unknown ? $0.reservation : $0.cost })
        let state: StoredRun.State =
            switch (report.run.state, report.run.failure?.code) {
            case (.complete, _): .complete
            case (_, .interrupted?), (_, .endpointPaused?), (_, .unauthorized?), (_, .quotaExceeded?), (_, .budgetExceeded?): .waiting
            case (.partial, _): .partial
            case (.failed, _): .failed
            }
        // The report says what failed already; a run that cannot be closed is closed by the next process.
        try? await access.journal.end(lease, state, failure: report.run.failure)
    }

    /// Appends a group of events; one that cannot be kept costs nothing but the history: answers and money are kept by their own writes.
    func keep(_ events: [RunEvent]) async {
        guard let (access, lease) = entry.withLock({ $0 }) else { return }
        let stored = events.map { event in
            var event = event
            // A run that goes on has events already.
            event.sequence += lease.lastSequence
            return StoredEvent(
                sequence: event.sequence, time: event.time, kind: EventJSON.kind(event),
                json: String(decoding: EventJSON.line(event), as: UTF8.self))
        }
        try? await access.journal.append(stored, to: lease)
    }
}

extension ModelAccess {
    /// Refuses calls that nobody can price and nobody bounded.
    ///
    /// - Throws: `price_unknown`, `budget_exceeded`.
    public func checkPrice(of calls: Int) throws(Failure) {
        if let most = rules.maxCalls, calls > most {
            throw Failure(
                .budgetExceeded, "the run needs \(calls) calls and --max-calls allows \(most)",
                remedy: "fewer pages, more pages a request (--window), or a higher --max-calls")
        }
        guard endpoint.profile.price == .unknown, rules.maxCalls == nil, calls > 0 else { return }
        throw Failure(
            .priceUnknown, "nobody says what \(endpoint.name) costs",
            remedy: "give it a price in qdoc.yaml (models: \(endpoint.name): price: …), or bound the calls with --max-calls \(calls)")
    }
}

extension RunPlan {
    /// What the run's listeners are told of it.
    var event: RunEvent.Payload {
        .planned(windows: open.count, images: imageCount, inputTokens: inputTokens, worst: worst, likely: likely)
    }
}
