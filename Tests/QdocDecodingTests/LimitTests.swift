import QdocCore
import QdocTesting
import Testing

@testable import QdocDecoding

/// Every bound of the protocol at one below it, at it, and at one above it.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    private func isTaken(_ reply: Reply) -> Bool { (try? Reply.decode(reply.encode())) == reply }
    private func isTaken(_ content: PageContent) -> Bool { (try? ContentFrame.decode(ContentFrame.encode(content))) != nil }

    @Test("Pages of a source", arguments: [-1, 0, 1])
    func pages(beyond: Int) {
        let reply = Reply.opened(pageCount: WireLimits.pages + beyond, password: nil, isComplete: true)
        #expect(isTaken(reply) == (beyond <= 0))
    }

    @Test("Bytes of a payload, in one piece and in two", arguments: [-1, 0, 1])
    func payload(beyond: Int) {
        let bytes = WireLimits.payloadBytes + beyond
        let geometry = MessageTests.geometry
        #expect(isTaken(.page(geometry, image: nil, content: bytes)) == (beyond <= 0))
        let head = Reply.ImageHead(encoding: .png, size: PixelSize(width: 1, height: 1), count: bytes - 1000)
        #expect(isTaken(.page(geometry, image: head, content: 1000)) == (beyond <= 0))
    }

    @Test(
        "Coordinates",
        arguments: [(WireLimits.coordinate.nextDown, true), (WireLimits.coordinate, true), (WireLimits.coordinate.nextUp, false)])
    func coordinates(length: Double, fits: Bool) {
        let geometry = PageGeometry(size: PageSize(width: length, height: length), rotation: 0)
        #expect(isTaken(.page(geometry, image: nil, content: nil)) == fits)
    }

    @Test("Pages measured in one answer", arguments: [-1, 0, 1])
    func geometries(beyond: Int) {
        let outcomes = [GeometryOutcome](repeating: .success(MessageTests.geometry), count: WireLimits.geometries + beyond)
        #expect(isTaken(.geometries(outcomes)) == (beyond <= 0))
    }

    @Test("Sides and pixels of an image", arguments: [-1, 0, 1])
    func pixels(beyond: Int) throws {
        let side = WireLimits.imageSide
        #expect(side * side == WireLimits.imagePixels)
        for size in [PixelSize(width: side + beyond, height: 1), PixelSize(width: side, height: side + beyond)] {
            let (socket, peer) = try Descriptor.socketPair()
            let process = try PlayedProcess()
            let worker = DecodeWorker(
                socket: socket, payload: try Payload(byteCount: 4096), pid: process.pid, pidfd: process.pidfd, limits: DecodeLimits())
            #expect(peer.send(Reply.failed(Failure(.pageDamaged, "asked")).encode()))
            let request = PageRequest(pageNumber: 1, image: ImageOrder(size: size), parts: [])
            #expect { try worker.page(request) } throws: {
                ($0 as? Failure)?.code == (beyond <= 0 ? .pageDamaged : .pageTooLarge)
            }
        }
    }

    @Test("Passwords", arguments: [-1, 0, 1])
    func passwords(beyond: Int) throws {
        let (socket, peer) = try Descriptor.socketPair()
        let process = try PlayedProcess()
        let worker = DecodeWorker(
            socket: socket, payload: try Payload(byteCount: 4096), pid: process.pid, pidfd: process.pidfd, limits: DecodeLimits())
        #expect(peer.send(Reply.opened(pageCount: 1, password: nil, isComplete: true).encode()))
        let request = OpenRequest(mediaType: .pdf, passwords: [Secret](repeating: Secret("a"), count: WireLimits.passwords + beyond))
        let result = Result { () throws(Failure) in try worker.open(request) }
        #expect((try? result.get()) != nil || beyond > 0)
        if beyond > 0 { #expect { try result.get() } throws: { ($0 as? Failure)?.code == .invalidArguments } }
    }

    // At the bound and above it: a million things take seconds without optimisation.
    @Test("Things on a page", arguments: [0, 1])
    func things(beyond: Int) {
        let box = Box(x: 0, y: 0, width: 1, height: 1)
        let point = Point(x: 0, y: 0)
        let contents = [
            PageContent(pictures: [Box](repeating: box, count: WireLimits.pictures + beyond)),
            PageContent(rulings: [Ruling](repeating: Ruling(start: point, end: point, thickness: 1), count: WireLimits.rulings + beyond)),
            PageContent(paths: [VectorPath](repeating: VectorPath(subpaths: [], isClosed: []), count: WireLimits.paths + beyond)),
            PageContent(paths: [
                VectorPath(subpaths: [[Point](repeating: point, count: WireLimits.vertices + beyond)], isClosed: [false])
            ]),
        ]
        for content in contents { #expect(isTaken(content) == (beyond <= 0)) }
    }

    @Test("Words, and the bytes of one", arguments: [0, 1])
    func words(beyond: Int) {
        let box = Box(x: 0, y: 0, width: 1, height: 1)
        let many = PageContent(words: [Word](repeating: Word(text: "a", box: box), count: WireLimits.words + beyond))
        #expect(isTaken(many) == (beyond <= 0))
        let long = PageContent(words: [Word(text: String(repeating: "a", count: WireLimits.wordBytes + beyond), box: box)])
        // One that is too long is left out.
        #expect((try? ContentFrame.decode(ContentFrame.encode(long)).words.count) == (beyond <= 0 ? 1 : 0))
    }

    @Test("A confidence is written as it was read", arguments: 0...100)
    func confidence(percent: Int) throws {
        let word = Word(text: "a", box: Box(x: 0, y: 0, width: 1, height: 1), confidence: Double(percent) / 100)
        let content = PageContent(words: [word])
        #expect(try ContentFrame.decode(ContentFrame.encode(content)) == content)
    }
}
