import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocDecoding
@testable import QdocOCR

/// The program itself, as qdoc starts it.
@Suite(
    .serialized, .timeLimit(.minutes(1)),
    .enabled(if: LanguageData.installed().languages.contains("eng"), "tesseract-ocr-eng is not installed"))
struct ChildTests {
    private static let lane = BlockingLane("ocr", width: 1)

    private func worker(_ server: DecodeServer, _ bytes: [UInt8]) throws -> DecodeWorker {
        let source = try SourceSnapshot()
        try source.append(bytes)
        return try server.makeWorker(reading: try source.readOnly())
    }

    private func server() throws -> DecodeServer {
        try DecodeServer(
            .ocr, path: "\(Project.products)/qdoc-ocr", allowUnsandboxed: false, limits: DecodeLimits(wall: .seconds(50), cpuSeconds: 40))
    }

    @Test("A confined worker reads a page; the fork server has one thread")
    func reads() async throws {
        let page = try DrawnPage.graymap(dotsPerInch: 150)
        let (words, threads) = try await Self.lane.run { [self] in
            let server = try server()
            defer { server.close() }
            #expect(try server.start().contains("seccomp"))
            let worker = try worker(server, page.bytes)
            let opened = try worker.open(OpenRequest(mediaType: .graymap, languages: ["eng"], dotsPerInch: 150))
            #expect(opened.pageCount == 1)
            let size = try worker.geometries(first: 1, count: 1).first?.get().size
            #expect(size == PageSize(width: Double(page.size.width), height: Double(page.size.height)))
            let answer = try worker.page(PageRequest(pageNumber: 1, image: nil, parts: .words))
            let pid = try #require(server.processID)
            let threads = Files.names(in: "/proc/\(pid)/task").filter { !$0.hasPrefix(".") }.count
            return (try ContentFrame.decode(try #require(answer.content)).words, threads)
        }
        #expect(threads == 1)
        #expect(Set(words.map(\.text)).isSuperset(of: ["Revenue", "48,215", "731.4", "harbour"]))
        #expect(words.allSatisfy { $0.source == .ocr && $0.confidence < 1 })
    }

    @Test("What is no graymap, and a language that is not there, are refused with a reason")
    func refuses() async throws {
        let page = try DrawnPage.graymap(dotsPerInch: 100)
        let requests: [(OpenRequest, [UInt8], Failure.Code)] = [
            (OpenRequest(mediaType: .png), page.bytes, .unsupportedMedia),
            (OpenRequest(mediaType: .graymap), Array("P5 nonsense".utf8), .damagedFile),
            (OpenRequest(mediaType: .graymap, languages: ["tlh"]), page.bytes, .decoderMissing),
        ]
        let codes = try await Self.lane.run { [self] in
            let server = try server()
            defer { server.close() }
            return try requests.map { request, bytes, _ in
                let worker = try worker(server, bytes)
                do throws(Failure) {
                    _ = try worker.open(request)
                    return Failure.Code?.none
                } catch {
                    return error.code
                }
            }
        }
        #expect(codes == requests.map(\.2))
    }

    @Test("By hand it tells its languages and its build")
    func speaks() async throws {
        let program = Subprocess("\(Project.products)/qdoc-ocr")
        #expect(try program.run("--languages").output.split(separator: "\n").first == "eng")
        #expect(try program.run("--version").output == "qdoc-ocr \(DecoderBuild.id)\n")
        #expect(try program.run().status == 2)
    }
}
