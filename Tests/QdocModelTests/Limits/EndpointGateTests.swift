import QdocCore
import QdocTesting
import Synchronization
import Testing

@testable import QdocModel

@Suite(.timeLimit(.minutes(1))) struct EndpointGateTests {
    private final class Log: Sendable {
        let changes = Mutex<[EndpointGate.Change]>([])
        let outcomes = Mutex<[EndpointGate.Outcome]>([.fault(.credits, message: "still nothing"), .answered])
        let through = Mutex((probes: 0, others: 0))
    }

    private func pass(_ state: inout EndpointGateState, at now: Duration) -> EndpointGate.Pass? {
        let ticket = state.enqueue()
        if case .pass(let pass) = state.attempt(ticket, at: now) { return pass }
        state.leave(ticket)
        return nil
    }

    @Test("five faults of the service in a row open the gate, with a success in between they do not")
    func tolerance() throws {
        var state = EndpointGateState(tolerance: 5)
        func call(_ outcome: EndpointGate.Outcome) throws -> EndpointGate.Change? {
            state.finish(try #require(pass(&state, at: .zero)), outcome, at: .zero)
        }
        for _ in 0..<4 { #expect(try call(.fault(.service, message: "down")) == nil) }
        #expect(try call(.answered) == nil)
        for _ in 0..<4 { #expect(try call(.fault(.service, message: "down")) == nil) }
        // What proves nothing neither counts nor clears.
        #expect(try call(.inconclusive) == nil)
        let change = try call(.fault(.service, message: "down"))
        #expect(change == .paused(EndpointGate.Pause(reason: .service, message: "down", probes: 0, nextProbe: .seconds(10))))
        #expect(pass(&state, at: .seconds(9)) == nil)
    }

    @Test(
        "probes come ever later up to a longest delay, one at a time",
        arguments: [
            (EndpointGate.Reason.service, [10, 20, 40, 60, 60]), (.key, [30, 60, 120, 240, 300, 300]), (.credits, [30, 60, 120, 240, 300]),
        ])
    func probes(reason: EndpointGate.Reason, delays: [Int]) throws {
        var state = EndpointGateState(tolerance: 5)
        var now = Duration.seconds(100)
        _ = state.pause(reason, "no", at: now)
        for (index, delay) in delays.enumerated() {
            #expect(state.pause?.nextProbe == .seconds(delay))
            now += .seconds(delay) - .milliseconds(1)
            #expect(pass(&state, at: now) == nil)
            now += .milliseconds(1)
            let probe = try #require(pass(&state, at: now))
            #expect(probe.isProbe)
            #expect(pass(&state, at: now) == nil)
            guard case .paused(let pause) = state.finish(probe, .fault(reason, message: "no"), at: now) else {
                Issue.record("not paused")
                return
            }
            #expect(pause.probes == index + 1)
        }
    }

    @Test("only the probe decides: late successes of calls from before do not close the gate, a probe's does")
    func lateSuccess() throws {
        var state = EndpointGateState(tolerance: 1)
        let early = try #require(pass(&state, at: .zero))
        let failing = try #require(pass(&state, at: .zero))
        #expect(state.finish(failing, .fault(.credits, message: "empty"), at: .zero) != nil)
        #expect(state.finish(early, .answered, at: .seconds(1)) == nil)
        #expect(state.phase != .closed)
        let probe = try #require(pass(&state, at: .seconds(30)))
        #expect(state.finish(probe, .answered, at: .seconds(31)) == .resumed)
        #expect(pass(&state, at: .seconds(31))?.isProbe == false)
        // A pass is worth one end.
        #expect(state.finish(probe, .fault(.key, message: "late"), at: .seconds(32)) == nil)
    }

    @Test("a probe that proves nothing is followed by the next one at once")
    func inconclusiveProbe() throws {
        var state = EndpointGateState(tolerance: 1)
        _ = state.pause(.service, "down", at: .zero)
        let probe = try #require(pass(&state, at: .seconds(10)))
        #expect(state.finish(probe, .inconclusive, at: .seconds(11)) == nil)
        #expect(pass(&state, at: .seconds(11))?.isProbe == true)
    }

    @Test("credits that run out hold 20 callers back; one probes, a failure holds them on, a success lets all through")
    func actorPause() async throws {
        let clock = ManualClock()
        let log = Log()
        let gate = EndpointGate("test/model", clock: MonotonicClock(clock)) { change in log.changes.withLock { $0.append(change) } }
        await gate.finish(try await gate.wait(), .fault(.credits, message: "nothing left"))
        #expect(await gate.pause?.reason == .credits)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    while true {
                        let pass = try await gate.wait()
                        guard pass.isProbe else {
                            log.through.withLock { $0.others += 1 }
                            return await gate.finish(pass, .answered)
                        }
                        log.through.withLock { $0.probes += 1 }
                        let outcome = log.outcomes.withLock { $0.removeFirst() }
                        await gate.finish(pass, outcome)
                        if outcome == .answered { return }
                    }
                }
            }
            // Each waits for its patience's end, and the first of them for the probe as well.
            await clock.sleepers(atLeast: 20)
            clock.advance(by: .seconds(30))
            while log.changes.withLock({ $0.count }) < 2 { await Task.yield() }
            await clock.sleepers(atLeast: 20)
            clock.advance(by: .seconds(60))
            try await group.waitForAll()
        }
        #expect(log.through.withLock { $0.probes } == 2)
        #expect(log.through.withLock { $0.others } == 19)
        #expect(log.changes.withLock { $0.count } == 3)
        #expect(log.changes.withLock { $0.last } == .resumed)
    }

    @Test("whoever has waited too long is told why, and a waiter that is cancelled goes")
    func patience() async throws {
        let clock = ManualClock()
        let gate = EndpointGate("test/model", patience: .seconds(5), clock: MonotonicClock(clock))
        await gate.pause(.key, message: "the key is refused")
        let cancelled = Task { try await gate.wait() }
        let patient = Task { try await gate.wait() }
        await clock.sleepers(atLeast: 2)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
        clock.advance(by: .seconds(6))
        do {
            _ = try await patient.value
            Issue.record("let through")
        } catch let failure as Failure {
            #expect(failure.code == .endpointPaused)
            #expect(failure.message.contains("the key is refused"))
            #expect(failure.remedy?.contains("key") == true)
        }
        await gate.resume()
        #expect(try await gate.wait().isProbe == false)
    }
}
