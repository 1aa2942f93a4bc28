import QdocCore
import Testing

@testable import QdocDecoding

@Suite(.timeLimit(.minutes(1))) struct MessageTests {
    static let geometry = PageGeometry(size: PageSize(width: 595, height: 842.5), rotation: 90)
    static let requests: [Request] = [
        .open(OpenRequest(mediaType: .jpeg)),
        .open(OpenRequest(mediaType: .pdf, passwords: [Secret("geheim"), Secret("")])),
        .open(
            OpenRequest(
                mediaType: .mp4, frames: FrameSelection(choice: .at([0, 1.5]), from: 1, to: 60, limit: 8), languages: ["eng", "deu"],
                dotsPerInch: 300)),
        .open(OpenRequest(mediaType: .webm, frames: FrameSelection(choice: .every(2)))),
        .proceed,
        .geometries(first: 1, count: 64),
        .page(PageRequest(pageNumber: 3, image: nil, parts: .all)),
        .page(PageRequest(pageNumber: 3, image: ImageOrder(size: PixelSize(width: 28, height: 56)), parts: [])),
        .page(
            PageRequest(
                pageNumber: 10_000,
                image: ImageOrder(
                    region: Box(x: 1, y: 2, width: 3, height: 4), size: PixelSize(width: 1, height: 1), encoding: .graymap, maxBytes: 9_000),
                parts: .words)),
    ]
    static let replies: [Reply] = [
        .started(pid: 12),
        .ready(build: DecoderBuild.id, level: "seccomp"),
        .failed(Failure(.passwordWrong, "no password fits", remedy: "give it")),
        .opened(pageCount: 10_000, password: nil, isComplete: true),
        .opened(pageCount: 0, password: nil, isComplete: false),
        .opened(pageCount: 1, password: 0, isComplete: true),
        .geometries([.success(geometry), .failure(Failure(.pageDamaged, "the page is damaged"))]),
        .page(geometry, image: .init(encoding: .jpeg, size: PixelSize(width: 10, height: 20), count: 300), content: 24),
        .page(geometry, image: nil, content: nil),
        .geometries([
            .success(PageGeometry(size: PageSize(width: 1280, height: 720), rotation: 0, timestamp: 0, smallestText: 6.5))
        ]),
        .ended(status: -11),
    ]

    @Test("Reads back every request", arguments: requests)
    func requestsRoundTrip(request: Request) throws {
        #expect(try Request.decode(request.encode()) == request)
    }

    @Test("Reads back every answer", arguments: replies)
    func repliesRoundTrip(reply: Reply) throws {
        #expect(try Reply.decode(reply.encode()) == reply)
    }

    @Test("Refuses every answer that is cut or too long", arguments: replies)
    func refusesCuts(reply: Reply) throws {
        let bytes = reply.encode()
        for count in 0..<bytes.count { #expect(throws: Failure.self) { try Reply.decode(Array(bytes[..<count])) } }
        #expect(throws: Failure.self) { try Reply.decode(bytes + [0]) }
    }

    @Test("Ends in an answer or a typed failure whatever byte is changed", arguments: replies)
    func survivesChanges(reply: Reply) {
        let bytes = reply.encode()
        for index in bytes.indices {
            for value in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = value
                do throws(Failure) { _ = try Reply.decode(changed) } catch { #expect(error.code == .decoderProtocol) }
            }
        }
    }

    @Test("Takes what steers a terminal out of a child's message")
    func plainsMessages() throws {
        let sent = Reply.failed(Failure(.damagedFile, "a\u{1B}[2Jb\u{202E}c\nd"))
        #expect(try Reply.decode(sent.encode()) == .failed(Failure(.damagedFile, "a [2Jb c d")))
    }

    @Test("Does not believe a child's code that is none of its own")
    func refusesForeignCodes() throws {
        let reply = try Reply.decode(Reply.failed(Failure(.unauthorized, "no")).encode())
        #expect(reply == .failed(Failure(.decoderProtocol, "no")))
    }

    @Test("Reads the size of a PNG and of a JPEG from their headers")
    func readsHeaders() {
        let png =
            ImageHeader.pngSignature + [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 1, 2, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 21)
        #expect(ImageHeader.pngSize(png) == PixelSize(width: 258, height: 3))
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 9, 9, 0xFF, 0xC2, 0, 11, 8, 0, 5, 1, 0, 3, 0, 0, 0]
        #expect(ImageHeader.jpegSize(jpeg) == PixelSize(width: 256, height: 5))
        for count in 0..<20 { #expect(ImageHeader.pngSize(Array(png[..<count])) == nil) }
        for count in 0..<17 { #expect(ImageHeader.jpegSize(Array(jpeg[..<count])) == nil) }
    }
}
