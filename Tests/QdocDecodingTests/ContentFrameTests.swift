import QdocCore
import Testing

@testable import QdocDecoding

@Suite struct ContentFrameTests {
    static let content = PageContent(
        words: [
            Word(text: "Umsatz", box: Box(x: 1, y: 2, width: 30.25, height: 9), fontSize: 9.5, isBold: true),
            Word(text: "利益", box: Box(x: -4, y: 0, width: 0, height: 0), direction: .up, spaceAfter: false, source: .ocr),
        ],
        rulings: [Ruling(start: Point(x: 0, y: 7), end: Point(x: 100, y: 7), thickness: 0.5)],
        paths: [
            VectorPath(
                subpaths: [[Point(x: 1, y: 1), Point(x: 2, y: 2.000001)], []], isClosed: [true, false],
                fill: Color(red: 1, green: 2, blue: 3), lineWidth: 2, isDashed: true),
            VectorPath(subpaths: [], isClosed: [], stroke: Color(red: 255, green: 0, blue: 9)),
        ],
        pictures: [Box(x: 0, y: 0, width: 5, height: 6)])

    @Test("Reads back exactly what was written")
    func roundTrips() throws {
        #expect(try ContentFrame.decode(ContentFrame.encode(Self.content)) == Self.content)
        #expect(try ContentFrame.decode(ContentFrame.encode(PageContent())) == PageContent())
    }

    @Test("Refuses a frame that is cut anywhere")
    func refusesCuts() throws {
        let bytes = try ContentFrame.encode(Self.content)
        for count in 0..<bytes.count {
            #expect(throws: Failure.self) { try ContentFrame.decode(Array(bytes[..<count])) }
        }
        #expect(throws: Failure.self) { try ContentFrame.decode(bytes + [0]) }
    }

    @Test("Ends with content or a typed failure whatever byte is changed")
    func survivesChanges() throws {
        let bytes = try ContentFrame.encode(Self.content)
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var changed = bytes
                changed[index] = value
                do throws(Failure) {
                    let content = try ContentFrame.decode(changed)
                    #expect(content.words.count == 2)
                } catch {
                    #expect(error.code == .decoderProtocol)
                }
            }
        }
    }

    @Test("Refuses counts that are far beyond the bytes", arguments: 0..<6)
    func refusesCounts(index: Int) {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(index * 4..<index * 4 + 4, with: [0xFF, 0xFF, 0xFF, 0x7F])
        #expect(throws: Failure.self) { try ContentFrame.decode(bytes) }
    }

    @Test("Leaves out what has no place on any page", arguments: [Double.nan, .infinity, -1e9])
    func leavesOut(coordinate: Double) throws {
        let content = PageContent(
            words: [Word(text: "a", box: Box(x: coordinate, y: 0, width: 1, height: 1))],
            rulings: [Ruling(start: Point(x: 0, y: coordinate), end: Point(x: 1, y: 1), thickness: 1)],
            paths: [VectorPath(subpaths: [[Point(x: coordinate, y: 0)]], isClosed: [false])],
            pictures: [Box(x: 0, y: 0, width: coordinate, height: 1)])
        #expect(try ContentFrame.decode(ContentFrame.encode(content)) == PageContent())
    }

    @Test("Refuses a number that is no number, a negative width and a text that is not UTF-8")
    func refusesBadValues() throws {
        let word = PageContent(words: [Word(text: "é", box: Box(x: 0, y: 0, width: 1, height: 1))])
        let bytes = try ContentFrame.encode(word)
        func changed(at offset: Int, to value: [UInt8]) -> [UInt8] {
            var bytes = bytes
            bytes.replaceSubrange(offset..<offset + value.count, with: value)
            return bytes
        }
        func written(_ value: Double) -> [UInt8] {
            var writer = WireWriter()
            writer.put(value)
            return writer.bytes
        }
        // 28 bytes of counts, 2 of the text's length, 2 of text, then x, y, width, height.
        for value in [Double.nan, .infinity, 1e8] {
            #expect(throws: Failure.self) { try ContentFrame.decode(changed(at: 32, to: written(value))) }
        }
        #expect(throws: Failure.self) { try ContentFrame.decode(changed(at: 32 + 16, to: written(-1))) }
        #expect(throws: Failure.self) { try ContentFrame.decode(changed(at: 30, to: [0xFF])) }
    }
}
