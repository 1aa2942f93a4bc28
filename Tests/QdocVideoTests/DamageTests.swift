import QdocCore
import QdocTesting
import Testing

@testable import QdocVideo

@Suite("Videos that are cut, or lie", .timeLimit(.minutes(2)))
struct DamageTests {
    private static let slides = (1...6).flatMap { Array(repeating: Picture.slide($0), count: 15) }

    private static func code(_ body: () throws -> Void) -> Failure.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Failure)?.code
        }
    }

    @Test("Of a video that was cut, what came before the cut is shown", arguments: [MediaType.matroska, .avi])
    func cutTail(mediaType: MediaType) throws {
        let bytes = try Clip(mediaType: mediaType).bytes(Self.slides)
        let clip = try OpenClip(Array(bytes.prefix(bytes.count * 6 / 10)), as: mediaType)
        let scan = try clip.scan(.scenes)
        #expect((2...4).contains(scan.count), "\(scan.times)")
        for number in 1...scan.count { try scan.show(number) }
        #expect(try clip.draw().colour(0, 0).count == 3)
    }

    @Test("An MP4 without its index says what happened to it")
    func withoutIndex() throws {
        let bytes = try Clip().bytes(Self.slides)
        #expect {
            _ = try OpenClip(Array(bytes.prefix(bytes.count / 2)), as: .mp4)
        } throws: {
            guard let failure = $0 as? Failure else { return false }
            return failure.code == .damagedFile && failure.message.contains("moov")
        }
    }

    @Test("A video of no frames, of no video, and of another container are refused")
    func notVideos() throws {
        let bytes = try Clip().bytes(Self.slides)
        for media in [MediaType.mp4, .quicktime, .matroska, .webm, .avi] {
            #expect(Self.code { _ = try OpenClip([], as: media) } == .damagedFile, "\(media)")
            #expect(Self.code { _ = try OpenClip(Array(repeating: 0, count: 5_000), as: media) } == .damagedFile, "\(media)")
        }
        for media in [MediaType.matroska, .avi] { #expect(Self.code { _ = try OpenClip(bytes, as: media) } == .damagedFile) }
        #expect(Self.code { _ = try OpenClip(bytes, as: .png) } == .unsupportedMedia)
        // Frames that are there and none of which can be decoded.
        var noise = try Clip(mediaType: .avi, codec: "ffv1").bytes(Array(repeating: .slide(1), count: 3))
        let data = try #require(Self.places(of: Array("movi".utf8), in: noise).first) + 12
        for index in data..<noise.count - 120 where index % 3 == 0 { noise[index] = 0xA5 }
        let code = Self.code { _ = try OpenClip(noise, as: .avi).scan(.scenes) }
        #expect(code == .damagedFile, "\(String(describing: code))")
    }

    private static func places(of wanted: [UInt8], in bytes: [UInt8]) -> [Int] {
        (0...max(0, bytes.count - wanted.count)).filter { bytes[$0...].starts(with: wanted) }
    }

    @Test("A codec that is not read is named")
    func unknownCodec() throws {
        var bytes = try Clip(mediaType: .avi).bytes([.slide(1)])
        // FFmpeg reads Indeo 5, and we do not.
        for place in Self.places(of: Array("FMP4".utf8), in: bytes) { bytes.replaceSubrange(place..<place + 4, with: Array("IV50".utf8)) }
        #expect {
            _ = try OpenClip(bytes, as: .avi)
        } throws: {
            guard let failure = $0 as? Failure else { return false }
            return failure.code == .unsupportedMedia && failure.message.contains("indeo5")
        }
    }

    @Test("Claims of a size or a length that nobody has are refused before anything is decoded")
    func lies() throws {
        var huge = try Clip(mediaType: .avi, codec: "ffv1").bytes([.slide(1)])
        // Width and height of the stream's format, behind the chunk's name and size and its own size: 30,000 each.
        let format = try #require(Self.places(of: Array("strf".utf8), in: huge).first) + 12
        huge.replaceSubrange(format..<format + 8, with: [0x30, 0x75, 0, 0, 0x30, 0x75, 0, 0])
        #expect(Self.code { _ = try OpenClip(huge, as: .avi) } == .pageTooLarge)
        var long = try Clip(mediaType: .matroska).bytes([.slide(1), .slide(2)])
        // The element Duration, a number of 8 bytes in milliseconds: two days.
        let duration = try #require(Self.places(of: [0x44, 0x89, 0x88], in: long).first) + 3
        let bits = (2 * 86_400_000.0).bitPattern.bigEndian
        long.replaceSubrange(duration..<duration + 8, with: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0 * 8)) })
        #expect(Self.code { _ = try OpenClip(long, as: .matroska) } == .decodeLimit)
    }

    @Test("Bytes that were changed by chance end in frames or in a failure", arguments: [MediaType.mp4, .matroska, .avi])
    func chance(mediaType: MediaType) throws {
        let frames = (1...3).flatMap { Array(repeating: Picture.slide($0, PixelSize(width: 96, height: 54)), count: 5) }
        let whole = try Clip(mediaType: mediaType).bytes(frames)
        var read = 0
        for seed in 0..<100 {
            var chance = SeededGenerator(seed: UInt64(seed))
            var bytes = whole
            for _ in 0..<Int.random(in: 1...40, using: &chance) {
                bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
            }
            do {
                let clip = try OpenClip(bytes, as: mediaType)
                let scan = try clip.scan(.every(0.2))
                for number in 1...scan.count {
                    try scan.show(number)
                    _ = try clip.draw(size: PixelSize(width: 30, height: 20))
                }
                read += 1
            } catch {
                #expect(error is Failure, "seed \(seed): \(error)")
            }
        }
        #expect(read > 10, "\(read) of 100 could be read")
    }
}
