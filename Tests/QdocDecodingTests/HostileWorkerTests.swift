import QdocCore
import QdocRuntime
import Testing

@testable import QdocDecoding

/// A worker whose other end is played by the test: it says what no honest child would.
@Suite(.timeLimit(.minutes(1))) struct HostileWorkerTests {
    static let geometry = MessageTests.geometry
    static let lane = BlockingLane("hostile", width: 2)
    static let size = PixelSize(width: 28, height: 28)

    /// Asks for a page of a peer that answers with fixed bytes, having put others into the payload.
    private func ask(_ answer: [UInt8]?, payload bytes: [UInt8] = [], wall: Duration = .seconds(10)) async throws -> DecodeWorker.Page {
        let (socket, peer) = try Descriptor.socketPair()
        let payload = try Payload(byteCount: 1 << 16)
        try payload.write(bytes)
        let process = try PlayedProcess()
        let worker = DecodeWorker(
            socket: socket, payload: payload, pid: process.pid, pidfd: process.pidfd, limits: DecodeLimits(wall: wall))
        return try await Self.lane.run {
            if let answer { _ = peer.send(answer) }
            defer { withExtendedLifetime((peer, process)) {} }
            let request = PageRequest(pageNumber: 1, image: ImageOrder(size: Self.size), parts: .words)
            let result = Result { () throws(Failure) in try worker.page(request) }
            if case .failure(let failure) = result, failure.code != .pageDamaged { #expect(!worker.isAlive) }
            return try result.get()
        }
    }

    private func page(image: PixelSize = size, count: Int, content: Int?) -> [UInt8] {
        Reply.page(Self.geometry, image: .init(encoding: .png, size: image, count: count), content: content).encode()
    }

    private static func png(_ size: PixelSize) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
        }
        return ImageHeader.pngSignature + [0, 0, 0, 13] + Array("IHDR".utf8) + number(size.width) + number(size.height)
            + [UInt8](repeating: 0, count: 21)
    }

    @Test("Takes an honest answer")
    func takesHonestAnswers() async throws {
        let png = Self.png(Self.size)
        let content = try ContentFrame.encode(ContentFrameTests.content)
        let page = try await ask(page(count: png.count, content: content.count), payload: png + content)
        #expect(page.image?.bytes == png)
        #expect(page.content == content)
        #expect(page.geometry == Self.geometry)
    }

    @Test("Passes a worker's own failure on, bounded to the codes it may give")
    func passesFailures() async throws {
        let failure = Failure(.pageDamaged, "the page is damaged")
        await #expect(throws: failure) { try await ask(Reply.failed(failure).encode()) }
    }

    @Test("Refuses answers that do not hold", arguments: 0..<14)
    func refusesLies(number: Int) async throws {
        let png = Self.png(Self.size)
        let good = try ContentFrame.encode(ContentFrameTests.content)
        var bad = good
        bad[0] = 0xFF
        let whole = page(count: png.count, content: good.count)
        let (answer, payload): ([UInt8], [UInt8]) =
            switch number {
            case 0: ([], png + good)
            case 1: ([99], png + good)
            case 2: (Array(whole.dropLast()), png + good)
            case 3: (whole + [7], png + good)
            case 4: (page(image: PixelSize(width: 29, height: 28), count: png.count, content: good.count), png + good)
            case 5: (page(image: PixelSize(width: 1 << 31, height: -1 & 0xFFFF_FFFF), count: png.count, content: good.count), png + good)
            case 6: (page(count: 1 << 31, content: good.count), png + good)
            case 7: (page(count: png.count, content: nil), png)
            case 8: (Reply.page(Self.geometry, image: nil, content: good.count).encode(), good)
            case 9: (page(count: png.count, content: bad.count), png + bad)
            case 10: (whole, Self.png(PixelSize(width: 28, height: 29)) + good)
            case 11: (Reply.opened(pageCount: 3, password: nil, isComplete: true).encode(), [])
            case 12: ([UInt8](repeating: 3, count: 100_000), [])
            default: (page(count: 60_000, content: 60_000), png + good)
            }
        // An empty message is the end of the connection.
        let code: Failure.Code = number == 0 ? .decodeCrashed : .decoderProtocol
        await #expect { try await ask(answer, payload: payload) } throws: { ($0 as? Failure)?.code == code }
    }

    @Test("Refuses a geometry that is none", arguments: [Double.nan, .infinity, -1, 0, 1e9])
    func refusesGeometry(width: Double) async throws {
        let geometry = PageGeometry(size: PageSize(width: width, height: 5), rotation: 0)
        await #expect { try await ask(Reply.page(geometry, image: nil, content: nil).encode()) } throws: {
            ($0 as? Failure)?.code == .decoderProtocol
        }
    }

    @Test("Kills a worker that says nothing, by the clock")
    func endsSilence() async throws {
        await #expect { try await ask(nil, wall: .milliseconds(30)) } throws: { ($0 as? Failure)?.code == .decodeTimedOut }
    }

    @Test("Tells a crash from a worker that used up its time", arguments: zip([-11, -24], [Failure.Code.decodeCrashed, .decodeTimedOut]))
    func readsLastWords(status: Int32, code: Failure.Code) async throws {
        await #expect { try await ask(Reply.ended(status: status).encode()) } throws: { ($0 as? Failure)?.code == code }
    }

    @Test("Asks no worker for an image beyond the bounds")
    func boundsOrders() async throws {
        let (socket, _) = try Descriptor.socketPair()
        let process = try PlayedProcess()
        let worker = DecodeWorker(
            socket: socket, payload: try Payload(byteCount: 4096), pid: process.pid, pidfd: process.pidfd, limits: DecodeLimits())
        for size in [PixelSize(width: 0, height: 5), PixelSize(width: 10_001, height: 1), PixelSize(width: 10_000, height: 10_001)] {
            let request = PageRequest(pageNumber: 1, image: ImageOrder(size: size), parts: [])
            #expect { try worker.page(request) } throws: { ($0 as? Failure)?.code == .pageTooLarge }
        }
    }

    @Test("Holds a payload to the size it was made with")
    func sealsPayload() throws {
        let payload = try Payload(byteCount: 8192)
        #expect(!payload.resizes(to: 1) && !payload.resizes(to: 1 << 20))
        #expect(throws: Failure.self) { try payload.read(offset: 8000, count: 193) }
        #expect(try payload.read(offset: 8000, count: 192).count == 192)
    }
}
