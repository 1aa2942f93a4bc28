import QdocCore
import QdocTesting
import Testing

@testable import QdocVideo

@Suite("Choosing frames", .timeLimit(.minutes(1)))
struct SelectionTests {
    private static let count = 48

    /// Fields across a frame, of which one is dark: the one of the frame's number.
    private static let columns = 8
    private static let field = 8

    private static func numbered(_ mediaType: MediaType = .mp4, _ codec: String = "mpeg4", keyInterval: Int = 12) throws -> OpenClip {
        try Clip(mediaType: mediaType, codec: codec, keyInterval: keyInterval).open(
            (0..<count).map { number in
                var picture = Picture(PixelSize(width: columns * field, height: count / columns * field))
                let x = number % columns * field, y = number / columns * field
                picture.fill(x..<x + field, y..<y + field, luma: 30)
                return picture
            })
    }

    /// The numbers that the chosen frames show.
    private static func shown(_ clip: OpenClip, _ scan: FrameScan) throws -> [Int] {
        try (1...scan.count).map { number in
            try scan.show(number)
            let drawn = try clip.draw()
            func tone(_ number: Int) -> Int {
                drawn.colour(number % columns * field + field / 2, number / columns * field + field / 2)[1]
            }
            return (0..<count).min { tone($0) < tone($1) } ?? -1
        }
    }

    private static func rounded(_ times: [Double]) -> [Double] { times.map { ($0 * 1000).rounded() / 1000 } }

    @Test(
        "Frames come at regular times, and each shows what its time says",
        arguments: [(MediaType.mp4, "mpeg4"), (.quicktime, "mpeg4"), (.matroska, "ffv1"), (.avi, "mpeg4")])
    func regular(mediaType: MediaType, codec: String) throws {
        let clip = try Self.numbered(mediaType, codec)
        let each = try clip.scan(.every(0.7))
        #expect(Self.rounded(each.times) == [0, 0.7, 1.4, 2.1, 2.8, 3.5, 4.2])
        #expect(try Self.shown(clip, each) == [0, 7, 14, 21, 28, 35, 42])
        let rate = try Self.numbered(mediaType, codec).scan(.rate(2))
        #expect(Self.rounded(rate.times) == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5])
    }

    @Test("Between two frames the earlier one is shown, and a rate above the video's takes each frame once")
    func between() throws {
        let clip = try Self.numbered()
        let each = try clip.scan(.every(0.25), to: 1.05)
        #expect(try Self.shown(clip, each) == [0, 2, 5, 7, 10])
        let at = try clip.scan(.at([0.39, 0.4, 0.41, 4.69]))
        #expect(try Self.shown(clip, at) == [3, 4, 4, 46])
        #expect(try Self.numbered().scan(.rate(30)).times.count == Self.count)
    }

    @Test("Chosen times are shown in any order, and the last frame stays until the end")
    func anyOrder() throws {
        let clip = try Self.numbered()
        let scan = try clip.scan(.at([3.3, 0, 4.79, 1.2, 1.1]))
        #expect(try Self.shown(clip, scan) == [33, 0, 47, 12, 11])
        #expect(throws: Failure.self) { try scan.show(6) }
    }

    @Test("Key frames are those that were stored whole")
    func keyFrames() throws {
        let clip = try Self.numbered()
        let scan = try clip.scan(.keyFrames)
        #expect(Self.rounded(scan.times) == [0, 1.2, 2.4, 3.6])
        #expect(try Self.shown(clip, scan) == [0, 12, 24, 36])
        #expect(Self.rounded(try Self.numbered().scan(.keyFrames, from: 1, to: 3).times) == [1.2, 2.4])
        // Each frame of a codec without prediction is one.
        #expect(try Self.numbered(.matroska, "ffv1", keyInterval: 1).scan(.keyFrames, to: 0.5).times.count == 6)
    }

    @Test("A part begins and ends where it is told", arguments: [FrameSelection.Choice.every(0.5), .rate(2)])
    func part(choice: FrameSelection.Choice) throws {
        let clip = try Self.numbered()
        let scan = try clip.scan(choice, from: 1.3, to: 3)
        #expect(try Self.shown(clip, scan) == [13, 18, 23, 28])
    }

    @Test("A part of scenes begins with the frame at its start")
    func partOfScenes() throws {
        let frames = (1...4).flatMap { Array(repeating: Picture.slide($0), count: 15) }
        let scan = try Clip().open(frames).scan(.scenes, from: 2, to: 4)
        #expect(Self.rounded(scan.begins) == [2, 3])
    }

    /// Recordings of screens have a frame where something changes, and none between.
    @Test("A frame is shown for as long as it lasts", arguments: [MediaType.mp4, .matroska])
    func lastingFrames(mediaType: MediaType) throws {
        let slides = (1...4).map { Picture.slide($0) }
        func chosen(_ choice: FrameSelection.Choice, from: Double? = nil, to: Double? = nil) throws -> [Double] {
            Self.rounded(try Clip(mediaType: mediaType).open(slides, lasting: 50).scan(choice, from: from, to: to).times)
        }
        #expect(try chosen(.every(4)) == [0, 5, 10, 15])
        #expect(try chosen(.every(4), to: 9) == [0, 5])
        #expect(try chosen(.every(4), from: 7, to: 8) == [5])
        #expect(try chosen(.every(4), from: 17) == [15])
        #expect(try chosen(.rate(0.25), from: 11) == [10, 15])
        #expect(try chosen(.scenes, from: 7) == [5, 10, 15])
        #expect(try chosen(.scenes, from: 7, to: 9) == [5])
        #expect(try chosen(.scenes, from: 17) == [15])
    }

    @Test("What lies after the end is refused with the video's length")
    func afterTheEnd() throws {
        let clip = try Self.numbered()
        for (choice, from) in [(FrameSelection.Choice.scenes, 60.0), (.every(1), 60), (.at([1, 60]), 0)] {
            #expect {
                _ = try clip.scan(choice, from: from)
            } throws: {
                guard let failure = $0 as? Failure else { return false }
                return failure.code == .pageOutOfRange && failure.message.contains("60.0 s") && failure.message.contains("4.8 s")
            }
        }
        #expect { _ = try clip.scan(.at([])) } throws: { ($0 as? Failure)?.code == .invalidArguments }
    }

    @Test("More frames than asked for are thinned out evenly, the first and the last kept")
    func limit() throws {
        let clip = try Self.numbered()
        let scan = try clip.scan(.rate(10), limit: 5)
        #expect(try Self.shown(clip, scan) == [0, 12, 24, 35, 47])
        #expect(try Self.numbered().scan(.rate(10), limit: 1).times == [0])
    }

    @Test("Thinning keeps order, ends and number", arguments: 0..<200)
    func thinning(seed: Int) {
        var chance = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 1...500, using: &chance), limit = Int.random(in: 1...100, using: &chance)
        let thin = KeptFrames.thinned(Array(0..<count), to: limit)
        #expect(thin.count == min(count, limit) && thin.first == 0, "seed \(seed)")
        #expect(limit == 1 || thin.last == count - 1, "seed \(seed)")
        let gaps = zip(thin, thin.dropFirst()).map { $1 - $0 }
        #expect((gaps.min() ?? 1) >= 1 && (gaps.max() ?? 1) - (gaps.min() ?? 1) <= 1, "seed \(seed): \(gaps)")
    }
}
