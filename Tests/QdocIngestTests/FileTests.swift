import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocIngest

@Suite(.timeLimit(.minutes(2))) struct FileTests {
    let folder: TemporaryFolder
    let ingest: Ingest

    init() throws {
        folder = try TemporaryFolder()
        ingest = try Ingest(options: IngestOptions(lanes: 1), workFile: WorkFile())
    }

    private func code(of path: String) async -> Failure.Code? {
        do throws(Failure) {
            _ = try await ingest.open(path: path, ordinal: 1, passwords: [])
            return nil
        } catch {
            #expect(error.message.contains(path))
            return error.code
        }
    }

    @Test("Says what is wrong with a file that cannot be read")
    func namesFaults() async throws {
        #expect(await code(of: folder("absent.pdf")) == .fileNotFound)
        #expect(await code(of: try folder.write("x", to: "file") + "/under") == .fileNotFound)
        #expect(await code(of: folder.path) == .fileUnreadable)
        #expect(await code(of: "/dev/zero") == .fileUnreadable)
        #expect(await code(of: "/dev/tty") == .fileUnreadable)
        let fifo = folder("fifo")
        #expect(ProcessTable.makeFIFO(fifo))
        #expect(await code(of: fifo) == .fileUnreadable)
        #expect(await code(of: try folder.write("", to: "empty.pdf")) == .fileEmpty)
        #expect(await code(of: try folder.write("\u{7F}ELF\u{2}\u{1}", to: "letter.pdf")) == .unsupportedMedia)
        #expect(await code(of: try folder.write("%PDF-1.4\nnothing", to: "cut.pdf")) == .damagedFile)
        let huge = try folder.write("%PDF-1.4", to: "huge.pdf")
        #expect(ProcessTable.resize(huge, to: Ingest.maximumBytes + 1))
        #expect(await code(of: huge) == .fileTooLarge)
        await ingest.close()
    }

    @Test("Gives a file's bytes their SHA-256")
    func digests() async throws {
        let bytes = SamplePDF.bytes(pages: 1)
        // Longer than one piece of reading, so that pieces are joined.
        let path = try folder.write(bytes + [UInt8](repeating: 10, count: 600_000), to: "long.pdf")
        let document = try await ingest.open(path: path, ordinal: 1, passwords: [])
        let digest = try Subprocess("sha256sum").run(path).output.prefix(64)
        #expect(document.source.sha256 == digest)
        #expect(document.source.byteCount == bytes.count + 600_000)
        await ingest.close()
    }

    @Test("Refuses a decoder that is missing, says nothing, or speaks otherwise")
    func refusesDecoders() async throws {
        let garbage = try folder.write("#!/bin/sh\nprintf nonsense >&3\nexec sleep 5\n", to: "garbage")
        #expect(ProcessTable.makeExecutable(garbage))
        let cases: [(String, Failure.Code)] = [("/bin/true", .decoderMismatch), (garbage, .decoderMismatch)]
        let path = try folder.write(SamplePDF.bytes(pages: 1), to: "sample.pdf")
        for (decoder, code) in cases {
            let other = try Ingest(options: IngestOptions(decoderPath: decoder), workFile: WorkFile())
            await #expect { try await other.open(path: path, ordinal: 1, passwords: []) } throws: { ($0 as? Failure)?.code == code }
            await other.close()
        }
        for decoder in [folder("absent"), folder.path, path] {
            #expect { try Ingest(options: IngestOptions(decoderPath: decoder), workFile: WorkFile()) } throws: {
                ($0 as? Failure)?.code == .decoderMissing
            }
        }
    }

    @Test("Lets nothing out of a confined worker")
    func selfTest() throws {
        let result = try Subprocess(Project.products + "/qdoc-decode").run("--self-test")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count > 40)
        for line in lines.dropLast() { #expect(line.hasPrefix("stopped: ")) }
        // What matters most holds by seccomp alone, so that it does not depend on what else a kernel grants.
        for attempt in ["open a TCP socket", "write a file", "run a program", "fork", "signal the parent"] {
            #expect(lines.contains { $0.hasPrefix("stopped: \(attempt) (seccomp") })
        }
        // What a parser that was taken over would want most is stopped twice, where the kernel grants so much.
        let level = lines.last.map(String.init) ?? ""
        let layers = ["seccomp", "landlock", "namespaces", "root"].filter { level.contains($0) }
        for attempt in Self.worst where layers.count == 4 {
            let line = lines.first { $0.hasPrefix("stopped: \(attempt) (") }
            #expect(line?.split(separator: ",").count ?? 0 >= 2, "\(attempt) is stopped by one layer alone")
        }
        #expect(result.status == 0)
    }

    private static let worst = [
        "read /etc/passwd", "read /etc/shadow", "read another process", "read the home folder", "read a device", "write a file",
        "write shared memory", "truncate a file", "link a file", "run a program", "signal the parent", "trace the parent",
        "read the parent's memory", "take the parent's descriptor", "mount", "change the user", "change the root", "connect by TCP",
        "connect by UDP", "connect to an abstract socket", "make a device", "make a namespace", "open io_uring",
    ]
}
