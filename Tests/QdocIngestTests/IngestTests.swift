import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocIngest

@Suite(.timeLimit(.minutes(2))) struct IngestTests {
    let folder: TemporaryFolder
    let ingest: Ingest

    init() throws {
        folder = try TemporaryFolder()
        ingest = try Ingest(options: IngestOptions(lanes: 2), workFile: WorkFile())
    }

    private func document(pages: Int) async throws -> Document {
        let path = try folder.write(SamplePDF.bytes(pages: pages), to: "sample.pdf")
        return try await ingest.open(path: path, ordinal: 3, passwords: [])
    }

    @Test("Opens a PDF and gives each page's geometry, image and words")
    func readsPDF() async throws {
        let path = try folder.write(
            SamplePDF.bytes(pages: 70, size: { $0 == 70 ? "300 150" : "200 100" }), to: "sample.xyz")
        let document = try await ingest.open(path: path, ordinal: 3, passwords: [])
        #expect(document.source.mediaType == .pdf)
        #expect(document.source.pageCount == 70)
        #expect(document.source.ordinal == 3)
        #expect(document.source.sha256.count == 64)
        let first = try await document.geometry(of: 1)
        #expect(first.size == PageSize(width: 200, height: 100) && first.rotation == 0)
        #expect(first.smallestText.map { $0 > 0 } ?? false)
        #expect(try await document.geometry(of: 70).size == PageSize(width: 300, height: 150))
        let size = PixelSize(width: 252, height: 126)
        let page = try await document.page(70, image: ImageOrder(size: size), parts: .words)
        #expect(page.image?.size == size)
        let words = try #require(try page.content?.load().words)
        #expect(words.map(\.text) == ["Page", "70", "holds", "42", "words"])
        let without = try await document.page(2, image: nil, parts: [])
        #expect(without.image == nil && without.content == nil)
        document.close()
        await ingest.close()
    }

    @Test("Reads pages from several tasks at once, each its own")
    func readsInParallel() async throws {
        let document = try await document(pages: 30)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...30 {
                group.addTask {
                    let page = try await document.page(number, image: nil, parts: .words)
                    #expect(try page.content?.load().words.dropFirst().first?.text == "\(number)")
                }
            }
            try await group.waitForAll()
        }
        await ingest.close()
    }

    @Test("Starts one worker for one page")
    func startsOneWorker() async throws {
        let document = try await document(pages: 3)
        _ = try await document.page(1, image: nil, parts: .words)
        _ = try await document.page(2, image: nil, parts: .words)
        #expect(ingest.pool.openedCount == 1)
        await ingest.close()
    }

    @Test("Measures a source once, however often it is opened")
    func measuresOnce() async throws {
        let measured = try await document(pages: 3)
        let geometry = try await measured.geometry(of: 1)
        measured.close()
        let again = try await document(pages: 3)
        let other = try await document(pages: 4)
        // Nobody is left who could measure.
        await ingest.close()
        for number in [1, 3] { #expect(try await again.geometry(of: number) == geometry) }
        await #expect(throws: Failure.self) { try await other.geometry(of: 1) }
    }

    @Test("Never holds more workers than lanes, whatever is open")
    func boundsWorkers() async throws {
        var documents: [Document] = []
        for number in 1...4 {
            let path = try folder.write(SamplePDF.bytes(pages: number), to: "\(number).pdf")
            documents.append(try await ingest.open(path: path, ordinal: number, passwords: []))
        }
        for document in documents {
            #expect(try await document.geometry(of: 1).size.width == 200)
            #expect(ingest.pool.heldCount <= 2)
        }
        await ingest.close()
    }

    @Test("Survives the death of the fork server once, and says so the second time")
    func survivesServerDeath() async throws {
        let document = try await document(pages: 3)
        let first = try #require(ingest.decoderProcessID)
        await ProcessTable.kill(first, andAll: ProcessTable.children(of: first))
        #expect(try await document.page(1, image: nil, parts: .words).content?.load().words.count == 5)
        let second = try #require(ingest.decoderProcessID)
        #expect(second != first)
        await ProcessTable.kill(second, andAll: ProcessTable.children(of: second))
        await #expect { try await document.page(2, image: nil, parts: .words) } throws: { ($0 as? Failure)?.code == .decodeCrashed }
        await ingest.close()
    }

    @Test("Reads a page again in a fresh worker when the first crashed, and gives a source up after five crashes")
    func retriesCrashes() async throws {
        let document = try await document(pages: 3)
        let server = try #require(ingest.decoderProcessID)
        for _ in 0..<4 {
            await ProcessTable.kill(nil, andAll: ProcessTable.children(of: server))
            #expect(try await document.page(1, image: nil, parts: .words).content?.load().words.count == 5)
        }
        await ProcessTable.kill(nil, andAll: ProcessTable.children(of: server))
        await #expect { try await document.page(2, image: nil, parts: .words) } throws: { error in
            let failure = error as? Failure
            return failure?.code == .decodeCrashed && failure?.message.contains("not read further") == true
        }
        await ingest.close()
    }

    @Test("Leaves no process and no descriptor behind")
    func leavesNothing() async throws {
        for _ in 0..<20 { try await useOnce() }
        // Other tests that run beside this one hold some of their own.
        #expect(ProcessTable.payloads() < 20)
    }

    private func useOnce() async throws {
        let ingest = try Ingest(options: IngestOptions(lanes: 2), workFile: WorkFile())
        let path = try folder.write(SamplePDF.bytes(pages: 3), to: "once.pdf")
        let document = try await ingest.open(path: path, ordinal: 1, passwords: [])
        let server = try #require(ingest.decoderProcessID)
        async let first = document.page(1, image: nil, parts: .words)
        async let second = document.page(2, image: nil, parts: .words)
        _ = try await (first, second)
        let workers = ProcessTable.children(of: server)
        #expect(!workers.isEmpty)
        await ingest.close()
        for process in [server] + workers { #expect(!ProcessTable.isAlive(process)) }
    }

    @Test("Ends a worker at once when its task is cancelled, and goes on with the next page")
    func cancels() async throws {
        // A page of a million lines of pattern takes far longer than this test.
        let slow = String(repeating: "0 0 m 200 100 l S ", count: 200_000)
        let path = try folder.write(
            SamplePDF.bytes(pages: 2, text: { $0 == 1 ? ") Tj ET \(slow) BT (" : "next" }), to: "slow.pdf")
        let document = try await ingest.open(path: path, ordinal: 1, passwords: [])
        let order = ImageOrder(size: PixelSize(width: 4000, height: 2000))
        let isOver = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect { try await document.page(1, image: order, parts: []) } throws: { ($0 as? Failure)?.code == .interrupted }
                isOver.set()
            }
            // The page is under way once a worker uses time.
            while ingest.pool.busyCount == 0, !isOver.isSet { await Task.yield() }
            group.cancelAll()
        }
        #expect(try await document.page(2, image: nil, parts: .words).content?.load().words.map(\.text) == ["next"])
        await ingest.close()
    }

    @Test("Ends its children when it is closed by a task that was cancelled")
    func closesWhenCancelled() async throws {
        let document = try await document(pages: 1)
        _ = try await document.page(1, image: nil, parts: .words)
        let server = try #require(ingest.decoderProcessID)
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { await ingest.close() }
        }
        #expect(!ProcessTable.isAlive(server))
    }

    @Test("Lets go of a decoder that does not come up when its task is cancelled")
    func cancelsStart() async throws {
        let decoder = try folder.write("#!/bin/sh\nexec sleep 600\n", to: "mute")
        try #require(ProcessTable.makeExecutable(decoder))
        var options = IngestOptions(lanes: 1)
        options.decoderPath = decoder
        let ingest = try Ingest(options: options, workFile: WorkFile())
        let path = try folder.write(SamplePDF.bytes(pages: 1), to: "sample.pdf")
        let opening = Task { try await ingest.open(path: path, ordinal: 1, passwords: []) }
        while ingest.decoderProcessID == nil { await Task.yield() }
        opening.cancel()
        await #expect { try await opening.value } throws: { ($0 as? Failure)?.code == .interrupted }
        #expect(ingest.decoderProcessID == nil)
        await ingest.close()
    }

    @Test("Takes a changed file for what it was when it was opened")
    func takesSnapshot() async throws {
        let document = try await document(pages: 2)
        try folder.write("gone", to: "sample.pdf")
        #expect(try await document.page(2, image: nil, parts: .words).content?.load().words.count == 5)
        await ingest.close()
    }

    @Test("Names the confinement of its children")
    func namesConfinement() async {
        let level = await ingest.confinement
        #expect(level.hasPrefix("seccomp"))
        await ingest.close()
        #expect(await ingest.confinement.hasPrefix("unavailable"))
    }

    @Test("Refuses a page that is not there")
    func refusesPages() async throws {
        let document = try await document(pages: 2)
        for number in [0, 3, -1, Int.max] {
            await #expect { try await document.page(number, image: nil, parts: []) } throws: { ($0 as? Failure)?.code == .pageOutOfRange }
            await #expect { try await document.geometry(of: number) } throws: { ($0 as? Failure)?.code == .pageOutOfRange }
        }
        await ingest.close()
    }
}
