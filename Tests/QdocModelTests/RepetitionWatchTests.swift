import QdocCore
import QdocTesting
import Testing

@testable import QdocModel

@Suite("A model that repeats itself") struct RepetitionWatchTests {
    /// Bytes after which the loop was noticed, the text being given in pieces as models do; nil where it was not.
    private func noticed(_ text: String, isThought: Bool = false) -> Int? {
        var watch = RepetitionWatch(isThought: isThought)
        var rest = Substring(text)
        var count = 0
        while !rest.isEmpty {
            let piece = String(rest.prefix(3))
            rest = rest.dropFirst(3)
            count += piece.utf8.count
            if watch.take(piece) { return count }
        }
        return nil
    }

    private static let start = "The first page shows a bar chart with six bars, two of which are labelled. "

    static let loops: [(String, Bool)] = [
        ("Wait, let me check the total again. ", true), ("Wait, \"Total\" is 48.60 and not 48.06 then. ", true),
        ("So the bar for 2021 is 118.\nNo, that is the bar for 2020. Let me look at the axis again.\n\n", true), ("让我再看一遍。\n", true),
        ("The total is five. ", false), ("0", false), ("\n", false), ("\n  \t", false), (".", false), ("ha", false), ("北京", false),
    ]

    @Test("is noticed before 3,000 bytes of a word or a sentence", arguments: loops)
    func sentences(unit: String, isThought: Bool) throws {
        let count = try #require(noticed(Self.start + String(repeating: unit, count: 20_000 / unit.utf8.count), isThought: isThought))
        #expect(count < 3_000)
        #expect(noticed(Self.start + String(repeating: unit, count: 1_900 / unit.utf8.count) + "Done, and on with the next page.") == nil)
    }

    @Test(
        "is noticed within 25,000 bytes of cells and records",
        arguments: ["0, ", "{\"label\":\"n/a\",\"value\":null},", "| 0.0 ", "[\"\",\"\"],\n"])
    func cells(unit: String) throws {
        let count = try #require(noticed(Self.start + String(repeating: unit, count: 40_000 / unit.utf8.count)))
        #expect((24_000..<25_000).contains(count))
    }

    static let documents: [String] = [
        // An empty form of 60 rows and 12 columns, and tables of zeros.
        String(repeating: #"["","","","","","","","","","","",""],"# + "\n", count: 60),
        String(repeating: "{\"text\":\"\",\"value\":null},", count: 720), String(repeating: "0.0, ", count: 2_000),
        String(repeating: "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0],\n", count: 300),
        String(repeating: "\"not applicable to this company\", ", count: 100),
        // A page of contents, rules and rows of dots.
        (1...80).map { "Chapter \($0) " + String(repeating: ".", count: 100) + " \($0 * 7)\n" }.joined(),
        String(repeating: "-", count: 400),
        (1...80).map { "Chapter \($0) " + String(repeating: ". ", count: 60) + "\($0 * 7)\n" }.joined(),
        // A long table whose rows differ by little.
        (1...4_000).map { "{\"year\":\($0),\"value\":0,\"unit\":\"EUR\"}," }.joined(),
        String(repeating: "<tr><td>0</td><td>0</td></tr>", count: 400), String(repeating: "0\t0\t0\t0\n", count: 1_000),
        // A paragraph that stands in three places.
        String(repeating: "This report was drawn up under the rules of the house and has been looked at by nobody. ", count: 7),
    ]

    @Test("is not confused with a document that does", arguments: documents)
    func innocent(text: String) {
        #expect(noticed(Self.start + text) == nil)
        #expect(noticed(Self.start + text + "\n" + Self.start) == nil)
    }

    @Test("numbers of a long table never are a loop")
    func numbers() {
        var generator = SeededGenerator(seed: 7)
        let text = (0..<20_000).map { _ in "\(Int.random(in: 0..<3, using: &generator))," }.joined()
        #expect(noticed(text) == nil)
    }

    @Test("ends the stream with what came before it")
    func ends() {
        let frames = Array(repeating: delta(#""reasoning_content":"Wait, let me check the total again. ""#), count: 400)
        let decoded = Decoded(frames.map { Array("data: \($0)\n\n".utf8) })
        #expect(decoded.code == .answerRepeats)
        #expect(decoded.failure?.billing == .unknown)
        #expect(decoded.failure?.isRetriable == false)
        #expect((2_000..<3_000).contains(decoded.reasoning.utf8.count))
        #expect(decoded == Decoded([Array(frames.map { "data: \($0)\n\n" }.joined().utf8)]))
    }
}
