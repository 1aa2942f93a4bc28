internal import Glibc
import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocDecoding

/// A decoder that is started and never says a word.
@Suite(.timeLimit(.minutes(1))) struct DecodeServerTests {
    private static let lane = BlockingLane("mute", width: 3)
    private let folder: TemporaryFolder
    private let server: DecodeServer

    init() throws {
        folder = try TemporaryFolder()
        let path = try folder.write("#!/bin/sh\nexec sleep 600\n", to: "mute")
        try #require(unsafe chmod(path, 0o700) == 0)
        server = try DecodeServer(path: path, allowUnsandboxed: true, limits: DecodeLimits(start: .seconds(600)))
    }

    private func starting() async -> Int32 {
        while true {
            if let pid = server.processID { return pid }
            await Task.yield()
        }
    }

    private func isInterrupted(_ error: any Error) -> Bool { (error as? Failure)?.code == .interrupted }

    @Test("Closing ends a decoder that does not come up, and whoever waits for it")
    func closes() async throws {
        async let first = Self.lane.run { [server] in Result { () throws(Failure) in try server.start() } }
        async let second = Self.lane.run { [server] in Result { () throws(Failure) in try server.start() } }
        let pid = await starting()
        try await Self.lane.run { [server] in server.close() }
        #expect(kill(pid, 0) != 0)
        for outcome in try await [first, second] {
            #expect { try outcome.get() } throws: { isInterrupted($0) }
        }
        #expect { try server.start() } throws: { isInterrupted($0) }
    }

    @Test("Who cancels a start ends that one alone, and it counts for no death")
    func cancels() async throws {
        for _ in 0..<4 {
            let cancelled = Flag()
            async let outcome = Self.lane.run { [server] in Result { () throws(Failure) in try server.start(unless: cancelled) } }
            let pid = await starting()
            server.cancelStart(Flag())
            #expect(kill(pid, 0) == 0)
            cancelled.set()
            server.cancelStart(cancelled)
            let result = try await outcome
            #expect { try result.get() } throws: { isInterrupted($0) }
            #expect(kill(pid, 0) != 0)
        }
    }
}
