internal import Glibc
import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocDecoding

/// Workers that are killed because they take too long leave nothing behind.
@Suite(.timeLimit(.minutes(5))) struct HangTests {
    private static let lane = BlockingLane("hangs", width: 1)
    /// `QDOC_HANGS` asks for more than the gate has time for.
    private static let count = Environment.current["QDOC_HANGS"].flatMap { Int($0) } ?? 30

    private static func children(of pid: Int32) throws -> Int {
        String(decoding: try Files.read("/proc/\(pid)/task/\(pid)/children", limit: 1 << 16), as: UTF8.self).split(separator: " ").count
    }

    private static func descriptors() -> Int { (0..<1024).count { fcntl($0, F_GETFD) >= 0 } }

    @Test("Hangs leave no process, no descriptor and no file")
    func leavesNothing() async throws {
        let folder = try TemporaryFolder()
        // Without a table of its objects, every one of which is looked for in all of it: seconds of work.
        let text = "%PDF-1.4\n" + String(repeating: "1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\n", count: 100_000)
        let path = try folder.write(text, to: "slow.pdf")
        let server = try DecodeServer(
            path: "\(Project.products)/qdoc-decode", allowUnsandboxed: false, limits: DecodeLimits(wall: .milliseconds(5)))
        try await Self.lane.run {
            _ = try server.start()
            let pid = try #require(server.processID)
            let before = Self.descriptors()
            let files = Files.names(in: Environment.current.workFolder).filter { $0.hasPrefix("qdoc") }.count
            for _ in 0..<Self.count {
                let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
                let worker = try server.makeWorker(reading: Descriptor(owning: number))
                #expect { try worker.open(OpenRequest(mediaType: .pdf)) } throws: { ($0 as? Failure)?.code == .decodeTimedOut }
                #expect(!worker.isAlive)
            }
            // Killed, but perhaps not reaped yet.
            while try Self.children(of: pid) > 0 { sched_yield() }
            #expect(Self.descriptors() == before)
            #expect(Files.names(in: Environment.current.workFolder).filter { $0.hasPrefix("qdoc") }.count <= files)
            // Still at work.
            #expect(server.processID == pid)
            server.close()
            #expect(kill(pid, 0) != 0)
        }
    }

    @Test("A decoder that is held by no filter is refused", arguments: ["none", "landlock", "landlock+namespaces+root", "seccompx"])
    func refusesWithoutFilter(level: String) async throws {
        let folder = try TemporaryFolder()
        let hello = Reply.ready(build: DecoderBuild.id, level: level).encode()
        let escaped = hello.map { byte in
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }.joined()
        let path = try folder.write("#!/bin/sh\nprintf '\(escaped)' >&3\nexec cat <&3 >/dev/null\n", to: "bare")
        try #require(unsafe chmod(path, 0o700) == 0)
        try await Self.lane.run {
            let strict = try DecodeServer(path: path, allowUnsandboxed: false)
            #expect { try strict.start() } throws: { ($0 as? Failure)?.code == .sandboxUnavailable }
            strict.close()
            let lax = try DecodeServer(path: path, allowUnsandboxed: true)
            #expect(try lax.start() == level)
            lax.close()
        }
    }
}
