import QdocTesting
import Testing

@testable import QdocModel

@Suite struct RetryPolicyTests {
    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    @Test("full jitter is uniform between nothing and the exponential delay", arguments: [(1, 0.5), (2, 1), (3, 2)])
    func jitter(attempt: Int, longest: Double) {
        var generator = SeededGenerator(seed: 7)
        let policy = RetryPolicy(attempts: 4)
        let count = 10_000
        var waits: [Double] = []
        for _ in 0..<count {
            guard case .wait(let wait) = policy.decide(attempt: attempt, isRetriable: true, using: &generator) else { continue }
            waits.append(seconds(wait) / longest)
        }
        #expect(waits.count == count)
        // Kolmogorov and Smirnov: beyond 1.63 / √n the chance of a uniform source is below 1 %.
        var distance = 0.0
        for (index, wait) in waits.sorted().enumerated() {
            let (below, above) = (Double(index) / Double(count), Double(index + 1) / Double(count))
            distance = max(distance, abs(wait - below), abs(above - wait))
        }
        #expect(distance < 1.63 / Double(count).squareRoot(), "\(distance)")
    }

    @Test("the delay doubles up to its ceiling")
    func ceiling() {
        var generator = SeededGenerator(seed: 1)
        var policy = RetryPolicy(attempts: 4)
        policy.base = .seconds(6)
        for _ in 0..<1_000 {
            guard case .wait(let wait) = policy.decide(attempt: 3, isRetriable: true, using: &generator) else { continue }
            #expect(wait < .seconds(8))
        }
    }

    @Test("a wait is never shorter than what the server or its windows ask, and not much longer")
    func hints() {
        var generator = SeededGenerator(seed: 2)
        let policy = RetryPolicy()
        for _ in 0..<1_000 {
            guard case .wait(let hinted) = policy.decide(attempt: 1, isRetriable: true, hint: .seconds(120), using: &generator),
                case .wait(let slow) = policy.decide(
                    attempt: 2, isRetriable: true, hint: .seconds(1), minimum: .seconds(5), using: &generator)
            else {
                Issue.record("gave up")
                return
            }
            #expect(hinted >= .seconds(120) && hinted < .seconds(120.5))
            #expect(slow >= .seconds(5) && slow < .seconds(6))
        }
    }

    @Test("it gives up after the last attempt, on what does not pass, and on a hint beyond reason")
    func givingUp() {
        var generator = SeededGenerator(seed: 3)
        let policy = RetryPolicy(attempts: 2)
        #expect(policy.decide(attempt: 2, isRetriable: true, using: &generator) == .giveUp)
        #expect(policy.decide(attempt: 1, isRetriable: false, using: &generator) == .giveUp)
        #expect(policy.decide(attempt: 1, isRetriable: true, hint: .seconds(121), using: &generator) == .giveUp)
    }

    @Test("retries stay below a fifth of the calls and ten a second", arguments: [0, 100, 10_000])
    func budget(calls: Int) async {
        let clock = ManualClock()
        let budget = RetryBudget(clock: MonotonicClock(clock))
        for _ in 0..<calls { await budget.noteCall() }
        var taken = 0
        for _ in 0..<calls + 1_000 where await budget.takeRetry() { taken += 1 }
        #expect(taken == calls / 5 + 100)
        clock.advance(by: .seconds(10))
        var later = 0
        for _ in 0..<calls + 1_000 where await budget.takeRetry() { later += 1 }
        #expect(later == 100)
    }

    @Test("10,000 calls of which 30 % fail once are retried within the budget")
    func faults() {
        var generator = SeededGenerator(seed: 11)
        var state = RetryBudgetState()
        var retries = 0
        for call in 0..<10_000 {
            let now = Duration.milliseconds(call)
            state.noteCall(at: now)
            if Int.random(in: 0..<10, using: &generator) < 3, state.takeRetry(at: now) { retries += 1 }
        }
        #expect(retries <= 2_000 + 100)
        #expect(retries >= 1_900)
    }
}
