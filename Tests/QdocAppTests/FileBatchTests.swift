import QdocCore
import QdocRuntime
import Synchronization
import Testing

@testable import QdocApp

@Suite("Several files")
struct FileBatchTests {
    /// Work that ends when it is told to, in any order.
    private final class Gates: Sendable {
        let channels: [Channel<Int>]
        private let begun = Mutex<Set<Int>>([])
        private let found = Mutex<[Int]>([])
        var delivered: [Int] { found.withLock { $0 } }

        init(_ count: Int) {
            channels = (0..<count).map { _ in Channel(capacity: 1) }
        }

        func work(_ index: Int) async -> Int {
            begun.withLock { _ = $0.insert(index) }
            return (try? await channels[index].receive()) ?? -1
        }

        func deliver(_ index: Int) { found.withLock { $0.append(index) } }

        func open(_ index: Int) async throws { try await channels[index].send(index) }

        func wait(for index: Int) async {
            while !begun.withLock({ $0.contains(index) }) { await Task.yield() }
        }
    }

    /// What was delivered, in its order.
    private func delivered(_ batch: FileBatch, opening order: [Int]) async throws -> [Int] {
        let gates = Gates(batch.sizes.count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await batch.run(gates.work) { index, _ in
                    gates.deliver(index)
                    return .goOn
                }
            }
            for index in order {
                await gates.wait(for: index)
                try await gates.open(index)
                guard !batch.isOrdered else { continue }
                while !gates.delivered.contains(index) { await Task.yield() }
            }
            try await group.waitForAll()
        }
        return gates.delivered
    }

    @Test("What is written to files comes as it is done, what is written behind each other comes in order")
    func order() async throws {
        let sizes = Array(repeating: 1, count: 4)
        #expect(try await delivered(FileBatch(sizes: sizes, width: 4, isOrdered: false), opening: [3, 1, 0, 2]) == [3, 1, 0, 2])
        #expect(try await delivered(FileBatch(sizes: sizes, width: 4, isOrdered: true), opening: [3, 1, 0, 2]) == [0, 1, 2, 3])
    }

    @Test("No more are open than may be, and large ones one at a time")
    func width() async throws {
        for (sizes, width, expected) in [([1, 1, 1, 1], 2, 2), ([40 << 20, 40 << 20, 1, 1], 4, 3), ([1 << 30, 1 << 30], 4, 1)] {
            let open = Mutex((now: 0, most: 0))
            let count = try await FileBatch(sizes: sizes, width: width, isOrdered: false).run { index in
                open.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                for _ in 0..<20 { await Task.yield() }
                open.withLock { $0.now -= 1 }
            } deliver: { _, _ in
                .goOn
            }
            #expect(count == sizes.count)
            #expect(open.withLock { $0.most } <= expected)
        }
    }

    @Test("Once no more are wanted none is begun, and those under way are delivered")
    func stop() async throws {
        let found = Mutex<[Int]>([])
        let begun = try await FileBatch(sizes: Array(repeating: 1, count: 9), width: 2, isOrdered: true).run {
            $0
        } deliver: { index, _ in
            found.withLock { $0.append(index) }
            return .stop
        }
        #expect(begun == 2)
        #expect(found.withLock { $0 } == [0, 1])
    }

    @Test("A report that cannot be written ends the work under way")
    func failure() async throws {
        let cancelled = Flag()
        let batch = FileBatch(sizes: [1, 1], width: 2, isOrdered: false)
        await #expect(throws: Failure.self) {
            _ = try await batch.run { index in
                guard index == 1 else { return }
                while !Task.isCancelled { await Task.yield() }
                cancelled.set()
            } deliver: { _, _ throws(Failure) in
                throw Failure(.outputUnwritable, "the disk is full")
            }
        }
        #expect(cancelled.isSet)
    }
}
