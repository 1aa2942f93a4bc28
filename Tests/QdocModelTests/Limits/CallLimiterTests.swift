import QdocCore
import QdocTesting
import Synchronization
import Testing

@testable import QdocModel

@Suite(.timeLimit(.minutes(1))) struct CallLimiterTests {
    private final class Log: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    /// A call as the property test sees it.
    private struct Call {
        var ticket: Int
        var tokens: Int
        var permit: CallLimiter.Permit?
        var grantedAt = Duration.zero
    }

    @Test("no 60 seconds hold more requests or tokens than the limits, whatever is asked when", arguments: 0..<40 as Range<UInt64>)
    func windows(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let requests = Int.random(in: 1...90, using: &generator)
        let tokenLimit = Int.random(in: 1_000...50_000, using: &generator)
        let places = Int.random(in: 1...20, using: &generator)
        let limits = RateLimits(requestsPerMinute: requests, tokensPerMinute: tokenLimit, concurrency: places)
        let isEven = Bool.random(using: &generator)
        var state = CallLimiterState(limits, isEven: isEven)
        var now = Duration.zero
        var queue: [Call] = []
        var running: [Call] = []
        var granted: [Call] = []
        for _ in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                let tokens = Int.random(in: 0...tokenLimit / 4, using: &generator)
                queue.append(Call(ticket: state.enqueue(), tokens: tokens))
            case 4..<6: now += .milliseconds(Int.random(in: 0...4_000, using: &generator))
            case 6 where !queue.isEmpty:
                state.leave(queue.remove(at: Int.random(in: 0..<queue.count, using: &generator)).ticket)
            default:
                guard !running.isEmpty else { break }
                let call = running.remove(at: Int.random(in: 0..<running.count, using: &generator))
                let actual = Int.random(in: 0...call.tokens, using: &generator)
                state.finish(try #require(call.permit), tokens: actual, outcome: .success, at: now)
                if let index = granted.firstIndex(where: { $0.ticket == call.ticket }) { granted[index].tokens = actual }
            }
            while let next = queue.first {
                let verdict = state.attempt(next.ticket, tokens: next.tokens, at: now)
                guard case .granted(let permit) = verdict else {
                    if case .wait(let until?) = verdict { #expect(until > now) }
                    break
                }
                var call = queue.removeFirst()
                call.permit = permit
                call.grantedAt = now
                running.append(call)
                granted.append(call)
                let minute = granted.filter { now - $0.grantedAt <= .seconds(60) }
                #expect(minute.count <= requests)
                #expect(minute.reduce(0) { $0 + $1.tokens } <= tokenLimit)
                let second = granted.filter { now - $0.grantedAt <= .seconds(1) }
                if isEven { #expect(second.count <= max(1, requests / 60)) }
                #expect(running.count <= places)
            }
        }
        #expect(granted.count > 10)
        // Tickets ascend, so the order of asking is the order of going.
        #expect(granted.map(\.ticket) == granted.map(\.ticket).sorted())
    }

    @Test("a wait that is named is enough: at that moment the call is granted")
    func namedWait() {
        var state = CallLimiterState(RateLimits(requestsPerMinute: 2, tokensPerMinute: 100), isEven: false)
        let tickets = (0..<3).map { _ in state.enqueue() }
        _ = state.attempt(tickets[0], tokens: 90, at: .seconds(1))
        #expect(state.attempt(tickets[1], tokens: 20, at: .seconds(2)) == .wait(until: .seconds(61) + .milliseconds(1)))
        guard case .granted = state.attempt(tickets[1], tokens: 20, at: .seconds(61) + .milliseconds(1)) else {
            Issue.record("not granted")
            return
        }
    }

    @Test("more tokens than a minute holds go alone instead of never")
    func oversized() {
        var state = CallLimiterState(RateLimits(tokensPerMinute: 100), isEven: false)
        let (first, second) = (state.enqueue(), state.enqueue())
        guard case .granted = state.attempt(first, tokens: 5_000, at: .zero) else {
            Issue.record("not granted")
            return
        }
        #expect(state.attempt(second, tokens: 1, at: .seconds(1)) == .wait(until: .seconds(60) + .milliseconds(1)))
    }

    @Test("what a call really took frees the rest of what it had reserved")
    func correction() {
        var state = CallLimiterState(RateLimits(tokensPerMinute: 100), isEven: false)
        let (first, second) = (state.enqueue(), state.enqueue())
        guard case .granted(let permit) = state.attempt(first, tokens: 100, at: .zero) else {
            Issue.record("not granted")
            return
        }
        #expect(state.attempt(second, tokens: 50, at: .zero) != .wait(until: nil))
        state.finish(permit, tokens: 30, outcome: .success, at: .seconds(1))
        #expect(state.tokensInWindow == 30)
        guard case .granted = state.attempt(second, tokens: 50, at: .seconds(1)) else {
            Issue.record("not granted")
            return
        }
    }

    @Test("an overload cuts the concurrency once for all calls that were under way, successes raise it step by step to its ceiling")
    func concurrency() {
        var state = CallLimiterState(RateLimits(concurrency: 10), isEven: false)
        func start(_ count: Int) -> [CallLimiter.Permit] {
            (0..<count).compactMap { _ in
                if case .granted(let permit) = state.attempt(state.enqueue(), tokens: 0, at: .zero) { return permit }
                return nil
            }
        }
        let crowd = start(10)
        #expect(crowd.count == 10)
        for permit in crowd { state.finish(permit, tokens: nil, outcome: .overloaded, at: .zero) }
        #expect(state.concurrency == 7)
        for expected in [8, 9, 10, 10] {
            for _ in 0..<(expected == 10 ? 10 : expected - 1) {
                for permit in start(1) { state.finish(permit, tokens: nil, outcome: .success, at: .zero) }
            }
            #expect(state.concurrency == expected)
        }
    }

    @Test("where nobody names a concurrency, the first overload finds one; it never falls below one")
    func foundConcurrency() {
        var state = CallLimiterState(RateLimits(), isEven: false)
        for expected in [7, 4, 2, 1, 1] {
            var permits: [CallLimiter.Permit] = []
            while permits.count < 10, case .granted(let permit) = state.attempt(state.head ?? state.enqueue(), tokens: 0, at: .zero) {
                permits.append(permit)
            }
            for permit in permits { state.finish(permit, tokens: nil, outcome: .overloaded, at: .zero) }
            #expect(state.concurrency == expected)
        }
    }

    @Test("callers are served in order as time and places come free, and one that is cancelled leaves its place to the next")
    func actorQueue() async throws {
        let clock = ManualClock()
        let limiter = CallLimiter(RateLimits(requestsPerMinute: 1, concurrency: 1), clock: MonotonicClock(clock))
        let first = try await limiter.acquire(tokens: 0)
        let served = Log()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let second = Task {
                let permit = try await limiter.acquire(tokens: 0)
                served.numbers.withLock { $0.append(2) }
                return permit
            }
            // The window is asked first only where a place is free.
            await limiter.release(first, outcome: .success)
            await clock.sleepers(atLeast: 1)
            group.addTask {
                let permit = try await limiter.acquire(tokens: 0)
                served.numbers.withLock { $0.append(3) }
                await limiter.release(permit, outcome: .success)
            }
            second.cancel()
            await #expect(throws: CancellationError.self) { _ = try await second.value }
            await clock.sleepers(atLeast: 1)
            clock.advance(by: .seconds(61))
            try await group.waitForAll()
        }
        #expect(served.numbers.withLock { $0 } == [3])
    }
}
