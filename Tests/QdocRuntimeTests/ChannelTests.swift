import QdocRuntime
import Testing

@Suite("Channel", .timeLimit(.minutes(1)))
struct ChannelTests {
    @Test("gives everything in order, whatever its capacity", arguments: [1, 2, 7, 100])
    func order(capacity: Int) async throws {
        let channel = Channel<Int>(capacity: capacity)
        async let sent: Void = {
            for number in 0..<500 { try await channel.send(number) }
            channel.finish()
        }()
        var received: [Int] = []
        for try await number in channel { received.append(number) }
        try await sent
        #expect(received == Array(0..<500))
    }

    @Test("suspends a sender while it is full")
    func backpressure() async throws {
        let channel = Channel<Int>(capacity: 1)
        try await channel.send(1)
        let sender = Task { try await channel.send(2) }
        #expect(try await channel.receive() == 1)
        #expect(try await channel.receive() == 2)
        try await sender.value
    }

    @Test("gives what was sent before the error it was finished with")
    func failure() async throws {
        struct Broken: Error {}
        let channel = Channel<Int>(capacity: 2)
        try await channel.send(1)
        channel.finish(throwing: Broken())
        #expect(try await channel.receive() == 1)
        await #expect(throws: Broken.self) { try await channel.receive() }
        await #expect(throws: Channel<Int>.Finished.self) { try await channel.send(2) }
    }

    @Test("lets go of a cancelled sender and a cancelled receiver")
    func cancellation() async throws {
        let empty = Channel<Int>(capacity: 1)
        let receiver = Task { try await empty.receive() }
        receiver.cancel()
        await #expect(throws: CancellationError.self) { try await receiver.value }

        let full = Channel<Int>(capacity: 1)
        try await full.send(1)
        let sender = Task { try await full.send(2) }
        sender.cancel()
        await #expect(throws: CancellationError.self) { try await sender.value }
        #expect(try await full.receive() == 1)
        full.finish()
        #expect(try await full.receive() == nil)
    }

    @Test("serves many senders and receivers without losing or doubling")
    func many() async throws {
        let channel = Channel<Int>(capacity: 3)
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for sender in 0..<8 {
                group.addTask {
                    for number in 0..<100 { try await channel.send(sender * 100 + number) }
                    return 0
                }
            }
            let receivers = (0..<4).map { _ in
                Task {
                    var sum = 0
                    for try await number in channel { sum += number }
                    return sum
                }
            }
            try await group.waitForAll()
            channel.finish()
            var sum = 0
            for receiver in receivers { sum += try await receiver.value }
            return sum
        }
        #expect(total == (0..<800).reduce(0, +))
    }
}

@Suite("Blocking lane", .timeLimit(.minutes(1)))
struct BlockingLaneTests {
    @Test("runs work and passes results and errors on")
    func results() async throws {
        struct Broken: Error {}
        let lane = BlockingLane("test", width: 2)
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 { group.addTask { try await lane.run { number * 2 } } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(values == Set((0..<50).map { $0 * 2 }))
        await #expect(throws: Broken.self) { try await lane.run { throw Broken() } }
    }
}
