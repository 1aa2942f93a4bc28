import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocIngest

/// Every file of the shared corpus, where it is there.
@Suite(.enabled(if: Project.shared != nil), .timeLimit(.minutes(5))) struct SharedDataTests {
    struct Entry: Sendable {
        let file: String
        let expected: String
        let pages: Int?
        let password: String?
    }

    static let entries: [Entry] = {
        guard let path = Project.sharedData("MANIFEST.jsonl"), let bytes = try? Files.read(path, limit: 16 << 20) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard let entry = try? JSONParser.parse(String(line)), let file = entry["file"]?.string else { return nil }
            return Entry(
                file: file, expected: entry["expected"]?.string ?? "", pages: entry["facts"]?["pages"]?.int,
                password: entry["facts"]?["password"]?.string)
        }
    }()

    private static func read(_ entry: Entry, _ ingest: Ingest) async -> (pages: Int, read: Int, failure: Failure?) {
        guard let path = Project.sharedData(entry.file) else { return (0, 0, nil) }
        var pages = 0
        var read = 0
        do throws(Failure) {
            let document = try await ingest.open(path: path, ordinal: 1, passwords: entry.password.map { [Secret("x"), Secret($0)] } ?? [])
            pages = document.source.pageCount
            for number in [1, pages] {
                let order = ImageOrder(size: PixelSize(width: 280, height: 280))
                _ = try await document.page(number, image: order, parts: .words).content?.load()
                read += 1
            }
            document.close()
            return (pages, read, nil)
        } catch {
            return (pages, read, error)
        }
    }

    @Test("Ends every broken or hostile file in pages or a typed failure, and reads the next one")
    func survivesMalformed() async throws {
        let ingest = try Ingest(options: IngestOptions(lanes: 2), workFile: WorkFile())
        let folder = try TemporaryFolder()
        let good = try folder.write(SamplePDF.bytes(pages: 1), to: "good.pdf")
        let entries = Self.entries.filter { $0.file.hasPrefix("malformed/") }
        #expect(entries.count > 50)
        for entry in entries {
            let clock = ContinuousClock.now
            let (_, read, failure) = await Self.read(entry, ingest)
            #expect(failure != nil || read == 2, "\(entry.file)")
            #expect(clock.duration(to: .now) < .seconds(30), "\(entry.file)")
            // What is named .pdf and holds a web page is read as one where LibreOffice is installed.
            let isWebPage = entry.file == "malformed/not_a_pdf_html.pdf"
            let faults: [Failure.Code] = [.internalError, .decoderProtocol] + (isWebPage ? [] : [.decoderMissing])
            #expect(!(failure.map { faults.contains($0.code) } ?? false), "\(entry.file): \(String(describing: failure))")
            if entry.expected == "unreadable", !isWebPage { #expect(failure != nil, "\(entry.file)") }
            let next = try await ingest.open(path: good, ordinal: 1, passwords: [])
            #expect(try await next.page(1, image: nil, parts: .words).content?.load().words.count == 5)
        }
        await ingest.close()
    }

    @Test("Opens every sound PDF with its password and counts its pages")
    func opensPDFs() async throws {
        let ingest = try Ingest(options: IngestOptions(lanes: 2), workFile: WorkFile())
        let entries = Self.entries.filter { $0.file.hasPrefix("pdf/") }
        #expect(entries.count > 20)
        for entry in entries {
            let (pages, _, failure) = await Self.read(entry, ingest)
            if let expected = entry.pages { #expect(pages == expected, "\(entry.file): \(String(describing: failure))") }
        }
        await ingest.close()
    }
}
