import QdocRuntime
import QdocTesting
import Synchronization
import Testing

@Suite("Semaphore")
struct SemaphoreTests {
    /// Counts who is inside.
    private final class Inside: Sendable {
        private let count = Mutex((now: 0, most: 0))

        var most: Int { count.withLock(\.most) }

        func enter() {
            count.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func leave() { count.withLock { $0.now -= 1 } }
    }

    private final class Names: Sendable {
        private let names = Mutex<[String]>([])

        var all: [String] { names.withLock { $0 } }

        func add(_ name: String) { names.withLock { $0.append(name) } }
    }

    @Test("As many go in as there are places, and the next when one is given back")
    func places() async throws {
        let semaphore = Semaphore(places: 2)
        let inside = Inside()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let place = try await semaphore.acquire()
                    inside.enter()
                    await Task.yield()
                    inside.leave()
                    place.release()
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most == 2)
    }

    @Test("Of those who wait the lowest rank goes first, then who came first")
    func ranks() async throws {
        let semaphore = Semaphore(places: 1)
        let held = try await semaphore.acquire()
        let order = Names()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (rank, name) in [(2, "c"), (1, "a"), (1, "b"), (3, "d")] {
                let waits = Flag()
                group.addTask {
                    let place = try await semaphore.acquire(rank: rank) { waits.set() }
                    order.add(name)
                    place.release()
                }
                while !waits.isSet { await Task.yield() }
            }
            held.release()
            try await group.waitForAll()
        }
        #expect(order.all == ["a", "b", "c", "d"])
    }

    @Test("A place that nobody keeps is free again, and one that is given back twice is one place")
    func dropped() async throws {
        let semaphore = Semaphore(places: 1)
        do {
            let place = try await semaphore.acquire()
            place.release()
            place.release()
        }
        _ = try await semaphore.acquire()
        let last = try await semaphore.acquire()
        let refused = Task { try await semaphore.acquire() }
        refused.cancel()
        await #expect(throws: CancellationError.self) { try await refused.value }
        last.release()
        _ = try await semaphore.acquire()
    }
}
