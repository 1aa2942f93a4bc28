import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocDecoding

/// What becomes of a conversion that does not go well.
@Suite(.timeLimit(.minutes(1))) struct ConversionTests {
    private static let lane = BlockingLane("convert", width: 2)
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func source(_ text: String) throws(Failure) -> Descriptor {
        let snapshot = try SourceSnapshot()
        try snapshot.append(Array(text.utf8))
        return try snapshot.readOnly()
    }

    private func convert(_ text: String, _ mediaType: MediaType, by path: String? = nil) async throws -> Result<Int, Failure> {
        let source = try source(text)
        let converter = try DocumentConverter(path: path ?? "\(Project.products)/qdoc-convert", allowUnsandboxed: false)
        return try await Self.lane.run {
            Result { () throws(Failure) in try converter.convert(source, mediaType: mediaType).byteCount }
        }
    }

    private func program(_ script: String) throws -> String {
        let path = try folder.write("#!/bin/sh\n\(script)\n", to: "child")
        _ = try Subprocess("chmod").run("700", path)
        return path
    }

    @Test("A text becomes a PDF")
    func convertsText() async throws {
        #expect(try await convert("Hello\n", .text).get() > 500)
    }

    @Test("A child that is not there, says nothing or another word is refused")
    func refusesOthers() async throws {
        #expect { try DocumentConverter(path: "/nonexistent", allowUnsandboxed: false) } throws: {
            ($0 as? Failure)?.code == .decoderMissing
        }
        let ended = try await convert("Hello\n", .text, by: try program("exit 0"))
        #expect { try ended.get() } throws: { ($0 as? Failure)?.code == .decodeCrashed }
        let wrong = try await convert("Hello\n", .text, by: try program("printf x >&3; exec sleep 60"))
        #expect { try wrong.get() } throws: { ($0 as? Failure)?.code == .decoderProtocol }
    }

    @Test("Cancelling kills the child and whoever waits for it is told")
    func cancels() async throws {
        let converter = try DocumentConverter(path: try program("exec sleep 600"), allowUnsandboxed: false)
        let source = try source("Hello\n")
        let cancelled = Flag()
        async let outcome = Self.lane.run {
            Result { () throws(Failure) in try converter.convert(source, mediaType: .text, unless: cancelled).byteCount }
        }
        while converter.runningCount == 0 { await Task.yield() }
        cancelled.set()
        converter.cancel(cancelled)
        let result = try await outcome
        #expect { try result.get() } throws: { ($0 as? Failure)?.code == .interrupted }
        #expect(converter.runningCount == 0)
    }

    @Test("Nothing that a document might try in LibreOffice's place comes off, where the system grants namespaces")
    func escapesAreStopped() throws {
        let result = try Subprocess("\(Project.products)/qdoc-convert").run("--self-test")
        guard !result.output.hasPrefix("0 of 0") else { return }
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("stopped: connect to this machine") && result.output.contains("stopped: fork without end"))
    }
}
