import QdocCore
import Testing

@testable import QdocVideo

/// What a container says of how its frames are displayed.
@Suite("Shapes of a video")
struct ShapeTests {
    private static let size = PixelSize(width: 96, height: 64)

    /// Each quarter has a tone of its own: 40 and 90 above, 150 and 220 below.
    private static func quarters() -> Picture {
        var picture = Picture(size, luma: 40)
        picture.fill(48..<96, 0..<32, luma: 90)
        picture.fill(0..<48, 32..<64, luma: 150)
        picture.fill(48..<96, 32..<64, luma: 220)
        return picture
    }

    /// The tones of a drawn frame's quarters as displayed, row by row, as luma.
    private static func tones(_ drawn: PixelBuffer) -> [Int] {
        [(1, 1), (3, 1), (1, 3), (3, 3)].map { x, y in
            let grey = drawn.colour(drawn.width * x / 4, drawn.height * y / 4)[1]
            let luma = Double(grey) * 219 / 255 + 16
            return [40, 90, 150, 220].min { abs(Double($0) - luma) < abs(Double($1) - luma) } ?? 0
        }
    }

    @Test(
        "Frames are turned and mirrored as the container says",
        arguments: [
            (0, false, [40, 90, 150, 220]), (1, false, [150, 40, 220, 90]), (2, false, [220, 150, 90, 40]), (3, false, [90, 220, 40, 150]),
            (0, true, [90, 40, 220, 150]), (1, true, [220, 90, 150, 40]), (2, true, [150, 220, 40, 90]), (3, true, [40, 150, 90, 220]),
        ])
    func turned(quarterTurns: Int, isMirrored: Bool, tones: [Int]) throws {
        let clip = try Clip(quarterTurns: quarterTurns, isMirrored: isMirrored).open([Self.quarters()])
        _ = try clip.file.next()
        let isOnItsSide = quarterTurns % 2 == 1
        #expect(clip.file.facts.size == PixelSize(width: isOnItsSide ? 64 : 96, height: isOnItsSide ? 96 : 64))
        #expect(Self.tones(try clip.draw()) == tones)
        // A part is a part of what is displayed.
        let size = clip.file.facts.size
        let corner = Box(x: Double(size.width) / 2, y: 0, width: Double(size.width) / 2, height: Double(size.height) / 2)
        #expect(Set(Self.tones(try clip.draw(corner, size: PixelSize(width: 40, height: 40)))) == [tones[1]])
        if !isMirrored { #expect(clip.file.facts.rotation == quarterTurns * 90) }
    }

    @Test(
        "Pixels that are not square make a wider or a higher picture, turned or not, and none of them is lost",
        arguments: [
            ((4, 3), 0, PixelSize(width: 128, height: 64)), ((3, 4), 0, PixelSize(width: 96, height: 85)),
            ((4, 3), 1, PixelSize(width: 64, height: 128)), ((1, 1), 0, PixelSize(width: 96, height: 64)),
            ((100, 1), 0, PixelSize(width: 96, height: 64)),
        ])
    func anamorphic(aspect: (Int, Int), quarterTurns: Int, size: PixelSize) throws {
        let clip = try Clip(quarterTurns: quarterTurns, aspect: aspect).open([Self.quarters()])
        _ = try clip.file.next()
        #expect(clip.file.facts.size == size)
        #expect(Set(Self.tones(try clip.draw())) == [40, 90, 150, 220])
    }

    @Test("Sides of any size are drawn to their last pixel", arguments: [(1, 1), (3, 5), (97, 63), (15, 16), (33, 1)])
    func oddSides(width: Int, height: Int) throws {
        let size = PixelSize(width: width, height: height)
        let clip = try Clip(mediaType: .matroska, codec: "ffv1").open([Picture(size, luma: 126)])
        _ = try clip.file.next()
        #expect(clip.file.facts.size == size)
        for target in [size, PixelSize(width: 50, height: 41)] {
            let drawn = try clip.draw(size: target)
            let corners = [(0, 0), (target.width - 1, 0), (0, target.height - 1), (target.width - 1, target.height - 1)]
            for (x, y) in corners { #expect(drawn.colour(x, y).allSatisfy { (127...129).contains($0) }, "\(target) at \(x), \(y)") }
        }
    }

    @Test("Colours are those of BT.601 where nothing else is said", arguments: [(81, 90, 240, [255, 0, 0]), (145, 54, 34, [0, 255, 0])])
    func colours(luma: UInt8, blue: UInt8, red: UInt8, colour: [Int]) throws {
        let clip = try Clip(mediaType: .matroska, codec: "ffv1").open([Picture(Self.size, luma: luma, blue: blue, red: red)])
        _ = try clip.file.next()
        let drawn = try clip.draw().colour(40, 30)
        #expect(zip(drawn, colour).allSatisfy { abs($0 - $1) <= 2 }, "\(drawn)")
    }

    @Test("Sizes that no image has are refused, and a region outside of the frame")
    func refused() throws {
        let clip = try Clip().open([Self.quarters()])
        _ = try clip.file.next()
        for size in [PixelSize(width: 0, height: 10), PixelSize(width: 10, height: 10_001)] {
            #expect { _ = try clip.draw(size: size) } throws: { ($0 as? Failure)?.code == .pageTooLarge }
        }
        #expect {
            _ = try clip.draw(Box(x: 200, y: 0, width: 10, height: 10))
        } throws: {
            ($0 as? Failure)?.code == .invalidArguments
        }
    }
}
