import QdocCore
import QdocTesting
import Testing

@testable import QdocVideo

/// What becomes of scenes in whole clips.
@Suite("Scenes of a video", .timeLimit(.minutes(1)))
struct SceneTests {
    /// So many frames of each picture.
    private static func still(_ pictures: [Picture], _ count: Int = 15) -> [Picture] {
        pictures.flatMap { Array(repeating: $0, count: count) }
    }

    private static func begins(_ frames: [Picture], in mediaType: MediaType = .mp4) throws -> [Double] {
        try Clip(mediaType: mediaType).open(frames).scan(.scenes).begins
    }

    private static func isNear(_ found: [Double], _ wanted: [Double], within: Double) -> Bool {
        found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) <= within }
    }

    @Test("One frame stands for each slide, and its scene begins where the slide came", arguments: [MediaType.mp4, .matroska, .avi])
    func cuts(mediaType: MediaType) throws {
        let frames = Self.still([.slide(1)], 17) + Self.still([.slide(2)], 9) + Self.still([.slide(3)], 20)
        let begins = try Self.begins(frames, in: mediaType)
        #expect(Self.isNear(begins, [0, 1.7, 2.6], within: 0.001), "\(begins)")
    }

    @Test("Text that changes in a layout that stays is a scene")
    func smallChange() throws {
        let first = Picture.slide(4)
        var second = first
        second.fill(40..<280, 80..<110, luma: 30)
        let begins = try Self.begins(Self.still([first, second]))
        #expect(Self.isNear(begins, [0, 1.5], within: 0.001), "\(begins)")
    }

    @Test("A change that takes its time is one scene, of the picture it comes to", arguments: [5, 10, 15])
    func gradualChanges(steps: Int) throws {
        let slides = (1...3).map { Picture.slide($0 + 10) }
        let shares = (1..<steps).map { Double($0) / Double(steps) }
        let frames =
            Self.still([slides[0]], 25) + shares.map { slides[0].mixed(with: slides[1], share: $0) } + Self.still([slides[1]], 25)
            + shares.map { slides[1].wiped(to: slides[2], share: $0) } + Self.still([slides[2]], 25)
        let clip = try Clip().open(frames)
        let scan = try clip.scan(.scenes)
        #expect(scan.times.count == 3, "\(scan.times)")
        for (number, slide) in slides.enumerated() where number < scan.times.count {
            try scan.show(number + 1)
            let own = try #require(clip.file.look())
            let pure = try Clip().open([slide])
            _ = try pure.file.next()
            #expect(own.difference(from: try #require(pure.file.look())).area < 0.01, "frame \(number + 1) shows a mixture")
        }
    }

    @Test("A fade through black is one scene, and the black is none")
    func fade() throws {
        let black = Picture(Clip.size, luma: 16)
        let shares = (1...4).map { Double($0) / 5 }
        let frames =
            Self.still([.slide(5)], 25) + shares.map { Picture.slide(5).mixed(with: black, share: $0) } + Self.still([black], 8)
            + shares.map { black.mixed(with: Picture.slide(6), share: $0) } + Self.still([.slide(6)], 25)
        let scan = try Clip().open(frames).scan(.scenes)
        #expect(scan.times.count == 2, "\(scan.times)")
    }

    @Test("A flash is no scene, and light that flickers neither")
    func flashes() throws {
        var frames = Self.still([.slide(7)], 40)
        let bright = Picture.slide(7).mixed(with: Picture(Clip.size, luma: 254), share: 0.8)
        for number in [12, 13, 27] { frames[number] = bright }
        #expect(try Self.begins(frames) == [0])
        let dim = Picture.slide(7).mixed(with: Picture(Clip.size, luma: 16), share: 0.04)
        #expect(try Self.begins((0..<40).map { $0 % 3 == 0 ? dim : .slide(7) }) == [0])
    }

    @Test("A slide that was seen before is left out")
    func repeated() throws {
        let scan = try Clip().open(Self.still([.slide(1), .slide(2), .slide(1), .slide(3), .slide(2)])).scan(.scenes)
        #expect(Self.isNear(scan.begins, [0, 1.5, 4.5], within: 0.001), "\(scan.begins)")
    }

    @Test("A video that shows nothing has its first frame")
    func blank() throws {
        #expect(try Clip().open(Self.still([Picture(Clip.size, luma: 16)])).scan(.scenes).times == [0])
    }

    @Test("A slide that comes blurred and gets sharp is shown sharp")
    func sharpening() throws {
        var sharp = Picture.slide(9)
        // Letters.
        for x in stride(from: 30, to: 290, by: 5) { sharp.fill(x..<x + 2, 60..<120, luma: 40) }
        var frames = Self.still([.slide(8)])
        for reach in [4, 4, 3, 3, 2, 1] { frames.append(sharp.blurred(by: reach)) }
        frames += Self.still([sharp], 20)
        let scan = try Clip().open(frames).scan(.scenes)
        #expect(scan.times.count == 2)
        #expect(try #require(scan.times.last) >= 1.9, "\(scan.times)")
    }

    @Test("Two slides that follow each other quickly are two, and the sharper of them does not stand for both")
    func quick() throws {
        var bare = Picture(Clip.size)
        bare.fill(20..<300, 30..<60, luma: 80)
        let scan = try Clip().open(Self.still([bare], 7) + Self.still([.slide(21)], 20)).scan(.scenes)
        #expect(Self.isNear(scan.begins, [0, 0.7], within: 0.001), "\(scan.begins)")
        #expect(try #require(scan.times.first) < 0.7, "\(scan.times)")
    }

    @Test("A slow movement is no scene")
    func movement() throws {
        let frames = (0..<60).map { number in
            var picture = Picture(Clip.size, luma: 200)
            // Ten grey bars that move by a pixel each frame.
            for bar in 0..<10 { picture.fill(bar * 32 + number / 2..<bar * 32 + number / 2 + 10, 20..<160, luma: 90) }
            return picture
        }
        #expect(try Self.begins(frames) == [0])
    }
}
