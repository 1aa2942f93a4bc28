import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocDecoding

/// Two hundred answers that no honest child would give: each ends in a typed failure, or in a page that is what it says.
@Suite(.timeLimit(.minutes(1))) struct HostileRepliesTests {
    private struct Played {
        var answer: [UInt8]
        var payload: [UInt8]
    }

    private static let size = PixelSize(width: 28, height: 28)
    private static let lane = BlockingLane("hostile-replies", width: 1)
    private static let codes: Set<Failure.Code> = [.decoderProtocol, .decodeCrashed, .decodeTimedOut]

    /// What a child sends and leaves in the payload; `seed` is its number.
    private static func played(_ seed: Int) throws -> Played {
        var chance = SeededGenerator(seed: UInt64(seed))
        let png =
            ImageHeader.pngSignature + [0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0, 28, 0, 0, 0, 28] + [UInt8](repeating: 0, count: 21)
        var content = try ContentFrame.encode(ContentFrameTests.content)
        func page(_ geometry: PageGeometry = MessageTests.geometry, size: PixelSize = size, image: Int? = nil, content count: Int? = nil)
            -> [UInt8]
        {
            Reply.page(geometry, image: .init(encoding: .png, size: size, count: image ?? png.count), content: count ?? content.count)
                .encode()
        }
        let whole = page()
        let huge = [0, 1, 1 << 15, 1 << 16, (1 << 26) - 1, 1 << 26, (1 << 31) - 1, 1 << 31, (1 << 32) - 1]
        switch seed % 10 {
        case 0:
            // Some bytes are others.
            var changed = whole
            for _ in 0...Int.random(in: 0..<4, using: &chance) {
                changed[Int.random(in: changed.indices, using: &chance)] = .random(in: 0...255, using: &chance)
            }
            return Played(answer: changed, payload: png + content)
        case 1:
            // Half a frame, or a frame and a half.
            let count = Int.random(in: 1..<whole.count, using: &chance)
            return Played(answer: seed % 20 == 1 ? Array(whole[..<count]) : whole + whole[..<count], payload: png + content)
        case 2:
            // Babble, up to more than a frame may have.
            let count = Int.random(in: 1...70_000, using: &chance)
            return Played(answer: (0..<count).map { _ in .random(in: 0...255, using: &chance) }, payload: [])
        case 3:
            // Sizes and lengths of another world.
            let size = PixelSize(width: huge.randomElement(using: &chance) ?? 0, height: huge.randomElement(using: &chance) ?? 0)
            return Played(answer: page(size: size, image: huge.randomElement(using: &chance), content: 0), payload: png)
        case 4:
            let image = huge.randomElement(using: &chance)
            return Played(answer: page(image: image, content: huge.randomElement(using: &chance)), payload: png + content)
        case 5:
            let odd = [Double.nan, .infinity, -.infinity, -1, 0, 1e300, -0.0, .leastNonzeroMagnitude, 1e7, 1.000001e7]
            let size = PageSize(width: odd.randomElement(using: &chance) ?? 0, height: odd.randomElement(using: &chance) ?? 0)
            let rotation = [0, 45, 90, 65_535].randomElement(using: &chance) ?? 0
            return Played(answer: page(PageGeometry(size: size, rotation: rotation)), payload: png + content)
        case 6:
            // Counts in the content, in any of its seven places.
            let place = Int.random(in: 0..<7, using: &chance) * 4
            let count = UInt32(huge.randomElement(using: &chance) ?? 0)
            content.replaceSubrange(place..<place + 4, with: (0..<4).map { UInt8(count >> ($0 * 8) & 255) })
            return Played(answer: whole, payload: png + content)
        case 7:
            // Numbers and texts in the content.
            for _ in 0..<8 {
                content[Int.random(in: 28..<content.count, using: &chance)] =
                    [0, 0x7F, 0x80, 0xF0, 0xFF].randomElement(using: &chance) ?? 0
            }
            return Played(answer: whole, payload: png + content)
        case 8:
            // Another answer than was asked for.
            return Played(answer: MessageTests.replies[seed / 10 % MessageTests.replies.count].encode(), payload: png + content)
        default:
            // An image that is none, or of another size.
            var other = png
            other[Int.random(in: 0..<24, using: &chance)] ^= .random(in: 1...255, using: &chance)
            return Played(answer: whole, payload: seed % 20 == 9 ? [UInt8](repeating: 0xFF, count: 4096) : other + content)
        }
    }

    /// Bytes of memory this process has ever held at once.
    private func peak() throws -> Int {
        let text = String(decoding: try Files.read("/proc/self/status", limit: 1 << 16), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }

    @Test("Two hundred hostile answers bring nothing down and cost no memory")
    func survives() async throws {
        let before = try peak()
        var refused = 0
        for seed in 0..<200 {
            let played = try Self.played(seed)
            let (socket, peer) = try Descriptor.socketPair()
            let payload = try Payload(byteCount: 1 << 16)
            try payload.write(played.payload)
            let process = try PlayedProcess()
            let worker = DecodeWorker(
                socket: socket, payload: payload, pid: process.pid, pidfd: process.pidfd, limits: DecodeLimits(wall: .milliseconds(50)))
            let result = try await Self.lane.run {
                _ = peer.send(played.answer)
                defer { withExtendedLifetime((peer, process)) {} }
                let order = PageRequest(pageNumber: 1, image: ImageOrder(size: Self.size), parts: .words)
                return Result { () throws(Failure) in try worker.page(order) }
            }
            switch result {
            case .success(let page): #expect(page.image?.size == Self.size && page.geometry.size.width > 0, "answer \(seed)")
            case .failure(let failure):
                refused += 1
                // What a child says of a page is passed on; all else ends the worker.
                #expect(
                    Self.codes.contains(failure.code) ? !worker.isAlive : failure.code.rawValue != "internal_error",
                    "answer \(seed): \(failure)")
            }
        }
        #expect(refused >= 150)
        #expect(try peak() - before <= 64 << 20)
    }
}
