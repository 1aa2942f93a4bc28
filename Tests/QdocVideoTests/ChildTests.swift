import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocDecoding

/// The program itself, as qdoc starts it.
@Suite("The video child", .serialized, .timeLimit(.minutes(1)))
struct ChildTests {
    private static let lane = BlockingLane("video", width: 1)

    private static func server() throws -> DecodeServer {
        try DecodeServer(.video, path: "\(Project.products)/qdoc-video", allowUnsandboxed: false, limits: DecodeLimits())
    }

    private static func worker(_ server: DecodeServer, _ bytes: [UInt8]) throws -> DecodeWorker {
        let source = try SourceSnapshot()
        try source.append(bytes)
        return try server.makeWorker(reading: try source.readOnly())
    }

    @Test("A confined worker finds scenes, tells their times, and draws them")
    func reads() async throws {
        let clip = try Clip(mediaType: .quicktime, quarterTurns: 1).bytes(
            (1...3).flatMap { Array(repeating: Picture.slide($0), count: 15) })
        try await Self.lane.run {
            let server = try Self.server()
            defer { server.close() }
            #expect(try server.start().contains("seccomp"))
            let worker = try Self.worker(server, clip)
            #expect(try worker.open(OpenRequest(mediaType: .quicktime)).pageCount == 3)
            let geometries = try worker.geometries(first: 1, count: 3).map { try $0.get() }
            #expect(geometries.map { ($0.timestamp ?? -1).rounded(.down) } == [0, 1, 3])
            #expect(geometries.allSatisfy { $0.size == PageSize(width: 180, height: 320) && $0.rotation == 90 })
            let order = ImageOrder(size: PixelSize(width: 90, height: 160), encoding: .png)
            let page = try worker.page(PageRequest(pageNumber: 2, image: order, parts: .pictures))
            #expect(try #require(page.image).size == order.size)
            let content = try ContentFrame.decode(try #require(page.content))
            #expect(content.pictures == [Box(x: 0, y: 0, width: 180, height: 320)])
        }
    }

    @Test("What is no video, and a time after the end, are refused with a reason")
    func refuses() async throws {
        let clip = try Clip().bytes(Array(repeating: .slide(1), count: 10))
        let requests: [(OpenRequest, [UInt8], Failure.Code)] = [
            (OpenRequest(mediaType: .png), clip, .unsupportedMedia), (OpenRequest(mediaType: .avi), clip, .damagedFile),
            (OpenRequest(mediaType: .mp4, frames: FrameSelection(choice: .at([99]))), clip, .pageOutOfRange),
            (OpenRequest(mediaType: .mp4), Array(clip.prefix(clip.count / 2)), .damagedFile),
        ]
        let codes = try await Self.lane.run {
            let server = try Self.server()
            defer { server.close() }
            return try requests.map { request, bytes, _ in
                let worker = try Self.worker(server, bytes)
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

    @Test("By hand it tells its build, and cannot break out")
    func speaks() throws {
        let program = Subprocess("\(Project.products)/qdoc-video")
        #expect(try program.run("--version").output == "qdoc-video \(DecoderBuild.id)\n")
        let probed = try program.run("--self-test")
        #expect(probed.status == 0 && probed.output.contains("attempts were stopped"))
        #expect(try program.run().status == 2)
    }
}
